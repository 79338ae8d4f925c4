//! Translations: files beside a survey, what is missing in them, and the way to translators and
//! back. `docs/translate.md` is the guide.

mod beside;
mod file;
mod merge;
mod places;

pub use beside::Choice;
pub(crate) use beside::{Translated, draft, helplines};
pub(crate) use merge::Tally;
