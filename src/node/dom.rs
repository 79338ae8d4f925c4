//! A [`Node`] in the document of the browser: drawn anew, or taken over from what stands there.

use std::{cell::RefCell, rc::Rc};

use leptos::{
    prelude::{RenderEffect, document},
    tachys::view::Mountable,
};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Event, HtmlElement, HtmlInputElement};

use super::{Listener, Node, Parts, Value};

/// What has to live as long as a drawn node: effects and listeners end when it is dropped.
#[derive(Default)]
struct Kept {
    effects: Vec<RenderEffect<Self>>,
    listeners: Vec<Closure<dyn Fn(Event)>>,
    focus: Option<HtmlElement>,
}

/// A node in a document: the first and the last of what stands side by side in it. Whatever
/// follows signals stands between two marks that stay, so these two do as well.
pub(crate) struct Drawn {
    ends: Option<(web_sys::Node, web_sys::Node)>,
    _kept: Kept,
}

impl Drawn {
    pub(super) fn new(node: Node) -> Self {
        let mut kept = Kept::default();
        let ends = if let Node::Inside(inside) = node {
            let (element, node) = *inside;
            let parent: web_sys::Node = element.take().into();
            let mut place = Place { next: parent.first_child(), parent, adopting: true };
            place.draw(node, &mut kept);
            place.drop_rest();
            None
        } else {
            let parent: web_sys::Node = document().create_document_fragment().into();
            let mut place = Place { parent, next: None, adopting: false };
            place.draw(node, &mut kept);
            place.parent.first_child().zip(place.parent.last_child())
        };
        kept.take_focus();
        Self { ends, _kept: kept }
    }

    /// What stands side by side, from the first to the last.
    fn top(&self) -> Vec<web_sys::Node> {
        let Some((first, last)) = &self.ends else { return Vec::new() };
        let next = |node: &web_sys::Node| node.next_sibling().filter(|_| node != last);
        std::iter::successors(Some(first.clone()), next).collect()
    }
}

/// Where the next node goes.
#[derive(Clone)]
struct Place {
    parent: web_sys::Node,
    /// What stands there now, or before what the next one goes.
    next: Option<web_sys::Node>,
    /// Whether to take over what stands there, if it is of the right kind.
    adopting: bool,
}

impl Place {
    fn draw(&mut self, node: Node, kept: &mut Kept) {
        match node {
            Node::Nothing => {}
            Node::Text(text) => self.text(&text),
            Node::Element(element) => self.element(*element.0, kept),
            Node::Several(nodes) => {
                for node in nodes {
                    self.draw(node, kept);
                }
            }
            Node::Live(draw) => self.live(draw, kept),
            Node::Inside(inside) => self.draw(inside.1, kept),
        }
    }

    fn insert(&self, node: &web_sys::Node) {
        // Fails only where a node of this kind cannot stand, and here all can.
        let _ = self.parent.insert_before(node, self.next.as_ref());
    }

    fn text(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        if self.adopting
            && let Some(found) = self.next.as_ref().and_then(|n| n.dyn_ref::<web_sys::Text>())
        {
            let data = found.data();
            if data == text {
                self.next = found.next_sibling();
                return;
            }
            // In a document, texts that stand side by side are one.
            if data.starts_with(text)
                && let Ok(rest) = found.split_text(text.encode_utf16().count() as u32)
            {
                self.next = Some(rest.into());
                return;
            }
        }
        self.insert(&document().create_text_node(text));
    }

    fn element(&mut self, element: Parts, kept: &mut Kept) {
        let found = self.next.as_ref().filter(|_| self.adopting);
        let found = found.and_then(|node| node.dyn_ref::<web_sys::Element>());
        let found = found.filter(|found| found.local_name() == element.tag).cloned();
        let adopting = found.is_some();
        let node = match found {
            Some(found) => {
                self.next = found.next_sibling();
                found
            }
            None => {
                // Fails only for names that are none; ours are constants.
                let Ok(node) = document().create_element(element.tag) else { return };
                node
            }
        };
        let parent: web_sys::Node = node.clone().into();
        let mut inside = Place { next: parent.first_child(), parent, adopting };
        let mut properties = Vec::new();
        for (name, value) in element.attributes {
            match value {
                // A document that is taken over was made from the same constants.
                Value::Constant(_) | Value::Text(_) if adopting => {}
                Value::Constant(value) => set(&node, name, Some(value)),
                Value::Text(value) => set(&node, name, Some(&value)),
                value => properties.push((name, value)),
            }
        }
        for child in element.children {
            inside.draw(child, kept);
        }
        inside.drop_rest();
        // After the children: the value of a list is one of its options.
        for (name, value) in properties {
            kept.effects.push(follow(node.clone(), name, value, adopting));
        }
        for (event, listener) in element.listeners {
            kept.listen(&node, event, listener);
        }
        if element.takes_focus {
            kept.focus = node.clone().dyn_into().ok();
        }
        if !adopting {
            self.insert(&node);
        }
    }

    /// Draws between two empty texts, by which the place is found again.
    fn live(&mut self, draw: super::Draw, kept: &mut Kept) {
        let mark = || -> web_sys::Node { document().create_text_node("").into() };
        let (start, end) = (mark(), mark());
        self.insert(&start);
        let place = Rc::new(RefCell::new(Some(self.clone())));
        let first = Rc::clone(&place);
        let last = end.clone();
        kept.effects.push(RenderEffect::new(move |before: Option<Kept>| {
            // First, so that no effect of what goes sees that it does.
            drop(before);
            let mut kept = Kept::default();
            let taken = first.borrow_mut().take();
            if let Some(mut place) = taken {
                place.draw(draw(), &mut kept);
                place.insert(&last);
                *first.borrow_mut() = Some(place);
            } else if let Some(parent) = last.parent_node() {
                while let Some(old) = start.next_sibling().filter(|old| *old != last) {
                    // Fails only if it stands elsewhere.
                    let _ = parent.remove_child(&old);
                }
                let mut place = Place { parent, next: Some(last.clone()), adopting: false };
                place.draw(draw(), &mut kept);
                kept.take_focus();
            }
            kept
        }));
        // The effect has run once; from now on it finds its place by the marks.
        if let Some(place) = place.borrow_mut().take() {
            *self = place;
        }
    }

    /// Removes what stands in a place that was taken over and has no counterpart.
    fn drop_rest(&mut self) {
        while let Some(rest) = self.next.take_if(|_| self.adopting) {
            self.next = rest.next_sibling();
            // Fails only if it stands elsewhere.
            let _ = self.parent.remove_child(&rest);
        }
    }
}

impl Kept {
    fn listen(&mut self, node: &web_sys::Element, event: &str, listener: Listener) {
        let closure = Closure::<dyn Fn(Event)>::wrap(listener as Box<dyn Fn(Event)>);
        // Fails only for bad arguments.
        let _ = node.add_event_listener_with_callback(event, closure.as_ref().unchecked_ref());
        self.listeners.push(closure);
    }

    fn take_focus(&mut self) {
        if let Some(element) = self.focus.take() {
            // Fails only for elements that cannot take the focus; then it stays where it is.
            let _ = element.focus();
        }
    }
}

/// Keeps an attribute or a property as signals have it. What stands in a control that was taken
/// over is the person's: it is read later, and not written at first.
fn follow(
    node: web_sys::Element,
    name: &'static str,
    value: Value,
    mut adopted: bool,
) -> RenderEffect<Kept> {
    RenderEffect::new(move |_| {
        let adopted = std::mem::take(&mut adopted);
        match &value {
            Value::Live(value) => set(&node, name, value().as_deref()),
            Value::Checked(checked) => {
                let checked = checked();
                let input: &HtmlInputElement = node.unchecked_ref();
                if !adopted && input.checked() != checked {
                    input.set_checked(checked);
                }
            }
            Value::Typed(value) => {
                let value = value();
                // Input, text area and list have it by the same name.
                let input: &HtmlInputElement = node.unchecked_ref();
                // Writing what stands there already would move the caret.
                if !adopted && input.value() != value {
                    input.set_value(&value);
                }
            }
            Value::Constant(_) | Value::Text(_) => {}
        }
        Kept::default()
    })
}

fn set(node: &web_sys::Element, name: &str, value: Option<&str>) {
    // Both fail only for names that are none; ours are constants.
    let _ = match value {
        Some(value) => node.set_attribute(name, value),
        None => node.remove_attribute(name),
    };
}

impl Mountable for Drawn {
    fn unmount(&mut self) {
        for node in self.top() {
            if let Some(parent) = node.parent_node() {
                // Fails only if it stands elsewhere.
                let _ = parent.remove_child(&node);
            }
        }
    }

    fn mount(&mut self, parent: &web_sys::Element, marker: Option<&web_sys::Node>) {
        for node in self.top() {
            // Fails only where a node of this kind cannot stand.
            let _ = parent.insert_before(&node, marker);
        }
    }

    fn insert_before_this(&self, child: &mut dyn Mountable) -> bool {
        let first = self.ends.as_ref().map(|(first, _)| first);
        let Some((first, parent)) = first.zip(first.and_then(|node| node.parent_element())) else {
            return false;
        };
        child.mount(&parent, Some(first));
        true
    }

    fn elements(&self) -> Vec<web_sys::Element> {
        self.top().iter().filter_map(|node| node.dyn_ref().cloned()).collect()
    }
}
