//! A tour of everything that the survey shows: each type of page in each state that it can be in.
//!
//! It is led by data: the pages of the published draft, in their order. What holds "on every page"
//! is tested by going on this tour and looking; a type of page that the definition's schema knows
//! and the tour does not makes every such test fail, and so does a state that was passed over.

use std::{collections::BTreeSet, fmt, fs};

use anyhow::{Context as _, Result, bail, ensure};
use fantoccini::{Locator, key::Key};
use serde_json::Value;

use crate::{
    browser::Place, patience::until, places::workspace, survey_page::SurveyPage, words::Words,
    world::World,
};

/// What a page looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// As it comes.
    Plain,
    /// With what unfolds unfolded.
    Open,
    /// With an answer in it.
    Filled,
    /// With an answer that is none.
    Problem,
    /// With nothing to send.
    Empty,
    /// After a try that failed, before the next.
    Waiting,
    /// After the last try.
    Failed,
}

use State::{Empty, Failed, Filled, Open, Plain, Problem, Waiting};

/// Every type of page in every state; a problem where there can be one.
const TABLE: &[(&str, &[State])] = &[
    ("single", &[Plain, Open, Filled]),
    ("multiple", &[Plain, Filled]),
    ("scale", &[Plain, Filled]),
    ("select", &[Plain, Filled]),
    ("rating", &[Plain, Filled]),
    ("text", &[Plain, Problem, Filled]),
    ("long_text", &[Plain, Problem, Filled]),
    ("month", &[Plain, Problem, Filled]),
    ("gate", &[Plain]),
    ("statement", &[Plain]),
    ("check", &[Empty, Plain]),
    ("sending", &[Waiting, Failed]),
    ("done", &[Plain]),
];

/// The names of all stops.
#[must_use]
pub fn stops() -> Vec<String> {
    let mut names = Vec::new();
    for (kind, states) in TABLE {
        for &state in *states {
            names.push(Stop { kind, state, heading: String::new() }.to_string());
        }
    }
    names
}

/// Where the tour stops.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stop {
    /// `type` of the page in a definition, or what else is shown: `check`, `sending`, `done`.
    pub kind: &'static str,
    /// What it looks like.
    pub state: State,
    /// Its heading.
    pub heading: String,
}

/// A name for files: `single`, `text-problem`.
impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.kind.replace('_', "-"))?;
        match self.state {
            Plain => Ok(()),
            state => write!(f, "-{}", format!("{state:?}").to_lowercase()),
        }
    }
}

/// Goes on the tour, on the survey's own page or in a partner's, and shows every stop to `visit`.
/// Hands back the names of the stops.
///
/// # Errors
///
/// What `visit` says, and where; a page that does not come, a type or a state that is left out.
pub async fn tour(
    world: &World,
    place: Place,
    visit: impl AsyncFnMut(&Stop, &SurveyPage<'_>) -> Result<()>,
) -> Result<Vec<String>> {
    let draft = world.questions.read()?;
    check_types()?;
    let words = Words::read("en")?;
    let page = open(world, place).await?;
    let mut guide = Guide { world, page, draft, words, visit, seen: Vec::new() };
    guide.pass_everything_over().await?;
    guide.page = open(world, place).await?;
    guide.answer_everything().await?;
    guide.send().await?;
    let seen = guide.seen;
    for (kind, states) in TABLE {
        for state in *states {
            let is_seen = seen.iter().any(|stop| stop.kind == *kind && stop.state == *state);
            ensure!(is_seen, "the tour did not stop at {kind}, {state:?}");
        }
    }
    Ok(seen.iter().map(ToString::to_string).collect())
}

async fn open(world: &World, place: Place) -> Result<SurveyPage<'_>> {
    match place {
        Place::Top => world.open_own_page().await,
        Place::Frame => world.open_survey().await,
    }
}

/// Every type of page that a definition can have is in the table.
fn check_types() -> Result<()> {
    let schema = fs::read_to_string(workspace().join("docs/definition.schema.json"))?;
    let schema: Value = serde_json::from_str(&schema)?;
    let types = &schema["$defs"]["page"]["properties"]["type"]["enum"];
    let types = types.as_array().context("the schema lists no types of pages")?;
    let types: BTreeSet<&str> = types.iter().filter_map(Value::as_str).collect();
    let known: BTreeSet<&str> = TABLE.iter().map(|(kind, _)| *kind).collect();
    let missing: Vec<_> = types.difference(&known).collect();
    ensure!(missing.is_empty(), "no tour leads to pages of these types: {missing:?}");
    Ok(())
}

struct Guide<'w, V> {
    world: &'w World,
    page: SurveyPage<'w>,
    draft: Value,
    words: Words,
    visit: V,
    seen: Vec<Stop>,
}

impl<V: AsyncFnMut(&Stop, &SurveyPage<'_>) -> Result<()>> Guide<'_, V> {
    /// Shows a page once in each state.
    async fn stop(&mut self, kind: &str, state: State, heading: &str) -> Result<()> {
        let known = TABLE.iter().find(|(known, _)| *known == kind);
        let (kind, states) = known.with_context(|| format!("no tour leads to type `{kind}`"))?;
        let is_seen = self.seen.iter().any(|stop| stop.kind == *kind && stop.state == state);
        if is_seen || !states.contains(&state) {
            return Ok(());
        }
        self.page.at(heading).await?;
        let stop = Stop { kind, state, heading: heading.to_owned() };
        (self.visit)(&stop, &self.page).await.with_context(|| format!("at `{stop}`"))?;
        self.seen.push(stop);
        Ok(())
    }

    async fn press(&self, word: &str) -> Result<()> {
        self.page.press(self.words.get(word)?).await
    }

    /// To "check your answers" without an answer.
    async fn pass_everything_over(&mut self) -> Result<()> {
        let check = self.words.get("check_heading")?.to_owned();
        let pages = self.pages()?;
        let mut at = self.page.heading().await?;
        while at != check {
            let page = pages.iter().find(|page| heading(page).is_ok_and(|it| it == at));
            let page = page.with_context(|| format!("no page of the draft has `{at}`"))?;
            match kind(page)? {
                "gate" => self.page.press(text(&page["go_on"])?).await?,
                "statement" => self.press("next").await?,
                _ => self.press("skip").await?,
            }
            at = until("the next page", async || {
                let now = self.page.heading().await?;
                Ok((now != at).then_some(now))
            })
            .await?;
        }
        self.stop("check", Empty, &check).await
    }

    fn pages(&self) -> Result<Vec<Value>> {
        Ok(self.draft["pages"].as_array().context("a definition has pages")?.clone())
    }

    async fn answer_everything(&mut self) -> Result<()> {
        for (number, page) in self.pages()?.iter().enumerate() {
            let (kind, heading) = (kind(page)?, heading(page)?);
            if number == 0 {
                self.page.at(heading).await?;
            } else {
                self.page.turned_to(heading).await?;
            }
            self.stop(kind, Plain, heading).await?;
            if number == 0 {
                self.unfold().await?;
                self.stop(kind, Open, heading).await?;
                self.unfold().await?;
            }
            self.answer(kind, page, heading).await?;
            match kind {
                "gate" => self.page.press(text(&page["go_on"])?).await?,
                _ => {
                    self.stop(kind, Filled, heading).await?;
                    self.press("next").await?;
                }
            }
        }
        let check = self.words.get("check_heading")?.to_owned();
        self.page.turned_to(&check).await?;
        self.stop("check", Plain, &check).await
    }

    /// Unfolds what unfolds, or folds it again.
    async fn unfold(&self) -> Result<()> {
        let summaries = self.page.browser().await?.client().find_all(Locator::Css("summary"));
        let summaries = summaries.await?;
        ensure!(!summaries.is_empty(), "nothing unfolds on the first page");
        for summary in summaries {
            summary.click().await?;
        }
        Ok(())
    }

    /// Answers a question, first in a way that is none where there is one.
    async fn answer(&mut self, kind: &str, page: &Value, heading: &str) -> Result<()> {
        match kind {
            "single" => self.page.mark("radio", &self.labels(page)?[0]).await,
            "multiple" => self.page.mark("checkbox", &self.labels(page)?[0]).await,
            "scale" => {
                let labels = self.labels(page)?;
                self.page.mark("radio", labels.last().context("no points")?).await
            }
            "select" => {
                let labels = self.labels(page)?;
                let list = self.page.browser().await?.find("combobox", heading).await?;
                list.select_by_label(labels.last().context("no options")?).await?;
                Ok(())
            }
            "rating" => {
                let last = format!("{} ({})", page["max"], text(&page["max_label"])?);
                self.page.mark("radio", &last).await
            }
            "text" | "long_text" => {
                let max = page["max_length"].as_u64().context("no max_length")?;
                self.write(heading, &"ninetynine ".repeat(usize::try_from(max)? / 11 + 2)).await?;
                self.meet_problem(kind, heading).await?;
                self.write(heading, "A few words").await
            }
            "month" => {
                let (month, year) = (self.words.get("month")?, self.words.get("year")?);
                self.write(month, "13").await?;
                self.write(year, "2025").await?;
                self.meet_problem(kind, heading).await?;
                self.write(self.words.get("month")?, "3").await
            }
            "statement" | "gate" => Ok(()),
            other => bail!("the tour cannot answer a page of type `{other}`: teach it"),
        }
    }

    /// Goes on, and is told at the top of the page what is wrong.
    async fn meet_problem(&mut self, kind: &str, heading: &str) -> Result<()> {
        self.press("next").await?;
        let browser = self.page.browser().await?;
        let title = self.words.get("problem_title")?;
        until("the focus on the summary of the problem", async || {
            Ok((browser.focus().await? == ("group".to_owned(), title.to_owned())).then_some(()))
        })
        .await?;
        self.stop(kind, Problem, heading).await
    }

    async fn write(&self, field: &str, text: &str) -> Result<()> {
        let browser = self.page.browser().await?;
        let field = browser.find("textbox", field).await?;
        field.click().await?;
        browser.press_with(Key::Control.into(), 'a').await?;
        Ok(field.send_keys(text).await?)
    }

    /// The labels of a question's options proper.
    fn labels(&self, page: &Value) -> Result<Vec<String>> {
        let options = match &page["options"]["list"] {
            Value::String(list) => &self.draft["lists"][list],
            _ => &page["options"],
        };
        let options = options.as_array().context("a question without options")?.iter();
        options.map(|option| Ok(text(&option["label"])?.to_owned())).collect()
    }

    /// Sends while the collector is away, and again when it is back.
    async fn send(&mut self) -> Result<()> {
        let [sending, failed] = ["sending_heading", "not_sent_heading"].map(|w| self.words.get(w));
        let (sending, failed) = (sending?.to_owned(), failed?.to_owned());
        self.world.collector.stop().await?;
        self.press("send").await?;
        self.page.hear(self.words.get("not_sent_yet")?).await?;
        self.stop("sending", Waiting, &sending).await?;
        self.try_until(&failed).await?;
        self.stop("sending", Failed, &failed).await?;
        self.world.collector.start().await?;
        let end = text(&self.draft["end"]["heading"])?.to_owned();
        self.try_until(&end).await?;
        self.page.turned_to(&end).await?;
        self.stop("done", Plain, &end).await
    }

    /// Tries to send until a page with this heading comes.
    async fn try_until(&self, heading: &str) -> Result<()> {
        let browser = self.page.browser().await?;
        let again = self.words.get("try_now")?;
        until(&format!("the page `{heading}`"), async || {
            if self.page.heading().await? == heading {
                return Ok(Some(()));
            }
            if let Some(button) = browser.find_all("button", Some(again)).await?.first() {
                button.click().await?;
            }
            Ok(None)
        })
        .await
    }
}

fn kind(page: &Value) -> Result<&str> {
    page["type"].as_str().context("a page without a type")
}

fn heading(page: &Value) -> Result<&str> {
    text(if page["text"].is_null() { &page["heading"] } else { &page["text"] })
}

/// A text of a draft, in its source language.
fn text(text: &Value) -> Result<&str> {
    text.as_str().or_else(|| text["en"].as_str()).context("a text is missing in the draft")
}
