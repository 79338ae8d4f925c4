//! Plaintexts that are refused, and how long one can get.

use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::*;
use crate::check::tests::every_page;

/// A plaintext to the definition that has everything.
fn plaintext() -> Json {
    json!({
        "v": 1, "rid": "00112233445566778899aabbccddeeff", "rev": 0, "final": true, "lang": "en",
        "context": {"site": "met"},
        "answers": {
            "one": 1, "many": [1, 2], "scale": 3, "list": 12, "rate": 0, "short": "a b",
            "long": "a\nb", "month": "2025-03", "more": "go_on", "last": {"missing": "skipped"}
        }
    })
}

fn parse(json: &str) -> Result<Response, Invalid> {
    let definition = Definition::parse(every_page().to_string().as_bytes()).unwrap();
    let response = Response::parse(&definition, json.as_bytes())?;
    let again = response.to_json(&definition);
    assert!(Response::parse(&definition, &again).as_ref() == Ok(&response), "{json}");
    Ok(response)
}

/// Puts `value` at `pointer`; the plaintext is then refused for `expected`, or read.
#[track_caller]
fn check(pointer: &str, value: Json, expected: Result<(), Invalid>) {
    let mut json = plaintext();
    let row = format!("row {pointer} = {value}");
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    json.pointer_mut(parent).unwrap()[name] = value;
    assert_eq!(parse(&json.to_string()).map(|_| ()), expected, "{row}");
}

fn unfit(key: &str) -> Result<(), Invalid> {
    Err(Invalid::Answer { key: key.to_owned() })
}

fn not_asked(key: &str) -> Result<(), Invalid> {
    Err(Invalid::NotAsked { key: key.to_owned() })
}

#[test]
fn what_a_browser_sends_is_read() {
    assert!(parse(&plaintext().to_string()).is_ok());
    check("/rev", json!(65_535), Ok(()));
    check("/final", json!(false), Ok(()));
    check("/lang", json!("pl"), Ok(()));
    check("/answers", json!({}), Ok(()));
    check("/answers/one", json!({"missing": "declined"}), Ok(()));
    check("/answers/month", json!({"missing": "dont_know"}), Ok(()));
    check("/answers/more", json!({"missing": "skipped"}), Ok(()));
}

#[test]
fn the_frame_has_one_form() {
    check("/v", json!(2), Err(Invalid::Version));
    check("/v", json!("1"), Err(Invalid::Malformed));
    check("/rid", json!("00112233445566778899AABBCCDDEEFF"), Err(Invalid::Malformed));
    check("/rid", json!("00112233445566778899aabbccddee"), Err(Invalid::Malformed));
    check("/rev", json!(65_536), Err(Invalid::Malformed));
    check("/final", json!(1), Err(Invalid::Malformed));
    check("/lang", json!("de"), Err(Invalid::Language));
    check("/context", json!({"site": "elsewhere"}), Err(Invalid::Context));
    check("/context", json!({"name": "met"}), Err(Invalid::Context));
    check("/context", json!({"site": 1}), Err(Invalid::Malformed));
    check("/answers", json!([]), Err(Invalid::Malformed));
    check("/more", json!(1), Err(Invalid::Malformed));
    check("/answers/never", json!(1), Err(Invalid::UnknownQuestion));
    // A later version may have other members; which it is, is said first.
    assert_eq!(parse(r#"{"v":2,"sealed":true}"#), Err(Invalid::Version));
    assert_eq!(parse("{}"), Err(Invalid::Malformed));
}

#[test]
fn an_answer_fits_its_question() {
    check("/answers/one", json!(3), unfit("one"));
    check("/answers/one", json!([1]), unfit("one"));
    check("/answers/one", json!("1"), unfit("one"));
    check("/answers/one", json!(1.0), unfit("one"));
    check("/answers/one", json!(-1), unfit("one"));
    check("/answers/one", json!(98), unfit("one"));
    check("/answers/one", json!(null), unfit("one"));
    check("/answers/one", json!(true), unfit("one"));
    check("/answers/one", json!({}), unfit("one"));
    check("/answers/one", json!({"missing": "not_asked"}), unfit("one"));
    check("/answers/one", json!({"missing": 98}), unfit("one"));
    check("/answers/one", json!({"missing": "skipped", "why": "x"}), unfit("one"));
    check("/answers/scale", json!({"missing": "declined"}), unfit("scale"));
    check("/answers/many", json!(1), unfit("many"));
    check("/answers/many", json!([1, 9]), unfit("many"));
    check("/answers/many", json!([1, [2]]), unfit("many"));
    check("/answers/rate", json!(11), unfit("rate"));
    check("/answers/short", json!("a\nb"), unfit("short"));
    check("/answers/short", json!("x".repeat(21)), unfit("short"));
    check("/answers/month", json!("2025-3"), unfit("month"));
    check("/answers/month", json!("2027-01"), unfit("month"));
    check("/answers/more", json!("stop"), unfit("more"));
    check("/answers/more", json!(1), unfit("more"));
    check("/answers/word", json!({"missing": "skipped"}), unfit("word"));
}

#[test]
fn an_answer_is_written_one_way() {
    check("/answers/many", json!([2, 1]), unfit("many"));
    check("/answers/many", json!([1, 1]), unfit("many"));
    check("/answers/many", json!([]), unfit("many"));
    check("/answers/short", json!(" a"), unfit("short"));
    check("/answers/short", json!(""), unfit("short"));
    check("/answers/long", json!("a\u{0}"), unfit("long"));
    let twice = |name: &str| {
        plaintext().to_string().replacen(
            &format!("\"{name}\":"),
            &format!("\"{name}\":1,\"{name}\":"),
            1,
        )
    };
    assert_eq!(parse(&twice("one")), Err(Invalid::Malformed));
    assert_eq!(parse(&twice("rev")), Err(Invalid::Malformed));
    let context = plaintext().to_string().replace("\"site\":", "\"site\":\"met\",\"site\":");
    assert_eq!(parse(&context), Err(Invalid::Context));
    let missing =
        plaintext().to_string().replace("{\"missing\":", "{\"missing\":\"skipped\",\"missing\":");
    assert_eq!(parse(&missing), Err(Invalid::Answer { key: "last".to_owned() }));
}

#[test]
fn only_what_was_asked_is_answered() {
    // The first option of `many` is offered unless `one` is 2.
    check("/answers/one", json!(2), not_asked("many"));
    // Nothing is asked after "finish".
    check("/answers/more", json!("finish"), not_asked("last"));
    // Neither option of `last` is offered.
    let mut json = plaintext();
    json["answers"]["one"] = json!(2);
    json["answers"]["many"] = json!([9]);
    assert_eq!(parse(&json.to_string()).map(|_| ()), not_asked("last"));
}

#[test]
fn no_refusal_tells_what_was_answered() {
    let mut json = plaintext();
    json["answers"]["short"] = json!("marker".repeat(9));
    let error = parse(&json.to_string()).unwrap_err();
    assert_eq!(error.to_string(), "the answer to `short` does not fit the question");
    json["answers"] = json!({"marker": "marker"});
    let error = parse(&json.to_string()).unwrap_err();
    assert!(!format!("{error} {error:?} {}", error.name()).contains("marker"));
}

#[test]
fn a_plaintext_has_one_spelling() {
    let definition = Definition::parse(every_page().to_string().as_bytes()).unwrap();
    let json = concat!(
        r#"{"v":1,"rid":"00112233445566778899aabbccddeeff","rev":65535,"final":true,"lang":"en","#,
        r#""context":{"site":"met"},"answers":{"one":{"missing":"dont_know"},"many":[1,2],"#,
        r#""scale":3,"list":12,"rate":10,"short":"\"ż\\","long":"a\nb","month":"2025-03","#,
        r#""more":"go_on","last":{"missing":"skipped"}}}"#,
    );
    let response = Response::parse(&definition, json.as_bytes()).unwrap();
    assert_eq!(str::from_utf8(&response.to_json(&definition)).unwrap(), json);
    let nothing = r#"{"v":1,"rid":"ffffffffffffffffffffffffffffffff","rev":0,"final":false,"lang":"pl","context":{},"answers":{}}"#;
    let response = Response::parse(&definition, nothing.as_bytes()).unwrap();
    assert_eq!(str::from_utf8(&response.to_json(&definition)).unwrap(), nothing);
}

#[test]
fn numbers_are_written_in_decimal() {
    for number in 0..=u16::MAX {
        let mut json = Vec::new();
        super::json::number(&mut json, number);
        assert_eq!(json, number.to_string().as_bytes());
    }
}

proptest! {
    #[test]
    fn texts_are_written_as_a_json_library_writes_them(
        text in prop_oneof![any::<String>(), "[\0-\x7f]{0,40}", "\\PC{0,40}"],
    ) {
        let mut json = Vec::new();
        super::json::string(&mut json, &text);
        prop_assert_eq!(json, serde_json::to_vec(&text).unwrap());
    }
}

#[test]
fn the_longest_response_is_counted_to_the_byte_or_over() {
    let options: Vec<Json> = (1..=96).map(|code| json!({"code": code, "label": "L"})).collect();
    let mut definition = every_page();
    definition["pages"] = json!([
        {"type": "multiple", "key": "all", "text": "Q", "options": options},
        {"type": "text", "key": "text", "text": "Q", "max_length": 300},
        {"type": "gate", "key": "gate", "heading": "H", "go_on": "G", "finish": "F"},
        {"type": "rating", "key": "rate", "text": "Q", "dont_know": true, "min": 0, "max": 96, "min_label": "-", "max_label": "+"},
    ]);
    let definition = Definition::parse(definition.to_string().as_bytes()).unwrap();
    for character in ["a", "\"", "\\", "ż", "€", "😀"] {
        let json = json!({
            "v": 1, "rid": "00112233445566778899aabbccddeeff", "rev": 65_535, "final": false,
            "lang": "en", "context": {"site": "other"},
            "answers": {
                "all": (1..=96).collect::<Vec<_>>(), "text": character.repeat(300),
                "gate": "go_on", "rate": {"missing": "dont_know"}
            }
        });
        let response = Response::parse(&definition, json.to_string().as_bytes()).unwrap();
        let (length, longest) =
            (response.to_json(&definition).len(), definition.longest_response());
        assert!(length <= longest, "{length} of {longest}, {character}");
        // Not so far over that envelopes grow for nothing.
        assert!(character != "😀" || longest - length < 60, "{length} of {longest}");
    }
}
