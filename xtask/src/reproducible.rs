//! The same source gives the same wasm, wherever it lies.
//!
//! The compiler writes file names into a program, for messages of panics that nobody reads in a
//! browser. They begin with the folders of the machine that built it; here they get names that are
//! the same everywhere.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};

use crate::{process, workspace};

/// Makes a command, or the cargo that it starts, build wasm that tells nothing of this machine.
///
/// Build scripts and macros, which run on the machine itself, stay as they are. The flags join
/// those of .cargo/config.toml; others of the developer's environment are set aside, as they would
/// change what is built.
///
/// # Errors
///
/// When the compiler or cargo's home cannot be found.
pub(crate) fn apply(command: &mut Command) -> Result<()> {
    command.env_remove("RUSTFLAGS").env_remove("CARGO_ENCODED_RUSTFLAGS");
    command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", flags(&folders()?));
    Ok(())
}

/// As cargo reads them from its environment: separated by spaces, with nothing to hide one.
fn flags(folders: &[(PathBuf, &str)]) -> String {
    let mut flags = Vec::new();
    for (from, to) in folders {
        let from = from.to_string_lossy();
        if from.contains(char::is_whitespace) {
            eprintln!(
                "warning: {from} has a space in its name, which stays in the program: built in a \
                 folder without one, it is another"
            );
        } else {
            flags.push(format!("--remap-path-prefix={from}={to}"));
        }
    }
    flags.join(" ")
}

/// Folders of this machine, and what stands for each. Where two fit, the later one counts.
fn folders() -> Result<Vec<(PathBuf, &'static str)>> {
    let mut rustc = Command::new("rustc");
    rustc.current_dir(workspace::root());
    let sysroot = process::read(rustc.args(["--print", "sysroot"]))?;
    let library = Path::new(sysroot.trim()).join("lib").join("rustlib").join("src").join("rust");
    let home = cargo_home()?;
    let mut folders = vec![
        (workspace::root(), "/views"),
        (workspace::target()?, "/target"),
        (home.join("git").join("checkouts"), "/crates"),
        // If the source of the standard library is installed, rustc says where it is.
        (library, "/rust"),
    ];
    // Each of these is named after the address of a registry.
    let registries = home.join("registry").join("src");
    for registry in std::fs::read_dir(&registries)
        .with_context(|| format!("cannot list {}", registries.display()))?
        .flatten()
    {
        folders.push((registry.path(), "/crates"));
    }
    Ok(folders)
}

/// Where cargo keeps the crates that it downloaded.
///
/// # Errors
///
/// When neither the environment nor the system knows a home folder.
pub(crate) fn cargo_home() -> Result<PathBuf> {
    let named = std::env::var_os("CARGO_HOME").map(PathBuf::from).filter(|path| path.is_absolute());
    named
        .or_else(|| std::env::home_dir().map(|home| home.join(".cargo")))
        .context("neither CARGO_HOME nor a home folder is known, so cargo's crates are not found")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_folder_but_one_with_a_space_gets_another_name() {
        let folders = [
            (PathBuf::from("/home/me/views"), "/views"),
            (PathBuf::from("/home/me/my target"), "/target"),
            (PathBuf::from("/home/me/.cargo"), "/crates"),
        ];
        assert_eq!(
            flags(&folders),
            "--remap-path-prefix=/home/me/views=/views --remap-path-prefix=/home/me/.cargo=/crates"
        );
    }
}
