//! What the sealer refuses, and what its messages say.

use survey_seal::{
    Binding, MAX_RECIPIENTS, OpenError, PublicKey, SealError, SecretKey, SizeClass, WRAP_LEN, open,
    seal,
};

use crate::common::rng::Seeded;

const BINDING: Binding<'_> = Binding { survey: "views", definition: &[7; 32], id: &[1; 16] };

fn recipients(count: usize) -> Vec<PublicKey> {
    let mut rng = Seeded::new("recipients");
    (0..count).map(|_| SecretKey::generate(&mut rng).public_key().clone()).collect()
}

/// The one place that knows how to seal; rows hold what varies.
#[track_caller]
fn check(
    name: &str,
    survey: &str,
    length: usize,
    recipients: &[PublicKey],
    expected: Result<(), SealError>,
) {
    let binding = Binding { survey, ..BINDING };
    let plaintext = vec![b'x'; length];
    let mut rng = Seeded::new(name);
    let sealed = seal(&plaintext, SizeClass::Small, &binding, recipients, &mut rng);
    if let Ok(sealed) = &sealed {
        assert_eq!(sealed.body.len(), SizeClass::Small.body_len(), "row `{name}`");
        assert!(sealed.wraps.iter().all(|wrap| wrap.bytes.len() == WRAP_LEN), "row `{name}`");
        let kids = recipients.iter().map(PublicKey::kid);
        assert!(sealed.wraps.iter().map(|wrap| wrap.kid).eq(kids), "row `{name}`");
    }
    assert_eq!(sealed.map(drop), expected, "row `{name}`");
}

#[test]
fn sealing_refuses_what_could_not_be_opened_or_told_apart() {
    let keys = recipients(MAX_RECIPIENTS + 1);
    let (one, all) = (&keys[..1], &keys[..MAX_RECIPIENTS]);
    let twice = [keys[0].clone(), keys[1].clone(), keys[0].clone()];
    let id = Err(SealError::SurveyId);

    check("one recipient", "views", 5, one, Ok(()));
    check("as many recipients as there may be", "views", 5, all, Ok(()));
    check("one recipient more", "views", 5, &keys, Err(SealError::TooManyRecipients { found: 11 }));
    check("no recipient", "views", 5, &[], Err(SealError::NoRecipients));
    check(
        "one key twice",
        "views",
        5,
        &twice,
        Err(SealError::DuplicateRecipient { kid: keys[0].kid() }),
    );
    check("nothing to seal", "views", 0, one, Ok(()));
    check("class filled", "views", 4092, one, Ok(()));
    check("class overfull", "views", 4093, one, Err(SealError::TooLong { capacity: 4092 }));
    check("survey of one digit", "7", 5, one, Ok(()));
    check("survey of 64 characters", &"a".repeat(64), 5, one, Ok(()));
    check("survey of 65 characters", &"a".repeat(65), 5, one, id);
    check("survey without a name", "", 5, one, id);
    check("survey with a dash in front", "-views", 5, one, id);
    check("survey with a capital", "Views", 5, one, id);
    check("survey with a line of its own", "views\ndef=x", 5, one, id);
}

#[test]
fn a_size_class_is_the_smallest_that_holds_the_longest_response() {
    for (length, class) in [
        (0, Some(SizeClass::Small)),
        (4_092, Some(SizeClass::Small)),
        (4_093, Some(SizeClass::Medium)),
        (16_380, Some(SizeClass::Medium)),
        (16_381, Some(SizeClass::Large)),
        (32_764, Some(SizeClass::Large)),
        (32_765, None),
        (usize::MAX, None),
    ] {
        assert_eq!(SizeClass::for_len(length), class, "{length}");
    }
    assert_eq!(SizeClass::ALL.map(SizeClass::body_len), [4_112, 16_400, 32_784]);
    assert_eq!(WRAP_LEN, 1_169);
}

#[test]
fn every_recipient_opens_and_nobody_else() {
    let mut rng = Seeded::new("everybody");
    let secrets: Vec<_> = (0..MAX_RECIPIENTS).map(|_| SecretKey::generate(&mut rng)).collect();
    let keys: Vec<_> = secrets.iter().map(|secret| secret.public_key().clone()).collect();
    let sealed = seal(b"answers", SizeClass::Small, &BINDING, &keys, &mut rng).unwrap();
    for secret in &secrets {
        assert_eq!(*open(secret, &BINDING, &sealed).unwrap(), b"answers");
    }
    let stranger = SecretKey::generate(&mut rng);
    assert_eq!(open(&stranger, &BINDING, &sealed), Err(OpenError::NotForThisKey));
}

#[test]
fn equal_responses_give_unrelated_bytes() {
    let keys = recipients(1);
    let mut rng = Seeded::new("one generator, two envelopes");
    let mut seal = || seal(b"answers", SizeClass::Small, &BINDING, &keys, &mut rng).unwrap();
    let (first, second) = (seal(), seal());
    assert_ne!(first.commitment, second.commitment);
    assert_ne!(first.wraps[0].bytes, second.wraps[0].bytes);
    let equal = first.body.iter().zip(&second.body).filter(|(a, b)| a == b).count();
    assert!(equal < 64, "{equal} of 4112 bytes are equal; 16 are expected by chance");
}

#[test]
fn errors_and_debug_output_show_no_content_and_say_what_to_do() {
    let keys = recipients(1);
    let mut rng = Seeded::new("marker");
    let marker = "MARKER-OF-AN-ANSWER ".repeat(300);
    let too_long =
        seal(marker.as_bytes(), SizeClass::Small, &BINDING, &keys, &mut rng).unwrap_err();
    let sealed = seal(marker.as_bytes(), SizeClass::Medium, &BINDING, &keys, &mut rng).unwrap();

    let mut shown = vec![format!("{sealed:?} {sealed:#?}"), format!("{too_long} {too_long:?}")];
    let seal_errors = [
        SealError::NoRecipients,
        SealError::TooManyRecipients { found: 11 },
        SealError::DuplicateRecipient { kid: keys[0].kid() },
        SealError::SurveyId,
        SealError::Internal,
    ];
    shown.extend(seal_errors.iter().map(ToString::to_string));
    shown.extend(OpenError::ALL.iter().map(ToString::to_string));
    for text in &shown {
        assert!(!text.contains("MARKER") && !text.contains("77, 65, 82"), "{text}");
        assert!(!text.contains("6000"), "the length of a response is shown: {text}");
    }
    // One sentence what is wrong, one what to do.
    assert!(shown[1..].iter().all(|text| text.contains(';')), "{shown:#?}");
}

#[test]
fn open_errors_have_distinct_stable_names() {
    let names = OpenError::ALL.map(OpenError::name);
    assert_eq!(names, ["not-for-this-key", "wrap", "commitment", "body", "padding"]);
}
