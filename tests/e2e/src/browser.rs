//! A fresh Chromium, driven over WebDriver.

use std::{cell::Cell, net::SocketAddr, path::Path};

use anyhow::{Context as _, Result, bail, ensure};
use fantoccini::{
    Client, Locator,
    actions::{InputSource as _, KeyAction, KeyActions},
    elements::{Element, ElementRef},
};
use serde_json::{Value, json};

use crate::{chromium::Chromium, http, patience::until, places::Places};

/// Runs before every script of ours.
const LOOK: &str = include_str!("look.js");

/// The key of an element in WebDriver's JSON (W3C WebDriver, 12.3 "Elements").
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

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
    chromium: Chromium,
    session: String,
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
        let (chromium, client) = Chromium::start(places, folder, proxy, javascript).await?;
        let session = client.session_id().await?.context("a session without an id")?;
        Ok(Self { client, chromium, session, place: Cell::new(Place::Top) })
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
            let history = self.history().await?;
            Ok(history.last().is_some_and(|entry| entry.url == url).then_some(()))
        })
        .await
    }

    /// What the tab's history shows, up to the present page.
    ///
    /// # Errors
    ///
    /// The browser refuses.
    pub async fn history(&self) -> Result<Vec<Entry>> {
        let history = self.command("Page.getNavigationHistory", json!({})).await?;
        let present = usize::try_from(history["currentIndex"].as_u64().unwrap_or_default())?;
        let entries = history["entries"].as_array().context("no history")?.iter();
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

    /// Runs a script in every document of the tab before anything of it runs; not in frames of
    /// another origin.
    ///
    /// # Errors
    ///
    /// The browser refuses.
    pub async fn run_first(&self, script: &str) -> Result<()> {
        let script = json!({ "source": script });
        self.command("Page.addScriptToEvaluateOnNewDocument", script).await.map(drop)
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

    /// Composes a word the way input methods do: `text` stands in the field and is not yet settled.
    /// Works in the tab's document alone.
    ///
    /// # Errors
    ///
    /// The browser refuses.
    pub async fn compose(&self, text: &str) -> Result<()> {
        let end = text.encode_utf16().count();
        let word = json!({ "text": text, "selectionStart": end, "selectionEnd": end });
        self.command("Input.imeSetComposition", word).await.map(drop)
    }

    /// Settles the word that is being composed.
    ///
    /// # Errors
    ///
    /// The browser refuses.
    pub async fn settle(&self, text: &str) -> Result<()> {
        self.command("Input.insertText", json!({ "text": text })).await.map(drop)
    }

    /// A command of the Chrome DevTools Protocol, to the tab.
    ///
    /// # Errors
    ///
    /// The browser refuses it.
    pub async fn command(&self, name: &str, parameters: Value) -> Result<Value> {
        let driver = self.chromium.driver();
        let url = format!("{driver}/session/{}/goog/cdp/execute", self.session);
        let mut answer = http::post(&url, &json!({ "cmd": name, "params": parameters })).await?;
        Ok(answer["value"].take())
    }

    /// What the tab shows, as an encoded picture. Works between two documents as well, while the
    /// browser waits for the next one and lets nothing else be asked of the present one.
    ///
    /// # Errors
    ///
    /// The browser refuses.
    pub async fn picture(&self) -> Result<String> {
        let picture = self.command("Page.captureScreenshot", json!({})).await?;
        Ok(picture["data"].as_str().context("no picture")?.to_owned())
    }

    /// The addresses of all frames of another origin than the document around them.
    ///
    /// # Errors
    ///
    /// The browser refuses.
    pub async fn frames(&self) -> Result<Vec<String>> {
        let targets = self.command("Target.getTargets", json!({})).await?;
        let targets = targets["targetInfos"].as_array().context("no targets")?.iter();
        let frames = targets.filter(|target| target["type"] == "iframe");
        Ok(frames.filter_map(|frame| Some(frame["url"].as_str()?.to_owned())).collect())
    }

    /// What stands in the consoles of all documents so far, errors and all.
    ///
    /// # Errors
    ///
    /// The browser writes no log.
    pub fn console(&self) -> Result<Vec<String>> {
        self.chromium.console()
    }

    /// The folder in which the browser keeps everything.
    #[must_use]
    pub fn profile(&self) -> &Path {
        self.chromium.profile()
    }

    /// What the tab shows, as a PNG. Blocks; for a test that has failed.
    pub(crate) fn screenshot(&self) -> Option<Vec<u8>> {
        self.chromium.screenshot(&self.session)
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
