//! What is typed: one line, several, or a month and a year. Over-typing is allowed and explained;
//! nothing is cut off.

use std::time::Duration;

use leptos::{prelude::*, task::spawn_local};
use survey_core::{Entry, Question};
use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlInputElement, KeyboardEvent};
use zeroize::Zeroizing;

use super::{HOW, Ids, choices::refusal_boxes, described, group, single};
use crate::{
    browser,
    node::{Element, Node, el, live},
    state::{Press, Ui, count},
    text::Sentence,
};

/// How long typing has to pause before the room left is announced.
const PAUSE: Duration = Duration::from_millis(1_000);

/// One line or several.
pub(super) fn text(ui: Ui, ids: Ids, question: &Question, max_length: u16, lines: bool) -> Node {
    let field = if lines { el("textarea").with("rows", "5") } else { one_line(ui) };
    let field = field
        .class("v-text")
        .attribute("id", ids.field())
        .with("dir", "auto")
        // Keeps browsers from sending what is typed to services that correct or complete it.
        .with("autocomplete", "off")
        .with("autocapitalize", "off")
        .with("autocorrect", "off")
        .with("spellcheck", "false")
        .with("translate", "no")
        .with("writingsuggestions", "false")
        .live("aria-invalid", move || ui.has_problem(ids.0).then(|| "true".to_owned()))
        .typed(move || ui.typed(|entry| text_of(entry).to_owned()))
        .on("input", move |event| {
            let text = value(&event);
            let nothing = text.is_empty();
            let entry = if nothing { Entry::Nothing } else { Entry::Text(Zeroizing::new(text)) };
            ui.type_in(ids.0, entry);
            announce_after_pause(ui);
        });
    let max = usize::from(max_length);
    let room =
        move || ui.typed(|entry| ui.sentences().room(text_of(entry).trim().chars().count(), max));
    // Shown at once, announced when typing pauses; not on arrival: the field's description says
    // it then.
    let announced = move || ui.follow_pauses().then(|| Node::from(untrack(room))).into();
    let controls = vec![
        described(field, ui, ids, question, true).into(),
        el("p")
            .class("v-hint")
            .attribute("id", ids.part(HOW))
            .child(live(move || room().into()))
            .into(),
        el("p").class("v-hidden").with("role", "status").child(live(announced)).into(),
        refusal_boxes(ui, ids, question),
    ];
    single(ui, ids, question, Node::Several(controls))
}

/// A month of a year, drawn as two fields for numbers.
pub(super) fn month(ui: Ui, ids: Ids, question: &Question) -> Node {
    let field = |number: usize, label: Sentence, width: &'static str| {
        let is_month = number == 0;
        let part = move || {
            ui.typed(|entry| {
                let (month, year) = month_of(entry);
                if is_month { month } else { year }.to_owned()
            })
        };
        let input = move |event: Event| {
            let typed = value(&event);
            let before = ui.typed_now();
            let (month, year) = month_of(&before);
            let (month, year) = if is_month { (&*typed, year) } else { (month, &*typed) };
            ui.type_in(ids.0, entry_of(month, year));
        };
        let id = ids.control(number);
        let label = el("label")
            .class("v-month__label")
            .attribute("for", id.clone())
            .says(ui.sentence(label));
        let field = one_line(ui)
            .class(width)
            .with("inputmode", "numeric")
            .attribute("id", id)
            .with("dir", "ltr")
            .with("autocomplete", "off")
            .with("spellcheck", "false")
            .with("translate", "no")
            .typed(part)
            .on("input", input);
        el("div").class("v-month__field").child(label).child(field)
    };
    let fields = el("div")
        .class("v-month")
        .child(field(0, Sentence::Month, "v-text v-text--month"))
        .child(field(1, Sentence::Year, "v-text v-text--year"));
    let controls = vec![fields.into(), refusal_boxes(ui, ids, question)];
    group(ui, ids, question, Some(Sentence::MonthHint), Node::Several(controls))
}

/// A field of one line, in which "Enter" is "Continue", as in any form.
fn one_line(ui: Ui) -> Element {
    let enter = move |event: Event| {
        let key: &KeyboardEvent = event.unchecked_ref();
        // While a word is being composed, "Enter" belongs to the keyboard; Safari says so by the
        // code 229 alone.
        if key.key() == "Enter" && !key.is_composing() && key.key_code() != 229 {
            event.prevent_default();
            ui.press(Press::Continue);
        }
    };
    el("input").with("type", "text").on("keydown", enter)
}

/// What now stands in the field or list that an event is of.
pub(super) fn value(event: &Event) -> String {
    let target = event.target();
    // Input, text area and list have it by the same name.
    target.map(|target| target.unchecked_ref::<HtmlInputElement>().value()).unwrap_or_default()
}

/// Counts a pause, unless typing goes on before it is one.
fn announce_after_pause(ui: Ui) {
    let now = ui.typed_now();
    spawn_local(async move {
        browser::sleep(PAUSE).await;
        if ui.typed_now() == now {
            count(ui.pauses());
        }
    });
}

fn text_of(entry: &Entry) -> &str {
    match entry {
        Entry::Text(text) => text,
        _ => "",
    }
}

fn month_of(entry: &Entry) -> (&str, &str) {
    match entry {
        Entry::Month { month, year } => (month, year),
        _ => ("", ""),
    }
}

fn entry_of(month: &str, year: &str) -> Entry {
    if month.is_empty() && year.is_empty() {
        Entry::Nothing
    } else {
        Entry::Month { month: month.to_owned(), year: year.to_owned() }
    }
}
