//! Names and numbers of the protocol: each a type of its own, read strictly, written one way.

use std::{fmt, str::FromStr};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest as _, Sha256};

#[cfg(test)]
mod tests;

/// Text that is not what the protocol wants in its place.
///
/// Says what was expected and never what was there, so that it can be logged and sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParseError {
    expected: &'static str,
}

impl ParseError {
    pub(crate) const fn expected(expected: &'static str) -> Self {
        Self { expected }
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected {}", self.expected)
    }
}

impl std::error::Error for ParseError {}

/// JSON form of a type = its text form.
macro_rules! serde_as_text {
    ($type:ty) => {
        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}
pub(crate) use serde_as_text;

/// Decodes base64url without padding (RFC 4648 section 5) of exactly `N` bytes. There is one
/// spelling for each value: padding, line breaks and left-over bits are refused.
pub(crate) fn decode_exact<const N: usize>(text: &str) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    // The decoder refuses text that does not fit the array, so nothing is decoded twice.
    let len = URL_SAFE_NO_PAD.decode_slice(text, &mut bytes).ok()?;
    (len == N).then_some(bytes)
}

/// Defines a type of `$len` bytes, written as base64url.
macro_rules! base64url_bytes {
    ($(#[$doc:meta])* $name:ident($len:literal), $expected:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub [u8; $len]);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&URL_SAFE_NO_PAD.encode(self.0))
            }
        }

        impl FromStr for $name {
            type Err = ParseError;

            fn from_str(text: &str) -> Result<Self, ParseError> {
                decode_exact(text).map(Self).ok_or(ParseError::expected($expected))
            }
        }

        serde_as_text!($name);
    };
}

base64url_bytes! {
    /// SHA-256 of the exact bytes of a published definition; 43 characters of base64url.
    ///
    /// It names the survey's version, its questions and its recipients at once.
    DefinitionHash(32), "a definition hash: 43 characters of base64url without padding"
}

base64url_bytes! {
    /// The random name of one envelope, made by the client; 22 characters of base64url.
    ///
    /// `Debug` hides it: an id beside the time of a log line would tell when somebody answered.
    EnvelopeId(16), "an envelope id: 22 characters of base64url without padding"
}

base64url_bytes! {
    /// A SHA-256; 43 characters of base64url.
    Digest(32), "a SHA-256: 43 characters of base64url without padding"
}

impl DefinitionHash {
    /// The hash of a definition, given the bytes as they are served.
    pub fn of(definition: &[u8]) -> Self {
        Self(digest(definition))
    }
}

impl Digest {
    /// The SHA-256 of `bytes`.
    pub fn of(bytes: &[u8]) -> Self {
        Self(digest(bytes))
    }
}

/// The SHA-256 of `bytes` (FIPS 180-4).
pub fn digest(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

impl fmt::Debug for DefinitionHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DefinitionHash({self})")
    }
}

impl fmt::Debug for EnvelopeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EnvelopeId(_)")
    }
}

/// Hidden as well: a receipt's digest finds its envelope.
impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Digest(_)")
    }
}

/// The name of a survey: 1 to 64 of `a-z`, `0-9` and `-`, not starting with `-`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SurveyId(String);

impl SurveyId {
    /// The most characters a survey's name has.
    pub const MAX_LEN: usize = 64;

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SurveyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for SurveyId {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        let valid = (1..=Self::MAX_LEN).contains(&text.len())
            && !text.starts_with('-')
            && text.bytes().all(allowed);
        let refused = ParseError::expected(
            "a survey id: 1 to 64 of a-z, 0-9 and -, starting with a letter or digit",
        );
        valid.then(|| Self(text.to_owned())).ok_or(refused)
    }
}

serde_as_text!(SurveyId);

/// Which public key a wrap is for; 16 lower-case hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId(pub [u8; 8]);

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", u64::from_be_bytes(self.0))
    }
}

impl FromStr for KeyId {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        lower_hex::<16>(text)
            .map(|number| Self(number.to_be_bytes()))
            .ok_or(ParseError::expected("a key id: 16 lower-case hexadecimal digits"))
    }
}

serde_as_text!(KeyId);

/// The folder of a survey's own page, `s/<code>/`: 8 lower-case hexadecimal digits.
///
/// A code in place of the name keeps the subject of the survey out of addresses and histories.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PageCode(u32);

/// The folder of a survey's own page: FNV-1a (32 bits) of the survey's name.
///
/// `embed.js` computes the same, so a partner's script tag needs the name only. Two surveys of one
/// site can meet in one code (one chance in 4 billion); [`Manifest::parse`](crate::Manifest::parse)
/// refuses such a site.
///
/// ```
/// # use survey_wire::page_code;
/// assert_eq!(page_code(&"victim-voice".parse()?).to_string(), "48b33f92");
/// # Ok::<(), survey_wire::ParseError>(())
/// ```
pub fn page_code(survey: &SurveyId) -> PageCode {
    let hash = survey
        .0
        .bytes()
        .fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    PageCode(hash)
}

impl fmt::Display for PageCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:08x}", self.0)
    }
}

impl FromStr for PageCode {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        lower_hex::<8>(text)
            .and_then(|number| u32::try_from(number).ok())
            .map(Self)
            .ok_or(ParseError::expected("a page code: 8 lower-case hexadecimal digits"))
    }
}

serde_as_text!(PageCode);

/// The number that `LEN` lower-case hexadecimal digits stand for; `LEN` is at most 16.
fn lower_hex<const LEN: usize>(text: &str) -> Option<u64> {
    let digit = |b: u8| matches!(b, b'0'..=b'9' | b'a'..=b'f');
    if text.len() != LEN || !text.bytes().all(digit) {
        return None;
    }
    u64::from_str_radix(text, 16).ok()
}
