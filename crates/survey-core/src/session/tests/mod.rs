//! Rows hold what a person does, where that leads, and what is then sent; one function knows how.

mod refused;
mod reworded;
mod told;
mod ways;

use serde_json::{Value as Json, json};

use super::*;
use crate::QuestionKind;

/// A question of most kinds, options and pages that hang on earlier answers, and a gate.
const SURVEY: &str = r#"{
  "format": 1, "id": "t", "version": "1.0.0", "languages": ["en", "pl"], "title": "T",
  "exit_url": "https://a.example", "context": {"site": ["met", "other"]},
  "sections": [{"id": "core", "title": "Core"}, {"id": "rest", "title": "Rest"}],
  "start": {"body": []}, "end": {"heading": "E", "body": []},
  "pages": [
    {"type": "single", "key": "group", "section": "core", "text": "Q", "declined": true,
     "options": [{"code": 1, "label": "A"}, {"code": 2, "label": "B"}, {"code": 3, "label": "C"}]},
    {"type": "single", "key": "detail", "section": "core", "ask_if": "group in (1, 2)", "text": "Q",
     "options": [{"code": 1, "label": "A1", "if": "group == 1"}, {"code": 2, "label": "A2", "if": "group == 1"},
                 {"code": 3, "label": "B1", "if": "group == 2"}, {"code": 4, "label": "AB"}]},
    {"type": "multiple", "key": "many", "section": "core", "text": "Q", "dont_know": true,
     "options": [{"code": 1, "label": "M1"}, {"code": 2, "label": "M2", "if": "group != 2"},
                 {"code": 9, "label": "None", "exclusive": true}]},
    {"type": "rating", "key": "rate", "section": "core", "text": "Q", "min": 0, "max": 10,
     "min_label": "-", "max_label": "+"},
    {"type": "gate", "key": "more", "heading": "H", "go_on": "G", "finish": "F"},
    {"type": "statement", "key": "word", "ask_if": "rate < 3", "heading": "H", "body": []},
    {"type": "long_text", "key": "text", "section": "rest", "text": "Q", "max_length": 5},
    {"type": "month", "key": "month", "section": "rest", "text": "Q", "from": "2020-01", "to": "2026-12"},
    {"type": "single", "key": "last", "section": "rest", "ask_if": "answered(text) or context.site == \"met\"", "text": "Q",
     "options": [{"code": 1, "label": "Y"}, {"code": 2, "label": "N"}]}
  ]}"#;

fn definition() -> Arc<Definition> {
    Arc::new(Definition::parse(SURVEY.as_bytes()).unwrap())
}

/// What a person does, in words: `group=1` puts something into the controls, `>` is "Continue",
/// `<` is "Back", `skip`, `go_on`, `finish` and `change:group` are buttons.
fn act(session: &mut Session, script: &str) -> Vec<Problem> {
    let mut problems = Vec::new();
    for word in script.split_whitespace() {
        match word {
            ">" => problems.extend(session.advance().err()),
            "<" => drop(session.back()),
            "skip" => drop(session.skip()),
            "go_on" => drop(session.decide(GateChoice::GoOn)),
            "finish" => drop(session.decide(GateChoice::Finish)),
            _ => match word.split_once('=') {
                Some((key, value)) => {
                    let page = find(session, key);
                    session.enter(page, entry(session, page, value));
                }
                None => session.change(find(session, word.strip_prefix("change:").unwrap())),
            },
        }
    }
    problems
}

fn find(session: &Session, key: &str) -> PageIndex {
    session.definition().find(key).unwrap_or_else(|| panic!("no page `{key}`"))
}

fn entry(session: &Session, page: PageIndex, value: &str) -> Entry {
    let code = |code: &str| Code::new(code.parse().unwrap()).unwrap();
    match (value, session.definition().page(page).question().unwrap().kind()) {
        ("nothing", _) => Entry::Nothing,
        ("declined", _) => Entry::Declined,
        ("dont_know", _) => Entry::DontKnow,
        (value, QuestionKind::Multiple(_)) => Entry::Codes(value.split('+').map(code).collect()),
        (value, QuestionKind::Rating(_)) => Entry::Number(value.parse().unwrap()),
        (value, QuestionKind::LongText { .. }) => Entry::Text(value.to_owned().into()),
        (value, QuestionKind::Month { .. }) => {
            let (month, year) = value.split_once('/').unwrap();
            Entry::Month { month: month.to_owned(), year: year.to_owned() }
        }
        (value, _) => Entry::Code(code(value)),
    }
}

fn position(session: &Session) -> String {
    match session.position() {
        Position::Check => "check".to_owned(),
        Position::Page(page) => session.definition().page(page).key().to_string(),
    }
}

const ID: ResponseId = ResponseId([7; 16]);

/// What would be sent now.
fn answers(session: &Session) -> Json {
    let response = session.complete(ID, 0).unwrap();
    let json: Json = serde_json::from_slice(&response.to_json(session.definition())).unwrap();
    json["answers"].clone()
}

/// After `script` the person is at `at`, and `sent` is what sending would give.
#[track_caller]
fn check(name: &str, script: &str, at: &str, sent: Json) {
    let mut session = Session::new(definition());
    let problems = act(&mut session, script);
    assert_eq!(problems, [], "row `{name}`");
    assert_eq!(position(&session), at, "row `{name}`");
    assert_eq!(answers(&session), sent, "row `{name}`");
}

/// To the check page with these answers, by way of the gate and without a word.
const ALL: &str =
    "group=1 > detail=1 > many=1+2 > rate=7 > go_on text=yes > month=3/2025 > last=1 >";

fn all(changes: &[(&str, Json)]) -> Json {
    let mut sent = json!({
        "group": 1, "detail": 1, "many": [1, 2], "rate": 7, "more": "go_on", "text": "yes",
        "month": "2025-03", "last": 1
    });
    for (key, value) in changes {
        match value {
            Json::Null => drop(sent.as_object_mut().unwrap().remove(*key)),
            value => sent[*key] = value.clone(),
        }
    }
    sent
}

fn skipped() -> Json {
    json!({"missing": "skipped"})
}
