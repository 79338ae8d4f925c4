//! What may become a site, and what must hold for it.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, bail};

use super::{inline, manifest};
use crate::workspace;

/// Refuses a folder that holds something else than a site: it would be lost.
pub(super) fn replaceable(out: &Path) -> Result<()> {
    let empty = match fs::read_dir(out) {
        Ok(mut entries) => entries.next().is_none(),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => true,
        Err(error) => return Err(error).with_context(|| format!("cannot read {}", out.display())),
    };
    if !empty && !out.join("surveys.json").is_file() {
        bail!(
            "{} holds something else than a site; name a new folder, or empty this one",
            out.display()
        );
    }
    Ok(())
}

/// Refuses to drop a survey's page: its address stands on partners' pages and on letters.
pub(super) fn pages_kept(old: &Path, new: &Path) -> Result<()> {
    let pages = old.join("s");
    if !pages.is_dir() {
        return Ok(());
    }
    for page in workspace::files_below(&pages)? {
        let Some(folder) = page.strip_suffix("index.html") else { continue };
        if new.join("s").join(&page).is_file() {
            continue;
        }
        if folder.matches('/').count() == 1 {
            bail!(
                "the old site has a page s/{page} of a survey that was not named: give its \
                 definition as well, or make the new site in another folder"
            );
        }
        eprintln!("warning: s/{folder} is gone: the survey is no longer in that language");
    }
    Ok(())
}

/// What must hold for every site.
pub(super) fn site(site: &Path) -> Result<()> {
    for file in workspace::files_below(site)? {
        if let Some(word) = telling_word(&file) {
            bail!(
                "the site holds `{file}`, and a respondent's device may show that name: \
                 find a neutral one without `{word}`"
            );
        }
    }
    inline::check(site, &manifest(site)?.inline)
}

/// A word that tells a bystander what the survey is about.
pub(crate) fn telling_word(name: &str) -> Option<&'static str> {
    let name = name.to_ascii_lowercase();
    ["victim", "crime", "abuse"].into_iter().find(|word| name.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_a_bystander_nothing() {
        assert_eq!(telling_word("views-0123_bg.wasm"), None);
        assert_eq!(telling_word("s/Victim-Voice/index.html"), Some("victim"));
    }

    #[test]
    fn only_a_site_is_replaced() -> Result<()> {
        let folder = tempfile::tempdir()?;
        assert!(replaceable(&folder.path().join("new")).is_ok());
        assert!(replaceable(folder.path()).is_ok());
        fs::write(folder.path().join("thesis.txt"), "")?;
        assert!(replaceable(folder.path()).is_err());
        fs::write(folder.path().join("surveys.json"), "{}")?;
        assert!(replaceable(folder.path()).is_ok());
        Ok(())
    }

    #[test]
    fn a_page_that_partners_link_to_is_not_dropped() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let (old, new) = (folder.path().join("old"), folder.path().join("new"));
        fs::create_dir_all(old.join("s/48b33f92"))?;
        fs::write(old.join("s/48b33f92/index.html"), "")?;
        fs::create_dir_all(&new)?;
        assert!(pages_kept(&old, &new).is_err());
        fs::create_dir_all(new.join("s/48b33f92"))?;
        fs::write(new.join("s/48b33f92/index.html"), "")?;
        pages_kept(&old, &new)?;
        // A language may go: its page is then answered with the survey's own.
        fs::create_dir_all(old.join("s/48b33f92/cy"))?;
        fs::write(old.join("s/48b33f92/cy/index.html"), "")?;
        pages_kept(&old, &new)
    }
}
