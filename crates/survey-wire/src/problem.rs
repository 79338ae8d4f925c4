//! Everything a backend can refuse, in one table (RFC 9457).

use std::{fmt, str::FromStr};

use crate::ids::{ParseError, serde_as_text};

#[cfg(feature = "json")]
mod document;
#[cfg(all(test, feature = "json"))]
mod tests;

#[cfg(feature = "json")]
pub use document::Problem;

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

impl ProblemType {
    pub(crate) fn read(text: &[u8]) -> Option<Self> {
        let name = text.strip_prefix(PREFIX.as_bytes())?;
        Self::ALL.iter().find(|kind| kind.name().as_bytes() == name).copied()
    }
}

impl fmt::Display for ProblemType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{PREFIX}{}", self.name())
    }
}

impl FromStr for ProblemType {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let expected = "a problem type of ssp/1: urn:ssp:error:<name>";
        Self::read(text.as_bytes()).ok_or(ParseError::expected(expected))
    }
}

serde_as_text!(ProblemType);
