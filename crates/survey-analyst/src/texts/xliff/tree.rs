//! An XML document as a tree, with what XLIFF needs of it and nothing that can be abused: no
//! document type, so no entities of the file's own; a limit to its depth.

use quick_xml::{NsReader, events::Event, name::ResolveResult};

/// Deeper than any tool nests groups.
const DEEPEST: usize = 64;

/// An element.
#[derive(Debug, Default)]
pub(super) struct Element {
    /// Its name without prefix.
    pub(super) name: String,
    pub(super) namespace: String,
    /// Names with their prefixes, as written, and values.
    pub(super) attributes: Vec<(String, String)>,
    pub(super) children: Vec<Node>,
}

/// What stands in an element.
#[derive(Debug)]
pub(super) enum Node {
    Element(Element),
    Text(String),
}

impl Element {
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| &**value)
    }

    pub(super) fn elements(&self) -> impl Iterator<Item = &Element> {
        self.children.iter().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }
}

/// Reads a document and gives its outermost element.
///
/// # Errors
///
/// What is wrong, with the byte where it was noticed.
pub(super) fn parse(xml: &str) -> Result<Element, String> {
    let mut reader = NsReader::from_str(xml);
    let mut open = vec![Element::default()];
    loop {
        let at = reader.buffer_position();
        let wrong = |what: &dyn std::fmt::Display| {
            format!("not XML that can be read, at byte {at}: {what}")
        };
        let (namespace, event) = reader.read_resolved_event().map_err(|error| wrong(&error))?;
        match event {
            Event::Start(ref start) | Event::Empty(ref start) => {
                let mut element = Element {
                    name: start.local_name().as_ref().to_owned(),
                    namespace: match namespace {
                        ResolveResult::Bound(namespace) => namespace.as_ref().to_owned(),
                        _ => String::new(),
                    },
                    ..Element::default()
                };
                for attribute in start.attributes() {
                    let attribute = attribute.map_err(|error| wrong(&error))?;
                    let value = attribute.normalized_value(quick_xml::XmlVersion::Explicit1_0);
                    let value = value.map_err(|error| wrong(&error))?.into_owned();
                    element.attributes.push((attribute.key.as_ref().to_owned(), value));
                }
                if open.len() > DEEPEST {
                    return Err(wrong(&"nested too deep"));
                }
                open.push(element);
                if matches!(event, Event::Empty(_)) {
                    close(&mut open);
                }
            }
            Event::End(_) => close(&mut open),
            Event::Text(text) => {
                let text = text.xml_content(quick_xml::XmlVersion::Explicit1_0);
                push(&mut open, &text);
            }
            Event::CData(text) => {
                let text = text.xml_content(quick_xml::XmlVersion::Explicit1_0);
                push(&mut open, &text);
            }
            Event::GeneralRef(reference) => {
                let character = reference.resolve_char_ref().map_err(|error| wrong(&error))?;
                let name: &str = &reference;
                let text = match character {
                    Some(character) => character.to_string(),
                    None => quick_xml::escape::resolve_xml_entity(name)
                        .ok_or_else(|| wrong(&format!("unknown entity &{name};")))?
                        .to_owned(),
                };
                push(&mut open, &text);
            }
            Event::DocType(_) => return Err(wrong(&"a document type; XLIFF has none")),
            Event::Eof => break,
            Event::Decl(_) | Event::Comment(_) | Event::PI(_) => {}
        }
    }
    match &mut open[..] {
        [outer] => match outer.children.iter().position(|node| matches!(node, Node::Element(_))) {
            Some(at) => match outer.children.swap_remove(at) {
                Node::Element(root) => Ok(root),
                Node::Text(_) => Err("no element".to_owned()),
            },
            None => Err("there is no element in it".to_owned()),
        },
        [.., last] => Err(format!("it ends inside of <{}>", last.name)),
        [] => Err("there is no element in it".to_owned()),
    }
}

/// Ends the innermost element. The reader checks that names match, so one is open.
fn close(open: &mut Vec<Element>) {
    if let Some(element) = open.pop().filter(|_| !open.is_empty())
        && let Some(parent) = open.last_mut()
    {
        parent.children.push(Node::Element(element));
    }
}

fn push(open: &mut [Element], text: &str) {
    let Some(element) = open.last_mut() else { return };
    match element.children.last_mut() {
        Some(Node::Text(before)) => before.push_str(text),
        _ => element.children.push(Node::Text(text.to_owned())),
    }
}
