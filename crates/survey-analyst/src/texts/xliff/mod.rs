//! XLIFF 2.1 (OASIS standard, 13 February 2018): the file that translators' tools read and write.
//!
//! A text is a `<unit>` whose id is its place; a file of texts is a `<file>`. Of the core, nothing
//! else is used, and no module: every tool that knows XLIFF 2 shows all there is.

mod read;
mod tree;
mod write;

pub(super) use read::read;
pub(super) use write::write;

/// The core's namespace, which 2.1 has from 2.0.
const NAMESPACE: &str = "urn:oasis:names:tc:xliff:document:2.0";

/// A document: files of texts, from one language into another.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Document {
    pub(super) source: String,
    pub(super) target: String,
    pub(super) files: Vec<File>,
}

/// The texts of one file.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct File {
    pub(super) id: String,
    /// Name of the file, for people; nothing is read or written by it.
    pub(super) original: String,
    pub(super) notes: Vec<String>,
    pub(super) units: Vec<Unit>,
}

/// A text and its translation.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Unit {
    pub(super) id: String,
    pub(super) notes: Vec<String>,
    pub(super) source: String,
    pub(super) target: Option<String>,
    pub(super) state: State,
}

/// How far a translation is, by the standard's names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum State {
    Initial,
    Translated,
    Reviewed,
    Final,
}

impl State {
    const ALL: [Self; 4] = [Self::Initial, Self::Translated, Self::Reviewed, Self::Final];

    fn name(self) -> &'static str {
        match self {
            Self::Initial => "initial",
            Self::Translated => "translated",
            Self::Reviewed => "reviewed",
            Self::Final => "final",
        }
    }
}
