//! Which sources a site was built from.
//!
//! Documents are drawn by the same code as the program that takes them over, and hold what only that
//! program reads. So pages are written anew by the sources of the site's program, or not at all.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, bail};

use crate::workspace;

/// Beside the template, and served as little: see the collector.
const NOTE: &str = "template.html.sources";

/// What documents and program are made of.
const FOLDERS: [&str; 5] = [
    "src",
    "crates/survey-core/src",
    "crates/survey-locales/src",
    "crates/survey-wire/src",
    "crates/survey-seal-request/src",
];

/// Which sentences there are, and the English ones. Translations may change from one day to the next.
const ENGLISH: &str = "locales/en.json";

/// And in which versions they use what others wrote.
const LOCK: &str = "Cargo.lock";

/// Notes in a site what it is built from.
///
/// # Errors
///
/// When a source cannot be read, or the note not be written.
pub(super) fn note(site: &Path) -> Result<()> {
    let path = site.join(NOTE);
    fs::write(&path, hash_of(&workspace::root())? + "\n")
        .with_context(|| format!("cannot write {}", path.display()))
}

/// Refuses a site that was built from other sources than lie here now.
///
/// # Errors
///
/// When it was; or when a source cannot be read.
pub(super) fn check(site: &Path) -> Result<()> {
    let noted = fs::read_to_string(site.join(NOTE)).unwrap_or_default();
    if noted.trim() != hash_of(&workspace::root())? {
        bail!(
            "the widget has changed since {} was built, and its pages have to fit the program in \
             it: build the site again with `cargo xtask publish --out {0}`",
            site.display()
        );
    }
    Ok(())
}

/// The SHA-256 over names and contents of all sources below `root`.
fn hash_of(root: &Path) -> Result<String> {
    let mut all = Vec::new();
    let mut add = |name: &str| -> Result<()> {
        let path = root.join(name);
        let content = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        all.extend(survey_wire::digest(name.as_bytes()));
        all.extend(survey_wire::digest(&content));
        Ok(())
    };
    for folder in FOLDERS {
        for file in workspace::files_below(&root.join(folder))? {
            add(&format!("{folder}/{file}"))?;
        }
    }
    add(ENGLISH)?;
    add(LOCK)?;
    Ok(survey_wire::digest(&all).iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_content_or_another_name_is_another_source() -> Result<()> {
        let folder = tempfile::tempdir()?;
        for name in FOLDERS {
            fs::create_dir_all(folder.path().join(name))?;
        }
        fs::create_dir_all(folder.path().join("locales"))?;
        fs::write(folder.path().join(ENGLISH), "{}")?;
        fs::write(folder.path().join(LOCK), "leptos 1")?;
        let empty = hash_of(folder.path())?;
        fs::write(folder.path().join("src/a.rs"), "x")?;
        let first = hash_of(folder.path())?;
        fs::write(folder.path().join("src/a.rs"), "y")?;
        let second = hash_of(folder.path())?;
        fs::rename(folder.path().join("src/a.rs"), folder.path().join("src/b.rs"))?;
        let third = hash_of(folder.path())?;
        assert!(empty != first && first != second && second != third);
        // A translation is none.
        fs::write(folder.path().join("locales/cy.json"), "{}")?;
        assert_eq!(hash_of(folder.path())?, third);
        fs::write(folder.path().join(ENGLISH), "{ }")?;
        let fourth = hash_of(folder.path())?;
        assert_ne!(fourth, third);
        fs::write(folder.path().join(LOCK), "leptos 2")?;
        assert_ne!(hash_of(folder.path())?, fourth);
        Ok(())
    }

    #[test]
    fn pages_fit_the_program_of_their_site() -> Result<()> {
        let site = tempfile::tempdir()?;
        assert!(check(site.path()).is_err());
        note(site.path())?;
        check(site.path())?;
        fs::write(site.path().join(NOTE), "another\n")?;
        let message = check(site.path()).expect_err("another").to_string();
        assert!(message.contains("cargo xtask publish"), "{message}");
        Ok(())
    }
}
