//! The envelope a second time, straight from the specification and sharing no code with the
//! library. It also makes what the library refuses to make: the authentic parts of broken vectors.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use chacha20poly1305::{
    ChaCha20Poly1305, KeyInit, Nonce,
    aead::{Aead, Payload},
};
use hkdf::Hkdf;
use hpke::{
    Deserializable, Kem, Serializable,
    kem::{MlKem768, XWing},
};
use rand_core::CryptoRng;
use sha2::{Digest, Sha256};
use survey_seal::{Binding, KeyId, PublicKey};

pub(crate) fn ctx(binding: &Binding<'_>) -> String {
    format!(
        "ssp/1\nsurvey={}\ndef={}\nid={}\nmode=any\n",
        binding.survey,
        BASE64_URL_SAFE_NO_PAD.encode(binding.definition),
        BASE64_URL_SAFE_NO_PAD.encode(binding.id),
    )
}

pub(crate) fn info(ctx: &str, kid: KeyId) -> Vec<u8> {
    let mut info = b"ssp/1 wrap\0".to_vec();
    info.extend_from_slice(&Sha256::digest(format!("{ctx}kid={kid}\n")));
    info
}

pub(crate) fn aad(ctx: &str) -> Vec<u8> {
    Sha256::digest(ctx).to_vec()
}

pub(crate) fn commitment(cek: &[u8]) -> [u8; 32] {
    expand(cek, b"ssp/1 commit")
}

pub(crate) fn body_key(cek: &[u8]) -> [u8; 32] {
    expand(cek, b"ssp/1 body")
}

fn expand(cek: &[u8], info: &[u8]) -> [u8; 32] {
    let mut out = [0; 32];
    Hkdf::<Sha256>::new(None, cek).expand(info, &mut out).unwrap();
    out
}

/// Length, plaintext, zeros.
pub(crate) fn pad(plaintext: &[u8], padded_len: usize) -> Vec<u8> {
    let mut padded = u32::try_from(plaintext.len()).unwrap().to_le_bytes().to_vec();
    padded.extend_from_slice(plaintext);
    padded.resize(padded_len, 0);
    padded
}

/// Seals exactly `padded`, correctly padded or not.
pub(crate) fn body(cek: &[u8], ctx: &str, padded: &[u8]) -> Vec<u8> {
    ChaCha20Poly1305::new(&body_key(cek).into())
        .encrypt(&Nonce::default(), Payload { msg: padded, aad: &aad(ctx) })
        .unwrap()
}

/// Seals exactly `secret`, which is `0x00 || cek` in a valid envelope.
pub(crate) fn wrap(
    public: &PublicKey,
    info: &[u8],
    secret: &[u8],
    rng: &mut impl CryptoRng,
) -> Vec<u8> {
    let public = <XWing as Kem>::PublicKey::from_bytes(&public.to_bytes()).unwrap();
    let (shared, enc) = XWing::encap_with_rng(&public, None, rng).unwrap();
    let sealed = seal_with_shared_secret(&shared.0, info, secret);
    [enc.to_bytes().as_slice(), &sealed].concat()
}

/// A wrap whose X25519 part is the point of order 1, so that its secret rests on ML-KEM alone.
/// Otherwise it is correct, and an X-Wing without the check opens it.
pub(crate) fn low_order_wrap(
    public: &PublicKey,
    info: &[u8],
    secret: &[u8],
    rng: &mut impl CryptoRng,
) -> Vec<u8> {
    let public = public.to_bytes();
    let (ml_kem, x25519) = public.split_at(1184);
    let ml_kem = <MlKem768 as Kem>::PublicKey::from_bytes(ml_kem).unwrap();
    let (shared, enc) = MlKem768::encap_with_rng(&ml_kem, None, rng).unwrap();

    // draft-connolly-cfrg-xwing-kem section 5.3: SHA3-256(ss_M || ss_X || ct_X || pk_X || label)
    let (ss_x, ct_x) = ([0; 32], [0; 32]);
    let shared = sha3::Sha3_256::new()
        .chain_update(shared.0)
        .chain_update(ss_x)
        .chain_update(ct_x)
        .chain_update(x25519)
        .chain_update(br"\.//^\")
        .finalize();
    let sealed = seal_with_shared_secret(&shared, info, secret);
    [enc.to_bytes().as_slice(), &ct_x, &sealed].concat()
}

// RFC 9180 section 5.1, KeySchedule in base mode, and section 5.2, Seal with sequence number 0
fn seal_with_shared_secret(shared: &[u8], info: &[u8], plaintext: &[u8]) -> Vec<u8> {
    const SUITE_ID: &[u8] = b"HPKE\x64\x7a\x00\x01\x00\x03";
    let extract = |salt: &[u8], label: &[u8], ikm: &[u8]| {
        Hkdf::<Sha256>::extract(Some(salt), &[b"HPKE-v1", SUITE_ID, label, ikm].concat())
    };
    let context =
        [&[0][..], &extract(b"", b"psk_id_hash", b"").0, &extract(b"", b"info_hash", info).0]
            .concat();
    let secret = extract(shared, b"secret", b"").1;
    let expand = |label: &[u8], out: &mut [u8]| {
        let length = u16::try_from(out.len()).unwrap().to_be_bytes();
        let info = [&length[..], b"HPKE-v1", SUITE_ID, label, &context].concat();
        secret.expand(&info, out).unwrap();
    };
    let (mut key, mut nonce) = ([0; 32], [0; 12]);
    expand(b"key", &mut key);
    expand(b"base_nonce", &mut nonce);
    ChaCha20Poly1305::new(&key.into()).encrypt(&nonce.into(), plaintext).unwrap()
}
