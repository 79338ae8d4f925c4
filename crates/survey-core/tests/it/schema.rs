//! The published schemas and the parser agree on every shape, in both directions.
//!
//! A definition that holds every member is changed in one place at a time, in every place and
//! every way. Then the schema has to refuse what the parser calls a fault of shape, and nothing
//! else: what only meaning can tell (a key used twice, a name that does not exist) passes it.

use std::collections::BTreeSet;

use jsonschema::Validator;
use serde_json::{Value, json};
use survey_core::{Definition, HelplinesFile};

use crate::common::{self, EVERY_PAGE, HELPLINES};

const DEFINITION_SCHEMA: &str = include_str!("../../../../docs/definition.schema.json");
const HELPLINES_SCHEMA: &str = include_str!("../../../../docs/helplines.schema.json");

fn validator(schema: &str) -> Validator {
    let schema = common::json(schema);
    jsonschema::draft202012::meta::validate(&schema).expect("the schema is one of 2020-12");
    jsonschema::draft202012::new(&schema).expect("the schema compiles")
}

/// What the parser says of the shape of a definition: nothing, or its faults.
fn shape_faults(definition: &Value) -> Vec<String> {
    let errors = Definition::parse(definition.to_string().as_bytes()).err().unwrap_or_default();
    errors.iter().filter(|error| error.fault.is_shape()).map(ToString::to_string).collect()
}

/// What the parser says of the shape of a file of support lines: they are read as part of a
/// definition, as publishing does.
fn helplines_faults(helplines: &Value) -> Vec<String> {
    match serde_json::from_value::<HelplinesFile>(helplines.clone()) {
        Err(error) => vec![error.to_string()],
        Ok(file) if file.format != 1 => vec!["another format".to_owned()],
        Ok(_) => {
            let mut definition = common::json(EVERY_PAGE);
            definition["support_lines"] = helplines["lines"].clone();
            shape_faults(&definition)
        }
    }
}

/// Whether `document` is of the right shape, on which both have to agree.
fn agree(
    schema: &Validator,
    faults: fn(&Value) -> Vec<String>,
    document: &Value,
    what: &str,
) -> bool {
    let parser = faults(document);
    let valid = schema.is_valid(document);
    assert_eq!(
        valid,
        parser.is_empty(),
        "after {what}: the schema says {:#?}, the parser says {parser:#?}",
        schema
            .iter_errors(document)
            .map(|error| format!("{}: {:.200}", error.instance_path(), error.to_string()))
            .collect::<Vec<_>>()
    );
    valid
}

/// Changes `document` in one place at a time and sees that schema and parser agree each time.
fn agree_after_every_change(schema: &str, faults: fn(&Value) -> Vec<String>, document: &Value) {
    let schema = validator(schema);
    assert!(agree(&schema, faults, document, "no change"), "the unchanged document is valid");
    let places = pointers(document);
    let halves = places.chunks(places.len().div_ceil(2));
    let counts = std::thread::scope(|scope| {
        let schema = &schema;
        let threads: Vec<_> = halves
            .map(|half| scope.spawn(move || agree_after_changes_at(half, schema, faults, document)))
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect::<Vec<_>>()
    });
    // Had the changes all been of one sort, the test would prove nothing.
    let (valid, invalid) = counts.into_iter().fold((0, 0), |a, b| (a.0 + b.0, a.1 + b.1));
    assert!(valid > 500 && invalid > 500, "{valid} valid, {invalid} invalid");
}

/// How many of the changed documents were valid and how many were not.
fn agree_after_changes_at(
    places: &[String],
    schema: &Validator,
    faults: fn(&Value) -> Vec<String>,
    document: &Value,
) -> (usize, usize) {
    let (mut valid, mut invalid) = (0, 0);
    for pointer in places {
        for (what, changed) in changes(document, pointer) {
            let good = agree(schema, faults, &changed, &format!("{what} at {pointer:?}"));
            *(if good { &mut valid } else { &mut invalid }) += 1;
        }
    }
    (valid, invalid)
}

/// The places of a document, itself included, as JSON pointers.
fn pointers(document: &Value) -> Vec<String> {
    fn walk(value: &Value, at: &str, found: &mut Vec<String>) {
        found.push(at.to_owned());
        match value {
            Value::Object(members) => {
                for (name, member) in members {
                    walk(
                        member,
                        &format!("{at}/{}", name.replace('~', "~0").replace('/', "~1")),
                        found,
                    );
                }
            }
            Value::Array(items) => {
                // Items of one list have one shape; the first two show every member.
                for (i, item) in items.iter().enumerate().take(if at == "/pages" { 99 } else { 2 })
                {
                    walk(item, &format!("{at}/{i}"), found);
                }
            }
            _ => {}
        }
    }
    let mut found = Vec::new();
    walk(document, "", &mut found);
    found
}

/// The document after every change that is tried at one place.
fn changes(document: &Value, pointer: &str) -> Vec<(String, Value)> {
    let there = document.pointer(pointer).unwrap();
    let mut values = other_types();
    match there {
        Value::String(text) => values.extend(texts(text).into_iter().map(Value::from)),
        Value::Number(_) => values.extend(numbers()),
        Value::Array(items) => values.extend(lists(items)),
        Value::Object(members) => {
            let mut more = members.clone();
            more.insert("unknown_member".to_owned(), json!("x"));
            values.push(Value::Object(more.clone()));
            more.insert(
                "unknown_member".to_owned(),
                json!([{"code": 1, "label": "x"}, {"code": 2, "label": "y"}]),
            );
            values.push(more.into());
            // Maps from names: a name of another form, and as many as there may be or more.
            for (name, value) in members.iter().take(1) {
                let mut renamed = members.clone();
                renamed.remove(name);
                renamed.insert("Not A Name".to_owned(), value.clone());
                values.push(renamed.into());
                for count in [10, 11, 100, 101] {
                    values.push((0..count).map(|i| (format!("n{i}"), value.clone())).collect());
                }
            }
        }
        Value::Null | Value::Bool(_) => {}
    }
    let replaced = values.into_iter().map(|value| {
        let mut shown = value.to_string();
        shown.truncate(shown.char_indices().nth(60).map_or(shown.len(), |(i, _)| i));
        let mut changed = document.clone();
        *changed.pointer_mut(pointer).unwrap() = value;
        (format!("putting {shown}"), changed)
    });
    replaced.chain(removed(document, pointer)).collect()
}

fn removed(document: &Value, pointer: &str) -> Option<(String, Value)> {
    let (parent, name) = pointer.rsplit_once('/')?;
    let mut changed = document.clone();
    match changed.pointer_mut(parent)? {
        Value::Object(members) => drop(members.remove(&name.replace("~1", "/").replace("~0", "~"))),
        Value::Array(items) => drop(items.remove(name.parse().ok()?)),
        _ => return None,
    }
    Some(("removing".to_owned(), changed))
}

/// A value of every JSON type, among them those that have a meaning somewhere.
fn other_types() -> Vec<Value> {
    vec![
        json!(null),
        json!(true),
        json!(false),
        json!(3),
        json!(3.5),
        json!(3.0),
        json!("x"),
        json!([]),
        json!(["x"]),
        json!([null]),
        json!({}),
        json!({"en": "x"}),
        json!({"EN": "x"}),
        json!({"en": null}),
        json!({"list": "points"}),
    ]
}

/// Every limit of a number, and what lies beside it.
fn numbers() -> Vec<Value> {
    let limits = [0_i64, 1, 96, 97, 500, 5_000, 65_536, 1 << 32];
    let beside = limits.into_iter().flat_map(|n| [n - 1, n, n + 1]);
    let huge = [json!(u64::MAX), json!(-1e30), json!(1e30), json!(i64::MIN)];
    beside.map(Value::from).chain(huge).collect()
}

/// Every limit of a length, and forms of strings that are good somewhere or nearly so.
fn texts(there: &str) -> Vec<String> {
    let beside = |limits: &[usize]| limits.iter().flat_map(|n| [n - 1, *n, n + 1]).collect();
    let lengths: Vec<usize> = beside(&[32, 64, 200, 1_000, 1_622, 4_000]);
    let mut texts: Vec<String> = lengths.into_iter().map(|n| "a".repeat(n)).collect();
    // Limits count characters, not bytes.
    texts.extend([199, 200, 201, 1_000, 1_001, 4_000, 4_001].map(|n| "ż".repeat(n)));
    texts.extend([20, 21].map(|n| "1".repeat(n)));
    texts.extend([500, 501].map(|n| format!("https://{}", "a".repeat(n - 8))));
    texts.extend([500, 501].map(|n| format!("http://localhost/{}", "a".repeat(n - 17))));
    // What stands there, nearly.
    let mut chars = there.chars();
    chars.next_back();
    texts.push(chars.as_str().to_owned());
    texts.push(there.to_uppercase());
    for end in " \n\0/-_0AB1Ä\";,*?'^~".chars() {
        texts.extend([format!("{there}{end}"), format!("{end}{there}")]);
        texts.push(format!("{}{end}", chars.as_str()));
    }
    texts.extend(SPACED.into_iter().chain(FORMS.split_whitespace()).map(str::to_owned));
    texts
}

const SPACED: [&str; 13] = [
    "",
    " ",
    "\u{a0}",
    "\u{feff}",
    "\u{85}",
    "\u{7f}",
    "\t",
    "a\nb",
    "a b",
    "0800 1111",
    "+44 20",
    "9 9",
    "https://a.example/ b",
];

/// Types, sensitivities and words of conditions; versions, languages, months and days; addresses
/// and numbers.
const FORMS: &str = r#"
    single multiple scale select rating text long_text month statement gate none personal
    identifying trauma and or not in has any answered context all
    1.0.0 01.0.0 1.0 1.0.0.0 9999.0.0 10000.0.0 1.0.0-a
    en e engl zh-Hans zh-hans pt-BR es-419 uz-Cyrl-UZ en-GB-GB de-
    1899-12 1900-01 2999-12 3000-01 2025-00 2025-13 2025-1 2025-03-01
    2027-03-31 2027-13-01 2027-01-32 2027-00-01 20270331
    https:// https://a https://a.example/b?c=d#e https://-a https://ä.example https://a.example/"
    https://u@a.example https://a.example/* http://a.example
    http://localhost http://localhost:1 http://localhost: http://localhost:123456
    http://localhost:80a http://localhost:80/a http://localhost:80/ http://localhost.example
    http://127.0.0.1:8080/ssp http://[::1]/a http://[::1]a javascript:alert(1)
    <b> 1 -1 9 999 0800-1111 0123456789abcdef 0123456789ABCDEF 0123456789abcde
"#;

/// A list that is shorter, as long as it may be, and longer.
fn lists(items: &[Value]) -> Vec<Value> {
    let Some(last) = items.last() else {
        return Vec::new();
    };
    let limits = [1_usize, 2, 5, 10, 50, 96, 100, 200, 500];
    let lengths: BTreeSet<usize> = limits.into_iter().flat_map(|n| [n - 1, n, n + 1]).collect();
    let grown = lengths
        .into_iter()
        .map(|n| items.iter().chain(std::iter::repeat(last)).take(n).cloned().collect());
    grown.collect()
}

#[test]
fn the_schema_of_definitions_agrees_with_the_parser() {
    agree_after_every_change(DEFINITION_SCHEMA, shape_faults, &full());
}

/// The definition with one page of every type, each with every member that it may have.
fn full() -> Value {
    let mut document = common::json(EVERY_PAGE);
    let schema = common::json(DEFINITION_SCHEMA);
    for page in document["pages"].as_array_mut().unwrap() {
        let members = page.as_object_mut().unwrap();
        let kind = members["type"].as_str().unwrap().to_owned();
        // Two definitions cannot bear the name of their type: `text` and `month` are taken.
        let name = match kind.as_str() {
            "text" => "short_text",
            "month" => "month_question",
            kind => kind,
        };
        for member in schema["$defs"][name]["properties"].as_object().unwrap().keys() {
            let value = match member.as_str() {
                "section" => json!("core"),
                "ask_if" => json!("context.site == \"met\""),
                "hint" => json!("H"),
                "body" => json!(["B"]),
                "sensitivity" => json!("personal"),
                "declined" | "dont_know" => json!(true),
                "also" => json!([{"code": 95, "label": "A"}]),
                _ => continue,
            };
            members.entry(member).or_insert(value);
        }
        for member in schema["$defs"][name]["properties"].as_object().unwrap().keys() {
            assert!(members.contains_key(member), "the `{name}` page has no `{member}`");
        }
    }
    // Short, so that changing it thousands of times takes seconds.
    document["pages"][3]["options"].as_array_mut().unwrap().truncate(2);
    document
}

#[test]
fn the_schema_of_support_lines_agrees_with_the_parser() {
    let document =
        json!({"$schema": "x", "format": 1, "lines": common::json(EVERY_PAGE)["support_lines"]});
    agree_after_every_change(HELPLINES_SCHEMA, helplines_faults, &document);
}

#[test]
fn the_surveys_of_this_project_are_valid() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../surveys");
    let (definitions, helplines) = (validator(DEFINITION_SCHEMA), validator(HELPLINES_SCHEMA));
    let mut seen = 0;
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        let document = common::json(&std::fs::read_to_string(&path).unwrap());
        if document.get("texts").is_some() {
            continue; // translations, which `survey-analyst check` reads
        }
        let is_definition = document.get("pages").is_some();
        let schema = if is_definition { &definitions } else { &helplines };
        if let Err(error) = schema.validate(&document) {
            panic!("{}: {}: {error}", path.display(), error.instance_path());
        }
        seen += 1;
    }
    assert!(seen >= 2, "model survey and support lines are there");
    assert!(helplines.is_valid(&common::json(HELPLINES)));
}

/// Editors show the description of whatever an author points at.
#[test]
fn every_member_of_the_schemas_is_described() {
    for schema in [DEFINITION_SCHEMA, HELPLINES_SCHEMA] {
        let schema = common::json(schema);
        assert!(schema["$id"].as_str().is_some_and(|id| id.starts_with("urn:ssp:")));
        for pointer in pointers(&schema) {
            let Some((parent, name)) = pointer.rsplit_once('/') else { continue };
            let is_member = parent.ends_with("/properties") && !parent.contains("/if/");
            let described = |value: &Value| {
                value["description"].as_str().is_some_and(|d| d.ends_with(['.', ')', '"']))
            };
            let member = schema.pointer(&pointer).unwrap();
            let target = member["$ref"].as_str().and_then(|r| schema.pointer(r.strip_prefix('#')?));
            if is_member || parent == "/$defs" {
                assert!(described(member) || target.is_some_and(described), "{pointer} ({name})");
            }
        }
    }
}
