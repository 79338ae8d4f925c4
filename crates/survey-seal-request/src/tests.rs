//! Both layouts, there and back, and what neither can say.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use alloc::{format, vec, vec::Vec};

use super::*;

const REQUEST: Request<'_> = Request {
    survey: b"views",
    definition: &[7; 32],
    longest: 4_092,
    recipients: &[1; 2 * RECIPIENT_LEN],
    randomness: &[2; randomness_len(2)],
    response: b"{}",
};

#[test]
fn a_request_reads_back_as_itself() {
    let bytes = REQUEST.to_bytes().unwrap();
    assert_eq!(bytes.len(), 39 + 5 + 2 * 1_224 + 208 + 2);
    assert_eq!(bytes.len(), bytes.capacity(), "it grew, and left a copy behind");
    assert_eq!(bytes[..7], [1, 2, 5, 0xfc, 0x0f, 0, 0]);
    assert_eq!(Request::parse(&bytes), Ok(REQUEST));

    let empty = Request { response: b"", ..REQUEST };
    assert_eq!(Request::parse(&empty.to_bytes().unwrap()), Ok(empty));
}

#[test]
fn the_longest_request_is_as_long_as_said() {
    let longest = Request {
        survey: &[b'a'; 64],
        recipients: &[1; MAX_RECIPIENTS * RECIPIENT_LEN],
        randomness: &[2; randomness_len(MAX_RECIPIENTS)],
        response: &[b'x'; MAX_RESPONSE_LEN],
        ..REQUEST
    };
    assert_eq!(longest.to_bytes().unwrap().len(), MAX_LEN);
}

#[test]
fn what_the_layout_cannot_say_is_not_written() {
    for (name, request) in [
        ("no recipient", Request { recipients: b"", randomness: &[2; 80], ..REQUEST }),
        ("half a recipient", Request { recipients: &[1; RECIPIENT_LEN * 3 / 2], ..REQUEST }),
        (
            "too many recipients",
            Request {
                recipients: &[1; 11 * RECIPIENT_LEN],
                randomness: &[2; randomness_len(11)],
                ..REQUEST
            },
        ),
        ("short randomness", Request { randomness: &[2; 207], ..REQUEST }),
        ("long randomness", Request { randomness: &[2; 209], ..REQUEST }),
        ("long survey", Request { survey: &[b'a'; 256], ..REQUEST }),
    ] {
        assert!(request.to_bytes().is_none(), "row `{name}`");
    }
}

#[test]
fn a_request_that_is_cut_or_of_another_version_is_refused() {
    let bytes = Request { response: b"", ..REQUEST }.to_bytes().unwrap();
    for len in 0..bytes.len() {
        assert_eq!(Request::parse(&bytes[..len]), Err(Refusal::Request), "{len} bytes");
    }
    for (at, value) in [(0, 0), (0, 2), (1, 0), (1, 11), (1, 255)] {
        let mut bytes = bytes.clone();
        bytes[at] = value;
        assert_eq!(Request::parse(&bytes), Err(Refusal::Request), "{value} at {at}");
    }
}

#[test]
fn a_reply_is_an_envelope_or_a_refusal() {
    let sealed: Vec<u8> = [vec![0], vec![1; 16], vec![2; 32], b"{}".to_vec()].concat();
    let reply = Reply { id: &[1; 16], digest: &[2; 32], envelope: b"{}" };
    assert_eq!(Reply::parse(&sealed), Ok(reply));
    assert_eq!(sealed.len(), REPLY_HEAD_LEN + 2);

    for refusal in Refusal::ALL {
        assert_eq!(Reply::parse(&[refusal.code()]), Err(refusal));
    }
    for broken in [&b""[..], b"\0", &sealed[..REPLY_HEAD_LEN - 1], b"\x07", b"\xff"] {
        assert_eq!(Reply::parse(broken), Err(Refusal::Internal));
    }
    let codes = Refusal::ALL.map(Refusal::code);
    assert_eq!(codes, [1, 2, 3, 4, 5, 6], "numbers are part of the layout");
}

#[test]
fn debug_shows_nothing_of_a_response() {
    let request = Request { response: b"MARKER", ..REQUEST };
    assert_eq!(format!("{request:?}"), "Request { .. }");
}
