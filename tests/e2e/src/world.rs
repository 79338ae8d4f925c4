//! All that a test needs, with nothing shared between tests: an analyst with a key, a published
//! survey, a collector, a partner's web site, a line that is watched, and a browser.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use survey_wire::{SurveyId, page_code};
use tempfile::TempDir;

use crate::{
    analyst::{Analyst, Findings},
    browser::{Browser, Place, strings},
    collector::Collector,
    line::{Call, Line},
    partner::{Partner, PartnerPage, Shown},
    places::{Places, workspace},
    survey_page::SurveyPage,
    trace::{Secret, files_below, traces},
};

/// A script of the partner's that listens to all that the guide says it can hear.
const LISTEN: &str = "globalThis.heard = [];
    for (const event of ['survey-ready', 'survey-finished', 'survey-failed'])
        addEventListener(event, ({ type, detail }) => heard.push(type + (detail ? '!' : '')));";

/// Which survey is published.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Questions {
    /// `surveys/victim-voice.json`, as it ships.
    #[default]
    Model,
    /// One page of every type there is, from the fixtures of `survey-core`.
    EveryType,
}

impl Questions {
    fn name(self) -> &'static str {
        match self {
            Self::Model => "victim-voice",
            Self::EveryType => "every-page",
        }
    }

    /// A draft to publish, written into `folder` where it has to be made first.
    fn draft(self, folder: &Path) -> Result<PathBuf> {
        if self == Self::Model {
            return Ok(workspace().join("surveys/victim-voice.json"));
        }
        let fixture = "crates/survey-core/tests/fixtures/every-page.json";
        let text = fs::read_to_string(workspace().join(fixture))?;
        let mut draft: Value = serde_json::from_str(&text)?;
        let members = draft.as_object_mut().context("a definition is an object")?;
        for made_up in ["recipients", "submit"] {
            members.remove(made_up);
        }
        let path = folder.join("every-page.json");
        fs::write(&path, draft.to_string())?;
        Ok(path)
    }

    fn support_lines(self) -> Option<PathBuf> {
        (self == Self::Model).then(|| workspace().join("surveys/helplines.json"))
    }
}

/// What is not as usual in a world.
#[derive(Clone, Copy, Debug)]
pub struct Setup {
    /// Which survey is published.
    pub questions: Questions,
    /// Whether the person left JavaScript on.
    pub javascript: bool,
    /// Whether the operator lets the partner show the survey.
    pub partner_is_known: bool,
}

impl Default for Setup {
    fn default() -> Self {
        Self { questions: Questions::Model, javascript: true, partner_is_known: true }
    }
}

/// A world of its own.
#[derive(Debug)]
pub struct World {
    /// Stopped, killed and started by tests.
    pub collector: Collector,
    /// Opens what the collector stored.
    pub analyst: Analyst,
    /// Whose pages hold the survey.
    pub partner: Partner,
    /// What the browser asked for.
    pub line: Line,
    browser: Browser,
    page: String,
    /// Words of messages in a browser's console that a test is about.
    expected: Vec<&'static str>,
    secrets: Vec<Secret>,
    folder: TempDir,
}

impl World {
    /// A world in which all is well.
    ///
    /// # Errors
    ///
    /// Something of it does not start; with what to install, or what it said.
    pub async fn start(questions: Questions) -> Result<Self> {
        Self::start_with(Setup { questions, ..Setup::default() }).await
    }

    /// A world in which not all is as usual.
    ///
    /// # Errors
    ///
    /// As [`World::start`].
    pub async fn start_with(setup: Setup) -> Result<Self> {
        let places = Places::find()?;
        let folder = tempfile::tempdir()?;
        let site = folder.path().join("site");
        copy_site(&places.site, &site)?;

        let (listener, partner_origin) = Partner::listen().await?;
        let known = if setup.partner_is_known { &partner_origin } else { "https://other.example" };
        let collector = Collector::new(&places.collector, folder.path(), &site, known)?;
        let analyst = Analyst::new(&places.analyst, folder.path(), &site)?;
        let draft = setup.questions.draft(folder.path())?;
        let submit = format!("{}/ssp", collector.origin());
        analyst.publish(&draft, &submit, setup.questions.support_lines().as_deref())?;

        let survey = setup.questions.name();
        let code = page_code(&survey.parse::<SurveyId>().context("no survey id")?).to_string();
        let page = format!("{}/s/{code}/", collector.origin());
        let shown = Shown { operator: collector.origin(), survey: survey.to_owned(), code };
        let partner = Partner::open(listener, &shown)?;
        let line = Line::open().await?;
        let (started, browser) = tokio::join!(
            collector.start(),
            Browser::start(&places, folder.path(), line.address(), setup.javascript)
        );
        started?;
        let browser = browser?;
        browser.run_first(LISTEN).await?;
        Ok(Self {
            collector,
            analyst,
            partner,
            line,
            browser,
            page,
            expected: Vec::new(),
            // The partner's page says it to the survey, which must keep it to itself.
            secrets: vec![Secret::new("CASE-4711")],
            folder,
        })
    }

    /// The browser.
    #[must_use]
    pub fn browser(&self) -> &Browser {
        &self.browser
    }

    /// The address of the survey's own page.
    #[must_use]
    pub fn survey_url(&self) -> &str {
        &self.page
    }

    /// Comes from another page of the partner's, as people do, so that there is a way back.
    ///
    /// # Errors
    ///
    /// The page does not come.
    pub async fn come_from_elsewhere(&self) -> Result<()> {
        self.browser.open(&self.partner.url(PartnerPage::Before)).await
    }

    /// Opens a page of the partner's.
    ///
    /// # Errors
    ///
    /// It does not come.
    pub async fn open_partner_page(&self, page: PartnerPage) -> Result<()> {
        self.come_from_elsewhere().await?;
        self.browser.open(&self.partner.url(page)).await
    }

    /// What a script of the partner's page hears of the survey, in this order.
    ///
    /// # Errors
    ///
    /// The tab shows no page of the partner's.
    pub async fn partner_heard(&self) -> Result<Vec<String>> {
        self.browser.go_to(Place::Top).await?;
        strings(&self.browser.run("return heard", Vec::new()).await?)
    }

    /// Opens the partner's page and waits for the survey in it.
    ///
    /// # Errors
    ///
    /// It does not come.
    pub async fn open_survey(&self) -> Result<SurveyPage<'_>> {
        self.open_partner_page(PartnerPage::Snippet).await?;
        SurveyPage::arrive(&self.browser, Place::Frame).await
    }

    /// Opens the survey's own page, as a plain link does, and waits for the survey.
    ///
    /// # Errors
    ///
    /// It does not come.
    pub async fn open_own_page(&self) -> Result<SurveyPage<'_>> {
        self.come_from_elsewhere().await?;
        self.browser.open(&self.page).await?;
        SurveyPage::arrive(&self.browser, Place::Top).await
    }

    /// Makes the window as small as a small phone's, with fingers for a mouse.
    ///
    /// # Errors
    ///
    /// The browser refuses.
    pub async fn use_small_phone(&self) -> Result<()> {
        let screen = json!({ "width": 320, "height": 568, "deviceScaleFactor": 2, "mobile": true });
        self.browser.command("Emulation.setDeviceMetricsOverride", screen).await.map(drop)
    }

    /// Something that nobody but the analyst may learn: [`World::end`] looks for it everywhere.
    pub fn keep_secret(&mut self, text: &str) {
        self.secrets.push(Secret::new(text));
    }

    /// A message in a browser's console that belongs to what is tested.
    pub fn expect_in_console(&mut self, words: &'static str) {
        self.expected.push(words);
    }

    /// What the browser asked for since it started, sorted: who was asked, how, and for what.
    #[must_use]
    pub fn traffic(&self) -> Vec<String> {
        let calls = self.line.calls();
        let mut traffic: Vec<String> = calls.iter().map(|call| self.describe(call)).collect();
        traffic.sort();
        traffic
    }

    fn describe(&self, call: &Call) -> String {
        let (survey, partner) = (self.collector.origin(), self.partner.origin());
        let Call { method, url, .. } = call;
        match (url.strip_prefix(&survey), url.strip_prefix(&partner)) {
            (Some(path), _) => format!("survey {method} {}", what_is_at(path)),
            (_, Some(path)) => format!("partner {method} {path}"),
            _ => format!("somebody else {method} {url}"),
        }
    }

    /// What the analyst finds, now.
    ///
    /// # Errors
    ///
    /// A program of the analyst's fails.
    pub fn find_out(&self) -> Result<Findings> {
        self.analyst.find_out(&self.collector.admin_origin())
    }

    /// What must hold at the end of every test, whatever it was about; then all is taken down.
    ///
    /// # Errors
    ///
    /// A message in the console that nobody expected; a cookie or anything else stored; a request
    /// that says who asks; a secret in the collector's files, on the line or in what the browser
    /// leaves on the disk.
    pub async fn end(self) -> Result<()> {
        let console = self.browser.console()?;
        let expected = |line: &&String| !self.expected.iter().any(|words| line.contains(words));
        let surprises: Vec<_> = console.iter().filter(expected).collect();
        ensure!(surprises.is_empty(), "messages in the console: {surprises:#?}");

        self.check_storage().await?;
        self.check_requests()?;
        let Self { collector, line, browser, secrets, folder, .. } = self;
        let files = collector.files()?;
        let found = traces(&secrets, files.iter().map(|(name, bytes)| (name.as_str(), &**bytes)));
        ensure!(found.is_empty(), "the collector's files hold {found:?}");
        collector.stop().await?;
        let files = collector.files()?;
        let found = traces(&secrets, files.iter().map(|(name, bytes)| (name.as_str(), &**bytes)));
        ensure!(found.is_empty(), "the stopped collector's files hold {found:?}");

        let profile = browser.profile().to_owned();
        browser.close().await?;
        let files = files_below(&profile)?;
        ensure!(!files.is_empty(), "the browser's profile was not where it should be");
        let found = traces(&secrets, files.iter().map(|(name, bytes)| (name.as_str(), &**bytes)));
        ensure!(found.is_empty(), "the device holds {found:?}");
        drop((line, folder));
        Ok(())
    }

    async fn check_storage(&self) -> Result<()> {
        let cookies = self.browser.command("Storage.getCookies", json!({})).await?;
        ensure!(cookies["cookies"] == json!([]), "cookies: {cookies}");
        for origin in [self.collector.origin(), self.partner.origin()] {
            let usage = json!({ "origin": origin });
            let usage = self.browser.command("Storage.getUsageAndQuota", usage).await?;
            ensure!(usage["usage"] == json!(0), "{origin} stores something: {usage}");
        }
        Ok(())
    }

    fn check_requests(&self) -> Result<()> {
        for call in self.line.calls() {
            let what = self.describe(&call);
            ensure!(!call.headers.contains_key("cookie"), "{what} carries a cookie");
            // The loader's own request may name the partner's page: that page asked for it.
            let from_survey = what.starts_with("survey") && !call.url.ends_with("/embed.js");
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

/// Copies a built site, without what was published into it.
fn copy_site(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let published = ["index.html", "surveys.json"].iter().any(|file| name.starts_with(file));
        if entry.file_type()?.is_file() && !published {
            fs::copy(entry.path(), to.join(name))?;
        }
    }
    Ok(())
}

/// What lies at a path of the survey's origin; names of files change from build to build.
fn what_is_at(path: &str) -> &str {
    match path {
        "/embed.js" => "the loader",
        "/start.js" => "the start script",
        path if path.starts_with("/s/") && path.ends_with('/') => "the frame document",
        path if path.starts_with("/d/") && path.ends_with(".json") => "the definition",
        path if path.ends_with(".css") => "the style sheet",
        path if path.ends_with(".wasm") => "the program",
        path if path.starts_with("/views") && path.ends_with(".js") => "the program's glue",
        path => path,
    }
}
