//! The accept loop. Our own, because `axum::serve` keeps half-sent requests open for ever.

use std::{
    future::Future,
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use axum::{Router, body::Body, extract::Request};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::{GracefulShutdown, Watcher},
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
    task::JoinSet,
    time::{Instant, sleep, timeout},
};
use tower::ServiceExt as _;

use self::stall::Stall;
use crate::app::Deadline;

mod stall;

/// How long and how many. Every connection ends: none waits for its client for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// From accepting a connection, or from the last answer on it, to the end of a request's head.
    pub header: Duration,
    /// From accepting a connection to the end of the first request on it; later requests have as
    /// long from the end of their head.
    pub request: Duration,
    /// How long a client may take nothing of an answer that is waiting for it.
    pub stall: Duration,
    /// How long an envelope may wait for the database before its sender is asked to come again.
    pub store: Duration,
    /// How long connections have to finish once the collector stops.
    pub drain: Duration,
    /// Connections at the same time; more wait in the system's queue.
    pub connections: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            header: Duration::from_secs(5),
            request: Duration::from_secs(10),
            stall: Duration::from_secs(30),
            store: Duration::from_secs(5),
            drain: Duration::from_secs(10),
            connections: 4_096,
        }
    }
}

/// The longest head of a request, in bytes. Longer ones get 431 and are closed.
const MAX_HEAD: usize = 16 * 1_024;

/// Serves `router` on `listener` until `stop` is ready. Then takes no more connections, lets those
/// that are busy finish for at most `limits.drain`, and closes the rest.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    limits: Limits,
    stop: impl Future<Output = ()>,
) {
    let graceful = GracefulShutdown::new();
    let places = Arc::new(Semaphore::new(limits.connections));
    let mut connections = JoinSet::new();
    let mut stop = pin!(stop);
    loop {
        let accepted = async {
            // Cannot fail: the semaphore is never closed.
            let place = places.clone().acquire_owned().await.expect("the semaphore is open");
            (listener.accept().await, place)
        };
        let (accepted, place) = tokio::select! {
            accepted = accepted => accepted,
            () = &mut stop => break,
        };
        match accepted {
            // The address of the client ends here.
            Ok((stream, _)) => {
                let connection = connection(stream, router.clone(), limits, graceful.watcher());
                connections.spawn(async move {
                    connection.await;
                    drop(place);
                });
            }
            // Out of file descriptors, most likely. Connections end by themselves, so wait.
            Err(error) => {
                tracing::warn!("cannot take connections just now: {error}");
                sleep(Duration::from_millis(100)).await;
            }
        }
        while connections.try_join_next().is_some() {}
    }
    drop(listener);
    let _ = timeout(limits.drain, graceful.shutdown()).await;
    // Dropping the set closes what is still open.
}

/// One connection, to its end.
fn connection(
    stream: TcpStream,
    router: Router,
    limits: Limits,
    watcher: Watcher,
) -> impl Future<Output = ()> {
    // Answers are small and complete; nothing is gained by holding them back. Fails only on a
    // socket that is gone.
    let _ = stream.set_nodelay(true);
    let first = Instant::now() + limits.request;
    let begun = AtomicBool::new(false);
    let service = service_fn(move |request: Request<Incoming>| {
        let again = begun.swap(true, Ordering::Relaxed);
        let deadline = if again { Instant::now() + limits.request } else { first };
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(Deadline(deadline));
        router.clone().oneshot(request)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.header)
        .max_header_size(MAX_HEAD)
        .serve_connection(TokioIo::new(Stall::new(stream, limits.stall)), service);
    async move {
        // How a connection ends is its client's affair.
        let _ = watcher.watch(connection).await;
    }
}
