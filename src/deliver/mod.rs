//! From a complete session to a receipt: seals once, then sends the same bytes until a backend
//! has them.

mod post;

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    time::Duration,
};

use survey_core::{Definition, Response};
use survey_seal::{Binding, PublicKey, SizeClass};
use survey_wire::{
    Auth, Ciphertext, DefinitionHash, Digest, Envelope, EnvelopeId, Mode, ProblemType, Wrap, Wraps,
    retry::Backoff,
};

use web_sys::AbortController;

use crate::{browser, entropy};
pub(crate) use post::get;
use post::{Answered, post};

/// A sealed response, ready to be sent as often as it takes.
#[derive(Clone)]
pub(crate) struct Parcel {
    body: Rc<[u8]>,
    id: EnvelopeId,
    digest: Digest,
    submit: Rc<[String]>,
}

/// How sending stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sending {
    /// A try is under way.
    Trying,
    /// The next try comes by itself.
    Waiting,
    /// All tries are used up; the person can start again.
    GaveUp,
    /// No backend takes it and none ever will.
    Refused(Refusal),
    /// A backend has it.
    Sent,
}

/// Why no backend takes a response.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// The survey is over.
    Closed,
    /// The survey was published anew, and the present definition withdrawn.
    Outdated,
    /// Another envelope has the same random id; it has to be sealed under a new one.
    Conflict,
    /// Something else.
    Other,
}

/// Seals `response` for the recipients of `definition`, whose bytes have the hash `hash`.
///
/// `None`: the browser gives no randomness, or the definition's keys are not keys. Nothing leaves
/// the device then.
pub(crate) fn seal(
    definition: &Definition,
    hash: DefinitionHash,
    response: &Response,
) -> Option<Parcel> {
    let mut generator = entropy::generator()?;
    let id = entropy::bytes::<16>()?;
    let recipients: Option<Vec<PublicKey>> = definition
        .recipients()
        .iter()
        .map(|r| PublicKey::from_recipient(r.kid().parse().ok()?, r.key()).ok())
        .collect();
    let class = SizeClass::for_len(definition.longest_response())?;
    let binding = Binding { survey: definition.id().as_str(), definition: &hash.0, id: &id };
    let plaintext = response.to_json(definition);
    let sealed =
        survey_seal::seal(&plaintext, class, &binding, &recipients?, &mut generator).ok()?;
    let wraps = sealed.wraps.into_iter().map(|wrap| {
        Some(Wrap {
            kid: survey_wire::KeyId(wrap.kid.to_bytes()),
            w: <[u8; survey_wire::WRAP_LEN]>::try_from(wrap.bytes.as_ref()).ok()?,
        })
    });
    let envelope = Envelope {
        survey: definition.id().as_str().parse().ok()?,
        def: hash,
        id: EnvelopeId(id),
        mode: Mode::Any,
        wraps: Wraps::new(wraps.collect::<Option<_>>()?).ok()?,
        kc: sealed.commitment,
        ct: Ciphertext::new(sealed.body).ok()?,
        // No withdrawal is offered yet; random bytes keep every envelope alike.
        del: entropy::bytes()?,
        auth: Auth::None,
    };
    let body = envelope.to_json();
    Some(Parcel {
        digest: Digest::of(&body),
        body: body.into(),
        id: envelope.id,
        submit: definition.submit().map(str::to_owned).collect(),
    })
}

/// Sends `parcel` to the first backend that takes it, tells `report` how it stands meanwhile, and
/// gives how it ended: sent, refused or given up.
///
/// Every try sends the same bytes, so a backend that has them already answers with the same
/// receipt and nothing counts twice. `steering` cuts a wait short, or ends it all.
pub(crate) async fn send(
    parcel: &Parcel,
    steering: &Steering,
    report: impl Fn(Sending),
) -> Sending {
    let (mut refusal, mut unreached) = (None, false);
    for base in &*parcel.submit {
        match send_to(base, parcel, steering, &report).await {
            Some(Ok(())) => return Sending::Sent,
            Some(Err(why)) => refusal = refusal.or(Some(why)),
            None => unreached = true,
        }
    }
    // While one backend was not heard, no refusal of another is the last word.
    refusal.filter(|_| !unreached).map_or(Sending::GaveUp, Sending::Refused)
}

/// `None`: not reached within the tries that the protocol allows.
async fn send_to(
    base: &str,
    parcel: &Parcel,
    steering: &Steering,
    report: &impl Fn(Sending),
) -> Option<Result<(), Refusal>> {
    let url = format!("{base}/responses");
    let start = browser::now();
    let mut backoff = Backoff::new();
    loop {
        if steering.is_stopped() {
            return None;
        }
        report(Sending::Trying);
        let controller = steering.begin()?;
        let retry_after = match post(&url, &parcel.body, &controller).await {
            Answered::Receipt(receipt)
                if receipt.id == parcel.id && receipt.digest == parcel.digest =>
            {
                return Some(Ok(()));
            }
            Answered::Refused(ProblemType::Closed) => return Some(Err(Refusal::Closed)),
            Answered::Refused(ProblemType::OutdatedDefinition) => {
                return Some(Err(Refusal::Outdated));
            }
            Answered::Refused(ProblemType::IdConflict) => return Some(Err(Refusal::Conflict)),
            Answered::Refused(_) | Answered::RefusedUnknown => {
                return Some(Err(Refusal::Other));
            }
            Answered::NotHere => return None,
            // Something answered that is not the backend: a captive portal, a proxy.
            Answered::Receipt(_) | Answered::Nothing => None,
            Answered::Later(wait) => wait,
        };
        let elapsed = browser::now().saturating_sub(start);
        let random = u32::from_le_bytes(entropy::bytes()?);
        let wait = backoff.after_failure(elapsed, random, retry_after)?;
        steering.wait(wait, report).await;
    }
}

/// How the person steers sending: "Try now", and "Leave this page".
#[derive(Clone, Default)]
pub(crate) struct Steering(Rc<Steered>);

#[derive(Default)]
struct Steered {
    hurry: Cell<bool>,
    stopped: Cell<bool>,
    under_way: RefCell<Option<AbortController>>,
}

impl Steering {
    /// Cuts the present wait short.
    pub(crate) fn hurry(&self) {
        self.0.hurry.set(true);
    }

    /// Sends nothing any more; a try that is under way is broken off.
    pub(crate) fn stop(&self) {
        self.0.stopped.set(true);
        if let Some(controller) = self.0.under_way.borrow_mut().take() {
            controller.abort();
        }
    }

    fn is_stopped(&self) -> bool {
        self.0.stopped.get()
    }

    /// A handle that breaks off the try that now begins.
    fn begin(&self) -> Option<AbortController> {
        let controller = AbortController::new().ok()?;
        *self.0.under_way.borrow_mut() = Some(controller.clone());
        Some(controller)
    }

    async fn wait(&self, wait: Duration, report: &impl Fn(Sending)) {
        const TICK: Duration = Duration::from_millis(250);
        self.0.hurry.set(false);
        let end = browser::now() + wait;
        report(Sending::Waiting);
        while !self.0.hurry.get() && !self.is_stopped() {
            let left = end.saturating_sub(browser::now());
            if left.is_zero() {
                break;
            }
            browser::sleep(TICK.min(left)).await;
        }
    }
}
