//! Stands in for the crate `wasm-streams`, by `[patch.crates-io]` in the workspace.
//!
//! Leptos depends on `server_fn`, and `server_fn` on `wasm-streams`, with or without server
//! functions. Its three classes are exported to JavaScript, so no linker can drop them, nor the
//! promises and queues behind them: 15 kB of wasm and a third of the glue for something that the
//! widget never does. Here are the names that `server_fn` calls, without the classes.
//!
//! Nothing calls them: the widget has no server function (its HTTP is in `src/deliver`). When
//! Leptos makes `server_fn` optional, this crate goes away.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use futures_core::Stream;
use wasm_bindgen::JsValue;
use web_sys::ReadableStream as Raw;

/// A stream of the browser, as `server_fn` names it.
#[derive(Debug)]
pub struct ReadableStream(Raw);

impl ReadableStream {
    /// A stream of the browser from one of the program.
    ///
    /// # Panics
    ///
    /// Always: see the crate.
    #[must_use]
    pub fn from_stream(_: impl Stream<Item = Result<JsValue, JsValue>> + 'static) -> Self {
        panic!("the widget has no server functions")
    }

    /// The stream that the browser gave.
    #[must_use]
    pub fn from_raw(raw: Raw) -> Self {
        Self(raw)
    }

    /// What the browser knows as the stream.
    #[must_use]
    pub fn into_raw(self) -> Raw {
        self.0
    }

    /// A stream of the program, which has nothing in it.
    #[must_use]
    pub fn into_stream(self) -> Empty {
        Empty
    }
}

/// A stream without items.
#[derive(Clone, Copy, Debug)]
pub struct Empty;

impl Stream for Empty {
    type Item = Result<JsValue, JsValue>;

    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(None)
    }
}
