//! Partner pages for trying things out, served the way a partner would: from another origin (the
//! other name of this machine), with the strictest policy our documentation asks of a partner.

use std::path::Path;

use axum::{
    body::{Body, to_bytes},
    extract::{Request, State},
    http::{HeaderValue, StatusCode, Uri, header},
    response::Response,
};
use survey_wire::Origin;
use tower::ServiceExt as _;
use tower_http::services::ServeDir;

use super::{AppState, not_found, plain, set, site::name_charset};

/// Where the survey is in the pages as they are written.
const WRITTEN: &str = "http://127.0.0.1:8080";

/// The most bytes a page has.
const MAX_PAGE: usize = 1_048_576;

pub(super) struct Demo {
    files: ServeDir,
    public: String,
    policy: HeaderValue,
}

impl Demo {
    pub(super) fn new(folder: &Path, public: &Origin) -> Self {
        let policy = format!(
            "default-src 'none'; script-src {public}; frame-src {public}; style-src 'self'"
        );
        Self {
            files: ServeDir::new(folder),
            public: public.to_string(),
            // Cannot fail: an origin is made of characters that headers allow.
            policy: HeaderValue::from_str(&policy).expect("an origin is plain ASCII"),
        }
    }
}

pub(super) async fn demo(State(state): State<AppState>, request: Request) -> Response {
    let Some(demo) = &state.0.demo else { return not_found().await };
    let path = request.uri().path();
    let path = path.strip_prefix("/examples").unwrap_or(path);
    let Ok(uri) = path.parse::<Uri>() else { return not_found().await };
    // Without the client's conditions and ranges: pages are rewritten below.
    let mut inner = Request::new(Body::empty());
    *inner.method_mut() = request.method().clone();
    *inner.uri_mut() = uri;
    let mut response = match demo.files.clone().oneshot(inner).await {
        Ok(response) => response.map(Body::new),
        Err(never) => match never {},
    };
    if response.status() != StatusCode::OK {
        return not_found().await;
    }
    name_charset(&mut response);
    let kind = response.headers().get(header::CONTENT_TYPE);
    if kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/html")) {
        response = match rewrite(response, &demo.public).await {
            Some(response) => response,
            None => {
                return plain(
                    StatusCode::INTERNAL_SERVER_ERROR,
                    "This page is not readable text\n",
                );
            }
        };
    }
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, demo.policy.clone());
    set(
        &mut response,
        &[(header::CACHE_CONTROL, "no-store"), (header::X_CONTENT_TYPE_OPTIONS, "nosniff")],
    );
    response
}

async fn rewrite(response: Response, public: &str) -> Option<Response> {
    let (mut parts, body) = response.into_parts();
    let page = to_bytes(body, MAX_PAGE).await.ok()?;
    let page = std::str::from_utf8(&page).ok()?.replace(WRITTEN, public);
    for stale in
        [header::CONTENT_LENGTH, header::ETAG, header::LAST_MODIFIED, header::ACCEPT_RANGES]
    {
        parts.headers.remove(stale);
    }
    Some(Response::from_parts(parts, page.into()))
}
