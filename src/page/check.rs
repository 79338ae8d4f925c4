//! "Check your answers": every page that was asked, what was said, and a way to change it.

use leptos::prelude::*;
use survey_core::{Answer, PageIndex, PageKind, Question, QuestionKind, Reply};

use super::{Back, Heading, on_press};
use crate::{
    state::Ui,
    text::{Said, fill},
};

#[component]
pub(super) fn Check(on_send: Callback<()>) -> impl IntoView {
    let ui = Ui::expect();
    let rows = rows(ui);
    let heading = Said { text: ui.sentence(|s| &s.check_heading), lang: None };
    let anything = ui.once(survey_core::Session::has_answers);
    let body =
        if anything { ui.sentence(|s| &s.check_body) } else { ui.sentence(|s| &s.check_empty) };
    view! {
        <main class="v-page">
            <Back />
            <Heading said=heading />
            <p class="v-paragraph">{body}</p>
            <dl class="v-answers" aria-label=ui.sentence(|s| &s.check_list)>
                {rows.into_iter().map(|row| view! { <RowView row /> }).collect_view()}
            </dl>
            {anything.then(|| view! {
                <h2 class="v-subheading">{ui.sentence(|s| &s.send_heading)}</h2>
                <p class="v-paragraph">{ui.sentence(|s| &s.send_body)}</p>
                <p class="v-paragraph">{ui.sentence(|s| &s.promise)}</p>
                <div class="v-buttons">
                    <button class="v-button" type="button" on:click=on_press(move || on_send.run(()))>
                        {ui.sentence(|s| &s.send)}
                    </button>
                </div>
            })}
        </main>
    }
}

/// One question and what was said to it.
struct Row {
    page: PageIndex,
    question: Said,
    answer: Vec<Said>,
}

#[component]
fn RowView(row: Row) -> impl IntoView {
    let ui = Ui::expect();
    let Row { page, question, answer } = row;
    let spoken = question.text.clone();
    view! {
        <div class="v-answers__row">
            <dt class="v-answers__question" lang=question.lang>{question.text}</dt>
            // Translation services would upload it.
            <dd class="v-answers__answer" translate="no">
                {answer.into_iter().map(|said| view! { <p class="v-answers__line" lang=said.lang>{said.text}</p> }).collect_view()}
            </dd>
            <dd class="v-answers__change">
                <button class="v-link" type="button" on:click=on_press(move || ui.change_answer(page))>
                    {ui.sentence(|s| &s.change)}
                    <span class="v-hidden">{format!(" {spoken}")}</span>
                </button>
            </dd>
        </div>
    }
}

fn rows(ui: Ui) -> Vec<Row> {
    let definition = ui.definition();
    ui.once(|session| {
        let asked = session.asked().into_iter();
        let rows = asked.filter_map(|(page, reply)| {
            let (question, answer) = match definition.page(page).kind() {
                PageKind::Question(question) => {
                    (ui.say(question.text()), answer(ui, question, reply.as_deref()))
                }
                PageKind::Statement(_) | PageKind::Gate(_) => return None,
            };
            Some(Row { page, question, answer })
        });
        rows.collect()
    })
}

fn answer(ui: Ui, question: &Question, reply: Option<&Reply>) -> Vec<Said> {
    let plain = |text: String| vec![Said { text, lang: None }];
    let label = |code| {
        let choice = question.kind().choices().and_then(|choices| choices.find(code));
        choice.map(|choice| ui.say(choice.label()))
    };
    match reply {
        None | Some(Reply::Skipped) => plain(ui.sentence(|s| &s.not_answered)),
        Some(Reply::Declined) => plain(ui.sentence(|s| &s.declined)),
        Some(Reply::DontKnow) => plain(ui.sentence(|s| &s.dont_know)),
        Some(Reply::Given(answer)) => match answer {
            Answer::Code(code) => label(*code).into_iter().collect(),
            Answer::Codes(codes) => codes.iter().filter_map(|code| label(*code)).collect(),
            Answer::Number(number) => plain(match question.kind() {
                QuestionKind::Rating(rating) => fill(
                    "{n} / {max}",
                    &[("n", &number.to_string()), ("max", &rating.max.to_string())],
                ),
                _ => number.to_string(),
            }),
            Answer::Text(text) => {
                text.lines().map(|line| Said { text: line.to_owned(), lang: None }).collect()
            }
            Answer::Month(month) => plain(format!("{} / {}", month.month(), month.year())),
            Answer::Gate(_) => Vec::new(),
        },
    }
}
