//! The survey as a person meets it: headings, controls and buttons, by role and accessible name.
//!
//! The words that are the same in every survey are here and nowhere else in these tests. It is
//! long because of that: one page object for all kinds of pages, each action a few lines.

use anyhow::{Context as _, Result, bail, ensure};
use fantoccini::key::Key;
use serde_json::{Value, json};

use crate::{
    browser::{Browser, Place, strings},
    engine::Engine,
    patience::until,
};

/// The button that every page has.
const LEAVE: &str = "Leave this page";

/// The survey, in a partner's page or in a tab of its own.
#[derive(Debug)]
pub struct SurveyPage<'b> {
    browser: &'b Browser,
    place: Place,
    /// What the browser's history and its windows showed when the survey stood.
    outside: Outside,
}

/// What somebody who looks at the browser later, or over a shoulder, sees of where a person is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outside {
    /// Address of the tab.
    pub url: String,
    /// Title of the tab.
    pub title: String,
    /// Address of the survey's document.
    pub survey_url: String,
    /// Title of the survey's document.
    pub survey_title: String,
    /// Entries in the tab's history.
    pub history: u64,
}

impl<'b> SurveyPage<'b> {
    /// The survey, as soon as its program runs.
    ///
    /// # Errors
    ///
    /// It does not come.
    pub(crate) async fn arrive(browser: &'b Browser, place: Place) -> Result<Self> {
        let page = Self::arrive_early(browser, place).await?;
        page.taken_over().await?;
        Ok(page)
    }

    /// The survey, as soon as its first page stands, at the height that it will have: it can be
    /// answered from then on.
    ///
    /// # Errors
    ///
    /// It does not come.
    pub(crate) async fn arrive_early(browser: &'b Browser, place: Place) -> Result<Self> {
        let page = until("the survey's first page", async || {
            browser.go_to(Place::Top).await?;
            browser.go_to(place).await?;
            let first = browser.find_all("button", Some(LEAVE)).await?;
            // What a frame of the first height makes room for a scroll bar moves when it grows.
            let grown = "return document.scrollingElement.scrollHeight <= innerHeight";
            let is_steady =
                place == Place::Top || browser.run(grown, Vec::new()).await? == json!(true);
            if first.is_empty() || !is_steady {
                return Ok(None);
            }
            let outside = Outside::look(browser, place).await?;
            Ok(Some(Self { browser, place, outside }))
        });
        let page = page.await?;
        if place == Place::Frame {
            // Until what stands where has come round to the process that takes clicks.
            browser.go_to(Place::Top).await?;
            browser.draw().await?;
        }
        browser.go_to(place).await?;
        browser.draw().await?;
        Ok(page)
    }

    /// The browser, with commands going to the survey's document.
    ///
    /// # Errors
    ///
    /// There is no such document any more.
    pub async fn browser(&self) -> Result<&'b Browser> {
        self.browser.go_to(self.place).await?;
        Ok(self.browser)
    }

    /// What the browser showed of the survey when it came.
    #[must_use]
    pub fn outside(&self) -> &Outside {
        &self.outside
    }

    /// Waits for the page with this heading, and looks whether anything but the page has changed:
    /// address, title, history.
    ///
    /// # Errors
    ///
    /// Another page stays; something else has changed.
    pub async fn at(&self, heading: &str) -> Result<()> {
        let browser = self.browser().await?;
        let arrived = until(&format!("the page `{heading}`"), async || {
            Ok((self.heading().await? == heading).then_some(()))
        })
        .await;
        if let Err(error) = arrived {
            bail!("{error:#}; the page is `{}`", self.heading().await?);
        }
        let outside = Outside::look(browser, self.place).await?;
        ensure!(outside == self.outside, "traces: {outside:?} and, at first, {:?}", self.outside);
        Ok(())
    }

    /// As [`SurveyPage::at`], for a page that was turned to: its heading has the focus, so that a
    /// screen reader reads it.
    ///
    /// # Errors
    ///
    /// As [`SurveyPage::at`]; something else has the focus.
    pub async fn turned_to(&self, heading: &str) -> Result<()> {
        self.at(heading).await?;
        let browser = self.browser().await?;
        until(&format!("the focus on the heading `{heading}`"), async || {
            let (role, name) = browser.focus().await?;
            Ok((role == "heading" && name == heading).then_some(()))
        })
        .await
    }

    /// The heading of the page that is shown.
    ///
    /// # Errors
    ///
    /// There is not exactly one.
    pub async fn heading(&self) -> Result<String> {
        let seen = self.browser().await?.seen("heading").await?.into_iter();
        let names: Vec<_> = seen.filter(|seen| seen.tag == "h1").map(|seen| seen.name).collect();
        let [name] = <[String; 1]>::try_from(names).map_err(|names| {
            anyhow::anyhow!("a page has one heading of level 1, this one has {names:?}")
        })?;
        Ok(name)
    }

    /// Chooses one of the answers and continues.
    ///
    /// # Errors
    ///
    /// Question or answer are not there; the answer does not take.
    pub async fn choose(&self, question: &str, answer: &str) -> Result<()> {
        self.at(question).await?;
        self.mark("radio", answer).await?;
        self.press("Continue").await
    }

    /// Ticks some of the answers and continues.
    ///
    /// # Errors
    ///
    /// As [`SurveyPage::choose`].
    pub async fn tick(&self, question: &str, answers: &[&str]) -> Result<()> {
        self.at(question).await?;
        for answer in answers {
            self.mark("checkbox", answer).await?;
        }
        self.press("Continue").await
    }

    /// Chooses from a list and continues.
    ///
    /// # Errors
    ///
    /// As [`SurveyPage::choose`].
    pub async fn pick(&self, question: &str, answer: &str) -> Result<()> {
        self.at(question).await?;
        let browser = self.browser().await?;
        let list = browser.find("combobox", question).await?;
        list.select_by_label(answer).await?;
        self.press("Continue").await
    }

    /// Writes a text in place of what stands there, and continues.
    ///
    /// # Errors
    ///
    /// As [`SurveyPage::choose`].
    pub async fn write(&self, question: &str, text: &str) -> Result<()> {
        self.at(question).await?;
        let browser = self.browser().await?;
        let field = browser.find("textbox", question).await?;
        field.click().await?;
        browser.press_with(Key::Control.into(), 'a').await?;
        if browser.engine() == Engine::WebKit {
            // Its driver leaves out a line feed; a person presses a key for it anyway.
            field.send_keys(&text.replace('\n', &char::from(Key::Enter).to_string())).await?;
        } else {
            field.send_keys(text).await?;
        }
        self.press("Continue").await
    }

    /// Says that one would rather not say.
    ///
    /// # Errors
    ///
    /// As [`SurveyPage::choose`].
    pub async fn decline(&self, question: &str) -> Result<()> {
        self.choose(question, "I would rather not say").await
    }

    /// Says that one does not know.
    ///
    /// # Errors
    ///
    /// As [`SurveyPage::choose`].
    pub async fn not_know(&self, question: &str) -> Result<()> {
        self.choose(question, "I do not know or cannot remember").await
    }

    /// Skips a question.
    ///
    /// # Errors
    ///
    /// It is not there, or cannot be skipped.
    pub async fn skip(&self, question: &str) -> Result<()> {
        self.at(question).await?;
        self.press("Skip this question").await
    }

    /// Takes one of the two ways of a gate.
    ///
    /// # Errors
    ///
    /// Gate or way are not there.
    pub async fn decide(&self, gate: &str, way: &str) -> Result<()> {
        self.at(gate).await?;
        self.press(way).await
    }

    /// Reads a page that only says something, and continues.
    ///
    /// # Errors
    ///
    /// It is not there.
    pub async fn read(&self, heading: &str) -> Result<()> {
        self.at(heading).await?;
        self.press("Continue").await
    }

    /// Goes back from the page `from`.
    ///
    /// # Errors
    ///
    /// The page is not there, or is the first.
    pub async fn back(&self, from: &str) -> Result<()> {
        self.at(from).await?;
        self.press("Back").await
    }

    /// Goes from "check your answers" to one of the questions.
    ///
    /// # Errors
    ///
    /// The question is not listed.
    pub async fn change(&self, question: &str) -> Result<()> {
        self.checking().await?;
        self.press(&format!("Change {question}")).await
    }

    /// Waits for "check your answers".
    ///
    /// # Errors
    ///
    /// Another page stays.
    pub async fn checking(&self) -> Result<()> {
        self.turned_to("Check your answers").await
    }

    /// What "check your answers" lists: questions, each with its answers.
    ///
    /// # Errors
    ///
    /// The page is not there.
    pub async fn answers(&self) -> Result<Vec<(String, String)>> {
        self.checking().await?;
        let script = "const terms = [...arguments].filter((e) => e.localName === 'dt');
            const of = (term) =>
                [...arguments].find((e) => e.localName === 'dd' && e.parentNode === term.parentNode);
            return terms.map((term) => [text(term), text(of(term))])";
        let browser = self.browser().await?;
        let mut listed = browser.find_all("term", None).await?;
        listed.extend(browser.find_all("definition", None).await?);
        let rows = browser.run_with(script, &listed).await?;
        let rows = rows.as_array().context("no list of answers")?.iter();
        rows.map(|row| {
            let [question, answer] = <[String; 2]>::try_from(strings(row)?).ok().context("row")?;
            Ok((question, answer))
        })
        .collect()
    }

    /// Sends the answers.
    ///
    /// # Errors
    ///
    /// "Check your answers" is not there.
    pub async fn send(&self) -> Result<()> {
        self.checking().await?;
        self.press("Send my answers").await
    }

    /// Presses "Try now" whenever it is there, until the page with this heading comes.
    ///
    /// # Errors
    ///
    /// The page does not come.
    pub async fn try_until(&self, heading: &str) -> Result<()> {
        let browser = self.browser().await?;
        until(&format!("the page `{heading}`"), async || {
            if self.heading().await? == heading {
                return Ok(Some(()));
            }
            if let Some(button) = browser.find_all("button", Some("Try now")).await?.first() {
                button.click().await?;
            }
            Ok(None)
        })
        .await?;
        self.turned_to(heading).await
    }

    /// Presses "Leave this page".
    ///
    /// # Errors
    ///
    /// There is no such button.
    pub async fn leave(&self) -> Result<()> {
        self.press(LEAVE).await
    }

    /// Presses a button.
    ///
    /// # Errors
    ///
    /// There is no such button.
    pub async fn press(&self, button: &str) -> Result<()> {
        Ok(self.browser().await?.find("button", button).await?.click().await?)
    }

    /// Waits until the line that says how sending stands holds these words.
    ///
    /// # Errors
    ///
    /// It does not.
    pub async fn hear(&self, words: &str) -> Result<()> {
        let browser = self.browser().await?;
        until(&format!("the words `{words}`"), async || {
            let lines = browser.find_all("status", None).await?;
            let script = "return [...arguments].map(text)";
            let said = strings(&browser.run_with(script, &lines).await?)?;
            Ok(said.iter().any(|line| line.contains(words)).then_some(()))
        })
        .await
    }

    /// Puts the caret into a field, and sees that keys go there: a browser whose hands are full
    /// may take some time until it knows which process to give them to.
    ///
    /// # Errors
    ///
    /// There is no such field.
    pub async fn point_at(&self, field: &str) -> Result<()> {
        let browser = self.browser().await?;
        let is_ready = "return document.hasFocus() && document.activeElement === arguments[0]";
        until(&format!("the caret in the field `{field}`"), async || {
            let control = browser.find("textbox", field).await?;
            control.click().await?;
            let ready = browser.run(is_ready, vec![serde_json::to_value(&control)?]).await?;
            Ok((ready == json!(true)).then_some(()))
        })
        .await
    }

    /// Chooses or ticks an answer, and sees that it took.
    ///
    /// # Errors
    ///
    /// There is no such answer, or it does not take.
    pub async fn mark(&self, role: &str, answer: &str) -> Result<()> {
        let control = self.browser().await?.find(role, answer).await?;
        control.click().await?;
        ensure!(control.is_selected().await?, "`{answer}` was clicked and is not chosen");
        Ok(())
    }

    /// The answers that are chosen or ticked on this page.
    ///
    /// # Errors
    ///
    /// The document is just being replaced.
    pub async fn marked(&self) -> Result<Vec<String>> {
        let browser = self.browser().await?;
        let mut seen = browser.seen("radio").await?;
        seen.extend(browser.seen("checkbox").await?);
        let controls: Vec<_> = seen.iter().map(|seen| seen.element.clone()).collect();
        let script = "return [...arguments].map((control) => control.checked)";
        let checked = browser.run_with(script, &controls).await?;
        let checked = checked.as_array().context("no list of controls")?.iter();
        let marked = seen.into_iter().zip(checked).filter(|(_, checked)| **checked == json!(true));
        Ok(marked.map(|(seen, _)| seen.name).collect())
    }

    /// What stands in a field or a list.
    ///
    /// # Errors
    ///
    /// There is no such field.
    pub async fn value(&self, role: &str, name: &str) -> Result<String> {
        let script = "return [...arguments].map((control) =>
            control.selectedOptions ? text(control.selectedOptions[0]) : control.value)";
        let browser = self.browser().await?;
        let controls = browser.find_all(role, Some(name)).await?;
        let values = strings(&browser.run_with(script, &controls).await?)?;
        values.into_iter().next().with_context(|| format!("there is no {role} `{name}`"))
    }
}

impl Outside {
    async fn look(browser: &Browser, place: Place) -> Result<Self> {
        browser.go_to(place).await?;
        let script = "return [location.href, document.title, history.length]";
        let survey = browser.run(script, Vec::new()).await?;
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        Ok(Self {
            // Of the tab, wherever commands go.
            url: browser.client().current_url().await?.to_string(),
            title: browser.client().title().await?,
            survey_url: text(&survey[0]),
            survey_title: text(&survey[1]),
            history: survey[2].as_u64().context("no length of the history")?,
        })
    }
}
