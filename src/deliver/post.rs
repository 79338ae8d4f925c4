//! HTTP, and nothing else: the only file that names gloo-net.

use std::time::Duration;

use gloo_net::http::{Request, RequestBuilder};
use gloo_timers::callback::Timeout;
use js_sys::Uint8Array;
use survey_wire::{CONTENT_TYPE, Digest, EnvelopeId, ProblemType, answer, retry};
use web_sys::{
    AbortController, ReferrerPolicy, RequestCache, RequestCredentials, RequestMode, RequestRedirect,
};

/// Longest wait for one answer, in milliseconds. Long enough for 7 kB on a bad line, short enough
/// to try again.
const TIME_OUT: u32 = 30_000;

/// What came of one try.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Answered {
    /// 200 or 201 with a receipt.
    Receipt(EnvelopeId, Digest),
    /// Refused for good, by any backend that follows the protocol.
    Refused(ProblemType),
    /// Refused for good, for a reason that a later version of the protocol names.
    RefusedUnknown,
    /// This backend cannot take it, another one may.
    NotHere,
    /// Refused for now, with the wait that the backend asks for.
    Later(Option<Duration>),
    /// No answer, or one that no backend gives.
    Nothing,
}

/// Posts an envelope. `controller` breaks it off.
pub(super) async fn post(url: &str, envelope: &[u8], controller: &AbortController) -> Answered {
    let request = private(Request::post(url), controller)
        .header("Content-Type", CONTENT_TYPE)
        .body(Uint8Array::from(envelope));
    let Ok(request) = request else { return Answered::Nothing };
    let _timer = break_off_in_time(controller);
    let Ok(response) = request.send().await else { return Answered::Nothing };
    let Ok(body) = response.binary().await else { return Answered::Nothing };
    let retry_after = response.headers().get("Retry-After");
    read(response.status(), retry_after.as_deref(), &body)
}

/// Gets a document of the widget's own origin, as it is now; `None` if it could not be had.
pub(crate) async fn get(url: &str) -> Option<Vec<u8>> {
    let controller = AbortController::new().ok()?;
    let _timer = break_off_in_time(&controller);
    let response = private(Request::get(url), &controller).send().await.ok()?;
    if response.ok() { response.binary().await.ok() } else { None }
}

/// A request that carries nothing of the person and leaves nothing on the device: no cookie, no
/// referrer, no cache, and no redirect to who knows where.
fn private(request: RequestBuilder, controller: &AbortController) -> RequestBuilder {
    request
        .mode(RequestMode::Cors)
        .credentials(RequestCredentials::Omit)
        .cache(RequestCache::NoStore)
        .redirect(RequestRedirect::Error)
        .referrer_policy(ReferrerPolicy::NoReferrer)
        .abort_signal(Some(&controller.signal()))
}

/// Breaks a try off when it takes too long, unless it is dropped before.
fn break_off_in_time(controller: &AbortController) -> Timeout {
    let controller = controller.clone();
    Timeout::new(TIME_OUT, move || controller.abort())
}

fn read(status: u16, retry_after: Option<&str>, body: &[u8]) -> Answered {
    match status {
        200 | 201 => answer::receipt(body)
            .map_or(Answered::Nothing, |(id, digest)| Answered::Receipt(id, digest)),
        status if retry::is_retryable(status) => {
            Answered::Later(retry_after.and_then(retry::retry_after))
        }
        status if status >= 500 => Answered::NotHere,
        _ => match answer::problem(body) {
            Some(kind) => Answered::Refused(kind),
            None if is_problem(body) => Answered::RefusedUnknown,
            // Not from a backend: a captive portal, some proxy in between.
            None => Answered::Nothing,
        },
    }
}

/// Whether a backend refused in words that this version does not know.
fn is_problem(body: &[u8]) -> bool {
    std::str::from_utf8(body).is_ok_and(|text| text.contains("\"urn:ssp:error:"))
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;

    #[track_caller]
    fn check(status: u16, retry_after: Option<&str>, body: &str, expected: Answered) {
        let actual = read(status, retry_after, body.as_bytes());
        assert_eq!(actual, expected, "{status} {retry_after:?} `{body}`");
    }

    #[test]
    fn an_answer_is_taken_for_what_the_protocol_says() {
        let receipt = r#"{"id":"AAAAAAAAAAAAAAAAAAAAAA","digest":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","day":"2026-11-23"}"#;
        let taken = || Answered::Receipt(EnvelopeId([0; 16]), Digest([0; 32]));
        check(201, None, receipt, taken());
        check(200, None, receipt, taken());
        check(202, None, receipt, Answered::Nothing);

        let refused = r#"{"type":"urn:ssp:error:closed","status":410}"#;
        check(410, None, refused, Answered::Refused(ProblemType::Closed));
        let unknown = r#"{"type":"urn:ssp:error:token-required","status":403}"#;
        check(403, None, unknown, Answered::RefusedUnknown);

        check(503, None, "", Answered::Later(None));
        check(503, Some("7"), refused, Answered::Later(Some(Duration::from_secs(7))));
        check(429, Some("tomorrow"), "", Answered::Later(None));
        check(500, None, refused, Answered::NotHere);
        check(507, None, "", Answered::NotHere);
    }

    #[test]
    fn a_captive_portal_is_not_a_backend() {
        let portal = "<html>Sign in to the wireless network</html>";
        for status in [200, 201, 302, 403, 404, 511] {
            let expected = if status == 511 { Answered::NotHere } else { Answered::Nothing };
            check(status, None, portal, expected);
        }
        assert!(!is_problem(&[0xff, 0xfe]));
    }
}
