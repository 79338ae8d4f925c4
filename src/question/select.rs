//! One of many options, drawn as the browser's own list: it can be searched by typing, on every
//! device, without a line of script.

use leptos::prelude::*;
use survey_core::{Choice, Code, Entry, PageIndex, Question};

use super::{FieldProblem, Ids, refusals};
use crate::{
    page::{QuestionHelp, focused},
    state::Ui,
};

#[component]
pub(crate) fn SelectOne(
    page: PageIndex,
    question: Question,
    problem: Memo<Option<String>>,
) -> impl IntoView {
    let ui = Ui::expect();
    let ids = Ids::of(page);
    let entry = ui.entry(page);
    let chosen = move || entry.with(value_of);
    let options = ui.offered(page).into_iter().map(|choice: Choice| {
        let (said, value) = (ui.say(choice.label()), value_of(&Entry::Code(choice.code())));
        // A list has room for one line an option, so a hint stands behind its label.
        let hint = choice.hint().map(|hint| format!(" ({})", ui.say(hint).text));
        option(value, said.text + &hint.unwrap_or_default(), said.lang, chosen)
    });
    let refusals = refusals(ui, &question)
        .into_iter()
        .map(|(refusal, said)| option(value_of(&refusal), said.text, said.lang, chosen));
    let options = options.chain(refusals).collect_view();
    let change = move |event: web_sys::Event| ui.enter(page, entry_of(&event_target_value(&event)));
    let label = ui.say(question.text());
    let heading = focused();
    let question_help = question.clone();
    let described = move || ids.described_by(&question, problem.with(Option::is_some), None);
    view! {
        <h1 class="v-heading" tabindex="-1" node_ref=heading lang=label.lang>
            <label class="v-label" for=ids.field()>{label.text}</label>
        </h1>
        <QuestionHelp question=question_help ids />
        <FieldProblem ids problem />
        <select class="v-select" id=ids.field() autocomplete="off" aria-describedby=described on:change=change>
            {option(String::new(), ui.sentence(|s| &s.choose_from_list), None, chosen)}
            {options}
        </select>
    }
}

fn option(
    value: String,
    text: String,
    lang: Option<String>,
    chosen: impl Fn() -> String + Copy + Send + 'static,
) -> impl IntoView {
    let same = value.clone();
    view! { <option value=value lang=lang prop:selected=move || chosen() == same>{text}</option> }
}

/// The value of the list's option that stands for an entry.
fn value_of(entry: &Entry) -> String {
    match entry {
        Entry::Code(code) => code.get().to_string(),
        Entry::Declined => "declined".to_owned(),
        Entry::DontKnow => "dont_know".to_owned(),
        _ => String::new(),
    }
}

fn entry_of(value: &str) -> Entry {
    match value {
        "declined" => Entry::Declined,
        "dont_know" => Entry::DontKnow,
        number => number.parse().ok().and_then(Code::new).map_or(Entry::Nothing, Entry::Code),
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;

    #[test]
    fn every_entry_of_a_list_has_a_value_of_its_own() {
        let code = Code::new(42).map(Entry::Code);
        for entry in [Entry::Nothing, Entry::Declined, Entry::DontKnow].into_iter().chain(code) {
            assert!(entry_of(&value_of(&entry)) == entry);
        }
    }
}
