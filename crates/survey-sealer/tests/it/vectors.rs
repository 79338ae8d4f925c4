//! `vectors/envelope-v1.json`: the randomness that is listed gives the envelope that is listed.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::Deserialize;
use serde_json::Value;
use sha2::{Digest, Sha256};
use survey_seal::{Binding, SecretKey, Wrap};
use survey_seal_request::Request;
use survey_wire::Envelope;

use crate::ask::{ask, recipients};

const JSON: &str = include_str!("../../../../vectors/envelope-v1.json");

#[derive(Deserialize)]
struct Vectors {
    keys: Vec<Key>,
    valid: Vec<Valid>,
}

#[derive(Deserialize)]
struct Key {
    name: String,
    secret: String,
}

#[derive(Deserialize)]
struct Valid {
    name: String,
    class: u32,
    recipients: Vec<String>,
    plaintext_sha256: String,
    cek: String,
    encapsulation: Vec<String>,
    envelope: Value,
}

#[test]
fn the_listed_randomness_gives_the_listed_envelope() {
    let vectors: Vectors = serde_json::from_str(JSON).unwrap();
    assert!(!vectors.valid.is_empty());
    for case in &vectors.valid {
        let name = &case.name;
        let secret = |name: &String| -> SecretKey {
            let key = vectors.keys.iter().find(|key| key.name == *name).unwrap();
            key.secret.parse().unwrap()
        };
        let secrets: Vec<_> = case.recipients.iter().map(secret).collect();

        // The vectors have zeros for `del`, which the sealer refuses as randomness. Nothing else
        // depends on it.
        let del = [0xd; 32].map(|byte: u8| byte).into_iter().enumerate();
        let del: Vec<u8> = del.map(|(at, byte)| byte + at as u8).collect();
        let mut envelope = case.envelope.clone();
        envelope["del"] = BASE64_URL_SAFE_NO_PAD.encode(&del).into();
        let expected = Envelope::parse(&serde_json::to_vec(&envelope).unwrap()).unwrap();
        let response = open(&secrets[0], &expected);
        assert_eq!(hex(&Sha256::digest(&response)), case.plaintext_sha256, "case `{name}`");

        let drawn = case.encapsulation.iter().flat_map(|text| unhex(text));
        let head = [&expected.id.0[..], &del, &unhex(&case.cek)].concat();
        let sealed = ask(&Request {
            survey: expected.survey.as_str().as_bytes(),
            definition: &expected.def.0,
            longest: case.class - 4,
            recipients: &recipients(&secrets),
            randomness: &head.into_iter().chain(drawn).collect::<Vec<_>>(),
            response: &response,
        })
        .unwrap_or_else(|refusal| panic!("case `{name}`: {refusal:?}"));
        assert!(sealed.envelope == expected.to_json(), "case `{name}` differs");
        assert_eq!(sealed.id, expected.id.0, "case `{name}`");
        assert_eq!(sealed.digest[..], Sha256::digest(&sealed.envelope)[..], "case `{name}`");
    }
}

/// The response in an envelope.
pub(crate) fn open(secret: &SecretKey, envelope: &Envelope) -> Vec<u8> {
    let wrap = |wrap: &survey_wire::Wrap| Wrap {
        kid: survey_seal::KeyId::from_bytes(wrap.kid.0),
        bytes: wrap.w.to_vec(),
    };
    let sealed = survey_seal::Sealed {
        wraps: envelope.wraps.iter().map(wrap).collect(),
        commitment: envelope.kc,
        body: envelope.ct.to_vec(),
    };
    let binding = Binding {
        survey: envelope.survey.as_str(),
        definition: &envelope.def.0,
        id: &envelope.id.0,
    };
    survey_seal::open(secret, &binding, &sealed).unwrap().to_vec()
}

fn unhex(text: &str) -> Vec<u8> {
    let digits = |at| u8::from_str_radix(&text[at..at + 2], 16).unwrap();
    (0..text.len()).step_by(2).map(digits).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
