//! A question.

use survey_core::{Entry, PageIndex, Progress, Question, Session};
use web_sys::Event;

use super::{back, buttons};
use crate::{
    node::{Node, el, live},
    part::{start, turn},
    question::{self, Ids},
    shell,
    state::{Press, Ui},
    text::{Sentence, around, fill},
};

/// Asks one question. "Continue" takes what stands there, nothing included.
pub(super) fn ask(ui: Ui, page: PageIndex, question: &Question) -> Node {
    let progress = ui
        .once(|session| session.progress(page))
        .map(|progress| el("p").class("v-progress").child(progress_text(ui, progress)));
    let first = !ui.once(Session::can_go_back);
    // "Skip" would throw away what was typed, right beside the button that keeps it.
    let typed = move || {
        let typed = ui.entry(page, |e| matches!(e, Entry::Text(_) | Entry::Month { .. }));
        typed.then(String::new)
    };
    let field_class = move || {
        let problem = ui.has_problem(page);
        Some(if problem { "v-field v-field--problem" } else { "v-field" }.to_owned())
    };
    Node::Several(vec![
        back(ui),
        if first { start(ui) } else { Node::Nothing },
        summary(ui, page),
        progress.into(),
        // Not a `form`: a sandboxed frame without `allow-forms` fires no submit event, and a
        // form can be sent somewhere, which this must never be.
        el("div")
            .class("v-form")
            .child(
                el("div").live("class", field_class).child(question::control(ui, page, question)),
            )
            .child(buttons(vec![
                turn(ui, "v-button", ui.sentence(Sentence::Next), Press::Continue).into(),
                turn(ui, "v-button v-button--quiet", ui.sentence(Sentence::Skip), Press::Skip)
                    .live("hidden", typed)
                    .into(),
            ]))
            .into(),
    ])
}

fn progress_text(ui: Ui, progress: Progress) -> Node {
    let definition = ui.definition();
    let section = ui.say(definition.sections()[progress.section.get()].title());
    let mut sentence = ui.sentence(Sentence::Progress);
    for (place, number) in [("{at}", progress.at), ("{of}", progress.of)] {
        sentence.text = fill(&sentence.text, place, &ui.number(number));
    }
    // The title last, so that nothing in it is taken for a place.
    around(sentence, "{section}", section).into()
}

/// What is wrong with the page, at its top. Stands only while there is a problem and takes the
/// focus then, also when "Continue" meets the same problem again, so that it is read at once. Its
/// link leads to the field without touching the address.
fn summary(ui: Ui, page: PageIndex) -> Node {
    live(move || {
        let Some(problem) = ui.problem_on(page) else { return Node::Nothing };
        let go = move |event: Event| {
            event.prevent_default();
            shell::focus(&Ids::of(page).field());
        };
        let link =
            el("a").class("v-problem__link").with("href", "#").on("click", go).child(problem);
        el("div")
            .class("v-problem")
            .with("role", "group")
            .with("tabindex", "-1")
            .with("aria-labelledby", "problem-title")
            .with("aria-describedby", "problem-text")
            .takes_focus(true)
            .child(
                el("h2")
                    .class("v-subheading")
                    .with("id", "problem-title")
                    .says(ui.sentence(Sentence::ProblemTitle)),
            )
            .child(el("p").class("v-problem__line").with("id", "problem-text").child(link))
            .into()
    })
}
