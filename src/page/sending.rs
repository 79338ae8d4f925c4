//! Sending: a plain line that says how it stands.

use leptos::prelude::*;

use super::focused;
use crate::{
    deliver::{Refusal, Sending},
    part::SupportLines,
    state::Ui,
};

#[component]
pub(crate) fn SendingPage(
    /// How sending stands.
    #[prop(into)]
    sending: Signal<Sending>,
    /// Whether the response could be sealed.
    #[prop(into)]
    locked: Signal<bool>,
    /// "Try now".
    on_try: Callback<()>,
) -> impl IntoView {
    let ui = Ui::expect();
    let heading = focused();
    let title = move || match (locked.get(), sending.get()) {
        (true, Sending::Trying | Sending::Waiting | Sending::Sent) => {
            ui.sentence(|s| &s.sending_heading)
        }
        _ => ui.sentence(|s| &s.not_sent_heading),
    };
    let line = move || {
        if locked.get() { state_line(ui, sending.get()) } else { ui.sentence(|s| &s.cannot_lock) }
    };
    // From the first failure on, also while the next try is under way: a button that goes away takes
    // the focus of whoever pressed it with it.
    let failed_once = Memo::new(move |before: Option<&bool>| {
        before == Some(&true) || matches!(sending.get(), Sending::Waiting | Sending::GaveUp)
    });
    let can_try = Memo::new(move |_| {
        locked.get() && failed_once.get() && !matches!(sending.get(), Sending::Refused(_))
    });
    let failed =
        move || !locked.get() || matches!(sending.get(), Sending::GaveUp | Sending::Refused(_));
    view! {
        <main class="v-page">
            <h1 class="v-heading" tabindex="-1" node_ref=heading>{title}</h1>
            <p class="v-paragraph" role="status">{line}</p>
            <div class="v-buttons">
                {move || can_try.get().then(|| view! {
                    <button class="v-button" type="button" on:click=move |_| on_try.run(())>
                        {ui.sentence(|s| &s.try_now)}
                    </button>
                })}
            </div>
            {move || failed().then(|| view! { <SupportLines /> })}
        </main>
    }
}

fn state_line(ui: Ui, sending: Sending) -> String {
    match sending {
        Sending::Trying | Sending::Sent => ui.sentence(|s| &s.sending),
        Sending::Waiting => ui.sentence(|s| &s.not_sent_yet),
        Sending::GaveUp => ui.sentence(|s| &s.not_sent),
        Sending::Refused(Refusal::Closed) => ui.sentence(|s| &s.closed),
        Sending::Refused(Refusal::Outdated | Refusal::Conflict | Refusal::Other) => {
            ui.sentence(|s| &s.refused)
        }
    }
}
