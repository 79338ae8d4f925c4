//! A [`Node`] as the text of an HTML document.
//!
//! Where signals are followed, what they say now is written, without a mark: the browser's side
//! ([`super::dom`]) finds its way by the tree itself.

use super::{Node, Parts, Value};

/// Elements that have no content and no end tag (HTML 13.1.2) and that occur here.
const VOID: [&str; 1] = ["input"];

impl Node {
    /// Writes the node at the end of `html`.
    pub(crate) fn write(&self, html: &mut String) {
        match self {
            Self::Nothing => {}
            Self::Text(text) => escape(text, html),
            Self::Element(element) => element.0.write(html),
            Self::Several(nodes) => nodes.iter().for_each(|node| node.write(html)),
            Self::Live(draw) => draw().write(html),
            #[cfg(target_arch = "wasm32")]
            Self::Inside(inside) => inside.1.write(html),
        }
    }
}

impl Parts {
    fn write(&self, html: &mut String) {
        html.push('<');
        html.push_str(self.tag);
        for (name, value) in &self.attributes {
            match value {
                Value::Constant(value) => attribute(name, value, html),
                Value::Text(value) => attribute(name, value, html),
                Value::Live(value) => {
                    if let Some(value) = value() {
                        attribute(name, &value, html);
                    }
                }
                // Properties: a document is written before anybody entered anything.
                Value::Checked(_) | Value::Typed(_) => {}
            }
        }
        html.push('>');
        if VOID.contains(&self.tag) {
            return;
        }
        self.children.iter().for_each(|child| child.write(html));
        html.push_str("</");
        html.push_str(self.tag);
        html.push('>');
    }
}

fn attribute(name: &str, value: &str, html: &mut String) {
    html.push(' ');
    html.push_str(name);
    if !value.is_empty() {
        html.push_str("=\"");
        escape(value, html);
        html.push('"');
    }
}

/// Text for an element or a quoted attribute.
fn escape(text: &str, html: &mut String) {
    for character in text.chars() {
        match character {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            other => html.push(other),
        }
    }
}
