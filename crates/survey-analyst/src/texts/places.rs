//! Where texts stand in a definition and in a file of support lines, and what each place is called.
//!
//! A place is named by what stays when a file is edited: keys, ids and codes, so that a page more
//! moves nothing. Paragraphs have only their number. `tests::schema` holds this table against
//! `docs/definition.schema.json`.

use crate::json_text::{elements, members, object};

/// What may hold texts in a file.
pub(crate) enum Shape {
    /// A text: a string, or an object of strings by language.
    Text,
    /// An array of texts, named by their numbers from 0.
    Texts,
    /// An object with these members.
    Object(&'static [(&'static str, Shape)]),
    /// An array of objects that are named by one of their members.
    Each(&'static str, &'static [(&'static str, Shape)]),
    /// An object whose members have names of the author's own.
    Named(&'static Shape),
}

use Shape::{Each, Named, Object, Text, Texts};

const OPTIONS: Shape = Each("code", &[("label", Text), ("hint", Text)]);

const LINES: Shape = Each("id", &[("name", Text), ("hours", Text), ("note", Text)]);

/// A definition, in the order in which people come to its texts.
pub(crate) const DEFINITION: Shape = Object(&[
    ("title", Text),
    ("owner", Text),
    ("lists", Named(&OPTIONS)),
    ("sections", Each("id", &[("title", Text)])),
    ("start", Object(&[("body", Texts)])),
    (
        "pages",
        Each(
            "key",
            &[
                ("text", Text),
                ("hint", Text),
                ("heading", Text),
                ("body", Texts),
                ("options", OPTIONS),
                ("also", OPTIONS),
                ("min_label", Text),
                ("max_label", Text),
                ("go_on", Text),
                ("finish", Text),
            ],
        ),
    ),
    ("end", Object(&[("heading", Text), ("body", Texts)])),
    ("support_lines", LINES),
]);

/// A file of support lines.
pub(crate) const HELPLINES: Shape = Object(&[("lines", LINES)]);

/// `json` with every text replaced for which `change` gives another value. It is told the place and
/// the text as it is spelled. All else keeps its spelling and order.
///
/// `json` is compact (see `json_text`) and was accepted by the parser of its format before.
pub(crate) fn rewrite(
    shape: &Shape,
    json: &str,
    change: &mut dyn FnMut(&str, &str) -> Option<String>,
) -> String {
    walk(shape, "", json, change)
}

/// The texts of a file: place, and the text as it is spelled.
pub(crate) fn list(shape: &Shape, json: &str) -> Vec<(String, String)> {
    let mut texts = Vec::new();
    rewrite(shape, json, &mut |path, text| {
        texts.push((path.to_owned(), text.to_owned()));
        None
    });
    texts
}

fn walk(
    shape: &Shape,
    path: &str,
    json: &str,
    change: &mut dyn FnMut(&str, &str) -> Option<String>,
) -> String {
    let array = json.starts_with('[');
    match shape {
        Text => change(path, json).unwrap_or_else(|| json.to_owned()),
        Texts if array => {
            let texts = elements(json).into_iter().enumerate();
            bracket(texts.map(|(i, text)| walk(&Text, &format!("{path}.{i}"), text, change)))
        }
        Object(known) => walk_members(known, path, json, change),
        Each(name, known) if array => bracket(elements(json).into_iter().map(|element| {
            let own = members(element).into_iter().find(|(member, _)| member == name);
            let own = own.map(|(_, value)| spoken(value)).unwrap_or_default();
            walk_members(known, &join(path, &own), element, change)
        })),
        Named(shape) => {
            let changed = members(json).into_iter().map(|(name, value)| {
                (name, walk(shape, &join(path, &spoken(&format!("\"{name}\""))), value, change))
            });
            let changed: Vec<_> = changed.collect();
            object(changed.iter().map(|(name, value)| (*name, &**value)))
        }
        // `{"list": …}` stands for options that are elsewhere.
        Texts | Each(..) => json.to_owned(),
    }
}

fn walk_members(
    known: &[(&'static str, Shape)],
    path: &str,
    json: &str,
    change: &mut dyn FnMut(&str, &str) -> Option<String>,
) -> String {
    let changed = members(json).into_iter().map(|(name, value)| {
        let shape = known.iter().find(|(known, _)| *known == name);
        let value = match shape {
            Some((_, shape)) => walk(shape, &join(path, name), value, change),
            None => value.to_owned(),
        };
        (name, value)
    });
    let changed: Vec<_> = changed.collect();
    object(changed.iter().map(|(name, value)| (*name, &**value)))
}

fn bracket(elements: impl Iterator<Item = String>) -> String {
    format!("[{}]", elements.collect::<Vec<_>>().join(","))
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

/// A key, id or code as it is meant: `"a"` is spelled with quotes, and 1 may be spelled 1.0.
fn spoken(value: &str) -> String {
    match serde_json::from_str(value) {
        Ok(serde_json::Value::String(name)) => name,
        Ok(serde_json::Value::Number(number)) => {
            number.as_f64().map(|code| code.to_string()).unwrap_or_default()
        }
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value;

    use super::*;
    use crate::json_text::compact;

    const EVERY_PAGE: &str = include_str!("../../../survey-core/tests/fixtures/every-page.json");

    fn paths(shape: &Shape, json: &str) -> Vec<String> {
        list(shape, &compact(json)).into_iter().map(|(path, _)| path).collect()
    }

    #[test]
    fn places_are_named_by_keys_ids_and_codes() {
        let draft = r#"{"title":{"en":"T","cy":"C"},"lists":{"yes":[{"code":1.0,"label":"Yes"}]},
            "sections":[{"id":"core","title":"Main"}],"start":{"body":["One","Two"]},
            "pages":[{"key":"overall","text":"How?","options":{"list":"yes"},
              "also":[{"code":95,"label":"No","hint":"Not at all"}]},
              {"key":"more","heading":"More","body":["A"],"go_on":"Go","finish":"End"},
              {"key":"r","text":"R","min_label":"Min","max_label":"Max"}],
            "end":{"heading":"Sent","body":["x"]},"context":{"title":["a"]}}"#;
        assert_eq!(
            paths(&DEFINITION, draft),
            [
                "title",
                "lists.yes.1.label",
                "sections.core.title",
                "start.body.0",
                "start.body.1",
                "pages.overall.text",
                "pages.overall.also.95.label",
                "pages.overall.also.95.hint",
                "pages.more.heading",
                "pages.more.body.0",
                "pages.more.go_on",
                "pages.more.finish",
                "pages.r.text",
                "pages.r.min_label",
                "pages.r.max_label",
                "end.heading",
                "end.body.0",
            ]
        );
        let lines = r#"{"format":1,"lines":[{"id":"a","name":"A","phone":"999","note":"N"}]}"#;
        assert_eq!(paths(&HELPLINES, lines), ["lines.a.name", "lines.a.note"]);
    }

    #[test]
    fn what_is_not_changed_keeps_its_bytes() {
        let text = compact(EVERY_PAGE);
        assert_eq!(rewrite(&DEFINITION, &text, &mut |_, _| None), text);
        let changed = rewrite(&DEFINITION, &text, &mut |path, old| {
            (path == "end.heading").then(|| format!("{{\"en\":{old},\"cy\":\"Anfonwyd\"}}"))
        });
        assert_eq!(changed.len(), text.len() + "{\"en\":,\"cy\":\"Anfonwyd\"}".len());
        assert!(changed.contains("\"cy\":\"Anfonwyd\""));
    }

    /// The schema calls every text by one name; this table has to know each place that does.
    #[test]
    fn every_text_of_the_schema_has_a_place() {
        for (schema, shape) in [
            (include_str!("../../../../docs/definition.schema.json"), &DEFINITION),
            (include_str!("../../../../docs/helplines.schema.json"), &HELPLINES),
        ] {
            let schema: serde_json::Value = serde_json::from_str(schema).unwrap();
            let mut texts = BTreeSet::new();
            members_of_schema(&schema, &schema, &mut texts);
            let mut known = BTreeSet::new();
            members_of_shape(shape, &mut known);
            assert_eq!(texts, known);
        }
    }

    /// The names of members that hold a text or texts.
    fn members_of_schema(schema: &Value, node: &Value, into: &mut BTreeSet<String>) {
        if let Some(properties) = node.get("properties").and_then(Value::as_object) {
            let texts = properties.iter().filter(|(_, property)| is_text(schema, property));
            into.extend(texts.map(|(name, _)| name.clone()));
        }
        match node {
            Value::Object(map) => {
                map.values().for_each(|node| members_of_schema(schema, node, into));
            }
            Value::Array(list) => {
                list.iter().for_each(|node| members_of_schema(schema, node, into));
            }
            _ => {}
        }
    }

    /// Whether a schema says that something is a text, or an array of texts.
    fn is_text(schema: &Value, node: &Value) -> bool {
        match node.get("$ref").and_then(Value::as_str) {
            Some("#/$defs/text") => true,
            Some(name) => is_text(schema, &schema["$defs"][name.trim_start_matches("#/$defs/")]),
            None => node.get("items").is_some_and(|items| is_text(schema, items)),
        }
    }

    fn members_of_shape(shape: &Shape, into: &mut BTreeSet<String>) {
        match shape {
            Object(known) | Each(_, known) => {
                for (name, shape) in *known {
                    if matches!(shape, Text | Texts) {
                        into.insert((*name).to_owned());
                    }
                    members_of_shape(shape, into);
                }
            }
            Named(shape) => members_of_shape(shape, into),
            Text | Texts => {}
        }
    }
}
