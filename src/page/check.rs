//! "Check your answers": every page that was asked, what was said, and a way to change it.

use survey_core::{Answer, PageIndex, PageKind, Question, QuestionKind, Reply, Session};

use super::{back, buttons};
use crate::{
    app,
    node::{Node, el},
    part::{button, heading, sentence, turn},
    state::{Press, Ui},
    text::{Said, Sentence},
};

pub(super) fn check(ui: Ui) -> Node {
    let anything = ui.once(Session::has_answers);
    let body = if anything { Sentence::CheckBody } else { Sentence::CheckEmpty };
    let send = anything.then(|| {
        let send = ui.sentence(Sentence::Send);
        vec![
            el("h2").class("v-subheading").says(ui.sentence(Sentence::SendHeading)).into(),
            sentence(ui, Sentence::SendBody).into(),
            sentence(ui, Sentence::Promise).into(),
            buttons(vec![button("v-button", send, move || app::send(ui)).into()]),
        ]
    });
    Node::Several(vec![
        back(ui),
        heading(ui, ui.sentence(Sentence::CheckHeading)).into(),
        sentence(ui, body).into(),
        el("dl")
            .class("v-answers")
            .attribute("aria-label", ui.sentence(Sentence::CheckList).text)
            .child(rows(ui))
            .into(),
        send.into(),
    ])
}

/// One question after the other and what was said to it.
fn rows(ui: Ui) -> Vec<Node> {
    let definition = ui.definition();
    ui.once(|session| {
        let asked = session.asked().into_iter();
        let rows = asked.filter_map(|(page, reply)| match definition.page(page).kind() {
            PageKind::Question(question) => Some(row(ui, page, question, reply.as_deref())),
            PageKind::Statement(_) | PageKind::Gate(_) => None,
        });
        rows.collect()
    })
}

fn row(ui: Ui, page: PageIndex, question: &Question, reply: Option<&Reply>) -> Node {
    let asked = ui.say(question.text());
    let lines = answer(ui, question, reply)
        .into_iter()
        .map(|said| el("p").class("v-answers__line").says(said).into());
    let lines: Vec<Node> = lines.collect();
    let change = ui.sentence(Sentence::Change);
    let change = turn(ui, "v-link", change, Press::Change(page))
        .text(" ")
        .child(el("span").class("v-hidden").says(asked.clone()));
    el("div")
        .class("v-answers__row")
        .child(el("dt").class("v-answers__question").says(asked))
        // Translation services would upload it.
        .child(el("dd").class("v-answers__answer").with("translate", "no").child(lines))
        .child(el("dd").class("v-answers__change").child(change))
        .into()
}

fn answer(ui: Ui, question: &Question, reply: Option<&Reply>) -> Vec<Said> {
    let own = |sentence| vec![ui.sentence(sentence)];
    let number = |number: u8| ui.number(number.into());
    let plain = |text: String| vec![Said::plain(text)];
    // In whatever language somebody wrote.
    let unknown = |line: &str| Said { text: line.to_owned(), lang: Some(String::new()) };
    let label = |code| {
        let choice = question.kind().choices().and_then(|choices| choices.find(code));
        choice.map(|choice| ui.say(choice.label()))
    };
    match reply {
        None | Some(Reply::Skipped) => own(Sentence::NotAnswered),
        Some(Reply::Declined) => own(Sentence::Declined),
        Some(Reply::DontKnow) => own(Sentence::DontKnow),
        Some(Reply::Given(answer)) => match answer {
            Answer::Code(code) => label(*code).into_iter().collect(),
            Answer::Codes(codes) => codes.iter().filter_map(|code| label(*code)).collect(),
            Answer::Number(given) => match question.kind() {
                QuestionKind::Rating(rating) => {
                    plain([&number(*given), " / ", &number(rating.max)].concat())
                }
                _ => plain(number(*given)),
            },
            Answer::Text(text) => text.lines().map(unknown).collect(),
            Answer::Month(month) => plain(ui.sentences().month(*month)),
            Answer::Gate(_) => Vec::new(),
        },
    }
}
