use std::fmt::{Debug, Display};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use proptest::prelude::*;

use super::*;

/// Reads text as `T` and writes it again: `Ok` holds the text, `Err` the message.
#[track_caller]
fn check<T>(text: &str, valid: bool)
where
    T: FromStr<Err = ParseError> + Display + Debug + PartialEq,
    T: serde::Serialize + for<'de> serde::Deserialize<'de>,
{
    let json = serde_json::to_string(text).unwrap();
    let from_json = serde_json::from_str::<T>(&json);
    match text.parse::<T>() {
        Ok(value) => {
            assert!(valid, "`{text}` must be refused");
            assert_eq!(value.to_string(), text);
            assert_eq!(serde_json::to_string(&value).unwrap(), json);
            assert_eq!(from_json.unwrap(), value);
        }
        Err(error) => {
            assert!(!valid, "`{text}` must be taken: {error}");
            let message = from_json.unwrap_err().to_string();
            for text in [error.to_string(), message] {
                assert!(!text.contains("MARK"), "echoes its input: {text}");
            }
        }
    }
}

#[test]
fn survey_ids_are_lower_case_names() {
    for valid in ["a", "0", "victim-voice", "a-", "vc-2026", &"x".repeat(64)] {
        check::<SurveyId>(valid, true);
    }
    for invalid in ["", "-a", "A", "MARK", "a_b", "a b", "a\n", "é", "a.b", &"x".repeat(65)] {
        check::<SurveyId>(invalid, false);
    }
}

#[test]
fn envelope_ids_are_16_bytes_in_one_spelling() {
    check::<EnvelopeId>("AAAAAAAAAAAAAAAAAAAAAA", true);
    check::<EnvelopeId>("_-_-_-_-_-_-_-_-_-_-_w", true);
    // The last character of 16 bytes carries 2 bits; the other 4 must be zero.
    check::<EnvelopeId>("AAAAAAAAAAAAAAAAAAAAAB", false);
    check::<EnvelopeId>("AAAAAAAAAAAAAAAAAAAAAA==", false);
    check::<EnvelopeId>("AAAAAAAAAAAAAAAAAAAAA", false);
    check::<EnvelopeId>("AAAAAAAAAAAAAAAAAAAAAAA", false);
    check::<EnvelopeId>("++++AAAAAAAAAAAAAAAAAA", false);
    check::<EnvelopeId>("AAAAAAAAAAAAAAAAAAAAAA\n", false);
    check::<EnvelopeId>("MARK", false);
    check::<EnvelopeId>("", false);
}

#[test]
fn hashes_are_32_bytes_in_one_spelling() {
    let zero = "A".repeat(43);
    check::<DefinitionHash>(&zero, true);
    check::<Digest>(&zero, true);
    check::<DefinitionHash>(&("A".repeat(42) + "B"), false);
    check::<DefinitionHash>(&"A".repeat(44), false);
    check::<Digest>("MARK", false);
}

#[test]
fn hexadecimal_is_lower_case_and_complete() {
    check::<KeyId>("0123456789abcdef", true);
    check::<KeyId>("ffffffffffffffff", true);
    check::<PageCode>("00c0ffee", true);
    for invalid in
        ["", "MARK", "0123456789ABCDEF", "0123456789abcde", "+123456789abcdef", "0x23456789abcdef"]
    {
        check::<KeyId>(invalid, false);
        check::<PageCode>(invalid, false);
    }
    check::<PageCode>("+0c0ffee", false);
    check::<PageCode>("0c0ffeeé", false);
}

#[test]
fn numbers_and_objects_are_no_names() {
    for json in ["1", "null", "{}", "[\"a\"]", "true"] {
        assert!(serde_json::from_str::<SurveyId>(json).is_err());
        assert!(serde_json::from_str::<EnvelopeId>(json).is_err());
    }
}

#[test]
fn digest_is_sha_256() {
    // FIPS 180-4 example: the message "abc".
    let expected = "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0";
    assert_eq!(Digest::of(b"abc").to_string(), expected);
    assert_eq!(DefinitionHash::of(b"abc").to_string(), expected);
}

#[test]
fn page_codes_are_fnv_1a() {
    // Test vectors of draft-eastlake-fnv, appendix on 32 bits: "a" and "foobar".
    assert_eq!(page_code(&"a".parse().unwrap()).to_string(), "e40c292c");
    assert_eq!(page_code(&"foobar".parse().unwrap()).to_string(), "bf9cf968");
}

#[test]
fn ids_and_digests_are_not_in_debug_output() {
    assert_eq!(format!("{:?}", EnvelopeId([7; 16])), "EnvelopeId(_)");
    assert_eq!(format!("{:?}", Digest([7; 32])), "Digest(_)");
}

proptest! {
    #[test]
    fn base64url_is_that_of_the_crate_for_it(
        id in any::<[u8; 16]>(),
        digest in any::<[u8; 32]>(),
        odd in any::<[u8; 3]>(),
        text in "[A-Za-z0-9_-]{0,24}|[ -~]{0,24}",
    ) {
        prop_assert_eq!(EnvelopeId(id).to_string(), URL_SAFE_NO_PAD.encode(id));
        prop_assert_eq!(Digest(digest).to_string().parse(), Ok(Digest(digest)));
        prop_assert_eq!(decode_exact(URL_SAFE_NO_PAD.encode(odd).as_bytes()), Some(odd));
        let bytes = URL_SAFE_NO_PAD.decode(&text).ok();
        prop_assert_eq!(decode_exact::<16>(text.as_bytes()), bytes.clone().and_then(|b| b.try_into().ok()));
        prop_assert_eq!(decode_exact::<3>(text.as_bytes()), bytes.and_then(|b| b.try_into().ok()));
    }
}
