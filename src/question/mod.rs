//! One component for each kind of control. Each draws the question as its heading and reports
//! what is entered; none holds an answer of its own.

mod choice;
mod month;
mod multiple;
mod rating;
mod select;
mod text;

use leptos::prelude::*;
use survey_core::{Entry, PageIndex, Question};

pub(crate) use choice::OneOf;
pub(crate) use month::MonthOfYear;
pub(crate) use multiple::MultipleChoice;
pub(crate) use rating::RatingScale;
pub(crate) use select::SelectOne;
pub(crate) use text::{LongText, ShortText};

use crate::{state::Ui, text::Said};

/// Ids of the elements of a page: from its place, so that they are the same at every visit, link
/// from the error summary, and say nothing of what is asked.
#[derive(Clone, Copy)]
pub(crate) struct Ids(PageIndex);

impl Ids {
    pub(crate) fn of(page: PageIndex) -> Self {
        Self(page)
    }

    /// The first control, where the error summary leads.
    pub(crate) fn field(self) -> String {
        format!("q{}", self.0.get())
    }

    /// A further control; the first has the bare id.
    pub(crate) fn control(self, number: usize) -> String {
        if number == 0 { self.field() } else { format!("{}-{number}", self.field()) }
    }

    pub(crate) fn hint(self) -> String {
        format!("{}-hint", self.field())
    }

    pub(crate) fn body(self) -> String {
        format!("{}-body", self.field())
    }

    pub(crate) fn problem(self) -> String {
        format!("{}-problem", self.field())
    }

    pub(crate) fn count(self) -> String {
        format!("{}-count", self.field())
    }

    /// What describes the control: body, hint, and the problem while there is one.
    pub(crate) fn described_by(
        self,
        question: &Question,
        problem: bool,
        also: Option<String>,
    ) -> Option<String> {
        let body = (!question.body().is_empty()).then(|| self.body());
        let hint = question.hint().is_some().then(|| self.hint());
        let problem = problem.then(|| self.problem());
        let ids: Vec<String> = [body, hint, problem, also].into_iter().flatten().collect();
        (!ids.is_empty()).then(|| ids.join(" "))
    }
}

/// The problem beside the control, in the words of the summary.
#[component]
pub(crate) fn FieldProblem(ids: Ids, problem: Memo<Option<String>>) -> impl IntoView {
    let ui = Ui::expect();
    move || {
        problem.get().map(|text| {
            view! {
                <p class="v-field-problem" id=ids.problem()>
                    <span class="v-hidden">{ui.sentence(|s| &s.problem_prefix)}" "</span>
                    {text}
                </p>
            }
        })
    }
}

/// The ways of not answering that a question offers, each with its sentence.
pub(crate) fn refusals(ui: Ui, question: &Question) -> Vec<(Entry, Said)> {
    let plain = |text| Said { text, lang: None };
    let dont_know = question
        .offers_dont_know()
        .then(|| (Entry::DontKnow, plain(ui.sentence(|s| &s.dont_know))));
    let declined =
        question.offers_declined().then(|| (Entry::Declined, plain(ui.sentence(|s| &s.declined))));
    [dont_know, declined].into_iter().flatten().collect()
}

/// "or", between the options proper and the ways out.
#[component]
pub(crate) fn Or() -> impl IntoView {
    let ui = Ui::expect();
    view! { <p class="v-or">{ui.sentence(|s| &s.or)}</p> }
}

/// A radio button or a box, with its label and hint.
#[component]
pub(crate) fn Control(
    /// `radio` or `checkbox`.
    kind: &'static str,
    id: String,
    /// Shared by the radio buttons of a question.
    #[prop(optional, into)]
    name: Option<String>,
    said: Said,
    hint: Option<Said>,
    #[prop(into)] checked: Signal<bool>,
    /// Told of every change, with whether it is now ticked.
    on_change: Callback<bool>,
) -> impl IntoView {
    let (label_for, hint_id) = (id.clone(), format!("{id}-about"));
    let described = hint.is_some().then(|| hint_id.clone());
    view! {
        <div class="v-choice">
            <input
                class="v-choice__input"
                type=kind
                id=id
                name=name
                autocomplete="off"
                aria-describedby=described
                prop:checked=checked
                on:change=move |event| on_change.run(event_target_checked(&event))
            />
            <label class="v-choice__label" for=label_for lang=said.lang>{said.text}</label>
            {hint.map(|hint| view! { <p class="v-choice__hint" id=hint_id lang=hint.lang>{hint.text}</p> })}
        </div>
    }
}

/// A box that takes the place of an answer that is typed: "I would rather not say".
#[component]
pub(crate) fn RefusalBoxes(
    page: PageIndex,
    ids: Ids,
    question: Question,
    typed: Signal<Entry>,
) -> impl IntoView {
    let ui = Ui::expect();
    let entry = ui.entry(page);
    let boxes = refusals(ui, &question).into_iter().enumerate().map(|(i, (value, said))| {
        let same = value.clone();
        let checked = Signal::derive(move || entry.with(|e| *e == same));
        let on_change = Callback::new(move |ticked| {
            ui.enter(page, if ticked { value.clone() } else { typed.get_untracked() });
        });
        let id = format!("{}-no-{i}", ids.field());
        view! { <Control kind="checkbox" id said hint=None checked on_change /> }
    });
    let boxes = boxes.collect_view();
    (!boxes.is_empty()).then(|| view! { <Or />{boxes} })
}
