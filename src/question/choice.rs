//! One of a few options: single choice and labelled scale, drawn as radio buttons.

use leptos::prelude::*;
use survey_core::{Choice, Choices, Entry, PageIndex, Question};

use super::{Control, FieldProblem, Ids, Or, refusals};
use crate::{
    page::{QuestionHelp, focused},
    state::Ui,
    text::Said,
};

#[component]
pub(crate) fn OneOf(
    page: PageIndex,
    question: Question,
    choices: Choices,
    problem: Memo<Option<String>>,
) -> impl IntoView {
    let ui = Ui::expect();
    let ids = Ids::of(page);
    let offered = ui.offered(page);
    let is_main = |choice: &Choice| choices.main().iter().any(|main| main.code() == choice.code());
    let (main, also): (Vec<Choice>, Vec<Choice>) = offered.into_iter().partition(is_main);
    let radio = |choice: &Choice| Radio::of_choice(ui, choice);
    let main: Vec<Radio> = main.iter().map(radio).collect();
    let rest =
        also.iter().map(radio).chain(refusals(ui, &question).into_iter().map(Radio::of_refusal));
    let rest: Vec<Radio> = rest.collect();
    let before = main.len();
    let draw = move |(i, radio): (usize, Radio)| view! { <RadioButton page ids number=i radio /> };
    let main = main.into_iter().enumerate().map(draw).collect_view();
    let or = (!rest.is_empty()).then(|| view! { <Or /> });
    let rest =
        rest.into_iter().enumerate().map(|(i, radio)| draw((before + i, radio))).collect_view();
    let legend = ui.say(question.text());
    let heading = focused();
    let described = {
        let question = question.clone();
        move || ids.described_by(&question, problem.with(Option::is_some), None)
    };
    view! {
        <fieldset class="v-fieldset" aria-describedby=described>
            <legend class="v-legend">
                <h1 class="v-heading" tabindex="-1" node_ref=heading lang=legend.lang>{legend.text}</h1>
            </legend>
            <QuestionHelp question ids />
            <FieldProblem ids problem />
            {main}
            {or}
            {rest}
        </fieldset>
    }
}

/// What a radio button stands for.
struct Radio {
    value: Entry,
    said: Said,
    hint: Option<Said>,
}

impl Radio {
    fn of_choice(ui: Ui, choice: &Choice) -> Self {
        let hint = choice.hint().map(|hint| ui.say(hint));
        Self { value: Entry::Code(choice.code()), said: ui.say(choice.label()), hint }
    }

    fn of_refusal((value, said): (Entry, Said)) -> Self {
        Self { value, said, hint: None }
    }
}

#[component]
fn RadioButton(page: PageIndex, ids: Ids, number: usize, radio: Radio) -> impl IntoView {
    let ui = Ui::expect();
    let entry = ui.entry(page);
    let Radio { value, said, hint } = radio;
    let same = value.clone();
    let checked = Signal::derive(move || entry.with(|e| *e == same));
    let on_change = Callback::new(move |_| ui.enter(page, value.clone()));
    let (id, name) = (ids.control(number), ids.field());
    view! { <Control kind="radio" id name said hint checked on_change /> }
}
