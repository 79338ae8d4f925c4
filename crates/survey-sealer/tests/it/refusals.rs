//! What is not sealed, and that nothing a page does brings the sealer down.

use proptest::prelude::*;
use survey_seal_request::{
    MAX_LEN, RECIPIENT_LEN, Refusal, Reply, Request, VERSION, randomness_len,
};
use survey_sealer::Memory;

use crate::ask::{ask, ask_bytes, randomness, recipients, secrets};

/// The one place that knows what a good request is; rows change one thing of it.
#[track_caller]
fn check(name: &str, change: impl FnOnce(&mut Parts), expected: Result<(), Refusal>) {
    let mut parts = Parts {
        survey: b"views".to_vec(),
        longest: 4_092,
        recipients: recipients(&secrets(3)),
        randomness: randomness("refusals", 3),
        response: b"{}".to_vec(),
    };
    change(&mut parts);
    let actual = ask(&Request {
        survey: &parts.survey,
        definition: &[7; 32],
        longest: parts.longest,
        recipients: &parts.recipients,
        randomness: &parts.randomness,
        response: &parts.response,
    });
    assert_eq!(actual.map(drop), expected, "row `{name}`");
}

struct Parts {
    survey: Vec<u8>,
    longest: u32,
    recipients: Vec<u8>,
    randomness: Vec<u8>,
    response: Vec<u8>,
}

#[test]
fn what_could_not_be_opened_or_told_apart_is_refused() {
    check("nothing changed", |_| {}, Ok(()));

    let too_long = Err(Refusal::TooLong);
    check("class filled", |parts| parts.response = vec![b'x'; 4_092], Ok(()));
    check("class overfull", |parts| parts.response = vec![b'x'; 4_093], too_long);
    check("no such class", |parts| parts.longest = 32_765, too_long);
    check("longest of 4 GiB", |parts| parts.longest = u32::MAX, too_long);

    let survey = Err(Refusal::Survey);
    check("survey without a name", |parts| parts.survey.clear(), survey);
    check("survey of 64 characters", |parts| parts.survey = vec![b'a'; 64], Ok(()));
    check("survey of 65 characters", |parts| parts.survey = vec![b'a'; 65], survey);
    check("survey of 255 characters", |parts| parts.survey = vec![b'a'; 255], survey);
    check("survey with a quote", |parts| parts.survey = b"a\",\"def".to_vec(), survey);
    check("survey with a line of its own", |parts| parts.survey = b"a\ndef=x".to_vec(), survey);
    check("survey that is not UTF-8", |parts| parts.survey = vec![0xff], survey);

    let keys = Err(Refusal::Recipients);
    check("another key id", |parts| parts.recipients[0] ^= 1, keys);
    check("a changed key", |parts| parts.recipients[8 + 1_000] ^= 1, keys);
    check("a changed key in the last place", |parts| parts.recipients[3_000] ^= 1, keys);
    let twice = |parts: &mut Parts| parts.recipients.copy_within(..RECIPIENT_LEN, RECIPIENT_LEN);
    check("one key twice", twice, keys);
    check("zeros for a key", |parts| parts.recipients[..RECIPIENT_LEN].fill(0), keys);
}

#[test]
fn what_a_broken_generator_gives_is_refused() {
    let none = Err(Refusal::Randomness);
    check("all zeros", |parts| parts.randomness.fill(0), none);
    check("all ones", |parts| parts.randomness.fill(0xff), none);
    check("16 bytes again and again", |parts| repeat(parts, 16), none);
    check("64 bytes again and again", |parts| repeat(parts, 64), none);
    check("128 bytes again and again", |parts| repeat(parts, 128), none);
    check("filled but for the end", |parts| parts.randomness[256..].fill(0), none);
    check("filled but for 16 bytes", |parts| parts.randomness[48..64].fill(0), none);
    check("filled but for 15 bytes", |parts| parts.randomness[48..63].fill(0), Ok(()));
}

fn repeat(parts: &mut Parts, period: usize) {
    for at in period..parts.randomness.len() {
        parts.randomness[at] = parts.randomness[at - period];
    }
}

#[test]
fn a_request_that_is_cut_is_refused() {
    let request = Request {
        survey: b"views",
        definition: &[7; 32],
        longest: 10,
        recipients: &recipients(&secrets(1)),
        randomness: &randomness("cut", 1),
        response: b"",
    };
    let request = request.to_bytes().unwrap();
    for length in (0..60).chain((60..request.len()).step_by(50)).chain([request.len() - 1]) {
        assert_eq!(ask_bytes(&request[..length]), Err(Refusal::Request), "{length} bytes");
    }
    assert!(ask_bytes(&request).is_ok());
}

#[test]
fn no_length_reaches_outside() {
    let mut memory = Box::new(Memory::new());
    assert_eq!(memory.room(MAX_LEN).map(|room| room.len()), Some(MAX_LEN));
    for length in [1 << 17, usize::MAX >> 1, usize::MAX] {
        assert!(memory.room(length).is_none());
        assert_eq!(memory.seal(length), 1);
        assert_eq!(memory.room(1).unwrap(), [Refusal::Request.code()]);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_bring_it_down(
        recipients in 0..12_u8, survey: u8, bytes in prop::collection::vec(any::<u8>(), 0..4_000),
        length in 0..5_000_usize,
    ) {
        let mut memory = Box::new(Memory::new());
        let head = [VERSION, recipients, survey];
        let request = [&head[..], &bytes].concat();
        memory.room(request.len()).unwrap().copy_from_slice(&request);
        let length = memory.seal(length);
        let reply = memory.room(length).unwrap();
        // A key by chance: never.
        prop_assert!(Reply::parse(reply).is_err());
    }

    #[test]
    fn no_change_of_one_byte_brings_it_down(at: prop::sample::Index, value: u8) {
        let request = Request {
            survey: b"views",
            definition: &[7; 32],
            longest: 10,
            recipients: &recipients(&secrets(1)),
            randomness: &randomness("one byte", 1),
            response: b"{}",
        };
        let mut request = request.to_bytes().unwrap();
        prop_assert_eq!(request.len(), 39 + 5 + RECIPIENT_LEN + randomness_len(1) + 2);
        let at = at.index(request.len());
        request[at] = value;
        if let Ok(sealed) = ask_bytes(&request) {
            survey_wire::Envelope::parse(&sealed.envelope).unwrap();
        }
    }
}
