//! The sealed survey protocol, `ssp/1`: what a widget, a backend and an analyst's tool say to each
//! other over HTTP, and the limits they agree on.
//!
//! * [`Envelope`]: one sealed response, as posted to `{base}/responses`. [`Receipt`]: the answer.
//! * [`Info`]: what a backend says of itself at `{base}/info`.
//! * [`Problem`]: every refusal, in one table ([`ProblemType`]).
//! * [`retry`]: when a client tries again, as arithmetic without clock or randomness.
//! * [`Manifest`]: which surveys a built site carries, written by whoever publishes it.
//! * [`ExportLine`], [`DayLine`]: what an analyst fetches.
//! * [`answer`]: what a widget reads of a receipt or a refusal, without a JSON parser. A widget
//!   leaves out the feature `json`, and with it most of the above.
//!
//! Nothing here opens an envelope, and nothing does IO. Everything that is read is read strictly:
//! a value that exists is a value that the protocol allows. No error repeats what was read.

// A test that unwraps says where it failed; that is what it is for.
#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod answer;
#[cfg(feature = "json")]
mod day;
#[cfg(feature = "json")]
mod envelope;
mod ids;
#[cfg(feature = "json")]
mod manifest;
#[cfg(feature = "json")]
mod messages;
#[cfg(feature = "json")]
mod origin;
mod problem;
pub mod retry;

#[cfg(feature = "json")]
pub use day::Day;
#[cfg(feature = "json")]
pub use envelope::{Auth, Ciphertext, Envelope, Mode, Wrap, Wraps};
#[cfg(feature = "json")]
pub use ids::digest;
pub use ids::{
    DefinitionHash, Digest, EnvelopeId, KeyId, PageCode, ParseError, SurveyId, page_code,
};
#[cfg(feature = "json")]
pub use manifest::{Inline, InlineHash, Manifest, ManifestError, ManifestSurvey};
#[cfg(feature = "json")]
pub use messages::{DayLine, DayTally, ExportLine, ExportLineError, Info, Receipt};
#[cfg(feature = "json")]
pub use origin::Origin;
#[cfg(feature = "json")]
pub use problem::Problem;
pub use problem::ProblemType;

/// The version of the protocol: member `ssp` of every envelope.
pub const VERSION: u8 = 1;

/// The longest request body, in bytes. Also the most that browsers send with `keepalive`.
pub const MAX_BODY: usize = 65_536;

/// The most recipients one envelope can have; it always has at least one.
pub const MAX_WRAPS: usize = 10;

/// Bytes of one wrap: the X-Wing encapsulation (1,120) and the sealed content key (33 + 16).
pub const WRAP_LEN: usize = 1_169;

/// Bytes of a padded response, before sealing. A survey uses the smallest class that holds its
/// longest possible response, so the size of an envelope tells which survey it is of and no more.
pub const SIZE_CLASSES: [usize; 3] = [4_096, 16_384, 32_768];

/// Bytes that sealing adds to a padded response (the ChaCha20-Poly1305 tag, RFC 8439 section 2.8).
pub const TAG_LEN: usize = 16;

/// Media type of an envelope and of every answer but a [`Problem`].
pub const CONTENT_TYPE: &str = "application/json";

/// Media type of a [`Problem`] (RFC 9457 section 6.1).
pub const PROBLEM_CONTENT_TYPE: &str = "application/problem+json";

/// Media type of the export: one JSON value a line.
pub const NDJSON_CONTENT_TYPE: &str = "application/x-ndjson";
