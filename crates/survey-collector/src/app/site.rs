//! The built site: frame documents, widget, definitions, loader.

mod kind;

use std::path::Path;

use axum::{
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use survey_wire::PageCode;
use tower::ServiceExt as _;
use tower_http::services::ServeDir;

use super::{AppState, CROSS_ORIGIN_RESOURCE_POLICY, not_found, plain, set};
use kind::{Kind, classify};

/// The files of the built site.
pub(super) struct Site(ServeDir);

impl Site {
    pub(super) fn new(folder: &Path) -> Self {
        Self(ServeDir::new(folder).precompressed_br().precompressed_gzip())
    }
}

/// Features that the document and everything in it go without. Chromium reads the header, the
/// others go by the frame's `allow` attribute.
pub(super) const PERMISSIONS_POLICY: (HeaderName, &str) = (
    HeaderName::from_static("permissions-policy"),
    "camera=(), microphone=(), geolocation=(), display-capture=(), clipboard-read=(), payment=(), \
     usb=(), browsing-topics=()",
);

/// A file that is never shown as a document shows nothing when it is.
const FILE_POLICY: &str = "default-src 'none'; frame-ancestors 'none'; sandbox";

pub(super) async fn site(State(state): State<AppState>, mut request: Request) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        let allow = [(header::ALLOW, "GET, HEAD")];
        return (allow, plain(StatusCode::METHOD_NOT_ALLOWED, "Method not allowed\n"))
            .into_response();
    }
    let path = request.uri().path().to_owned();
    let kind = classify(&path);
    if kind == Kind::Hidden {
        return hardened(not_found().await);
    }
    if kind.caching() == kind::SHORT {
        forget_times(request.headers_mut());
    }
    let files = &state.0.site.0;
    let again = request_like(&request);
    let mut caching = kind.caching();
    let mut response = serve(files, request).await;
    for instead in kind.instead() {
        if response.status() != StatusCode::NOT_FOUND {
            break;
        }
        // It may be there the next time, under the name that was asked for.
        caching = kind::SHORT;
        response = serve(files, again(instead)).await;
    }
    match response.status() {
        StatusCode::NOT_FOUND => return hardened(not_found().await),
        StatusCode::OK | StatusCode::PARTIAL_CONTENT | StatusCode::NOT_MODIFIED => {}
        _ => return hardened(response),
    }
    let policy = match kind {
        Kind::Document { page, .. } => frame_policy(&state, page).await,
        Kind::HashedDocument { page } => frame_policy(&state, Some(page)).await,
        _ => Some(HeaderValue::from_static(FILE_POLICY)),
    };
    let Some(policy) = policy else { return hardened(not_found().await) };
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    if caching == kind::SHORT {
        headers.remove(header::LAST_MODIFIED);
    }
    name_charset(&mut response);
    hardened(response)
}

/// The policy of a document that is open by now; nothing, if there is no such survey.
///
/// The list of surveys is written before the documents, so it names the scripts of this very one,
/// even in the moment of publishing. Browsers keep a document together with its policy: a wrong
/// one would not go away.
async fn frame_policy(state: &AppState, page: Option<PageCode>) -> Option<HeaderValue> {
    state.refresh().await;
    state.catalog().policy(page).cloned()
}

async fn serve(files: &ServeDir, request: Request) -> Response {
    match files.clone().oneshot(request).await {
        Ok(response) => response.map(Body::new),
        Err(never) => match never {},
    }
}

/// A file that keeps its name is not compared by its time: in a site that was put back it is older
/// than what the browser has, which is wrong nevertheless.
fn forget_times(headers: &mut HeaderMap) {
    headers.remove(header::IF_MODIFIED_SINCE);
    headers.remove(header::IF_UNMODIFIED_SINCE);
}

/// Makes requests for other files out of one that is used up by then.
fn request_like(request: &Request) -> impl Fn(Uri) -> Request + use<> {
    let (method, mut headers) = (request.method().clone(), request.headers().clone());
    forget_times(&mut headers);
    move |uri| {
        let mut request = Request::new(Body::empty());
        *request.method_mut() = method.clone();
        *request.headers_mut() = headers.clone();
        *request.uri_mut() = uri;
        request
    }
}

/// What every answer of the site carries, a 404 too. A sandboxed frame has an opaque origin: its
/// own files are cross-origin to it, and so they are open to all.
fn hardened(mut response: Response) -> Response {
    set(
        &mut response,
        &[
            (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
            (CROSS_ORIGIN_RESOURCE_POLICY, "cross-origin"),
            // A partner that isolates its page (COEP) can only show frames that do so themselves.
            (HeaderName::from_static("cross-origin-embedder-policy"), "require-corp"),
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
            (header::REFERRER_POLICY, "no-referrer"),
            PERMISSIONS_POLICY,
        ],
    );
    response
}

/// Text without a charset is read in whatever the embedding page uses.
pub(super) fn name_charset(response: &mut Response) {
    let Some(kind) = response.headers().get(header::CONTENT_TYPE) else { return };
    let named = match kind.as_bytes() {
        b"text/html" => "text/html; charset=utf-8",
        b"text/javascript" | b"application/javascript" => "text/javascript; charset=utf-8",
        b"text/css" => "text/css; charset=utf-8",
        _ => return,
    };
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(named));
}
