//! The public listener: the protocol and the site.

use std::{fmt, path::PathBuf, sync::Arc};

use axum::{
    Router,
    body::Body,
    http::{HeaderName, HeaderValue, StatusCode, header},
    middleware,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use survey_wire::{CONTENT_TYPE, Info, Origin, PROBLEM_CONTENT_TYPE, Problem, ProblemType};

use crate::{
    catalog::{Catalog, Surveys},
    clock::Clock,
    server::Limits,
    store::Store,
    writer::Writer,
};

mod demo;
mod site;
mod submit;

pub(crate) use submit::Deadline;

/// Seconds after which a client that was turned away may come again. Clients add their own jitter.
const RETRY_AFTER: HeaderValue = HeaderValue::from_static("5");

/// What the public listener works with. Clones share it.
#[derive(Clone)]
pub struct AppState(Arc<Inner>);

struct Inner {
    store: Arc<dyn Store>,
    writer: Writer,
    clock: Arc<dyn Clock>,
    surveys: Surveys,
    limits: Limits,
    public_url: Origin,
    site: site::Site,
    demo: Option<demo::Demo>,
}

/// What an [`AppState`] is made of.
pub struct Parts {
    /// Where envelopes are looked up.
    pub store: Arc<dyn Store>,
    /// The way envelopes are stored; it writes into `store`.
    pub writer: Writer,
    /// Says which day it is.
    pub clock: Arc<dyn Clock>,
    /// The surveys that are taken.
    pub surveys: Surveys,
    /// Deadlines.
    pub limits: Limits,
    /// The origin under which browsers reach the public listener.
    pub public_url: Origin,
    /// The folder of the built site.
    pub site: PathBuf,
    /// The folder of partner pages to show under `/examples/`, if any.
    pub demo_pages: Option<PathBuf>,
}

impl AppState {
    /// Puts the parts together.
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(Inner {
            site: site::Site::new(&parts.site),
            demo: parts.demo_pages.map(|pages| demo::Demo::new(&pages, &parts.public_url)),
            store: parts.store,
            writer: parts.writer,
            clock: parts.clock,
            surveys: parts.surveys,
            limits: parts.limits,
            public_url: parts.public_url,
        }))
    }

    /// The surveys that are taken now.
    pub fn catalog(&self) -> Arc<Catalog> {
        self.0.surveys.get()
    }

    /// Takes other surveys from now on.
    pub fn set_catalog(&self, catalog: Catalog) {
        self.0.surveys.set(catalog);
    }

    /// Looks whether other surveys were published.
    pub async fn refresh(&self) {
        self.0.surveys.refresh().await;
    }
}

impl fmt::Debug for AppState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AppState")
            .field("public_url", &self.0.public_url)
            .field("surveys", &self.catalog().manifest.surveys.len())
            .finish_non_exhaustive()
    }
}

/// The public router: `/ssp/info`, `/ssp/responses`, the site, and demo pages if there are any.
pub fn app(state: AppState) -> Router {
    let protocol = Router::new()
        .route("/info", get(info).options(preflight))
        .route("/responses", post(submit::submit).options(preflight))
        .fallback(not_found)
        .layer(middleware::map_response(protocol_headers));
    let mut router = Router::new().nest("/ssp", protocol);
    if state.0.demo.is_some() {
        router =
            router.route("/examples/", get(demo::demo)).route("/examples/{*path}", get(demo::demo));
    }
    router.fallback(site::site).with_state(state)
}

async fn info() -> Response {
    json(StatusCode::OK, &Info::minimal())
}

/// Answers a browser that asks whether it may post from another origin (Fetch, CORS protocol).
/// The origin of a sandboxed frame is `null`, so everybody may; there is nothing to protect with
/// it, as no request carries credentials.
async fn preflight() -> impl IntoResponse {
    (
        StatusCode::NO_CONTENT,
        [
            (header::ACCESS_CONTROL_ALLOW_METHODS, "GET, POST"),
            (header::ACCESS_CONTROL_ALLOW_HEADERS, "content-type"),
            // Firefox's ceiling.
            (header::ACCESS_CONTROL_MAX_AGE, "86400"),
        ],
    )
}

/// What every answer of the protocol carries.
async fn protocol_headers(mut response: Response) -> Response {
    set(
        &mut response,
        &[
            (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
            // Else a script of another origin cannot read it.
            (header::ACCESS_CONTROL_EXPOSE_HEADERS, "retry-after"),
            (CROSS_ORIGIN_RESOURCE_POLICY, "cross-origin"),
            (header::CACHE_CONTROL, "no-store"),
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
            (header::REFERRER_POLICY, "no-referrer"),
        ],
    );
    response
}

async fn not_found() -> Response {
    plain(StatusCode::NOT_FOUND, "Not found\n")
}

const CROSS_ORIGIN_RESOURCE_POLICY: HeaderName =
    HeaderName::from_static("cross-origin-resource-policy");

fn set(response: &mut Response, headers: &[(HeaderName, &'static str)]) {
    for (name, value) in headers {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
}

/// A short answer for people.
pub(crate) fn plain(status: StatusCode, text: &'static str) -> Response {
    (status, [(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response()
}

fn json(status: StatusCode, value: &impl serde::Serialize) -> Response {
    // Cannot fail: the protocol's messages are text and numbers.
    let body = serde_json::to_vec(value).expect("a message is plain data");
    (status, [(header::CONTENT_TYPE, CONTENT_TYPE)], Body::from(body)).into_response()
}

/// A [`Problem`] as an answer.
struct Refused(Problem);

impl From<Problem> for Refused {
    fn from(problem: Problem) -> Self {
        Self(problem)
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.0.status());
        let mut response = (
            status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
            [(header::CONTENT_TYPE, PROBLEM_CONTENT_TYPE)],
            Body::from(self.0.to_json()),
        )
            .into_response();
        if self.0.kind == ProblemType::Busy {
            response.headers_mut().insert(header::RETRY_AFTER, RETRY_AFTER);
        }
        response
    }
}
