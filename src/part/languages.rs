//! The languages that the survey is in, each by its own name: whoever cannot read the present one
//! finds the own.

use survey_core::Session;

use super::button;
use crate::{
    app,
    node::{Node, el, live},
    state::Ui,
    text::{Said, Sentence},
};

/// Buttons that change the language, behind a line that names the languages: at the beginning all
/// that there are to choose, later the present one. Nothing where there is no choice.
pub(crate) fn languages(ui: Ui) -> Node {
    let (definition, sentences) = (ui.definition(), ui.sentences());
    let present = ui.once(Session::language);
    let at_the_beginning = !ui.once(Session::can_go_back);
    let mut line = el("summary")
        .class("v-languages__line")
        .with("id", LINE)
        .child(ui.sentence(Sentence::Language));
    let mut list = el("ul").class("v-languages__list");
    let mut before = None;
    let mut names = sentences.languages();
    for language in definition.language_indices() {
        let Some(name) = names.next().filter(|name| !name.is_empty()) else { continue };
        let lang = Some(definition.language(language).as_str().to_owned());
        let said = Said { text: name.to_owned(), lang };
        if (language == present) != at_the_beginning {
            line = line.text(before.unwrap_or(": ")).child(said.clone());
            before = Some(", ");
        }
        let current = (language == present).then(|| "true".to_owned());
        let choose = move || app::change_language(ui, language);
        let button = button("v-languages__name", said, choose).maybe("aria-current", current);
        list = list.child(el("li").child(button));
    }
    if before.is_none() {
        return Node::Nothing;
    }
    let news = move || ui.language_news().map(|sentence| ui.sentence(sentence)).into();
    el("div")
        .class("v-languages")
        .child(el("details").child(line).child(list))
        .child(el("p").with("role", "status").child(live(news)))
        .into()
}

/// Where the focus goes when the language has changed and what had it is gone.
pub(crate) const LINE: &str = "language";
