//! What the public interface does not reach: modes other than `any`, and malformed padding.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use alloc::vec;

use rand_core::{TryCryptoRng, TryRng};

use crate::{
    Binding, KeyId, OpenError, Sealed, SecretKey, SizeClass, open,
    padding::unpad,
    schedule::ContentKey,
    seal::{encrypt_body, wrap},
};

/// Counts. Enough for tests in which only the binding matters.
struct Counting(u8);

impl TryRng for Counting {
    type Error = core::convert::Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        rand_core::utils::next_word_via_fill(self)
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        rand_core::utils::next_word_via_fill(self)
    }

    fn try_fill_bytes(&mut self, dest: &mut [u8]) -> Result<(), Self::Error> {
        for byte in dest {
            self.0 = self.0.wrapping_add(1);
            *byte = self.0;
        }
        Ok(())
    }
}

impl TryCryptoRng for Counting {}

const BINDING: Binding<'_> = Binding { survey: "views", definition: &[0; 32], id: &[0xff; 16] };

#[test]
fn the_context_is_the_text_of_the_specification() {
    let expected = b"ssp/1\nsurvey=views\ndef=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n\
                     id=_____________________w\nmode=any\n";
    let hash: [u8; 32] = <sha2::Sha256 as sha2::Digest>::digest(expected).into();
    assert_eq!(BINDING.context().aad(), hash);

    let info = BINDING.context().info(KeyId::from_bytes([0; 8]));
    assert_eq!(info.len(), 43);
    assert!(info.starts_with(b"ssp/1 wrap\0"));
}

#[test]
fn an_envelope_of_another_mode_does_not_open_as_any() {
    let mut rng = Counting(0);
    let secret = SecretKey::generate(&mut rng);
    let cek = ContentKey::generate(&mut rng);
    for (mode, expected) in
        [("any", Ok(())), ("2-of-3", Err(OpenError::Wrap)), ("", Err(OpenError::Wrap))]
    {
        let context = BINDING.context_in_mode(mode);
        let mut body = SizeClass::Small.pad(b"answers").unwrap().to_vec();
        encrypt_body(&cek, &context, &mut body).unwrap();
        let sealed = Sealed {
            wraps: vec![wrap(&cek, &context, secret.public_key(), &mut rng).unwrap()],
            commitment: cek.commitment(),
            body,
        };
        assert_eq!(open(&secret, &BINDING, &sealed).map(drop), expected, "mode `{mode}`");
    }
}

#[test]
fn a_wrap_of_another_mode_with_a_body_of_this_one_does_not_open() {
    let mut rng = Counting(0);
    let secret = SecretKey::generate(&mut rng);
    let cek = ContentKey::generate(&mut rng);
    let mut body = SizeClass::Small.pad(b"answers").unwrap().to_vec();
    encrypt_body(&cek, &BINDING.context_in_mode("2-of-3"), &mut body).unwrap();
    let sealed = Sealed {
        wraps: vec![wrap(&cek, &BINDING.context(), secret.public_key(), &mut rng).unwrap()],
        commitment: cek.commitment(),
        body,
    };
    assert_eq!(open(&secret, &BINDING, &sealed), Err(OpenError::Body));
}

/// The one place that knows how padding is taken off.
#[track_caller]
fn check_unpad(name: &str, padded: &[u8], expected: Option<&[u8]>) {
    let actual = unpad(padded);
    assert_eq!(actual.as_ref().map(|plaintext| plaintext.as_slice()), expected, "row `{name}`");
}

#[test]
fn padding_is_a_length_and_zeros() {
    check_unpad("text and zeros", b"\x02\0\0\0ab\0\0", Some(b"ab"));
    check_unpad("text alone", b"\x02\0\0\0ab", Some(b"ab"));
    check_unpad("no text", b"\0\0\0\0\0\0", Some(b""));
    check_unpad("zeros in the text", b"\x03\0\0\0a\0b\0", Some(b"a\0b"));
    check_unpad("length too large by one", b"\x03\0\0\0ab", None);
    check_unpad("length of 4 GiB", b"\xff\xff\xff\xffab", None);
    check_unpad("length big-endian", b"\0\0\0\x02ab", None);
    check_unpad("first padding byte not zero", b"\x02\0\0\0ab\x01\0", None);
    check_unpad("last padding byte not zero", b"\x02\0\0\0ab\0\x01", None);
    check_unpad("too short for a length", b"\0\0\0", None);
    check_unpad("empty", b"", None);
}

#[test]
fn padding_leaves_room_for_the_tag() {
    for class in SizeClass::ALL {
        let padded = class.pad(b"answers").unwrap();
        assert_eq!(padded.len(), class.padded_len());
        assert!(padded.capacity() >= class.body_len(), "sealing would copy the plaintext");
        assert!(class.pad(&vec![0; class.capacity() + 1]).is_none());
    }
}
