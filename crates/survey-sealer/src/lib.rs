//! The sealer: a WebAssembly module that seals one response and does nothing else.
//!
//! It has no import: no clock, no network, no page, no randomness of its own. What it can do is
//! write to its own memory. It allocates nothing. A page loads it (`seal-<hash>.wasm`) while the
//! person answers, and asks it once.
//!
//! # Calling it
//!
//! | export | what it does |
//! |---|---|
//! | `memory` | where the request goes and the reply comes |
//! | `room(length)` | the address for a request of `length` bytes; 0 if it is too long |
//! | `seal(length)` | seals the request of `length` bytes there, puts the reply in its place, and gives the reply's length |
//!
//! (`__data_end` and `__heap_base` are constants that the linker adds to every module.) Request
//! and reply are laid out as in [`survey_seal_request`]. The whole of the page's side:
//!
//! ```js
//! // let module; const compiled = () => (module ??= fetch(sealer).then(…).then(WebAssembly.compile))
//! const seal = async (request) => {
//!   let memory;
//!   try {
//!     const { exports } = await WebAssembly.instantiate(await compiled());
//!     const at = exports.room(request.length);
//!     if (!at) throw new RangeError('the request is too long');
//!     memory = new Uint8Array(exports.memory.buffer);
//!     memory.set(request, at);
//!     return memory.slice(at, at + exports.seal(request.length));
//!   } finally {
//!     request.fill(0);
//!     memory?.fill(0);
//!   }
//! };
//! ```
//!
//! The module wipes request, padded response and stack before it answers; the tests look for the
//! response and for every key in all of its memory. An instance is for one response all the same:
//! the page overwrites its memory with zeros and lets go of it, even when the call fails.
//!
//! # Randomness
//!
//! The page hands in 80 + 64 × n bytes of `crypto.getRandomValues` for n recipients. Each byte is
//! used once, as it is, in this order; there is no generator that would stretch them:
//!
//! | bytes | for |
//! |---|---|
//! | 16 | `id`, the envelope's id |
//! | 32 | `del`, reserved for withdrawal |
//! | 32 | `cek`, the content key |
//! | 64 each | the encapsulation for each recipient (X-Wing's `eseed`: 32 for ML-KEM-768, 32 for X25519) |
//!
//! Randomness is refused if one of its blocks of 16 bytes is all zeros or equals another: a
//! generator that works does not do that in the lifetime of the universe, and one that is broken
//! or patched away often does. It is no test of quality.
//!
//! # The envelope
//!
//! As `survey_seal` describes it, written as `survey_wire::Envelope::to_json` writes it; the tests
//! hold the two against each other and against `vectors/`.

#![cfg_attr(target_arch = "wasm32", no_std)]

#[cfg(target_arch = "wasm32")]
mod abi;
mod json;
mod randomness;
#[cfg(test)]
mod tests;

use survey_seal::{PublicKey, SealError, Sealing, SizeClass, base64url_len, sha256};
use survey_seal_request::{MAX_LEN, RECIPIENT_LEN, REPLY_HEAD_LEN, Refusal, Request};
use zeroize::Zeroize;

use json::Json;
use randomness::Randomness;

/// The longest envelope: one of the largest class, with the most recipients and the longest id.
const MAX_ENVELOPE: usize = 65_536;
/// The longest sealed body, in bytes.
const MAX_BODY: usize = SizeClass::Large.body_len();
/// The longest of request and reply.
const MAX_EXCHANGE: usize =
    if MAX_LEN > REPLY_HEAD_LEN + MAX_ENVELOPE { MAX_LEN } else { REPLY_HEAD_LEN + MAX_ENVELOPE };

/// All memory of the sealer but its stack.
// The exchange is first, and stays there: its address is that of the whole.
#[repr(C)]
pub struct Memory {
    /// The request, and afterwards the reply.
    exchange: [u8; MAX_EXCHANGE],
    /// The padded response, sealed in place.
    body: [u8; MAX_BODY],
    /// The envelope, until the request is wiped and makes room for it.
    envelope: [u8; MAX_ENVELOPE],
}

impl Memory {
    /// Nothing but zeros.
    #[must_use]
    pub const fn new() -> Self {
        Self { exchange: [0; MAX_EXCHANGE], body: [0; MAX_BODY], envelope: [0; MAX_ENVELOPE] }
    }

    /// Room for a request of `length` bytes; `None` if that is too long.
    pub fn room(&mut self, length: usize) -> Option<&mut [u8]> {
        self.exchange.get_mut(..length)
    }

    /// Seals the request in the first `length` bytes, puts the reply in its place, and gives the
    /// reply's length. Takes any length and any bytes.
    pub fn seal(&mut self, length: usize) -> usize {
        let request = self.exchange.get(..length).ok_or(Refusal::Request);
        let sealed = request
            .and_then(Request::parse)
            .and_then(|request| envelope(&request, &mut self.body, &mut self.envelope));
        self.exchange.zeroize();
        self.body.zeroize();
        wipe_stack();
        match sealed {
            Ok(sealed) => self.reply(&sealed),
            Err(refusal) => {
                self.exchange[0] = refusal.code();
                1
            }
        }
    }

    /// Puts the reply into the exchange, which is all zeros, and gives its length.
    fn reply(&mut self, sealed: &Sealed) -> usize {
        let envelope = &self.envelope[..sealed.length];
        let (head, rest) = self.exchange.split_at_mut(REPLY_HEAD_LEN);
        head[1..17].copy_from_slice(&sealed.id);
        head[17..].copy_from_slice(&sha256(&[envelope]));
        rest[..sealed.length].copy_from_slice(envelope);
        REPLY_HEAD_LEN + sealed.length
    }
}

impl Default for Memory {
    fn default() -> Self {
        Self::new()
    }
}

/// An envelope that was written.
struct Sealed {
    id: [u8; 16],
    length: usize,
}

/// Overwrites what sealing left on the stack: libraries move keys about, and not all of them wipe
/// behind themselves.
#[inline(never)]
fn wipe_stack() {
    // Sealing was seen to take 36 kB. The tests of the module look for what is left.
    let mut stack = [0_u8; 65_536];
    stack.zeroize();
}

/// Seals the response of `request` in `body` and writes the envelope.
// Not inlined, so that its stack is given back before that is wiped.
#[inline(never)]
fn envelope(
    request: &Request<'_>,
    body: &mut [u8; MAX_BODY],
    envelope: &mut [u8; MAX_ENVELOPE],
) -> Result<Sealed, Refusal> {
    let Randomness { id, del, mut draw } =
        Randomness::parse(request.randomness).ok_or(Refusal::Randomness)?;
    let longest = usize::try_from(request.longest).map_err(|_| Refusal::TooLong)?;
    let class = SizeClass::for_len(longest).ok_or(Refusal::TooLong)?;
    let sealing = Sealing::begin(request.survey, request.definition, id, &mut draw);
    let sealing = sealing.map_err(refusal)?;

    // Plain ASCII that JSON does not escape, the survey's id included: it was just checked.
    let mut json = Json::new(envelope);
    json.text(b"{\"ssp\":1,\"survey\":\"");
    json.text(request.survey);
    json.bytes(b"\",\"def\":\"", request.definition);
    json.bytes(b"\",\"id\":\"", id);
    json.text(b"\",\"mode\":\"any\",\"wraps\":[");
    let (recipients, _) = request.recipients.as_chunks::<RECIPIENT_LEN>();
    for (index, recipient) in recipients.iter().enumerate() {
        let (kid, key) = recipient.split_at(8);
        let key = PublicKey::from_bytes(key).map_err(|_| Refusal::Recipients)?;
        // An opener finds its wrap by the id, so two of one id could not be told apart.
        let twice = recipients[..index].iter().any(|earlier| earlier.starts_with(kid));
        if key.kid().to_bytes() != kid || twice {
            return Err(Refusal::Recipients);
        }
        let wrap = sealing.wrap(&key, &mut draw).map_err(refusal)?;
        json.text(if index == 0 { b"{\"kid\":\"" } else { b",{\"kid\":\"" });
        json.text(&key.kid().hex());
        json.bytes(b"\",\"w\":\"", &wrap);
        json.text(b"\"}");
    }
    json.bytes(b"],\"kc\":\"", &sealing.commitment());
    let body = &mut body[..class.body_len()];
    sealing.finish(request.response, class, body).map_err(refusal)?;
    json.bytes(b"\",\"ct\":\"", body);
    json.bytes(b"\",\"del\":\"", del);
    json.text(b"\",\"auth\":{\"t\":\"none\"}}");
    // A library that draws less than it did would make envelopes that others open and ours do not.
    if !draw.is_used_up() {
        return Err(Refusal::Internal);
    }
    Ok(Sealed { id: *id, length: json.len() })
}

fn refusal(error: SealError) -> Refusal {
    match error {
        SealError::SurveyId => Refusal::Survey,
        SealError::TooLong { .. } => Refusal::TooLong,
        _ => Refusal::Internal,
    }
}
