//! Translations: files beside a survey, what is missing in them, and the way to translators and
//! back. `docs/translate.md` is the guide.

mod beside;
mod command;
mod file;
mod import;
mod merge;
mod notes;
mod original;
mod places;
mod widget;
mod xliff;

pub use beside::Choice;
pub(crate) use beside::{Translated, draft, helplines};
pub(crate) use command::{Texts, command};
pub(crate) use merge::Tally;

/// What is hard to read in the English texts of a file, each with its place.
pub(crate) fn hard_to_read(path: &std::path::Path) -> Result<Vec<String>, crate::error::Error> {
    original::Original::read(path)?.hard_to_read()
}
