//! The accept loop on real sockets: clients that are slow, rude or gone.
//!
//! Deadlines are short here, waiting is generous: a test fails when something never happens, not
//! when it happens late. With one connection at a time, an honest client that is answered proves
//! that the rude one before it was closed.

#![allow(clippy::unwrap_used)]

mod common;

use std::{net::SocketAddr, sync::Arc, time::Duration};

use futures_util::future::BoxFuture;
use survey_collector::{
    Limits, serve,
    store::{Filter, Mark, Outcome, Place, Row, Store, StoreError, sqlite::SqliteStore},
};
use survey_wire::{Day, Digest, EnvelopeId};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::{Notify, Semaphore, oneshot},
    task::JoinHandle,
    time::{sleep, timeout},
};

use common::{World, envelope};

/// More than enough for anything that is going to happen at all.
const PATIENCE: Duration = Duration::from_secs(20);

const LIMITS: Limits = Limits {
    header: Duration::from_millis(400),
    request: Duration::from_millis(800),
    stall: Duration::from_millis(400),
    store: Duration::from_secs(20),
    drain: Duration::from_millis(400),
    connections: 1,
};

struct Server {
    world: World,
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Server {
    async fn start(limits: Limits, store: Option<Arc<dyn Store>>) -> Self {
        let world = World::with(limits, store).await;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let stopped = async move { drop(stopped.await) };
        let task = tokio::spawn(serve(listener, world.app(), limits, stopped));
        Self { world, address, stop, task }
    }

    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    /// What the server answers to these bytes before it closes.
    async fn exchange(&self, bytes: &[u8]) -> String {
        let mut stream = self.connect().await;
        stream.write_all(bytes).await.unwrap();
        rest(stream).await
    }

    /// An honest client is answered. On a busy machine it may itself be too slow, and tries again.
    async fn check_open(&self) {
        let request = b"GET /ssp/info HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
        let answered =
            async { while !self.exchange(request).await.starts_with("HTTP/1.1 200 ") {} };
        timeout(PATIENCE, answered).await.expect("the place of the rude client is free again");
    }
}

/// Everything until the server closes; a reset is a way to close, too.
async fn rest(mut stream: TcpStream) -> String {
    let mut answer = Vec::new();
    let mut buffer = [0; 4_096];
    let read = async {
        while let Ok(length @ 1..) = stream.read(&mut buffer).await {
            answer.extend_from_slice(&buffer[..length]);
        }
    };
    timeout(PATIENCE, read).await.expect("the server closes the connection");
    String::from_utf8_lossy(&answer).into_owned()
}

fn head(length: usize) -> String {
    format!(
        "POST /ssp/responses HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n\
         content-length: {length}\r\n"
    )
}

/// A whole request, and no other after it.
fn request(number: u32) -> Vec<u8> {
    let body = envelope(number).to_json();
    let mut bytes = head(body.len()).into_bytes();
    bytes.extend_from_slice(b"connection: close\r\n\r\n");
    bytes.extend(body);
    bytes
}

/// Sends byte by byte, slowly, until the server has had enough.
async fn drip(mut stream: TcpStream, bytes: Vec<u8>) -> String {
    for byte in bytes {
        if stream.write_all(&[byte]).await.is_err() {
            break;
        }
        sleep(Duration::from_millis(20)).await;
    }
    rest(stream).await
}

#[tokio::test]
async fn a_client_that_says_nothing_is_closed() {
    let server = Server::start(LIMITS, None).await;
    assert_eq!(server.exchange(b"").await, "");
    server.check_open().await;
}

#[tokio::test]
async fn half_a_head_is_closed() {
    let server = Server::start(LIMITS, None).await;
    assert_eq!(server.exchange(b"POST /ssp/responses HTTP/1.1\r\nhost: ").await, "");
    server.check_open().await;
}

#[tokio::test]
async fn a_dripping_head_is_closed() {
    let server = Server::start(LIMITS, None).await;
    let answer = drip(server.connect().await, head(7).repeat(10).into_bytes()).await;
    assert_eq!(answer, "");
    server.check_open().await;
}

#[tokio::test]
async fn half_a_body_is_told_so_and_closed() {
    let server = Server::start(LIMITS, None).await;
    let whole = request(1);
    let answer = server.exchange(&whole[..whole.len() / 2]).await;
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
    assert!(answer.contains("urn:ssp:error:timeout"), "{answer}");
    server.check_open().await;
}

#[tokio::test]
async fn a_dripping_body_is_told_so_and_closed() {
    let server = Server::start(LIMITS, None).await;
    let mut stream = server.connect().await;
    let whole = request(1);
    let (at_once, slowly) = whole.split_at(300);
    stream.write_all(at_once).await.unwrap();
    let answer = drip(stream, slowly.to_vec()).await;
    // The client, busy sending, may see a reset in place of the answer.
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 408 "), "{answer}");
    server.check_open().await;
}

#[tokio::test]
async fn a_client_that_takes_nothing_is_closed() {
    let server = Server::start(LIMITS, None).await;
    let site = server.world.folder.path().join("dist");
    // More than the buffers of both ends hold.
    std::fs::write(site.join("large.js"), vec![b' '; 64 << 20]).unwrap();
    let mut rude = server.connect().await;
    rude.write_all(b"GET /large.js HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    server.check_open().await;
    drop(rude);
}

#[tokio::test]
async fn an_idle_connection_is_closed() {
    let server = Server::start(LIMITS, None).await;
    let kept = server.exchange(b"GET /ssp/info HTTP/1.1\r\nhost: x\r\n\r\n").await;
    assert!(kept.starts_with("HTTP/1.1 200 "), "{kept}");
    server.check_open().await;
}

#[tokio::test]
async fn one_connection_serves_many_requests() {
    let limits = Limits { request: PATIENCE, ..LIMITS };
    let server = Server::start(limits, None).await;
    let mut requests = Vec::new();
    for number in 0..5 {
        let body = envelope(number).to_json();
        requests.extend([head(body.len()).as_bytes(), b"\r\n", &body].concat());
    }
    let answers = server.exchange(&requests).await;
    assert_eq!(answers.matches("HTTP/1.1 201 ").count(), 5, "{answers}");
}

#[tokio::test]
async fn a_body_over_the_limit_is_told_so() {
    let server = Server::start(LIMITS, None).await;
    let body = vec![b' '; 300_000];
    let answer = server.exchange(&[head(body.len()).as_bytes(), b"\r\n", &body].concat()).await;
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    assert!(answer.contains("urn:ssp:error:too-large"), "{answer}");
    server.check_open().await;
}

#[tokio::test]
async fn a_head_over_the_limit_is_told_so() {
    let server = Server::start(LIMITS, None).await;
    let long = format!("GET / HTTP/1.1\r\nhost: x\r\nx-long: {}\r\n\r\n", "x".repeat(17_000));
    let answer = server.exchange(long.as_bytes()).await;
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 431 "), "{answer}");
    server.check_open().await;
}

#[tokio::test]
async fn what_is_not_http_is_closed() {
    let server = Server::start(LIMITS, None).await;
    let answer =
        server.exchange(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 hello\r\n\r\n").await;
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 400 "), "{answer}");
    server.check_open().await;
}

/// A store whose inserts wait to be let through.
struct Gated {
    inner: SqliteStore,
    entered: Notify,
    gate: Semaphore,
}

impl Gated {
    async fn new(folder: &std::path::Path) -> Arc<Self> {
        let inner = SqliteStore::open(&folder.join("views.sqlite")).await.unwrap();
        Arc::new(Self { inner, entered: Notify::new(), gate: Semaphore::new(0) })
    }
}

impl Store for Gated {
    fn insert<'a>(&'a self, rows: &'a [Row]) -> BoxFuture<'a, Result<Vec<Outcome>, StoreError>> {
        Box::pin(async move {
            self.entered.notify_one();
            self.gate.acquire().await.unwrap().forget();
            Store::insert(&self.inner, rows).await
        })
    }

    fn find(&self, id: EnvelopeId) -> BoxFuture<'_, Result<Option<(Digest, Day)>, StoreError>> {
        self.inner.find(id)
    }

    fn marks<'a>(
        &'a self,
        filter: &'a Filter,
        after: Option<Place>,
        limit: u32,
    ) -> BoxFuture<'a, Result<Vec<Mark>, StoreError>> {
        self.inner.marks(filter, after, limit)
    }

    fn rows<'a>(
        &'a self,
        filter: &'a Filter,
        after: Option<Place>,
        limit: u32,
    ) -> BoxFuture<'a, Result<Vec<Row>, StoreError>> {
        self.inner.rows(filter, after, limit)
    }

    fn probe(&self) -> BoxFuture<'_, Result<(), StoreError>> {
        self.inner.probe()
    }

    fn close(&self) -> BoxFuture<'_, Result<(), StoreError>> {
        self.inner.close()
    }
}

#[tokio::test]
async fn a_client_that_hangs_up_is_stored_all_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let store = Gated::new(folder.path()).await;
    let server = Server::start(LIMITS, Some(store.clone())).await;
    let mut stream = server.connect().await;
    stream.write_all(&request(1)).await.unwrap();
    timeout(PATIENCE, store.entered.notified()).await.unwrap();
    drop(stream);
    // The one place for a connection is free again: the server has noticed.
    server.check_open().await;
    assert_eq!(store.find(envelope(1).id).await, Ok(None));
    store.gate.add_permits(1);
    let stored = async {
        while store.find(envelope(1).id).await.unwrap().is_none() {
            sleep(Duration::from_millis(10)).await;
        }
    };
    timeout(PATIENCE, stored).await.unwrap();
}

#[tokio::test]
async fn stopping_lets_the_busy_finish_and_takes_no_more() {
    let folder = tempfile::tempdir().unwrap();
    let store = Gated::new(folder.path()).await;
    let limits = Limits { drain: PATIENCE, ..LIMITS };
    let server = Server::start(limits, Some(store.clone())).await;
    let mut busy = server.connect().await;
    busy.write_all(&request(1)).await.unwrap();
    timeout(PATIENCE, store.entered.notified()).await.unwrap();
    server.stop.send(()).unwrap();
    let refused = async {
        while TcpStream::connect(server.address).await.is_ok() {
            sleep(Duration::from_millis(10)).await;
        }
    };
    timeout(PATIENCE, refused).await.unwrap();
    assert!(!server.task.is_finished());
    store.gate.add_permits(1);
    let answer = rest(busy).await;
    assert!(answer.starts_with("HTTP/1.1 201 "), "{answer}");
    timeout(PATIENCE, server.task).await.unwrap().unwrap();
}

#[tokio::test]
async fn stopping_does_not_wait_for_ever() {
    let folder = tempfile::tempdir().unwrap();
    let store = Gated::new(folder.path()).await;
    let server = Server::start(LIMITS, Some(store.clone())).await;
    let mut stuck = server.connect().await;
    stuck.write_all(&request(1)).await.unwrap();
    timeout(PATIENCE, store.entered.notified()).await.unwrap();
    server.stop.send(()).unwrap();
    timeout(PATIENCE, server.task).await.unwrap().unwrap();
    assert_eq!(rest(stuck).await, "", "closed without an acknowledgement");
}
