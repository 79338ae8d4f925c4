//! The first page before the program runs, and what somebody who looks at it sees of the moment
//! in which it does.

use anyhow::Result;
use serde_json::json;

use crate::{browser::strings, patience::until, survey_page::SurveyPage};

const WATCH: &str = include_str!("watch.js");

impl SurveyPage<'_> {
    /// Whether the program runs.
    ///
    /// # Errors
    ///
    /// The document is just being replaced.
    pub async fn is_live(&self) -> Result<bool> {
        let script = "return 'live' in document.documentElement.dataset";
        Ok(self.browser().await?.run(script, Vec::new()).await? == json!(true))
    }

    /// Waits until the program runs: the page that stands is its own from then on.
    ///
    /// # Errors
    ///
    /// It does not.
    pub async fn taken_over(&self) -> Result<()> {
        until("the program", async || Ok(self.is_live().await?.then_some(()))).await
    }

    /// Notes from now on whatever happens to the page that stands.
    ///
    /// # Errors
    ///
    /// The document is just being replaced.
    pub async fn watch(&self) -> Result<()> {
        self.browser().await?.run(WATCH, Vec::new()).await.map(drop)
    }

    /// What happened since [`SurveyPage::watch`]: elements that came, went, changed or moved, a
    /// focus that was lost, and everything that shifted since the document came. Empty when
    /// nobody could have seen anything.
    ///
    /// # Errors
    ///
    /// Nobody watched.
    pub async fn happened(&self) -> Result<Vec<String>> {
        strings(&self.browser().await?.run("return happened()", Vec::new()).await?)
    }
}
