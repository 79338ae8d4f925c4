//! Definitions that are refused, and what the author is told.

use serde_json::{Value, json};

use crate::Definition;

/// One page of every type and one of everything else that a definition may hold.
pub(crate) fn every_page() -> Value {
    serde_json::from_str(include_str!("../../tests/fixtures/every-page.json")).unwrap()
}

/// Changes the definition that has everything, then says what its author is told.
#[track_caller]
fn check(name: &str, change: impl FnOnce(&mut Value), expected: &[&str]) {
    let mut definition = every_page();
    change(&mut definition);
    let errors = Definition::parse(definition.to_string().as_bytes());
    let messages: Vec<String> =
        errors.err().unwrap_or_default().iter().map(ToString::to_string).collect();
    assert_eq!(messages, expected, "row `{name}`");
}

#[test]
fn a_definition_with_everything_is_accepted() {
    check("unchanged", |_| {}, &[]);
}

#[test]
fn messages_name_the_place_the_fault_and_the_way_out() {
    check(
        "two keys",
        |d| d["pages"][5]["key"] = json!("list"),
        &[
            "pages: key `list` is used twice; give each its own",
            "pages[10].ask_if: unknown question `short`; add it or use one that exists",
        ],
    );
    check(
        "type misspelt",
        |d| d["pages"][9]["type"] = json!("statment"),
        &["pages[9].type: unknown type `statment`; did you mean `statement`?"],
    );
    check(
        "member of another type",
        |d| d["pages"][0]["min"] = json!(1),
        &["pages[0].min: `min` does not belong to a `single` page; remove it"],
    );
    check(
        "member missing",
        |d| {
            d["pages"][0].as_object_mut().unwrap().remove("options");
        },
        &["pages[0]: a `single` page needs `options`; add it"],
    );
    check(
        "condition on the first page",
        |d| {
            d["pages"][0]["ask_if"] = json!("context.site == \"met\"");
            d["pages"][0]["options"][0]["if"] = json!("context.site == \"met\"");
        },
        &[
            "pages[0].ask_if: found `context.site == \"met\"`, expected no condition on the first \
             page: it stands before anything is known of the page around; ask something else first",
            "pages[0].options[0].if: found `context.site == \"met\"`, expected no condition on the \
             first page: it stands before anything is known of the page around; ask something else \
             first",
        ],
    );
    check(
        "code kept for missing values",
        |d| d["pages"][0]["options"][0]["code"] = json!(98),
        &[
            "pages[0].options[0].code: found `98`, expected a number from 1 to 96 (97 to 99 are kept for missing values)",
        ],
    );
    check(
        "code twice",
        |d| d["pages"][0]["also"][0]["code"] = json!(2),
        &["pages[0].options: code `2` is used twice; give each its own"],
    );
    check(
        "one option",
        |d| {
            d["pages"][3]["options"].as_array_mut().unwrap().truncate(1);
        },
        &["pages[3].options: found 1 options, allowed are 2 to 96"],
    );
    check(
        "list misspelt",
        |d| d["pages"][2]["options"]["list"] = json!("point"),
        &["pages[2].options.list: unknown list `point`; did you mean `points`?"],
    );
    check(
        "section misspelt",
        |d| d["pages"][0]["section"] = json!("cor"),
        &["pages[0].section: unknown section `cor`; did you mean `core`?"],
    );
    check(
        "text in an unknown language",
        |d| d["title"] = json!({"en": "T", "pll": "T"}),
        &["title.pll: unknown language `pll`; did you mean `pl`?"],
    );
    check(
        "text not in the source language",
        |d| d["title"] = json!({"pl": "T"}),
        &["title: found `no text`, expected a text in the first of `languages`"],
    );
    check(
        "rating upside down",
        |d| d["pages"][4]["min"] = json!(10),
        &["pages[4]: found `10 to 10`, expected `min` less than `max`"],
    );
    check(
        "months upside down",
        |d| d["pages"][7]["from"] = json!("2030-01"),
        &["pages[7].to: found `2026-12`, expected a month that is not before `from`"],
    );
    check(
        "post in clear",
        |d| d["submit"] = json!(["http://forms.example/ssp"]),
        &[
            "submit[0]: found `http://forms.example/ssp`, expected an https: address without a slash at the end (http: only on this machine)",
        ],
    );
    check(
        "another format",
        |d| d["format"] = json!(2),
        &["format: found `2`, expected 1, the format that this version reads"],
    );
}

#[test]
fn types_and_names_of_members_are_checked_with_their_place() {
    let mut definition = every_page();
    definition["pages"][0]["options"][0]["code"] = json!("1");
    let errors = Definition::parse(definition.to_string().as_bytes()).unwrap_err();
    assert_eq!(errors[0].path, "pages[0].options[0].code");
    assert!(
        errors[0].to_string().contains("invalid type: string \"1\", expected a whole number"),
        "{}",
        errors[0]
    );

    let mut definition = every_page();
    definition["pages"][2]["requird"] = json!(true);
    let errors = Definition::parse(definition.to_string().as_bytes()).unwrap_err();
    assert!(
        errors[0].to_string().starts_with("pages[2].requird: unknown field `requird`"),
        "{}",
        errors[0]
    );
}

#[test]
fn nothing_is_there_twice_and_nothing_is_null() {
    let told = |from: &str, to: &str| {
        let changed = every_page().to_string().replacen(from, to, 1);
        let error = Definition::parse(changed.as_bytes()).unwrap_err().remove(0).to_string();
        error.split(" at line").next().unwrap().to_owned()
    };
    assert_eq!(
        told(r#""pl":"Twoja opinia""#, r#""pl":"Tak","pl":"Nie""#),
        "title: `pl` is there twice; remove one"
    );
    assert_eq!(
        told(r#""lists":{"#, r#""lists":{"points":[],"#),
        "lists: `points` is there twice; remove one"
    );
    assert_eq!(told(r#""format":1"#, r#""format":1,"format":1"#), "duplicate field `format`");
    assert_eq!(
        told(r#""hint":"A hint.""#, r#""hint":null"#),
        "pages[0].hint: invalid type: null, expected a text, or an object of texts by language such as {\"en\": \"Yes\"}"
    );
}

#[test]
fn a_fault_of_a_list_is_told_once_and_at_the_list() {
    check(
        "used twice",
        |d| {
            d["lists"]["points"][0]["code"] = json!(0);
            d["pages"][3]["options"] = json!({"list": "points"});
        },
        &[
            "lists.points[0].code: found `0`, expected a number from 1 to 96 (97 to 99 are kept for missing values)",
        ],
    );
    check(
        "never used",
        |d| d["lists"]["idle"] = json!([{"code": 1, "label": "A"}, {"code": 1, "label": "B"}]),
        &["lists.idle: code `1` is used twice; give each its own"],
    );
    check(
        "code of the list and of `also`",
        |d| d["pages"][2]["also"][0]["code"] = json!(3),
        &["pages[2].options: code `3` is used twice; give each its own"],
    );
    check(
        "condition",
        |d| d["lists"]["points"][1]["if"] = json!("last == 1"),
        &[
            "lists.points[1].if: `last` is not asked before this; a condition may only name earlier pages, so move the page or drop the test",
        ],
    );
    check(
        "exclusive",
        |d| d["lists"]["points"][1]["exclusive"] = json!(true),
        &[
            "lists.points[1].exclusive: found `exclusive`, expected a list without it, since a question that is not `multiple` uses it",
        ],
    );
}

#[test]
fn a_key_is_no_word_of_conditions() {
    check(
        "not",
        |d| d["pages"][4]["key"] = json!("not"),
        &[
            "pages[4].key: found `not`, expected a key that is not a word of conditions (and, or, not, in, has, any, answered, context)",
            "pages[9].ask_if: unknown question `rate`; add it or use one that exists",
        ],
    );
}

#[test]
fn every_fault_is_told_at_once() {
    let mut definition = every_page();
    definition["id"] = json!("Big");
    definition["version"] = json!("1");
    definition["pages"][0]["section"] = json!("nowhere");
    let errors = Definition::parse(definition.to_string().as_bytes()).unwrap_err();
    let paths: Vec<&str> = errors.iter().map(|e| e.path.as_str()).collect();
    assert_eq!(paths, ["id", "version", "pages[0].section"]);
}

#[test]
fn a_response_that_no_envelope_holds_is_refused() {
    let page = |i: usize| json!({"type": "long_text", "key": format!("t{i}"), "text": "Q", "max_length": 5000});
    let mut definition = every_page();
    definition["pages"] = Value::Array((0..2).map(page).collect());
    let errors = Definition::parse(definition.to_string().as_bytes()).unwrap_err();
    assert_eq!(errors.len(), 1);
    assert!(
        errors[0].to_string().starts_with("pages: the longest possible response has 40"),
        "{}",
        errors[0]
    );
}

#[test]
fn an_envelope_is_filled_to_the_last_character() {
    let parse = |last: usize| {
        let page = |i: usize, length: usize| json!({"type": "long_text", "key": format!("t{i}"), "text": "Q", "max_length": length});
        let mut definition = every_page();
        definition["pages"] = json!([page(0, 5_000), page(1, last)]);
        Definition::parse(definition.to_string().as_bytes())
    };
    let most = (1..5_000).rev().find(|last| parse(*last).is_ok()).unwrap();
    let room = crate::MAX_PLAINTEXT - parse(most).unwrap().longest_response();
    assert!(room < 4, "{room} bytes left, so a character more would do");
    assert!(!parse(most + 1).unwrap_err()[0].fault.is_shape());
}

#[test]
fn unverified_support_lines_are_not_there() {
    let definition = Definition::parse(every_page().to_string().as_bytes()).unwrap();
    let names: Vec<&str> =
        definition.support_lines().iter().map(|line| line.name().source()).collect();
    assert_eq!(names, ["Somebody who helps"]);
}
