//! The end of every test, well or not.

use std::fs;

use anyhow::{Result, ensure};
use serde_json::json;

use crate::{
    engine::Engine,
    trace::{files_below, traces},
    world::World,
};

impl World {
    /// What must hold at the end of every test, whatever it was about; then all is taken down.
    ///
    /// # Errors
    ///
    /// A message in the console that nobody expected; a cookie or anything else stored; a request
    /// that says who asks; a secret in the collector's files, on the line or in what the browser
    /// leaves on the disk.
    pub async fn end(self) -> Result<()> {
        self.end_with_the_device().await.map(drop)
    }

    /// As [`World::end`]; hands back all files that the browser leaves on the disk.
    ///
    /// # Errors
    ///
    /// As [`World::end`].
    pub async fn end_with_the_device(mut self) -> Result<Vec<(String, Vec<u8>)>> {
        let console = self.browser().messages().await?;
        let expected = |line: &&String| !self.expected.iter().any(|words| line.contains(words));
        let surprises: Vec<_> = console.iter().filter(expected).collect();
        ensure!(surprises.is_empty(), "messages in the console: {surprises:#?}");
        self.check_storage().await?;
        self.check_requests()?;
        self.check_files("the collector", &self.collector.files()?)?;
        self.collector.stop().await?;
        self.check_files("the stopped collector", &self.collector.files()?)?;
        let engine = self.browser().engine();
        let profile = self.browser().profile().to_owned();
        if let Some(browser) = self.browser.take() {
            browser.close().await?;
        }
        let files = files_below(&profile)?;
        ensure!(
            !files.is_empty() || engine == Engine::WebKit,
            "the browser's profile was not where it should be"
        );
        self.check_files("the device", &files)?;
        Ok(files)
    }

    /// All files of the browser as they are now.
    ///
    /// # Errors
    ///
    /// Its folder cannot be read.
    pub fn device(&self) -> Result<Vec<(String, Vec<u8>)>> {
        files_below(self.browser().profile())
    }

    fn check_files(&self, whose: &str, files: &[(String, Vec<u8>)]) -> Result<()> {
        let files = files.iter().map(|(name, bytes)| (name.as_str(), &**bytes));
        let found = traces(&self.secrets, files);
        ensure!(found.is_empty(), "{whose} holds {found:?}");
        Ok(())
    }

    async fn check_storage(&self) -> Result<()> {
        match self.browser().engine() {
            Engine::Chromium => self.check_storage_of_chromium().await,
            Engine::Firefox => self.check_storage_of_firefox().await,
            // Its driver tells of the present document alone, which the traces' own test asks.
            Engine::WebKit => Ok(()),
        }
    }

    async fn check_storage_of_chromium(&self) -> Result<()> {
        let cookies = self.browser().command("Storage.getCookies", json!({})).await?;
        ensure!(cookies["cookies"] == json!([]), "cookies: {cookies}");
        for origin in [self.collector.origin(), self.partner.origin()] {
            let usage = json!({ "origin": origin });
            let usage = self.browser().command("Storage.getUsageAndQuota", usage).await?;
            ensure!(usage["usage"] == json!(0), "{origin} stores something: {usage}");
        }
        Ok(())
    }

    async fn check_storage_of_firefox(&self) -> Result<()> {
        let script = "return new Promise((done, failed) => {
                Services.qms.getUsage((request) =>
                    request.resultCode === Cr.NS_OK ? done(request.result) : failed(request), true);
            }).then((stores) => stores.map(({ origin, usage }) => `${origin} ${usage}`))
            .then((stores) => [Services.cookies.cookies.length, stores.filter((s) => s.startsWith('http'))])";
        let stored = self.browser().run_in_firefox(script).await?;
        ensure!(stored == json!([0, []]), "cookies, and stores of sites: {stored}");
        Ok(())
    }

    fn check_requests(&self) -> Result<()> {
        for call in self.line.calls() {
            let what = self.describe(&call);
            let is_known =
                !what.starts_with("somebody else") || self.elsewhere.contains(&&*call.url);
            ensure!(is_known, "a request to {what}");
            ensure!(!call.headers.contains_key("cookie"), "{what} carries a cookie");
            // What a page loads by itself may name that page: the loader, and scripts of examples.
            let by_page = ["/embed.js", "/spa.js"].iter().any(|script| call.url.ends_with(script));
            let from_survey = what.starts_with("survey") && !by_page;
            if from_survey {
                ensure!(!call.headers.contains_key("referer"), "{what} names where it comes from");
                let origin = call.headers.get("origin");
                let nobody = origin.is_none_or(|origin| origin == "null");
                ensure!(nobody, "{what} names its origin: {origin:?}");
            }
            let head = format!("{} {:?}", call.url, call.headers);
            let places = [("the head", head.as_bytes()), ("the body", &*call.body)];
            let found = traces(&self.secrets, places);
            ensure!(found.is_empty(), "{what}: {found:?}");
        }
        Ok(())
    }
}

/// A test that failed says what there is to see.
impl Drop for World {
    fn drop(&mut self) {
        let Some(browser) = &self.browser else { return };
        eprintln!("requests: {:#?}", self.traffic());
        match browser.engine() {
            Engine::Chromium => {
                eprintln!("console: {:#?}", browser.console().unwrap_or_default());
            }
            _ => eprintln!("console: {}", browser.driver().console_log().unwrap_or_default()),
        }
        eprintln!("the collector said:\n{}", self.collector.log());
        let name = std::thread::current().name().unwrap_or("e2e").replace("::", "-");
        let picture = std::env::temp_dir().join(format!("{name}.png"));
        if browser.screenshot().is_some_and(|png| fs::write(&picture, png).is_ok()) {
            eprintln!("what the browser showed: {}", picture.display());
        }
    }
}
