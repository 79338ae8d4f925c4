//! What is wrong with the page, at its top.

use leptos::prelude::*;

use crate::{browser, state::Ui};

/// Id of the summary.
const SUMMARY: &str = "problem";

/// Stands only while there is a problem and takes the focus then, so that it is read at once and
/// once. Its link leads to the field without touching the address.
#[component]
pub(crate) fn ErrorSummary(
    problem: Memo<Option<String>>,
    /// Id of the field to mend.
    field: String,
) -> impl IntoView {
    let ui = Ui::expect();
    let field = StoredValue::new(field);
    Effect::new(move |_| {
        // Also when "Continue" meets the same problem again, or it would seem dead.
        ui.follow_turns();
        if problem.with(Option::is_some) {
            browser::focus(SUMMARY);
        }
    });
    let go = move |event: web_sys::MouseEvent| {
        event.prevent_default();
        field.with_value(|field| browser::focus(field));
    };
    move || {
        problem.get().map(|text| {
            view! {
                <div class="v-problem" id=SUMMARY role="group" tabindex="-1" aria-labelledby="problem-title" aria-describedby="problem-text">
                    <h2 class="v-subheading" id="problem-title">{ui.sentence(|s| &s.problem_title)}</h2>
                    <p class="v-problem__line" id="problem-text">
                        <a class="v-problem__link" href="#" on:click=go>{text}</a>
                    </p>
                </div>
            }
        })
    }
}
