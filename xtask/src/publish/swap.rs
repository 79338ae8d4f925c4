//! Where a site is built, and how it takes the place of the one before.
//!
//! Beside the final folder, and so on the same disk, in a hidden folder of its own. The site before
//! holds published definitions, without which nobody opens what was answered: whatever is
//! interrupted, one of the two lies at the final place, or is put back there the next time.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use anyhow::{Context as _, Result, bail};

use super::check;
use crate::workspace;

/// In a folder of ours, and in no other.
const LOCK: &str = ".lock";

/// The place of a site that is being built. Nobody else builds one for the same folder meanwhile.
pub(super) struct Place {
    out: PathBuf,
    work: PathBuf,
    _lock: File,
}

impl Place {
    /// Waits until nobody else builds for `out`, and puts back a site that an interrupted run moved
    /// away.
    ///
    /// # Errors
    ///
    /// When `out` holds something else than a site; or when something cannot be read, moved or
    /// removed.
    pub(super) fn take(out: &Path) -> Result<Self> {
        let nameless = || format!("{} is no folder that can be replaced", out.display());
        out.file_name().with_context(nameless)?;
        // Of a link, what it leads to is replaced.
        let out = if out.exists() {
            fs::canonicalize(out).with_context(|| format!("cannot find {}", out.display()))?
        } else {
            out.to_owned()
        };
        let name = out.file_name().with_context(nameless)?;
        let work = out.with_file_name(format!(".{}.publishing", name.to_string_lossy()));
        let place = Self { _lock: lock(&work)?, out, work };
        place.recover()?;
        check::replaceable(&place.out)?;
        workspace::remove_folder(&place.stage())?;
        workspace::remove_folder(&place.old())?;
        Ok(place)
    }

    /// Where the new site is built.
    pub(super) fn stage(&self) -> PathBuf {
        self.work.join("new")
    }

    fn old(&self) -> PathBuf {
        self.work.join("old")
    }

    fn recover(&self) -> Result<()> {
        let is_site = |folder: &Path| folder.join("surveys.json").is_file();
        let old = self.old();
        if is_site(&self.out) || !is_site(&old) {
            return Ok(());
        }
        check::replaceable(&self.out)?;
        if self.out.exists() {
            fs::remove_dir(&self.out)
                .with_context(|| format!("cannot remove the empty {}", self.out.display()))?;
        }
        rename(&old, &self.out)?;
        eprintln!("an interrupted run had moved {} away: it is back", self.out.display());
        Ok(())
    }

    /// What is published in the site that is to be replaced.
    ///
    /// # Errors
    ///
    /// When it cannot be read.
    pub(super) fn published(&self) -> Result<Published> {
        Published::of(&self.out)
    }

    /// Puts the new site into the place of the old one, in which `known` is all that is published:
    /// what somebody published meanwhile would be lost.
    ///
    /// # Errors
    ///
    /// When somebody did, or when a folder cannot be moved. The old site is then where it was.
    pub(super) fn swap(self, known: &Published) -> Result<()> {
        self.check(&self.out, known)?;
        let (old, had) = (self.old(), self.out.exists());
        if had {
            rename(&self.out, &old)?;
        }
        // Once more: from here on nobody can publish into it.
        let swapped = if had { self.check(&old, known) } else { Ok(()) }
            .and_then(|()| rename(&self.stage(), &self.out));
        if let Err(error) = swapped {
            if had {
                rename(&old, &self.out).with_context(|| format!("after this: {error:#}"))?;
            }
            return Err(error);
        }
        workspace::remove_folder(&self.work)
    }

    fn check(&self, site: &Path, known: &Published) -> Result<()> {
        if Published::of(site)? != *known {
            bail!(
                "something was published in {} while the new site was built, and would be lost: \
                 the site stays as it is; run the same again",
                self.out.display()
            );
        }
        Ok(())
    }
}

/// The list of surveys of a site, and the names of its definitions, which follow from what they
/// hold.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Published {
    list: Option<Vec<u8>>,
    definitions: Vec<String>,
}

impl Published {
    fn of(site: &Path) -> Result<Self> {
        let path = site.join("surveys.json");
        let list = match fs::read(&path) {
            Ok(list) => Some(list),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
            Err(error) => {
                return Err(error).with_context(|| format!("cannot read {}", path.display()));
            }
        };
        let folder = site.join("d");
        let mut definitions =
            if folder.is_dir() { workspace::files_below(&folder)? } else { Vec::new() };
        definitions.retain(|file| file.ends_with(".json"));
        Ok(Self { list, definitions })
    }
}

/// Waits until this process is the only one that works in this folder, and makes it if need be.
fn lock(work: &Path) -> Result<File> {
    let path = work.join(LOCK);
    let is_ours = || path.is_file() || fs::read_dir(work).is_ok_and(|mut all| all.next().is_none());
    if work.exists() && !is_ours() {
        bail!(
            "{} holds something that is not ours, and this is where the site is built: move it away",
            work.display()
        );
    }
    loop {
        let mut file = workspace::lock(work, "builds a site for the same folder")?;
        // Who held it before has removed the folder, and with it, maybe, this very file.
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        let mark = format!("{} {}\n", std::process::id(), now.as_nanos());
        file.write_all(mark.as_bytes())
            .with_context(|| format!("cannot write {}", path.display()))?;
        if fs::read_to_string(&path).is_ok_and(|read| read == mark) {
            return Ok(file);
        }
    }
}

fn rename(from: &Path, to: &Path) -> Result<()> {
    fs::rename(from, to)
        .with_context(|| format!("cannot move {} to {}", from.display(), to.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder with these files, each holding its own name.
    fn site(folder: &Path, files: &[&str]) -> Result<()> {
        for file in files {
            let path = folder.join(file);
            fs::create_dir_all(path.parent().context("has a parent")?)?;
            fs::write(path, file)?;
        }
        Ok(())
    }

    const BEFORE: [&str; 2] = ["d/before.json", "surveys.json"];

    #[test]
    fn the_new_site_takes_the_place_of_the_old_one() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let out = folder.path().join("site");
        // An operator's own, whatever their names.
        site(folder.path(), &["site.old/mine", "site.new/mine", ".site.mine/mine"])?;
        for round in ["first", "second"] {
            let place = Place::take(&out)?;
            site(&place.stage(), &["surveys.json", round])?;
            let known = place.published()?;
            place.swap(&known)?;
            assert_eq!(workspace::files_below(&out)?, [round, "surveys.json"]);
        }
        let rest: Vec<_> = workspace::files_below(folder.path())?
            .into_iter()
            .filter(|file| !file.starts_with("site/"))
            .collect();
        assert_eq!(rest, [".site.mine/mine", "site.new/mine", "site.old/mine"]);
        Ok(())
    }

    #[test]
    fn what_was_published_meanwhile_is_not_lost() -> Result<()> {
        for change in ["d/meanwhile.json", "surveys.json"] {
            let folder = tempfile::tempdir()?;
            let out = folder.path().join("site");
            site(&out, &BEFORE)?;
            let place = Place::take(&out)?;
            site(&place.stage(), &["surveys.json"])?;
            let known = place.published()?;
            fs::write(out.join(change), "meanwhile")?;
            let message = place.swap(&known).expect_err(change).to_string();
            assert!(message.contains("run the same again"), "{message}");
            assert_eq!(fs::read_to_string(out.join(change))?, "meanwhile");
        }
        Ok(())
    }

    #[test]
    fn the_old_site_is_put_back_when_the_new_one_cannot_take_its_place() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let out = folder.path().join("site");
        site(&out, &BEFORE)?;
        let place = Place::take(&out)?;
        let known = place.published()?;
        // Nothing was built.
        assert!(place.swap(&known).is_err());
        assert_eq!(workspace::files_below(&out)?, BEFORE);
        Ok(())
    }

    #[test]
    fn a_site_that_an_interrupted_run_moved_away_comes_back() -> Result<()> {
        for has_empty_folder in [false, true] {
            let folder = tempfile::tempdir()?;
            let out = folder.path().join("site");
            site(&folder.path().join(".site.publishing/old"), &BEFORE)?;
            site(&folder.path().join(".site.publishing"), &[LOCK])?;
            if has_empty_folder {
                fs::create_dir(&out)?;
            }
            drop(Place::take(&out)?);
            assert_eq!(workspace::files_below(&out)?, BEFORE);
        }
        Ok(())
    }

    #[test]
    fn what_an_interrupted_run_left_beside_a_whole_site_is_removed() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let out = folder.path().join("site");
        site(&out, &BEFORE)?;
        site(&folder.path().join(".site.publishing"), &[LOCK, "old/surveys.json", "new/half"])?;
        let place = Place::take(&out)?;
        assert_eq!(workspace::files_below(&place.work)?, [LOCK]);
        assert_eq!(workspace::files_below(&out)?, BEFORE);
        Ok(())
    }

    #[test]
    fn what_is_not_ours_is_left_alone() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let out = folder.path().join("site");
        site(folder.path(), &[".site.publishing/thesis.txt"])?;
        let message = Place::take(&out).err().context("taken")?.to_string();
        assert!(message.contains("move it away"), "{message}");
        assert!(folder.path().join(".site.publishing/thesis.txt").is_file());
        fs::remove_dir_all(folder.path().join(".site.publishing"))?;
        assert!(Place::take(&folder.path().join("..")).is_err());
        site(&out, &["thesis.txt"])?;
        assert!(Place::take(&out).is_err());
        assert!(out.join("thesis.txt").is_file());
        Ok(())
    }
}
