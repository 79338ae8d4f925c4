//! Paragraphs of the survey.

use leptos::prelude::*;
use survey_core::Text;

use crate::state::Ui;

/// Nothing where there is no paragraph, so that no reference points at an empty element.
#[component]
pub(crate) fn Paragraphs(
    texts: Vec<Text>,
    /// Id of the whole, for fields that these paragraphs describe.
    #[prop(optional, into)]
    id: Option<String>,
) -> impl IntoView {
    let ui = Ui::expect();
    (!texts.is_empty()).then(|| {
        let paragraphs = texts.iter().map(|text| {
            let said = ui.say(text);
            view! { <p class="v-paragraph" lang=said.lang>{said.text}</p> }
        });
        view! { <div class="v-paragraphs" id=id>{paragraphs.collect_view()}</div> }
    })
}
