use clap::Parser;

use super::*;

#[derive(Parser)]
struct Cli {
    #[command(flatten)]
    settings: Settings,
}

fn flags(flags: &str) -> Settings {
    let args = std::iter::once("survey-collector").chain(flags.split_whitespace());
    Cli::try_parse_from(args).unwrap().settings
}

#[track_caller]
fn refused(given: &str, expected: &str) {
    let message = flags(given).check().unwrap_err().to_string();
    assert!(message.contains(expected), "`{given}`: {message}");
}

#[test]
fn defaults_are_safe_and_work_on_one_machine() {
    let config = flags("").check().unwrap();
    assert_eq!(config.listen.to_string(), "127.0.0.1:8080");
    assert_eq!(config.admin_listen.to_string(), "127.0.0.1:9090");
    assert_eq!(config.public_url, None);
    assert_eq!(config.database, Path::new("views.sqlite"));
    assert_eq!(config.site, Path::new("dist"));
    assert_eq!(config.partners, Partners::Nobody);
    assert!(!config.admin_any_host);
}

#[test]
fn flags_beat_the_file() {
    let file: Settings = toml::from_str(
        r#"
        listen = "127.0.0.1:1"
        public-url = "https://file.example"
        partner = ["https://file.example"]
        site = "file"
        admin-insecure-anywhere = true
        "#,
    )
    .unwrap();
    let config = flags("--listen 127.0.0.1:2 --partner https://a.example,https://b.example --partner https://c.example")
        .or(file)
        .check()
        .unwrap();
    assert_eq!(config.listen.port(), 2);
    assert_eq!(config.public_url.unwrap().as_str(), "https://file.example");
    assert_eq!(config.site, Path::new("file"));
    assert!(config.admin_any_host);
    assert_eq!(
        config.partners.to_string(),
        "https://a.example https://b.example https://c.example"
    );
}

#[test]
fn an_empty_partner_is_nobody() {
    // As `VIEWS_PARTNER=` in an environment file, or `--partner ''`.
    let given = |partner: &str| {
        Cli::try_parse_from(["survey-collector", "--partner", partner]).unwrap().settings
    };
    let file: Settings = toml::from_str("partner = [\"https://file.example\"]").unwrap();
    assert_eq!(given("").or(file).check().unwrap().partners, Partners::Nobody);
    let partners = given("https://a.example,").check().unwrap().partners;
    assert_eq!(partners.to_string(), "https://a.example");
    let file: Settings = toml::from_str("partner = []").unwrap();
    assert_eq!(file.check().unwrap().partners, Partners::Nobody);
}

#[test]
fn the_log_can_be_set_like_the_rest() {
    let file: Settings = toml::from_str("log = \"warn\"").unwrap();
    assert_eq!(file.log, Some(LogLevel::Warn));
    assert_eq!(flags("--log error").or(file).log, Some(LogLevel::Error));
    assert_eq!(flags("").log.unwrap_or_default(), LogLevel::Info);
}

#[test]
fn a_file_that_sets_what_there_is_not_is_refused_with_the_name() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("views.toml");
    std::fs::write(&path, "listn = \"127.0.0.1:1\"").unwrap();
    let message = Settings::from_file(&path).unwrap_err().to_string();
    assert!(message.contains("views.toml") && message.contains("`listn`"), "{message}");
    assert!(message.contains("`listen`") && message.contains("--help"), "{message}");
    std::fs::write(&path, "public-url = \"https://forms.example/\"").unwrap();
    let message = Settings::from_file(&path).unwrap_err().to_string();
    assert!(message.contains("no slash at the end"), "{message}");
    let message = Settings::from_file(&folder.path().join("none")).unwrap_err().to_string();
    assert!(message.starts_with("cannot read"), "{message}");
}

#[test]
fn the_export_stays_on_this_machine_unless_told_twice() {
    refused("--admin-listen 0.0.0.0:9090", "--admin-insecure-anywhere");
    refused("--admin-listen [::]:9090", "--admin-insecure-anywhere");
    refused("--admin-listen 192.168.1.5:9090", "--admin-insecure-anywhere");
    refused(
        "--admin-listen 0.0.0.0:9090 --admin-insecure-anywhere=false",
        "--admin-insecure-anywhere",
    );
    assert!(flags("--admin-listen [::1]:9090").check().is_ok());
    assert!(flags("--admin-listen 127.0.0.2:9090").check().is_ok());
    let config = flags("--admin-listen 0.0.0.0:9090 --admin-insecure-anywhere").check().unwrap();
    assert!(config.admin_any_host);
}

#[test]
fn any_address_needs_a_public_one() {
    refused("--listen 0.0.0.0:8080", "--public-url");
    assert!(flags("--listen 0.0.0.0:8080 --public-url https://forms.example").check().is_ok());
}

#[test]
fn databases_are_sqlite_files() {
    let file = |database: &str| flags(&format!("--database {database}")).check();
    for spelling in ["data/v.sqlite", "sqlite:data/v.sqlite", "sqlite://data/v.sqlite"] {
        assert_eq!(file(spelling).unwrap().database, Path::new("data/v.sqlite"));
    }
    assert_eq!(file("sqlite:///srv/v.sqlite").unwrap().database, Path::new("/srv/v.sqlite"));
    for other in [
        "postgres://localhost/views",
        ":memory:",
        "sqlite::memory:",
        "sqlite:",
        "v.sqlite?mode=memory",
    ] {
        assert!(matches!(file(other), Err(ConfigError::Database)), "`{other}`");
    }
}
