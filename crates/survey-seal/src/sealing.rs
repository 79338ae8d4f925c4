use chacha20poly1305::{Nonce, aead::AeadInOut};
use hpke::{OpModeS, Serializable, inout::InOutBuf};
use rand_core::CryptoRng;
use zeroize::Zeroizing;

use crate::{
    Aead, ENC_LEN, Kdf, Kem, PublicKey, SECRET_LEN, SealError, SizeClass, TAG_LEN, WRAP_LEN,
    binding::{Context, is_survey_id},
    schedule::ContentKey,
};

// ssp/1, mode `any`: see the crate's documentation for the table this follows.

/// One envelope in the making: [`seal`](crate::seal()) in steps, for who has no heap.
///
/// [`begin`](Self::begin), then [`wrap`](Self::wrap) for each recipient, then
/// [`finish`](Self::finish), which uses the content key up: it seals one body and no second. That
/// there are 1 to [`MAX_RECIPIENTS`](crate::MAX_RECIPIENTS) recipients, each once, is the caller's
/// part.
pub struct Sealing<'a> {
    cek: ContentKey,
    context: Context<'a>,
}

impl<'a> Sealing<'a> {
    /// Draws a content key: 32 bytes of `rng`.
    ///
    /// The rest is what a [`Binding`](crate::Binding) holds: the bytes of the survey's id, the
    /// definition's hash and the envelope's own id.
    ///
    /// # Errors
    ///
    /// [`SealError::SurveyId`].
    pub fn begin(
        survey: &'a [u8],
        definition: &[u8; 32],
        id: &[u8; 16],
        rng: &mut impl CryptoRng,
    ) -> Result<Self, SealError> {
        if !is_survey_id(survey) {
            return Err(SealError::SurveyId);
        }
        let context = Context::new(survey, definition, id, "any");
        Ok(Self { cek: ContentKey::generate(rng), context })
    }

    #[cfg(test)]
    pub(crate) const fn with(cek: ContentKey, context: Context<'a>) -> Self {
        Self { cek, context }
    }

    // RFC 9180 section 6.1, SealBase: enc, ctx = SetupBaseS(pkR, info); ct = ctx.Seal(aad, pt)
    /// Seals the content key for `recipient`; draws 64 bytes of `rng`.
    ///
    /// # Errors
    ///
    /// [`SealError::Internal`].
    pub fn wrap(
        &self,
        recipient: &PublicKey,
        rng: &mut impl CryptoRng,
    ) -> Result<[u8; WRAP_LEN], SealError> {
        // The byte in front says how the content key is shared; 0 is mode `any`, the whole key.
        let mut secret = Zeroizing::new([0; SECRET_LEN]);
        secret[1..].copy_from_slice(self.cek.as_bytes());
        let (enc, tag) = hpke::single_shot_seal_inout_detached_with_rng::<Aead, Kdf, Kem>(
            &OpModeS::Base,
            &recipient.inner,
            &self.context.info(recipient.kid()),
            InOutBuf::from(secret.as_mut_slice()),
            b"",
            rng,
        )
        .map_err(|_| SealError::Internal)?;

        let mut wrap = [0; WRAP_LEN];
        let (encapsulated, sealed) = wrap.split_at_mut(ENC_LEN);
        enc.write_exact(encapsulated);
        let (ciphertext, end) = sealed.split_at_mut(SECRET_LEN);
        ciphertext.copy_from_slice(secret.as_slice());
        tag.write_exact(end);
        Ok(wrap)
    }

    /// The commitment to the content key.
    #[must_use]
    pub fn commitment(&self) -> [u8; 32] {
        self.cek.commitment()
    }

    /// Pads `plaintext` into `body`, which has [`SizeClass::body_len`] bytes, and encrypts it there.
    ///
    /// # Errors
    ///
    /// [`SealError::TooLong`], and [`SealError::Internal`] for a `body` of another length. It then
    /// holds nothing of the plaintext.
    pub fn finish(
        self,
        plaintext: &[u8],
        class: SizeClass,
        body: &mut [u8],
    ) -> Result<(), SealError> {
        let parts = body.split_last_chunk_mut::<TAG_LEN>();
        let Some((padded, end)) = parts.filter(|(padded, _)| padded.len() == class.padded_len())
        else {
            return Err(SealError::Internal);
        };
        if !class.pad(plaintext, padded) {
            return Err(SealError::TooLong { capacity: class.capacity() });
        }
        let encrypted = self.cek.cipher().encrypt_inout_detached(
            &Nonce::default(),
            &self.context.aad(),
            (&mut *padded).into(),
        );
        match encrypted {
            Ok(tag) => *end = tag.into(),
            Err(_) => {
                padded.fill(0);
                return Err(SealError::Internal);
            }
        }
        Ok(())
    }
}
