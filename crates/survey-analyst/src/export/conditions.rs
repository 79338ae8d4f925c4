//! What the author of a survey wrote about who is asked what: for the codebook, and to know which
//! options somebody could not choose.

use std::collections::HashMap;

use serde_json::Value as Json;
use survey_core::{Answer, Code, Definition, Entry, PageIndex, Position, Response, Session, Value};

/// Conditions as written in a definition.
pub(super) struct Conditions {
    pages: HashMap<String, String>,
    options: HashMap<(String, u64), String>,
}

impl Conditions {
    /// Reads them from a definition that parsed.
    pub(super) fn read(definition: &[u8]) -> Self {
        // Cannot fail: a definition was read from these bytes.
        let json: Json = serde_json::from_slice(definition).unwrap_or_default();
        let mut conditions = Self { pages: HashMap::new(), options: HashMap::new() };
        for page in json["pages"].as_array().into_iter().flatten() {
            let Some(key) = page["key"].as_str() else { continue };
            if let Some(condition) = page["ask_if"].as_str() {
                conditions.pages.insert(key.to_owned(), condition.to_owned());
            }
            let options = match &page["options"] {
                Json::Object(list) => &json["lists"][list["list"].as_str().unwrap_or_default()],
                here => here,
            };
            let all = [options, &page["also"]].into_iter().filter_map(Json::as_array).flatten();
            for option in all {
                if let (Some(code), Some(text)) = (option["code"].as_u64(), option["if"].as_str()) {
                    conditions.options.insert((key.to_owned(), code), text.to_owned());
                }
            }
        }
        conditions
    }

    /// When the page is asked; empty when always.
    pub(super) fn of_page(&self, key: &str) -> &str {
        self.pages.get(key).map_or("", String::as_str)
    }

    /// When the option is offered; empty when always.
    pub(super) fn of_option(&self, key: &str, code: Code) -> &str {
        let place = (key.to_owned(), u64::from(code.get()));
        self.options.get(&place).map_or("", String::as_str)
    }

    /// Whether the page has an option that is not offered to everybody.
    pub(super) fn any_option(&self, key: &str) -> bool {
        self.options.keys().any(|(page, _)| page == key)
    }
}

/// The options of `pages` that were offered to the person who gave `response`, in that order.
///
/// Goes through the survey once more with the same answers, since only that knows.
pub(super) fn offered(
    definition: &std::sync::Arc<Definition>,
    response: &Response,
    pages: &[PageIndex],
) -> Vec<Vec<Code>> {
    let mut offered = vec![Vec::new(); pages.len()];
    if pages.is_empty() {
        return offered;
    }
    let mut session = Session::new(definition.clone());
    session.set_context(response.context().clone());
    let values = response.values(definition);
    // One step a page: the way through a survey leads forwards only.
    for _ in definition.page_indices() {
        let Position::Page(page) = session.position() else { break };
        if let Some(place) = pages.iter().position(|wanted| *wanted == page) {
            offered[place] = session.offered(page).iter().map(|choice| choice.code()).collect();
        }
        match values[page.get()] {
            Value::Given(answer) => {
                session.enter(page, entry(answer));
                // What validated once validates again; were it not so, skipping goes on as well.
                if session.advance().is_err() {
                    session.skip();
                }
            }
            Value::Missing(_) => {
                session.skip();
            }
        }
    }
    offered
}

fn entry(answer: &Answer) -> Entry {
    match answer {
        Answer::Code(code) => Entry::Code(*code),
        Answer::Codes(codes) => Entry::Codes(codes.clone()),
        Answer::Number(number) => Entry::Number(*number),
        Answer::Text(text) => Entry::Text(text.clone()),
        Answer::Month(month) => {
            Entry::Month { month: month.month().to_string(), year: month.year().to_string() }
        }
        Answer::Gate(choice) => Entry::Gate(*choice),
    }
}
