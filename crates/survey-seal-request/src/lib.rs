//! What the widget and the sealer's module say to each other, to the byte.
//!
//! Sealing is a WebAssembly module of its own (`survey-sealer`), so that no cryptography is loaded
//! before the first question. The widget writes a [`Request`] into the module's memory, calls it
//! once, and reads a [`Reply`]. Both sides use this crate, which depends on nothing.
//!
//! # Request
//!
//! | bytes | what |
//! |---|---|
//! | 1 | the number [`VERSION`] |
//! | 1 | `n`, the number of recipients, 1 to [`MAX_RECIPIENTS`] |
//! | 1 | `s`, the length of the survey's id, 1 to 64 |
//! | 4 | the length of the longest response that the definition allows, little endian |
//! | 32 | SHA-256 of the published definition |
//! | `s` | the survey's id |
//! | `n` × [`RECIPIENT_LEN`] | for each recipient its key id (8) and its public key (1,216) |
//! | [`randomness_len`]`(n)` | fresh randomness |
//! | all others | the response |
//!
//! # Reply
//!
//! | bytes | what |
//! |---|---|
//! | 1 | 0, or the number of a [`Refusal`], and then nothing follows |
//! | 16 | the envelope's id |
//! | 32 | SHA-256 of the envelope |
//! | all others | the envelope: JSON, to be posted byte for byte |

#![no_std]

extern crate alloc;

use alloc::vec::Vec;
use core::fmt;

#[cfg(test)]
mod tests;

/// The version of both layouts. Widget and module are published together, so there is no other.
pub const VERSION: u8 = 1;

/// Most recipients that one envelope may have.
pub const MAX_RECIPIENTS: usize = 10;

/// Length of a recipient: key id (8) and X-Wing public key (1,216).
pub const RECIPIENT_LEN: usize = 8 + 1216;

/// Longest request: [`MAX_RECIPIENTS`], an id of 64 characters, and the longest response that any
/// size class holds.
pub const MAX_LEN: usize = HEAD_LEN
    + 64
    + MAX_RECIPIENTS * RECIPIENT_LEN
    + randomness_len(MAX_RECIPIENTS)
    + MAX_RESPONSE_LEN;

/// Longest response, in bytes: the largest size class without the prefix that holds the length.
pub const MAX_RESPONSE_LEN: usize = 32_768 - 4;

/// Everything before the survey's id.
const HEAD_LEN: usize = 3 + 4 + 32;

/// How many fresh random bytes an envelope for `recipients` recipients takes.
#[must_use]
pub const fn randomness_len(recipients: usize) -> usize {
    80 + 64 * recipients
}

/// What to seal, for whom, and with which randomness.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Request<'a> {
    /// The survey's id, in ASCII.
    pub survey: &'a [u8],
    /// SHA-256 of the published definition.
    pub definition: &'a [u8; 32],
    /// Length of the longest response that the definition allows, in bytes. The length of the
    /// response at hand would tell an onlooker how much a person wrote.
    pub longest: u32,
    /// The recipients, [`RECIPIENT_LEN`] bytes each.
    pub recipients: &'a [u8],
    /// Fresh randomness, [`randomness_len`] bytes from a cryptographic generator.
    pub randomness: &'a [u8],
    /// The response's JSON.
    pub response: &'a [u8],
}

/// A request holds a response and its keys.
impl fmt::Debug for Request<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request").finish_non_exhaustive()
    }
}

impl<'a> Request<'a> {
    /// The request as bytes, in a vector that never grew, so that no copy is left behind. It is
    /// as secret as the response: wipe it after use.
    ///
    /// `None` for what the layout cannot say: too many recipients or none, a part of another
    /// length than it has to have.
    #[must_use]
    pub fn to_bytes(&self) -> Option<Vec<u8>> {
        let recipients = self.recipients.len() / RECIPIENT_LEN;
        let survey = u8::try_from(self.survey.len()).ok()?;
        let mut bytes = Vec::with_capacity(
            HEAD_LEN
                + self.survey.len()
                + self.recipients.len()
                + self.randomness.len()
                + self.response.len(),
        );
        bytes.extend([VERSION, u8::try_from(recipients).ok()?, survey]);
        bytes.extend(self.longest.to_le_bytes());
        for part in [self.definition, self.survey, self.recipients, self.randomness, self.response]
        {
            bytes.extend_from_slice(part);
        }
        // One place knows the rules.
        if Request::parse(&bytes).is_ok_and(|read| read == *self) {
            return Some(bytes);
        }
        bytes.fill(0);
        core::hint::black_box(&bytes); // or the line above would be dropped with them
        None
    }

    /// Reads a request.
    ///
    /// # Errors
    ///
    /// [`Refusal::Request`] when the bytes are none. What they say is not judged here.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Refusal> {
        Self::read(bytes).ok_or(Refusal::Request)
    }

    fn read(bytes: &'a [u8]) -> Option<Self> {
        let (&[version, recipients, survey], rest) = bytes.split_first_chunk()?;
        let recipients = usize::from(recipients);
        if version != VERSION || !(1..=MAX_RECIPIENTS).contains(&recipients) {
            return None;
        }
        let (longest, rest) = rest.split_first_chunk()?;
        let (definition, rest) = rest.split_first_chunk()?;
        let (survey, rest) = rest.split_at_checked(usize::from(survey))?;
        let (keys, rest) = rest.split_at_checked(recipients * RECIPIENT_LEN)?;
        let (randomness, response) = rest.split_at_checked(randomness_len(recipients))?;
        Some(Self {
            survey,
            definition,
            longest: u32::from_le_bytes(*longest),
            recipients: keys,
            randomness,
            response,
        })
    }
}

/// A sealed response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reply<'a> {
    /// The envelope's random id.
    pub id: &'a [u8; 16],
    /// SHA-256 of the envelope: what the receipt has to name.
    pub digest: &'a [u8; 32],
    /// The envelope's JSON.
    pub envelope: &'a [u8],
}

/// Everything before the envelope.
pub const REPLY_HEAD_LEN: usize = 1 + 16 + 32;

impl<'a> Reply<'a> {
    /// Reads a reply.
    ///
    /// # Errors
    ///
    /// The module's refusal; [`Refusal::Internal`] as well for bytes that are no reply.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Refusal> {
        let (&code, rest) = bytes.split_first().ok_or(Refusal::Internal)?;
        if let Some(refusal) = Refusal::ALL.into_iter().find(|refusal| refusal.code() == code) {
            return Err(refusal);
        }
        let read = |rest: &'a [u8]| {
            let (id, rest) = rest.split_first_chunk()?;
            let (digest, envelope) = rest.split_first_chunk()?;
            Some(Self { id, digest, envelope })
        };
        read(rest).filter(|_| code == 0).ok_or(Refusal::Internal)
    }
}

/// Why the module did not seal. None says anything of the response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refusal {
    /// The bytes are no request of [`VERSION`].
    Request = 1,
    /// The randomness is none: part of it is all zeros, or comes twice.
    Randomness = 2,
    /// A recipient's key is no X-Wing public key, has another id, or is there twice.
    Recipients = 3,
    /// The survey's id is none.
    Survey = 4,
    /// The longest response fits no size class, or this one is longer than that.
    TooLong = 5,
    /// A fault of the module.
    Internal = 6,
}

impl Refusal {
    /// All of them, in the order of their numbers.
    pub const ALL: [Self; 6] = [
        Self::Request,
        Self::Randomness,
        Self::Recipients,
        Self::Survey,
        Self::TooLong,
        Self::Internal,
    ];

    /// The first byte of the reply.
    #[must_use]
    pub const fn code(self) -> u8 {
        self as u8
    }
}
