//! From a complete session to a receipt: seals once, then sends the same bytes until a backend
//! has them.

mod post;
mod seal;

use std::{
    cell::{Cell, RefCell},
    future::{Future, poll_fn},
    pin::pin,
    rc::Rc,
    task::{Poll, Waker},
    time::Duration,
};

use survey_wire::{ProblemType, retry::Backoff};
use web_sys::AbortController;

use crate::{browser, entropy};
pub(crate) use post::get;
use post::{Answered, post};
pub(crate) use seal::{NotSealed, Parcel, seal};

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
    for base in &parcel.submit {
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
            Answered::Receipt(id, digest) if id == parcel.id && digest == parcel.digest => {
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
            Answered::Receipt(..) | Answered::Nothing => None,
            Answered::Later(wait) => wait,
        };
        let elapsed = browser::now().saturating_sub(start);
        let random = u32::from_le_bytes(entropy::bytes()?);
        let wait = backoff.after_failure(elapsed, random, retry_after)?;
        report(Sending::Waiting);
        steering.wait(wait).await;
    }
}

/// How the person steers sending: "Try now", and "Leave this page".
#[derive(Clone, Default)]
pub(crate) struct Steering(Rc<Steered>);

#[derive(Default)]
struct Steered {
    hurry: Cell<bool>,
    stopped: Cell<bool>,
    /// Who waits for one of both.
    waiting: Cell<Option<Waker>>,
    under_way: RefCell<Option<AbortController>>,
}

impl Steering {
    /// Cuts the present wait short.
    pub(crate) fn hurry(&self) {
        self.0.hurry.set(true);
        self.wake();
    }

    /// Sends nothing any more; a try that is under way is broken off.
    pub(crate) fn stop(&self) {
        self.0.stopped.set(true);
        if let Some(controller) = self.0.under_way.take() {
            controller.abort();
        }
        self.wake();
    }

    /// Waits until somebody wants it to be tried at once: true; or never again: false.
    pub(crate) async fn hurried(&self) -> bool {
        self.0.hurry.set(false);
        poll_fn(|context| {
            if self.is_stopped() || self.0.hurry.get() {
                return Poll::Ready(!self.is_stopped());
            }
            self.0.waiting.set(Some(context.waker().clone()));
            Poll::Pending
        })
        .await
    }

    fn wake(&self) {
        if let Some(waker) = self.0.waiting.take() {
            waker.wake();
        }
    }

    fn is_stopped(&self) -> bool {
        self.0.stopped.get()
    }

    /// A handle that breaks off the try that now begins.
    fn begin(&self) -> Option<AbortController> {
        let controller = AbortController::new().ok()?;
        self.0.under_way.replace(Some(controller.clone()));
        Some(controller)
    }

    /// Waits, unless somebody cuts it short.
    async fn wait(&self, wait: Duration) {
        let (mut timer, mut hurried) = (pin!(browser::sleep(wait)), pin!(self.hurried()));
        poll_fn(|context| {
            let over = timer.as_mut().poll(context).is_ready();
            if over { Poll::Ready(()) } else { hurried.as_mut().poll(context).map(|_| ()) }
        })
        .await;
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests;
