//! A fresh browser, driven over WebDriver: what all engines can do alike.

use std::{cell::Cell, path::Path};

use anyhow::{Context as _, Result, bail};
use fantoccini::{
    Client, Locator,
    actions::{InputSource as _, KeyAction, KeyActions},
    elements::Element,
};
use serde_json::{Value, json};

use crate::{
    driver::{Driver, Wish},
    engine::Engine,
    http,
    patience::until,
    places::Places,
};

/// Runs before every script of ours.
const LOOK: &str = include_str!("look.js");

/// The document that commands go to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// That of the tab.
    Top,
    /// That in the survey's frame.
    Frame,
}

/// A line of the tab's history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Where.
    pub url: String,
    /// What it says there.
    pub title: String,
}

/// A browser with a profile of its own, and one tab.
#[derive(Debug)]
pub struct Browser {
    client: Client,
    driver: Driver,
    place: Cell<Place>,
}

impl Browser {
    /// Starts a browser.
    ///
    /// # Errors
    ///
    /// Browser or driver do not start; with what the driver said.
    pub(crate) async fn start(places: &Places, wish: Wish<'_>) -> Result<Self> {
        let (driver, client) = Driver::start(places, wish).await?;
        if wish.engine == Engine::WebKit {
            // As high as the longest page: its driver misses what a frame has to be scrolled to.
            client.set_window_rect(0, 0, 1000, 2900).await?;
        }
        Ok(Self { client, driver, place: Cell::new(Place::Top) })
    }

    /// Which one it is.
    #[must_use]
    pub fn engine(&self) -> Engine {
        self.driver.engine()
    }

    pub(crate) fn driver(&self) -> &Driver {
        &self.driver
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
        if self.engine() != Engine::Chromium {
            return self.is_at(url).await;
        }
        // Asked of the browser, so that it works without JavaScript in the page.
        until(&format!("{url} to load"), async || {
            let history = self.history().await?;
            Ok(history.last().is_some_and(|entry| entry.url == url).then_some(()))
        })
        .await
    }

    /// Waits until the document of an address is parsed.
    async fn is_at(&self, url: &str) -> Result<()> {
        let script = "return [location.href, document.readyState !== 'loading']";
        until(&format!("{url} to load"), async || {
            let seen = self.client.execute(script, Vec::new()).await?;
            Ok((seen == json!([url, true])).then_some(()))
        })
        .await
    }

    /// What the tab's history shows, up to the present page. WebKit's driver does not tell.
    ///
    /// # Errors
    ///
    /// The browser refuses.
    pub async fn history(&self) -> Result<Vec<Entry>> {
        let (entries, present) = match self.engine() {
            Engine::Chromium => {
                let mut history = self.command("Page.getNavigationHistory", json!({})).await?;
                (history["entries"].take(), history["currentIndex"].take())
            }
            Engine::Firefox => {
                let script = "const { sessionHistory } = gBrowser.selectedBrowser.browsingContext;
                    const entries = Array.from({ length: sessionHistory.count }, (_, i) => {
                        const { URI, title } = sessionHistory.getEntryAtIndex(i);
                        return { url: URI.spec, title };
                    });
                    return [entries, sessionHistory.index]";
                let mut history = self.run_in_firefox(script).await?;
                (history[0].take(), history[1].take())
            }
            Engine::WebKit => bail!("WebKit's driver does not tell what is in the history"),
        };
        let present = usize::try_from(present.as_u64().unwrap_or_default())?;
        let entries = entries.as_array().context("no history")?.iter();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let entry =
            |entry: &Value| Entry { url: text(&entry["url"]), title: text(&entry["title"]) };
        Ok(entries.take(present + 1).map(entry).collect())
    }

    /// Goes back in the tab's history.
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
            (Place::Frame, Place::Top) => {
                // Works when the frame is gone as well; its parent could not be asked for then.
                http::post(&self.driver.at("frame"), &json!({ "id": null })).await?;
            }
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

    /// As [`Browser::run`], with elements as the arguments.
    ///
    /// # Errors
    ///
    /// It throws, or one of the elements is gone.
    pub async fn run_with(&self, script: &str, elements: &[Element]) -> Result<Value> {
        // Each by itself: WebKit's driver loses those that lie in a list.
        let elements = elements.iter().map(serde_json::to_value).collect::<Result<_, _>>()?;
        self.run(script, elements).await
    }

    /// Waits until the present document has been drawn anew.
    ///
    /// # Errors
    ///
    /// It is just being replaced.
    pub async fn draw(&self) -> Result<()> {
        let script = "const frame = () => new Promise(requestAnimationFrame);
            return frame().then(frame)";
        self.run(script, Vec::new()).await.map(drop)
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

    /// Presses a key and does not let it go: for what ends the document that would hear of it.
    ///
    /// # Errors
    ///
    /// The driver refuses.
    pub async fn hold_key(&self, value: char) -> Result<()> {
        let actions = KeyActions::new("keyboard".to_owned()).then(KeyAction::Down { value });
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

    /// What stands in the consoles of all documents so far, in any browser.
    ///
    /// # Errors
    ///
    /// The browser does not tell.
    pub async fn messages(&self) -> Result<Vec<String>> {
        match self.engine() {
            Engine::Chromium => self.console(),
            Engine::Firefox => {
                // Those of documents, not those that the browser writes about itself.
                let script = "return Services.console.getMessageArray()
                    .filter((m) => m instanceof Ci.nsIScriptError && m.innerWindowID !== 0)
                    .map((m) => `${m.category}: ${m.errorMessage} (${m.sourceName}:${m.lineNumber})`)
                    .filter((m) => !/chrome:|resource:/.test(m))";
                strings(&self.run_in_firefox(script).await?)
            }
            Engine::WebKit => {
                let log = self.driver.console_log()?;
                let of_page = |line: &&str| line.starts_with("CONSOLE ");
                Ok(log.lines().filter(of_page).map(str::to_owned).collect())
            }
        }
    }

    /// The folder in which the browser keeps everything.
    #[must_use]
    pub fn profile(&self) -> &Path {
        self.driver.profile()
    }

    /// What the tab shows, as a PNG. Blocks; for a test that has failed.
    pub(crate) fn screenshot(&self) -> Option<Vec<u8>> {
        self.driver.screenshot()
    }

    /// Closes the browser and waits until it has written all that it writes.
    ///
    /// # Errors
    ///
    /// It does not close.
    pub async fn close(self) -> Result<()> {
        Ok(self.client.close().await?)
    }
}

/// The strings of a list.
pub(crate) fn strings(list: &Value) -> Result<Vec<String>> {
    let text = |item: &Value| Ok(item.as_str().context("no text in the list")?.to_owned());
    list.as_array().context("no list")?.iter().map(text).collect()
}
