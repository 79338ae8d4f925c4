//! Any of a few options, drawn as boxes to tick. An option that excludes the others clears them.

use leptos::prelude::*;
use survey_core::{Choice, Entry, PageIndex, Question};

use super::{Control, FieldProblem, Ids, Or, refusals};
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
    let checked = Signal::derive(move || {
        entry.with(|e| matches!(e, Entry::Codes(codes) if codes.contains(&code)))
    });
    let on_change = Callback::new(move |ticked| ui.tick(page, code, exclusive, ticked));
    let (said, hint) = (ui.say(choice.label()), choice.hint().map(|hint| ui.say(hint)));
    view! { <Control kind="checkbox" id=ids.control(number) said hint checked on_change /> }
}

#[component]
fn RefusalBox(page: PageIndex, ids: Ids, number: usize, value: Entry, said: Said) -> impl IntoView {
    let ui = Ui::expect();
    let entry = ui.entry(page);
    let same = value.clone();
    let checked = Signal::derive(move || entry.with(|e| *e == same));
    let on_change = Callback::new(move |ticked| {
        ui.enter(page, if ticked { value.clone() } else { Entry::Nothing });
    });
    view! { <Control kind="checkbox" id=ids.control(number) said hint=None checked on_change /> }
}
