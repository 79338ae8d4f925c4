//! What a world is made with: a survey, a site, and what is not as usual.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, Result};
use serde_json::{Value, json};
use survey_wire::Manifest;

use crate::{
    analyst::Analyst,
    collector::Collector,
    places::{Places, workspace},
    program::run,
};

/// Which survey is published.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Questions {
    /// `surveys/victim-voice.json`, as it ships.
    #[default]
    Model,
    /// One page of every type there is, from the fixtures of `survey-core`.
    EveryType,
    /// A short one that begins with the page of this type, of those in that fixture, and asks
    /// `Last?` after it.
    BeginningWith(&'static str),
}

impl Questions {
    /// Its name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Model => "victim-voice",
            Self::EveryType | Self::BeginningWith(_) => "every-page",
        }
    }

    /// A draft to publish, written into `folder` where it has to be made first.
    fn draft(self, folder: &Path) -> Result<PathBuf> {
        let first = match self {
            Self::Model => return Ok(workspace().join("surveys/victim-voice.json")),
            Self::EveryType => None,
            Self::BeginningWith(kind) => Some(kind),
        };
        let fixture = "crates/survey-core/tests/fixtures/every-page.json";
        let text = fs::read_to_string(workspace().join(fixture))?;
        let mut draft: Value = serde_json::from_str(&text)?;
        let members = draft.as_object_mut().context("a definition is an object")?;
        for made_up in ["recipients", "submit"] {
            members.remove(made_up);
        }
        if let Some(kind) = first {
            let pages = members["pages"].as_array_mut().context("a definition has pages")?;
            shorten(pages, kind);
        }
        let path = folder.join("every-page.json");
        fs::write(&path, draft.to_string())?;
        Ok(path)
    }

    fn support_lines(self) -> Option<PathBuf> {
        (self == Self::Model).then(|| workspace().join("surveys/helplines.json"))
    }
}

/// Leaves the first page of type `kind` and the last page, and no condition in them.
fn shorten(pages: &mut Vec<Value>, kind: &str) {
    let last = pages.len() - 1;
    let mut first = true;
    let mut number = 0;
    pages.retain(|page| {
        let keep = number == last || (page["type"] == kind && std::mem::take(&mut first));
        number += 1;
        keep
    });
    for page in pages {
        let options = page.get_mut("options").and_then(Value::as_array_mut);
        for option in options.into_iter().flatten().filter_map(Value::as_object_mut) {
            option.remove("if");
        }
        if let Some(page) = page.as_object_mut() {
            page.remove("ask_if");
        }
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

/// Publishes a survey for answers to be posted to `collector`, and writes its documents.
pub(crate) fn publish(
    analyst: &Analyst,
    questions: Questions,
    collector: &Collector,
    folder: &Path,
) -> Result<()> {
    let submit = format!("{}/ssp", collector.origin());
    let lines = questions.support_lines();
    analyst.publish(&questions.draft(folder)?, &submit, lines.as_deref())?;
    let places = Places::find()?;
    let mut pages = Command::new(places.xtask);
    pages.env_clear().arg("pages").arg("--views-page").arg(places.views_page);
    run(pages.arg("--site").arg(folder.join("site"))).map(drop)
}

/// Copies a built site, without what was published into it.
pub(crate) fn copy_site(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        // The loader's second name follows from the documents that it names.
        let published =
            ["index.html", "surveys.json", "embed-"].iter().any(|file| name.starts_with(file));
        if entry.file_type()?.is_file() && !published {
            fs::copy(entry.path(), to.join(name))?;
        }
    }
    // What stands in documents of any survey: the collector's policy has to name it.
    let inline = Manifest::parse(&fs::read(from.join("surveys.json"))?)?.inline;
    let manifest = json!({ "surveys": [], "inline": inline });
    fs::write(to.join("surveys.json"), manifest.to_string())?;
    Ok(())
}
