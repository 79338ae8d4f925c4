//! What host and browser tests share: known answers, our vectors, and the envelope as JSON.

#![allow(dead_code, reason = "the browser's tests use a part of this, the host's all of it")]

pub(crate) mod change;
pub(crate) mod envelope;
pub(crate) mod kat;
pub(crate) mod rng;
pub(crate) mod vectors;

pub(crate) fn unhex(text: &str) -> Vec<u8> {
    assert!(text.len().is_multiple_of(2), "odd number of hex digits");
    (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&text[at..at + 2], 16).expect("hex digits"))
        .collect()
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
