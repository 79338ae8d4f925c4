//! People who answer, by the same code as the widget's.

use std::sync::Arc;

use survey_core::{
    Code, Definition, Entry, GateChoice, LanguageIndex, Position, ResponseId, Session,
};

/// What a person does on a page: `None` leaves for good.
pub(crate) type Does = Option<Entry>;

pub(crate) fn code(code: i64) -> Does {
    Some(Entry::Code(Code::new(code).unwrap()))
}

pub(crate) fn codes(codes: &[i64]) -> Does {
    Some(Entry::Codes(codes.iter().map(|code| Code::new(*code).unwrap()).collect()))
}

pub(crate) fn text(text: &str) -> Does {
    Some(Entry::Text(text.to_owned().into()))
}

pub(crate) fn month(year: &str, month: &str) -> Does {
    Some(Entry::Month { month: month.to_owned(), year: year.to_owned() })
}

pub(crate) const SKIPS: Does = Some(Entry::Nothing);
pub(crate) const DECLINES: Does = Some(Entry::Declined);
pub(crate) const DOES_NOT_KNOW: Does = Some(Entry::DontKnow);
pub(crate) const GOES_ON: Does = Some(Entry::Gate(GateChoice::GoOn));
pub(crate) const FINISHES: Does = Some(Entry::Gate(GateChoice::Finish));

/// A person: a response id, and what they do on each page by its key; other pages are skipped.
pub(crate) struct Person {
    pub(crate) rid: u8,
    pub(crate) rev: u16,
    pub(crate) lang: u8,
    pub(crate) site: Option<&'static str>,
    pub(crate) does: Vec<(&'static str, Does)>,
}

impl Person {
    pub(crate) fn new(rid: u8, does: &[(&'static str, Does)]) -> Self {
        Self { rid, rev: 0, lang: 0, site: None, does: does.to_vec() }
    }

    /// The plaintext that the widget would seal.
    pub(crate) fn answers(&self, definition: &Definition) -> Vec<u8> {
        let mut session = Session::new(Arc::new(definition.clone()));
        session.set_context(definition.accept_context(self.site.map(|site| ("site", site))));
        if let Some(tag) = definition.languages().get(usize::from(self.lang)) {
            let index: LanguageIndex = definition.find_language(tag.as_str()).unwrap();
            session.set_language(index);
        }
        while let Position::Page(page) = session.position() {
            let key = definition.page(page).key().as_str();
            match self.does.iter().find(|(k, _)| *k == key).map(|(_, does)| does) {
                Some(Some(entry)) => session.enter(page, entry.clone()),
                Some(None) => break,
                None => {}
            }
            session.advance().unwrap();
        }
        let rid = ResponseId([self.rid; 16]);
        session.complete(rid, self.rev).unwrap().to_json(definition).to_vec()
    }
}

/// Somebody who answers everything.
pub(crate) fn talkative(rid: u8, said: &str) -> Person {
    Person {
        site: Some("met"),
        ..Person::new(
            rid,
            &[
                ("overall", code(2)),
                ("channel", code(1)),
                ("flags", codes(&[1, 2])),
                ("rate", Some(Entry::Number(10))),
                ("more", GOES_ON),
                ("month", month("2025", "3")),
                ("area", code(2)),
                ("text", text(said)),
            ],
        )
    }
}
