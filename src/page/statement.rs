//! A page that says something.

use leptos::prelude::*;
use survey_core::Statement;

use super::{Back, Heading, on_press};
use crate::{
    part::{Paragraphs, SupportLines},
    state::Ui,
};

#[component]
pub(super) fn StatementPage(statement: Statement) -> impl IntoView {
    let ui = Ui::expect();
    view! {
        <main class="v-page">
            <Back />
            <Heading said=ui.say(&statement.heading) />
            <Paragraphs texts=statement.body />
            {statement.support.then(|| view! { <SupportLines /> })}
            <div class="v-buttons">
                <button class="v-button" type="button" on:click=on_press(move || ui.advance())>
                    {ui.sentence(|s| &s.next)}
                </button>
            </div>
        </main>
    }
}
