//! `vectors/envelope-v1.json`: its shape, and a reader that checks all of it.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use survey_seal::{Binding, KeyId, PublicKey, SecretKey, SizeClass};

use super::{
    change::Change,
    envelope::{Envelope, decode},
    hex,
    rng::Replay,
    unhex,
};

pub(crate) const JSON: &str = include_str!("../../../../../vectors/envelope-v1.json");

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Vectors {
    pub about: String,
    pub suite: Suite,
    pub keys: Vec<Key>,
    /// Envelopes that open.
    pub valid: Vec<Valid>,
    /// Changes that break one of them.
    pub invalid: Vec<Changed>,
    /// Changes that do not matter to the key that opens.
    pub harmless: Vec<Changed>,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Suite {
    pub kem: String,
    pub kdf: String,
    pub aead: String,
}

#[derive(Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Key {
    pub name: String,
    pub secret: String,
    pub kid: String,
    pub key: String,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Valid {
    pub name: String,
    /// Length of the padded plaintext.
    pub class: usize,
    /// Names of the recipients' keys, in order.
    pub recipients: Vec<String>,
    /// Left out where it is long; then length and hash stand for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plaintext: Option<String>,
    pub plaintext_len: usize,
    pub plaintext_sha256: String,
    /// What follows is on the way: `ctx` as text, the rest in hex.
    pub cek: String,
    /// 64 bytes for each recipient: the randomness of X-Wing's encapsulation.
    pub encapsulation: Vec<String>,
    pub ctx: String,
    pub info: Vec<String>,
    pub body_key: String,
    pub body_aad: String,
    pub envelope: Envelope,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Changed {
    pub name: String,
    /// What is wrong, in a sentence.
    pub note: String,
    /// Name of the valid envelope that is changed.
    pub base: String,
    /// Name of the key that tries to open it.
    pub key: String,
    pub changes: Vec<Change>,
    /// How opening ends: `mode`, or the name of an `OpenError`. Left out where it opens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

impl Vectors {
    pub(crate) fn read() -> Self {
        serde_json::from_str(JSON).expect("vectors/envelope-v1.json has the shape of this module")
    }

    fn secret(&self, name: &str) -> SecretKey {
        let key = self.keys.iter().find(|key| key.name == name).expect("a key of the file");
        key.secret.parse().expect("a secret key")
    }

    fn valid(&self, name: &str) -> &Valid {
        self.valid.iter().find(|case| case.name == name).expect("a valid case of the file")
    }
}

/// Every key's texts belong together.
pub(crate) fn keys_agree() {
    let vectors = Vectors::read();
    assert_eq!(vectors.keys.len(), 3);
    for key in &vectors.keys {
        let secret: SecretKey = key.secret.parse().expect(&key.name);
        let kid: KeyId = key.kid.parse().expect(&key.name);
        let public = PublicKey::from_recipient(kid, &key.key).expect(&key.name);
        assert!(*secret.public_key() == public, "key `{}`", key.name);
        assert_eq!(*secret.to_text(), key.secret, "key `{}`", key.name);
    }
}

/// Every valid envelope opens with each of its keys, and sealing it again gives the same bytes.
pub(crate) fn valid_envelopes_open_and_seal_again() {
    let vectors = Vectors::read();
    assert!(!vectors.valid.is_empty());
    for case in &vectors.valid {
        let name = &case.name;
        let secrets: Vec<_> = case.recipients.iter().map(|key| vectors.secret(key)).collect();
        let mut plaintext = None;
        for secret in &secrets {
            let opened = case.envelope.open(secret).unwrap_or_else(|error| {
                panic!("case `{name}` did not open with {}: {error}", secret.kid())
            });
            assert_eq!(opened.len(), case.plaintext_len, "case `{name}`");
            assert_eq!(hex(&Sha256::digest(&*opened)), case.plaintext_sha256, "case `{name}`");
            if let Some(text) = &case.plaintext {
                assert_eq!(*opened, text.as_bytes(), "case `{name}`");
            }
            plaintext = Some(opened);
        }

        let class = SizeClass::ALL.into_iter().find(|class| class.padded_len() == case.class);
        let public: Vec<_> = secrets.iter().map(|secret| secret.public_key().clone()).collect();
        let drawn = [&case.cek].into_iter().chain(&case.encapsulation);
        let mut rng = Replay::new(drawn.flat_map(|text| unhex(text)).collect());
        let definition = decode(&case.envelope.def).unwrap().try_into().unwrap();
        let id = decode(&case.envelope.id).unwrap().try_into().unwrap();
        let again = Envelope::seal(
            &plaintext.expect("at least one recipient"),
            class.expect("a size class"),
            &Binding { survey: &case.envelope.survey, definition: &definition, id: &id },
            &public,
            &mut rng,
        );
        assert!(again.unwrap() == case.envelope, "case `{name}` sealed again differs");
        assert!(rng.is_used_up(), "case `{name}` draws less than it lists");
    }
}

/// Every defect is refused with its own error, and what is harmless opens.
pub(crate) fn changed_envelopes_end_as_listed() {
    let vectors = Vectors::read();
    assert!(!vectors.invalid.is_empty() && !vectors.harmless.is_empty());
    for case in vectors.invalid.iter().chain(&vectors.harmless) {
        let base = vectors.valid(&case.base);
        let mut json = serde_json::to_value(&base.envelope).unwrap();
        case.changes.iter().for_each(|change| change.apply(&mut json));
        let envelope: Envelope = serde_json::from_value(json).expect(&case.name);
        let error = envelope.open(&vectors.secret(&case.key)).err();
        assert_eq!(error, case.error.as_deref(), "case `{}`", case.name);
    }
    assert!(vectors.invalid.iter().all(|case| case.error.is_some()));
    assert!(vectors.harmless.iter().all(|case| case.error.is_none()));
}
