use alloc::{vec, vec::Vec};
use core::fmt;

use rand_core::CryptoRng;

use crate::{Binding, KeyId, MAX_RECIPIENTS, PublicKey, SealError, Sealing, SizeClass};

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
    /// Encapsulated key and sealed content key, [`WRAP_LEN`](crate::WRAP_LEN) bytes in a valid
    /// envelope.
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
/// caller's part. [`Sealing`] does the same in steps, without memory of its own.
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
    let Binding { survey, definition, id } = *binding;
    let sealing = Sealing::begin(survey.as_bytes(), definition, id, rng)?;
    check_recipients(recipients)?;
    if plaintext.len() > class.capacity() {
        return Err(SealError::TooLong { capacity: class.capacity() });
    }
    let wrap = |recipient: &PublicKey| {
        let bytes = sealing.wrap(recipient, rng)?.to_vec();
        Ok(Wrap { kid: recipient.kid(), bytes })
    };
    let wraps = recipients.iter().map(wrap).collect::<Result<_, _>>()?;
    let commitment = sealing.commitment();
    let mut body = vec![0; class.body_len()];
    sealing.finish(plaintext, class, &mut body)?;
    Ok(Sealed { wraps, commitment, body })
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
