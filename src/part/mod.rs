//! Pieces without state that pages share.

mod languages;
mod support_lines;

use survey_core::Text;
use wasm_bindgen::JsCast;
use web_sys::{Event, UiEvent};

use crate::{
    node::{Element, Node, el},
    state::{Press, Ui},
    text::{Said, Sentence},
};
pub(crate) use languages::{LINE as LANGUAGES, languages};
pub(crate) use support_lines::support_lines;

/// A paragraph.
pub(crate) fn paragraph(said: Said) -> Element {
    el("p").class("v-paragraph").says(said)
}

/// One of the widget's own sentences as a paragraph.
pub(crate) fn sentence(ui: Ui, sentence: Sentence) -> Element {
    paragraph(ui.sentence(sentence))
}

/// Paragraphs of the survey, with an id for fields that they describe. Nothing where there is no
/// paragraph, so that no reference points at an empty element.
pub(crate) fn paragraphs(ui: Ui, texts: &[Text], id: Option<String>) -> Node {
    if texts.is_empty() {
        return Node::Nothing;
    }
    let paragraphs: Vec<Node> = texts.iter().map(|text| paragraph(ui.say(text)).into()).collect();
    el("div").class("v-paragraphs").maybe("id", id).child(paragraphs).into()
}

/// The heading of a page. Takes the focus when the page is shown, except on the first: the page
/// around the survey may have the focus for reasons of its own.
pub(crate) fn heading(ui: Ui, said: Said) -> Element {
    bare_heading(ui).says(said)
}

/// A heading without text.
pub(crate) fn bare_heading(ui: Ui) -> Element {
    el("h1").class("v-heading").with("tabindex", "-1").takes_focus(ui.has_turned())
}

/// A button that turns the page, or does what can be done once. A double click counts once: its
/// second half would land on the button of the next page and skip a question that nobody saw.
pub(crate) fn button(
    class: &'static str,
    said: Said,
    press: impl Fn() + Send + 'static,
) -> Element {
    boxed(class, said, Box::new(press))
}

/// One piece of code for all buttons.
fn boxed(class: &'static str, said: Said, press: Box<dyn Fn() + Send>) -> Element {
    let listener = move |event: Event| {
        if event.unchecked_ref::<UiEvent>().detail() <= 1 {
            press();
        }
    };
    el("button").class(class).with("type", "button").on("click", listener).says(said)
}

/// A button that may lead to another page.
pub(crate) fn turn(ui: Ui, class: &'static str, said: Said, press: Press) -> Element {
    button(class, said, move || ui.press(press))
}

/// What stands above the first question.
pub(crate) fn start(ui: Ui) -> Node {
    let definition = ui.definition();
    let owner: Vec<Text> = definition.owner().cloned().into_iter().collect();
    el("div")
        .class("v-start")
        .child(paragraphs(ui, definition.start(), None))
        .child(paragraphs(ui, &owner, None))
        .child(
            el("details")
                .class("v-details")
                .child(
                    el("summary")
                        .class("v-details__summary")
                        .says(ui.sentence(Sentence::AboutPrivacy)),
                )
                .child(sentence(ui, Sentence::Promise)),
        )
        .into()
}
