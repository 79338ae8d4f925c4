//! Everything a backend can refuse, in one table (RFC 9457).

use std::{borrow::Cow, fmt, str::FromStr};

use serde::{Deserialize, Serialize, ser::SerializeStruct};

use crate::ids::{ParseError, serde_as_text};

#[cfg(test)]
mod tests;

const PREFIX: &str = "urn:ssp:error:";

/// Defines [`ProblemType`] with both directions of its name from one row each, so that no kind can
/// be written and not read.
macro_rules! problem_types {
    ($($(#[$doc:meta])* $variant:ident = $status:literal $name:literal $title:literal;)*) => {
        /// What kind of refusal this is: member `type` of a [`Problem`], `urn:ssp:error:<name>`.
        ///
        /// Names are stable; new ones may come, so a client that meets one it does not know goes
        /// by the HTTP status.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum ProblemType {
            $($(#[$doc])* $variant,)*
        }

        impl ProblemType {
            /// Every kind there is.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The part of the name after `urn:ssp:error:`.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// The HTTP status it is sent with.
            pub const fn status(self) -> u16 {
                match self { $(Self::$variant => $status,)* }
            }

            /// A short English sentence on the kind, the same every time.
            pub const fn title(self) -> &'static str {
                match self { $(Self::$variant => $title,)* }
            }
        }
    };
}

problem_types! {
    /// The body is not an envelope. Sending it again fails the same way.
    Malformed = 400 "malformed" "The body is not an ssp/1 envelope";
    /// This survey needs a token and the envelope has none that is valid.
    AuthRequired = 403 "auth-required" "This survey needs a valid token";
    /// The token was used before.
    AuthSpent = 403 "auth-spent" "This token was used before";
    /// This backend does not take envelopes of this survey.
    UnknownSurvey = 404 "unknown-survey" "This survey is not collected here";
    /// The whole request did not arrive in time.
    Timeout = 408 "timeout" "The request did not arrive in time";
    /// Another envelope with this id is stored. Seal again under a new id.
    IdConflict = 409 "id-conflict" "Another envelope has this id";
    /// The survey's last day is over.
    Closed = 410 "closed" "This survey is closed";
    /// The body is longer than [`MAX_BODY`](crate::MAX_BODY).
    TooLarge = 413 "too-large" "The body is too large";
    /// The body is not `application/json`, or it is compressed.
    UnsupportedType = 415 "unsupported-type" "The body is not plain application/json";
    /// The survey was published anew. Fetch the definition, check the answers against it and seal
    /// them again, once.
    OutdatedDefinition = 422 "outdated-definition" "The survey was published anew";
    /// The backend failed. Not the sender's fault; nothing was stored.
    Internal = 500 "internal" "The backend failed";
    /// Too many requests at once; try again after `Retry-After`.
    Busy = 503 "busy" "The backend is busy";
    /// The backend's disk is full. Not stored; try the next backend, or later.
    StorageFull = 507 "storage-full" "The backend has no room left";
}

impl fmt::Display for ProblemType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{PREFIX}{}", self.name())
    }
}

impl FromStr for ProblemType {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let name = text.strip_prefix(PREFIX);
        let known = Self::ALL.iter().find(|kind| Some(kind.name()) == name);
        known.copied().ok_or(ParseError::expected("a problem type of ssp/1: urn:ssp:error:<name>"))
    }
}

serde_as_text!(ProblemType);

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
