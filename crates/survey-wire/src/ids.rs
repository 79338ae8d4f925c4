//! Names and numbers of the protocol: each a type of its own, read strictly, written one way.

use std::{
    fmt::{self, Write as _},
    str::FromStr,
};

#[cfg(feature = "json")]
use sha2::{Digest as _, Sha256};

#[cfg(all(test, feature = "json"))]
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
        #[cfg(feature = "json")]
        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        #[cfg(feature = "json")]
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
pub(crate) fn decode_exact<const N: usize>(text: &[u8]) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    decode(text, &mut bytes).then_some(bytes)
}

/// By hand: the widget reads two such values of a receipt, and a decoder of every alphabet and
/// length is ten times the size.
fn decode(text: &[u8], bytes: &mut [u8]) -> bool {
    let mut room = bytes.iter_mut();
    // The bits that make no byte yet, and how many they are.
    let (mut bits, mut count) = (0_u32, 0);
    for character in text {
        let six = match character {
            b'A'..=b'Z' => character - b'A',
            b'a'..=b'z' => character - b'a' + 26,
            b'0'..=b'9' => character - b'0' + 52,
            b'-' => 62,
            b'_' => 63,
            _ => return false,
        };
        bits = bits << 6 | u32::from(six);
        count += 6;
        if count >= 8 {
            count -= 8;
            let Some(byte) = room.next() else { return false };
            *byte = (bits >> count) as u8;
            bits &= (1 << count) - 1;
        }
    }
    // Six bits or more would be a character too many.
    room.next().is_none() && count < 6 && bits == 0
}

/// Writes base64url without padding.
fn encode(bytes: &[u8], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    for chunk in bytes.chunks(3) {
        let bits = (0..3).fold(0, |bits, i| bits << 8 | usize::from(*chunk.get(i).unwrap_or(&0)));
        for i in 0..=chunk.len() {
            f.write_char(char::from(ALPHABET[bits >> (18 - 6 * i) & 63]))?;
        }
    }
    Ok(())
}

/// Defines a type of `$len` bytes, written as base64url.
macro_rules! base64url_bytes {
    ($(#[$doc:meta])* $name:ident($len:literal), $expected:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub [u8; $len]);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                encode(&self.0, f)
            }
        }

        impl FromStr for $name {
            type Err = ParseError;

            fn from_str(text: &str) -> Result<Self, ParseError> {
                decode_exact(text.as_bytes()).map(Self).ok_or(ParseError::expected($expected))
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

#[cfg(feature = "json")]
impl DefinitionHash {
    /// The hash of a definition, given the bytes as they are served.
    pub fn of(definition: &[u8]) -> Self {
        Self(digest(definition))
    }
}

#[cfg(feature = "json")]
impl Digest {
    /// The SHA-256 of `bytes`.
    pub fn of(bytes: &[u8]) -> Self {
        Self(digest(bytes))
    }
}

/// The SHA-256 of `bytes` (FIPS 180-4).
#[cfg(feature = "json")]
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
