//! Known answers of the primitives, from RFC 9180, hpke-pq and the X-Wing draft.
//!
//! They run against `hpke` with the very types that this crate seals with, because a wrong build
//! of it (a feature, a compiler, a browser's optimiser) makes envelopes that nobody can open.

use hpke::{
    Deserializable, Kem, OpModeR, OpModeS, Serializable, aead::ChaCha20Poly1305, kdf::HkdfSha256,
    kem::X25519HkdfSha256, kem::XWing, setup_receiver, setup_sender_with_rng,
};
use serde::Deserialize;
use survey_seal::SecretKey;

use super::{rng::Replay, unhex};

const HPKE_X25519: &str = include_str!("../../../../../vectors/hpke-x25519.json");
const HPKE_XWING: &str = include_str!("../../../../../vectors/hpke-xwing.json");
const XWING: &str = include_str!("../../../../../vectors/xwing.json");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(non_snake_case, reason = "the names of RFC 9180's vectors")]
struct HpkeVector {
    mode: u8,
    kem_id: u16,
    kdf_id: u16,
    aead_id: u16,
    info: String,
    ikmR: String,
    ikmE: String,
    skRm: String,
    pkRm: String,
    enc: String,
    shared_secret: String,
    encryptions: Vec<Encryption>,
    exports: Vec<Export>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Encryption {
    aad: String,
    pt: String,
    ct: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Export {
    exporter_context: String,
    #[serde(rename = "L")]
    length: usize,
    exported_value: String,
}

/// RFC 9180 appendix A.2, DHKEM(X25519): the key schedule and the AEAD that our suite shares.
pub(crate) fn hpke_x25519() {
    check_hpke::<X25519HkdfSha256>(HPKE_X25519, 0x0020);
}

/// draft-ietf-hpke-pq, the suite of every wrap.
pub(crate) fn hpke_xwing() {
    check_hpke::<XWing>(HPKE_XWING, 0x647a);
}

fn check_hpke<K: Kem>(json: &str, kem_id: u16) {
    let vectors: Vec<HpkeVector> = serde_json::from_str(json).unwrap();
    assert!(!vectors.is_empty());
    for vector in vectors {
        assert_eq!(
            (vector.mode, vector.kem_id, vector.kdf_id, vector.aead_id),
            (0, kem_id, 0x0001, 0x0003)
        );
        let info = unhex(&vector.info);

        let (secret, public) = K::derive_keypair(&unhex(&vector.ikmR));
        assert_eq!(public.to_bytes().as_slice(), unhex(&vector.pkRm), "derived public key");
        let stated = K::PrivateKey::from_bytes(&unhex(&vector.skRm)).unwrap();
        assert!(K::sk_to_pk(&stated) == public, "derived private key");

        let mut rng = Replay::new(unhex(&vector.ikmE));
        let (enc, mut sender) = setup_sender_with_rng::<ChaCha20Poly1305, HkdfSha256, K>(
            &OpModeS::Base,
            &public,
            &info,
            &mut rng,
        )
        .unwrap();
        assert!(rng.is_used_up());
        assert_eq!(enc.to_bytes().as_slice(), unhex(&vector.enc), "encapsulation");

        let shared = K::decap(&secret, None, &enc).unwrap();
        assert_eq!(shared.0.as_slice(), unhex(&vector.shared_secret), "shared secret");
        let mut receiver =
            setup_receiver::<ChaCha20Poly1305, HkdfSha256, K>(&OpModeR::Base, &secret, &enc, &info)
                .unwrap();
        assert!(!vector.encryptions.is_empty());
        for Encryption { aad, pt, ct } in vector.encryptions {
            let (aad, pt, ct) = (unhex(&aad), unhex(&pt), unhex(&ct));
            assert_eq!(sender.seal(&pt, &aad).unwrap(), ct);
            assert_eq!(receiver.open(&ct, &aad).unwrap(), pt);
        }
        assert!(!vector.exports.is_empty());
        for Export { exporter_context, length, exported_value } in vector.exports {
            let mut exported = vec![0; length];
            receiver.export(&unhex(&exporter_context), &mut exported).unwrap();
            assert_eq!(exported, unhex(&exported_value));
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct XWingVector {
    seed: String,
    eseed: String,
    ss: String,
    pk: String,
    ct: String,
}

/// The vectors of draft-connolly-cfrg-xwing-kem: keys from a seed, encapsulation, decapsulation.
pub(crate) fn xwing() {
    let vectors: Vec<XWingVector> = serde_json::from_str(XWING).unwrap();
    assert_eq!(vectors.len(), 3);
    for vector in vectors {
        let seed = unhex(&vector.seed).try_into().unwrap();
        let public = SecretKey::from_seed(&seed).public_key().to_bytes();
        assert_eq!(public.as_slice(), unhex(&vector.pk), "public key of a seed");

        let public = <XWing as Kem>::PublicKey::from_bytes(&public).unwrap();
        let mut rng = Replay::new(unhex(&vector.eseed));
        let (shared, enc) = XWing::encap_with_rng(&public, None, &mut rng).unwrap();
        assert!(rng.is_used_up());
        assert_eq!(enc.to_bytes().as_slice(), unhex(&vector.ct), "encapsulation");
        assert_eq!(shared.0.as_slice(), unhex(&vector.ss), "sender's shared secret");

        let secret = <XWing as Kem>::PrivateKey::from_bytes(&seed).unwrap();
        let shared = XWing::decap(&secret, None, &enc).unwrap();
        assert_eq!(shared.0.as_slice(), unhex(&vector.ss), "receiver's shared secret");
    }
}
