use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

fn envelope(survey: &str, wraps: u8, class: usize) -> Envelope {
    let wrap = |i| Wrap { kid: KeyId([i; 8]), w: [i; WRAP_LEN] };
    Envelope {
        survey: survey.parse().unwrap(),
        def: DefinitionHash([1; 32]),
        id: EnvelopeId([2; 16]),
        mode: Mode::Any,
        wraps: Wraps::new((0..wraps).map(wrap).collect()).unwrap(),
        kc: [3; 32],
        ct: Ciphertext::new(vec![4; class + TAG_LEN]).unwrap(),
        del: [5; 32],
        auth: Auth::None,
    }
}

/// A valid envelope as a tree, for a test to spoil.
fn tree() -> Value {
    serde_json::from_slice(&envelope("vc-2026", 2, 4_096).to_json()).unwrap()
}

#[track_caller]
fn check(name: &str, body: &[u8], detail: &str) {
    let problem = Envelope::parse(body).expect_err(name);
    assert_eq!(problem.kind, ProblemType::Malformed, "row `{name}`");
    assert!(problem.detail().contains(detail), "row `{name}`: {}", problem.detail());
    assert!(!problem.to_string().contains("MARK"), "row `{name}` echoes its input");
}

/// Spoils one value of a valid envelope; `pointer` is a JSON pointer (RFC 6901).
#[track_caller]
fn check_with(pointer: &str, value: Value, detail: &str) {
    let mut tree = tree();
    *tree.pointer_mut(pointer).expect("the pointer names a value") = value;
    check(pointer, &serde_json::to_vec(&tree).unwrap(), detail);
}

#[test]
fn members_are_written_in_the_order_of_the_specification() {
    let json = String::from_utf8(envelope("vc-2026", 2, 4_096).to_json()).unwrap();
    // The ciphertext first: it holds the spellings of the shorter values.
    let mut skeleton = json.replace(&URL_SAFE_NO_PAD.encode([4; 4_112]), "CT");
    for (value, name) in [(&[0; WRAP_LEN], "W0"), (&[1; WRAP_LEN], "W1")] {
        skeleton = skeleton.replace(&URL_SAFE_NO_PAD.encode(value), name);
    }
    for (byte, name) in [(1, "DEF"), (3, "KC"), (5, "DEL")] {
        skeleton = skeleton.replace(&URL_SAFE_NO_PAD.encode([byte; 32]), name);
    }
    skeleton = skeleton.replace(&EnvelopeId([2; 16]).to_string(), "ID");
    assert_eq!(
        skeleton,
        concat!(
            r#"{"ssp":1,"survey":"vc-2026","def":"DEF","id":"ID","mode":"any","#,
            r#""wraps":[{"kid":"0000000000000000","w":"W0"},{"kid":"0101010101010101","w":"W1"}],"#,
            r#""kc":"KC","ct":"CT","del":"DEL","auth":{"t":"none"}}"#
        )
    );
}

#[test]
fn lengths_depend_on_class_and_recipients_alone() {
    // As measured from independent implementations of the specification.
    let measured = [
        (4_096, 1, 7_340),
        (4_096, 3, 10_526),
        (16_384, 1, 23_724),
        (16_384, 3, 26_910),
        (32_768, 1, 45_569),
        (32_768, 3, 48_755),
    ];
    for (class, wraps, len) in measured {
        assert_eq!(envelope("vc-2026", wraps, class).to_json().len(), len);
    }
}

#[test]
fn the_longest_envelope_fits_the_body_limit() {
    let json = envelope(&"x".repeat(SurveyId::MAX_LEN), 10, 32_768).to_json();
    assert!(json.len() <= MAX_BODY, "{}", json.len());
    assert!(Envelope::parse(&json).is_ok());
}

#[test]
fn member_order_spaces_and_escapes_do_not_matter() {
    let envelope = envelope("vc-2026", 1, 4_096);
    // `Value` sorts members and this printer adds spaces.
    let tree: Value = serde_json::from_slice(&envelope.to_json()).unwrap();
    let pretty = serde_json::to_string_pretty(&tree).unwrap();
    assert_eq!(Envelope::parse(pretty.as_bytes()).unwrap(), envelope);
    let escaped = pretty.replace("vc-2026", "\\u0076c-2026");
    assert_eq!(Envelope::parse(escaped.as_bytes()).unwrap(), envelope);
}

#[test]
fn anything_but_one_object_is_refused() {
    let valid = envelope("vc-2026", 1, 4_096).to_json();
    let not_json = "not one JSON object in UTF-8";
    check("empty", b"", not_json);
    check("text", b"MARK", not_json);
    check("cut short", &valid[..valid.len() - 1], not_json);
    check("two values", &[&valid[..], b"{}"].concat(), not_json);
    check("byte order mark", &[b"\xef\xbb\xbf", &valid[..]].concat(), not_json);
    check("nul at the end", &[&valid[..], b"\0"].concat(), not_json);
    check("deep", "[".repeat(60_000).as_bytes(), "");
    check("array", b"[]", "exactly `ssp`");
    check("null", b"null", "exactly `ssp`");
    let as_array: Vec<Value> =
        ["ssp", "survey", "def", "id", "mode", "wraps", "kc", "ct", "del", "auth"]
            .iter()
            .map(|name| tree()[name].clone())
            .collect();
    check("values without names", &serde_json::to_vec(&as_array).unwrap(), "exactly `ssp`");
    let latin1 = String::from_utf8(valid).unwrap().replace("vc-2026", "vc-2026\u{1}");
    check(
        "not UTF-8",
        &latin1.bytes().map(|b| if b == 1 { 0xe9 } else { b }).collect::<Vec<_>>(),
        not_json,
    );
}

#[test]
fn members_are_exactly_those_of_the_specification() {
    let exactly = "exactly `ssp`";
    for name in ["ssp", "survey", "def", "id", "mode", "wraps", "kc", "ct", "del", "auth"] {
        let mut missing = tree();
        missing.as_object_mut().unwrap().remove(name);
        check(name, &serde_json::to_vec(&missing).unwrap(), exactly);
        check_with(&format!("/{name}"), Value::Null, exactly);
        let twice = format!(r#"{{"{name}":{},{}"#, tree()[name], &tree().to_string()[1..]);
        check(name, twice.as_bytes(), exactly);
    }
    for object in ["", "/wraps/0", "/auth"] {
        let mut more = tree();
        more.pointer_mut(object).unwrap()["MARK"] = json!(1);
        check(object, &serde_json::to_vec(&more).unwrap(), exactly);
    }
    for missing in ["/wraps/0/kid", "/wraps/1/w", "/auth/t"] {
        let (object, name) = missing.rsplit_once('/').unwrap();
        let mut tree = tree();
        tree.pointer_mut(object).unwrap().as_object_mut().unwrap().remove(name);
        check(missing, &serde_json::to_vec(&tree).unwrap(), exactly);
    }
    check_with("/auth", json!(["none"]), exactly);
    check_with("/wraps/0", json!(["00", "AA"]), exactly);
    check_with("/wraps", json!({}), exactly);
    check_with("/ct", json!([1, 2]), exactly);
    check_with("/ssp", json!("1"), exactly);
    check_with("/ssp", json!(1.0), exactly);
    check_with("/ssp", json!(-1), exactly);
}

#[test]
fn values_have_their_exact_length_and_spelling() {
    check_with("/ssp", json!(2), "`ssp`");
    check_with("/survey", json!("MARK"), "`survey`");
    check_with("/survey", json!(""), "`survey`");
    check_with("/def", json!("A".repeat(42)), "`def`");
    check_with("/def", json!("A".repeat(42) + "B"), "`def`");
    check_with("/id", json!("A".repeat(22) + "=="), "`id`");
    check_with("/id", json!("A".repeat(24)), "`id`");
    check_with("/mode", json!("2-of-3"), "`mode`");
    check_with("/wraps/0/kid", json!("0123456789ABCDEF"), "`kid`");
    check_with("/wraps/0/kid", json!("00"), "`kid`");
    check_with("/wraps/0/w", json!("A".repeat(1_558)), "`w`");
    check_with("/wraps/0/w", json!("A".repeat(1_560)), "`w`");
    check_with("/kc", json!("A".repeat(44)), "`kc`");
    check_with("/ct", json!("MARK!"), "`ct`");
    check_with("/ct", json!(URL_SAFE_NO_PAD.encode([0; 4_111])), "`ct`");
    check_with("/ct", json!(URL_SAFE_NO_PAD.encode([0; 4_113])), "`ct`");
    check_with("/ct", json!(URL_SAFE_NO_PAD.encode([0; 4_096])), "`ct`");
    check_with("/ct", json!(""), "`ct`");
    check_with("/del", json!("MARK"), "`del`");
    check_with("/auth/t", json!("MARK"), "`auth`");
}

#[test]
fn wraps_are_one_to_ten_for_different_keys() {
    let wrap = |i: u8| json!({ "kid": KeyId([i; 8]).to_string(), "w": "A".repeat(1_559) });
    check_with("/wraps", json!([]), "1 to 10");
    check_with("/wraps", json!((0..11).map(wrap).collect::<Vec<_>>()), "1 to 10");
    check_with("/wraps", json!([wrap(1), wrap(2), wrap(1)]), "same `kid`");
}

#[test]
fn a_body_over_the_limit_is_too_large() {
    let mut body = envelope("vc-2026", 1, 4_096).to_json();
    body.resize(MAX_BODY, b' ');
    assert!(Envelope::parse(&body).is_ok());
    body.push(b' ');
    assert_eq!(Envelope::parse(&body).unwrap_err().kind, ProblemType::TooLarge);
}

#[test]
fn debug_shows_the_shape_and_no_byte() {
    let text = format!("{:?}", envelope("vc-2026", 1, 4_096));
    assert!(text.contains("vc-2026") && text.contains("4112"), "{text}");
    assert!(!text.contains("[4, 4") && !text.contains("AgIC"), "{text}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_written_is_read(
        survey in "[a-z0-9][a-z0-9-]{0,63}",
        (def, kc, del) in any::<([u8; 32], [u8; 32], [u8; 32])>(),
        id in any::<[u8; 16]>(),
        wraps in 1_u8..=10,
        class in prop::sample::select(&SIZE_CLASSES[..]),
        byte in any::<u8>(),
    ) {
        let written = Envelope {
            def: DefinitionHash(def),
            id: EnvelopeId(id),
            kc,
            del,
            ct: Ciphertext::new(vec![byte; class + TAG_LEN]).unwrap(),
            ..envelope(&survey, wraps, class)
        };
        let json = written.to_json();
        prop_assert_eq!(Envelope::parse(&json), Ok(written));
    }

    #[test]
    fn no_bytes_make_it_panic(body in prop::collection::vec(any::<u8>(), 0..300)) {
        prop_assert!(Envelope::parse(&body).is_err());
    }

    /// One byte changed anywhere: refused, or read as what it then says, never as the original.
    #[test]
    fn a_changed_byte_never_goes_unseen(at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let original = envelope("vc-2026", 1, 4_096);
        let mut json = original.to_json();
        let at = at.index(json.len());
        prop_assume!(json[at] != byte);
        json[at] = byte;
        prop_assert_ne!(Envelope::parse(&json), Ok(original));
    }
}
