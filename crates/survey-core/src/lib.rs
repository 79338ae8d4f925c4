//! What a survey is and what a person said to it: definitions, routing, validation, responses.
//!
//! Pure: no IO, clock, randomness, DOM or cryptography. The widget, the analyst's tool and the
//! tests all run this same code, so an answer that the browser accepts is an answer that the
//! analyst accepts, by the same rules.
//!
//! The way through, in reading order:
//!
//! 1. [`Definition::parse`] turns a file into a [`Definition`] or says what to change.
//! 2. [`Definition::compile`] writes it in one language for the widget, which reads that with
//!    [`Definition::from_compiled`] and no JSON.
//! 3. [`Session`] holds what a person entered so far and knows which page comes next.
//! 4. [`Session::complete`] makes a [`Response`]: routed, validated, with nothing in it that
//!    routing made irrelevant. There is no other way to make one but to parse it again, or to
//!    carry it over to a newer definition.
//! 5. [`Response::to_json`] gives the plaintext that is sealed; [`Response::parse`] validates it
//!    once more after it was opened.
//!
//! The widget has all but what the feature `authoring` adds: files, their checks and messages, and
//! reading responses. Every kilobyte there is a wait for somebody, so what is left uses no
//! serialisation, sorting or formatting of the standard library where a few lines do.
//!
//! ```
//! use std::sync::Arc;
//! use survey_core::{Code, Definition, Entry, Position, Response, ResponseId, Session};
//!
//! let file = r#"{
//!   "format": 1, "id": "first-survey", "version": "1.0.0", "languages": ["en"],
//!   "title": "Your views", "exit_url": "https://www.bbc.co.uk/weather", "start": { "body": [] },
//!   "pages": [
//!     { "type": "single", "key": "helped", "text": "Did we help you?",
//!       "options": [{ "code": 1, "label": "Yes" }, { "code": 2, "label": "No" }] },
//!     { "type": "long_text", "key": "why", "ask_if": "helped == 2", "text": "Why?", "max_length": 500 }
//!   ],
//!   "end": { "heading": "Sent", "body": [] }
//! }"#;
//! let definition = Arc::new(Definition::parse(file.as_bytes()).expect("nothing is wrong with it"));
//!
//! let mut session = Session::new(Arc::clone(&definition));
//! let helped = definition.find("helped").expect("there is such a page");
//! session.enter(helped, Entry::Code(Code::new(1).expect("1 is a code")));
//! assert_eq!(session.advance(), Ok(Position::Check), "`why` is asked of others only");
//!
//! let id = ResponseId([7; 16]); // random in earnest
//! let response = session.complete(id, 0).expect("what was checked can be sent");
//! let plaintext = response.to_json(&definition);
//! assert!(Response::parse(&definition, &plaintext) == Ok(response));
//! ```

#![cfg_attr(test, allow(clippy::unwrap_used))]

#[cfg(feature = "authoring")]
mod check;
mod compiled;
mod condition;
mod definition;
#[cfg(feature = "authoring")]
mod error;
mod month;
mod name;
#[cfg(feature = "authoring")]
mod raw;
mod reply;
mod response;
mod route;
mod session;
mod text;

pub use condition::Condition;
#[cfg(feature = "authoring")]
pub use definition::Sensitivity;
pub use definition::{
    Choice, Choices, Context, Definition, Ending, Gate, Page, PageIndex, PageKind, Question,
    QuestionKind, Rating, Recipient, Section, SectionIndex, Statement, SupportLine,
};
#[cfg(feature = "authoring")]
pub use error::{DefinitionError, Fault};
pub use month::Month;
pub use name::{Code, Key, SurveyId, Version};
#[cfg(feature = "authoring")]
pub use raw::{HelplinesFile, SupportLineFile};
pub use reply::{Answer, Entry, GateChoice, MissingValue, Problem, Reply};
#[cfg(feature = "authoring")]
pub use response::Invalid;
pub use response::{Response, ResponseId, Value};
pub use session::{Position, Progress, Session};
pub use text::{Language, LanguageIndex, Localized, Text};

/// Version of the definition format that this crate reads (`"format": 1`).
#[cfg(feature = "authoring")]
pub const FORMAT: u32 = 1;

/// Longest definition in bytes (1 MiB).
#[cfg(feature = "authoring")]
pub const MAX_DEFINITION: usize = 1 << 20;

/// Most pages in a definition.
pub const MAX_PAGES: usize = 500;

/// Most options of one question, `also` included.
pub const MAX_OPTIONS: usize = 96;

/// Longest single text in characters.
#[cfg(feature = "authoring")]
pub const MAX_TEXT: usize = 4_000;

/// Longest answer to a `long_text` question in characters.
pub const MAX_LONG_TEXT: u16 = 5_000;

/// Longest plaintext of a response in bytes; a definition that could exceed it is refused.
///
/// The largest size class of an envelope is 32 KiB, of which four bytes hold the length.
pub const MAX_PLAINTEXT: usize = 32_768 - 4;
