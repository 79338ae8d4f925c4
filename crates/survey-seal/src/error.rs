use crate::{KeyId, MAX_RECIPIENTS};

/// Why a response was not sealed. Nothing was encrypted, and the same call fails the same way.
///
/// No variant holds anything of the response, not even its length.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SealError {
    /// Nobody could open it.
    #[error("an envelope needs at least 1 recipient; publish the survey with an analyst's key")]
    NoRecipients,
    /// More than [`MAX_RECIPIENTS`].
    #[error(
        "an envelope has at most {MAX_RECIPIENTS} recipients, found {found}; publish the survey \
         with fewer keys"
    )]
    TooManyRecipients {
        /// How many were given.
        found: usize,
    },
    /// Two recipients have the same key.
    #[error("key {kid} is given twice; publish the survey with each key once")]
    DuplicateRecipient {
        /// The key that is there twice.
        kid: KeyId,
    },
    /// The plaintext is longer than the size class holds.
    #[error(
        "the response is longer than the {capacity} bytes of its size class; use the class of the \
         longest response that the survey allows"
    )]
    TooLong {
        /// What the class holds, in bytes.
        capacity: usize,
    },
    /// The binding's survey id is not one.
    #[error(
        "the survey id is not 1 to 64 of a-z, 0-9 and `-`, starting with a letter or digit; take \
         it from the definition"
    )]
    SurveyId,
    /// The cipher refused to work. No input is known that leads here.
    #[error("encryption failed; this is a fault of the program, please report it")]
    Internal,
}

/// Why an envelope did not open. Which variant it is tells an analyst what to do next.
///
/// No variant holds anything of the content or of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// No wrap carries the key's id: the envelope was sealed for others.
    #[error(
        "none of the wraps is for this key; use the secret key of one of the key ids in the envelope"
    )]
    NotForThisKey,
    /// A wrap carries the key's id and does not open: it was changed, cut, there twice, or belongs
    /// to another survey, definition, response or key.
    #[error(
        "the wrap for this key does not open: wrap, survey, definition or id were changed, or it \
         was taken from another envelope; fetch the envelope again and compare its digest"
    )]
    Wrap,
    /// The content key does not fit the commitment: the commitment was changed, or the sender
    /// tried to show different bodies to different recipients.
    #[error(
        "the content key does not fit the envelope's commitment; fetch the envelope again and, if \
         it stays so, keep it out of the analysis"
    )]
    Commitment,
    /// Key and commitment are right, the body is not: changed, cut or extended.
    #[error("the body does not open: it was changed or cut; fetch the envelope again")]
    Body,
    /// Everything is authentic, and the padding is not what a correct sealer writes.
    #[error(
        "the body opened but its padding is malformed; the program that sealed it has a fault, \
         please report it"
    )]
    Padding,
}

impl OpenError {
    /// All errors, in the order in which [`open`](crate::open()) finds them.
    pub const ALL: [Self; 5] =
        [Self::NotForThisKey, Self::Wrap, Self::Commitment, Self::Body, Self::Padding];

    /// A stable name for files and tests, the same in `vectors/envelope-v1.json`:
    /// `not-for-this-key`, `wrap`, `commitment`, `body` or `padding`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::NotForThisKey => "not-for-this-key",
            Self::Wrap => "wrap",
            Self::Commitment => "commitment",
            Self::Body => "body",
            Self::Padding => "padding",
        }
    }
}

/// Why a key or a key id could not be read. Never holds any part of a secret key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// Not a key id.
    #[error("a key id is 16 digits of 0-9 and a-f; copy it again from where it was published")]
    KeyId,
    /// The public key's text is not base64url.
    #[error(
        "the public key is not base64url (A-Z, a-z, 0-9, `-`, `_`, no `=`); copy it again, whole \
         and without line breaks"
    )]
    PublicKeyText,
    /// The public key has the wrong length.
    #[error("a public key has 1216 bytes, found {found}; copy it again, whole")]
    PublicKeyLength {
        /// Bytes found.
        found: usize,
    },
    /// Right length, but no public key of this kind looks so (FIPS 203 section 7.2, RFC 7748
    /// section 6.1).
    #[error(
        "these bytes are no X-Wing public key; ask the key's owner for the public key file again"
    )]
    PublicKeyInvalid,
    /// The key does not have the id that stands beside it.
    #[error(
        "the key's own id is {found}, but {stated} stands beside it; one of them was changed or \
         mistyped, ask the key's owner for both again"
    )]
    KeyIdMismatch {
        /// The id that was written beside the key.
        stated: KeyId,
        /// The id that the key has.
        found: KeyId,
    },
    /// The text is something else than a secret key.
    #[error(
        "this is no secret key: one starts with SSP-SECRET-KEY-1: (a public key file cannot open \
         anything); give the file that was made with the key"
    )]
    NotSecretKey,
    /// A secret key of a format that this version does not know.
    #[error(
        "the secret key is not of format 1, the only one this program reads; look for a typing \
         mistake at its start, or use a newer version of the program"
    )]
    SecretKeyVersion,
    /// The text starts right and has not the three parts of a secret key.
    #[error(
        "the secret key is not whole: it is one line, SSP-SECRET-KEY-1, 43 characters and 8 \
         checksum digits, with a colon between; copy the whole line"
    )]
    SecretKeyParts,
    /// The middle part has the wrong length.
    #[error(
        "the middle part of the secret key has 43 characters, found {found}; compare it with the \
         original"
    )]
    SecretKeyLength {
        /// Characters found.
        found: usize,
    },
    /// The checksum does not fit, or a character cannot occur: a typing mistake.
    #[error(
        "the secret key has a typing mistake: its checksum does not fit; compare it with the \
         original character by character (0 and O, 1 and l and I look alike)"
    )]
    SecretKeyChecksum,
}
