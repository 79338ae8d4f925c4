//! One module for each kind of page, and what pages share.

mod ask;
mod check;
mod done;
mod gate;
mod sending;
mod statement;

use leptos::prelude::*;
use survey_core::{PageKind, Position};

use crate::{state::Ui, text::Said};
use ask::Ask;
pub(crate) use ask::QuestionHelp;
use check::Check;
pub(crate) use done::Done;
use gate::GatePage;
pub(crate) use sending::SendingPage as Sending;
use statement::StatementPage;

/// The page the person is at. Each position draws its page anew, so nothing of one page can be
/// left on the next.
#[component]
pub(crate) fn Asking(#[prop(into)] on_send: Callback<()>) -> impl IntoView {
    let ui = Ui::expect();
    let position = ui.position();
    let language = Memo::new(move |_| ui.with(survey_core::Session::language));
    move || {
        language.track();
        match position.get() {
            Position::Check => view! { <Check on_send /> }.into_any(),
            Position::Page(page) => match ui.page(page).kind() {
                PageKind::Question(question) => {
                    view! { <Ask page question=question.clone() /> }.into_any()
                }
                PageKind::Statement(statement) => {
                    view! { <StatementPage statement=statement.clone() /> }.into_any()
                }
                PageKind::Gate(gate) => view! { <GatePage gate=gate.clone() /> }.into_any(),
            },
        }
    }
}

/// "Back", at every page but the first.
#[component]
pub(crate) fn Back() -> impl IntoView {
    let ui = Ui::expect();
    ui.once(survey_core::Session::can_go_back).then(|| {
        view! {
            <button class="v-back" type="button" on:click=on_press(move || ui.back())>
                {ui.sentence(|s| &s.back)}
            </button>
        }
    })
}

/// The heading of a page. Takes the focus when the page is shown, except on the first: the page
/// around the survey may have the focus for reasons of its own.
#[component]
pub(crate) fn Heading(said: Said) -> impl IntoView {
    let heading = focused();
    view! { <h1 class="v-heading" tabindex="-1" node_ref=heading lang=said.lang>{said.text}</h1> }
}

/// A reference to a heading that takes the focus as soon as it stands.
pub(crate) fn focused() -> NodeRef<leptos::html::H1> {
    let heading = NodeRef::<leptos::html::H1>::new();
    if Ui::expect().turns() > 0 {
        Effect::new(move |_| {
            if let Some(heading) = heading.get() {
                // A heading with a tabindex takes the focus.
                let _ = heading.focus();
            }
        });
    }
    heading
}

/// "Enter" in a field of one line is "Continue", as in any form.
pub(crate) fn on_enter(ui: Ui) -> impl Fn(web_sys::KeyboardEvent) + 'static {
    move |event| {
        // While a word is being composed, "Enter" belongs to the keyboard.
        if event.key() == "Enter" && !event.is_composing() {
            event.prevent_default();
            ui.advance();
        }
    }
}

/// What a button does that turns the page: once for a double click, whose second half would land
/// on the button of the next page and skip a question that nobody saw.
pub(crate) fn on_press(press: impl Fn() + 'static) -> impl Fn(web_sys::MouseEvent) + 'static {
    move |event| {
        if event.detail() <= 1 {
            press();
        }
    }
}
