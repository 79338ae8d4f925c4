//! What a world is made with: a survey, a site, and what is not as usual.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result};
use serde_json::Value;

use crate::{analyst::Analyst, collector::Collector, places::workspace};

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
    /// Its name.
    pub(crate) fn name(self) -> &'static str {
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

/// Publishes a survey for answers to be posted to `collector`.
pub(crate) fn publish(
    analyst: &Analyst,
    questions: Questions,
    collector: &Collector,
    folder: &Path,
) -> Result<()> {
    let submit = format!("{}/ssp", collector.origin());
    let lines = questions.support_lines();
    analyst.publish(&questions.draft(folder)?, &submit, lines.as_deref())
}

/// Copies a built site, without what was published into it.
pub(crate) fn copy_site(from: &Path, to: &Path) -> Result<()> {
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
