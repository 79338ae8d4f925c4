//! Where things are: the workspace, its build folder, the binaries built from it.

use std::env::consts::EXE_SUFFIX;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};

use crate::process;

/// The folder of the workspace's `Cargo.toml`.
pub(crate) fn root() -> PathBuf {
    // Cargo sets the variable at run time as well; the built-in value is for a binary that is
    // started by hand, and is wrong once the clone was moved.
    let xtask = std::env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    xtask.parent().map_or(xtask.clone(), Path::to_path_buf)
}

/// Cargo's build folder, wherever the developer's configuration put it.
pub(crate) fn target() -> Result<PathBuf> {
    // This binary lies in `<target>/debug/`.
    let program = std::env::current_exe().context("cannot tell where xtask itself lies")?;
    program
        .ancestors()
        .nth(2)
        .map(Path::to_path_buf)
        .with_context(|| format!("{} is not inside a build folder", program.display()))
}

/// `cargo`, run in the workspace.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new("cargo");
    command.current_dir(root());
    command
}

/// With which settings host binaries are built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Profile {
    /// `dev`: quick to build, arithmetic and debug assertions checked.
    Dev,
    /// `server`: what an operator runs.
    Server,
}

impl Profile {
    fn name(self) -> &'static str {
        match self {
            Profile::Dev => "dev",
            Profile::Server => "server",
        }
    }

    fn folder(self) -> &'static str {
        match self {
            Profile::Dev => "debug",
            Profile::Server => "server",
        }
    }
}

/// A host program of this workspace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Program {
    /// The analyst's tool.
    Analyst,
    /// The reference backend.
    Collector,
    /// What draws documents with the widget's own views.
    ViewsPage,
}

impl Program {
    /// Its package and its name.
    fn names(self) -> (&'static str, &'static str) {
        match self {
            Program::Analyst => ("survey-analyst", "survey-analyst"),
            Program::Collector => ("survey-collector", "survey-collector"),
            Program::ViewsPage => ("victim-voice", "views-page"),
        }
    }
}

/// Builds programs and says where they are.
///
/// # Errors
///
/// When one of them does not compile; cargo has then said why.
pub(crate) fn binaries<const N: usize>(
    profile: Profile,
    programs: [Program; N],
) -> Result<[PathBuf; N]> {
    let mut command = cargo();
    command.args(["build", "--profile", profile.name()]);
    for (package, name) in programs.map(Program::names) {
        command.args(["--package", package, "--bin", name]);
    }
    // Never for the widget itself: see `ssr` in Cargo.toml.
    if programs.contains(&Program::ViewsPage) {
        command.args(["--features", "victim-voice/ssr"]);
    }
    process::run(&mut command)?;
    let folder = target()?.join(profile.folder());
    Ok(programs.map(|program| folder.join(format!("{}{EXE_SUFFIX}", program.names().1))))
}

/// Every file below `folder`, as paths relative to it with `/` between their parts, sorted.
///
/// # Errors
///
/// When a folder cannot be read.
pub(crate) fn files_below(folder: &Path) -> Result<Vec<String>> {
    fn walk(folder: &Path, prefix: &str, skip: &[&str], found: &mut Vec<String>) -> Result<()> {
        let entries =
            fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))?;
        for entry in entries {
            let entry = entry.with_context(|| format!("cannot list {}", folder.display()))?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = format!("{prefix}{name}");
            let kind = entry
                .file_type()
                .with_context(|| format!("cannot read {}", entry.path().display()))?;
            if !kind.is_dir() {
                found.push(path);
            } else if !skip.contains(&name.as_str()) {
                walk(&entry.path(), &format!("{path}/"), skip, found)?;
            }
        }
        Ok(())
    }
    let mut found = Vec::new();
    // Nothing in these is ours.
    let skip = [".git", "target", "dist", "node_modules", ".venv"];
    walk(folder, "", &skip, &mut found)?;
    found.sort();
    Ok(found)
}

/// Waits until this process is the only one that holds the lock file `<folder>/.lock`, and holds
/// it until the result is dropped, or the process ends in whatever way.
///
/// # Errors
///
/// When the file cannot be made or locked.
pub(crate) fn lock(folder: &Path, others: &str) -> Result<File> {
    fs::create_dir_all(folder)
        .with_context(|| format!("cannot make the folder {}", folder.display()))?;
    let path = folder.join(".lock");
    let file = File::create(&path).with_context(|| format!("cannot write {}", path.display()))?;
    if file.try_lock().is_err() {
        eprintln!("another process {others}; waiting for it");
        file.lock().with_context(|| format!("cannot lock {}", path.display()))?;
    }
    Ok(file)
}

/// Copies a folder with everything in it.
///
/// # Errors
///
/// When a file cannot be read or written.
pub(crate) fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    for file in files_below(from)? {
        copy_file(&from.join(&file), &to.join(&file))?;
    }
    Ok(())
}

/// Copies one file, making the folder that it goes to.
///
/// # Errors
///
/// When it cannot be read or written.
pub(crate) fn copy_file(from: &Path, to: &Path) -> Result<()> {
    if let Some(parent) = to.parent() {
        fs::create_dir_all(parent)
            .with_context(|| format!("cannot make the folder {}", parent.display()))?;
    }
    fs::copy(from, to)
        .with_context(|| format!("cannot copy {} to {}", from.display(), to.display()))?;
    Ok(())
}

/// Removes a folder with everything in it; none there is as good.
///
/// # Errors
///
/// When something in it cannot be removed.
pub(crate) fn remove_folder(folder: &Path) -> Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("cannot remove {}", folder.display()))
        }
        _ => Ok(()),
    }
}

/// A program of this name on `PATH`: the first one, as a shell would find it.
pub(crate) fn on_path(program: &str) -> Option<PathBuf> {
    let file = format!("{program}{EXE_SUFFIX}");
    std::env::split_paths(&std::env::var_os("PATH")?)
        .map(|folder| folder.join(&file))
        .find(|path| is_executable(path))
}

/// Is this a file that may be run?
pub(crate) fn is_executable(path: &Path) -> bool {
    #[cfg(unix)]
    fn may_run(metadata: &fs::Metadata) -> bool {
        use std::os::unix::fs::PermissionsExt as _;
        metadata.permissions().mode() & 0o111 != 0
    }
    #[cfg(not(unix))]
    fn may_run(_: &fs::Metadata) -> bool {
        true
    }
    fs::metadata(path).is_ok_and(|metadata| metadata.is_file() && may_run(&metadata))
}

/// A word as a POSIX shell reads it back, for commands that are printed to be pasted.
pub(crate) fn quoted(word: impl AsRef<OsStr>) -> String {
    let word = word.as_ref().to_string_lossy();
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=@%+,".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.into_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_printed_word_reads_back_as_itself() {
        for (word, expected) in [
            ("target/demo", "target/demo"),
            ("http://127.0.0.1:9090", "http://127.0.0.1:9090"),
            ("my clone/x", "'my clone/x'"),
            ("it's", r"'it'\''s'"),
            ("", "''"),
        ] {
            assert_eq!(quoted(word), expected, "row `{word}`");
        }
    }

    #[test]
    fn files_are_listed_without_what_is_built() -> Result<()> {
        let folder = tempfile::tempdir()?;
        for file in ["b/c.css", "a.rs", "target/x", "b/dist/y", ".git/z"] {
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().context("has a parent")?)?;
            fs::write(path, "")?;
        }
        assert_eq!(files_below(folder.path())?, ["a.rs", "b/c.css"]);
        Ok(())
    }
}
