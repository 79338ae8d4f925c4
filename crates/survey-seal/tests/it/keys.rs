//! Keys as text and bytes: what is read, what is refused, and that messages show no secret.

use std::fmt::Write;

use survey_seal::{KeyError, KeyId, PublicKey, SecretKey};

use crate::common::{rng::Seeded, unhex};

const TEXT: &str = "SSP-SECRET-KEY-1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8:6e21788d";

fn seed() -> [u8; 32] {
    std::array::from_fn(|at| u8::try_from(at).unwrap())
}

/// The one place that knows how a secret key is read.
#[track_caller]
fn check_secret(name: &str, text: &str, expected: Result<(), KeyError>) {
    let actual = text.parse::<SecretKey>();
    assert_eq!(actual.map(|key| assert_eq!(*key.to_text(), TEXT)), expected, "row `{name}`");
}

#[test]
fn a_secret_key_is_one_line_of_text_with_a_checksum() {
    assert_eq!(*SecretKey::from_seed(&seed()).to_text(), TEXT);

    let typing = Err(KeyError::SecretKeyChecksum);
    let replace = |from, to| TEXT.replacen(from, to, 1);
    check_secret("as written", TEXT, Ok(()));
    check_secret("white space around", &format!("  {TEXT}\r\n"), Ok(()));
    check_secret("one character changed", &replace("AAEC", "AAED"), typing);
    check_secret("two neighbours swapped", &replace("AwQF", "AQwF"), typing);
    check_secret("case changed", &replace("cICQ", "CICQ"), typing);
    check_secret("character outside the alphabet", &replace("AAEC", "A+EC"), typing);
    check_secret("letter that is not ASCII", &replace("AAEC", "AÄEC"), typing);
    check_secret("bits behind the last byte", &replace("Hh8:", "Hh9:"), typing);
    check_secret("checksum changed", &replace("6e21", "6e22"), typing);
    check_secret("checksum in capitals", &replace("788d", "788D"), typing);
    check_secret("checksum cut", &TEXT[..TEXT.len() - 1], typing);
    check_secret("more behind it", &format!("{TEXT}:00"), typing);
    check_secret(
        "one missing",
        &replace("AAEC", "AAC"),
        Err(KeyError::SecretKeyLength { found: 42 }),
    );
    check_secret(
        "one too many",
        &replace("AAEC", "AAECC"),
        Err(KeyError::SecretKeyLength { found: 44 }),
    );
    check_secret("no checksum", TEXT.rsplit_once(':').unwrap().0, Err(KeyError::SecretKeyParts));
    check_secret("prefix alone", "SSP-SECRET-KEY-1:", Err(KeyError::SecretKeyParts));
    check_secret("no colon", "SSP-SECRET-KEY-1", Err(KeyError::SecretKeyParts));
    check_secret("newer version", &replace("KEY-1", "KEY-2"), Err(KeyError::SecretKeyVersion));
    check_secret("empty", "", Err(KeyError::NotSecretKey));
    check_secret("prefix changed", &replace("SSP", "SPP"), Err(KeyError::NotSecretKey));
    check_secret("a public key file", r#"{"kid":"00"}"#, Err(KeyError::NotSecretKey));
}

#[test]
fn every_single_wrong_character_of_a_secret_key_is_found() {
    for (at, right) in TEXT.bytes().enumerate() {
        let wrong = if right == b'A' { b'B' } else { b'A' };
        let mut text = TEXT.as_bytes().to_vec();
        text[at] = wrong;
        let text = String::from_utf8(text).unwrap();
        assert!(text.parse::<SecretKey>().is_err(), "character {at}");
    }
}

/// The one place that knows how a public key is read.
#[track_caller]
fn check_public(name: &str, change: impl FnOnce(&mut Vec<u8>), expected: Result<(), KeyError>) {
    let mut bytes = SecretKey::from_seed(&seed()).public_key().to_bytes().to_vec();
    change(&mut bytes);
    assert_eq!(PublicKey::from_bytes(&bytes).map(drop), expected, "row `{name}`");
}

#[test]
fn a_public_key_is_checked_when_it_is_read() {
    let invalid = Err(KeyError::PublicKeyInvalid);
    check_public("as made", |_| {}, Ok(()));
    check_public("cut", |key| key.truncate(1215), Err(KeyError::PublicKeyLength { found: 1215 }));
    check_public("extended", |key| key.push(0), Err(KeyError::PublicKeyLength { found: 1217 }));
    check_public("empty", Vec::clear, Err(KeyError::PublicKeyLength { found: 0 }));
    // FIPS 203 section 7.2: two coefficients of 12 bits in 3 bytes, each below 3329.
    check_public("first coefficient 3329", |key| (key[0], key[1]) = (0x01, key[1] | 0x0f), invalid);
    check_public("last coefficient 4095", |key| (key[1150], key[1151]) = (0xff, 0xff), invalid);
    for (point, top_bit) in LOW_ORDER.iter().flat_map(|point| [(point, 0), (point, 0x80)]) {
        let mut bytes = unhex(point);
        bytes[31] |= top_bit;
        check_public(point, |key| key[1184..].copy_from_slice(&bytes), invalid);
    }
    // Zeros elsewhere are a key like any other; only the last 32 bytes are a point.
    check_public("seed of the matrix is zero", |key| key[1152..1184].fill(0), Ok(()));
}

/// RFC 7748 section 6.1 and section 7: the inputs for which X25519 gives zeros, little-endian.
const LOW_ORDER: [&str; 7] = [
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0100000000000000000000000000000000000000000000000000000000000000",
    "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
    "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
];

#[test]
fn a_public_key_and_its_id_belong_together() {
    let mut rng = Seeded::new("two keys");
    let (mine, other) = (SecretKey::generate(&mut rng), SecretKey::generate(&mut rng));
    let text = mine.public_key().to_base64url();
    assert_eq!(text.len(), 1622);

    assert_eq!(PublicKey::from_recipient(mine.kid(), &text).as_ref(), Ok(mine.public_key()));
    let mismatch = KeyError::KeyIdMismatch { stated: other.kid(), found: mine.kid() };
    assert_eq!(PublicKey::from_recipient(other.kid(), &text), Err(mismatch));
    assert_eq!(PublicKey::from_base64url(&format!("{text}=")), Err(KeyError::PublicKeyText));
    assert_eq!(PublicKey::from_base64url(&format!("{text}\n")), Err(KeyError::PublicKeyText));
    assert_eq!(
        PublicKey::from_base64url(&text[..1620]),
        Err(KeyError::PublicKeyLength { found: 1215 })
    );
}

#[test]
fn a_key_id_has_one_spelling() {
    let text = "0123456789abcdef";
    let kid: KeyId = text.parse().unwrap();
    assert_eq!(kid.to_bytes(), [0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef]);
    assert_eq!(KeyId::from_bytes(kid.to_bytes()), kid);
    assert_eq!((kid.to_string().as_str(), format!("{kid:?}").as_str()), (text, text));
    for wrong in
        ["", "0123456789abcde", "0123456789abcdef0", "0123456789ABCDEF", "0123456789abcdeg"]
    {
        assert_eq!(wrong.parse::<KeyId>(), Err(KeyError::KeyId), "{wrong}");
    }
}

#[test]
fn debug_output_and_messages_show_no_secret() {
    let secret = SecretKey::from_seed(&seed());
    let mut shown = format!("{secret:?} {secret:#?} {:?}", secret.public_key());
    let middle = TEXT.split(':').nth(1).unwrap();
    for text in [
        TEXT.replacen("AAEC", "AAED", 1),
        TEXT.replacen("AAEC", "AAC", 1),
        TEXT.replacen("KEY-1", "KEY-2", 1),
        middle.to_owned(),
    ] {
        let error = text.parse::<SecretKey>().unwrap_err();
        write!(shown, "{error} {error:?}").unwrap();
    }
    assert!(shown.contains(&secret.kid().to_string()));
    // Any six characters of the seed's text or of its hex digits would be too many.
    let hex = crate::common::hex(&seed());
    for part in middle.as_bytes().windows(6).chain(hex.as_bytes().windows(6)) {
        let part = str::from_utf8(part).unwrap();
        assert!(!shown.contains(part), "{part}");
    }
}
