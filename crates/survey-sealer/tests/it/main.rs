//! The host's tests of the sealer. Those of the built module are in `module.test.mjs`.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod ask;
mod envelopes;
mod refusals;
mod vectors;
