//! Bytes that are refused, and what of damaged ones is read all the same.

use std::sync::Arc;

use proptest::{collection::vec, prelude::*, sample::Index};

use super::*;
use crate::{
    Definition, LanguageIndex, MAX_PLAINTEXT, Month, Position, QuestionKind, ResponseId,
    SectionIndex, Session, check::tests::every_page,
};

fn definition() -> Definition {
    Definition::parse(every_page().to_string().as_bytes()).unwrap()
}

fn compiled() -> Vec<u8> {
    definition().compile(LanguageIndex(1))
}

#[test]
fn damage_is_found() {
    let bytes = compiled();
    assert!(Definition::from_compiled(&bytes).is_some());
    assert!(Definition::from_compiled(&[]).is_none());
    for length in 0..bytes.len() {
        assert!(Definition::from_compiled(&bytes[..length]).is_none(), "cut off at {length}");
    }
    for place in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[place] ^= 1 << (place % 8);
        assert!(Definition::from_compiled(&changed).is_none(), "byte {place}");
    }
}

#[test]
fn nothing_is_missing_and_nothing_follows() {
    let bytes = compiled();
    for length in HEAD..bytes.len() {
        let cut_off = signed(bytes[..length].to_vec());
        assert!(Definition::from_compiled(&cut_off).is_none(), "cut off at {length}");
    }
    assert!(Definition::from_compiled(&signed([&bytes[..], b"\0"].concat())).is_none());
}

/// Breaks the definition that has everything and sees that its compiled form is refused.
#[track_caller]
fn check(name: &str, spoil: impl FnOnce(&mut Definition)) {
    let mut definition = definition();
    spoil(&mut definition);
    let bytes = definition.compile(LanguageIndex(0));
    assert!(Definition::from_compiled(&bytes).is_none(), "row `{name}`");
}

/// Puts another kind in the place of that of `key`.
fn question(definition: &mut Definition, key: &str, kind: QuestionKind) {
    let page = definition.find(key).unwrap().get();
    match &mut definition.pages[page].kind {
        crate::PageKind::Question(question) => question.kind = kind,
        _ => panic!("{key} is no question"),
    }
}

#[test]
fn what_other_code_relies_on_is_checked_again() {
    let month = |text| Month::parse(text).unwrap();
    check("no page", |d| d.pages.clear());
    check("a section that is not there", |d| d.pages[0].section = Some(SectionIndex(2)));
    check("a condition on its own page", |d| drop(d.pages.remove(0)));
    check("a condition on a later page", |d| {
        d.pages[0].ask_if = d.pages.iter().find_map(|page| page.ask_if.clone());
    });
    check("a context name that is not there", |d| d.context.clear());
    check("a context value that is not there", |d| d.context[0].1.clear());
    check("a text without a character", |d| {
        d.title = crate::Text::only(LanguageIndex(0), "".into());
    });
    check("a rating without numbers", |d| {
        let QuestionKind::Rating(mut rating) = kind(d, "rate") else { panic!("no rating") };
        (rating.min, rating.max) = (5, 5);
        question(d, "rate", QuestionKind::Rating(rating));
    });
    check("a rating among the missing values", |d| {
        let QuestionKind::Rating(mut rating) = kind(d, "rate") else { panic!("no rating") };
        rating.max = 97;
        question(d, "rate", QuestionKind::Rating(rating));
    });
    check("months that end before they begin", |d| {
        let kind = QuestionKind::Month { from: month("2025-02"), to: month("2025-01") };
        question(d, "month", kind);
    });
    check("a text too long", |d| question(d, "short", QuestionKind::Text { max_length: 5_001 }));
    check("more options than there are", |d| {
        let QuestionKind::Multiple(mut choices) = kind(d, "many") else { panic!("no options") };
        choices.main += 1;
        question(d, "many", QuestionKind::Multiple(choices));
    });
    check("a response that no envelope holds", |d| d.longest_response = MAX_PLAINTEXT + 1);
    assert!(Definition::from_compiled(&definition().compile(LanguageIndex(2))).is_none());
}

/// The compiled definition with `bytes` in the place of the first byte in which `change` shows.
fn spelt(change: impl FnOnce(&mut Definition), bytes: &[u8]) -> Option<Definition> {
    let mut definition = definition();
    let mut compiled = definition.compile(LanguageIndex(0));
    change(&mut definition);
    let changed = definition.compile(LanguageIndex(0));
    let place = (HEAD..compiled.len()).find(|&place| compiled[place] != changed[place]);
    let place = place.expect("the change shows");
    compiled.splice(place..=place, bytes.iter().copied());
    Definition::from_compiled(&signed(compiled))
}

#[test]
fn what_stands_for_nothing_is_refused() {
    let flag = |d: &mut Definition| {
        let one = d.find("one").unwrap().get();
        let crate::PageKind::Question(question) = &mut d.pages[one].kind else { panic!("no") };
        question.offers_declined = false;
    };
    assert!(spelt(flag, &[1]).is_some());
    assert!(spelt(flag, &[2]).is_none(), "a flag");
    let kind = |d: &mut Definition| question(d, "month", QuestionKind::Text { max_length: 1 });
    assert!(spelt(kind, &[kind::MONTH]).is_some());
    assert!(spelt(kind, &[kind::MONTH + 1]).is_none(), "a kind of page");
    let length = |d: &mut Definition| d.start.clear();
    assert!(spelt(length, &[1]).is_some());
    assert!(spelt(length, &[0xff, 0xff, 0xff, 0xff, 0x0f]).is_none(), "far too many paragraphs");
    assert!(spelt(length, &[0x81, 0x80, 0x80, 0x80, 0x80, 0]).is_none(), "a number too long");
}

fn kind(definition: &Definition, key: &str) -> QuestionKind {
    let page = definition.page(definition.find(key).unwrap());
    page.question().unwrap().kind.clone()
}

/// Goes through all that a widget asks of a definition.
fn use_up(definition: Definition) {
    let definition = Arc::new(definition);
    let mut session = Session::new(Arc::clone(&definition));
    for (name, _) in definition.context_names() {
        let _ = definition.accept_context([(name, "other")]);
    }
    while let Position::Page(page) = session.position() {
        let offered = session.offered(page);
        if let Some(code) = offered.first().map(|choice| choice.code()) {
            session.enter(page, crate::Entry::Code(code));
        }
        if let Some(progress) = session.progress(page) {
            let _ = definition.sections()[progress.section.get()].title();
        }
        if let Some(choices) = definition.page(page).question().and_then(|q| q.kind.choices()) {
            let _ = (choices.main(), choices.also());
        }
        if session.advance().is_err() {
            session.skip();
        }
    }
    while session.back() {}
    let response = session.complete(ResponseId([0; 16]), 0);
    if let Ok(response) = response {
        let _ = (response.to_json(&definition), response.values(&definition));
        let _ = response.carried_over(&definition, &definition);
    }
    let _ = session.language_tag();
    let _ = definition.compile(definition.start_language());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn whatever_is_read_can_be_used(
        changes in vec((any::<Index>(), any::<u8>(), 0..4_u8), 1..8),
    ) {
        let mut bytes = compiled();
        for (place, byte, way) in changes {
            let place = HEAD + place.index(bytes.len() - HEAD);
            match way {
                0 => bytes[place] = byte,
                1 => bytes[place] = byte % 13,
                2 => bytes.insert(place, byte % 13),
                _ => drop(bytes.remove(place)),
            }
        }
        if let Some(definition) = Definition::from_compiled(&signed(bytes)) {
            use_up(definition);
        }
    }

    #[test]
    fn noise_is_refused(noise in vec(any::<u8>(), 0..300)) {
        let _ = Definition::from_compiled(&noise);
        let bytes = signed([&[FORM; HEAD][..], &noise].concat());
        prop_assert!(Definition::from_compiled(&bytes).is_none());
    }
}

#[test]
fn numbers_of_telephones_stay_in_order_within_texts_from_right_to_left() {
    for (text, expected) in [
        ("اتصل على 08 08 16 89 111 الآن", "اتصل على \u{2066}08 08 16 89 111\u{2069} الآن"),
        ("+44 20 7946 0000", "\u{2066}+44 20 7946 0000\u{2069}"),
        ("999", "999"),
        ("من 16 إلى 24 سنة", "من 16 إلى 24 سنة"),
        ("16 سنة", "16 سنة"),
        ("5 + ", "5 + "),
        ("", ""),
    ] {
        assert_eq!(super::write::numbers_in_order(text), expected, "{text}");
    }
}
