//! The command line as an analyst uses it, with envelopes that are really sealed.

#![allow(clippy::unwrap_used, missing_docs)]

mod account;
mod common;
mod export;
mod fetch;
mod keys;
mod open;
mod publish;
mod secrecy;
mod texts;
mod translators;
