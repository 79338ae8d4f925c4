//! What stands above the first question.

use leptos::prelude::*;

use super::Paragraphs;
use crate::state::Ui;

#[component]
pub(crate) fn Start() -> impl IntoView {
    let ui = Ui::expect();
    let definition = ui.definition();
    let owner = definition.owner().map(|owner| vec![owner.clone()]).unwrap_or_default();
    view! {
        <div class="v-start">
            <Paragraphs texts=definition.start().to_vec() />
            <Paragraphs texts=owner />
            <details class="v-details">
                <summary class="v-details__summary">{ui.sentence(|s| &s.about_privacy)}</summary>
                <p class="v-paragraph">{ui.sentence(|s| &s.promise)}</p>
            </details>
        </div>
    }
}
