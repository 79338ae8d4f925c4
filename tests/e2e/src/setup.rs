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
    engine::Engine,
    places::{Places, workspace},
    program::run,
    tongues,
};

/// Which survey is published.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Questions {
    /// `surveys/victim-voice.json`, as it ships.
    #[default]
    Model,
    /// One page of every type there is, from the fixtures of `survey-core`, in English alone.
    EveryType,
    /// A short one that begins with the page of this type, of those in that fixture, and asks
    /// `Last?` after it.
    BeginningWith(&'static str),
    /// As [`Questions::EveryType`], with the longest words of several languages in every text.
    LongWords,
    /// One in English, Welsh and Arabic, not all of it translated.
    Tongues,
}

impl Questions {
    /// Its name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Model => "victim-voice",
            Self::EveryType | Self::BeginningWith(_) | Self::LongWords => "every-page",
            Self::Tongues => tongues::NAME,
        }
    }

    /// The draft.
    pub(crate) fn read(self) -> Result<Value> {
        let file = match self {
            Self::Tongues => return Ok(tongues::draft()),
            Self::Model => "surveys/victim-voice.json",
            Self::EveryType | Self::BeginningWith(_) | Self::LongWords => {
                "crates/survey-core/tests/fixtures/every-page.json"
            }
        };
        let mut draft: Value = serde_json::from_str(&fs::read_to_string(workspace().join(file))?)?;
        let members = draft.as_object_mut().context("a definition is an object")?;
        for made_up in ["recipients", "submit"] {
            members.remove(made_up);
        }
        members["languages"] = json!(["en"]);
        draft = in_english(draft);
        let members = draft.as_object_mut().context("a definition is an object")?;
        match self {
            Self::Model | Self::EveryType | Self::Tongues => {}
            Self::BeginningWith(kind) => {
                shorten(members["pages"].as_array_mut().context("a definition has pages")?, kind);
            }
            Self::LongWords => lengthen(&mut draft, &mut LONG_WORDS.iter().cycle()),
        }
        Ok(draft)
    }

    /// A draft to publish, written into `folder`: away from its translations, as these tests know it
    /// in English.
    fn draft(self, folder: &Path) -> Result<PathBuf> {
        let path = folder.join(format!("{}.json", self.name()));
        fs::write(&path, self.read()?.to_string())?;
        Ok(path)
    }

    fn support_lines(self) -> Option<PathBuf> {
        (self == Self::Model).then(|| workspace().join("surveys/helplines.json"))
    }
}

/// The longest words that a text may have to hold: German, Welsh, Bengali, Arabic.
const LONG_WORDS: [&str; 4] = [
    "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz",
    "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch",
    "স্বয়ংসম্পূর্ণতাবিষয়কপ্রতিষ্ঠানসমূহেরমধ্যবর্তীব্যবস্থাপনাকর্মকর্তাবৃন্দের",
    "أفاستسقيناكموهافأسقيناكموهاوليستقبلونكموهابمسؤولياتهم",
];

/// Puts a long word behind every text of a draft.
fn lengthen(value: &mut Value, words: &mut dyn Iterator<Item = &&str>) {
    const TEXTS: [&str; 13] = [
        "title",
        "owner",
        "text",
        "hint",
        "body",
        "label",
        "heading",
        "go_on",
        "finish",
        "min_label",
        "max_label",
        "name",
        "note",
    ];
    fn add(text: &mut Value, words: &mut dyn Iterator<Item = &&str>) {
        match text {
            Value::String(text) => {
                if let Some(word) = words.next() {
                    *text = format!("{text} {word}");
                }
            }
            Value::Array(texts) => texts.iter_mut().for_each(|text| add(text, words)),
            Value::Object(languages) => languages.values_mut().for_each(|text| add(text, words)),
            _ => {}
        }
    }
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                if TEXTS.contains(&name.as_str()) {
                    add(member, words);
                } else {
                    lengthen(member, words);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| lengthen(item, words)),
        _ => {}
    }
}

/// Leaves of each text the English one.
fn in_english(value: Value) -> Value {
    match value {
        Value::Object(mut members) => match members.remove("en") {
            Some(english) => english,
            None => members.into_iter().map(|(name, value)| (name, in_english(value))).collect(),
        },
        Value::Array(entries) => entries.into_iter().map(in_english).collect(),
        other => other,
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
    /// In which browser.
    pub engine: Engine,
    /// Which survey is published.
    pub questions: Questions,
    /// Whether the person left JavaScript on.
    pub javascript: bool,
    /// Whether the operator lets the partner show the survey.
    pub partner_is_known: bool,
    /// Further switches on the browser's command line.
    pub switches: &'static [&'static str],
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            engine: Engine::Chromium,
            questions: Questions::Model,
            javascript: true,
            partner_is_known: true,
            switches: &[],
        }
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
    if questions == Questions::Tongues {
        pages.arg("--locales").arg(tongues::locales(folder)?);
    }
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
