//! The one type that every view of the widget is made of.
//!
//! `view!` gives each shape of element a Rust type of its own, with its own code to build, rebuild,
//! mount and drop it. That is what makes Leptos fast for pages that change much; here it was most
//! of the payload, on pages that are drawn once and hold twenty elements. A [`Node`] is the same
//! tree with its types erased: one code path for all of them, and a view is a function that says
//! what stands in it. It is a Leptos view like any other (`Render`, `RenderHtml`), it follows
//! signals through Leptos' effects, and the host draws it as text for published documents and
//! tests.
//!
//! ```ignore
//! el("p").class("v-paragraph").lang(said.lang).text(said.text)
//! ```

#[cfg(target_arch = "wasm32")]
mod dom;
mod html;
mod view;

use web_sys::Event;

use crate::text::Said;

/// Something that can stand in a document.
pub(crate) enum Node {
    /// Nothing.
    Nothing,
    /// Text; whatever is in it is shown as it is.
    Text(String),
    /// An element.
    Element(Element),
    /// One after the other.
    Several(Vec<Node>),
    /// What follows signals: drawn anew, without what stood there, whenever one that it read
    /// changes.
    Live(Draw),
    /// The children of an element that stands in the document already. What it holds is taken
    /// over where it fits, so that nothing flickers and no focus, caret or choice is lost.
    #[cfg(target_arch = "wasm32")]
    Inside(Box<(send_wrapper::SendWrapper<web_sys::Element>, Node)>),
}

type Draw = Box<dyn Fn() -> Node + Send>;

/// An element, its attributes and what is in it.
///
/// In a box from the start: what builds one hands over a pointer each time, and not the whole.
pub(crate) struct Element(Box<Parts>);

struct Parts {
    tag: &'static str,
    attributes: Vec<(&'static str, Value)>,
    listeners: Vec<(&'static str, Listener)>,
    children: Vec<Node>,
    takes_focus: bool,
}

type Listener = Box<dyn Fn(Event) + Send>;

/// What an attribute or a property of an element is set to.
#[cfg_attr(
    not(target_arch = "wasm32"),
    expect(dead_code, reason = "only browsers have properties")
)]
enum Value {
    Constant(&'static str),
    Text(String),
    /// `None`: the attribute is not there.
    Live(Box<dyn Fn() -> Option<String> + Send>),
    /// The property `checked`, which a person changes as well.
    Checked(Box<dyn Fn() -> bool + Send>),
    /// The property `value`, which a person changes as well.
    Typed(Box<dyn Fn() -> String + Send>),
}

/// An element without anything.
pub(crate) fn el(tag: &'static str) -> Element {
    Element(Box::new(Parts {
        tag,
        attributes: Vec::new(),
        listeners: Vec::new(),
        children: Vec::new(),
        takes_focus: false,
    }))
}

/// What follows signals.
pub(crate) fn live(draw: impl Fn() -> Node + Send + 'static) -> Node {
    Node::Live(Box::new(draw))
}

impl Element {
    /// The attribute `class`.
    pub(crate) fn class(self, names: &'static str) -> Self {
        self.with("class", names)
    }

    /// An attribute that is known here.
    pub(crate) fn with(mut self, name: &'static str, value: &'static str) -> Self {
        self.0.attributes.push((name, Value::Constant(value)));
        self
    }

    /// An attribute.
    pub(crate) fn attribute(mut self, name: &'static str, value: String) -> Self {
        self.0.attributes.push((name, Value::Text(value)));
        self
    }

    /// An attribute that is there when it has a value.
    pub(crate) fn maybe(self, name: &'static str, value: Option<String>) -> Self {
        match value {
            Some(value) => self.attribute(name, value),
            None => self,
        }
    }

    /// The attribute `lang`, for text in another language than the page, which may run the other
    /// way as well.
    pub(crate) fn lang(self, lang: Option<String>) -> Self {
        match lang {
            Some(lang) => self.attribute("lang", lang).with("dir", "auto"),
            None => self,
        }
    }

    /// Adds a text, in the language that it is in.
    pub(crate) fn says(self, said: Said) -> Self {
        self.lang(said.lang).text(said.text)
    }

    /// An attribute that follows signals.
    pub(crate) fn live(
        mut self,
        name: &'static str,
        value: impl Fn() -> Option<String> + Send + 'static,
    ) -> Self {
        self.0.attributes.push((name, Value::Live(Box::new(value))));
        self
    }

    /// Whether a box or a radio button is ticked.
    pub(crate) fn checked(mut self, checked: impl Fn() -> bool + Send + 'static) -> Self {
        self.0.attributes.push(("checked", Value::Checked(Box::new(checked))));
        self
    }

    /// What stands in a field or is chosen from a list.
    pub(crate) fn typed(mut self, value: impl Fn() -> String + Send + 'static) -> Self {
        self.0.attributes.push(("value", Value::Typed(Box::new(value))));
        self
    }

    /// What is done on an event.
    pub(crate) fn on(
        mut self,
        event: &'static str,
        listener: impl Fn(Event) + Send + 'static,
    ) -> Self {
        self.0.listeners.push((event, Box::new(listener)));
        self
    }

    /// Whether the element takes the focus when it is drawn.
    pub(crate) fn takes_focus(mut self, takes: bool) -> Self {
        self.0.takes_focus = takes;
        self
    }

    /// Adds text.
    pub(crate) fn text(self, text: impl Into<String>) -> Self {
        self.child(Node::Text(text.into()))
    }

    /// Adds what stands in the element, after what stands there already.
    pub(crate) fn child(self, child: impl Into<Node>) -> Self {
        self.add(child.into())
    }

    /// One piece of code for all that can be added.
    fn add(mut self, child: Node) -> Self {
        self.0.children.push(child);
        self
    }
}

impl From<Element> for Node {
    fn from(element: Element) -> Self {
        Self::Element(element)
    }
}

/// In an element of its own where it is not in the language of the page.
impl From<Said> for Node {
    fn from(said: Said) -> Self {
        if said.lang.is_some() { el("span").says(said).into() } else { Self::Text(said.text) }
    }
}

impl From<Vec<Said>> for Node {
    fn from(pieces: Vec<Said>) -> Self {
        Self::Several(pieces.into_iter().map(Into::into).collect())
    }
}

impl From<Vec<Self>> for Node {
    fn from(nodes: Vec<Self>) -> Self {
        Self::Several(nodes)
    }
}

impl<T: Into<Self>> From<Option<T>> for Node {
    fn from(node: Option<T>) -> Self {
        node.map_or(Self::Nothing, Into::into)
    }
}
