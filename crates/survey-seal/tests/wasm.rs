//! The same known answers and vectors inside a real browser.
//!
//! `cargo test -p survey-seal --target wasm32-unknown-unknown --test wasm`, with
//! wasm-bindgen-test-runner as the target's runner and a WebDriver such as chromedriver.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, reason = "a test may panic")]

#[path = "it/common/mod.rs"]
mod common;

use getrandom::{SysRng, rand_core::UnwrapErr};
use survey_seal::{Binding, SecretKey, SizeClass, open, seal};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen_test]
fn hpke_with_x25519_gives_the_answers_of_rfc_9180() {
    common::kat::hpke_x25519();
}

#[wasm_bindgen_test]
fn hpke_with_xwing_gives_the_answers_of_hpke_pq() {
    common::kat::hpke_xwing();
}

#[wasm_bindgen_test]
fn xwing_gives_the_answers_of_its_draft() {
    common::kat::xwing();
}

#[wasm_bindgen_test]
fn keys_of_the_vectors_agree() {
    common::vectors::keys_agree();
}

#[wasm_bindgen_test]
fn valid_envelopes_open_and_seal_again() {
    common::vectors::valid_envelopes_open_and_seal_again();
}

#[wasm_bindgen_test]
fn changed_envelopes_end_as_listed() {
    common::vectors::changed_envelopes_end_as_listed();
}

#[wasm_bindgen_test]
fn the_browsers_own_randomness_seals() {
    let mut rng = UnwrapErr(SysRng);
    let analyst = SecretKey::generate(&mut rng);
    let recipients = [analyst.public_key().clone()];
    let binding = Binding { survey: "views", definition: &[7; 32], id: &[1; 16] };
    let mut seal = || seal(b"answers", SizeClass::Small, &binding, &recipients, &mut rng).unwrap();
    let (first, second) = (seal(), seal());
    assert!(first.body != second.body && first.commitment != second.commitment);
    assert_eq!(*open(&analyst, &binding, &first).unwrap(), b"answers");
}
