//! Pieces without state that pages share.

mod error_summary;
mod paragraphs;
mod start;
mod support_lines;

pub(crate) use error_summary::ErrorSummary;
pub(crate) use paragraphs::Paragraphs;
pub(crate) use start::Start;
pub(crate) use support_lines::SupportLines;
