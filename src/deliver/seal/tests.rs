//! What the widget asks, answered by the sealer itself.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::sync::Arc;

use serde_json::{Value, json};
use survey_core::{GateChoice, PageKind, Position, ResponseId, Session};
use survey_sealer::Memory;

use super::*;

const EVERY_PAGE: &[u8] =
    include_bytes!("../../../crates/survey-core/tests/fixtures/every-page.json");
const VECTORS: &str = include_str!("../../../vectors/envelope-v1.json");

/// A definition that can be answered, with so many recipients.
fn definition(recipients: usize) -> Definition {
    let vectors: Value = serde_json::from_str(VECTORS).unwrap();
    let key = |key: &Value| json!({ "kid": key["kid"], "key": key["key"] });
    let keys = vectors["keys"].as_array().unwrap();
    let mut definition: Value = serde_json::from_slice(EVERY_PAGE).unwrap();
    definition["recipients"] = keys[..recipients].iter().map(key).collect();
    definition["submit"] = json!(["https://views.example/ssp", "http://127.0.0.1:8080/ssp"]);
    Definition::parse(&serde_json::to_vec(&definition).unwrap()).unwrap()
}

/// A response in which every question was passed over.
fn response(definition: &Arc<Definition>) -> Response {
    let mut session = Session::new(Arc::clone(definition));
    while let Position::Page(page) = session.position() {
        match definition.page(page).kind() {
            PageKind::Gate(_) => drop(session.decide(GateChoice::GoOn)),
            _ => drop(session.skip()),
        }
    }
    session.complete(ResponseId([1; 16]), 0).unwrap()
}

#[test]
fn the_sealer_understands_what_it_is_asked() {
    for recipients in 1..=3 {
        let definition = Arc::new(definition(recipients));
        let response = response(&definition);
        let asked = request(&definition, DefinitionHash([7; 32]), &response).unwrap();

        let mut sealer = Box::new(Memory::new());
        sealer.room(asked.len()).unwrap().copy_from_slice(&asked);
        let length = sealer.seal(asked.len());
        let parcel = parcel(&definition, sealer.room(length).unwrap()).unwrap();

        assert_eq!(parcel.submit, ["https://views.example/ssp", "http://127.0.0.1:8080/ssp"]);
        let envelope: Value = serde_json::from_slice(&parcel.body).unwrap();
        assert_eq!(envelope["survey"], definition.id().as_str());
        assert_eq!(envelope["id"], parcel.id.to_string());
        assert_eq!(envelope["wraps"].as_array().unwrap().len(), recipients);
    }
}

#[test]
fn the_request_says_what_the_definition_says() {
    let definition = Arc::new(definition(2));
    let response = response(&definition);
    let hash = DefinitionHash([7; 32]);
    let asked = request(&definition, hash, &response).unwrap();
    let read = Request::parse(&asked).unwrap();
    assert_eq!(read.survey, definition.id().as_str().as_bytes());
    assert_eq!(*read.definition, hash.0);
    assert_eq!(read.longest as usize, definition.longest_response());
    assert_eq!(read.response, *response.to_json(&definition));
    let again = request(&definition, hash, &response).unwrap();
    assert_ne!(read.randomness, Request::parse(&again).unwrap().randomness, "fresh every time");
}

#[test]
fn no_parcel_comes_of_a_refusal_or_of_a_definition_without_recipients() {
    let with = Arc::new(definition(1));
    for reply in [&b""[..], b"\x02", b"\0", b"<html>"] {
        assert!(parcel(&with, reply).is_none());
    }
    let without = Arc::new(definition(0));
    assert!(request(&without, DefinitionHash([7; 32]), &response(&without)).is_none());
}
