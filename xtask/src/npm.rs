//! Packages from npm, exactly those that a lock file names. None of their install scripts runs.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};

use crate::{process, workspace};

/// Installs what the lock file in `sources` names into `home`, unless it is there, and hands back
/// the folder of the packages.
///
/// # Errors
///
/// When npm is missing or fails.
pub(crate) fn install(sources: &Path, home: &Path) -> Result<PathBuf> {
    let modules = home.join("node_modules");
    let done = home.join("installed.json");
    let lock = fs::read(sources.join("package-lock.json"))
        .with_context(|| format!("cannot read package-lock.json in {}", sources.display()))?;
    if fs::read(&done).is_ok_and(|installed| installed == lock) {
        return Ok(modules);
    }
    let npm = workspace::on_path("npm").context("there is no npm (Debian: apt-get install npm)")?;
    for file in ["package.json", "package-lock.json"] {
        workspace::copy_file(&sources.join(file), &home.join(file))?;
    }
    let mut command = Command::new(npm);
    command.current_dir(home).args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]);
    process::run(&mut command).with_context(|| {
        format!(
            "could not install the packages of {}; npm has to reach its registry",
            sources.display()
        )
    })?;
    fs::write(&done, lock).with_context(|| format!("cannot write {}", done.display()))?;
    Ok(modules)
}
