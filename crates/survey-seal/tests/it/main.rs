//! The host's tests of the public interface. The browser's are in `wasm.rs`.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod common;

mod defects;
mod generate;
mod keys;
mod known_answers;
mod properties;
mod reference;
mod sealing;
mod tampering;
