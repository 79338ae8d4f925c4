//! A response that is carried over to the next definition is what its plaintext would be read as.

use std::sync::Arc;

use proptest::{collection::vec, prelude::*, sample::Index};
use serde_json::{Value as Json, json};
use survey_core::{Definition, Response, Session};

use crate::{
    common::EVERY_PAGE,
    dice::Dice,
    generate,
    properties::{ID, act, go_on_to_the_end, parse},
};

fn read(json: &Json) -> Definition {
    Definition::parse(json.to_string().as_bytes()).unwrap_or_else(|errors| panic!("{}", errors[0]))
}

/// Kinds of page whose answers only ever look alike in a plaintext.
fn class(kind: &str) -> &str {
    match kind {
        "text" | "long_text" => "text",
        "month" | "gate" => kind,
        _ => "codes and numbers",
    }
}

/// Carries `response` over and holds the outcome against its plaintext.
fn carry(response: &Response, old: &Definition, new: &Definition) -> Option<Response> {
    let carried = response.carried_over(old, new);
    let read = Response::parse(new, &response.to_json(old)).ok();
    if carried.is_none() && read.is_some() {
        // Words that look like a month, say: nobody meant that.
        let changed = |page: &survey_core::Page| {
            let before = old.find(page.key().as_str()).map(|before| old.page(before).kind());
            before.is_some_and(|kind| class(kind.type_name()) != class(page.kind().type_name()))
        };
        assert!(new.pages().iter().any(changed), "read, but not carried over");
    } else {
        assert!(carried == read, "carried over is not what is read");
    }
    carried
}

const ANSWERS: &str = r#"{"v":1,"rid":"00112233445566778899aabbccddeeff","rev":3,"final":true,"lang":"pl",
    "context":{"site":"met"},"answers":{"one":1,"many":[1,2],"scale":3,"list":12,
    "rate":0,"short":"a b","long":"a\nb","month":"2025-03","more":"go_on","last":2}}"#;

/// Changes the definition that has everything; whether a response to it is one to the changed too.
#[track_caller]
fn check(name: &str, change: impl FnOnce(&mut Json), carried: bool) {
    let mut json = crate::common::json(EVERY_PAGE);
    let old = read(&json);
    let response = Response::parse(&old, ANSWERS.as_bytes()).unwrap();
    change(&mut json);
    let new = read(&json);
    assert_eq!(carry(&response, &old, &new).is_some(), carried, "row `{name}`");
}

fn page<'j>(json: &'j mut Json, key: &str) -> &'j mut Json {
    let pages = json["pages"].as_array_mut().unwrap();
    pages.iter_mut().find(|page| page["key"] == key).unwrap()
}

/// Writes `other` for `name` wherever it stands.
fn rename(json: &mut Json, name: &str, other: &str) {
    *json = crate::common::json(&json.to_string().replace(name, other));
}

#[test]
fn a_response_is_carried_over_while_every_answer_still_fits() {
    check("unchanged", |_| {}, true);
    check("new keys", |d| d["version"] = json!("1.2.4"), true);
    check("other words", |d| page(d, "one")["text"] = json!("Other?"), true);
    check(
        "a page in front",
        |d| {
            let new = json!({"type": "text", "key": "new", "text": "New?", "max_length": 9});
            d["pages"].as_array_mut().unwrap().insert(0, new);
        },
        true,
    );
    check("longer texts", |d| page(d, "short")["max_length"] = json!(500), true);
    check("shorter texts", |d| page(d, "short")["max_length"] = json!(2), false);
    check("several lines in one", |d| page(d, "long")["type"] = json!("text"), false);
    check("an earlier end", |d| page(d, "month")["to"] = json!("2025-02"), false);
    check("a higher start", |d| page(d, "rate")["min"] = json!(1), false);
    check("no such refusal", |d| page(d, "one")["declined"] = json!(false), true);
    check("one asked of others", |d| page(d, "long")["ask_if"] = json!("one == 2"), false);
    check(
        "an option for others",
        |d| page(d, "many")["options"][1]["if"] = json!("one == 2"),
        false,
    );
    check(
        "an option gone",
        |d| drop(page(d, "list")["options"].as_array_mut().unwrap().pop()),
        false,
    );
    check(
        "an option that excludes",
        |d| page(d, "many")["options"][1]["exclusive"] = json!(true),
        false,
    );
    check("another key", |d| page(d, "list")["key"] = json!("other"), false);
    check("no such language", |d| rename(d, "\"pl\"", "\"pl-PL\""), false);
    check("no such site", |d| rename(d, "met", "met-2"), false);
    check("more context", |d| d["context"]["area"] = json!(["north"]), true);
}

#[test]
fn a_number_and_a_point_of_a_scale_are_one_answer() {
    let rating = |d: &mut Json| {
        *page(d, "scale") = json!({
            "type": "rating", "key": "scale", "text": "?", "min": 1, "max": 5, "min_label": "-", "max_label": "+"
        });
    };
    check("a scale becomes a rating", rating, true);
    check(
        "a rating becomes a scale",
        |d| {
            // Its condition compares the number.
            drop(d["pages"].as_array_mut().unwrap().remove(9));
            let options = [json!({"code": 1, "label": "A"}), json!({"code": 2, "label": "B"})];
            *page(d, "rate") =
                json!({"type": "single", "key": "rate", "text": "?", "options": options});
        },
        false, // 0 is the code of no option
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn carried_over_is_what_is_read(
        survey in vec(any::<u8>(), 1..250),
        changes in vec((any::<Index>(), any::<u8>()), 0..3),
        person in vec(any::<u8>(), 0..100),
        at_check in any::<bool>(),
    ) {
        let mut later = survey.clone();
        for (place, byte) in changes {
            later[place.index(survey.len())] = byte;
        }
        let (survey, later) = (generate::survey(&survey), generate::survey(&later));
        let mut session = Session::new(parse(&survey));
        let mut dice = Dice(&person);
        while !dice.0.is_empty() {
            act(&mut session, &survey, &mut dice);
        }
        if at_check {
            go_on_to_the_end(&mut session);
        }
        let Ok(response) = session.complete(ID, 1) else { return Ok(()) };
        let later: Arc<Definition> = parse(&later);
        if let Some(carried) = carry(&response, session.definition(), &later) {
            // And on to one for one language, as a widget would.
            let language = later.find_language("pl").unwrap_or_default();
            let compiled = Definition::from_compiled(&later.compile(language)).unwrap();
            prop_assert!(response.carried_over(session.definition(), &compiled) == Some(carried));
        }
    }
}
