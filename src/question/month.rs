//! A month of a year, drawn as two fields for numbers.

use leptos::prelude::*;
use survey_core::{Entry, PageIndex, Question};

use super::{FieldProblem, Ids, RefusalBoxes};
use crate::{
    page::{QuestionHelp, focused, on_enter},
    state::Ui,
};

#[component]
pub(crate) fn MonthOfYear(
    page: PageIndex,
    question: Question,
    problem: Memo<Option<String>>,
) -> impl IntoView {
    let ui = Ui::expect();
    let ids = Ids::of(page);
    let (month, year) = ui.once(|session| match session.entry(page) {
        Entry::Month { month, year } => (month.clone(), year.clone()),
        _ => Default::default(),
    });
    let (month, year) = (RwSignal::new(month), RwSignal::new(year));
    let as_entry = Signal::derive(move || entry_of(&month.get(), &year.get()));
    let changed = move || ui.enter(page, as_entry.get_untracked());
    let field = move |number: usize,
                      label: String,
                      value: RwSignal<String>,
                      width: &'static str| {
        let id = ids.control(number);
        let label_for = id.clone();
        let input = move |event: web_sys::Event| {
            value.set(event_target_value(&event));
            changed();
        };
        view! {
            <div class="v-month__field">
                <label class="v-month__label" for=label_for>{label}</label>
                <input class=format!("v-text {width}") type="text" inputmode="numeric" id=id dir="ltr" autocomplete="off" spellcheck="false" translate="no" prop:value=value on:input=input on:keydown=on_enter(ui) />
            </div>
        }
    };
    let legend = ui.say(question.text());
    let heading = focused();
    let (help, boxes) = (question.clone(), question.clone());
    let described =
        move || ids.described_by(&question, problem.with(Option::is_some), Some(ids.count()));
    view! {
        <fieldset class="v-fieldset" aria-describedby=described>
            <legend class="v-legend">
                <h1 class="v-heading" tabindex="-1" node_ref=heading lang=legend.lang>{legend.text}</h1>
            </legend>
            <QuestionHelp question=help ids />
            <p class="v-hint" id=ids.count()>{ui.sentence(|s| &s.month_hint)}</p>
            <FieldProblem ids problem />
            <div class="v-month">
                {field(0, ui.sentence(|s| &s.month), month, "v-text--month")}
                {field(1, ui.sentence(|s| &s.year), year, "v-text--year")}
            </div>
            <RefusalBoxes page ids question=boxes typed=as_entry />
        </fieldset>
    }
}

fn entry_of(month: &str, year: &str) -> Entry {
    if month.is_empty() && year.is_empty() {
        Entry::Nothing
    } else {
        Entry::Month { month: month.to_owned(), year: year.to_owned() }
    }
}
