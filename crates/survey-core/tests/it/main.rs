//! What holds for every survey: schema and parser agree, documents hold true, sessions end.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod carry;
mod change;
mod common;
mod compiled;
mod dice;
mod docs;
mod generate;
mod properties;
mod schema;
mod surveys;
