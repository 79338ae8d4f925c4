//! The files of this project's own `locales/`.

use std::path::Path;

use survey_locales::{Locales, Source};

const ENGLISH: &[u8] = include_bytes!("../../../locales/en.json");

fn folder() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../locales"))
}

#[test]
fn every_file_fits_the_english_one() {
    let source = Source::parse(ENGLISH).unwrap_or_else(|faults| panic!("en.json: {faults:?}"));
    if let Err(faults) = Locales::read(source, folder()) {
        panic!("{}", faults.join("\n"));
    }
}

/// In an order of their own, so that a folder tells all that is wrong at once.
#[test]
fn a_folder_says_which_file_is_wrong() {
    let source = Source::parse(ENGLISH).expect("tested above");
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| {
        std::fs::write(folder.path().join(name), text).expect("it can be written");
    };
    write("en.json", "not read: it comes with the program");
    write("README.md", "not read");
    write(
        "pt.json",
        r#"{"format":1,"language":"pt","name":"Português","reviewed":true,"sentences":{}}"#,
    );
    let locales = Locales::read(source.clone(), folder.path()).expect("nothing is wrong");
    let names = |tag| locales.find(tag).map(|locale| locale.name().to_owned());
    assert_eq!(names("pt-BR").as_deref(), Some("Português"));
    assert_eq!(names("pl"), None);

    write("cy.json", "{}");
    write(
        "pl.json",
        r#"{"format":1,"language":"cs","name":"Česky","reviewed":true,"sentences":{}}"#,
    );
    let faults = Locales::read(source, folder.path()).expect_err("two are wrong");
    assert_eq!(faults.len(), 2, "{faults:?}");
    assert!(faults[0].starts_with("cy.json: missing field"), "{faults:?}");
    assert!(faults[1].starts_with("pl.json: `language` is `cs`"), "{faults:?}");
}
