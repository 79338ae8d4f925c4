//! The end: the response is safe, and here is who helps.

use leptos::prelude::*;

use super::Heading;
use crate::{
    part::{Paragraphs, SupportLines},
    state::Ui,
};

#[component]
pub(crate) fn Done() -> impl IntoView {
    let ui = Ui::expect();
    let definition = ui.definition();
    let end = definition.end();
    view! {
        <main class="v-page">
            <Heading said=ui.say(&end.heading) />
            <Paragraphs texts=end.body.clone() />
            <SupportLines />
        </main>
    }
}
