//! HTTP, and nothing else: the only file that names gloo-net.

use std::time::Duration;

use gloo_net::http::{Request, RequestBuilder, Response};
use survey_wire::{CONTENT_TYPE, Problem, ProblemType, Receipt, retry};
use web_sys::{
    AbortController, ReferrerPolicy, RequestCache, RequestCredentials, RequestMode, RequestRedirect,
};

use crate::browser;

/// Longest wait for one answer. Long enough for 7 kB on a bad line, short enough to try again.
const TIME_OUT: Duration = Duration::from_secs(30);

/// What came of one try.
pub(super) enum Answered {
    /// 200 or 201 with a receipt.
    Receipt(Receipt),
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

/// Posts an envelope without cookie, referrer, cache or redirect.
/// `controller` breaks it off.
pub(super) async fn post(url: &str, body: &[u8], controller: &AbortController) -> Answered {
    let request = private(Request::post(url), controller)
        .credentials(RequestCredentials::Omit)
        .cache(RequestCache::NoStore);
    // UTF-8 by construction: an envelope is JSON in ASCII.
    let text = String::from_utf8_lossy(body).into_owned();
    let Ok(request) = request.header("Content-Type", CONTENT_TYPE).body(text) else {
        return Answered::Nothing;
    };
    let answer = browser::or_after(TIME_OUT, async {
        let response = request.send().await.ok()?;
        let bytes = response.binary().await.ok()?;
        Some((response, bytes))
    })
    .await
    .flatten();
    match answer {
        Some((response, bytes)) => read(&response, &bytes),
        None => {
            controller.abort();
            Answered::Nothing
        }
    }
}

fn read(response: &Response, body: &[u8]) -> Answered {
    match response.status() {
        200 | 201 => serde_json::from_slice(body).map_or(Answered::Nothing, Answered::Receipt),
        status if retry::is_retryable(status) => {
            let header = response.headers().get("Retry-After");
            Answered::Later(header.as_deref().and_then(retry::retry_after))
        }
        status => match Problem::parse(body) {
            _ if status >= 500 => Answered::NotHere,
            Some(problem) => Answered::Refused(problem.kind),
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

/// Gets a file of the widget's own origin, as bytes; `None` if it could not be had.
///
/// Credentials as the document's own preload has them, or the browser would fetch it twice; an
/// opaque origin has no cookie to send.
pub(crate) async fn get(url: &str) -> Option<Vec<u8>> {
    let controller = AbortController::new().ok()?;
    let request =
        private(Request::get(url), &controller).credentials(RequestCredentials::SameOrigin);
    let bytes = browser::or_after(TIME_OUT, async {
        let response = request.send().await.ok()?;
        if response.ok() { response.binary().await.ok() } else { None }
    })
    .await
    .flatten();
    if bytes.is_none() {
        controller.abort();
    }
    bytes
}

/// A request that carries nothing of the person: no cookie, no referrer.
fn private(request: RequestBuilder, controller: &AbortController) -> RequestBuilder {
    request
        .mode(RequestMode::Cors)
        .redirect(RequestRedirect::Error)
        .referrer_policy(ReferrerPolicy::NoReferrer)
        .abort_signal(Some(&controller.signal()))
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::is_problem;

    #[test]
    fn a_captive_portal_is_not_a_backend() {
        assert!(is_problem(br#"{"type":"urn:ssp:error:token-required","status":403}"#));
        assert!(!is_problem(b"<html>Sign in to the wireless network</html>"));
        assert!(!is_problem(&[0xff, 0xfe]));
    }
}
