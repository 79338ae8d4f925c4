//! Writes a document.

use std::fmt::Write as _;

use quick_xml::escape::escape;

use super::{Document, NAMESPACE, Unit};

/// The document as XML.
pub(in super::super) fn write(document: &Document) -> String {
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    // Writing to a string cannot fail.
    let _ = writeln!(
        xml,
        "<xliff xmlns=\"{NAMESPACE}\" version=\"2.1\" srcLang=\"{}\" trgLang=\"{}\">",
        escape(&*document.source),
        escape(&*document.target)
    );
    for file in &document.files {
        let (id, original) = (escape(&*file.id), escape(&*file.original));
        let _ = writeln!(xml, "  <file id=\"{id}\" original=\"{original}\">");
        notes(&mut xml, "    ", &file.notes);
        for unit in &file.units {
            write_unit(&mut xml, unit);
        }
        xml.push_str("  </file>\n");
    }
    xml.push_str("</xliff>\n");
    xml
}

fn write_unit(xml: &mut String, unit: &Unit) {
    let _ = writeln!(xml, "    <unit id=\"{}\" canResegment=\"no\">", escape(&*unit.id));
    notes(xml, "      ", &unit.notes);
    let _ = writeln!(xml, "      <segment state=\"{}\">", unit.state.name());
    let _ = writeln!(xml, "        <source>{}</source>", escape(&*unit.source));
    if let Some(target) = &unit.target {
        let _ = writeln!(xml, "        <target>{}</target>", escape(&**target));
    }
    xml.push_str("      </segment>\n    </unit>\n");
}

fn notes(xml: &mut String, indent: &str, notes: &[String]) {
    if notes.is_empty() {
        return;
    }
    let _ = writeln!(xml, "{indent}<notes>");
    for note in notes {
        let _ = writeln!(xml, "{indent}  <note>{}</note>", escape(&**note));
    }
    let _ = writeln!(xml, "{indent}</notes>");
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{
        super::{
            File, State,
            tree::{Element, Node, parse},
        },
        *,
    };

    /// What the core schema allows in an element, in its order: names, and how many at most.
    fn allowed(element: &str) -> &'static [(&'static str, usize)] {
        const MANY: usize = usize::MAX;
        match element {
            "xliff" => &[("file", MANY)],
            "file" => &[("skeleton", 1), ("notes", 1), ("unit", MANY)],
            "unit" => &[("notes", 1), ("originalData", 1), ("segment", MANY)],
            "notes" => &[("note", MANY)],
            "segment" => &[("source", 1), ("target", 1)],
            _ => &[],
        }
    }

    /// Holds an element against the core schema as far as this writer uses it.
    fn check(element: &Element) {
        assert_eq!(element.namespace, NAMESPACE, "<{}>", element.name);
        let allowed = allowed(&element.name);
        let mut at = 0;
        for child in element.elements() {
            let place = allowed.iter().position(|(name, _)| *name == child.name);
            let place = place.unwrap_or_else(|| panic!("<{}> in <{}>", child.name, element.name));
            assert!(place >= at, "<{}> stands too late in <{}>", child.name, element.name);
            at = place;
            let count = element.elements().filter(|other| other.name == child.name).count();
            assert!(count <= allowed[place].1, "{count} <{}>", child.name);
            check(child);
        }
        let has = |name: &str| element.elements().any(|child| child.name == name);
        let attributes: BTreeSet<&str> =
            element.attributes.iter().map(|(name, _)| &**name).collect();
        let (needed, optional): (&[&str], &[&str]) = match &*element.name {
            "xliff" => (&["version", "srcLang"], &["trgLang", "xmlns"]),
            "file" => (&["id"], &["original"]),
            "unit" => (&["id"], &["canResegment"]),
            "segment" => (&[], &["state"]),
            _ => (&[], &[]),
        };
        assert!(needed.iter().all(|name| attributes.contains(name)), "{attributes:?}");
        let known = |name: &&str| needed.contains(name) || optional.contains(name);
        assert!(attributes.iter().all(known), "{attributes:?}");
        let text = element.children.iter().any(|child| match child {
            Node::Text(text) => !text.trim().is_empty(),
            Node::Element(_) => false,
        });
        match &*element.name {
            "file" => assert!(has("unit")),
            "unit" => assert!(has("segment")),
            "notes" => assert!(has("note")),
            // Another state than `initial` says that there is a target.
            "segment" => assert!(
                has("source") && (has("target") || element.attribute("state") == Some("initial"))
            ),
            _ => {}
        }
        assert!(!text || matches!(&*element.name, "note" | "source" | "target"));
        // An id is an NMTOKEN.
        if let Some(id) = element.attribute("id") {
            let token = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | ':');
            assert!(!id.is_empty() && id.chars().all(token), "{id}");
        }
    }

    #[test]
    fn what_is_written_has_the_form_of_the_core_schema() {
        let unit = |id: &str, target: Option<&str>, state| Unit {
            id: id.to_owned(),
            notes: vec!["A < note".to_owned(), "Another".to_owned()],
            source: "\"One\" & <two>".to_owned(),
            target: target.map(str::to_owned),
            state,
        };
        let document = Document {
            source: "en".to_owned(),
            target: "zh-Hans".to_owned(),
            files: vec![File {
                id: "survey.a-b".to_owned(),
                original: "a \"b\".json".to_owned(),
                notes: vec!["For all".to_owned()],
                units: vec![
                    unit("lists.yes_no.1.label", None, State::Initial),
                    Unit { notes: Vec::new(), ..unit("title", Some("一"), State::Final) },
                ],
            }],
        };
        let root = parse(&write(&document)).unwrap();
        assert_eq!((&*root.name, root.attribute("version")), ("xliff", Some("2.1")));
        check(&root);
    }
}
