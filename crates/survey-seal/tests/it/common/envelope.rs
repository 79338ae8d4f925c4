//! The envelope as JSON, as far as sealing and opening need it. Limits and strict parsing are the
//! wire format's part and not repeated here.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use survey_seal::{Binding, PublicKey, Sealed, SecretKey, SizeClass, Wrap, open, seal};
use zeroize::Zeroizing;

pub(crate) fn encode(bytes: &[u8]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    BASE64_URL_SAFE_NO_PAD.decode(text).ok()
}

#[derive(Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Envelope {
    pub ssp: u32,
    pub survey: String,
    pub def: String,
    pub id: String,
    pub mode: String,
    pub wraps: Vec<WrapText>,
    pub kc: String,
    pub ct: String,
    pub del: String,
    pub auth: Auth,
}

#[derive(Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WrapText {
    pub kid: String,
    pub w: String,
}

#[derive(Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Auth {
    pub t: String,
}

impl Envelope {
    /// Seals and writes the envelope. `del` is the hash of a withdrawal secret; zeros here.
    pub(crate) fn seal(
        plaintext: &[u8],
        class: SizeClass,
        binding: &Binding<'_>,
        recipients: &[PublicKey],
        rng: &mut impl rand_core::CryptoRng,
    ) -> Result<Self, survey_seal::SealError> {
        let sealed = seal(plaintext, class, binding, recipients, rng)?;
        let wraps = sealed.wraps.iter();
        Ok(Self {
            ssp: 1,
            survey: binding.survey.to_owned(),
            def: encode(binding.definition),
            id: encode(binding.id),
            mode: "any".to_owned(),
            wraps: wraps
                .map(|wrap| WrapText { kid: wrap.kid.to_string(), w: encode(&wrap.bytes) })
                .collect(),
            kc: encode(&sealed.commitment),
            ct: encode(&sealed.body),
            del: encode(&[0; 32]),
            auth: Auth { t: "none".to_owned() },
        })
    }

    /// Opens the envelope, or names the error as `vectors/envelope-v1.json` does: `malformed`,
    /// `mode` or the name of an [`survey_seal::OpenError`].
    pub(crate) fn open(&self, secret: &SecretKey) -> Result<Zeroizing<Vec<u8>>, &'static str> {
        if self.ssp != 1 {
            return Err("malformed");
        }
        if self.mode != "any" {
            return Err("mode");
        }
        let (definition, id, sealed) = self.decoded().ok_or("malformed")?;
        let binding = Binding { survey: &self.survey, definition: &definition, id: &id };
        open(secret, &binding, &sealed).map_err(survey_seal::OpenError::name)
    }

    fn decoded(&self) -> Option<([u8; 32], [u8; 16], Sealed)> {
        let wrap =
            |text: &WrapText| Some(Wrap { kid: text.kid.parse().ok()?, bytes: decode(&text.w)? });
        let sealed = Sealed {
            wraps: self.wraps.iter().map(wrap).collect::<Option<_>>()?,
            commitment: decode(&self.kc)?.try_into().ok()?,
            body: decode(&self.ct)?,
        };
        Some((decode(&self.def)?.try_into().ok()?, decode(&self.id)?.try_into().ok()?, sealed))
    }
}
