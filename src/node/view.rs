//! A [`Node`] as a view of Leptos, so that Leptos mounts it and `view!` can hold it.

use leptos::{
    attr::{Attribute, any_attribute::AnyAttribute},
    prelude::untrack,
    tachys::{
        hydration::Cursor,
        view::{Mountable, Position, PositionState, Render, RenderHtml, add_attr::AddAnyAttr},
    },
};

#[cfg(not(target_arch = "wasm32"))]
use web_sys::Element;

use super::Node;
#[cfg(target_arch = "wasm32")]
use super::dom::Drawn;

/// Nothing: on the host, views are written as text only.
#[cfg(not(target_arch = "wasm32"))]
pub(crate) struct Drawn;

#[cfg(not(target_arch = "wasm32"))]
impl Drawn {
    fn new(_: Node) -> Self {
        Self
    }
}

impl Render for Node {
    type State = Drawn;

    fn build(self) -> Drawn {
        Drawn::new(self)
    }

    fn rebuild(self, state: &mut Drawn) {
        let mut new = self.build();
        state.insert_before_this(&mut new);
        state.unmount();
        *state = new;
    }
}

#[cfg(not(target_arch = "wasm32"))]
impl Mountable for Drawn {
    fn unmount(&mut self) {}

    fn mount(&mut self, _: &Element, _: Option<&web_sys::Node>) {}

    fn insert_before_this(&self, _: &mut dyn Mountable) -> bool {
        false
    }

    fn elements(&self) -> Vec<Element> {
        Vec::new()
    }
}

impl AddAnyAttr for Node {
    type Output<NewAttribute: Attribute> = Self;

    /// A node has the attributes that it was made with.
    fn add_any_attr<NewAttribute: Attribute>(self, _: NewAttribute) -> Self {
        self
    }
}

impl RenderHtml for Node {
    type AsyncOutput = Self;
    type Owned = Self;

    const MIN_LENGTH: usize = 0;

    fn dry_resolve(&mut self) {}

    async fn resolve(self) -> Self {
        self
    }

    fn to_html_with_buf(
        self,
        html: &mut String,
        position: &mut Position,
        _escape: bool,
        _mark_branches: bool,
        _extra_attributes: Vec<AnyAttribute>,
    ) {
        // Text follows nothing.
        untrack(|| self.write(html));
        *position = Position::NextChild;
    }

    /// Leptos' own hydration needs marks in the document; [`Node::Inside`] does without.
    fn hydrate<const FROM_SERVER: bool>(self, _: &Cursor, _: &PositionState) -> Drawn {
        self.build()
    }

    fn into_owned(self) -> Self {
        self
    }
}
