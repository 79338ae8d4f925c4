//! The body of a refusal.

use std::{borrow::Cow, fmt};

use serde::{Deserialize, Serialize, ser::SerializeStruct};

use super::ProblemType;

/// A refusal, as `application/problem+json` (RFC 9457).
///
/// `detail` says what is wrong and what to do, to the developer of a client. A backend can only
/// make one from text of its own source, so it never repeats what was sent.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Problem {
    /// What kind of refusal.
    #[serde(rename = "type")]
    pub kind: ProblemType,
    /// What is wrong this time and what to do, in English.
    #[serde(default)]
    detail: Cow<'static, str>,
}

impl Problem {
    /// A refusal of this kind; `detail` says what is wrong and what to do.
    pub const fn new(kind: ProblemType, detail: &'static str) -> Self {
        Self { kind, detail: Cow::Borrowed(detail) }
    }

    /// A body that is no envelope.
    pub(crate) const fn malformed(detail: &'static str) -> Self {
        Self::new(ProblemType::Malformed, detail)
    }

    /// The HTTP status it is sent with.
    pub const fn status(&self) -> u16 {
        self.kind.status()
    }

    /// What is wrong this time and what to do, in English; empty if the sender did not say.
    pub fn detail(&self) -> &str {
        &self.detail
    }

    /// Reads an answer's body. `None` when it is no problem of this protocol: go by the HTTP
    /// status then.
    pub fn parse(body: &[u8]) -> Option<Self> {
        serde_json::from_slice(body).ok()
    }

    /// The body to send, with members `type`, `title`, `status` and `detail`.
    pub fn to_json(&self) -> Vec<u8> {
        // Cannot fail: four members, all text or a number.
        serde_json::to_vec(self).expect("a problem is plain data")
    }
}

impl Serialize for Problem {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_struct("Problem", 4)?;
        object.serialize_field("type", &self.kind)?;
        object.serialize_field("title", self.kind.title())?;
        object.serialize_field("status", &self.status())?;
        object.serialize_field("detail", &self.detail)?;
        object.end()
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.kind.title(), self.detail)
    }
}

impl std::error::Error for Problem {}
