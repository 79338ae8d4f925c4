//! Seals a response so that only the holder of an analyst's key can read it.
//!
//! Bytes in, bytes out: this crate knows no question, no JSON and no network. It reads no clock
//! and draws no randomness of its own; the caller hands in the generator.
//!
//! # The envelope
//!
//! One suite, HPKE base mode (RFC 9180): the X-Wing KEM (0x647a, ML-KEM-768 with X25519),
//! HKDF-SHA256 (0x0001), ChaCha20Poly1305 (0x0003). A fresh content key seals the body, and one
//! wrap for each recipient seals the content key:
//!
//! ```text
//! cek    = 32 random bytes
//! ctx    = "ssp/1\nsurvey=<id>\ndef=<b64url sha256 of definition>\nid=<b64url 16 bytes>\nmode=any\n"
//! kid    = first 8 bytes of SHA-256("ssp/1 kid" || 0x647a || public key), 16 hex digits as text
//! info   = "ssp/1 wrap" || 0x00 || SHA-256(ctx || "kid=" || kid || "\n")               43 bytes
//! wrap   = HPKE.Seal(public key, info, aad = "", 0x00 || cek) = enc || ct           1,169 bytes
//! commit = HKDF-SHA256(no salt, cek, "ssp/1 commit", 32)
//! key    = HKDF-SHA256(no salt, cek, "ssp/1 body", 32)
//! body   = ChaCha20Poly1305(key, nonce = 12 zero bytes, aad = SHA-256(ctx),
//!                           u32le length || plaintext || zeros up to the size class)
//! ```
//!
//! Base64url (RFC 4648 section 5) is without padding, hex is lower case. The content key is used
//! once, which makes the constant nonce safe. `vectors/envelope-v1.json` holds every intermediate
//! value of this table for other implementations.
//!
//! # What it gives
//!
//! - A body opens only under the survey, the exact definition, the response id and the key it was
//!   sealed for: all are bound through `ctx`, so nothing can be moved elsewhere.
//! - All recipients read the same plaintext: the commitment is checked before the body, because
//!   ChaCha20Poly1305 alone would let one body open to two texts under two keys.
//! - The length of the output tells the size class and the number of recipients, nothing else.
//!
//! # What it does not give
//!
//! - The sender is not authenticated: anybody can seal to a public key. Whether a response is
//!   genuine is the analyst's judgement.
//! - The order of the wraps and the presence of *other* recipients' wraps are not bound. Taking a
//!   wrap out keeps that recipient from reading; it changes nothing of what the others read.
//! - No forward secrecy: whoever learns the secret key opens everything sealed to it. Rotate keys.
//!
//! [`seal()`] has an example of the whole way.

#![no_std]

extern crate alloc;

mod binding;
mod error;
mod hash;
mod key;
mod open;
mod padding;
mod schedule;
mod seal;
mod sealing;

#[cfg(test)]
mod tests;

pub use binding::Binding;
pub use error::{KeyError, OpenError, SealError};
pub use hash::{base64url, base64url_len, sha256};
pub use key::{KeyId, PublicKey, SecretKey};
pub use open::open;
pub use padding::SizeClass;
pub use seal::{Sealed, Wrap, seal};
pub use sealing::Sealing;

/// Length of a wrap in bytes: encapsulated key (1,120), content key and mode byte (33), tag (16).
pub const WRAP_LEN: usize = ENC_LEN + SECRET_LEN + TAG_LEN;

/// Most recipients that one envelope may have.
pub const MAX_RECIPIENTS: usize = 10;

/// The one KEM of the protocol, by its number and by the types that follow from it.
type Kem = hpke::kem::XWing;
type Kdf = hpke::kdf::HkdfSha256;
type Aead = hpke::aead::ChaCha20Poly1305;

const ENC_LEN: usize = 1120;
/// The mode byte (0 in mode `any`) and the content key.
const SECRET_LEN: usize = 1 + 32;
/// Poly1305, in the wraps and behind the body.
const TAG_LEN: usize = 16;
