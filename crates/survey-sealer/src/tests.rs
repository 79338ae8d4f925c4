//! What the public interface does not show: that nothing is left behind.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use survey_seal::SecretKey;
use survey_seal_request::{Reply, randomness_len};

use super::*;

const MARKER: &[u8] = b"MARKER-OF-AN-ANSWER";

/// The memory with a request in it, and the request's length.
fn asked(longest: u32, survey: &[u8]) -> (Box<Memory>, usize, Vec<u8>) {
    let key = SecretKey::from_seed(&[3; 32]);
    let recipients = [&key.kid().to_bytes()[..], &key.public_key().to_bytes()].concat();
    // Not random, but each block of 16 bytes another one.
    let randomness: Vec<u8> = (0..randomness_len(1)).map(|at| (at * 7 + at / 16) as u8).collect();
    let request = Request {
        survey,
        definition: &[7; 32],
        longest,
        recipients: &recipients,
        randomness: &randomness,
        response: &MARKER.repeat(300),
    };
    let request = request.to_bytes().unwrap();
    let mut memory = Box::new(Memory::new());
    memory.room(request.len()).unwrap().copy_from_slice(&request);
    (memory, request.len(), randomness)
}

fn holds(memory: &[u8], bytes: &[u8]) -> bool {
    memory.windows(bytes.len()).any(|window| window == bytes)
}

#[test]
fn neither_response_nor_randomness_is_left_in_any_buffer() {
    for (name, longest, survey, code) in [
        ("sealed", 16_380, &b"views"[..], 0),
        ("refused before anything is drawn", 40_000, b"views", Refusal::TooLong.code()),
        ("refused before anything is encrypted", 16_380, b"Views", Refusal::Survey.code()),
        ("refused at the end", 4_092, b"views", Refusal::TooLong.code()),
    ] {
        let (mut memory, length, randomness) = asked(longest, survey);
        assert!(holds(&memory.exchange, MARKER), "row `{name}`");
        let length = memory.seal(length);
        assert_eq!(memory.exchange[0], code, "row `{name}`");
        let (head, rest) = memory.exchange.split_at(length);
        assert_eq!(rest, vec![0; rest.len()], "row `{name}`");
        assert_eq!(memory.body, [0; MAX_BODY], "row `{name}`");
        for buffer in [head, &memory.envelope] {
            // Id and `del` are part of the envelope; what follows is secret.
            assert!(!holds(buffer, MARKER), "row `{name}`");
            assert!(!holds(buffer, &randomness[48..64]), "row `{name}`");
            assert!(!holds(buffer, &randomness[80..96]), "row `{name}`");
        }
    }
}

#[test]
fn the_exchange_is_at_the_address_of_the_memory() {
    assert_eq!(std::mem::offset_of!(Memory, exchange), 0, "`room` says so");
}

#[test]
fn a_second_request_does_not_see_the_first() {
    let (mut memory, length, _) = asked(16_380, b"views");
    let first = memory.seal(length);
    let first = memory.exchange[..first].to_vec();
    assert!(Reply::parse(&first).is_ok());
    // The first reply is no request.
    assert_eq!(memory.seal(first.len()), 1);
    assert_eq!(memory.exchange[0], Refusal::Request.code());
    let (again, length, _) = asked(16_380, b"views");
    memory.exchange = again.exchange;
    let second = memory.seal(length);
    assert_eq!(memory.exchange[..second], first);
}
