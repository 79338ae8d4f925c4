//! SHA-256 and base64url, each in one place.
//!
//! Generic code that is used in five places is compiled five times, and the sealer's module holds
//! all of it: these two functions made it 1.3 kB smaller, compressed.

use sha2::{Digest, Sha256};

/// SHA-256 (FIPS 180-4) of `parts`, one after the other.
#[must_use]
#[inline(never)]
pub fn sha256(parts: &[&[u8]]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part);
    }
    hash.finalize().into()
}

/// How many characters base64url without padding has for `len` bytes.
#[must_use]
pub const fn base64url_len(len: usize) -> usize {
    (len * 4).div_ceil(3)
}

/// Writes `bytes` as base64url without padding (RFC 4648 section 5) into `text`, which has
/// [`base64url_len`] bytes. For what is public only: how long it takes depends on the bytes.
#[inline(never)]
pub fn base64url(bytes: &[u8], text: &mut [u8]) {
    const SYMBOLS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    debug_assert_eq!(text.len(), base64url_len(bytes.len()), "room for exactly all symbols");
    for (bytes, text) in bytes.chunks(3).zip(text.chunks_mut(4)) {
        let at = |index| u32::from(bytes.get(index).copied().unwrap_or(0));
        let mut group = (at(0) << 16) | (at(1) << 8) | at(2);
        for symbol in text {
            *symbol = SYMBOLS[((group >> 18) & 63) as usize];
            group <<= 6;
        }
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};

    use super::*;

    #[test]
    fn parts_are_hashed_as_one() {
        let whole: [u8; 32] = Sha256::digest(b"abc").into();
        for parts in [&[&b"abc"[..]][..], &[b"a", b"bc"], &[b"", b"ab", b"", b"c"]] {
            assert_eq!(sha256(parts), whole);
        }
    }

    #[test]
    fn base64url_is_that_of_the_library() {
        let bytes: [u8; 256] = core::array::from_fn(|at| (at * 89) as u8);
        for len in 0..bytes.len() {
            let mut text = vec![0; base64url_len(len)];
            base64url(&bytes[..len], &mut text);
            assert_eq!(text, BASE64_URL_SAFE_NO_PAD.encode(&bytes[..len]).as_bytes(), "{len}");
        }
    }
}
