//! The model survey inside a real browser: `usize` is 32 bits there, and nothing else differs.
//!
//! `cargo test -p survey-core --target wasm32-unknown-unknown --test wasm`, with
//! wasm-bindgen-test-runner as the target's runner and a WebDriver such as chromedriver.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::sync::Arc;

use survey_core::{
    Definition, Entry, GateChoice, PageKind, Position, QuestionKind, Response, ResponseId, Session,
};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use zeroize::Zeroizing;

wasm_bindgen_test_configure!(run_in_browser);

const MODEL: &[u8] = include_bytes!("../../../surveys/victim-voice.json");

/// Takes the last option everywhere, writes a text and goes on at gates.
fn answer_all(session: &mut Session) {
    while let Position::Page(page) = session.position() {
        let last = session.offered(page).last().map(|choice| choice.code());
        let definition = Arc::clone(session.definition());
        match definition.page(page).kind() {
            PageKind::Gate(_) => {
                session.decide(GateChoice::GoOn);
                continue;
            }
            PageKind::Statement(_) => {}
            PageKind::Question(question) => match (question.kind(), last) {
                (QuestionKind::Multiple(_), Some(code)) => {
                    session.enter(page, Entry::Codes(vec![code]));
                }
                (_, Some(code)) => session.enter(page, Entry::Code(code)),
                _ => session.enter(page, Entry::Text(Zeroizing::new("Zażółć 😀".to_owned()))),
            },
        }
        session.advance().unwrap();
    }
}

#[wasm_bindgen_test]
fn the_model_survey_is_answered_and_read_again() {
    let definition = Arc::new(Definition::parse(MODEL).unwrap());
    let mut session = Session::new(Arc::clone(&definition));
    answer_all(&mut session);
    let response = session.complete(ResponseId([7; 16]), 0).unwrap();
    let json = response.to_json(&definition);
    assert!(json.len() <= definition.longest_response());
    assert!(Response::parse(&definition, &json).as_ref() == Ok(&response));
    assert!(std::str::from_utf8(&json).unwrap().contains("Zażółć 😀"));
}

#[wasm_bindgen_test]
fn what_is_not_an_answer_stays_and_is_named() {
    let definition = Arc::new(Definition::parse(MODEL).unwrap());
    let mut session = Session::new(Arc::clone(&definition));
    answer_all(&mut session);
    let text = definition.find("text").unwrap();
    session.change(text);
    session.enter(text, Entry::Text(Zeroizing::new("x".repeat(501))));
    let (page, problem) = session.complete(ResponseId([7; 16]), 0).unwrap_err();
    assert!(page == text && session.advance() == Err(problem));
    session.skip();
    assert_eq!(session.position(), Position::Check);
}
