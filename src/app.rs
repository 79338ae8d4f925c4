//! The root: takes over what the document shows, then asks, sends and thanks.

use std::time::Duration;

use leptos::{mount::mount_to, task::spawn_local};
use survey_core::{LanguageIndex, Response, ResponseId};

use crate::{
    browser,
    deliver::{self, NotSealed, Parcel, Refusal, Sending},
    entropy,
    load::Published,
    node::{Node, el, live},
    page,
    part::LANGUAGES,
    shell,
    state::{Phase, Ui},
    text::Sentence,
};

/// Runs the widget in the element `#views` of the document.
///
/// A panic ends the program with a trap, which the browser reports as an error of the page:
/// `start.js` says so then, and whom to call. Nothing of the panic is shown or logged.
pub fn start() {
    let published = Published::read(&shell::definition());
    let (Some(published), Some(root)) = (published, browser::element("views")) else {
        return shell::failed();
    };
    let parent = root.clone();
    mount_to(parent, move || {
        let ui = Ui::new(published);
        let context = shell::context();
        let mut words = context.split('\0');
        ui.set_context(std::iter::from_fn(|| words.next().zip(words.next())));
        // The browser may keep this document and show it again by "Back", to whoever has the
        // device then.
        browser::on_window("pagehide", move || ui.wipe());
        // Leaving never sends anything, not even what was on its way.
        browser::on_window("leave", move || {
            ui.steering().stop();
            ui.wipe();
        });
        browser::on_window("online", move || ui.steering().hurry());
        page::inside(root, survey(ui))
    })
    .forget();
    shell::live();
}

/// What stands around every page of the survey: its language, its name, the way out.
pub(crate) fn survey(ui: Ui) -> Node {
    el("div")
        .class("v-survey")
        .child(
            el("header")
                .class("v-top")
                .child(live(move || {
                    ui.follow_language();
                    el("p").class("v-title").says(ui.say(ui.definition().title())).into()
                }))
                // The button stays where it is, and what is pressed is never just being replaced.
                .child(el("button").class("v-leave").with("type", "button").child(live(
                    move || {
                        ui.follow_language();
                        ui.sentence(Sentence::Leave).into()
                    },
                ))),
        )
        .child(page::shown(ui))
        .into()
}

/// Loads the survey in another of its languages and goes on in it. Nothing else is loaded, and
/// nothing is lost, whether it comes or not.
pub(crate) fn change_language(ui: Ui, language: LanguageIndex) {
    if !ui.ask_for_language(language) {
        return;
    }
    spawn_local(async move {
        let mut url = shell::entry();
        if language != LanguageIndex::default() {
            url = [&url, ui.definition().language(language).as_str(), "/"].concat();
        }
        let came = document(&url).await;
        let focused = browser::focused();
        if ui.take_language(language, came) {
            let definition = ui.definition();
            let tag = definition.language(language).as_str();
            browser::set_language(tag, ui.sentences().direction());
            // When all is drawn. What is typed in or was chosen has the same id in every language;
            // what has none was a button, which is gone.
            browser::sleep(Duration::ZERO).await;
            shell::focus(if focused.is_empty() { LANGUAGES } else { &focused });
        }
    });
}

/// "Send my answers": seals once, then sends until somebody has it.
pub(crate) fn send(ui: Ui) {
    let Some(id) = entropy::bytes() else { return ui.go_to(Phase::Sending(false)) };
    let Some(response) = ui.complete(ResponseId(id)) else { return };
    ui.go_to(Phase::Sending(true));
    spawn_local(async move {
        let published = ui.published();
        let parcel = loop {
            match deliver::seal(&published.definition, published.hash, &response).await {
                Ok(parcel) => break parcel,
                Err(NotSealed::Never) => return ui.go_to(Phase::Sending(false)),
                Err(NotSealed::NotNow) => ui.report(Sending::GaveUp),
            }
            if !ui.steering().hurried().await {
                return;
            }
            ui.report(Sending::Trying);
        };
        loop {
            let sent = deliver(ui, &published, &response, &parcel).await;
            ui.report(sent);
            match sent {
                Sending::Sent => {
                    ui.wipe();
                    shell::finished();
                    return ui.go_to(Phase::Done);
                }
                Sending::GaveUp if ui.steering().hurried().await => {}
                _ => return,
            }
        }
    });
}

/// Sends a response; seals it once more where the backend asks for that.
async fn deliver(ui: Ui, published: &Published, response: &Response, parcel: &Parcel) -> Sending {
    let steering = ui.steering();
    let report = move |sending| ui.report(sending);
    let outcome = deliver::send(parcel, &steering, report).await;
    let again = match outcome {
        // The keys may have been withdrawn.
        Sending::Refused(Refusal::Outdated) => reseal(published, response).await,
        Sending::Refused(Refusal::Conflict) => {
            let sealed = deliver::seal(&published.definition, published.hash, response).await;
            sealed.map_err(|_| outcome)
        }
        _ => Err(outcome),
    };
    match again {
        Ok(parcel) => deliver::send(&parcel, &steering, report).await,
        Err(outcome) => outcome,
    }
}

/// Seals a response for the newest definition, if it is still a response to that one.
///
/// Nothing is lost where that is not to be had just now: no signal, a sealer that did not come, a
/// page that has yet to be written. Who asks to try again is in time for it.
async fn reseal(old: &Published, response: &Response) -> Result<Parcel, Sending> {
    let newest = document(&shell::entry()).await.ok_or(Sending::GaveUp)?;
    if newest.hash == old.hash {
        return Err(Sending::GaveUp);
    }
    let response = response.carried_over(&old.definition, &newest.definition);
    let response = response.ok_or(Sending::Refused(Refusal::Outdated))?;
    let sealed = deliver::seal(&newest.definition, newest.hash, &response).await;
    sealed.map_err(|_| Sending::GaveUp)
}

/// What a document of this survey holds, as it is now.
async fn document(url: &str) -> Option<Published> {
    let document = deliver::get(url).await?;
    Published::of_document(std::str::from_utf8(&document).ok()?)
}
