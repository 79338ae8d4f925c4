//! Any of a few options, drawn as boxes to tick. An option that excludes the others clears them.

use leptos::prelude::*;
use survey_core::{Choice, Entry, PageIndex, Question};

use super::{FieldProblem, Ids, Or, refusals};
use crate::{
    page::{QuestionHelp, focused},
    state::Ui,
    text::Said,
};

#[component]
pub(crate) fn MultipleChoice(
    page: PageIndex,
    question: Question,
    problem: Memo<Option<String>>,
) -> impl IntoView {
    let ui = Ui::expect();
    let ids = Ids::of(page);
    let (exclusive, main): (Vec<Choice>, Vec<Choice>) =
        ui.offered(page).into_iter().partition(Choice::is_exclusive);
    let boxes = |choices: Vec<Choice>, first: usize| {
        let draw = move |(i, choice)| view! { <ChoiceBox page ids number=first + i choice /> };
        choices.into_iter().enumerate().map(draw).collect_view()
    };
    let (before, rest) = (main.len(), refusals(ui, &question));
    let refused = before + exclusive.len();
    let divided = !exclusive.is_empty() || !rest.is_empty();
    let (main, exclusive) = (boxes(main, 0), boxes(exclusive, before));
    let rest = rest.into_iter().enumerate().map(|(i, (value, said))| {
        view! { <RefusalBox page ids number=refused + i value said /> }
    });
    let rest = rest.collect_view();
    let legend = ui.say(question.text());
    let heading = focused();
    let how = ui.sentence(|s| &s.choose_any);
    let described = {
        let question = question.clone();
        let how = ids.count();
        move || ids.described_by(&question, problem.with(Option::is_some), Some(how.clone()))
    };
    view! {
        <fieldset class="v-fieldset" aria-describedby=described>
            <legend class="v-legend">
                <h1 class="v-heading" tabindex="-1" node_ref=heading lang=legend.lang>{legend.text}</h1>
            </legend>
            <QuestionHelp question ids />
            <p class="v-hint" id=ids.count()>{how}</p>
            <FieldProblem ids problem />
            {main}
            {divided.then(|| view! { <Or /> })}
            {exclusive}
            {rest}
        </fieldset>
    }
}

#[component]
fn ChoiceBox(page: PageIndex, ids: Ids, number: usize, choice: Choice) -> impl IntoView {
    let ui = Ui::expect();
    let entry = ui.entry(page);
    let (code, exclusive) = (choice.code(), choice.is_exclusive());
    let said = ui.say(choice.label());
    let checked = move || entry.with(|e| matches!(e, Entry::Codes(codes) if codes.contains(&code)));
    let change = move |event: web_sys::Event| {
        ui.tick(page, code, exclusive, event_target_checked(&event));
    };
    let id = ids.control(number);
    let label_for = id.clone();
    view! {
        <div class="v-choice">
            <input class="v-choice__input" type="checkbox" id=id autocomplete="off" prop:checked=checked on:change=change />
            <label class="v-choice__label" for=label_for lang=said.lang>{said.text}</label>
        </div>
    }
}

#[component]
fn RefusalBox(page: PageIndex, ids: Ids, number: usize, value: Entry, said: Said) -> impl IntoView {
    let ui = Ui::expect();
    let entry = ui.entry(page);
    let same = value.clone();
    let change = move |event: web_sys::Event| {
        let ticked = event_target_checked(&event);
        ui.enter(page, if ticked { value.clone() } else { Entry::Nothing });
    };
    let id = ids.control(number);
    let label_for = id.clone();
    view! {
        <div class="v-choice">
            <input class="v-choice__input" type="checkbox" id=id autocomplete="off" prop:checked=move || entry.with(|e| *e == same) on:change=change />
            <label class="v-choice__label" for=label_for lang=said.lang>{said.text}</label>
        </div>
    }
}
