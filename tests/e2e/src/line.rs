//! The browser's only way to any network: a proxy that notes every request, and that fails when it
//! is told to, the way networks do.
//!
//! A browser's own log shows the requests of the top document alone, and a server sees only what
//! was meant for it. Here everything comes by, whoever asked for it and wherever it goes.

mod obstacle;

use std::{
    collections::VecDeque,
    net::SocketAddr,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use anyhow::{Context as _, Result};
use axum::body::{Body, Bytes, to_bytes};
use hyper::{
    HeaderMap, Method, Request, Response, StatusCode,
    body::Incoming,
    header,
    http::{HeaderValue, request::Parts},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::{TokioExecutor, TokioIo},
};
use tokio::{net::TcpListener, task::AbortHandle};

use crate::file::File;
use obstacle::{Lost, Obstacles};
pub use obstacle::{Obstacle, Point};

/// What browsers ask for in their own name, whatever page they show; such requests are refused and
/// not noted. Whole names only: a page that asked `fonts.googleapis.com` for something must be seen.
const BROWSERS_OWN: [&str; 9] = [
    // Chromium's.
    "accounts.google.com",
    "clients2.google.com",
    // Autofill: it sends a signature of every form with a text field, whatever `autocomplete` says.
    // No attribute stops it (tried with Chromium 156); people can, in their settings.
    "content-autofill.googleapis.com",
    "optimizationguide-pa.googleapis.com",
    "start.duckduckgo.com", // the search engine of Debian's Chromium
    "update.googleapis.com",
    // Firefox's: lists that it keeps up to date, and its extensions.
    "firefox.settings.services.mozilla.com",
    "firefox-settings-attachments.cdn.mozilla.net",
    "content-signature-2.cdn.mozilla.net",
];

/// The most bytes of one body; the widget is the largest.
const MAX_BODY: usize = 16 << 20;

/// A request of the browser.
#[derive(Clone, Debug)]
pub struct Call {
    /// Its method; `CONNECT` for anything over HTTPS, which is never let through.
    pub method: Method,
    /// Where to: an address, or `host:port` of a `CONNECT`.
    pub url: String,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body.
    pub body: Bytes,
    /// Status and headers of the answer, as soon as there is one.
    pub answer: Option<(StatusCode, HeaderMap)>,
}

impl Call {
    /// The file that it asks for.
    #[must_use]
    pub fn file(&self) -> Option<File> {
        let path = self.url.split_once("://").map_or("", |(_, rest)| rest);
        File::at(path.find('/').map_or("", |start| &path[start..]))
    }
}

/// What can happen to a posted response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mishap {
    /// It arrives and is answered. The answer is lost, and from then on nothing gets through to
    /// the collector, until [`Line::mend`].
    AnswerLost,
    /// A hotel's Wi-Fi answers in place of the collector: 200, and a page to sign in.
    Portal,
    /// The collector is made to say that the survey has closed.
    Closed,
    /// The collector is made to say that it takes this definition no more.
    Outdated,
}

/// The proxy.
#[derive(Debug)]
pub struct Line {
    address: SocketAddr,
    shared: Arc<Shared>,
    task: AbortHandle,
}

#[derive(Debug)]
struct Shared {
    way: Client<HttpConnector, Body>,
    calls: Mutex<Vec<Call>>,
    mishaps: Mutex<VecDeque<Mishap>>,
    obstacles: Obstacles,
    cut: AtomicBool,
    refused: Mutex<Option<&'static str>>,
}

impl Line {
    /// Opens the line.
    ///
    /// # Errors
    ///
    /// There is no port for it.
    pub async fn open() -> Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.context("no port is free")?;
        let address = listener.local_addr()?;
        // A new connection each time: one that a stopped collector left behind would fail once.
        let way = Client::builder(TokioExecutor::new()).pool_max_idle_per_host(0).build_http();
        let shared = Arc::new(Shared {
            way,
            calls: Mutex::default(),
            mishaps: Mutex::default(),
            obstacles: Obstacles::default(),
            cut: AtomicBool::new(false),
            refused: Mutex::default(),
        });
        let task = tokio::spawn(accept(listener, Arc::clone(&shared))).abort_handle();
        Ok(Self { address, shared, task })
    }

    /// Where the browser reaches it.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Every request so far, in the order in which they came.
    #[must_use]
    pub fn calls(&self) -> Vec<Call> {
        lock(&self.shared.calls).clone()
    }

    /// The posted responses so far.
    #[must_use]
    pub fn posts(&self) -> Vec<Call> {
        self.calls().into_iter().filter(|call| call.method == Method::POST).collect()
    }

    /// The requests for a file so far.
    #[must_use]
    pub fn calls_for(&self, file: File) -> Vec<Call> {
        self.calls().into_iter().filter(|call| call.file() == Some(file)).collect()
    }

    /// Lets no answer to a request for `file` through until [`Line::let_go`].
    pub fn hold(&self, file: File) {
        self.shared.obstacles.hold(file);
    }

    /// Lets go what was held of `file`, and what is asked for from now on.
    pub fn let_go(&self, file: File) {
        self.shared.obstacles.let_go(file);
    }

    /// Puts something in the way of the next requests for `file`, one after the other. Later ones
    /// are answered as usual.
    pub fn obstruct(&self, file: File, obstacles: impl IntoIterator<Item = Obstacle>) {
        self.shared.obstacles.put(file, obstacles);
    }

    /// What happens to the next posted responses, one after the other.
    pub fn expect_mishaps(&self, mishaps: impl IntoIterator<Item = Mishap>) {
        lock(&self.shared.mishaps).extend(mishaps);
    }

    /// Whether an answer was lost and nothing has got through since.
    #[must_use]
    pub fn is_cut(&self) -> bool {
        self.shared.cut.load(Ordering::SeqCst)
    }

    /// Lets everything through again.
    pub fn mend(&self) {
        self.shared.cut.store(false, Ordering::SeqCst);
    }

    /// Takes a word out of every Content-Security-Policy from now on, so that the browser refuses
    /// what it would have allowed.
    pub fn take_out_of_policies(&self, word: &'static str) {
        *lock(&self.shared.refused) = Some(word);
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Shared {
    async fn forward(&self, request: Request<Incoming>) -> Result<Response<Body>, Lost> {
        let (mut parts, body) = request.into_parts();
        let body = to_bytes(Body::new(body), MAX_BODY).await.map_err(|_| Lost)?;
        if parts.uri.host().is_some_and(|host| BROWSERS_OWN.contains(&host)) {
            return Ok(short(StatusCode::BAD_GATEWAY, "text/plain", ""));
        }
        let call = Call {
            method: parts.method.clone(),
            url: parts.uri.to_string(),
            headers: parts.headers.clone(),
            body: body.clone(),
            answer: None,
        };
        let file = call.file();
        let number = {
            let mut calls = lock(&self.calls);
            calls.push(call);
            calls.len() - 1
        };
        let answer = match file {
            Some(file) => {
                let obstacle = self.obstacles.next(file);
                if obstacle.is_some_and(Obstacle::is_at_a_text) {
                    parts.headers.remove(header::ACCEPT_ENCODING);
                }
                self.obstacles.pass(file, obstacle, self.answer(parts, body)).await
            }
            None => self.answer(parts, body).await,
        }?;
        lock(&self.calls)[number].answer = Some((answer.status(), answer.headers().clone()));
        Ok(answer)
    }

    async fn answer(&self, mut parts: Parts, body: Bytes) -> Result<Response<Body>, Lost> {
        if parts.method == Method::CONNECT {
            return Ok(short(StatusCode::BAD_GATEWAY, "text/plain", ""));
        }
        let mut mishap = None;
        if parts.uri.path().starts_with("/ssp/") && self.cut.load(Ordering::SeqCst) {
            return Err(Lost);
        }
        if parts.method == Method::POST {
            mishap = lock(&self.mishaps).pop_front();
        }
        match mishap {
            Some(Mishap::Portal) => {
                return Ok(short(StatusCode::OK, "text/html", "<p>Room number, please</p>"));
            }
            Some(Mishap::Closed) => {
                let problem = r#"{"type":"urn:ssp:error:closed","detail":""}"#;
                return Ok(short(StatusCode::GONE, "application/problem+json", problem));
            }
            Some(Mishap::Outdated) => {
                let problem = r#"{"type":"urn:ssp:error:outdated-definition","detail":""}"#;
                let status = StatusCode::UNPROCESSABLE_ENTITY;
                return Ok(short(status, "application/problem+json", problem));
            }
            Some(Mishap::AnswerLost) | None => {}
        }
        parts.headers.remove("proxy-connection");
        let answer = self.way.request(Request::from_parts(parts, Body::from(body))).await;
        let (mut parts, body) = answer.map_err(|_| Lost)?.into_parts();
        // To its end: then the collector has done all it will do.
        let body = to_bytes(Body::new(body), MAX_BODY).await.map_err(|_| Lost)?;
        if mishap == Some(Mishap::AnswerLost) {
            self.cut.store(true, Ordering::SeqCst);
            return Err(Lost);
        }
        if let (Some(word), Some(policy)) =
            (*lock(&self.refused), parts.headers.get_mut(header::CONTENT_SECURITY_POLICY))
            && let Ok(text) = policy.to_str()
            && let Ok(weaker) = HeaderValue::from_str(&text.replace(word, ""))
        {
            *policy = weaker;
        }
        parts.headers.remove(header::TRANSFER_ENCODING);
        Ok(Response::from_parts(parts, Body::from(body)))
    }
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    while let Ok((stream, _)) = listener.accept().await {
        let shared = Arc::clone(&shared);
        let service = service_fn(move |request| {
            let shared = Arc::clone(&shared);
            async move { shared.forward(request).await }
        });
        // Ends with an error whenever an answer is lost on purpose.
        tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
    }
}

fn short(status: StatusCode, kind: &'static str, text: &'static str) -> Response<Body> {
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    // Or a script of the frame could not read it.
    let anyone = HeaderValue::from_static("*");
    response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, anyone);
    response
}

/// A test that panicked has nothing more to say, but what it noted is still worth reading.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
