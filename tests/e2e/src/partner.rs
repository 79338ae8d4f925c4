//! A partner: a web site of another origin whose pages hold the survey, made and served the way
//! `docs/embedding.md` tells partners to.

use std::{
    fs,
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
};

use anyhow::{Context as _, Result};
use axum::{
    Router,
    extract::{Request, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use tokio::{net::TcpListener, sync::Semaphore, task::AbortHandle};

use crate::places::workspace;

/// The operator's address as the guide writes it.
const OPERATOR: &str = "https://views.example";

/// The survey of the guide, and its page code.
const SURVEY: (&str, &str) = ("victim-voice", "48b33f92");

/// A page of the partner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartnerPage {
    /// Where the person was before.
    Before,
    /// With the snippet that the guide recommends: the tag, and a fallback of the page's own.
    Snippet,
    /// With the shortest form of the guide: the tag, and words for when there is no JavaScript.
    Short,
    /// Where "Leave this page" goes. Slow: it comes when [`Partner::let_go`] is called.
    Elsewhere,
}

impl PartnerPage {
    fn path(self) -> &'static str {
        match self {
            Self::Before => "/before",
            Self::Snippet => "/contact",
            Self::Short => "/short",
            Self::Elsewhere => "/elsewhere",
        }
    }

    /// The page's title.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Before => "Eastmere",
            Self::Snippet | Self::Short => "Contact us - Eastmere",
            Self::Elsewhere => "Weather",
        }
    }
}

/// Which survey the partner shows, and where it comes from.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The operator's origin.
    pub operator: String,
    /// The survey's name.
    pub survey: String,
    /// Its page code.
    pub code: String,
}

/// The partner's web server, on `localhost`: to a browser another site than `127.0.0.1`.
#[derive(Debug)]
pub struct Partner {
    address: SocketAddr,
    site: Arc<Site>,
    task: AbortHandle,
}

#[derive(Debug)]
struct Site {
    policy: String,
    snippet: String,
    short: String,
    asked: Mutex<Vec<String>>,
    elsewhere: Semaphore,
}

impl Partner {
    /// Takes an address. Nothing answers there yet.
    ///
    /// # Errors
    ///
    /// There is no port for it.
    pub async fn listen() -> Result<(TcpListener, String)> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.context("no port is free")?;
        let origin = origin(listener.local_addr()?);
        Ok((listener, origin))
    }

    /// Opens the web site.
    ///
    /// # Errors
    ///
    /// The guide is not as it was: it has no policy or no snippet where this looks for them.
    pub fn open(listener: TcpListener, shown: &Shown) -> Result<Self> {
        let address = listener.local_addr()?;
        let guide = fs::read_to_string(workspace().join("docs/embedding.md"))?;
        let localised = |text: &str| {
            let text = text.replace(OPERATOR, &shown.operator);
            text.replace(SURVEY.0, &shown.survey).replace(SURVEY.1, &shown.code)
        };
        let policy = guide
            .lines()
            .find_map(|line| line.strip_prefix("Content-Security-Policy: "))
            .context("docs/embedding.md names no Content-Security-Policy")?;
        let mut snippets = guide.split("```html\n").skip(1);
        let mut snippet = || {
            let text = snippets.next().and_then(|rest| rest.split("```").next());
            Ok::<_, anyhow::Error>(localised(text.context("docs/embedding.md lacks a snippet")?))
        };
        // What the guide lists as attributes. The survey knows the site and no case.
        let tag = format!(r#"data-survey="{}""#, shown.survey);
        let attributes = format!(
            r#"{tag} data-exit="{}{}" data-context-site="met" data-context-case="CASE-4711""#,
            origin(address),
            PartnerPage::Elsewhere.path(),
        );
        let site = Arc::new(Site {
            policy: localised(policy),
            snippet: snippet()?.replace(&tag, &attributes),
            short: snippet()?,
            asked: Mutex::default(),
            elsewhere: Semaphore::new(0),
        });
        let router = Router::new().fallback(answer).with_state(Arc::clone(&site));
        let serve = async move { axum::serve(listener, router).await };
        let task = tokio::spawn(serve).abort_handle();
        Ok(Self { address, site, task })
    }

    /// The web site's origin.
    #[must_use]
    pub fn origin(&self) -> String {
        origin(self.address)
    }

    /// The address of a page.
    #[must_use]
    pub fn url(&self, page: PartnerPage) -> String {
        format!("{}{}", self.origin(), page.path())
    }

    /// The path of every request so far.
    #[must_use]
    pub fn asked_for(&self) -> Vec<String> {
        self.site.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Lets the page come to which people leave.
    pub fn let_go(&self) {
        self.site.elsewhere.add_permits(1);
    }
}

impl Drop for Partner {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn origin(address: SocketAddr) -> String {
    format!("http://localhost:{}", address.port())
}

async fn answer(State(site): State<Arc<Site>>, request: Request) -> Response {
    let path = request.uri().path().to_owned();
    site.asked.lock().unwrap_or_else(PoisonError::into_inner).push(path.clone());
    let (page, content) = match path.as_str() {
        "/style.css" => {
            let headers =
                [(header::CONTENT_TYPE, "text/css"), (header::CACHE_CONTROL, "max-age=60")];
            return (headers, STYLE).into_response();
        }
        "/before" => (PartnerPage::Before, ""),
        "/contact" => (PartnerPage::Snippet, site.snippet.as_str()),
        "/short" => (PartnerPage::Short, site.short.as_str()),
        "/elsewhere" => {
            // Never closed, so this only ever waits.
            if let Ok(permit) = site.elsewhere.acquire().await {
                permit.forget();
            }
            (PartnerPage::Elsewhere, "")
        }
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_SECURITY_POLICY, &site.policy),
        // What the page itself says is not to be found on the disk when these tests look there.
        (header::CACHE_CONTROL, "no-store"),
    ];
    (headers, document(page, content)).into_response()
}

/// No margin: the frame is then as wide as the window, down to the 320 px that the guide promises.
const STYLE: &str = "body { margin: 0; font-family: sans-serif } h1, p { margin: 16px }";

fn document(page: PartnerPage, content: &str) -> String {
    // Only where it matters: a page that is left while its style sheet comes asks for it again.
    let style = match page {
        PartnerPage::Snippet | PartnerPage::Short => {
            "<link rel=\"stylesheet\" href=\"/style.css\">"
        }
        PartnerPage::Before | PartnerPage::Elsewhere => "",
    };
    format!(
        "<!doctype html>\n<html lang=\"en-GB\">\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title}</title>\n{style}\n<h1>{title}</h1>\n\
         <p><a href=\"/before\">Home</a></p>\n{content}\n<p>Eastmere does not exist.</p>\n</html>",
        title = page.title(),
    )
}
