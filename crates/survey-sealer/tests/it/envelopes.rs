//! What is sealed: every size class, any number of recipients, randomness used to the last byte.

use proptest::prelude::*;
use sha2::{Digest, Sha256};
use survey_seal_request::{MAX_RECIPIENTS, Request, randomness_len};
use survey_wire::Envelope;

use crate::{
    ask::{ask, randomness, recipients, secrets},
    vectors::open,
};

#[test]
fn every_recipient_opens_in_every_size_class() {
    let secrets = secrets(MAX_RECIPIENTS);
    for (longest, class) in [(4_092, 4_096), (4_093, 16_384), (16_381, 32_768), (32_764, 32_768)] {
        for count in [1, 2, MAX_RECIPIENTS] {
            let response = vec![b'x'; longest as usize];
            let sealed = ask(&Request {
                survey: b"victim-voice",
                definition: &[7; 32],
                longest,
                recipients: &recipients(&secrets[..count]),
                randomness: &randomness("classes", count),
                response: &response,
            })
            .unwrap();
            let envelope = Envelope::parse(&sealed.envelope).unwrap();
            assert_eq!(envelope.to_json(), sealed.envelope, "written as the protocol says");
            assert_eq!(sealed.digest[..], Sha256::digest(&sealed.envelope)[..]);
            assert_eq!(envelope.id.0, sealed.id);
            assert_eq!(envelope.ct.len(), class + 16);
            let kids = secrets[..count].iter().map(|secret| secret.kid().to_bytes());
            assert!(envelope.wraps.iter().map(|wrap| wrap.kid.0).eq(kids), "in their order");
            for secret in &secrets[..count] {
                assert_eq!(open(secret, &envelope), response);
            }
        }
    }
}

#[test]
fn the_length_of_an_envelope_does_not_depend_on_the_response() {
    let recipients = recipients(&secrets(1));
    let sealed = |length| {
        let response = vec![b'x'; length];
        let randomness = randomness("length", 1);
        let request = Request {
            survey: b"victim-voice",
            definition: &[7; 32],
            longest: 4_092,
            recipients: &recipients,
            randomness: &randomness,
            response: &response,
        };
        ask(&request).unwrap().envelope.len()
    };
    // P10 of docs/protocol.md
    assert_eq!([0, 1, 4_092].map(sealed), [7_345; 3]);
}

#[test]
fn every_byte_of_the_randomness_is_used_where_it_is_said() {
    let recipients = recipients(&secrets(2));
    let sealed = |randomness: &[u8]| {
        let request = Request {
            survey: b"views",
            definition: &[7; 32],
            longest: 10,
            recipients: &recipients,
            randomness,
            response: b"{}",
        };
        Envelope::parse(&ask(&request).unwrap().envelope).unwrap()
    };
    let given = randomness("every byte", 2);
    let first = sealed(&given);
    assert_eq!(first.id.0[..], given[..16]);
    assert_eq!(first.del[..], given[16..48]);
    for at in 0..randomness_len(2) {
        let mut changed = given.clone();
        // Not one of the five bits that X25519 fixes in its scalar.
        changed[at] ^= 0x20;
        let now = sealed(&changed);
        let same = [
            now.id == first.id,
            now.del == first.del,
            now.kc == first.kc,
            now.wraps[0].w == first.wraps[0].w,
            now.wraps[1].w == first.wraps[1].w,
        ];
        let expected = match at {
            // The id is bound into every wrap's key.
            0..16 => [false, true, true, false, false],
            16..48 => [true, false, true, true, true],
            48..80 => [true, true, false, false, false],
            80..144 => [true, true, true, false, true],
            _ => [true, true, true, true, false],
        };
        assert_eq!(same, expected, "byte {at}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, ..ProptestConfig::default() })]

    #[test]
    fn any_response_opens_as_it_was(response: Vec<u8>, seed: String) {
        let secrets = secrets(1);
        let sealed = ask(&Request {
            survey: b"views",
            definition: &[7; 32],
            longest: 32_764,
            recipients: &recipients(&secrets),
            randomness: &randomness(&seed, 1),
            response: &response,
        });
        let envelope = Envelope::parse(&sealed.unwrap().envelope).unwrap();
        prop_assert_eq!(open(&secrets[0], &envelope), response);
    }
}
