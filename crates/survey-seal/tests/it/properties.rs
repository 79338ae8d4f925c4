//! Properties over random plaintexts, bindings and changes. Failures print the input.

use proptest::{collection::vec, prelude::*, sample::Index};
use survey_seal::{Binding, SecretKey, SizeClass, WRAP_LEN, open, seal};

use crate::common::rng::Seeded;

fn class() -> impl Strategy<Value = SizeClass> {
    prop::sample::select(&SizeClass::ALL[..])
}

fn secrets(count: usize) -> Vec<SecretKey> {
    let mut rng = Seeded::new("properties");
    (0..count).map(|_| SecretKey::generate(&mut rng)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..Default::default() })]

    #[test]
    fn any_plaintext_within_capacity_round_trips_in_a_length_that_tells_nothing(
        class in class(),
        fill in any::<Index>(),
        edge in prop::sample::select(vec![None, Some(0), Some(1), Some(usize::MAX)]),
        byte in any::<u8>(),
        recipients in 1_usize..=4,
        survey in "[a-z0-9][a-z0-9-]{0,63}",
        definition in any::<[u8; 32]>(),
        id in any::<[u8; 16]>(),
        seed in "[a-z]{8}",
    ) {
        let length = edge.unwrap_or_else(|| fill.index(class.capacity() + 1)).min(class.capacity());
        let plaintext: Vec<u8> =
            (0..length).map(|at| byte.wrapping_add(at.to_le_bytes()[0])).collect();
        let binding = Binding { survey: &survey, definition: &definition, id: &id };
        let secrets = secrets(recipients);
        let keys: Vec<_> = secrets.iter().map(|secret| secret.public_key().clone()).collect();

        let sealed = seal(&plaintext, class, &binding, &keys, &mut Seeded::new(&seed))
            .map_err(|error| TestCaseError::fail(error.to_string()))?;
        prop_assert_eq!(sealed.body.len(), class.padded_len() + 16);
        prop_assert_eq!(sealed.wraps.len(), recipients);
        prop_assert!(sealed.wraps.iter().all(|wrap| wrap.bytes.len() == WRAP_LEN));
        for secret in &secrets {
            let opened = open(secret, &binding, &sealed)
                .map_err(|error| TestCaseError::fail(error.to_string()))?;
            prop_assert!(*opened == plaintext);
        }
    }

    #[test]
    fn any_changed_byte_keeps_the_envelope_shut(
        plaintext in vec(any::<u8>(), 0..200),
        field in 0..3,
        at in any::<Index>(),
        mask in 1_u8..,
    ) {
        let secret = &secrets(1)[0];
        let binding = Binding { survey: "views", definition: &[7; 32], id: &[1; 16] };
        let keys = [secret.public_key().clone()];
        let mut sealed =
            seal(&plaintext, SizeClass::Small, &binding, &keys, &mut Seeded::new("change"))
                .map_err(|error| TestCaseError::fail(error.to_string()))?;
        let bytes = match field {
            0 => &mut sealed.wraps[0].bytes[..],
            1 => &mut sealed.commitment[..],
            _ => &mut sealed.body[..],
        };
        let at = at.index(bytes.len());
        bytes[at] ^= mask;
        prop_assert!(open(secret, &binding, &sealed).is_err());
    }

    #[test]
    fn no_text_makes_reading_a_key_panic(text in "(SSP-SECRET-KEY-1:)?[ -~é]{0,60}(:[0-9a-f]{8})?") {
        prop_assert!(text.parse::<SecretKey>().is_err());
    }
}
