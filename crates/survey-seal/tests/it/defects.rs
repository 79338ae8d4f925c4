//! The defects of `vectors/envelope-v1.json`: what is done to a valid envelope, and how it ends.

use sha2::{Digest, Sha256};

use crate::{
    common::{
        change::Change,
        envelope::encode,
        rng::Seeded,
        unhex,
        vectors::{Changed, Valid},
    },
    generate::Keys,
    reference,
};

fn changed(
    name: &str,
    note: &str,
    (base, key): (&str, &str),
    changes: Vec<Change>,
    error: &str,
) -> Changed {
    Changed {
        name: name.to_owned(),
        note: note.to_owned(),
        base: base.to_owned(),
        key: key.to_owned(),
        changes,
        error: (!error.is_empty()).then(|| error.to_owned()),
    }
}

fn set(at: &str, value: impl Into<String>) -> Change {
    Change::Set { at: at.to_owned(), value: value.into() }
}

fn xor(at: &str, byte: usize, with: u8) -> Change {
    Change::Xor { at: at.to_owned(), byte, with }
}

fn cut(at: &str, bytes: usize) -> Change {
    Change::Cut { at: at.to_owned(), bytes }
}

fn extend(at: &str) -> Change {
    Change::Extend { at: at.to_owned(), hex: "00".to_owned() }
}

fn swap(at: &str, and: &str) -> Change {
    Change::Swap { at: at.to_owned(), and: and.to_owned() }
}

fn remove(at: &str) -> Change {
    Change::Remove { at: at.to_owned() }
}

fn repeat(at: &str) -> Change {
    Change::Repeat { at: at.to_owned() }
}

const ONE: &str = "small-one-recipient";
const THREE: &str = "small-three-recipients";

/// Lists the defects by field, in the order of the envelope.
pub(crate) fn invalid(keys: &Keys, valid: &[Valid]) -> Vec<Changed> {
    let one = |name: &str, note: &str, change: Change, error: &str| {
        changed(name, note, (ONE, "a"), vec![change], error)
    };
    let three = |name: &str, note: &str, change: Change, error: &str| {
        changed(name, note, (THREE, "b"), vec![change], error)
    };
    let kid_of = |name: &str| keys.public(name).kid().to_string();

    let mut cases = vec![
        changed(
            "key-of-nobody",
            "The key is none of the recipients'.",
            (ONE, "c"),
            vec![],
            "not-for-this-key",
        ),
        one(
            "survey-of-another",
            "Moved to another survey.",
            set("/survey", "victim-voicf"),
            "wrap",
        ),
        one("def-first-byte", "Another definition.", xor("/def", 0, 0x01), "wrap"),
        one("def-last-byte", "Another definition.", xor("/def", 31, 0x80), "wrap"),
        one("id-first-byte", "Another response id.", xor("/id", 0, 0x01), "wrap"),
        one("id-last-byte", "Another response id.", xor("/id", 15, 0x80), "wrap"),
        one(
            "mode-shared",
            "A mode of more than one key, which readers of mode `any` refuse before they open.",
            set("/mode", "2-of-3"),
            "mode",
        ),
        one(
            "kid-unknown",
            "The wrap names a key that nobody has.",
            set("/wraps/0/kid", "0000000000000000"),
            "not-for-this-key",
        ),
        changed(
            "kid-of-another",
            "The wrap names the key that tries, and was sealed for another.",
            (ONE, "b"),
            vec![set("/wraps/0/kid", kid_of("b"))],
            "wrap",
        ),
        three(
            "wraps-swapped-under-their-kids",
            "Two wraps exchanged, the key ids not.",
            swap("/wraps/0/w", "/wraps/1/w"),
            "wrap",
        ),
        three(
            "kids-swapped",
            "Two key ids exchanged, the wraps not.",
            swap("/wraps/0/kid", "/wraps/1/kid"),
            "wrap",
        ),
        three("wrap-removed", "The key's wrap is gone.", remove("/wraps/1"), "not-for-this-key"),
        three("wrap-repeated", "The key's wrap is there twice.", repeat("/wraps/1"), "wrap"),
        one("wraps-none", "No wrap at all.", remove("/wraps/0"), "not-for-this-key"),
        one(
            "wrap-ml-kem-first-byte",
            "Encapsulation, ML-KEM part.",
            xor("/wraps/0/w", 0, 0x01),
            "wrap",
        ),
        one(
            "wrap-ml-kem-last-byte",
            "Encapsulation, ML-KEM part.",
            xor("/wraps/0/w", 1087, 0x80),
            "wrap",
        ),
        one(
            "wrap-x25519-first-byte",
            "Encapsulation, X25519 part.",
            xor("/wraps/0/w", 1088, 0x01),
            "wrap",
        ),
        one(
            "wrap-x25519-top-bit",
            "The bit that X25519 ignores and X-Wing hashes.",
            xor("/wraps/0/w", 1119, 0x80),
            "wrap",
        ),
        one(
            "wrap-mode-byte",
            "Sealed content key, mode byte.",
            xor("/wraps/0/w", 1120, 0x01),
            "wrap",
        ),
        one("wrap-content-key-byte", "Sealed content key.", xor("/wraps/0/w", 1152, 0x80), "wrap"),
        one("wrap-tag-last-byte", "Tag of the wrap.", xor("/wraps/0/w", 1168, 0x80), "wrap"),
        one("wrap-cut", "One byte missing.", cut("/wraps/0/w", 1), "wrap"),
        one("wrap-extended", "One byte too many.", extend("/wraps/0/w"), "wrap"),
        one("wrap-empty", "No bytes.", set("/wraps/0/w", ""), "wrap"),
        one("kc-first-byte", "Commitment.", xor("/kc", 0, 0x01), "commitment"),
        one("kc-last-byte", "Commitment.", xor("/kc", 31, 0x80), "commitment"),
        one("ct-first-byte", "Sealed length.", xor("/ct", 0, 0x01), "body"),
        one("ct-middle-byte", "Sealed padding.", xor("/ct", 2048, 0x10), "body"),
        one("ct-last-byte", "Sealed padding.", xor("/ct", 4095, 0x80), "body"),
        one("ct-tag-first-byte", "Tag of the body.", xor("/ct", 4096, 0x01), "body"),
        one("ct-tag-last-byte", "Tag of the body.", xor("/ct", 4111, 0x80), "body"),
        one("ct-cut", "One byte missing.", cut("/ct", 1), "body"),
        one("ct-extended", "One byte too many.", extend("/ct"), "body"),
        one("ct-shorter-than-a-tag", "15 bytes left.", cut("/ct", 4097), "body"),
        one("ct-empty", "No bytes.", set("/ct", ""), "body"),
        changed(
            "ct-cut-to-a-smaller-class",
            "A valid length, not the sealed one.",
            ("medium-one-recipient", "a"),
            vec![cut("/ct", 12_288)],
            "body",
        ),
    ];
    cases.extend(authentic_but_wrong(keys, valid));
    cases
}

/// What only somebody who knows the content key can make: a faulty or a dishonest sealer.
fn authentic_but_wrong(keys: &Keys, valid: &[Valid]) -> Vec<Changed> {
    let three = valid.iter().find(|case| case.name == THREE).unwrap();
    let (cek, ctx) = (unhex(&three.cek), &three.ctx);
    let b = keys.public("b");
    let info = reference::info(ctx, b.kid());
    let mut rng = Seeded::new("ssp/1 vectors authentic but wrong");
    let honest = [&[0], cek.as_slice()].concat();
    let other_cek = [&[0], Sha256::digest("another content key").as_slice()].concat();
    let share = [&[1], cek.as_slice()].concat();

    let wrap = |name: &str, note: &str, wrap: Vec<u8>, error: &str| {
        changed(name, note, (THREE, "b"), vec![set("/wraps/1/w", encode(&wrap))], error)
    };
    let body = |name: &str, note: &str, ctx: &str, padded: &[u8], error: &str| {
        let body = reference::body(&cek, ctx, padded);
        changed(name, note, (THREE, "b"), vec![set("/ct", encode(&body))], error)
    };
    let length = |length: u32| {
        let mut padded = reference::pad(b"text", 4096);
        padded[..4].copy_from_slice(&length.to_le_bytes());
        padded
    };
    let mut not_zero = reference::pad(b"text", 4096);
    not_zero[4095] = 1;
    let foreign = &valid.iter().find(|case| case.name == ONE).unwrap().ctx;

    vec![
        wrap(
            "wrap-with-x25519-point-of-low-order",
            "Correct but for an X25519 part that agrees on zeros: RFC 9180 section 7.1.4.",
            reference::low_order_wrap(&b, &info, &honest, &mut rng),
            "wrap",
        ),
        wrap(
            "wrap-of-a-share",
            "Authentic, but the byte before the content key is not 0.",
            reference::wrap(&b, &info, &share, &mut rng),
            "wrap",
        ),
        wrap(
            "wrap-of-another-content-key",
            "One recipient is to read something else: the commitment tells.",
            reference::wrap(&b, &info, &other_cek, &mut rng),
            "commitment",
        ),
        body(
            "body-of-another-envelope",
            "Right key, associated data of another envelope.",
            foreign,
            &reference::pad(b"text", 4096),
            "body",
        ),
        body(
            "body-of-no-class",
            "Authentic, but 100 bytes are no size class.",
            ctx,
            &reference::pad(b"text", 100),
            "body",
        ),
        body(
            "padding-length-beyond-the-class",
            "Authentic, but longer than itself.",
            ctx,
            &length(4093),
            "padding",
        ),
        body(
            "padding-length-of-4-gib",
            "Authentic, but the length is 2^32 - 1.",
            ctx,
            &length(u32::MAX),
            "padding",
        ),
        body(
            "padding-not-zero",
            "Authentic, but a byte behind the text is not 0.",
            ctx,
            &not_zero,
            "padding",
        ),
    ]
}

pub(crate) fn harmless() -> Vec<Changed> {
    let three = |name: &str, note: &str, changes: Vec<Change>| {
        changed(name, note, (THREE, "b"), changes, "")
    };
    vec![
        three(
            "wraps-reordered",
            "The order of whole wraps is not bound.",
            vec![swap("/wraps/0", "/wraps/2")],
        ),
        three(
            "other-wrap-broken",
            "Another recipient's wrap does not matter.",
            vec![xor("/wraps/0/w", 0, 0x01)],
        ),
        three(
            "other-wraps-removed",
            "Nor does it matter whether it is there.",
            vec![remove("/wraps/2"), remove("/wraps/0")],
        ),
        three(
            "del-changed",
            "`del` belongs to withdrawal and is not bound.",
            vec![xor("/del", 0, 0x01)],
        ),
    ]
}
