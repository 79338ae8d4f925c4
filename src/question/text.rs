//! Text: one line or several. Over-typing is allowed and explained; nothing is cut off.

use std::time::Duration;

use leptos::{attr::custom::custom_attribute, prelude::*};
use survey_core::{Entry, PageIndex, Question};
use zeroize::Zeroizing;

use super::{FieldProblem, Ids, RefusalBoxes};
use crate::{
    page::{QuestionHelp, focused, on_enter},
    state::Ui,
};

/// How long typing has to pause before the room left is announced.
const PAUSE: Duration = Duration::from_millis(1_000);

#[component]
pub(crate) fn ShortText(
    page: PageIndex,
    question: Question,
    max_length: u16,
    problem: Memo<Option<String>>,
) -> impl IntoView {
    view! { <TextField page question max_length problem lines=false /> }
}

#[component]
pub(crate) fn LongText(
    page: PageIndex,
    question: Question,
    max_length: u16,
    problem: Memo<Option<String>>,
) -> impl IntoView {
    view! { <TextField page question max_length problem lines=true /> }
}

#[component]
fn TextField(
    page: PageIndex,
    question: Question,
    max_length: u16,
    problem: Memo<Option<String>>,
    /// Whether there may be several lines.
    lines: bool,
) -> impl IntoView {
    let ui = Ui::expect();
    let ids = Ids::of(page);
    let typed = RwSignal::new(ui.once(|session| text_of(session.entry(page))));
    let input = move |event: web_sys::Event| {
        typed.set(event_target_value(&event));
        ui.enter(page, entry_of(&typed.get_untracked()));
    };
    let as_entry = Signal::derive(move || typed.with(|text| entry_of(text)));
    let label = ui.say(question.text());
    let heading = focused();
    let (help, boxes) = (question.clone(), question.clone());
    let described = Signal::derive(move || {
        ids.described_by(&question, problem.with(Option::is_some), Some(ids.count()))
    });
    let invalid = Signal::derive(move || problem.with(Option::is_some).then_some("true"));
    let field = if lines {
        view! {
            <textarea class="v-text" id=ids.field() rows="5" dir="auto" autocomplete="off" autocapitalize="off" spellcheck="false" translate="no"
                {..no_help()}
                aria-describedby=described aria-invalid=invalid prop:value=typed on:input=input></textarea>
        }.into_any()
    } else {
        view! {
            <input class="v-text" type="text" id=ids.field() dir="auto" autocomplete="off" autocapitalize="off" spellcheck="false" translate="no"
                {..no_help()}
                aria-describedby=described aria-invalid=invalid prop:value=typed on:input=input on:keydown=on_enter(ui) />
        }.into_any()
    };
    view! {
        <h1 class="v-heading" tabindex="-1" node_ref=heading lang=label.lang>
            <label class="v-label" for=ids.field()>{label.text}</label>
        </h1>
        <QuestionHelp question=help ids />
        <FieldProblem ids problem />
        {field}
        <Room ids typed max_length />
        <RefusalBoxes page ids question=boxes typed=as_entry />
    }
}

/// How many characters are left: shown at once, announced when typing pauses.
#[component]
fn Room(ids: Ids, typed: RwSignal<String>, max_length: u16) -> impl IntoView {
    let ui = Ui::expect();
    let max = usize::from(max_length);
    let room = Memo::new(move |_| {
        ui.sentences().room(typed.with(|text| text.trim().chars().count()), max)
    });
    let announced = RwSignal::new(String::new());
    let pending = StoredValue::new(None::<TimeoutHandle>);
    Effect::new(move |before: Option<()>| {
        let text = room.get();
        // Not on arrival: the field's description says it then.
        if before.is_some() {
            if let Some(pending) = pending.get_value() {
                pending.clear();
            }
            let announce = move || drop(announced.try_set(text));
            pending.set_value(set_timeout_with_handle(announce, PAUSE).ok());
        }
    });
    on_cleanup(move || {
        if let Some(pending) = pending.try_get_value().flatten() {
            pending.clear();
        }
    });
    view! {
        <p class="v-hint" id=ids.count()>{room}</p>
        <p class="v-hidden" role="status">{announced}</p>
    }
}

/// Keeps browsers from sending what is typed to services that correct or complete it.
fn no_help() -> impl leptos::attr::Attribute {
    (custom_attribute("autocorrect", "off"), custom_attribute("writingsuggestions", "false"))
}

fn text_of(entry: &Entry) -> String {
    match entry {
        Entry::Text(text) => text.to_string(),
        _ => String::new(),
    }
}

fn entry_of(text: &str) -> Entry {
    if text.is_empty() { Entry::Nothing } else { Entry::Text(Zeroizing::new(text.to_owned())) }
}
