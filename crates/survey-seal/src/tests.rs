//! What the public interface does not reach: modes other than `any`, and malformed padding.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use alloc::vec;

use rand_core::{TryCryptoRng, TryRng};

use crate::{
    Binding, KeyId, OpenError, SealError, Sealed, Sealing, SecretKey, SizeClass, Wrap, open,
    padding::unpad, schedule::ContentKey,
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
    for (mode, expected) in
        [("any", Ok(())), ("2-of-3", Err(OpenError::Wrap)), ("", Err(OpenError::Wrap))]
    {
        let sealed = sealed_in_modes([mode, mode], &secret, &mut rng);
        assert_eq!(open(&secret, &BINDING, &sealed).map(drop), expected, "mode `{mode}`");
    }
}

#[test]
fn a_wrap_of_this_mode_with_a_body_of_another_does_not_open() {
    let mut rng = Counting(0);
    let secret = SecretKey::generate(&mut rng);
    let sealed = sealed_in_modes(["any", "2-of-3"], &secret, &mut rng);
    assert_eq!(open(&secret, &BINDING, &sealed), Err(OpenError::Body));
}

/// An envelope whose wrap and whose body say these modes.
fn sealed_in_modes(
    [wrap, body]: [&'static str; 2],
    secret: &SecretKey,
    rng: &mut Counting,
) -> Sealed {
    let cek = ContentKey::generate(rng);
    let sealing = |mode| {
        let cek = ContentKey::from_bytes(cek.as_bytes());
        Sealing::with(cek, BINDING.context_in_mode(mode))
    };
    let bytes = sealing(wrap).wrap(secret.public_key(), rng).unwrap().to_vec();
    let mut sealed = vec![0; SizeClass::Small.body_len()];
    sealing(body).finish(b"answers", SizeClass::Small, &mut sealed).unwrap();
    Sealed {
        wraps: vec![Wrap { kid: secret.kid(), bytes }],
        commitment: cek.commitment(),
        body: sealed,
    }
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
fn a_body_has_the_length_of_its_class_and_nothing_else() {
    let mut rng = Counting(0);
    for class in SizeClass::ALL {
        let full = vec![b'x'; class.capacity()];
        let over = vec![b'x'; class.capacity() + 1];
        let too_long = Err(SealError::TooLong { capacity: class.capacity() });
        for (text, length, expected) in [
            (&full, class.body_len(), Ok(())),
            (&over, class.body_len(), too_long),
            (&full, class.body_len() - 1, Err(SealError::Internal)),
            (&full, class.body_len() + 1, Err(SealError::Internal)),
            (&full, 0, Err(SealError::Internal)),
        ] {
            let mut body = vec![0; length];
            let sealing = Sealing::begin(b"views", &[0; 32], &[0xff; 16], &mut rng).unwrap();
            assert_eq!(sealing.finish(text, class, &mut body), expected, "{class:?} {length}");
            assert!(!body.starts_with(b"xxxx") && !body.windows(8).any(|part| part == b"xxxxxxxx"));
        }
    }
}
