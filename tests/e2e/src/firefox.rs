//! Firefox: how it is started, and what can be asked of it alone, in the context of its own scripts.

use std::{fs, process::Command};

use anyhow::Result;
use serde_json::{Map, Value, json};

use crate::{
    browser::Browser,
    driver::{Recipe, Wish},
    http,
    places::Places,
};

/// What keeps Firefox from talking to anybody by itself, beyond what its driver sets. Nothing here
/// changes what it keeps of a visit.
const QUIET: &[&str] = &[
    "app.normandy.enabled",
    "browser.newtabpage.activity-stream.feeds.section.topstories",
    "browser.newtabpage.activity-stream.showSponsored",
    "browser.newtabpage.enabled",
    "browser.region.update.enabled",
    "browser.safebrowsing.downloads.remote.enabled",
    "browser.safebrowsing.malware.enabled",
    "browser.safebrowsing.phishing.enabled",
    "browser.search.update",
    "browser.topsites.contile.enabled",
    "datareporting.policy.dataSubmissionEnabled",
    "dom.push.connection.enabled",
    "extensions.getAddons.cache.enabled",
    "extensions.systemAddon.update.enabled",
    "extensions.update.enabled",
    "media.gmp-manager.updateEnabled",
    "network.captive-portal-service.enabled",
    "network.connectivity-service.enabled",
    "toolkit.telemetry.enabled",
];

/// Firefox, driven by geckodriver.
///
/// # Errors
///
/// One of them is not installed.
pub(crate) fn recipe(places: &Places, wish: Wish<'_>) -> Result<Recipe> {
    let browser = places.firefox()?;
    let profile = wish.folder.join("profile");
    fs::create_dir_all(&profile)?;
    let mut preferences: Map<String, Value> =
        QUIET.iter().map(|name| ((*name).to_owned(), Value::from(false))).collect();
    for (name, value) in [
        ("javascript.enabled", json!(wish.javascript)),
        ("network.proxy.type", json!(1)),
        ("network.proxy.no_proxies_on", json!("")),
        // Loopback goes by way of the proxy as well.
        ("network.proxy.allow_hijacking_localhost", json!(true)),
        // As it is for people; a driver's own Firefox would keep no open pages for the next start.
        ("browser.sessionstore.resume_from_crash", json!(true)),
        // They are kept every 15 seconds otherwise, and tests are shorter.
        ("browser.sessionstore.interval", json!(1000)),
        ("intl.accept_languages", json!("en-GB")),
    ] {
        preferences.insert(name.to_owned(), value);
    }
    for kind in ["http", "ssl"] {
        let (host, port) = (wish.proxy.ip().to_string(), wish.proxy.port());
        preferences.insert(format!("network.proxy.{kind}"), host.into());
        preferences.insert(format!("network.proxy.{kind}_port"), port.into());
    }
    let mut arguments = vec!["-headless".to_owned(), "-profile".to_owned()];
    arguments.push(profile.display().to_string());
    arguments.extend(["--width=1000", "--height=900"].map(str::to_owned));
    arguments.extend(wish.switches.iter().map(ToString::to_string));
    let options = json!({ "binary": browser.binary, "args": arguments, "prefs": preferences });
    let mut driver = Command::new(browser.driver);
    // With access to the browser's own scripts: they know what it keeps.
    driver.args(["--allow-system-access", "--host", "127.0.0.1", "--websocket-port", "0"]);
    Ok(Recipe {
        driver,
        port: "--port=",
        capabilities: vec![("browserName", json!("firefox")), ("moz:firefoxOptions", options)],
        process: Some("moz:processID"),
        display: None,
    })
}

impl Browser {
    /// Runs the body of a function as one of Firefox's own scripts, in its window. Firefox alone.
    ///
    /// # Errors
    ///
    /// It throws; it is another browser.
    pub async fn run_in_firefox(&self, script: &str) -> Result<Value> {
        let context = self.driver().at("moz/context");
        http::post(&context, &json!({ "context": "chrome" })).await?;
        let seen = self.client().execute(script, Vec::new()).await;
        http::post(&context, &json!({ "context": "content" })).await?;
        Ok(seen?)
    }
}
