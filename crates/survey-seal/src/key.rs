use alloc::string::String;
use core::{array, fmt, str::FromStr};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use hpke::{Deserializable, Kem as _, Serializable};
use rand_core::CryptoRng;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::{Kem, KeyError, hash::sha256};

/// The short name of a public key: 64 bits of its hash, 16 lower-case hex digits as text.
///
/// It tells keys apart and finds typing mistakes. It is no proof of identity against somebody who
/// makes keys until two ids agree; for that, compare whole public keys.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId([u8; 8]);

impl KeyId {
    // kid = first 8 bytes of SHA-256("ssp/1 kid" || kem_id || pk)
    fn of(public_key: &[u8]) -> Self {
        let hash = sha256(&[b"ssp/1 kid", &Kem::KEM_ID.to_be_bytes(), public_key]);
        let mut id = [0; 8];
        id.copy_from_slice(&hash[..8]);
        Self(id)
    }

    /// The id from its 8 bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 8]) -> Self {
        Self(bytes)
    }

    /// The id's 8 bytes.
    #[must_use]
    pub const fn to_bytes(self) -> [u8; 8] {
        self.0
    }

    /// The id as ASCII hex digits.
    #[must_use]
    pub fn hex(self) -> [u8; 16] {
        hex_digits(&self.0)
    }
}

/// `N` lower-case hex digits of the first `N / 2` bytes.
fn hex_digits<const N: usize>(bytes: &[u8]) -> [u8; N] {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    array::from_fn(|at| {
        let byte = bytes[at / 2];
        DIGITS[usize::from(if at % 2 == 0 { byte >> 4 } else { byte & 0xf })]
    })
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.hex().iter().try_for_each(|&digit| fmt::Write::write_char(f, char::from(digit)))
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for KeyId {
    type Err = KeyError;

    /// Reads 16 lower-case hex digits and nothing else, so that an id has one spelling.
    fn from_str(text: &str) -> Result<Self, KeyError> {
        let digits: &[u8; 16] = text.as_bytes().try_into().map_err(|_| KeyError::KeyId)?;
        let mut id = [0; 8];
        for (byte, [high, low]) in id.iter_mut().zip(digits.as_chunks::<2>().0) {
            *byte = (hex_value(*high)? << 4) | hex_value(*low)?;
        }
        Ok(Self(id))
    }
}

fn hex_value(digit: u8) -> Result<u8, KeyError> {
    match digit {
        b'0'..=b'9' => Ok(digit - b'0'),
        b'a'..=b'f' => Ok(digit - b'a' + 10),
        _ => Err(KeyError::KeyId),
    }
}

/// A key that responses are sealed to. It travels in the published definition.
#[derive(Clone, PartialEq, Eq)]
pub struct PublicKey {
    pub(crate) inner: <Kem as hpke::Kem>::PublicKey,
    kid: KeyId,
}

impl PublicKey {
    /// Length of the encoding in bytes: ML-KEM-768 (1,184), then X25519 (32).
    pub const LEN: usize = 1216;

    /// Reads a key from its 1,216 bytes and checks it.
    ///
    /// # Errors
    ///
    /// [`KeyError::PublicKeyLength`], or [`KeyError::PublicKeyInvalid`] when the ML-KEM half has
    /// coefficients outside the field (FIPS 203 section 7.2) or the X25519 half is a point of low
    /// order, to which no secret can be agreed (RFC 7748 section 6.1).
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, KeyError> {
        let Ok(whole) = <&[u8; Self::LEN]>::try_from(bytes) else {
            return Err(KeyError::PublicKeyLength { found: bytes.len() });
        };
        if ends_in_low_order_point(whole) {
            return Err(KeyError::PublicKeyInvalid);
        }
        let inner = Deserializable::from_bytes(whole).map_err(|_| KeyError::PublicKeyInvalid)?;
        Ok(Self { inner, kid: KeyId::of(whole) })
    }

    /// Reads a key from base64url without padding: 1,622 characters.
    ///
    /// # Errors
    ///
    /// [`KeyError::PublicKeyText`] and those of [`PublicKey::from_bytes`].
    pub fn from_base64url(text: &str) -> Result<Self, KeyError> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).map_err(|_| KeyError::PublicKeyText)?;
        Self::from_bytes(&bytes)
    }

    /// Reads a key from base64url and compares it with the id that was published beside it.
    ///
    /// The id is the checksum of a public key: any change of one of both is found.
    ///
    /// # Errors
    ///
    /// [`KeyError::KeyIdMismatch`] and those of [`PublicKey::from_base64url`].
    pub fn from_recipient(kid: KeyId, key: &str) -> Result<Self, KeyError> {
        let key = Self::from_base64url(key)?;
        if key.kid != kid {
            return Err(KeyError::KeyIdMismatch { stated: kid, found: key.kid });
        }
        Ok(key)
    }

    /// The key's 1,216 bytes, in the encoding of draft-connolly-cfrg-xwing-kem.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; Self::LEN] {
        self.inner.to_bytes().into()
    }

    /// The key as 1,622 characters of base64url without padding.
    #[must_use]
    pub fn to_base64url(&self) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(self.to_bytes())
    }

    /// The key's id.
    #[must_use]
    pub const fn kid(&self) -> KeyId {
        self.kid
    }
}

impl fmt::Debug for PublicKey {
    /// Writes the id alone; 1,216 bytes help nobody.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("PublicKey").field(&self.kid).finish()
    }
}

/// The points of Curve25519 with which every agreement ends in zeros, as 32 bytes with the top bit
/// cleared: 0, 1, two points of order 8, and p - 1, p, p + 1.
const LOW_ORDER: [[u8; 32]; 7] = {
    let mut minus_one = [0xff; 32];
    minus_one[0] = 0xec;
    minus_one[31] = 0x7f;
    let (mut zero, mut one) = (minus_one, minus_one);
    zero[0] = 0xed;
    one[0] = 0xee;
    let mut small_one = [0; 32];
    small_one[0] = 1;
    [
        [0; 32],
        small_one,
        [
            0xe0, 0xeb, 0x7a, 0x7c, 0x3b, 0x41, 0xb8, 0xae, 0x16, 0x56, 0xe3, 0xfa, 0xf1, 0x9f,
            0xc4, 0x6a, 0xda, 0x09, 0x8d, 0xeb, 0x9c, 0x32, 0xb1, 0xfd, 0x86, 0x62, 0x05, 0x16,
            0x5f, 0x49, 0xb8, 0x00,
        ],
        [
            0x5f, 0x9c, 0x95, 0xbc, 0xa3, 0x50, 0x8c, 0x24, 0xb1, 0xd0, 0xb1, 0x55, 0x9c, 0x83,
            0xef, 0x5b, 0x04, 0x44, 0x5c, 0xc4, 0x58, 0x1c, 0x8e, 0x86, 0xd8, 0x22, 0x4e, 0xdd,
            0xd0, 0x9f, 0x11, 0x57,
        ],
        minus_one,
        zero,
        one,
    ]
};

/// Whether the X25519 part, the last 32 bytes, has low order.
///
/// RFC 9180 section 7.1.4 demands the check, and OpenSSL and Go do it. `hpke` 0.15 does not for
/// X-Wing (rozbb/rust-hpke#113), so what it opens, others would refuse. The bytes are public, in a
/// key as in an encapsulation, so this need not run in constant time.
pub(crate) fn ends_in_low_order_point(bytes: &[u8]) -> bool {
    bytes.last_chunk::<32>().is_some_and(|point| {
        let mut point = *point;
        point[31] &= 0x7f; // RFC 7748 section 5 ignores the top bit.
        LOW_ORDER.contains(&point)
    })
}

/// The key that opens envelopes. It belongs on the analyst's machine, offline, and nowhere else.
///
/// 32 random bytes, from which ML-KEM and X25519 keys follow. They are wiped from memory when the
/// value is dropped; what the operating system swapped or copied is beyond that. `Debug` shows the
/// key's id only.
///
/// Losing every copy makes all envelopes unreadable for ever, so keep two in two places.
pub struct SecretKey {
    pub(crate) inner: <Kem as hpke::Kem>::PrivateKey,
    public: PublicKey,
}

const SECRET_KEY_PREFIX: &str = "SSP-SECRET-KEY-1:";
/// Characters of base64url for the 32 bytes of the seed.
const SEED_CHARS: usize = 43;

impl SecretKey {
    /// Makes a new key from 32 bytes of `rng`, which must be cryptographically secure.
    #[must_use]
    pub fn generate(rng: &mut impl CryptoRng) -> Self {
        let mut seed = Zeroizing::new([0; 32]);
        rng.fill_bytes(seed.as_mut_slice());
        Self::from_seed(&seed)
    }

    /// The key that follows from `seed` (X-Wing's decapsulation key). Every seed is a key.
    ///
    /// The seed must be random: a password or anything else that can be guessed is not enough.
    #[must_use]
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        // Cannot fail: `from_bytes` only checks for the 32 bytes that the type guarantees.
        let inner = <Kem as hpke::Kem>::PrivateKey::from_bytes(seed)
            .expect("an X-Wing private key is any 32 bytes");
        let public = Kem::sk_to_pk(&inner);
        let kid = KeyId::of(&public.to_bytes());
        Self { inner, public: PublicKey { inner: public, kid } }
    }

    /// The key that others seal to.
    #[must_use]
    pub const fn public_key(&self) -> &PublicKey {
        &self.public
    }

    /// The key's id, the same as its public key's.
    #[must_use]
    pub const fn kid(&self) -> KeyId {
        self.public.kid
    }

    /// The key as one line of text: `SSP-SECRET-KEY-1:<43 characters>:<8 hex digits>`.
    ///
    /// The middle is the seed in base64url, the end the first 4 bytes of SHA-256 over prefix
    /// (with its colon) and seed; of 4 billion typing mistakes it lets one through. The line is
    /// wiped from memory on drop. Reading is [`FromStr`].
    #[must_use]
    pub fn to_text(&self) -> Zeroizing<String> {
        let mut seed = Zeroizing::new([0; 32]);
        self.inner.write_exact(seed.as_mut_slice());
        // With the whole capacity from the start, growing leaves no copy of the seed behind.
        let mut text =
            Zeroizing::new(String::with_capacity(SECRET_KEY_PREFIX.len() + SEED_CHARS + 1 + 8));
        text.push_str(SECRET_KEY_PREFIX);
        BASE64_URL_SAFE_NO_PAD.encode_string(seed.as_slice(), &mut text);
        text.push(':');
        checksum(&seed).iter().for_each(|&digit| text.push(char::from(digit)));
        text
    }
}

impl FromStr for SecretKey {
    type Err = KeyError;

    /// Reads the line that [`SecretKey::to_text`] writes; white space around it is ignored.
    ///
    /// # Errors
    ///
    /// [`KeyError::NotSecretKey`], [`KeyError::SecretKeyVersion`], [`KeyError::SecretKeyParts`],
    /// [`KeyError::SecretKeyLength`] or [`KeyError::SecretKeyChecksum`]: which one tells what is
    /// wrong with the text, and none holds any of it.
    fn from_str(text: &str) -> Result<Self, KeyError> {
        let named = text.trim_ascii().strip_prefix("SSP-SECRET-KEY-");
        let numbered = named.ok_or(KeyError::NotSecretKey)?.split_once(':');
        let (version, rest) = numbered.ok_or(KeyError::SecretKeyParts)?;
        if version != "1" {
            return Err(KeyError::SecretKeyVersion);
        }
        let (middle, stated) = rest.split_once(':').ok_or(KeyError::SecretKeyParts)?;
        let found = middle.chars().count();
        if found != SEED_CHARS {
            return Err(KeyError::SecretKeyLength { found });
        }
        // One byte more than needed, because the decoder wants room for whole groups of three.
        let mut seed = Zeroizing::new([0; 33]);
        let length = BASE64_URL_SAFE_NO_PAD
            .decode_slice(middle, seed.as_mut_slice())
            .map_err(|_| KeyError::SecretKeyChecksum)?;
        let Some((seed, _)) = seed.split_first_chunk::<32>().filter(|_| length == 32) else {
            return Err(KeyError::SecretKeyChecksum);
        };
        if !bool::from(checksum(seed).ct_eq(stated.as_bytes())) {
            return Err(KeyError::SecretKeyChecksum);
        }
        Ok(Self::from_seed(seed))
    }
}

/// The last part of a secret key's text.
fn checksum(seed: &[u8; 32]) -> [u8; 8] {
    hex_digits(&sha256(&[SECRET_KEY_PREFIX.as_bytes(), seed]))
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SecretKey").field("kid", &self.kid()).finish_non_exhaustive()
    }
}
