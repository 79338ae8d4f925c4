//! A page as assistive technology gets it, as text that can be compared.

use std::{collections::HashMap, fmt::Write as _};

use anyhow::{Context as _, Result};
use serde_json::{Value, json};

use crate::browser::Browser;

/// What is said of an element beside its role, its name and its description.
const STATES: [&str; 11] = [
    "level",
    "checked",
    "selected",
    "expanded",
    "invalid",
    "disabled",
    "readonly",
    "required",
    "multiselectable",
    "live",
    "focused",
];

/// What is drawn and not read, or read as part of what it stands in.
const PASSED_OVER: [&str; 7] =
    ["generic", "none", "InlineTextBox", "LineBreak", "ListMarker", "LabelText", "Legend"];

impl Browser {
    /// The accessibility tree of the tab's document: a line for each element, its role, its name,
    /// `(its description)`, `= its value` and `[its states]`. It needs no JavaScript in the page.
    ///
    /// # Errors
    ///
    /// The browser gives none.
    pub async fn accessibility_tree(&self) -> Result<String> {
        let tree = self.command("Accessibility.getFullAXTree", json!({})).await?;
        let nodes = tree["nodes"].as_array().context("no accessibility tree")?;
        let by_id: HashMap<&str, &Value> =
            nodes.iter().filter_map(|node| Some((node["nodeId"].as_str()?, node))).collect();
        let root = nodes.first().context("an empty accessibility tree")?;
        let mut text = String::new();
        write(&by_id, root, 0, "", &mut text);
        Ok(text)
    }
}

fn write(by_id: &HashMap<&str, &Value>, node: &Value, depth: usize, around: &str, to: &mut String) {
    let role = node["role"]["value"].as_str().unwrap_or_default();
    let name = node["name"]["value"].as_str().unwrap_or_default().trim();
    let passed_over = node["ignored"] == true
        || PASSED_OVER.contains(&role)
        // The text that the name of the element around it is made of.
        || (role == "StaticText" && around.contains(name));
    let mut below = depth;
    let mut inside = around;
    if !passed_over {
        let _ = write!(to, "{:width$}{role}", "", width = depth * 2);
        line(node, name, to);
        to.push('\n');
        below += 1;
        inside = name;
    }
    for child in node["childIds"].as_array().into_iter().flatten() {
        if let Some(child) = child.as_str().and_then(|id| by_id.get(id)) {
            write(by_id, child, below, inside, to);
        }
    }
}

fn line(node: &Value, name: &str, to: &mut String) {
    // Writing to a string does not fail.
    if !name.is_empty() {
        let _ = write!(to, " {name:?}");
    }
    let description = node["description"]["value"].as_str().unwrap_or_default().trim();
    if !description.is_empty() {
        let _ = write!(to, " ({description})");
    }
    match &node["value"]["value"] {
        Value::Null => {}
        Value::String(value) if value.is_empty() => {}
        value => {
            let _ = write!(to, " = {value}");
        }
    }
    let properties = node["properties"].as_array().into_iter().flatten();
    let is_document = node["role"]["value"] == "RootWebArea";
    let states = properties.filter_map(|property| {
        let name = property["name"].as_str().filter(|name| STATES.contains(name))?;
        // That of the window, which is whose it is by chance.
        if is_document && name == "focused" {
            return None;
        }
        match &property["value"]["value"] {
            Value::Bool(false) => None,
            Value::String(value) if value == "false" && name != "checked" => None,
            Value::Bool(true) => Some(name.to_owned()),
            Value::String(value) => Some(format!("{name} {value}")),
            value => Some(format!("{name} {value}")),
        }
    });
    let states: Vec<String> = states.collect();
    if !states.is_empty() {
        let _ = write!(to, " [{}]", states.join(", "));
    }
}
