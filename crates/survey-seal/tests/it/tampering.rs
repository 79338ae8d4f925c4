//! Every field changed, byte by byte: nothing opens, and the error says where it was changed.
//!
//! The named defects are in `vectors/envelope-v1.json`; this covers the bytes between them.

use survey_seal::{Binding, OpenError, Sealed, SecretKey, SizeClass, WRAP_LEN, open, seal};

use crate::common::rng::Seeded;

const SURVEY: &str = "victim-voice";
const DEFINITION: [u8; 32] = [0x5a; 32];
const ID: [u8; 16] = [0xa5; 16];

struct Fixture {
    secrets: [SecretKey; 2],
    sealed: Sealed,
}

impl Fixture {
    fn new() -> Self {
        let mut rng = Seeded::new("tampering");
        let secrets = [SecretKey::generate(&mut rng), SecretKey::generate(&mut rng)];
        let keys = secrets.each_ref().map(|secret| secret.public_key().clone());
        let binding = Binding { survey: SURVEY, definition: &DEFINITION, id: &ID };
        let sealed = seal(b"answers", SizeClass::Small, &binding, &keys, &mut rng).unwrap();
        Self { secrets, sealed }
    }

    /// Opens with the first key after `change`.
    fn open(&self, change: impl FnOnce(&mut Sealed)) -> Result<(), OpenError> {
        let mut sealed = self.sealed.clone();
        change(&mut sealed);
        self.open_under(SURVEY, &DEFINITION, &ID, &sealed)
    }

    fn open_under(
        &self,
        survey: &str,
        definition: &[u8; 32],
        id: &[u8; 16],
        sealed: &Sealed,
    ) -> Result<(), OpenError> {
        let opened = open(&self.secrets[0], &Binding { survey, definition, id }, sealed)?;
        assert_eq!(*opened, b"answers", "opened to something else");
        Ok(())
    }
}

#[test]
fn unchanged_it_opens() {
    assert_eq!(Fixture::new().open(|_| {}), Ok(()));
}

#[test]
fn a_changed_binding_does_not_open() {
    let fixture = Fixture::new();
    let wrap = Err(OpenError::Wrap);
    for survey in ["victim-voic", "victim-voice2", "victim_voice", "Victim-voice", "", "\n"] {
        assert_eq!(fixture.open_under(survey, &DEFINITION, &ID, &fixture.sealed), wrap, "{survey}");
    }
    for at in 0..DEFINITION.len() {
        let mut definition = DEFINITION;
        definition[at] ^= 1 << (at % 8);
        assert_eq!(fixture.open_under(SURVEY, &definition, &ID, &fixture.sealed), wrap, "{at}");
    }
    for at in 0..ID.len() {
        let mut id = ID;
        id[at] ^= 1 << (at % 8);
        assert_eq!(fixture.open_under(SURVEY, &DEFINITION, &id, &fixture.sealed), wrap, "{at}");
    }
}

#[test]
fn a_changed_wrap_does_not_open() {
    let fixture = Fixture::new();
    for at in 0..WRAP_LEN {
        let error = fixture.open(|sealed| sealed.wraps[0].bytes[at] ^= 1 << (at % 8));
        assert_eq!(error, Err(OpenError::Wrap), "byte {at}");
    }
    for length in [0, 1, 32, 1088, 1120, 1121, 1153, WRAP_LEN - 1, WRAP_LEN + 1, 2 * WRAP_LEN] {
        let error = fixture.open(|sealed| sealed.wraps[0].bytes.resize(length, 0));
        assert_eq!(error, Err(OpenError::Wrap), "length {length}");
    }
}

#[test]
fn exchanged_wraps_do_not_open() {
    let fixture = Fixture::new();
    let swap_bytes = |sealed: &mut Sealed| {
        let (first, second) = sealed.wraps.split_at_mut(1);
        std::mem::swap(&mut first[0].bytes, &mut second[0].bytes);
    };
    assert_eq!(fixture.open(swap_bytes), Err(OpenError::Wrap));
    let copy_kid = |sealed: &mut Sealed| sealed.wraps[1].kid = sealed.wraps[0].kid;
    assert_eq!(fixture.open(copy_kid), Err(OpenError::Wrap), "two wraps for one key");
    let own_gone = |sealed: &mut Sealed| drop(sealed.wraps.remove(0));
    assert_eq!(fixture.open(own_gone), Err(OpenError::NotForThisKey));
    assert_eq!(fixture.open(|sealed| sealed.wraps.clear()), Err(OpenError::NotForThisKey));
    // Not bound, and said so in the crate's documentation.
    assert_eq!(fixture.open(|sealed| sealed.wraps.reverse()), Ok(()));
}

#[test]
fn a_changed_commitment_does_not_open() {
    let fixture = Fixture::new();
    for at in 0..32 {
        let error = fixture.open(|sealed| sealed.commitment[at] ^= 1 << (at % 8));
        assert_eq!(error, Err(OpenError::Commitment), "byte {at}");
    }
}

#[test]
fn a_changed_body_does_not_open() {
    let fixture = Fixture::new();
    let whole = fixture.sealed.body.len();
    for at in 0..whole {
        let error = fixture.open(|sealed| sealed.body[at] ^= 1 << (at % 8));
        assert_eq!(error, Err(OpenError::Body), "byte {at}");
    }
    for length in [0, 1, 15, 16, 17, 4096, whole - 1, whole + 1, 16_400, 32_784, 65_536] {
        let error = fixture.open(|sealed| sealed.body.resize(length, 0));
        assert_eq!(error, Err(OpenError::Body), "length {length}");
    }
}

#[test]
fn parts_of_two_envelopes_do_not_mix() {
    // Same survey, definition, id and keys: only the content keys differ.
    let fixture = Fixture::new();
    let keys = fixture.secrets.each_ref().map(|secret| secret.public_key().clone());
    let binding = Binding { survey: SURVEY, definition: &DEFINITION, id: &ID };
    let mut rng = Seeded::new("another envelope");
    let other = seal(b"other", SizeClass::Small, &binding, &keys, &mut rng).unwrap();
    let other = &other;

    let body = |sealed: &mut Sealed| sealed.body.clone_from(&other.body);
    assert_eq!(fixture.open(body), Err(OpenError::Body));
    let commitment = |sealed: &mut Sealed| sealed.commitment = other.commitment;
    assert_eq!(fixture.open(commitment), Err(OpenError::Commitment));
    let wraps = |sealed: &mut Sealed| sealed.wraps.clone_from(&other.wraps);
    assert_eq!(fixture.open(wraps), Err(OpenError::Commitment));
}
