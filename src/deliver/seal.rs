//! Sealing, as far as it is done here: writes down what to seal and for whom, and has it done by
//! the sealer, a program of its own without any way out (`crates/survey-sealer`).

use survey_core::{Definition, Response};
use survey_seal_request::{RECIPIENT_LEN, Reply, Request, randomness_len};
use survey_wire::{DefinitionHash, Digest, EnvelopeId};
use zeroize::Zeroizing;

use crate::entropy;

/// A sealed response, ready to be sent as often as it takes.
pub(crate) struct Parcel {
    /// The envelope.
    pub(super) body: Vec<u8>,
    pub(super) id: EnvelopeId,
    pub(super) digest: Digest,
    /// The addresses that take it, in the order in which to try them.
    pub(super) submit: Vec<String>,
}

/// Seals `response` for the recipients of `definition`, whose published bytes have the hash `hash`.
///
/// # Errors
///
/// [`NotSealed`]; nothing leaves the device then.
pub(crate) async fn seal(
    definition: &Definition,
    hash: DefinitionHash,
    response: &Response,
) -> Result<Parcel, NotSealed> {
    let request = request(definition, hash, response).ok_or(NotSealed::Never)?;
    let reply = sealer(&request).await?;
    parcel(definition, &reply).ok_or(NotSealed::Never)
}

/// Why a response is not sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NotSealed {
    /// The sealer did not come: it can be asked for again when there is signal.
    NotNow,
    /// The browser gives no randomness or does not run the sealer, or the definition's keys are
    /// not keys.
    Never,
}

/// What the sealer is asked.
fn request(
    definition: &Definition,
    hash: DefinitionHash,
    response: &Response,
) -> Option<Zeroizing<Vec<u8>>> {
    let recipients = recipients(definition);
    let mut randomness = Zeroizing::new(vec![0; randomness_len(definition.recipients().len())]);
    entropy::fill(&mut randomness)?;
    let request = Request {
        survey: definition.id().as_str().as_bytes(),
        definition: &hash.0,
        longest: u32::try_from(definition.longest_response()).ok()?,
        recipients: &recipients,
        randomness: &randomness,
        response: &response.to_json(definition),
    };
    request.to_bytes().map(Zeroizing::new)
}

/// The recipients, each as key id and key.
fn recipients(definition: &Definition) -> Vec<u8> {
    let recipients = definition.recipients();
    let mut bytes = Vec::with_capacity(recipients.len() * RECIPIENT_LEN);
    for recipient in recipients {
        bytes.extend_from_slice(&recipient.kid());
        bytes.extend_from_slice(recipient.key());
    }
    bytes
}

/// What the sealer answered, unless it refused.
fn parcel(definition: &Definition, reply: &[u8]) -> Option<Parcel> {
    let reply = Reply::parse(reply).ok()?;
    Some(Parcel {
        body: reply.envelope.to_vec(),
        id: EnvelopeId(*reply.id),
        digest: Digest(*reply.digest),
        submit: definition.submit().map(str::to_owned).collect(),
    })
}

/// Calls the sealer.
#[cfg(target_arch = "wasm32")]
async fn sealer(request: &[u8]) -> Result<Vec<u8>, NotSealed> {
    use js_sys::Uint8Array;
    use wasm_bindgen::prelude::*;

    #[wasm_bindgen(js_namespace = views)]
    extern "C" {
        /// `start.js` loads and calls it, and wipes what it was given; `undefined` if it did not
        /// come.
        #[wasm_bindgen(catch)]
        async fn seal(request: Uint8Array) -> Result<JsValue, JsValue>;
    }

    // A copy: the sealer is loaded meanwhile, and our own memory may move by then.
    let reply = seal(Uint8Array::from(request)).await.map_err(|_| NotSealed::Never)?;
    if reply.is_undefined() {
        return Err(NotSealed::NotNow);
    }
    Ok(reply.unchecked_into::<Uint8Array>().to_vec())
}

/// Documents are written on the host, and nobody answers there.
#[cfg(not(target_arch = "wasm32"))]
#[expect(clippy::unused_async, reason = "the browser's is")]
async fn sealer(_: &[u8]) -> Result<Vec<u8>, NotSealed> {
    Err(NotSealed::NotNow)
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests;
