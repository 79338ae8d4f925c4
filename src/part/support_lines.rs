//! Who helps.

use leptos::prelude::*;
use survey_core::SupportLine;

use crate::state::Ui;

#[component]
pub(crate) fn SupportLines() -> impl IntoView {
    let ui = Ui::expect();
    let definition = ui.definition();
    let lines = definition.support_lines().to_vec();
    (!lines.is_empty()).then(|| {
        view! {
            <section class="v-support" aria-labelledby="support">
                <h2 class="v-subheading" id="support">{ui.sentence(|s| &s.support_heading)}</h2>
                <ul class="v-support__list">
                    {lines.into_iter().map(|line| view! { <Line line /> }).collect_view()}
                </ul>
            </section>
        }
    })
}

#[component]
fn Line(line: SupportLine) -> impl IntoView {
    let ui = Ui::expect();
    let name = ui.say(line.name());
    let more = [line.hours(), line.note()].into_iter().flatten().map(|text| ui.say(text));
    // As text: a sandboxed frame may neither dial nor open a page, and a dead link is worse than
    // a number that can be read out and copied.
    let number = line.phone().map(str::to_owned);
    let address = line.url().map(|url| url.trim_start_matches("https://").to_owned());
    view! {
        <li class="v-support__line">
            <p class="v-support__name" lang=name.lang>{name.text}</p>
            {number.map(|number| view! {
                <p class="v-support__reach">{ui.sentence(|s| &s.support_phone)}" "<bdi class="v-number" dir="ltr" translate="no">{number}</bdi></p>
            })}
            {address.map(|address| view! {
                <p class="v-support__reach">{ui.sentence(|s| &s.support_web)}" "<bdi class="v-address" dir="ltr" translate="no">{address}</bdi></p>
            })}
            {more.map(|said| view! { <p class="v-support__more" lang=said.lang>{said.text}</p> }).collect_view()}
        </li>
    }
}
