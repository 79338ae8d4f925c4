//! The small messages around the envelope.

use std::{borrow::Cow, fmt};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::{Day, Digest, Envelope, EnvelopeId, MAX_BODY, Problem, VERSION};

#[cfg(test)]
mod tests;

/// What a backend answers when an envelope is stored for good: 201 the first time, 200 when the
/// same bytes come again. Both times it is the same receipt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The envelope's id.
    pub id: EnvelopeId,
    /// SHA-256 of the body as it was received. A client compares it with what it sent.
    pub digest: Digest,
    /// The day it was stored first.
    pub day: Day,
}

/// What a backend says of itself at `{base}/info`. Readers ignore members they do not know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Info {
    /// The versions of the protocol it speaks.
    pub ssp: Vec<u8>,
    /// The longest body it takes, in bytes.
    pub max_body: usize,
    /// The finest time it keeps: `day`, or coarser.
    pub time: Cow<'static, str>,
    /// Whether responses can be withdrawn with their secret.
    pub withdraw: bool,
    /// The kinds of `auth` it understands.
    pub auth: Vec<Cow<'static, str>>,
    /// After how many days envelopes are deleted; absent when they are kept until the operator
    /// deletes them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retention_days: Option<u32>,
}

impl Info {
    /// What a backend says that keeps to the minimum of `ssp/1`: no withdrawal, no tokens, no
    /// deletion by itself.
    pub fn minimal() -> Self {
        Self {
            ssp: vec![VERSION],
            max_body: MAX_BODY,
            time: Cow::Borrowed("day"),
            withdraw: false,
            auth: vec![Cow::Borrowed("none")],
            retention_days: None,
        }
    }
}

/// One stored envelope in an export.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExportLine {
    /// The day it was stored first.
    pub day: Day,
    /// SHA-256 of `envelope`.
    pub digest: Digest,
    /// The envelope's JSON, exactly as it was posted and as `digest` was computed over it. A
    /// string and not an object, so that no tool on the way can change its spelling.
    pub envelope: String,
}

/// Why an [`ExportLine`] is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ExportLineError {
    /// The envelope was changed after the backend stored it. Fetch it again.
    DigestMismatch,
    /// What was stored is no envelope: the backend took something it should have refused.
    NotAnEnvelope(Problem),
}

impl fmt::Display for ExportLineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::DigestMismatch => f.write_str(
                "the envelope does not match its digest, so it was changed after it was stored; \
                 fetch it again",
            ),
            Self::NotAnEnvelope(problem) => write!(f, "the backend stored no envelope: {problem}"),
        }
    }
}

impl std::error::Error for ExportLineError {}

impl ExportLine {
    /// The envelope, once its digest is found to be right.
    ///
    /// # Errors
    ///
    /// [`ExportLineError::DigestMismatch`] and [`ExportLineError::NotAnEnvelope`].
    pub fn envelope(&self) -> Result<Envelope, ExportLineError> {
        if Digest::of(self.envelope.as_bytes()) != self.digest {
            return Err(ExportLineError::DigestMismatch);
        }
        Envelope::parse(self.envelope.as_bytes()).map_err(ExportLineError::NotAnEnvelope)
    }
}

/// One day in the list of days: what a complete export of that day amounts to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DayLine {
    /// The day.
    pub day: Day,
    /// How many envelopes were stored that day.
    pub count: u64,
    /// Over all of them; see [`DayTally`].
    pub digest: Digest,
}

/// Adds up a day: SHA-256 over `id || digest` of every envelope (16 and 32 bytes), in ascending
/// order of id. Who has fetched a day computes the same, and so knows that nothing is missing.
///
/// ```
/// # use survey_wire::{Day, DayTally, Digest, EnvelopeId};
/// let mut tally = DayTally::default();
/// tally.push(&EnvelopeId([1; 16]), &Digest([7; 32]));
/// tally.push(&EnvelopeId([2; 16]), &Digest([8; 32]));
/// assert_eq!(tally.finish(Day::MIN).count, 2);
/// ```
#[derive(Clone, Debug, Default)]
pub struct DayTally {
    count: u64,
    hash: Sha256,
}

impl DayTally {
    /// Adds the next envelope; its id is greater than the one before.
    pub fn push(&mut self, id: &EnvelopeId, digest: &Digest) {
        self.count += 1;
        self.hash.update(id.0);
        self.hash.update(digest.0);
    }

    /// The day's line.
    pub fn finish(self, day: Day) -> DayLine {
        DayLine { day, count: self.count, digest: Digest(self.hash.finalize().into()) }
    }
}
