//! Known answers and our own vectors, as the host's tests.

use crate::common::{kat, vectors};

#[test]
fn hpke_with_x25519_gives_the_answers_of_rfc_9180() {
    kat::hpke_x25519();
}

#[test]
fn hpke_with_xwing_gives_the_answers_of_hpke_pq() {
    kat::hpke_xwing();
}

#[test]
fn xwing_gives_the_answers_of_its_draft() {
    kat::xwing();
}

#[test]
fn keys_of_the_vectors_agree() {
    vectors::keys_agree();
}

#[test]
fn valid_envelopes_open_and_seal_again() {
    vectors::valid_envelopes_open_and_seal_again();
}

#[test]
fn changed_envelopes_end_as_listed() {
    vectors::changed_envelopes_end_as_listed();
}
