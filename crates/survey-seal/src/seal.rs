use alloc::vec::Vec;
use core::{fmt, mem};

use chacha20poly1305::{Nonce, aead::AeadInOut};
use hpke::{OpModeS, Serializable, inout::InOutBuf};
use rand_core::CryptoRng;
use zeroize::Zeroizing;

use crate::{
    Aead, Binding, ENC_LEN, Kdf, Kem, KeyId, MAX_RECIPIENTS, PublicKey, SECRET_LEN, SealError,
    SizeClass, WRAP_LEN, binding::Context, schedule::ContentKey,
};

/// A sealed response, ready for the envelope's JSON. Nothing in it is secret.
#[derive(Clone, PartialEq, Eq)]
pub struct Sealed {
    /// One wrap for each recipient, in the recipients' order.
    pub wraps: Vec<Wrap>,
    /// Commitment to the content key (`kc` in the envelope).
    pub commitment: [u8; 32],
    /// The sealed body (`ct` in the envelope), [`SizeClass::body_len`] bytes.
    pub body: Vec<u8>,
}

/// The content key, sealed for one recipient.
#[derive(Clone, PartialEq, Eq)]
pub struct Wrap {
    /// Whose key opens it.
    pub kid: KeyId,
    /// Encapsulated key and sealed content key, [`WRAP_LEN`] bytes in a valid envelope.
    pub bytes: Vec<u8>,
}

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sealed")
            .field("wraps", &self.wraps)
            .field("body_len", &self.body.len())
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Wrap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Wrap").field(&self.kid).finish()
    }
}

// ssp/1, mode `any`: see the crate's documentation for the table this follows.

/// Seals `plaintext` so that only the holders of the recipients' secret keys can read it.
///
/// Each recipient alone can open. `binding` travels in clear; it is bound, not hidden. `class`
/// hides the length of `plaintext`: the output's lengths depend on `class` and the number of
/// recipients alone. There are 1 to [`MAX_RECIPIENTS`] recipients, each once, in the order of the
/// definition; `plaintext` has at most [`SizeClass::capacity`] bytes.
///
/// `rng` must be cryptographically secure: the operating system's, or the browser's. It gives 32
/// bytes for the content key, then 64 for each recipient. Every call seals afresh, so two equal
/// responses give unrelated bytes. Repeating a failed *post* needs the same bytes, not a new call.
///
/// The padded plaintext is encrypted in place and leaves no copy; wiping `plaintext` itself is the
/// caller's part.
///
/// # Errors
///
/// Every [`SealError`]; in all cases nothing was encrypted and trying again with the same arguments
/// fails the same way.
///
/// # Examples
///
/// ```
/// use getrandom::{SysRng, rand_core::UnwrapErr};
/// use survey_seal::{Binding, SecretKey, SizeClass, open, seal};
///
/// let mut rng = UnwrapErr(SysRng);
/// let analyst = SecretKey::generate(&mut rng); // offline, once
/// let recipients = [analyst.public_key().clone()]; // in the published definition
///
/// let binding = Binding { survey: "victim-voice", definition: &[7; 32], id: &[1; 16] };
/// let sealed = seal(b"{\"v\":1}", SizeClass::Small, &binding, &recipients, &mut rng)?;
/// assert_eq!(sealed.body.len(), 4096 + 16); // the class and a tag, whatever was answered
///
/// let opened = open(&analyst, &binding, &sealed)?;
/// assert_eq!(*opened, b"{\"v\":1}");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn seal(
    plaintext: &[u8],
    class: SizeClass,
    binding: &Binding<'_>,
    recipients: &[PublicKey],
    rng: &mut impl CryptoRng,
) -> Result<Sealed, SealError> {
    if !binding.survey_is_valid() {
        return Err(SealError::SurveyId);
    }
    check_recipients(recipients)?;
    let mut body = class.pad(plaintext).ok_or(SealError::TooLong { capacity: class.capacity() })?;

    let cek = ContentKey::generate(rng);
    let context = binding.context();
    let wraps = recipients
        .iter()
        .map(|recipient| wrap(&cek, &context, recipient, rng))
        .collect::<Result<_, _>>()?;
    encrypt_body(&cek, &context, &mut body)?;
    Ok(Sealed { wraps, commitment: cek.commitment(), body: mem::take(&mut *body) })
}

fn check_recipients(recipients: &[PublicKey]) -> Result<(), SealError> {
    match recipients.len() {
        0 => return Err(SealError::NoRecipients),
        1..=MAX_RECIPIENTS => {}
        found => return Err(SealError::TooManyRecipients { found }),
    }
    // Compares ids, not keys: an opener finds its wrap by the id, so two of one id cannot be told
    // apart even if the keys differ.
    for (index, recipient) in recipients.iter().enumerate() {
        if recipients[..index].iter().any(|earlier| earlier.kid() == recipient.kid()) {
            return Err(SealError::DuplicateRecipient { kid: recipient.kid() });
        }
    }
    Ok(())
}

// RFC 9180 section 6.1, SealBase: enc, ctx = SetupBaseS(pkR, info); ct = ctx.Seal(aad, pt)
pub(crate) fn wrap(
    cek: &ContentKey,
    context: &Context,
    recipient: &PublicKey,
    rng: &mut impl CryptoRng,
) -> Result<Wrap, SealError> {
    let kid = recipient.kid();
    // The byte in front says how the content key is shared; 0 is mode `any`, the whole key.
    let mut secret = Zeroizing::new([0; SECRET_LEN]);
    secret[1..].copy_from_slice(cek.as_bytes());
    let (enc, tag) = hpke::single_shot_seal_inout_detached_with_rng::<Aead, Kdf, Kem>(
        &OpModeS::Base,
        &recipient.inner,
        &context.info(kid),
        InOutBuf::from(secret.as_mut_slice()),
        b"",
        rng,
    )
    .map_err(|_| SealError::Internal)?;

    let mut bytes = Vec::with_capacity(WRAP_LEN);
    bytes.resize(ENC_LEN, 0);
    enc.write_exact(&mut bytes);
    bytes.extend_from_slice(secret.as_slice());
    bytes.extend_from_slice(&tag.to_bytes());
    Ok(Wrap { kid, bytes })
}

/// Encrypts the padded plaintext in place and puts the tag behind it.
pub(crate) fn encrypt_body(
    cek: &ContentKey,
    context: &Context,
    padded: &mut Vec<u8>,
) -> Result<(), SealError> {
    let tag = cek
        .cipher()
        .encrypt_inout_detached(&Nonce::default(), &context.aad(), padded.as_mut_slice().into())
        .map_err(|_| SealError::Internal)?;
    padded.extend_from_slice(&tag);
    Ok(())
}
