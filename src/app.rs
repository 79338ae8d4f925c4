//! The root: loads the survey, then asks, sends and thanks.

use std::sync::Arc;

use leptos::{mount::mount_to, prelude::*, task::spawn_local};
use survey_core::{PageIndex, Problem, Response, ResponseId, Session};

use crate::{
    browser,
    deliver::{self, Parcel, Refusal, Sending, Steering},
    entropy,
    frame::{Hello, Host},
    load::{self, Failure, Published},
    page::{Asking, Done, Sending as SendingPage},
    state::Ui,
    text::Sentences,
};

/// Where the definition is, and what to show around the survey: attributes of this element.
const ROOT: &str = "views";

/// Runs the widget in the element `#views` of the document.
pub fn start() {
    std::panic::set_hook(Box::new(|_| {
        // After a panic nothing of the program runs any more. What stands in the document by
        // itself says so and names who helps; nothing of the panic is shown or logged.
        browser::show_static(true);
        if let Some(root) = browser::element(ROOT) {
            root.set_text_content(None);
        }
        if let Some(host) = Host::find() {
            host.failed();
        }
    }));
    let Some(root) = browser::element(ROOT) else { return };
    let Some(sentences) = Sentences::english() else { return };
    let sentences = Arc::new(sentences);
    mount_to(root, move || view! { <App sentences /> }).forget();
}

/// What the widget is doing.
#[derive(Clone)]
enum Phase {
    Loading,
    Failed(Failure),
    Asking(Survey),
    Sending(Survey),
    Done(Survey),
}

/// A survey that can be answered.
#[derive(Clone, Copy)]
struct Survey {
    ui: Ui,
    published: StoredValue<Published>,
    /// How the person steers sending; "Leave this page" ends it from wherever it is.
    steering: StoredValue<Steering, LocalStorage>,
}

impl Survey {
    fn new(published: Published, sentences: Arc<Sentences>) -> Self {
        let session = Session::new(Arc::clone(&published.definition));
        Self {
            ui: Ui::new(session, sentences),
            published: StoredValue::new(published),
            steering: StoredValue::new_local(Steering::default()),
        }
    }
}

#[component]
fn App(sentences: Arc<Sentences>) -> impl IntoView {
    let phase = RwSignal::new(Phase::Loading);
    let host = StoredValue::new_local(Host::find());
    let load = {
        let sentences = Arc::clone(&sentences);
        Callback::new(move |()| {
            phase.set(Phase::Loading);
            let sentences = Arc::clone(&sentences);
            spawn_local(async move {
                let next = match load::named_by(ROOT).await {
                    Ok(published) => {
                        let survey = Survey::new(published, sentences);
                        greet(host, survey.ui);
                        // The browser may keep this document and show it again by "Back", to
                        // whoever has the device then.
                        browser::on_page_hide(move || survey.ui.wipe());
                        browser::show_static(false);
                        Phase::Asking(survey)
                    }
                    Err(failure) => {
                        if let Some(host) = host.get_value() {
                            host.failed();
                        }
                        browser::show_static(true);
                        Phase::Failed(failure)
                    }
                };
                phase.set(next);
            });
        })
    };
    load.run(());
    move || {
        match phase.get() {
        // Until the survey stands, the document shows what it holds by itself.
        Phase::Loading => ().into_any(),
        Phase::Failed(Failure::Broken) => {
            let again = (sentences.try_now.clone(), load);
            view! { <Trouble text=sentences.broken.clone() again /> }.into_any()
        }
        Phase::Failed(Failure::Draft) => {
            view! { <Trouble text=sentences.draft.clone() /> }.into_any()
        }
        Phase::Asking(survey) => view! { <InSurvey survey host><Asking on_send=move || phase.set(Phase::Sending(survey)) /></InSurvey> }.into_any(),
        Phase::Sending(survey) => {
            let done = move || {
                survey.ui.wipe();
                if let Some(host) = host.get_value() {
                    host.finished();
                }
                phase.set(Phase::Done(survey));
            };
            view! { <InSurvey survey host><Send survey phase done=Callback::new(move |()| done()) /></InSurvey> }.into_any()
        }
        Phase::Done(survey) => view! { <InSurvey survey host><Done /></InSurvey> }.into_any(),
    }
    }
}

/// Tells the page around the survey that it stands, and hears where it stands.
fn greet(host: StoredValue<Option<Host>, LocalStorage>, ui: Ui) {
    let Some(host) = host.get_value() else { return };
    host.on_hello(move |hello: Hello| {
        let definition = ui.definition();
        let pairs = hello.context.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let context = definition.accept_context(pairs);
        let language = hello.language.and_then(|tag| definition.find_language(&tag));
        ui.change(|session| {
            session.set_context(context);
            if let Some(language) = language {
                session.set_language(language);
            }
        });
    });
    host.ready();
    host.follow_height();
}

/// What stands around every page of the survey: its language, its name, the way out.
#[component]
fn InSurvey(
    survey: Survey,
    host: StoredValue<Option<Host>, LocalStorage>,
    children: Children,
) -> impl IntoView {
    let ui = survey.ui;
    provide_context(ui);
    let lang = move || ui.with(|session| session.language_tag().to_string());
    let dir = move || ui.with(|s| if s.language_tag().is_right_to_left() { "rtl" } else { "ltr" });
    let title = move || {
        let said = ui.say(ui.definition().title());
        view! { <p class="v-title" lang=said.lang>{said.text}</p> }
    };
    let leave = move |_| {
        let url = ui.definition().exit_url().to_owned();
        // Leaving never sends anything, not even what was on its way.
        survey.steering.with_value(Steering::stop);
        ui.wipe();
        // The page around the survey goes as well; without one, the survey leaves by itself.
        match host.get_value() {
            Some(host) => {
                host.exit();
                browser::blank();
            }
            None => browser::leave(&url),
        }
    };
    view! {
        <div class="v-survey" lang=lang dir=dir>
            <header class="v-top">
                {title}
                <button class="v-leave" type="button" on:click=leave>{ui.sentence(|s| &s.leave)}</button>
            </header>
            {children()}
        </div>
    }
}

/// Seals once, then sends until somebody has it.
#[component]
fn Send(survey: Survey, phase: RwSignal<Phase>, done: Callback<()>) -> impl IntoView {
    let sending = RwSignal::new(Sending::Trying);
    let locked = RwSignal::new(true);
    let packed = match pack(survey) {
        Ok(packed) => packed,
        Err((page, problem)) => {
            survey.ui.show_problem(page, problem);
            phase.set(Phase::Asking(survey));
            None
        }
    };
    locked.set(packed.is_some());
    let packed = StoredValue::new_local(packed);
    let try_to_send = move || {
        let (Some(response), steering) = (packed.get_value(), survey.steering.get_value()) else {
            return;
        };
        spawn_local(async move {
            // The component may be gone by the time an answer comes.
            let report = move |state| {
                let _ = sending.try_set(state);
            };
            let outcome = deliver(survey, response, &steering, report).await;
            report(outcome);
            if outcome == Sending::Sent {
                done.run(());
            }
        });
    };
    try_to_send();
    let on_try = move || match sending.get_untracked() {
        Sending::GaveUp => try_to_send(),
        _ => survey.steering.with_value(Steering::hurry),
    };
    browser::on_online(on_try);
    view! { <SendingPage sending locked on_try=Callback::new(move |()| on_try()) /> }
}

/// A response and its envelope. The session may be wiped while they are on their way.
#[derive(Clone)]
struct Packed {
    response: Response,
    parcel: Parcel,
}

/// Completes and seals the response; `Ok(None)` if this browser cannot seal.
fn pack(survey: Survey) -> Result<Option<Packed>, (PageIndex, Problem)> {
    let Some(id) = entropy::bytes() else { return Ok(None) };
    let response = survey.ui.once(|session| session.complete(ResponseId(id), 0))?;
    let Published { definition, hash } = survey.published.get_value();
    let parcel = deliver::seal(&definition, hash, &response);
    Ok(parcel.map(|parcel| Packed { response, parcel }))
}

/// Sends a response; seals it once more where the backend asks for that.
async fn deliver(
    survey: Survey,
    packed: Packed,
    steering: &Steering,
    report: impl Fn(Sending) + Copy,
) -> Sending {
    let outcome = deliver::send(&packed.parcel, steering, report).await;
    let again = match outcome {
        // The keys may have been withdrawn.
        Sending::Refused(Refusal::Outdated) => reseal(survey, &packed.response).await,
        Sending::Refused(Refusal::Conflict) => survey
            .published
            .try_get_value()
            .and_then(|old| deliver::seal(&old.definition, old.hash, &packed.response)),
        _ => None,
    };
    match again {
        Some(parcel) => deliver::send(&parcel, steering, report).await,
        None => outcome,
    }
}

/// Seals a response for the newest definition, if it is still a response to that one.
async fn reseal(survey: Survey, response: &Response) -> Option<Parcel> {
    let newest = load::newest().await.ok()?;
    let old = survey.published.try_get_value().filter(|old| old.hash != newest.hash)?;
    let json = response.to_json(&old.definition);
    let response = Response::parse(&newest.definition, &json).ok()?;
    deliver::seal(&newest.definition, newest.hash, &response)
}

/// Says that there is no survey, and offers to try again where that may help.
#[component]
fn Trouble(text: String, #[prop(optional)] again: Option<(String, Callback<()>)>) -> impl IntoView {
    view! {
        <div class="v-survey">
            <p class="v-paragraph" role="alert">{text}</p>
            {again.map(|(label, load)| {
                view! { <button class="v-button" type="button" on:click=move |_| load.run(())>{label}</button> }
            })}
        </div>
    }
}
