//! Why a command could not do its work. Read by analysts, so every message says what is wrong and
//! what to do. None holds an answer or any part of a secret key.

use std::{
    fmt, io,
    path::{Path, PathBuf},
};

use survey_core::DefinitionError;

/// Why a command stopped. What was written before is whole: files are replaced in one step.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file or folder could not be read or written.
    #[error("{}: cannot {action}: {source}{}", .path.display(), hint(*.action, .source))]
    Io {
        /// What was tried.
        action: Action,
        /// With what.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// A file is not what it has to be.
    #[error("{}: {why}", .path.display())]
    File {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it and what to do.
        why: String,
    },
    /// A definition with faults.
    #[error("{}", Faults(.path, .faults))]
    Definition {
        /// Which file.
        path: PathBuf,
        /// Everything that is wrong with it.
        faults: Vec<DefinitionError>,
    },
    /// A file of translations with faults.
    #[error("{}", TextFaults(.path, .faults))]
    Translation {
        /// Which file.
        path: PathBuf,
        /// Everything that is wrong with it, each with its place.
        faults: Vec<String>,
    },
    /// Arguments that do not fit together.
    #[error("{0}")]
    Usage(String),
    /// The collector did not answer, or not as a collector does.
    #[error("{url}: {why}")]
    Collector {
        /// What was asked for.
        url: String,
        /// What happened and what to do.
        why: String,
    },
    /// The operating system gave no random bytes.
    #[error("no random bytes from the operating system: {0}; do not make keys on this machine")]
    Random(#[from] getrandom::Error),
    /// What the command has to say could not be printed.
    #[error("cannot print: {0}; the work itself was done")]
    Print(#[from] io::Error),
}

impl Error {
    /// The exit code: 2 for arguments that do not fit, else 1.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Usage(_) => 2,
            _ => 1,
        }
    }

    /// For `map_err`: `source` happened on trying `action` with `path`.
    pub(crate) fn io(action: Action, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Io { action, path: path.to_owned(), source }
    }

    pub(crate) fn file(path: &Path, why: impl Into<String>) -> Self {
        Self::File { path: path.to_owned(), why: why.into() }
    }
}

/// What was tried with a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Reading it.
    Read,
    /// Making a file that must not exist yet.
    Create,
    /// Writing or replacing it.
    Write,
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Read => "read",
            Self::Create => "create",
            Self::Write => "write",
        })
    }
}

fn hint(action: Action, source: &io::Error) -> &'static str {
    match (action, source.kind()) {
        (_, io::ErrorKind::NotFound) => "; check the spelling of the path",
        (Action::Read, io::ErrorKind::PermissionDenied) => "; run as the user who owns it",
        (_, io::ErrorKind::PermissionDenied) => "; choose a folder that is yours",
        (_, io::ErrorKind::AlreadyExists) => "; choose another name, nothing was overwritten",
        (_, io::ErrorKind::StorageFull) => "; make room and run the command again",
        _ => "",
    }
}

struct Faults<'a>(&'a Path, &'a [DefinitionError]);

impl fmt::Display for Faults<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        all(f, self.0, self.1)
    }
}

struct TextFaults<'a>(&'a Path, &'a [String]);

impl fmt::Display for TextFaults<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        all(f, self.0, self.1)
    }
}

fn all(f: &mut fmt::Formatter<'_>, path: &Path, faults: &[impl fmt::Display]) -> fmt::Result {
    write!(f, "{}: ", path.display())?;
    match faults.len() {
        1 => write!(f, "1 fault; mend it and try again")?,
        n => write!(f, "{n} faults; mend them and try again")?,
    }
    faults.iter().try_for_each(|fault| write!(f, "\n  {fault}"))
}
