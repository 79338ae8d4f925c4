//! The browser as programs: Chromium with a fresh profile, and the ChromeDriver that drives it.

use std::{
    fs,
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use anyhow::{Context as _, Result};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use nix::{
    sys::signal::{Signal, kill},
    unistd::{Pid, geteuid},
};
use serde_json::{Value, json};
use tokio::task::AbortHandle;

use crate::{
    places::Places,
    program::{Guard, Program, free_port},
};

/// How Chromium is started. Most of these keep it from talking to anybody by itself.
const SWITCHES: &[&str] = &[
    "--headless=new",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--no-default-browser-check",
    "--no-pings",
    "--allow-browser-signin=false",
    "--disable-background-networking",
    "--disable-breakpad",
    "--disable-client-side-phishing-detection",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-features=NetworkTimeServiceQuerying,OptimizationHints,Translate,MediaRouter",
    "--disable-sync",
    "--metrics-recording-only",
    // Loopback goes by way of the proxy as well.
    "--proxy-bypass-list=<-loopback>",
    // `Element.computedRole` and `.computedName`. WebDriver's own commands for them do not reach
    // into a frame that has a process of its own (ChromeDriver 156: "stale element reference").
    "--enable-blink-features=ComputedAccessibilityInfo",
    // The console of every frame. ChromeDriver's browser log has that of the top document alone.
    "--enable-logging",
    "--log-level=0",
    "--lang=en-GB",
    "--window-size=1000,900",
];

/// How long a browser lives at most: much longer than any test takes.
const LIFETIME: Duration = Duration::from_secs(180);

/// How long a driver may take to end itself and its browser.
const GRACE: Duration = Duration::from_secs(5);

/// A running browser. Dropping it ends it.
#[derive(Debug)]
pub(crate) struct Chromium {
    driver: Option<Program>,
    address: SocketAddr,
    process: Pid,
    watchdog: AbortHandle,
    _guard: Guard,
    profile: PathBuf,
    log: PathBuf,
}

impl Chromium {
    /// Starts a browser whose way to any network is `proxy`, and a session with it. What it writes
    /// lies in `folder`.
    ///
    /// # Errors
    ///
    /// Browser or driver do not start; with what the driver said.
    pub(crate) async fn start(
        places: &Places,
        folder: &Path,
        proxy: SocketAddr,
        javascript: bool,
    ) -> Result<(Self, Client)> {
        let folder = folder.join("browser");
        let (profile, log) = (folder.join("profile"), folder.join("console.log"));
        fs::create_dir_all(&profile)?;
        let address = SocketAddr::from(([127, 0, 0, 1], free_port()?));
        let mut command = Command::new(&places.chromedriver);
        command.arg(format!("--port={}", address.port()));
        let mut driver = Program::start("chromedriver", &mut command, &folder.join("driver.log"))?;
        let url = format!("http://{address}");
        driver.answers(&format!("{url}/status")).await?;

        let mut switches: Vec<String> = SWITCHES.iter().map(ToString::to_string).collect();
        switches.push(format!("--proxy-server=http://{proxy}"));
        switches.push(format!("--user-data-dir={}", profile.display()));
        switches.push(format!("--log-file={}", log.display()));
        if geteuid().is_root() {
            // Chromium's own sandbox refuses to work for root; that of the survey's frame is
            // another thing and stays.
            switches.push("--no-sandbox".to_owned());
        }
        // The setting of a person who switched JavaScript off: 2 is "block".
        let preferences = if javascript {
            json!({})
        } else {
            json!({ "profile.default_content_setting_values.javascript": 2 })
        };
        let capabilities = [
            ("browserName", json!("chrome")),
            // We wait for what a person would see, not for a page to say that it has loaded.
            ("pageLoadStrategy", json!("none")),
            (
                "goog:chromeOptions",
                json!({ "binary": places.chromium, "args": switches, "prefs": preferences }),
            ),
        ];
        let capabilities = capabilities.map(|(name, value)| (name.to_owned(), value));
        let mut builder = ClientBuilder::new(HttpConnector::new());
        let client = builder.capabilities(capabilities.into_iter().collect()).connect(&url).await;
        let client = client.with_context(|| format!("no browser: {}", driver.said()))?;
        let process = client.capabilities().and_then(|them| them.get("goog:processID"));
        let process = process.and_then(Value::as_i64).context("a browser without a process")?;
        let process = Pid::from_raw(i32::try_from(process)?);
        // A driver that waits for a document which is gone waits for ever, and with it the test.
        let watchdog = tokio::spawn(async move {
            tokio::time::sleep(LIFETIME).await;
            eprintln!("a test took longer than {LIFETIME:?}; its browser is ended");
            kill(process, Signal::SIGKILL)
        });
        let browser = Self {
            driver: Some(driver),
            address,
            process,
            watchdog: watchdog.abort_handle(),
            _guard: Guard::over(process)?,
            profile,
            log,
        };
        Ok((browser, client))
    }

    /// Where the driver answers.
    pub(crate) fn driver(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The folder in which the browser keeps everything.
    pub(crate) fn profile(&self) -> &Path {
        &self.profile
    }

    /// The messages in the consoles of all documents so far.
    ///
    /// # Errors
    ///
    /// The browser writes no log.
    pub(crate) fn console(&self) -> Result<Vec<String>> {
        let log = fs::read(&self.log).context("the browser wrote no log")?;
        let log = String::from_utf8_lossy(&log);
        // [pid:thread:time:INFO:CONSOLE:line] "message", source: …
        let messages = log.lines().filter_map(|line| {
            let (_, message) = line.split_once(":INFO:CONSOLE:")?;
            Some(message.split_once("] ").map_or(message, |(_, text)| text).to_owned())
        });
        Ok(messages.collect())
    }
}

impl Chromium {
    /// What the tab shows, as a PNG. Blocks; for a test that has failed.
    pub(crate) fn screenshot(&self, session: &str) -> Option<Vec<u8>> {
        let answer = self.ask(&format!("/session/{session}/screenshot")).ok()?;
        let body = answer.split("\r\n\r\n").nth(1)?;
        let answer: Value = serde_json::from_str(body).ok()?;
        STANDARD.decode(answer["value"].as_str()?).ok()
    }

    fn ask(&self, path: &str) -> std::io::Result<String> {
        let mut stream = TcpStream::connect(self.address)?;
        stream.set_read_timeout(Some(GRACE))?;
        let (address, close) = (self.address, "Connection: close");
        write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\n{close}\r\n\r\n")?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer)
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        self.watchdog.abort();
        let asked = self.ask("/shutdown").is_ok();
        let Some(driver) = self.driver.take() else { return };
        if !(asked && driver.ended_within(GRACE)) {
            // Left alone it would live on. Fails when it has ended after all.
            let _ = kill(self.process, Signal::SIGKILL);
        }
    }
}
