//! Small things of the browser that the program does itself.

use std::time::Duration;

use gloo_timers::future::TimeoutFuture;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::HtmlElement;

/// An element of the document by its id.
pub(crate) fn element(id: &str) -> Option<HtmlElement> {
    leptos::prelude::document().get_element_by_id(id)?.dyn_into().ok()
}

/// Calls `back` on every event of this name at the window, as long as the document lives.
pub(crate) fn on_window(event: &str, back: impl Fn() + 'static) {
    let listener = Closure::<dyn Fn()>::new(back);
    let function = listener.as_ref().unchecked_ref();
    // Fails only for bad arguments.
    let _ = leptos::prelude::window().add_event_listener_with_callback(event, function);
    listener.forget();
}

/// Time since the page was opened. Used to measure waits, never sent.
pub(crate) fn now() -> Duration {
    let performance = leptos::prelude::window().performance();
    let milliseconds = performance.map_or(0.0, |performance| performance.now());
    Duration::from_millis(milliseconds as u64)
}

/// Waits.
pub(crate) async fn sleep(wait: Duration) {
    TimeoutFuture::new(u32::try_from(wait.as_millis()).unwrap_or(u32::MAX)).await;
}

/// Says in which language the document is now, and which way it is written.
pub(crate) fn set_language(tag: &str, direction: &str) {
    if let Some(root) = leptos::prelude::document().document_element() {
        for (name, value) in [("lang", tag), ("dir", direction)] {
            // Fails only for names that are none.
            let _ = root.set_attribute(name, value);
        }
    }
}

/// The id of what has the focus; empty if it has none.
pub(crate) fn focused() -> String {
    leptos::prelude::document().active_element().map(|element| element.id()).unwrap_or_default()
}
