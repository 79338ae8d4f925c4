//! A fresh Chromium, driven over WebDriver.

use std::{
    cell::Cell,
    fs,
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use anyhow::{Context as _, Result, bail, ensure};
use fantoccini::{
    Client, ClientBuilder, Locator,
    actions::{InputSource as _, KeyAction, KeyActions},
    elements::{Element, ElementRef},
};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};

use crate::{
    http,
    patience::until,
    places::Places,
    program::{Program, free_port},
};

/// Runs before every script of ours.
const LOOK: &str = include_str!("look.js");

/// The key of an element in WebDriver's JSON (W3C WebDriver, 12.3 "Elements").
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// How Chromium is started. All but the last few keep it from talking to anybody by itself.
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
    "--disable-features=NetworkTimeServiceQuerying,OptimizationHints,Translate,MediaRouter,PreconnectToSearch,NavigationPredictorPreconnect",
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

/// The document that commands go to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// That of the tab.
    Top,
    /// That in the survey's frame.
    Frame,
}

/// A browser with a profile of its own, and one tab.
#[derive(Debug)]
pub struct Browser {
    client: Client,
    driver: Option<Program>,
    address: SocketAddr,
    session: String,
    profile: PathBuf,
    log: PathBuf,
    place: Cell<Place>,
}

impl Browser {
    /// Starts a browser whose way to any network is `proxy`. What it writes lies in `folder`.
    ///
    /// # Errors
    ///
    /// Browser or driver do not start; with what the driver said.
    pub(crate) async fn start(
        places: &Places,
        folder: &Path,
        proxy: SocketAddr,
        javascript: bool,
    ) -> Result<Self> {
        let folder = folder.join("browser");
        let (profile, log) = (folder.join("profile"), folder.join("console.log"));
        fs::create_dir_all(&profile)?;
        let address = SocketAddr::from(([127, 0, 0, 1], free_port()?));
        let mut command = Command::new(&places.chromedriver);
        command.arg(format!("--port={}", address.port()));
        let mut driver = Program::start("chromedriver", &mut command, &folder.join("driver.log"))?;
        let url = format!("http://{address}");
        until("chromedriver to answer", async || {
            driver.check_running()?;
            http::get(&format!("{url}/status")).await.map(Some)
        })
        .await?;

        let mut switches: Vec<String> = SWITCHES.iter().map(ToString::to_string).collect();
        switches.push(format!("--proxy-server=http://{proxy}"));
        switches.push(format!("--user-data-dir={}", profile.display()));
        switches.push(format!("--log-file={}", log.display()));
        if nix::unistd::geteuid().is_root() {
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
        let capabilities = json!({
            "browserName": "chrome",
            // We wait for what a person would see, not for a page to say that it has loaded.
            "pageLoadStrategy": "none",
            "goog:chromeOptions": {
                "binary": places.chromium, "args": switches, "prefs": preferences,
            },
        });
        let Value::Object(capabilities) = capabilities else { unreachable!("an object") };
        let mut builder = ClientBuilder::new(HttpConnector::new());
        let client = builder.capabilities(capabilities).connect(&url).await;
        let client = client.with_context(|| format!("no browser: {}", driver.said()))?;
        let session = client.session_id().await?.context("a session without an id")?;
        let driver = Some(driver);
        Ok(Self { client, driver, address, session, profile, log, place: Cell::new(Place::Top) })
    }

    /// The WebDriver session, for what this type does not do.
    #[must_use]
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Opens an address and waits until its document stands.
    ///
    /// # Errors
    ///
    /// It does not come.
    pub async fn open(&self, url: &str) -> Result<()> {
        self.place.set(Place::Top);
        self.client.goto(url).await?;
        // Asked of the browser, so that it works without JavaScript in the page.
        until(&format!("{url} to load"), async || {
            let tree = self.command("Page.getNavigationHistory", json!({})).await?;
            let at = tree["currentIndex"].as_u64().unwrap_or_default();
            let here = &tree["entries"][usize::try_from(at)?]["url"];
            Ok((here.as_str() == Some(url)).then_some(()))
        })
        .await
    }

    /// The way back in the tab's history.
    ///
    /// # Errors
    ///
    /// The driver refuses.
    pub async fn back(&self) -> Result<()> {
        self.go_to(Place::Top).await?;
        Ok(self.client.back().await?)
    }

    /// Where commands go from now on.
    ///
    /// # Errors
    ///
    /// There is no survey in the tab's document.
    pub async fn go_to(&self, place: Place) -> Result<()> {
        match (self.place.get(), place) {
            (Place::Top, Place::Frame) => {
                let host = self.client.find(Locator::Css("survey-frame")).await?;
                let frame = host.shadow_root().await?.find(Locator::Css("iframe")).await?;
                frame.enter_frame().await?;
            }
            (Place::Frame, Place::Top) => self.client.enter_parent_frame().await?,
            _ => {}
        }
        self.place.set(place);
        Ok(())
    }

    /// Runs the body of a function in the present document; `look.js` stands before it.
    ///
    /// # Errors
    ///
    /// It throws.
    pub async fn run(&self, script: &str, arguments: Vec<Value>) -> Result<Value> {
        Ok(self.client.execute(&format!("{LOOK}\n{script}"), arguments).await?)
    }

    /// The elements of a role, and of a name if one is given, that are shown now.
    ///
    /// # Errors
    ///
    /// The document is just being replaced.
    pub async fn find_all(&self, role: &str, name: Option<&str>) -> Result<Vec<Element>> {
        let script = "return find(...arguments)";
        let found = self.run(script, vec![json!(role), json!(name)]).await?;
        let found = found.as_array().context("no list of elements")?.iter();
        let element = |found: &Value| {
            let id = found[ELEMENT].as_str().context("no element")?.to_owned();
            Ok(Element::from_element_id(self.client.clone(), ElementRef::from(id)))
        };
        found.map(element).collect()
    }

    /// The one element of a role and a name, as soon as it is shown.
    ///
    /// # Errors
    ///
    /// There is none, or there are several; with what else has that role.
    pub async fn find(&self, role: &str, name: &str) -> Result<Element> {
        let found = until(&format!("one {role} `{name}`"), async || {
            let mut found = self.find_all(role, Some(name)).await?;
            ensure!(found.len() < 2, "there are {}", found.len());
            Ok(found.pop())
        })
        .await;
        match found {
            Ok(found) => Ok(found),
            Err(error) => bail!("{error:#}; there is {:?}", self.names(role).await?),
        }
    }

    /// The names of all elements of a role that are shown now.
    ///
    /// # Errors
    ///
    /// The document is just being replaced.
    pub async fn names(&self, role: &str) -> Result<Vec<String>> {
        let script = "return find(arguments[0], null).map((element) => element.computedName)";
        strings(&self.run(script, vec![json!(role)]).await?)
    }

    /// Role and name of what has the focus.
    ///
    /// # Errors
    ///
    /// The document is just being replaced.
    pub async fn focus(&self) -> Result<(String, String)> {
        let focus = strings(&self.run("return focused()", Vec::new()).await?)?;
        let [role, name] = <[String; 2]>::try_from(focus).ok().context("no role and name")?;
        Ok((role, name))
    }

    /// Presses and releases keys, one after the other, wherever the focus is.
    ///
    /// # Errors
    ///
    /// The driver refuses.
    pub async fn press_keys(&self, keys: impl IntoIterator<Item = char>) -> Result<()> {
        let mut actions = KeyActions::new("keyboard".to_owned());
        for value in keys {
            actions = actions.then(KeyAction::Down { value }).then(KeyAction::Up { value });
        }
        Ok(self.client.perform_actions(actions).await?)
    }

    /// A key while another is held.
    ///
    /// # Errors
    ///
    /// The driver refuses.
    pub async fn press_with(&self, held: char, key: char) -> Result<()> {
        let actions = KeyActions::new("keyboard".to_owned())
            .then(KeyAction::Down { value: held })
            .then(KeyAction::Down { value: key })
            .then(KeyAction::Up { value: key })
            .then(KeyAction::Up { value: held });
        Ok(self.client.perform_actions(actions).await?)
    }

    /// A command of the Chrome DevTools Protocol, to the tab.
    ///
    /// # Errors
    ///
    /// The browser refuses it.
    pub async fn command(&self, name: &str, parameters: Value) -> Result<Value> {
        let url = format!("http://{}/session/{}/goog/cdp/execute", self.address, self.session);
        let mut answer = http::post(&url, &json!({ "cmd": name, "params": parameters })).await?;
        Ok(answer["value"].take())
    }

    /// What stands in the consoles of all documents so far, errors and all.
    ///
    /// # Errors
    ///
    /// The browser writes no log.
    pub fn console(&self) -> Result<Vec<String>> {
        let log = fs::read(&self.log).context("the browser wrote no log")?;
        let log = String::from_utf8_lossy(&log);
        let messages = log.lines().filter_map(|line| {
            let (_, message) = line.split_once(":INFO:CONSOLE:")?;
            Some(message.split_once("] ").map_or(message, |(_, text)| text).to_owned())
        });
        Ok(messages.collect())
    }

    /// The folder in which the browser keeps everything.
    #[must_use]
    pub fn profile(&self) -> &Path {
        &self.profile
    }

    /// Closes the browser and waits until it has written all that it writes.
    ///
    /// # Errors
    ///
    /// It does not close.
    pub async fn close(mut self) -> Result<()> {
        self.client.clone().close().await?;
        self.shut_down();
        Ok(())
    }

    /// Ends the driver and, through it, a browser that still runs.
    fn shut_down(&mut self) {
        let Some(driver) = self.driver.take() else { return };
        // Whatever fails here: the driver is killed in the end.
        let ask = || -> std::io::Result<()> {
            let mut stream = TcpStream::connect(self.address)?;
            stream.set_read_timeout(Some(Duration::from_secs(5)))?;
            write!(stream, "GET /shutdown HTTP/1.1\r\nHost: {}\r\n\r\n", self.address)?;
            stream.read_exact(&mut [0; 12])
        };
        if ask().is_ok() {
            driver.end_within(Duration::from_secs(5));
        }
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        self.shut_down();
    }
}

/// The strings of a list.
pub(crate) fn strings(list: &Value) -> Result<Vec<String>> {
    let text = |item: &Value| Ok(item.as_str().context("no text in the list")?.to_owned());
    list.as_array().context("no list")?.iter().map(text).collect()
}
