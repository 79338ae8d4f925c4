//! All that a test needs, with nothing shared between tests: an analyst with a key, a published
//! survey, a collector, a partner's web site, a line that is watched, and a browser.

use anyhow::{Context as _, Result};
use serde_json::json;
use survey_wire::{SurveyId, page_code};
use tempfile::TempDir;

use crate::{
    analyst::{Analyst, Findings},
    browser::{Browser, Place, strings},
    collector::Collector,
    driver::Wish,
    engine::Engine,
    file::File,
    line::{Call, Line},
    partner::{Partner, PartnerPage, Shown},
    patience::until,
    places::Places,
    setup::{Questions, Setup, copy_site, publish},
    survey_page::SurveyPage,
    trace::Secret,
};

/// A script of the partner's that listens to all that the guide says it can hear.
const LISTEN: &str = "window.heard = [];
    for (const event of ['ready', 'started', 'finished', 'failed', 'left'])
        addEventListener('survey-' + event, ({ type, detail }) => window.heard.push(type + (detail ? '!' : '')));";

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
    /// There until [`World::end`].
    pub(crate) browser: Option<Browser>,
    page: String,
    /// What is published.
    pub(crate) questions: Questions,
    /// Words of messages in a browser's console that a test is about.
    pub(crate) expected: Vec<&'static str>,
    /// Whom else the browser is expected to ask.
    pub(crate) elsewhere: Vec<&'static str>,
    /// What nobody but the analyst may learn.
    pub(crate) secrets: Vec<Secret>,
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
        let analyst = Analyst::new(&places.analyst, &folder.path().join("analyst"), &site)?;
        publish(&analyst, setup.questions, &collector, folder.path())?;

        let survey = setup.questions.name();
        let code = page_code(&survey.parse::<SurveyId>().context("no survey id")?).to_string();
        let page = format!("{}/s/{code}/", collector.origin());
        let shown = Shown { operator: collector.origin(), survey: survey.to_owned(), code };
        let partner = Partner::open(listener, &shown)?;
        let line = Line::open().await?;
        let (started, browser) = tokio::join!(
            collector.start(),
            Browser::start(
                &places,
                Wish {
                    engine: setup.engine,
                    folder: folder.path(),
                    proxy: line.address(),
                    javascript: setup.javascript,
                    switches: setup.switches,
                }
            )
        );
        started?;
        let browser = browser?;
        if setup.engine == Engine::Chromium {
            browser.run_first(LISTEN).await?;
        }
        Ok(Self {
            collector,
            analyst,
            partner,
            line,
            browser: Some(browser),
            page,
            questions: setup.questions,
            expected: Vec::new(),
            elsewhere: Vec::new(),
            // The partner's page says it to the survey, which must keep it to itself.
            secrets: vec![Secret::new("CASE-4711")],
            folder,
        })
    }

    /// The browser.
    #[must_use]
    pub fn browser(&self) -> &Browser {
        // Cannot fail: only `end` takes it, and nobody has the world after that.
        self.browser.as_ref().expect("a world has a browser")
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
        self.browser().open(&self.partner.url(PartnerPage::Before)).await
    }

    /// Opens a page of the partner's.
    ///
    /// # Errors
    ///
    /// It does not come.
    pub async fn open_partner_page(&self, page: PartnerPage) -> Result<()> {
        self.come_from_elsewhere().await?;
        if self.browser().engine() == Engine::Chromium {
            return self.browser().open(&self.partner.url(page)).await;
        }
        // Only Chromium's driver runs scripts before all others. Nothing can be heard before the
        // survey's document comes.
        self.line.hold(File::Document);
        self.browser().open(&self.partner.url(page)).await?;
        self.browser().run(LISTEN, Vec::new()).await?;
        self.line.let_go(File::Document);
        Ok(())
    }

    /// What a script of the partner's page hears of the survey, in this order.
    ///
    /// # Errors
    ///
    /// The tab shows no page of the partner's.
    pub async fn partner_heard(&self) -> Result<Vec<String>> {
        self.browser().go_to(Place::Top).await?;
        strings(&self.browser().run("return window.heard", Vec::new()).await?)
    }

    /// Opens the partner's page and waits for the survey in it.
    ///
    /// # Errors
    ///
    /// It does not come.
    pub async fn open_survey(&self) -> Result<SurveyPage<'_>> {
        self.open_partner_page(PartnerPage::Snippet).await?;
        SurveyPage::arrive(self.browser(), Place::Frame).await
    }

    /// Opens the survey's own page, as a plain link does, and waits for the survey.
    ///
    /// # Errors
    ///
    /// It does not come.
    pub async fn open_own_page(&self) -> Result<SurveyPage<'_>> {
        self.come_from_elsewhere().await?;
        self.browser().open(&self.page).await?;
        SurveyPage::arrive(self.browser(), Place::Top).await
    }

    /// Opens the partner's page, or the survey's own, and returns as soon as the first page of the
    /// survey stands, whether the program runs or not.
    ///
    /// # Errors
    ///
    /// It does not come.
    pub async fn open_early(&self, place: Place) -> Result<SurveyPage<'_>> {
        match place {
            Place::Frame => self.open_partner_page(PartnerPage::Snippet).await?,
            Place::Top => {
                self.come_from_elsewhere().await?;
                self.browser().open(&self.page).await?;
            }
        }
        SurveyPage::arrive_early(self.browser(), place).await
    }

    /// Waits for the survey in a page that came some other way.
    ///
    /// # Errors
    ///
    /// It does not come.
    pub async fn wait_for_survey(&self, place: Place) -> Result<SurveyPage<'_>> {
        SurveyPage::arrive(self.browser(), place).await
    }

    /// As [`World::wait_for_survey`], whether its program runs or not.
    ///
    /// # Errors
    ///
    /// It does not come.
    pub async fn wait_for_first_page(&self, place: Place) -> Result<SurveyPage<'_>> {
        SurveyPage::arrive_early(self.browser(), place).await
    }

    /// Makes the window as small as a small phone's, with fingers for a mouse.
    ///
    /// # Errors
    ///
    /// The browser refuses.
    pub async fn use_small_phone(&self) -> Result<()> {
        let screen = json!({ "width": 320, "height": 568, "deviceScaleFactor": 2, "mobile": true });
        self.browser().command("Emulation.setDeviceMetricsOverride", screen).await.map(drop)
    }

    /// Something that nobody but the analyst may learn: [`World::end`] looks for it everywhere.
    pub fn keep_secret(&mut self, text: &str) {
        self.secrets.push(Secret::new(text));
    }

    /// A message in a browser's console that belongs to what is tested.
    pub fn expect_in_console(&mut self, words: &'static str) {
        self.expected.push(words);
    }

    /// Somebody whom the browser asks for something because the test leads there, as `host:port`.
    pub fn expect_request_to(&mut self, whom: &'static str) {
        self.elsewhere.push(whom);
    }

    /// What the browser asked for since it started, sorted: who was asked, how, and for what.
    #[must_use]
    pub fn traffic(&self) -> Vec<String> {
        let calls = self.line.calls();
        let mut traffic: Vec<String> = calls.iter().map(|call| self.describe(call)).collect();
        traffic.sort();
        traffic
    }

    /// A request: who was asked, how, and for what.
    pub(crate) fn describe(&self, call: &Call) -> String {
        let Call { method, url, .. } = call;
        let below = |origin: String| url.strip_prefix(&origin);
        if let Some(path) = below(self.collector.origin()) {
            format!("survey {method} {}", call.file().map_or(path, |file| file.name()))
        } else if let Some(path) = below(self.partner.origin()) {
            format!("partner {method} {path}")
        } else if let Some(path) = below(self.collector.demo_origin()) {
            format!("demo {method} {path}")
        } else {
            format!("somebody else {method} {url}")
        }
    }

    /// Publishes the survey for another analyst, in place of the first, and waits until the
    /// collector knows. Who has the survey open by then answers an outdated one.
    ///
    /// # Errors
    ///
    /// The analyst's program fails, or the collector does not take notice.
    pub async fn change_analysts(&self, questions: Questions) -> Result<Analyst> {
        let folder = self.folder.path();
        let places = Places::find()?;
        let second = Analyst::new(&places.analyst, &folder.join("second"), &folder.join("site"))?;
        publish(&second, questions, &self.collector, folder)?;
        // Once the pages are written it takes nothing but the newest, of which it may learn last.
        until("the collector to see what was published", async || {
            let log = self.collector.log();
            let last = log.rsplit_once("the surveys have changed").map(|(_, after)| after);
            Ok(last.is_some_and(|surveys| surveys.contains(", 1 definitions")).then_some(()))
        })
        .await?;
        Ok(second)
    }

    /// What the analyst finds, now.
    ///
    /// # Errors
    ///
    /// A program of the analyst's fails.
    pub fn find_out(&self) -> Result<Findings> {
        self.analyst.find_out(&self.collector.admin_origin())
    }
}
