//! What can be measured of the page that is shown: contrast, targets, overflow, motion, focus.

use anyhow::Result;
use serde_json::Value;

use crate::browser::{Browser, strings};

/// Runs before each measurement.
const MEASURE: &str = include_str!("measure.js");

/// Something that must hold wherever it is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// Every text has a contrast of at least 4.5 to 1.
    Texts,
    /// As [`Measure::Texts`], on white paper, which is printed without backgrounds.
    TextsOnPaper,
    /// The edge of every control has a contrast of at least 3 to 1.
    Edges,
    /// Everything that is touched is at least 44 pixels wide and high.
    Targets,
    /// Nothing lies beside the screen, and nothing is cut off.
    Width,
    /// Nothing moves.
    Stillness,
    /// What has the focus shows it, and is seen.
    Focus,
}

impl Measure {
    fn call(self) -> &'static str {
        match self {
            Self::Texts => "faintTexts(false)",
            Self::TextsOnPaper => "faintTexts(true)",
            Self::Edges => "faintEdges()",
            Self::Targets => "smallTargets()",
            Self::Width => "sideways()",
            Self::Stillness => "moving()",
            Self::Focus => "unseenFocus()",
        }
    }
}

impl Browser {
    /// What is wrong with the page that is shown.
    ///
    /// # Errors
    ///
    /// The document is just being replaced.
    pub async fn measure(&self, what: Measure) -> Result<Vec<String>> {
        strings(&self.run_measure(&format!("return {}", what.call()), Vec::new()).await?)
    }

    /// Where Tab stops on this page, as role and name, in the order of the document.
    ///
    /// # Errors
    ///
    /// The document is just being replaced.
    pub async fn tab_stops(&self) -> Result<Vec<String>> {
        let script = "return tabStops().map((e) => `${e.computedRole} ${e.computedName}`)";
        strings(&self.run_measure(script, Vec::new()).await?)
    }

    /// The number of the stop that has the focus, if one has.
    ///
    /// # Errors
    ///
    /// The document is just being replaced.
    pub async fn tab_stop(&self) -> Result<Option<usize>> {
        let at = self.run_measure("return tabStop()", Vec::new()).await?;
        Ok(at.as_u64().map(usize::try_from).transpose()?)
    }

    /// Gives a stop the focus.
    ///
    /// # Errors
    ///
    /// There is none of this number.
    pub async fn stand_at(&self, stop: usize) -> Result<()> {
        self.run_measure("tabStops()[arguments[0]].focus()", vec![stop.into()]).await.map(drop)
    }

    /// From now on, keeps what live regions of the present document say and what takes the focus.
    ///
    /// # Errors
    ///
    /// The document is just being replaced.
    pub async fn listen(&self) -> Result<()> {
        self.run_measure("listen()", Vec::new()).await.map(drop)
    }

    /// What live regions have said since [`Browser::listen`], and what took the focus.
    ///
    /// # Errors
    ///
    /// Nobody listens.
    pub async fn heard(&self) -> Result<(Vec<String>, Vec<String>)> {
        let heard = self.run("return [announced, focusedSince]", Vec::new()).await?;
        Ok((strings(&heard[0])?, strings(&heard[1])?))
    }

    /// Runs the body of a function that may use what `measure.js` has.
    ///
    /// # Errors
    ///
    /// It throws.
    async fn run_measure(&self, script: &str, arguments: Vec<Value>) -> Result<Value> {
        self.run(&format!("{MEASURE}\n{script}"), arguments).await
    }
}
