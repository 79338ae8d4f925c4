//! The analyst's command line: makes keys, publishes surveys, fetches and opens envelopes, exports
//! answers. `docs/analyst.md` is its guide.
//!
//! Works offline but for `fetch`. Answers are written to files that only their owner can read and
//! never printed: no message, warning or error holds any part of one.
//!
//! The binary is a call of [`run`]; the modules' functions are there for tests and other tools.

#![cfg_attr(test, allow(clippy::unwrap_used))]

mod cli;
mod definition;
mod error;
mod export;
mod fetch;
mod files;
mod json_text;
mod keys;
mod lines;
mod open;
mod progress;
mod publish;
mod reading;
mod spool;
mod texts;

pub use cli::run;
pub use error::{Action, Error};
pub use export::{ExportCsv, LeftOut, Summary, export_csv};
pub use fetch::{Fetch, fetch};
pub use keys::Recipient;
pub use open::{Account, Open, Outcome, Reason, open};
pub use publish::{Publish, publish};
pub use texts::Choice;
