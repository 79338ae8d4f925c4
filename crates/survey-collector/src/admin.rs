//! The admin listener: health checks and the export. It belongs on loopback or behind a tunnel, as
//! it asks nobody who they are. What it hands out is sealed, but says how many answered each day.

use std::{fmt, net::IpAddr, sync::Arc, time::Duration};

use axum::{
    Router,
    extract::{Request, State},
    http::{HeaderValue, StatusCode, header},
    middleware::{self, Next},
    response::Response,
    routing::get,
};
use tokio::{
    sync::watch,
    time::{sleep, timeout},
};

use crate::{app::plain, store::Store, writer::Writer};

mod export;

/// How often the collector looks whether it can still store.
const PROBE_EVERY: Duration = Duration::from_secs(1);

/// A store that does not answer for so long counts as gone.
const PROBE_LIMIT: Duration = Duration::from_secs(5);

/// What the admin listener works with. Clones share it.
#[derive(Clone)]
pub struct AdminState {
    store: Arc<dyn Store>,
    ready: watch::Receiver<bool>,
    any_host: bool,
}

impl AdminState {
    /// `ready` is what [`probe`] finds. With `any_host`, requests may come by any name; without,
    /// only by address or as `localhost`, so that a web page in the operator's browser cannot
    /// reach the listener under a name of its own (DNS rebinding).
    pub fn new(store: Arc<dyn Store>, ready: watch::Receiver<bool>, any_host: bool) -> Self {
        Self { store, ready, any_host }
    }
}

impl fmt::Debug for AdminState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AdminState").field("ready", &*self.ready.borrow()).finish_non_exhaustive()
    }
}

/// The admin router: `/healthz`, `/readyz`, `/export/days`, `/export`.
pub fn admin(state: AdminState) -> Router {
    Router::new()
        .route("/healthz", get(|| async { plain(StatusCode::OK, "ok\n") }))
        .route("/readyz", get(readyz))
        .route("/export", get(export::export))
        .route("/export/days", get(export::days))
        .fallback(|| async { plain(StatusCode::NOT_FOUND, "Not found\n") })
        .layer(middleware::from_fn_with_state(state.clone(), guard))
        .with_state(state)
}

/// Finds out, again and again, whether envelopes can be stored, and tells `ready`. In the
/// background, so that a flood of readiness checks is no load on the database. Never ends. What the
/// store complains of is logged when it begins.
pub async fn probe(store: Arc<dyn Store>, writer: Writer, ready: watch::Sender<bool>) {
    let mut complained = false;
    loop {
        let look = async {
            if !writer.ping().await {
                return false;
            }
            let found = store.probe().await;
            let complains = found.is_err();
            if let Err(error) = found
                && !complained
            {
                tracing::error!("not ready for envelopes: {error}");
            }
            complained = complains;
            !complains
        };
        let now = timeout(PROBE_LIMIT, look).await.unwrap_or(false);
        ready.send_if_modified(|before| std::mem::replace(before, now) != now);
        sleep(PROBE_EVERY).await;
    }
}

async fn readyz(State(state): State<AdminState>) -> Response {
    if *state.ready.borrow() {
        plain(StatusCode::OK, "ready\n")
    } else {
        plain(StatusCode::SERVICE_UNAVAILABLE, "not ready: the database takes no envelopes\n")
    }
}

async fn guard(State(state): State<AdminState>, request: Request, next: Next) -> Response {
    let host = request.headers().get(header::HOST).map(|host| host.to_str().unwrap_or_default());
    if !state.any_host && !host.is_none_or(is_local_name) {
        return plain(
            StatusCode::MISDIRECTED_REQUEST,
            "Use the address of this listener, or localhost, and not another name\n",
        );
    }
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

/// Whether a `Host` is an IP address or `localhost`, with or without a port.
fn is_local_name(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    name.eq_ignore_ascii_case("localhost") || name.parse::<IpAddr>().is_ok()
}
