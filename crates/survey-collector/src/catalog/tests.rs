use super::*;

fn partners(list: &str) -> Result<Partners, ParseError> {
    list.split_whitespace().map(str::parse::<Partner>).collect()
}

#[track_caller]
fn check(list: &str, sources: &str) {
    assert_eq!(partners(list).unwrap().to_string(), sources, "`{list}`");
}

#[test]
fn partners_become_frame_ancestors() {
    check("", "'none'");
    check("*", "*");
    check("https://a.example https://b.example:8443", "https://a.example https://b.example:8443");
    check("https://a.example *", "*");
    assert!(partners("a.example").is_err());
    assert!(partners("https://a.example/page").is_err());
}

fn manifest(json: &str) -> Manifest {
    Manifest::parse(json.as_bytes()).unwrap()
}

#[test]
fn a_page_may_connect_to_where_its_own_answers_go() {
    let def = "A".repeat(43);
    let manifest = manifest(&format!(
        r#"{{"surveys":[
            {{"id":"a","page":"e40c292c","definitions":["{def}"],
              "submit":["https://forms.example","https://relay.example"]}},
            {{"id":"foobar","page":"bf9cf968","definitions":["{def}"],"submit":["https://other.example"]}}
        ],"inline":{{
            "script":["sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng="],
            "style":["sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
                     "sha256-AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="]}}}}"#
    ));
    let public = "https://forms.example".parse().unwrap();
    let partners = partners("https://police.example").unwrap();
    let catalog = Catalog::new(manifest, &public, &partners);
    let policy = |page: Option<&str>| {
        let policy = catalog.policy(page.map(|page| page.parse().unwrap()))?;
        Some(policy.to_str().unwrap().to_owned())
    };
    let a = "default-src 'none'; script-src https://forms.example 'wasm-unsafe-eval' \
             'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='; \
             style-src 'sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=' \
             'sha256-AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA='; img-src data:; \
             connect-src https://forms.example https://relay.example; base-uri 'none'; \
             form-action 'none'; frame-ancestors https://police.example; \
             require-trusted-types-for 'script'; trusted-types 'none'; sandbox allow-scripts allow-popups allow-popups-to-escape-sandbox";
    assert_eq!(policy(None).as_deref(), Some(a), "the first survey has the page without a code");
    assert_eq!(policy(Some("e40c292c")).as_deref(), Some(a));
    let other = policy(Some("bf9cf968")).unwrap();
    assert!(other.contains("connect-src https://forms.example https://other.example;"), "{other}");
    assert_eq!(policy(Some("00000000")), None);
}

#[test]
fn without_surveys_there_is_no_page() {
    let public = "https://forms.example".parse().unwrap();
    let catalog = Catalog::new(Manifest::default(), &public, &Partners::Anybody);
    assert_eq!(catalog.policy(None), None);
}

#[tokio::test]
async fn a_site_that_cannot_be_served_says_what_to_run() {
    let folder = tempfile::tempdir().unwrap();
    let site = folder.path().join("dist");
    let shown = site.display().to_string();
    let message = async || check_site(&site).await.unwrap_err().to_string();
    assert_eq!(
        message().await,
        format!(
            "there is no built site in {shown}; build it with: cargo xtask publish --out {shown} \
             --recipient KEY.pub.json --submit URL"
        )
    );
    std::fs::create_dir(&site).unwrap();
    assert_eq!(
        message().await,
        format!(
            "{shown} has no index.html; write the pages with: cargo xtask pages --site {shown}, or \
             build the site with: cargo xtask publish"
        )
    );
    std::fs::write(site.join("index.html"), "").unwrap();
    assert_eq!(
        message().await,
        format!("{shown} has no surveys.json; build the site with: cargo xtask publish")
    );
    std::fs::write(site.join("surveys.json"), "{}").unwrap();
    assert_eq!(check_site(&site).await.unwrap(), b"{}");
}
