//! What the tests of the collector share. Envelopes here are noise of the right shape: the
//! collector cannot tell.

// Each test binary uses its own part of this.
#![allow(dead_code, clippy::unwrap_used, unreachable_pub)]

pub mod program;

use std::{fs, path::Path, sync::Arc};

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Request, StatusCode},
};
use futures_util::future::BoxFuture;
use survey_collector::{
    AppState, Catalog, FixedClock, Limits, Partners, Parts, Writer, app,
    store::{Filter, Mark, Outcome, Place, Row, Store, StoreError, sqlite::SqliteStore},
};
use survey_wire::{
    Auth, Ciphertext, Day, DefinitionHash, Digest, Envelope, EnvelopeId, KeyId, Manifest, Mode,
    Origin, Problem, ProblemType, TAG_LEN, WRAP_LEN, Wrap, Wraps, page_code,
};
use tempfile::TempDir;
use tower::ServiceExt as _;

pub const SURVEY: &str = "vc-2026";
pub const PUBLIC: &str = "http://127.0.0.1:8080";

/// What the documents of the site hold, as its list of surveys says.
pub const SCRIPT: &str = "sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng=";
pub const STYLE: &str = "sha256-AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

pub fn day(text: &str) -> Day {
    text.parse().unwrap()
}

/// The definitions of the survey, newest first.
pub fn definitions() -> [DefinitionHash; 2] {
    [DefinitionHash::of(b"new"), DefinitionHash::of(b"old")]
}

/// `len` bytes that look random and are the same every time.
fn noise(seed: u32, len: usize) -> Vec<u8> {
    let block = |at: u32| survey_wire::digest(&[seed.to_be_bytes(), at.to_be_bytes()].concat());
    (0..).flat_map(block).take(len).collect()
}

/// An envelope like any other; the same number gives the same envelope.
pub fn envelope(number: u32) -> Envelope {
    let part = |salt: u32, len| noise(number.wrapping_mul(16) + salt, len);
    let wrap = Wrap { kid: KeyId([7; 8]), w: part(0, WRAP_LEN).try_into().unwrap() };
    Envelope {
        survey: SURVEY.parse().unwrap(),
        def: definitions()[0],
        id: EnvelopeId(part(1, 16).try_into().unwrap()),
        mode: Mode::Any,
        wraps: Wraps::new(vec![wrap]).unwrap(),
        kc: part(2, 32).try_into().unwrap(),
        ct: Ciphertext::new(part(3, 4_096 + TAG_LEN)).unwrap(),
        del: part(4, 32).try_into().unwrap(),
        auth: Auth::None,
    }
}

pub fn manifest(extra: &str) -> Manifest {
    let survey: survey_wire::SurveyId = SURVEY.parse().unwrap();
    let [new, old] = definitions();
    let json = format!(
        r#"{{"surveys":[{{"id":"{survey}","page":"{}","definitions":["{new}","{old}"],
            "submit":["{PUBLIC}"]{extra}}}],
            "inline":{{"script":["{SCRIPT}"],"style":["{STYLE}"]}}}}"#,
        page_code(&survey)
    );
    Manifest::parse(json.as_bytes()).unwrap()
}

pub fn catalog(extra: &str) -> Catalog {
    let partners = Partners::Only(vec!["https://www.police.example".parse().unwrap()]);
    Catalog::new(manifest(extra), &PUBLIC.parse::<Origin>().unwrap(), &partners)
}

/// A folder that looks like a built site.
pub fn write_site(folder: &Path) {
    let page = page_code(&SURVEY.parse().unwrap());
    let file = |name: &str, contents: &[u8]| {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, contents).unwrap();
    };
    file("index.html", b"<!doctype html><title>Your views</title>");
    file(&format!("s/{page}/index.html"), b"<!doctype html><title>Your views</title>");
    file(&format!("s/{page}/cy/index.html"), b"<!doctype html><title>Eich barn</title>");
    file(
        &format!("s/{page}/views-0123456789abcdef.html"),
        b"<!doctype html><title>Eich barn</title>",
    );
    file("template.html", b"<!--page-->");
    file("views-3f2a9bc81d7e0f12.js", b"export {}");
    file("views-3f2a9bc81d7e0f12.js.br", b"br of js");
    file("views-3f2a9bc81d7e0f12.js.gz", b"gz of js");
    file("views-3f2a9bc81d7e0f12_bg.wasm", b"\0asm");
    file("seal-5d41402abc4b2a76.wasm", b"\0asm");
    file("embed.js", b"// loader");
    file("embed-98f6bcd4621d373c.js", b"// loader");
    file(&format!("d/{}.json", definitions()[0]), b"{}");
    file("surveys.json", manifest("").to_json().as_bytes());
}

/// A collector without listeners, on a database of its own.
pub struct World {
    pub folder: TempDir,
    pub clock: Arc<FixedClock>,
    pub store: Arc<dyn Store>,
    pub writer: Writer,
    pub state: AppState,
}

impl World {
    pub async fn new() -> Self {
        Self::with(Limits::default(), None).await
    }

    pub async fn with(limits: Limits, store: Option<Arc<dyn Store>>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let site = folder.path().join("dist");
        write_site(&site);
        let pages = folder.path().join("examples");
        fs::create_dir(&pages).unwrap();
        fs::write(pages.join("index.html"), format!("<script src=\"{PUBLIC}/embed.js\">")).unwrap();
        fs::write(pages.join("partner.css"), "a{}").unwrap();
        let clock = Arc::new(FixedClock::new(day("2026-11-23")));
        let store = match store {
            Some(store) => store,
            None => Arc::new(SqliteStore::open(&folder.path().join("views.sqlite")).await.unwrap())
                as Arc<dyn Store>,
        };
        let (writer, _) = Writer::start(store.clone());
        let state = AppState::new(Parts {
            store: store.clone(),
            writer: writer.clone(),
            clock: clock.clone(),
            surveys: catalog("").into(),
            limits,
            public_url: "https://forms.example".parse().unwrap(),
            site,
            demo_pages: Some(pages),
        });
        Self { folder, clock, store, writer, state }
    }

    pub fn app(&self) -> Router {
        app(self.state.clone())
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        answer(self.app(), request).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }

    pub async fn post(&self, body: impl Into<Body>) -> Answer {
        self.send(post(body)).await
    }
}

pub fn post(body: impl Into<Body>) -> Request<Body> {
    Request::post("/ssp/responses")
        .header("content-type", "application/json")
        .body(body.into())
        .unwrap()
}

pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

pub async fn answer(router: Router, request: Request<Body>) -> Answer {
    let (parts, body) = router.oneshot(request).await.unwrap().into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap().into();
    Answer { status: parts.status, headers: parts.headers, body }
}

impl Answer {
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    pub fn json<T: serde::de::DeserializeOwned>(&self) -> T {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// The answer is this refusal, well formed, and repeats nothing that tests mark.
    #[track_caller]
    pub fn assert_problem(&self, kind: ProblemType) -> Problem {
        let problem = Problem::parse(&self.body).unwrap_or_else(|| panic!("{}", self.text()));
        assert_eq!(problem.kind, kind, "{problem}");
        assert_eq!(self.status.as_u16(), kind.status());
        assert_eq!(self.header("content-type"), Some("application/problem+json"));
        assert_eq!(self.header("access-control-allow-origin"), Some("*"));
        assert!(!problem.detail().is_empty());
        assert!(!self.text().contains("MARK"), "{}", self.text());
        problem
    }
}

/// A store that always fails in the same way, or never answers.
pub struct Failing(pub Option<StoreError>);

impl Failing {
    fn fail<T: Send + 'static>(&self) -> BoxFuture<'_, Result<T, StoreError>> {
        match self.0.clone() {
            Some(error) => Box::pin(async { Err(error) }),
            None => Box::pin(std::future::pending()),
        }
    }
}

impl Store for Failing {
    fn insert<'a>(&'a self, _: &'a [Row]) -> BoxFuture<'a, Result<Vec<Outcome>, StoreError>> {
        self.fail()
    }

    fn find(&self, _: EnvelopeId) -> BoxFuture<'_, Result<Option<(Digest, Day)>, StoreError>> {
        self.fail()
    }

    fn marks<'a>(
        &'a self,
        _: &'a Filter,
        _: Option<Place>,
        _: u32,
    ) -> BoxFuture<'a, Result<Vec<Mark>, StoreError>> {
        self.fail()
    }

    fn rows<'a>(
        &'a self,
        _: &'a Filter,
        _: Option<Place>,
        _: u32,
    ) -> BoxFuture<'a, Result<Vec<Row>, StoreError>> {
        self.fail()
    }

    fn probe(&self) -> BoxFuture<'_, Result<(), StoreError>> {
        self.fail()
    }

    fn close(&self) -> BoxFuture<'_, Result<(), StoreError>> {
        self.fail()
    }
}
