//! What the page around the survey is told: that it is ready, how high it is, that the person
//! wants to leave, that it is over. Never an answer, never how far somebody is.

use js_sys::{Object, Reflect};
use leptos::prelude::{document, window};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{MessageEvent, ResizeObserver, Window};

/// Version of these messages: member `v`.
const VERSION: f64 = 1.0;

/// Heights are told in steps of so many pixels: exact ones would give away which question is
/// shown, and so what was answered before.
const STEP: u32 = 32;

/// The least and the most height that is told, in pixels.
const HEIGHTS: (u32, u32) = (96, 8_192);

/// The page around the survey, if there is one.
#[derive(Clone)]
pub(crate) struct Host(Window);

/// What the page around the survey may say of itself.
pub(crate) struct Hello {
    /// The language to start in.
    pub(crate) language: Option<String>,
    /// Where the survey stands: names and values, not yet checked against the definition.
    pub(crate) context: Vec<(String, String)>,
}

impl Host {
    /// `None` when the survey is in a tab of its own.
    pub(crate) fn find() -> Option<Self> {
        let window = window();
        let parent = window.parent().ok().flatten()?;
        (parent != window).then_some(Self(parent))
    }

    /// The survey stands; the host may now hide what it showed instead.
    pub(crate) fn ready(&self) {
        self.tell("ready", &[]);
    }

    /// The response was sent.
    pub(crate) fn finished(&self) {
        self.tell("finished", &[]);
    }

    /// The survey cannot be shown.
    pub(crate) fn failed(&self) {
        self.tell("failed", &[]);
    }

    /// The person wants to leave the page, now.
    pub(crate) fn exit(&self) {
        self.tell("exit", &[]);
    }

    fn tell(&self, what: &str, more: &[(&str, f64)]) {
        let message = Object::new();
        // Setting a member of a fresh object does not fail.
        let _ = Reflect::set(&message, &"v".into(), &VERSION.into());
        let _ = Reflect::set(&message, &"t".into(), &what.into());
        for (name, value) in more {
            let _ = Reflect::set(&message, &(*name).into(), &(*value).into());
        }
        // To any origin: whoever frames the survey may know what these messages say.
        let _ = self.0.post_message(&message, "*");
    }

    /// Tells the height of the document now and whenever it changes.
    pub(crate) fn follow_height(&self) {
        let host = self.clone();
        let told = std::cell::Cell::new(0);
        let tell = Closure::<dyn Fn()>::new(move || {
            let Some(root) = document().get_element_by_id("views") else { return };
            let height = root.get_bounding_client_rect().height().ceil();
            let height = quantised(height);
            if told.replace(height) != height {
                host.tell("height", &[("px", f64::from(height))]);
            }
        });
        let observer = ResizeObserver::new(tell.as_ref().unchecked_ref());
        if let (Ok(observer), Some(root)) = (observer, document().get_element_by_id("views")) {
            observer.observe(&root);
        }
        // Lives as long as the document.
        tell.forget();
    }

    /// Hears what the host says of itself, once.
    pub(crate) fn on_hello(&self, heard: impl FnOnce(Hello) + 'static) {
        let host = self.0.clone();
        let heard = std::cell::Cell::new(Some(heard));
        let listen = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
            let from_host = event.source().is_some_and(|source| Object::is(&source, &host));
            if let (true, Some(hello)) = (from_host, read_hello(&event.data()))
                && let Some(heard) = heard.take()
            {
                heard(hello);
            }
        });
        let listener = listen.as_ref().unchecked_ref();
        // Fails only for bad arguments.
        let _ = window().add_event_listener_with_callback("message", listener);
        listen.forget();
    }
}

/// The next step of height that holds `height` pixels.
fn quantised(height: f64) -> u32 {
    // Saturates, so neither a negative nor a huge number surprises.
    (height as u32).div_ceil(STEP).saturating_mul(STEP).clamp(HEIGHTS.0, HEIGHTS.1)
}

fn read_hello(data: &JsValue) -> Option<Hello> {
    let member = |object: &JsValue, name: &str| Reflect::get(object, &name.into()).ok();
    let version = member(data, "v")?.as_f64()?;
    if version != VERSION || member(data, "t")?.as_string()? != "hello" {
        return None;
    }
    let context = member(data, "context").and_then(|c| c.dyn_into::<Object>().ok());
    let pairs = context.map(|context| Object::entries(&context)).unwrap_or_default();
    let pair = |pair: JsValue| {
        let pair = pair.dyn_into::<js_sys::Array>().ok()?;
        Some((pair.get(0).as_string()?, pair.get(1).as_string()?))
    };
    Some(Hello {
        language: member(data, "lang").and_then(|lang| lang.as_string()),
        context: pairs.iter().filter_map(pair).collect(),
    })
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::quantised;

    #[test]
    fn heights_are_told_in_steps_and_within_bounds() {
        for (height, told) in [
            (-5.0, 96),
            (0.0, 96),
            (97.0, 128),
            (128.0, 128),
            (128.5, 128),
            (1e9, 8_192),
            (f64::NAN, 96),
        ] {
            assert_eq!(quantised(height), told, "{height}");
        }
    }
}
