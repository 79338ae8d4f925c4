//! The built site: frame documents, widget, definitions, loader.

use std::path::Path;

use axum::{
    body::Body,
    extract::{Request, State},
    http::{HeaderName, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use tower::ServiceExt as _;
use tower_http::services::ServeDir;

use super::{AppState, CROSS_ORIGIN_RESOURCE_POLICY, not_found, plain, set};

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

pub(super) async fn site(State(state): State<AppState>, request: Request) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        let allow = [(header::ALLOW, "GET, HEAD")];
        return (allow, plain(StatusCode::METHOD_NOT_ALLOWED, "Method not allowed\n"))
            .into_response();
    }
    let path = request.uri().path();
    let (policy, caching) = match classify(path) {
        Kind::Frame(page) => match state.catalog().policy(page) {
            Some(policy) => (policy.clone(), "no-store"),
            None => return hardened(not_found().await),
        },
        Kind::Immutable => {
            (HeaderValue::from_static(FILE_POLICY), "public, max-age=31536000, immutable")
        }
        Kind::File => (HeaderValue::from_static(FILE_POLICY), "public, max-age=300"),
    };
    let response = match state.0.site.0.clone().oneshot(request).await {
        Ok(response) => response.map(Body::new),
        Err(never) => match never {},
    };
    let mut response = match response.status() {
        StatusCode::NOT_FOUND => return hardened(not_found().await),
        StatusCode::OK | StatusCode::PARTIAL_CONTENT | StatusCode::NOT_MODIFIED => response,
        _ => return hardened(response),
    };
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    name_charset(&mut response);
    hardened(response)
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

#[derive(Debug, PartialEq, Eq)]
enum Kind {
    /// A document for the frame: of this survey, or of the first.
    Frame(Option<survey_wire::PageCode>),
    /// A file whose name changes with its contents.
    Immutable,
    /// A file that keeps its name: the loader, the list of surveys.
    File,
}

fn classify(path: &str) -> Kind {
    let path = path.strip_prefix('/').unwrap_or(path);
    let folder = path.strip_suffix("index.html").unwrap_or(path);
    if folder.is_empty() {
        return Kind::Frame(None);
    }
    if let Some(page) = folder.strip_prefix("s/").and_then(|rest| rest.strip_suffix('/'))
        && let Ok(page) = page.parse()
    {
        return Kind::Frame(Some(page));
    }
    let definition = path.strip_prefix("d/").and_then(|name| name.strip_suffix(".json"));
    let hashed = definition.is_some_and(|hash| hash.parse::<survey_wire::DefinitionHash>().is_ok())
        || path.rsplit('/').next().unwrap_or(path).split(['-', '_', '.']).any(is_hash);
    if hashed { Kind::Immutable } else { Kind::File }
}

/// Part of a file name that comes from its contents: 8 and more hexadecimal digits, not all of
/// them letters, so that no word passes for a hash.
fn is_hash(part: &str) -> bool {
    part.len() >= 8
        && part.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
        && part.bytes().any(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(path: &str, expected: Kind) {
        assert_eq!(classify(path), expected, "`{path}`");
    }

    #[test]
    fn frame_documents_are_told_from_files() {
        let page = "48b33f92".parse().ok();
        check("/", Kind::Frame(None));
        check("/index.html", Kind::Frame(None));
        check("/s/48b33f92/", Kind::Frame(page));
        check("/s/48b33f92/index.html", Kind::Frame(page));
        check("/s/48b33f92", Kind::Immutable); // a redirect to the folder, which is not cached
        check("/s/nonsense/", Kind::File);
    }

    #[test]
    fn names_that_follow_contents_are_cached_for_good() {
        check("/views-3f2a9bc81d7e0f12.js", Kind::Immutable);
        check("/views-3f2a9bc81d7e0f12_bg.wasm", Kind::Immutable);
        check("/main-00c0ffee.css", Kind::Immutable);
        check(&format!("/d/{}.json", "A".repeat(43)), Kind::Immutable);
        check("/embed.js", Kind::File);
        check("/embed.d.ts", Kind::File);
        check("/start.js", Kind::File);
        check("/surveys.json", Kind::File);
        check("/d/short.json", Kind::File);
        check("/effaced-defaced.js", Kind::File);
    }
}
