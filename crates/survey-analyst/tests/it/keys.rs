use std::fs;

use crate::common::{desk::Desk, run};

#[test]
fn a_new_key_pair_is_for_its_owner_and_is_never_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let made = run(folder.path(), "keys new --out analyst.key --label Team").code(0).out_has(&[
        "Keep it offline",
        "two copies",
        "nobody can ever\nopen the answers",
    ]);
    let kid = made.out.split_whitespace().nth(2).unwrap().to_owned();
    assert_eq!(kid.len(), 16);

    #[cfg(unix)]
    assert_eq!(crate::common::mode(&at("analyst.key")), 0o600);
    let secret = fs::read_to_string(at("analyst.key")).unwrap();
    assert!(secret.starts_with("SSP-SECRET-KEY-1:") && secret.ends_with('\n'));
    let public: serde_json::Value =
        serde_json::from_slice(&fs::read(at("analyst.pub.json")).unwrap()).unwrap();
    assert_eq!(public["kid"], kid);
    assert_eq!(public["label"], "Team");
    assert_eq!(public["key"].as_str().unwrap().len(), 1622);

    run(folder.path(), "keys new --out analyst.key").code(1).err_has(&["analyst.pub.json: exists"]);
    fs::remove_file(at("analyst.pub.json")).unwrap();
    run(folder.path(), "keys new --out analyst.key")
        .code(1)
        .err_has(&["analyst.key", "nothing was overwritten"]);
    assert_eq!(fs::read_to_string(at("analyst.key")).unwrap(), secret);
    assert!(!at("analyst.pub.json").exists());

    let shown = run(folder.path(), "keys show analyst.key --label Team").code(0).err_has(&[&kid]);
    let shown: serde_json::Value = serde_json::from_str(&shown.out).unwrap();
    assert_eq!(shown, public);
    run(folder.path(), "keys check analyst.key").code(0).out_has(&["works", &kid]);
}

#[test]
fn two_new_keys_differ() {
    let folder = tempfile::tempdir().unwrap();
    run(folder.path(), "keys new --out a.key").code(0);
    run(folder.path(), "keys new --out b.key").code(0);
    let read = |name| fs::read_to_string(folder.path().join(name)).unwrap();
    assert_ne!(read("a.key"), read("b.key"));
}

#[test]
fn a_broken_key_is_refused_without_being_shown() {
    let desk = Desk::bare();
    let good = desk.read("analyst.key");
    let seed = good.split(':').nth(1).unwrap();
    for (name, text, expected) in [
        ("mistyped", good.replacen(seed, &seed.replacen('Q', "R", 1), 1), "typing mistake"),
        ("cut", good[..40].to_owned(), "not whole"),
        ("public", desk.read("analyst.pub.json"), "no secret key"),
        ("empty", String::new(), "no secret key"),
        ("newer", good.replacen("KEY-1", "KEY-2", 1), "newer"),
    ] {
        desk.write("bad.key", &text);
        let ran = desk.run("keys check bad.key").code(1).err_has(&["bad.key", expected]);
        assert!(!ran.err.contains(&seed[8..24]), "{name}: {ran:?}");
    }
    desk.write("bad.key", [0xff, 0xfe]);
    desk.run("keys check bad.key").code(1).err_has(&["no text file"]);
    desk.run("keys check absent.key").code(1).err_has(&["absent.key", "check the spelling"]);
}

#[cfg(unix)]
#[test]
fn a_key_that_others_can_read_is_told() {
    use std::os::unix::fs::PermissionsExt as _;
    let desk = Desk::bare();
    fs::set_permissions(desk.path("analyst.key"), fs::Permissions::from_mode(0o644)).unwrap();
    desk.run("keys check analyst.key").code(0).err_has(&["others", "chmod 600 analyst.key"]);
}
