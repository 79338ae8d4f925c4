//! A number between two labelled ends, drawn as radio buttons in a row that wraps.

use leptos::prelude::*;
use survey_core::{Entry, PageIndex, Question, Rating};

use super::{FieldProblem, Ids, RefusalBoxes};
use crate::{
    page::{QuestionHelp, focused},
    state::Ui,
};

#[component]
pub(crate) fn RatingScale(
    page: PageIndex,
    question: Question,
    rating: Rating,
    problem: Memo<Option<String>>,
) -> impl IntoView {
    let ui = Ui::expect();
    let ids = Ids::of(page);
    let entry = ui.entry(page);
    let (low, high) = (ui.say(&rating.min_label), ui.say(&rating.max_label));
    let numbers = (rating.min..=rating.max).enumerate().map(|(i, number)| {
        let id = ids.control(i);
        let label_for = id.clone();
        // The ends are named for those who hear one number at a time.
        let meaning = match number {
            n if n == rating.min => Some(low.clone()),
            n if n == rating.max => Some(high.clone()),
            _ => None,
        };
        let checked = move || entry.with(|e| *e == Entry::Number(number));
        view! {
            <div class="v-rating__point">
                <input class="v-rating__input" type="radio" id=id name=ids.field() autocomplete="off" prop:checked=checked on:change=move |_| ui.enter(page, Entry::Number(number)) />
                <label class="v-rating__label" for=label_for>
                    {number.to_string()}
                    {meaning.map(|said| view! { <span class="v-hidden" lang=said.lang>{format!(" ({})", said.text)}</span> })}
                </label>
            </div>
        }
    });
    let numbers = numbers.collect_view();
    let legend = ui.say(question.text());
    let heading = focused();
    let nothing = Signal::derive(|| Entry::Nothing);
    let (question_boxes, question_help) = (question.clone(), question.clone());
    let described = move || ids.described_by(&question, problem.with(Option::is_some), None);
    view! {
        <fieldset class="v-fieldset" aria-describedby=described>
            <legend class="v-legend">
                <h1 class="v-heading" tabindex="-1" node_ref=heading lang=legend.lang>{legend.text}</h1>
            </legend>
            <QuestionHelp question=question_help ids />
            <FieldProblem ids problem />
            <div class="v-rating">{numbers}</div>
            <div class="v-rating__ends" aria-hidden="true">
                <span class="v-rating__end">{format!("{}: {}", rating.min, low.text)}</span>
                <span class="v-rating__end">{format!("{}: {}", rating.max, high.text)}</span>
            </div>
            <RefusalBoxes page ids question=question_boxes typed=nothing />
        </fieldset>
    }
}
