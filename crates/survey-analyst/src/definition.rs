//! Definitions from files, known by the hash of their bytes.

use std::{
    fs,
    path::{Path, PathBuf},
};

use survey_core::Definition;
use survey_wire::DefinitionHash;

use crate::{
    error::{Action, Error},
    files,
};

/// A definition and the bytes it is known by.
#[derive(Debug)]
pub(crate) struct Known {
    pub(crate) hash: DefinitionHash,
    pub(crate) definition: Definition,
    pub(crate) bytes: Vec<u8>,
}

impl Known {
    /// Reads one definition.
    pub(crate) fn read(path: &Path) -> Result<Self, Error> {
        let bytes = files::read(path)?;
        match Definition::parse(&bytes) {
            Ok(definition) => Ok(Self { hash: DefinitionHash::of(&bytes), definition, bytes }),
            Err(faults) => Err(Error::Definition { path: path.to_owned(), faults }),
        }
    }

    /// Reads definitions; a folder stands for all `.json` files in it.
    pub(crate) fn read_all(paths: &[PathBuf]) -> Result<Vec<Self>, Error> {
        let mut known: Vec<Self> = Vec::new();
        for path in paths {
            for file in files_in(path, "json")? {
                let next = Self::read(&file)?;
                if known.iter().all(|known| known.hash != next.hash) {
                    known.push(next);
                }
            }
        }
        Ok(known)
    }
}

/// The file itself, or the files with this ending in a folder, by name.
pub(crate) fn files_in(path: &Path, ending: &str) -> Result<Vec<PathBuf>, Error> {
    let data = fs::metadata(path).map_err(Error::io(Action::Read, path))?;
    if !data.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let list = || {
        let entries = fs::read_dir(path)?.map(|entry| entry.map(|entry| entry.path()));
        entries.collect::<Result<Vec<_>, _>>()
    };
    let mut files = list().map_err(Error::io(Action::Read, path))?;
    files.retain(|file| file.extension().is_some_and(|e| e == ending) && file.is_file());
    files.sort();
    Ok(files)
}
