//! `docs/definition.md` holds true: every example on it is read, every table is tried.

use std::sync::Arc;

use serde_json::{Value, json};
use survey_core::{
    Code, Definition, Entry, MissingValue, Position, QuestionKind, Response, Session,
};

use crate::common;

const PAGE: &str = include_str!("../../../../docs/definition.md");
const SCHEMA: &str = include_str!("../../../../docs/definition.schema.json");

/// The content of the fenced blocks whose info string is `info`.
fn blocks(info: &str) -> Vec<&'static str> {
    let mut found = Vec::new();
    let mut rest = PAGE;
    while let Some((_, block)) = rest.split_once(&format!("\n```{info}\n")) {
        let (block, after) = block.split_once("\n```").expect("the block ends");
        found.push(block);
        rest = after;
    }
    found
}

/// The cells of the rows of the table that starts with `header`.
fn table(header: &str) -> Vec<Vec<&'static str>> {
    let (_, rows) = PAGE.split_once(header).unwrap_or_else(|| panic!("no table {header}"));
    let rows = rows.lines().skip(2).take_while(|line| line.starts_with('|'));
    rows.map(|row| row.trim_matches('|').split('|').map(str::trim).collect()).collect()
}

#[track_caller]
fn read(definition: &Value) -> Arc<Definition> {
    Arc::new(Definition::parse(definition.to_string().as_bytes()).unwrap_or_else(|errors| {
        panic!("{definition:#}\n{}", errors[0]);
    }))
}

/// All examples in one survey.
fn everything() -> Value {
    let mut definition = common::json(blocks("json definition")[0]);
    for member in blocks("json member") {
        for (name, value) in common::json(member).as_object().unwrap() {
            definition[name] = value.clone();
        }
    }
    definition["languages"] = json!(["en", "cy", "ur"]);
    definition["sections"] = json!([{"id": "core", "title": "Main questions"}]);
    let pages = definition["pages"].as_array_mut().unwrap();
    pages.extend(blocks("json page").into_iter().map(common::json));
    definition
}

#[test]
fn every_example_is_read() {
    for definition in blocks("json definition") {
        read(&common::json(definition));
    }
    let definition = read(&everything());
    let kinds: Vec<&str> = definition.pages().iter().map(|page| page.kind().type_name()).collect();
    for kind in [
        "single",
        "multiple",
        "scale",
        "select",
        "rating",
        "text",
        "long_text",
        "month",
        "statement",
        "gate",
    ] {
        assert!(kinds.contains(&kind), "no example of `{kind}`");
    }
    assert_eq!(definition.support_lines().len(), 1);
    let schema = jsonschema::validator_for(&common::json(SCHEMA)).unwrap();
    assert!(schema.is_valid(&everything()));
    // Nothing that looks like an example escapes.
    let known = ["json definition", "json member", "json page", "json faulty", "json response"];
    let tried: usize = known.iter().map(|info| blocks(info).len()).sum();
    assert_eq!(PAGE.matches("\n```json").count(), tried);
}

#[test]
fn every_member_is_described() {
    fn members(schema: &Value, found: &mut Vec<String>) {
        if let Some(members) = schema["properties"].as_object() {
            found.extend(members.keys().cloned());
        }
        match schema {
            Value::Object(parts) => parts.values().for_each(|part| members(part, found)),
            Value::Array(parts) => parts.iter().for_each(|part| members(part, found)),
            _ => {}
        }
    }
    let mut names = Vec::new();
    members(&common::json(SCHEMA), &mut names);
    assert!(names.len() > 100);
    for name in names {
        assert!(
            PAGE.contains(&format!("`{name}`")) || PAGE.contains(&format!("\"{name}\": \"")),
            "`{name}` is not on the page"
        );
    }
}

#[test]
fn faults_are_told_as_shown() {
    let errors = Definition::parse(blocks("json faulty")[0].as_bytes()).unwrap_err();
    let told: Vec<String> = errors.iter().map(ToString::to_string).collect();
    assert_eq!(told.join("\n"), blocks("text errors")[0]);
}

#[test]
fn conditions_are_true_and_false_as_the_table_says() {
    let rows = table("| condition | answer 1 | answer 2 | no answer |");
    assert!(rows.len() > 10);
    for row in rows {
        let condition = row[0].trim_matches('`');
        for (answer, expected) in [Some(1), Some(2), None].into_iter().zip(&row[1..]) {
            let expected: bool = expected.parse().unwrap();
            assert_eq!(holds(condition, answer), expected, "{condition} after {answer:?}");
        }
    }
    for row in table("| page type | tests |") {
        // Signs alone stand for the test before them.
        for test in row[1].split('`').skip(1).step_by(2).filter(|test| test.contains([' ', '('])) {
            holds(test, None);
        }
    }
}

/// Whether a page under `condition` is asked after every question was answered with `answer`.
fn holds(condition: &str, answer: Option<i64>) -> bool {
    let mut definition = everything();
    let pages = definition["pages"].as_array_mut().unwrap();
    pages.retain(|page| !["statement", "gate"].contains(&page["type"].as_str().unwrap()));
    pages.push(
        json!({"type": "text", "key": "asked", "ask_if": condition, "text": "Q", "max_length": 9}),
    );
    let definition = read(&definition);
    let mut session = Session::new(Arc::clone(&definition));
    while let Position::Page(page) = session.position() {
        if definition.page(page).key().as_str() == "asked" {
            return true;
        }
        let kind = definition.page(page).question().map(|question| question.kind());
        let entry = match (answer.and_then(Code::new), kind) {
            (None, _) | (_, Some(QuestionKind::Month { .. }) | None) => Entry::Nothing,
            (Some(code), Some(QuestionKind::Multiple(_))) => Entry::Codes(vec![code]),
            (Some(code), Some(QuestionKind::Rating(_))) => Entry::Number(code.get()),
            (Some(code), Some(kind)) if kind.choices().is_some() => Entry::Code(code),
            (Some(_), Some(_)) => Entry::Text("x".to_owned().into()),
        };
        session.enter(page, entry);
        session.advance().unwrap();
    }
    false
}

#[test]
fn missing_values_are_the_ones_in_the_table() {
    let rows = table("| code | name | when |");
    let shown = rows.iter().map(|row| (row[0].replace('−', "-"), row[1].trim_matches('`')));
    let known = MissingValue::ALL.iter().map(|value| (value.code().to_string(), value.name()));
    assert_eq!(shown.collect::<Vec<_>>(), known.collect::<Vec<_>>());
}

#[test]
fn the_response_is_one_to_the_first_survey() {
    let definition = read(&common::json(blocks("json definition")[0]));
    let shown = blocks("json response")[0];
    let response = Response::parse(&definition, shown.as_bytes()).unwrap();
    assert_eq!(response.to_json(&definition).as_slice(), shown.as_bytes());
}

#[test]
fn the_grammar_is_the_one_of_the_module_that_reads_it() {
    let module = include_str!("../../src/condition/mod.rs");
    let (_, module) = module.split_once("//! ```text\n").unwrap();
    let (module, _) = module.split_once("//! ```").unwrap();
    let module: Vec<&str> = module.lines().filter_map(|line| line.strip_prefix("//! ")).collect();
    assert_eq!(module.join("\n"), blocks("text grammar")[0]);
}
