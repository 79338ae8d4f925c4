//! What may become a site, and what may not.

use super::*;

#[test]
fn a_page_may_not_hold_what_its_policy_blocks() {
    for (html, expected) in [
        (r#"<script type="module" src="/start.js" data-glue="/v.js"></script>"#, None),
        (r#"<script type="application/json">{}</script>"#, None),
        (r#"<link rel="stylesheet" href="/views.css">"#, None),
        ("<script>alert(1)</script>", Some("<script>")),
        (r#"<script src="/a.js"></script><SCRIPT type="module">"#, Some("<script>")),
        ("<style>p{}</style>", Some("<style>")),
    ] {
        assert_eq!(inline_element(html), expected, "row `{html}`");
    }
}

#[test]
fn the_template_has_a_place_for_each_mention_of_the_definition() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let index = folder.path().join("index.html");
    fs::write(&index, r#"<link href="/definition.json"><p id="/definition.json">"#)?;
    make_template(folder.path())?;
    let template = fs::read_to_string(folder.path().join("template.html"))?;
    assert_eq!(template, r#"<link href="__DEFINITION__"><p id="__DEFINITION__">"#);
    assert!(!index.exists());

    fs::write(&index, "<p>")?;
    assert!(make_template(folder.path()).is_err());
    Ok(())
}

#[test]
fn names_tell_a_bystander_nothing() {
    assert_eq!(telling_word("views-0123_bg.wasm"), None);
    assert_eq!(telling_word("s/Victim-Voice/index.html"), Some("victim"));
}

#[test]
fn only_a_site_is_replaced() -> Result<()> {
    let folder = tempfile::tempdir()?;
    assert!(check_replaceable(&folder.path().join("new")).is_ok());
    assert!(check_replaceable(folder.path()).is_ok());
    fs::write(folder.path().join("thesis.txt"), "")?;
    assert!(check_replaceable(folder.path()).is_err());
    fs::write(folder.path().join("surveys.json"), "{}")?;
    assert!(check_replaceable(folder.path()).is_ok());
    Ok(())
}

#[test]
fn what_was_published_before_is_kept() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let (old, new) = (folder.path().join("old"), folder.path().join("new"));
    fs::create_dir_all(old.join("d"))?;
    fs::write(old.join("surveys.json"), "{}")?;
    fs::write(old.join("d/abc.json"), "{}")?;
    fs::write(old.join("d/abc.json.br"), "")?;
    fs::write(old.join("index.html"), "")?;
    keep_published(&old, &new)?;
    assert_eq!(workspace::files_below(&new)?, ["d/abc.json", "surveys.json"]);
    Ok(())
}

#[test]
fn a_page_that_partners_link_to_is_not_dropped() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let (old, new) = (folder.path().join("old"), folder.path().join("new"));
    fs::create_dir_all(old.join("s/48b33f92"))?;
    fs::write(old.join("s/48b33f92/index.html"), "")?;
    fs::create_dir_all(&new)?;
    assert!(check_pages_kept(&old, &new).is_err());
    fs::create_dir_all(new.join("s/48b33f92"))?;
    fs::write(new.join("s/48b33f92/index.html"), "")?;
    check_pages_kept(&old, &new)
}
