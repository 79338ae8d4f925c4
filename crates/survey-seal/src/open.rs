use alloc::vec::Vec;

use chacha20poly1305::{Nonce, Tag, aead::AeadInOut};
use hpke::{Deserializable, OpModeR, inout::InOutBuf};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::{
    Aead, Binding, ENC_LEN, Kdf, Kem, OpenError, SECRET_LEN, Sealed, SecretKey, SizeClass, TAG_LEN,
    WRAP_LEN, binding::Context, key::ends_in_low_order_point, padding::unpad, schedule::ContentKey,
};

// ssp/1, mode `any`: see the crate's documentation for the table this follows.

/// Opens an envelope with one of its recipients' secret keys.
///
/// `binding` is made from the envelope's own fields: survey, definition hash and id as they came
/// in. What opens is what [`seal`](crate::seal()) was given under exactly this binding, though not
/// proof of who sealed it: parse and validate it as untrusted input. The size class follows from
/// the body. The result is wiped from memory on drop.
///
/// # Errors
///
/// Every [`OpenError`], found in the order of [`OpenError::ALL`]. No plaintext is given out unless
/// wrap, commitment, body and padding are all in order, and trying again with the same arguments
/// fails the same way. An envelope that does not open should be kept and counted, not dropped.
pub fn open(
    secret: &SecretKey,
    binding: &Binding<'_>,
    sealed: &Sealed,
) -> Result<Zeroizing<Vec<u8>>, OpenError> {
    let context = binding.context();
    let cek = unwrap_content_key(secret, &context, sealed)?;
    // Before the body: ChaCha20Poly1305 does not commit to its key, so one body could be made to
    // open under two of them.
    if !bool::from(cek.commitment().ct_eq(&sealed.commitment)) {
        return Err(OpenError::Commitment);
    }
    let padded = decrypt_body(&cek, &context, &sealed.body)?;
    unpad(&padded).ok_or(OpenError::Padding)
}

/// Finds the key's one wrap and opens it.
fn unwrap_content_key(
    secret: &SecretKey,
    context: &Context,
    sealed: &Sealed,
) -> Result<ContentKey, OpenError> {
    let mut own = sealed.wraps.iter().filter(|wrap| wrap.kid == secret.kid());
    let wrap = own.next().ok_or(OpenError::NotForThisKey)?;
    // A second wrap for one key comes from no sealer. Choosing between them would make what opens
    // depend on their order.
    if own.next().is_some() {
        return Err(OpenError::Wrap);
    }
    open_wrap(secret, context, &wrap.bytes).ok_or(OpenError::Wrap)
}

// RFC 9180 section 6.1, OpenBase: ctx = SetupBaseR(enc, skR, info); return ctx.Open(aad, ct)
fn open_wrap(secret: &SecretKey, context: &Context, wrap: &[u8]) -> Option<ContentKey> {
    let wrap: &[u8; WRAP_LEN] = wrap.try_into().ok()?;
    let (enc, sealed) = wrap.split_at(ENC_LEN);
    let (ciphertext, tag) = sealed.split_at(SECRET_LEN);
    if ends_in_low_order_point(enc) {
        return None;
    }
    let mut opened = Zeroizing::new([0; SECRET_LEN]);
    opened.copy_from_slice(ciphertext);
    hpke::single_shot_open_inout_detached::<Aead, Kdf, Kem>(
        &OpModeR::Base,
        &secret.inner,
        &Deserializable::from_bytes(enc).ok()?,
        &context.info(secret.kid()),
        InOutBuf::from(opened.as_mut_slice()),
        b"",
        &Deserializable::from_bytes(tag).ok()?,
    )
    .ok()?;
    // Mode `any` has the whole content key behind a zero; another number would be a share of it.
    let (&mode, cek) = opened.split_first()?;
    (mode == 0).then_some(ContentKey::from_bytes(cek.try_into().ok()?))
}

fn decrypt_body(
    cek: &ContentKey,
    context: &Context,
    body: &[u8],
) -> Result<Zeroizing<Vec<u8>>, OpenError> {
    let (ciphertext, tag) = body.split_last_chunk::<TAG_LEN>().ok_or(OpenError::Body)?;
    // No sealer makes other lengths, so none is accepted, authentic or not.
    SizeClass::from_padded_len(ciphertext.len()).ok_or(OpenError::Body)?;
    let mut padded = Zeroizing::new(ciphertext.to_vec());
    cek.cipher()
        .decrypt_inout_detached(
            &Nonce::default(),
            &context.aad(),
            padded.as_mut_slice().into(),
            &Tag::from(*tag),
        )
        .map_err(|_| OpenError::Body)?;
    Ok(padded)
}
