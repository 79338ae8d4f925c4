//! A page that offers to finish now or to go on: two buttons of the same weight, since neither is
//! the better choice.

use leptos::prelude::*;
use survey_core::{Gate, GateChoice};

use super::{Back, Heading, on_press};
use crate::{part::Paragraphs, state::Ui};

#[component]
pub(super) fn GatePage(gate: Gate) -> impl IntoView {
    let ui = Ui::expect();
    let (finish, go_on) = (ui.say(&gate.finish), ui.say(&gate.go_on));
    view! {
        <main class="v-page">
            <Back />
            <Heading said=ui.say(&gate.heading) />
            <Paragraphs texts=gate.body />
            <div class="v-buttons">
                <button class="v-button" type="button" lang=go_on.lang on:click=on_press(move || ui.decide(GateChoice::GoOn))>
                    {go_on.text}
                </button>
                <button class="v-button" type="button" lang=finish.lang on:click=on_press(move || ui.decide(GateChoice::Finish))>
                    {finish.text}
                </button>
            </div>
        </main>
    }
}
