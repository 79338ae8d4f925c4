//! Is what is shipped what is written? Two builds of the same source, each in a folder of its own
//! and with nothing built before, are compared byte by byte.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use crate::process;
use crate::publish::Key;
use crate::reproducible;
use crate::tools::Tools;
use crate::workspace::{self, Profile, Program};

/// # Errors
///
/// When the two differ, or when one of them cannot be built.
pub(super) fn run() -> Result<()> {
    Tools::ensure()?;
    // A key is random, and stands in what is published: one for both.
    let [analyst] = workspace::binaries(Profile::Dev, [Program::Analyst])?;
    let key = Key::once(&analyst, &workspace::target()?.join("size"), "size")?;
    let key = std::path::absolute(key.public).context("cannot tell the current folder")?;
    if !process::read(git().args(["status", "--porcelain"]))?.trim().is_empty() {
        eprintln!("warning: what is not committed is not part of what is built here");
    }

    let home = std::env::temp_dir();
    let home = home.canonicalize().with_context(|| format!("cannot find {}", home.display()))?;
    let home = home.join(format!("views-verify-{}", std::process::id()));
    let folders = [home.join("a"), home.join("another").join("of-another-length")];
    let mut hashes = Vec::new();
    for (which, folder) in folders.iter().enumerate() {
        println!("building in {}", folder.display());
        // The crates that were downloaded are the same, and lie somewhere else.
        let cargo_home = if which == 0 { None } else { Some(other_cargo_home(folder)?) };
        build(folder, cargo_home.as_deref(), &key)?;
        hashes.push(hashes_of(&site(folder))?);
    }
    let [first, second] = &*hashes else { bail!("two builds, not {}", hashes.len()) };
    let differ = compare(first, second);
    if differ > 0 {
        bail!(
            "{differ} files differ; both builds are kept, to be looked at, in {}",
            home.display()
        );
    }
    workspace::remove_folder(&home)?;
    println!("{} files, the same in both", first.len());
    Ok(())
}

fn git() -> std::process::Command {
    let mut git = std::process::Command::new("git");
    git.current_dir(workspace::root());
    git
}

fn site(folder: &Path) -> PathBuf {
    folder.join("site")
}

/// Builds the committed source in `folder`, from nothing.
fn build(folder: &Path, cargo_home: Option<&Path>, key: &Path) -> Result<()> {
    let source = folder.join("source");
    let mut clone = git();
    clone.args(["clone", "--quiet", "--no-hardlinks"]).arg(workspace::root()).arg(&source);
    process::run(&mut clone)?;
    let mut publish = std::process::Command::new("cargo");
    publish.current_dir(&source).args(["xtask", "publish", "--out"]).arg(site(folder));
    publish.arg("--recipient").arg(key).args(["--submit", "https://views.example/ssp"]);
    publish.env("CARGO_TARGET_DIR", folder.join("built"));
    // Nothing is built twice here.
    publish.env("CARGO_INCREMENTAL", "0");
    if let Some(cargo_home) = cargo_home {
        publish.env("CARGO_HOME", cargo_home);
    }
    process::run(&mut publish)
}

/// A home for cargo with the crates of the usual one, under another name.
#[cfg(unix)]
fn other_cargo_home(folder: &Path) -> Result<PathBuf> {
    let (from, to) = (reproducible::cargo_home()?, folder.join("home"));
    fs::create_dir_all(&to).with_context(|| format!("cannot make {}", to.display()))?;
    for name in ["registry", "git", "config.toml"] {
        if from.join(name).exists() {
            std::os::unix::fs::symlink(from.join(name), to.join(name))
                .with_context(|| format!("cannot write into {}", to.display()))?;
        }
    }
    Ok(to)
}

/// Links need rights there that a developer may not have.
#[cfg(not(unix))]
fn other_cargo_home(_: &Path) -> Result<PathBuf> {
    reproducible::cargo_home()
}

/// The SHA-256 of every file that is shipped: compressed forms too.
fn hashes_of(site: &Path) -> Result<BTreeMap<String, String>> {
    let mut hashes = BTreeMap::new();
    for file in workspace::files_below(site)? {
        let path = site.join(&file);
        let content = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let digest = survey_wire::digest(&content);
        hashes.insert(file, digest.iter().map(|byte| format!("{byte:02x}")).collect());
    }
    Ok(hashes)
}

/// Prints the hash of every file, twice where there are two, and counts those.
fn compare(first: &BTreeMap<String, String>, second: &BTreeMap<String, String>) -> usize {
    let mut names: Vec<_> = first.keys().chain(second.keys()).collect();
    names.sort();
    names.dedup();
    let mut differ = 0;
    for name in names {
        let (a, b) = (first.get(name), second.get(name));
        let shown = |hash: Option<&String>| hash.cloned().unwrap_or_else(|| "-".repeat(64));
        println!("{}  {name}", shown(a));
        if a != b {
            println!("{}  {name}  DIFFERS", shown(b));
            differ += 1;
        }
    }
    differ
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_or_is_missing_is_counted() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let site = |name: &str| folder.path().join(name);
        for (file, content) in [
            ("a/same.js", "x"),
            ("b/same.js", "x"),
            ("a/other.js", "x"),
            ("b/other.js", "y"),
            ("a/s/one.html", ""),
        ] {
            let path = site(file);
            fs::create_dir_all(path.parent().context("has a parent")?)?;
            fs::write(path, content)?;
        }
        let (a, b) = (hashes_of(&site("a"))?, hashes_of(&site("b"))?);
        assert_eq!(compare(&a, &b), 2);
        assert_eq!(compare(&b, &a), 2);
        assert_eq!(compare(&a, &a), 0);
        Ok(())
    }
}
