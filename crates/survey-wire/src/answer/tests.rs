use proptest::{collection::vec, prelude::*, sample::select};
use serde::Deserialize;

use super::*;
use crate::{Day, Problem, Receipt};

/// What `receipt` is to agree with.
#[derive(Deserialize)]
struct Compared {
    id: EnvelopeId,
    digest: Digest,
}

/// What `problem` is to agree with.
#[derive(Deserialize)]
struct Kind {
    #[serde(rename = "type")]
    kind: ProblemType,
}

/// Reads an object. Derived readers of structs take arrays as well, which the protocol does not.
fn object<'a, T: Deserialize<'a>>(json: &'a [u8]) -> Option<T> {
    let value = serde_json::from_slice(json).ok()?;
    json.trim_ascii_start().starts_with(b"{").then_some(value)
}

/// `json` with a question mark for what is not ASCII, escaped or not. A whole parser refuses names
/// that are not Unicode even where nobody asks for them; here is nothing that could not be.
fn ascii(json: &[u8]) -> Vec<u8> {
    let mut ascii = Vec::new();
    let mut rest = json;
    while let Some((&first, after)) = rest.split_first() {
        rest = after;
        ascii.push(if first.is_ascii() { first } else { b'?' });
        if first == b'\\' {
            let digits = rest.strip_prefix(b"u").and_then(|digits| digits.first_chunk::<4>());
            let is_other = digits.is_some_and(|digits| {
                digits.iter().all(u8::is_ascii_hexdigit)
                    && (digits[..2] != *b"00" || digits[2] >= b'8')
            });
            let (escape, after) = match is_other {
                true => (&b"u003f"[..], &rest[5..]),
                false => rest.split_at(rest.len().min(1)),
            };
            ascii.extend_from_slice(escape);
            rest = after;
        }
    }
    ascii
}

#[track_caller]
fn agrees(json: &[u8]) {
    let (shown, ascii) = (json.escape_ascii(), ascii(json));
    if std::str::from_utf8(json).is_err() {
        // RFC 8259 section 8.1: no JSON. The parsers here would not look at what nobody asks for.
        assert!(receipt(json).is_none() && problem(json).is_none(), "not UTF-8 {shown}");
        return;
    }
    let compared = object(&ascii).map(|Compared { id, digest }| (id, digest));
    assert!(receipt(json) == compared, "receipt {shown}");
    assert_eq!(problem(json), object(&ascii).map(|Kind { kind }| kind), "problem {shown}");
    if let Some(whole) = object::<Receipt>(json) {
        assert!(receipt(json) == Some((whole.id, whole.digest)), "whole receipt {shown}");
    }
    if let Some(whole) = object::<Problem>(json) {
        assert_eq!(problem(json), Some(whole.kind), "whole problem {shown}");
    }
}

const ID: &str = "_-_-_-_-_-_-_-_-_-_-_w";
const DIGEST: &str = "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0";

#[test]
fn what_a_backend_writes_is_read() {
    let (id, digest) = (ID.parse().unwrap(), DIGEST.parse().unwrap());
    let written = serde_json::to_vec(&Receipt { id, digest, day: Day::MIN }).unwrap();
    assert!(receipt(&written) == Some((id, digest)));
    for &kind in ProblemType::ALL {
        let written = Problem::new(kind, "what is wrong \"and\" what to do").to_json();
        assert_eq!(problem(&written), Some(kind));
    }
}

#[test]
fn what_no_backend_writes_is_refused() {
    let right = format!(r#"{{"id":"{ID}","digest":"{DIGEST}"}}"#);
    assert!(receipt(right.as_bytes()).is_some());
    for (found, put) in [
        ("{", ""),
        ("{", "[{"),
        ("}", ""),
        ("}", "}}"),
        ("}", ",}"),
        ("}", r#","id":1}"#),
        ("}", r#","digest":"x"}"#),
        (",", ""),
        (",", ",,"),
        ("\"digest\"", "digest"),
        ("\"digest\"", "\"day\""),
        (ID, "AAAA"),
        (DIGEST, ID),
        (":", ","),
    ] {
        let wrong = right.replacen(found, put, 1);
        assert!(receipt(wrong.as_bytes()).is_none(), "{wrong}");
        agrees(wrong.as_bytes());
    }
    for wrong in [b"\xff".as_slice(), b"\xc3", b"\xed\xa0\x80"] {
        let wrong = [right.trim_end_matches('}').as_bytes(), b",\"x\":\"", wrong, b"\"}"].concat();
        assert!(receipt(&wrong).is_none(), "{}", wrong.escape_ascii());
        agrees(&wrong);
    }
    for body in ["", " ", "null", "[]", "<html>Sign in to the wireless network</html>"] {
        assert!(receipt(body.as_bytes()).is_none() && problem(body.as_bytes()).is_none());
    }
}

#[test]
fn what_nobody_asks_for_is_json_too() {
    let check = |value: &str, right: bool| {
        for value in [value.to_owned(), format!("[{value}]"), format!(r#"[[],{{"id":{value}}}]"#)] {
            let json = format!(r#"{{"x":{value},"id":"{ID}","digest":"{DIGEST}","y":{value}}}"#);
            assert_eq!(receipt(json.as_bytes()).is_some(), right, "{json}");
            agrees(json.as_bytes());
        }
    };
    for right in [
        "0",
        "-0",
        "10",
        "0.50",
        "-1e5",
        "1E+5",
        "1.5e-05",
        "true",
        "false",
        "null",
        "[]",
        "{}",
        r#""""#,
        r#""a\\\"\/\u00E9\uD83D""#,
        "\"é\"",
        r#"{"a":{"b":[{}]},"a":1}"#,
        " [ 1 , 2 ] ",
    ] {
        check(right, true);
    }
    for wrong in [
        "01",
        "-",
        "-01",
        "1.",
        ".5",
        "1e",
        "1e+",
        "+1",
        "0x1",
        "1 1",
        "tru",
        "nulll",
        "True",
        "[1,]",
        "[,1]",
        "[1 2]",
        "[",
        "]",
        "[}",
        "[1}",
        "{]",
        "{,}",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{a:1}",
        "{\"a\" 1}",
        "{1:1}",
        "'a'",
        "\"a",
        "\"\\x\"",
        "\"\\u12g4\"",
        "\"\t\"",
        "\u{a0}1",
        "//",
    ] {
        check(wrong, false);
    }
}

#[test]
fn a_member_has_its_very_name() {
    for (name, right) in [
        ("id", true),
        (r"\u0069d", true),
        (r"\u0069\u0064", true),
        (r"\u0169d", false),
        (r"\ud869d", false),
        ("ID", false),
        ("id ", false),
        ("", false),
    ] {
        let json = format!(r#"{{"{name}":"{ID}","digest":"{DIGEST}"}}"#);
        assert_eq!(receipt(json.as_bytes()).is_some(), right, "{json}");
        agrees(json.as_bytes());
    }
}

#[test]
fn depth_is_no_trouble() {
    let deep = [r#"{"x":"#, &"[".repeat(100_000), &"]".repeat(100_000)].concat();
    let json = format!(r#"{deep},"type":"urn:ssp:error:busy"}}"#);
    assert_eq!(problem(json.as_bytes()), Some(ProblemType::Busy));
    agrees(json.as_bytes());
}

fn space() -> impl Strategy<Value = String> {
    prop_oneof![4 => Just(String::new()), 1 => "[ \t\r\n]{1,3}", 1 => "\\PC"]
        .prop_map(|space| if space.trim().is_empty() { space } else { String::new() })
}

/// A string of JSON, mostly; at times one that is none, or that is not Unicode.
fn string() -> impl Strategy<Value = String> {
    const ESCAPES: [&str; 16] = [
        r"\n",
        r"\/",
        r"\b\f\r\t",
        r#"\""#,
        r"\\",
        r"\u0069",
        r"\u00e9",
        r"\ud83d\ude00",
        r"\uD83D",
        r"\ude00",
        r"\ud83d\u0041",
        r"\ud83d\n",
        r"\u12",
        r"\x",
        "\u{1}",
        "\u{7f}",
    ];
    let piece = prop_oneof![6 => "[a-z:é😀-]{1,4}".boxed(), 1 => select(&ESCAPES[..]).prop_map_into().boxed()];
    vec(piece, 0..4).prop_map(|pieces| format!("\"{}\"", pieces.concat()))
}

fn name() -> impl Strategy<Value = String> {
    const NAMES: [&str; 6] = ["id", "digest", "day", "type", "detail", "more"];
    prop_oneof![select(&NAMES[..]).prop_map(|name| format!("\"{name}\"")), string()]
}

fn value() -> impl Strategy<Value = String> {
    const KNOWN: [&str; 5] =
        ["urn:ssp:error:busy", "urn:ssp:error:closed", "urn:ssp:error:new", ID, DIGEST];
    let leaf = prop_oneof![
        4 => select(&KNOWN[..]).prop_map(|text| format!("\"{text}\"")),
        2 => string(),
        1 => select(&["null", "true", "false", "nul", "True", ""][..]).prop_map_into(),
        1 => "-?(0|[1-9][0-9]{0,2})([.][0-9]{1,2})?([eE][+-]?[0-9]{1,3})?",
        1 => "[-+.0-9eE]{1,5}",
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        let comma =
            (space(), space()).prop_map(|(before, after)| format!("{before},{after}")).boxed();
        let member = (name(), space(), inner.clone())
            .prop_map(|(name, space, value)| format!("{name}{space}:{space}{value}"));
        prop_oneof![
            (vec(inner, 0..4), comma.clone()).prop_map(|(all, c)| format!("[{}]", all.join(&c))),
            (vec(member, 0..4), comma).prop_map(|(all, c)| format!("{{{}}}", all.join(&c))),
        ]
    })
}

/// The members of a receipt or a problem with others among them, in any order and spelling.
fn document() -> impl Strategy<Value = String> {
    let whole = [
        format!(r#""id":"{ID}""#),
        format!(r#""digest":"{DIGEST}""#),
        r#""day" : "2026-11-23""#.to_owned(),
        r#""type":"urn:ssp:error:closed""#.to_owned(),
        r#""detail":"d""#.to_owned(),
        format!(r#""\u0069\u0064":"{}""#, ID.replace('w', r"\u0077")),
    ];
    let member = prop_oneof![
        3 => select(whole.to_vec()),
        1 => (name(), space(), space(), value())
            .prop_map(|(name, before, after, value)| format!("{name}{before}:{after}{value}")),
    ];
    (vec((space(), member), 0..6), space(), prop::bool::weighted(0.5)).prop_map(
        |(members, space, unique)| {
            let mut texts: Vec<String> =
                members.iter().map(|(space, member)| format!("{space}{member}{space}")).collect();
            if unique {
                texts.sort_by(|a, b| a.trim().cmp(b.trim()));
                texts.dedup_by(|a, b| a.trim().split(':').next() == b.trim().split(':').next());
            }
            format!("{space}{{{}}}{space}", texts.join(","))
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn documents_are_read_as_a_json_parser_reads_them(json in document()) {
        agrees(json.as_bytes());
    }

    #[test]
    fn changed_documents_too(json in document(), changes in vec((any::<prop::sample::Index>(), any::<u8>()), 1..3)) {
        let mut json = json.into_bytes();
        for (place, byte) in changes {
            let place = place.index(json.len());
            match byte % 4 {
                0 => drop(json.remove(place)),
                1 => json.insert(place, b",:{}[]\"\\0-"[usize::from(byte / 4) % 10]),
                _ => json[place] = byte,
            }
            if json.is_empty() {
                break;
            }
        }
        agrees(&json);
    }

    #[test]
    fn bytes_are_no_answer(bytes in vec(any::<u8>(), 0..60)) {
        agrees(&bytes);
    }
}
