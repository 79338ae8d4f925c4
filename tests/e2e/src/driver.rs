//! A browser as programs: the driver, and the browser that it starts with a fresh profile.

use std::{
    fs,
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    os::unix::process::CommandExt as _,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use anyhow::{Context as _, Result};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use nix::{
    sys::signal::{Signal, kill, killpg},
    unistd::Pid,
};
use serde_json::Value;
use tokio::task::AbortHandle;

use crate::{
    chromium,
    engine::Engine,
    firefox,
    places::Places,
    program::{Guard, Program, free_port},
    webkit,
};

/// How long a browser lives at most: much longer than any test takes.
const LIFETIME: Duration = Duration::from_secs(180);

/// How long a driver may take to end itself and its browser.
const GRACE: Duration = Duration::from_secs(5);

/// What a browser is to be like.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wish<'a> {
    /// Which one.
    pub(crate) engine: Engine,
    /// A folder for all that it writes.
    pub(crate) folder: &'a Path,
    /// Its only way to any network.
    pub(crate) proxy: SocketAddr,
    /// Whether the person left JavaScript on.
    pub(crate) javascript: bool,
    /// Further switches on the browser's command line.
    pub(crate) switches: &'a [&'static str],
}

/// How the driver of one engine is started, and what it is asked for. The browser writes into
/// `profile` of the folder that was wished for, and Chromium its log into `console.log`.
pub(crate) struct Recipe {
    /// The driver, but for its port.
    pub(crate) driver: Command,
    /// How it takes its port, up to the number.
    pub(crate) port: &'static str,
    /// What a session asks for.
    pub(crate) capabilities: Vec<(&'static str, Value)>,
    /// The capability that names the browser's process.
    pub(crate) process: Option<&'static str>,
    /// The screen, where the browser needs one.
    pub(crate) display: Option<Program>,
}

/// A running browser. Dropping it ends it.
#[derive(Debug)]
pub(crate) struct Driver {
    engine: Engine,
    program: Option<Program>,
    group: Pid,
    address: SocketAddr,
    session: String,
    process: Option<Pid>,
    watchdog: AbortHandle,
    profile: PathBuf,
    console: PathBuf,
    // Last: the screen goes when nobody draws on it any more.
    _guards: Vec<Guard>,
    _display: Option<Program>,
}

impl Driver {
    /// Starts a browser, and a session with it.
    ///
    /// # Errors
    ///
    /// Browser or driver do not start; with what the driver said.
    pub(crate) async fn start(places: &Places, wish: Wish<'_>) -> Result<(Self, Client)> {
        let folder = wish.folder.join("browser");
        fs::create_dir_all(&folder)?;
        let wish = Wish { folder: &folder, ..wish };
        let Recipe { driver: mut command, port, mut capabilities, process, display } =
            match wish.engine {
                Engine::Chromium => chromium::recipe(places, wish)?,
                Engine::Firefox => firefox::recipe(places, wish)?,
                Engine::WebKit => webkit::recipe(places, wish).await?,
            };
        let (profile, log) = (folder.join("profile"), folder.join("driver.log"));
        let console = match wish.engine {
            Engine::Chromium => folder.join("console.log"),
            // What they write to standard output.
            Engine::Firefox | Engine::WebKit => log.clone(),
        };
        let address = SocketAddr::from(([127, 0, 0, 1], free_port()?));
        // A group of its own, so that what the driver started can be ended with it.
        command.arg(format!("{port}{}", address.port())).process_group(0);
        let mut program = Program::start("driver", &mut command, &log)?;
        let group = program.pid()?;
        let mut guards = vec![Guard::over(Pid::from_raw(-group.as_raw()))?];
        let url = format!("http://{address}");
        program.answers(&format!("{url}/status")).await?;

        // We wait for what a person would see, not for a page to say that it has loaded.
        capabilities.push(("pageLoadStrategy", Value::from("none")));
        let capabilities = capabilities.into_iter().map(|(name, value)| (name.to_owned(), value));
        let mut builder = ClientBuilder::new(HttpConnector::new());
        let client = builder.capabilities(capabilities.collect()).connect(&url).await;
        let client = client.with_context(|| format!("no browser: {}", program.said()))?;
        let session = client.session_id().await?.context("a session without an id")?;
        let process = match process {
            Some(name) => {
                let process = client.capabilities().and_then(|them| them.get(name));
                let process = process.and_then(Value::as_i64);
                let process = process.context("a browser without a process")?;
                let process = Pid::from_raw(i32::try_from(process)?);
                guards.push(Guard::over(process)?);
                Some(process)
            }
            None => None,
        };
        // A driver that waits for a document which is gone waits for ever, and with it the test.
        let watchdog = tokio::spawn(async move {
            tokio::time::sleep(LIFETIME).await;
            eprintln!("a test took longer than {LIFETIME:?}; its browser is ended");
            match process {
                Some(process) => kill(process, Signal::SIGKILL),
                None => killpg(group, Signal::SIGKILL),
            }
        });
        let browser = Self {
            engine: wish.engine,
            program: Some(program),
            group,
            address,
            session,
            process,
            watchdog: watchdog.abort_handle(),
            profile,
            console,
            _guards: guards,
            _display: display,
        };
        Ok((browser, client))
    }

    /// Which one it is.
    pub(crate) fn engine(&self) -> Engine {
        self.engine
    }

    /// The address of a command of the session.
    pub(crate) fn at(&self, command: &str) -> String {
        format!("http://{}/session/{}/{command}", self.address, self.session)
    }

    /// The folder in which the browser keeps everything.
    pub(crate) fn profile(&self) -> &Path {
        &self.profile
    }

    /// What the browser wrote about the consoles of all documents.
    ///
    /// # Errors
    ///
    /// It wrote nothing.
    pub(crate) fn console_log(&self) -> Result<String> {
        let log = fs::read(&self.console).context("the browser wrote no log")?;
        Ok(String::from_utf8_lossy(&log).into_owned())
    }

    /// What the tab shows, as a PNG. Blocks; for a test that has failed.
    pub(crate) fn screenshot(&self) -> Option<Vec<u8>> {
        let answer = self.ask("GET", &format!("/session/{}/screenshot", self.session)).ok()?;
        let body = answer.split("\r\n\r\n").nth(1)?;
        let answer: Value = serde_json::from_str(body).ok()?;
        STANDARD.decode(answer["value"].as_str()?).ok()
    }

    fn ask(&self, method: &str, path: &str) -> std::io::Result<String> {
        let mut stream = TcpStream::connect(self.address)?;
        stream.set_read_timeout(Some(GRACE))?;
        let (address, close) = (self.address, "Connection: close");
        write!(stream, "{method} {path} HTTP/1.1\r\nHost: {address}\r\n{close}\r\n\r\n")?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer)
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        self.watchdog.abort();
        let asked = match self.engine {
            Engine::Chromium => self.ask("GET", "/shutdown").is_ok(),
            // These end with the program that is dropped, once their browser is gone.
            Engine::Firefox | Engine::WebKit => {
                let _ = self.ask("DELETE", &format!("/session/{}", self.session));
                false
            }
        };
        let Some(program) = self.program.take() else { return };
        if !(asked && program.ended_within(GRACE)) {
            // Left alone they would live on. Both fail when all has ended after all.
            let _ = self.process.map(|process| kill(process, Signal::SIGKILL));
            let _ = killpg(self.group, Signal::SIGKILL);
        }
    }
}
