//! One of many options, drawn as the browser's own list: it can be searched by typing, on every
//! device, without a line of script.

use survey_core::{Choices, Code, Entry, Question};

use super::{Ids, described, refusals, single};
use crate::{
    node::{Node, el},
    state::Ui,
    text::{Said, Sentence},
};

pub(super) fn list(ui: Ui, ids: Ids, question: &Question, choices: &Choices) -> Node {
    let first = ui.sentence(Sentence::ChooseFromList);
    let mut options = vec![option(String::new(), first)];
    let offered = ui.offered(ids.0);
    for choice in choices.all().iter().filter(|choice| offered.contains(&choice.code())) {
        let mut said = ui.say(choice.label());
        // A list has room for one line an option, so a hint stands behind its label.
        if let Some(hint) = choice.hint() {
            said.text = [&said.text, " (", &ui.say(hint).text, ")"].concat();
        }
        options.push(option(value_of(&Entry::Code(choice.code())), said));
    }
    for (entry, said) in refusals(ui, question) {
        options.push(option(value_of(&entry), said));
    }
    let list = el("select")
        .class("v-select")
        .attribute("id", ids.field())
        .with("autocomplete", "off")
        .typed(move || ui.entry(ids.0, value_of))
        .on("change", move |event| ui.enter(ids.0, entry_of(&super::typed::value(&event))))
        .child(options);
    single(ui, ids, question, described(list, ui, ids, question, false).into())
}

fn option(value: String, said: Said) -> Node {
    el("option").attribute("value", value).says(said).into()
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
