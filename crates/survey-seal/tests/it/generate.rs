//! Makes `vectors/envelope-v1.json` and compares it with the committed file.
//!
//! `UPDATE_VECTORS=1 cargo test -p survey-seal --test it` writes it anew. A change of a committed
//! vector is a change of the protocol: other implementations stop reading what we seal.

use rand_core::Rng;
use sha2::{Digest, Sha256};
use survey_seal::{Binding, PublicKey, SecretKey, SizeClass};

use crate::{
    common::{
        envelope::{Envelope, decode, encode},
        hex,
        rng::{Replay, Seeded},
        unhex,
        vectors::{self, Key, Suite, Valid, Vectors},
    },
    defects::{harmless, invalid},
    reference,
};

const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../vectors/envelope-v1.json");

#[test]
fn the_committed_vectors_are_what_the_generator_makes() {
    let json = serde_json::to_string_pretty(&generate()).unwrap() + "\n";
    if std::env::var_os("UPDATE_VECTORS").is_some_and(|value| value == "1") {
        std::fs::write(PATH, &json).unwrap();
        return;
    }
    assert!(
        json == vectors::JSON,
        "vectors/envelope-v1.json differs from its generator; if the protocol is meant to change, \
         run with UPDATE_VECTORS=1"
    );
}

fn generate() -> Vectors {
    let keys = Keys::make();
    let valid = valid(&keys);
    let invalid = invalid(&keys, &valid);
    Vectors {
        about: "Envelopes of ssp/1 with every intermediate value, and what must not open. See \
                vectors/README.md. All keys and texts are made up."
            .to_owned(),
        suite: Suite { kem: "0x647a".into(), kdf: "0x0001".into(), aead: "0x0003".into() },
        keys: keys.0.iter().map(|(name, secret)| key(name, secret)).collect(),
        valid,
        invalid,
        harmless: harmless(),
    }
}

pub(crate) struct Keys([(&'static str, SecretKey); 3]);

impl Keys {
    fn make() -> Self {
        let seed = |name| Sha256::digest(format!("ssp/1 vectors key {name}")).into();
        Self(["a", "b", "c"].map(|name| (name, SecretKey::from_seed(&seed(name)))))
    }

    pub(crate) fn public(&self, name: &str) -> PublicKey {
        let (_, secret) = self.0.iter().find(|(known, _)| *known == name).unwrap();
        secret.public_key().clone()
    }
}

fn key(name: &str, secret: &SecretKey) -> Key {
    Key {
        name: name.to_owned(),
        secret: (*secret.to_text()).clone(),
        kid: secret.kid().to_string(),
        key: secret.public_key().to_base64url(),
    }
}

fn valid(keys: &Keys) -> Vec<Valid> {
    const SHORT: &str = r#"{"v":1,"lang":"cy","answers":{"overall":6,"flags":[1,4],"text":"Tŷ ger y dŵr – \"diolch\""}}"#;
    let medium =
        format!(r#"{{"v":1,"answers":{{"text":"{}"}}}}"#, "Nobody rang back. ".repeat(500));
    let full = "z".repeat(SizeClass::Large.capacity());
    let case = |name: &str, recipients: &[&str], class: SizeClass, plaintext: &str| {
        valid_case(keys, name, recipients, class, plaintext)
    };
    vec![
        case("small-one-recipient", &["a"], SizeClass::Small, SHORT),
        case("small-three-recipients", &["a", "b", "c"], SizeClass::Small, SHORT),
        case("small-empty", &["b"], SizeClass::Small, ""),
        case("medium-one-recipient", &["a"], SizeClass::Medium, &medium),
        case("large-filled-to-the-last-byte", &["c"], SizeClass::Large, &full),
    ]
}

fn valid_case(
    keys: &Keys,
    name: &str,
    recipients: &[&str],
    class: SizeClass,
    plaintext: &str,
) -> Valid {
    let definition: [u8; 32] = Sha256::digest(format!("definition of {name}")).into();
    let mut id = [0; 16];
    id.copy_from_slice(&Sha256::digest(format!("id of {name}"))[..16]);
    let binding = Binding { survey: "victim-voice", definition: &definition, id: &id };
    let public: Vec<_> = recipients.iter().map(|name| keys.public(name)).collect();

    // The order of drawing is part of the interface: the content key, then each encapsulation.
    let seed = format!("ssp/1 vectors {name}");
    let mut draw = Seeded::new(&seed);
    let mut bytes = |length| {
        let mut bytes = vec![0; length];
        draw.fill_bytes(&mut bytes);
        bytes
    };
    let cek = bytes(32);
    let encapsulation = recipients.iter().map(|_| hex(&bytes(64))).collect();

    let ctx = reference::ctx(&binding);
    Valid {
        name: name.to_owned(),
        class: class.padded_len(),
        recipients: recipients.iter().map(|&name| name.to_owned()).collect(),
        plaintext: (plaintext.len() < 1000).then(|| plaintext.to_owned()),
        plaintext_len: plaintext.len(),
        plaintext_sha256: hex(&Sha256::digest(plaintext)),
        encapsulation,
        info: public.iter().map(|key| hex(&reference::info(&ctx, key.kid()))).collect(),
        body_key: hex(&reference::body_key(&cek)),
        body_aad: hex(&reference::aad(&ctx)),
        cek: hex(&cek),
        ctx,
        envelope: Envelope::seal(
            plaintext.as_bytes(),
            class,
            &binding,
            &public,
            &mut Seeded::new(&seed),
        )
        .unwrap(),
    }
}

#[test]
fn the_reference_seals_what_the_library_seals() {
    let keys = Keys::make();
    for case in valid(&keys) {
        let envelope = &case.envelope;
        let cek = unhex(&case.cek);
        assert_eq!(envelope.kc, encode(&reference::commitment(&cek)), "{}", case.name);
        if let Some(text) = &case.plaintext {
            let padded = reference::pad(text.as_bytes(), case.class);
            assert_eq!(envelope.ct, encode(&reference::body(&cek, &case.ctx, &padded)));
        }
        let secret = [&[0], cek.as_slice()].concat();
        for ((name, randomness), wrap) in
            case.recipients.iter().zip(&case.encapsulation).zip(&envelope.wraps)
        {
            let public = keys.public(name);
            let info = reference::info(&case.ctx, public.kid());
            let mut rng = Replay::new(unhex(randomness));
            let again = reference::wrap(&public, &info, &secret, &mut rng);
            assert!(decode(&wrap.w).unwrap() == again, "{}", case.name);
        }
    }
}
