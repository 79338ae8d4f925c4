//! Chromium: how it is started, and what can be asked of it alone, by its own protocol (CDP).

use std::{fs, process::Command};

use anyhow::{Context as _, Result, ensure};
use nix::unistd::geteuid;
use serde_json::{Value, json};

use crate::{
    browser::Browser,
    driver::{Recipe, Wish},
    engine::Engine,
    http,
    places::Places,
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

/// Chromium, driven by ChromeDriver.
///
/// # Errors
///
/// One of them is not installed.
pub(crate) fn recipe(places: &Places, wish: Wish<'_>) -> Result<Recipe> {
    let browser = places.chromium()?;
    let (profile, console) = (wish.folder.join("profile"), wish.folder.join("console.log"));
    fs::create_dir_all(&profile)?;
    let mut switches: Vec<String> = SWITCHES.iter().map(ToString::to_string).collect();
    switches.extend(wish.switches.iter().map(ToString::to_string));
    switches.push(format!("--proxy-server=http://{}", wish.proxy));
    switches.push(format!("--user-data-dir={}", profile.display()));
    switches.push(format!("--log-file={}", console.display()));
    if geteuid().is_root() {
        // Chromium's own sandbox refuses to work for root; that of the survey's frame is
        // another thing and stays.
        switches.push("--no-sandbox".to_owned());
    }
    // The setting of a person who switched JavaScript off: 2 is "block".
    let preferences = if wish.javascript {
        json!({})
    } else {
        json!({ "profile.default_content_setting_values.javascript": 2 })
    };
    let options = json!({ "binary": browser.binary, "args": switches, "prefs": preferences });
    Ok(Recipe {
        driver: Command::new(browser.driver),
        port: "--port=",
        capabilities: vec![("browserName", json!("chrome")), ("goog:chromeOptions", options)],
        process: Some("goog:processID"),
        display: None,
    })
}

/// What Chromium alone can be asked, by its own protocol (CDP).
impl Browser {
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
        let engine = self.engine();
        ensure!(engine == Engine::Chromium, "{engine} knows no `{name}`");
        let url = self.driver().at("goog/cdp/execute");
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
        let log = self.driver().console_log()?;
        // [pid:thread:time:INFO:CONSOLE:line] "message", source: …
        let messages = log.lines().filter_map(|line| {
            let (_, message) = line.split_once(":INFO:CONSOLE:")?;
            Some(message.split_once("] ").map_or(message, |(_, text)| text).to_owned())
        });
        Ok(messages.collect())
    }
}
