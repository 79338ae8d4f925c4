//! Small things of the browser: time, focus, leaving. The only file, beside `frame` and the HTTP
//! of `deliver`, that names web-sys.

use std::{future::Future, time::Duration};

use futures::{FutureExt, future::Either, pin_mut};
use gloo_timers::future::TimeoutFuture;
use leptos::prelude::{document, window};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// Time since the page was opened. Used to measure waits, never sent.
pub(crate) fn now() -> Duration {
    let milliseconds = window().performance().map_or(0.0, |performance| performance.now());
    Duration::from_secs_f64(milliseconds.max(0.0) / 1_000.0)
}

/// Waits.
pub(crate) async fn sleep(wait: Duration) {
    TimeoutFuture::new(u32::try_from(wait.as_millis()).unwrap_or(u32::MAX)).await;
}

/// `work`, unless it takes longer than `limit`.
pub(crate) async fn or_after<T>(limit: Duration, work: impl Future<Output = T>) -> Option<T> {
    let timer = sleep(limit).fuse();
    pin_mut!(work, timer);
    match futures::future::select(work, timer).await {
        Either::Left((done, _)) => Some(done),
        Either::Right(_) => None,
    }
}

/// Moves the focus to an element by its id, so that a link of the error summary leaves no trace in
/// the address, as following it would.
pub(crate) fn focus(id: &str) {
    if let Some(element) = element(id) {
        // Fails only for elements that cannot take the focus; then it stays where it is.
        let _ = element.focus();
    }
}

/// An element of the document by its id.
pub(crate) fn element(id: &str) -> Option<HtmlElement> {
    document().get_element_by_id(id)?.dyn_into().ok()
}

/// The value of an attribute of the element with this id.
pub(crate) fn attribute(id: &str, name: &str) -> Option<String> {
    document().get_element_by_id(id)?.get_attribute(name)
}

/// Shows what stands in the document for when the survey cannot be shown, or hides all that
/// stands there by itself.
pub(crate) fn show_static(failed: bool) {
    for (id, shown) in [("without", failed), ("loading", false), ("failed", failed)] {
        if let Some(element) = element(id) {
            element.set_hidden(!shown);
        }
    }
}

/// Blanks the document and goes to `url` in place of it, so that "back" does not return here.
pub(crate) fn leave(url: &str) {
    // Text and inputs go at once, even if the network is too slow to leave soon.
    blank();
    // Refused only where an outer page forbids it; that page was asked to leave as well.
    let _ = window().location().replace(url);
}

/// Empties the document and nothing else: the page around it does the leaving.
pub(crate) fn blank() {
    if let Some(body) = document().body() {
        body.set_hidden(true);
        body.set_text_content(None);
    }
}

/// Calls `back` whenever the browser says that there is a network again.
pub(crate) fn on_online(back: impl Fn() + 'static) {
    let listener = leptos::prelude::window_event_listener(leptos::ev::online, move |_| back());
    leptos::prelude::on_cleanup(move || listener.remove());
}

/// Calls `hidden` when the document is left, whether it ends there or the browser keeps it.
pub(crate) fn on_page_hide(hidden: impl Fn() + 'static) {
    // Lives as long as the document.
    let _ = leptos::prelude::window_event_listener_untyped("pagehide", move |_| hidden());
}
