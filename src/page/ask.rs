//! A question.

use leptos::prelude::*;
use survey_core::{Entry, PageIndex, Progress, Question, QuestionKind};

use super::{Back, on_press};
use crate::{
    part::{ErrorSummary, Paragraphs, Start},
    question::{
        Ids, LongText, MonthOfYear, MultipleChoice, OneOf, RatingScale, SelectOne, ShortText,
    },
    state::Ui,
    text::fill,
};

/// Asks one question. "Continue" takes what stands there, nothing included.
#[component]
pub(super) fn Ask(page: PageIndex, question: Question) -> impl IntoView {
    let ui = Ui::expect();
    let problem = ui.problem_on(page);
    let ids = Ids::of(page);
    let progress = ui.once(|session| session.progress(page)).map(|p| progress_text(ui, p));
    let control = control(page, &question, problem);
    let first = ui.once(|session| !session.can_go_back());
    let entry = ui.entry(page);
    // "Skip" would throw away what was typed, right beside the button that keeps it.
    let can_skip = move || !entry.with(|e| matches!(e, Entry::Text(_) | Entry::Month { .. }));
    view! {
        <main class="v-page">
            <Back />
            {first.then(|| view! { <Start /> })}
            <ErrorSummary problem field=ids.field() />
            {progress.map(|text| view! { <p class="v-progress">{text}</p> })}
            // Not a `form`: a sandboxed frame without `allow-forms` fires no submit event, and a
            // form can be sent somewhere, which this must never be.
            <div class="v-form">
                <div class="v-field" class:v-field--problem=move || problem.with(Option::is_some)>
                    {control}
                </div>
                <div class="v-buttons">
                    <button class="v-button" type="button" on:click=on_press(move || ui.advance())>
                        {ui.sentence(|s| &s.next)}
                    </button>
                    {move || can_skip().then(|| view! {
                        <button class="v-button v-button--quiet" type="button" on:click=on_press(move || ui.skip())>
                            {ui.sentence(|s| &s.skip)}
                        </button>
                    })}
                </div>
            </div>
        </main>
    }
}

fn progress_text(ui: Ui, progress: Progress) -> String {
    let definition = ui.definition();
    let section = ui.say(definition.sections()[progress.section.get()].title()).text;
    let (at, of) = (progress.at.to_string(), progress.of.to_string());
    fill(&ui.sentence(|s| &s.progress), &[("section", &section), ("at", &at), ("of", &of)])
}

/// The one place that goes from kinds of questions to components.
fn control(page: PageIndex, question: &Question, problem: Memo<Option<String>>) -> AnyView {
    let question = question.clone();
    match question.kind().clone() {
        QuestionKind::Single(choices) | QuestionKind::Scale(choices) => {
            view! { <OneOf page question choices problem /> }.into_any()
        }
        QuestionKind::Multiple(_) => view! { <MultipleChoice page question problem /> }.into_any(),
        QuestionKind::Select(_) => view! { <SelectOne page question problem /> }.into_any(),
        QuestionKind::Rating(rating) => {
            view! { <RatingScale page question rating problem /> }.into_any()
        }
        QuestionKind::Text { max_length } => {
            view! { <ShortText page question max_length problem /> }.into_any()
        }
        QuestionKind::LongText { max_length } => {
            view! { <LongText page question max_length problem /> }.into_any()
        }
        QuestionKind::Month { .. } => view! { <MonthOfYear page question problem /> }.into_any(),
    }
}

/// The paragraphs and the hint of a question, in the order in which they are read.
#[component]
pub(crate) fn QuestionHelp(question: Question, ids: Ids) -> impl IntoView {
    let ui = Ui::expect();
    let hint = question.hint().map(|hint| ui.say(hint));
    view! {
        <Paragraphs texts=question.body().to_vec() id=ids.body() />
        {hint.map(|hint| view! { <p class="v-hint" id=ids.hint() lang=hint.lang>{hint.text}</p> })}
    }
}
