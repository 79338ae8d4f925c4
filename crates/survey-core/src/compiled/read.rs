//! From the compiled form to a definition.
//!
//! Names and addresses have the form that they had when they were compiled: the checksum sees to it.
//! What other code relies on is checked once more: every place that is named is there, every
//! number is in its range.
//!
//! The reader goes on after the first thing that is wrong, with zeroes, and says at the end that
//! something was: code that can stop after every byte is half as long again in a widget that has
//! to be small. Nothing that was read so leaves this file.

use std::mem;

use super::{FORM, HEAD, checksum, kind};
use crate::{
    Code, Condition, Definition, Key, Language, LanguageIndex, MAX_LONG_TEXT, MAX_OPTIONS,
    MAX_PAGES, MAX_PLAINTEXT, Month, PageIndex, SectionIndex, SurveyId, Text, Version,
    definition::{
        Choice, Choices, Ending, Gate, Page, PageKind, Question, QuestionKind, Rating, Recipient,
        Section, Statement, SupportLine,
    },
};

/// Places in a list that one byte tells apart.
const MAX_U8: usize = 256;

impl Definition {
    /// Reads what [`Definition::compile`] of the same version of this crate wrote.
    ///
    /// `None` for everything else: another form, and bytes that were cut off or changed. Nothing
    /// else can be said of them; to publish the survey again is the only remedy.
    #[must_use]
    pub fn from_compiled(bytes: &[u8]) -> Option<Self> {
        let (head, content) = bytes.split_at_checked(HEAD)?;
        if head[0] != FORM || head[1..] != checksum(content) {
            return None;
        }
        let mut reader = Reader {
            rest: content,
            sound: true,
            language: LanguageIndex(0),
            context: Vec::new(),
            sections: 0,
        };
        let definition = reader.definition();
        (reader.sound && reader.rest.is_empty()).then_some(definition)
    }
}

pub(crate) struct Reader<'a> {
    rest: &'a [u8],
    /// Nothing was wrong so far.
    sound: bool,
    language: LanguageIndex,
    /// The names and values of the context, until the definition takes them.
    context: Vec<(Box<str>, Vec<Box<str>>)>,
    /// How many sections there are.
    sections: usize,
}

impl<'a> Reader<'a> {
    /// Notes that something is wrong, and leaves nothing to read.
    pub(crate) fn fail(&mut self) {
        self.sound = false;
        self.rest = &[];
    }

    pub(crate) fn require(&mut self, right: bool) {
        if !right {
            self.fail();
        }
    }

    /// The value, or another in its place after it was noted that there is none.
    fn or<T>(&mut self, value: Option<T>, other: T) -> T {
        self.require(value.is_some());
        value.unwrap_or(other)
    }

    fn take(&mut self, length: usize) -> &'a [u8] {
        let (taken, rest) = self.rest.split_at_checked(length).unwrap_or_else(|| {
            self.sound = false;
            (&[], &[])
        });
        self.rest = rest;
        taken
    }

    pub(crate) fn byte(&mut self) -> u8 {
        self.take(1).first().copied().unwrap_or_default()
    }

    fn flag(&mut self) -> bool {
        let byte = self.byte();
        self.require(byte <= 1);
        byte == 1
    }

    pub(crate) fn number(&mut self) -> usize {
        let mut number = 0;
        for shift in [0, 7, 14, 21, 28] {
            let byte = self.byte();
            number |= u32::from(byte & 0x7f) << shift;
            if byte <= 0x7f {
                return number as usize;
            }
        }
        self.fail();
        0
    }

    /// A number that is not above `most`.
    fn at_most(&mut self, most: usize) -> usize {
        let number = self.number();
        self.require(number <= most);
        number.min(most)
    }

    /// At most `most` entries.
    pub(crate) fn list<T>(&mut self, most: usize, read: impl Fn(&mut Self) -> T) -> Vec<T> {
        let length = self.at_most(most);
        // No room taken beforehand: the number may be anything, every entry has a byte at least.
        let mut list = Vec::new();
        while list.len() < length && self.sound {
            list.push(read(self));
        }
        list
    }

    pub(crate) fn code(&mut self) -> Code {
        let code = Code::new(self.byte().into());
        self.or(code, Code::LEAST)
    }

    pub(crate) fn codes(&mut self) -> Vec<Code> {
        self.list(MAX_OPTIONS, Self::code)
    }

    /// Whether a condition may ask for the value at place `value` of the context name at `name`.
    pub(crate) fn has_context(&self, name: usize, value: u8) -> bool {
        self.context.get(name).is_some_and(|(_, values)| usize::from(value) < values.len())
    }

    fn utf8(&mut self, length: usize) -> Box<str> {
        let text = str::from_utf8(self.take(length));
        self.or(text.ok(), "").into()
    }

    fn string(&mut self) -> Box<str> {
        let length = self.number();
        self.utf8(length)
    }

    fn optional_text(&mut self) -> Option<Text> {
        let head = self.number();
        if head == 0 {
            return None;
        }
        let language = if head & 1 == 0 { self.language } else { LanguageIndex(0) };
        Some(Text::only(language, self.utf8(head / 2)))
    }

    fn text(&mut self) -> Text {
        self.optional_text().unwrap_or_else(|| {
            self.fail();
            Text::only(LanguageIndex(0), Box::default())
        })
    }

    fn texts(&mut self) -> Vec<Text> {
        self.list(usize::MAX, Self::text)
    }

    fn definition(&mut self) -> Definition {
        let languages = self.list(MAX_U8, |reader| Language::checked(reader.string()));
        self.language = LanguageIndex(self.byte());
        self.require(usize::from(self.language.0) < languages.len());
        self.context =
            self.list(usize::MAX, |reader| (reader.string(), reader.list(MAX_U8, Self::string)));
        Definition {
            id: SurveyId::checked(self.string()),
            version: Version {
                major: self.number() as u16,
                minor: self.number() as u16,
                patch: self.number() as u16,
            },
            languages,
            start_language: self.language,
            title: self.text(),
            owner: self.optional_text(),
            exit_url: self.string(),
            sections: self.sections(),
            start: self.texts(),
            pages: self.pages(),
            context: mem::take(&mut self.context),
            end: Ending { heading: self.text(), body: self.texts() },
            support_lines: self.list(usize::MAX, Self::support_line),
            recipients: self.list(usize::MAX, Self::recipient),
            submit: self.list(usize::MAX, Self::string),
            longest_response: self.at_most(MAX_PLAINTEXT),
        }
    }

    fn sections(&mut self) -> Vec<Section> {
        let sections = self.list(MAX_PAGES, |reader| Section {
            id: Key::checked(reader.string()),
            title: reader.text(),
        });
        self.sections = sections.len();
        sections
    }

    fn pages(&mut self) -> Vec<Page> {
        let length = self.at_most(MAX_PAGES);
        let mut pages = Vec::new();
        while pages.len() < length && self.sound {
            let page = self.page(PageIndex(pages.len() as u16));
            pages.push(page);
        }
        // Where there is no page there is nothing to start with.
        self.require(!pages.is_empty());
        pages
    }

    fn page(&mut self, page: PageIndex) -> Page {
        let key = Key::checked(self.string());
        let section = self.at_most(self.sections).checked_sub(1);
        Page {
            key,
            section: section.map(|section| SectionIndex(section as u16)),
            ask_if: Condition::read(self, page),
            kind: match self.byte() {
                kind::STATEMENT => PageKind::Statement(Statement {
                    heading: self.text(),
                    body: self.texts(),
                    support: self.flag(),
                }),
                kind::GATE => PageKind::Gate(Gate {
                    heading: self.text(),
                    body: self.texts(),
                    go_on: self.text(),
                    finish: self.text(),
                }),
                kind => PageKind::Question(Question {
                    text: self.text(),
                    hint: self.optional_text(),
                    body: self.texts(),
                    #[cfg(feature = "authoring")]
                    sensitivity: crate::Sensitivity::None,
                    offers_declined: self.flag(),
                    offers_dont_know: self.flag(),
                    kind: self.question_kind(kind, page),
                }),
            },
        }
    }

    fn question_kind(&mut self, kind: u8, page: PageIndex) -> QuestionKind {
        match kind {
            kind::SINGLE => QuestionKind::Single(self.choices(page)),
            kind::MULTIPLE => QuestionKind::Multiple(self.choices(page)),
            kind::SCALE => QuestionKind::Scale(self.choices(page)),
            kind::SELECT => QuestionKind::Select(self.choices(page)),
            kind::RATING => {
                let (min, max) = (self.byte(), self.byte());
                self.require(min < max && max <= 96);
                let (min_label, max_label) = (self.text(), self.text());
                QuestionKind::Rating(Rating { min, max, min_label, max_label })
            }
            kind::TEXT => QuestionKind::Text { max_length: self.max_length() },
            kind::LONG_TEXT => QuestionKind::LongText { max_length: self.max_length() },
            _ => {
                self.require(kind == kind::MONTH);
                let (from, to) = (self.month(), self.month());
                self.require(from <= to);
                QuestionKind::Month { from, to }
            }
        }
    }

    fn max_length(&mut self) -> u16 {
        self.at_most(MAX_LONG_TEXT.into()) as u16
    }

    fn month(&mut self) -> Month {
        let month = Month::new(self.at_most(9_999) as u16, self.byte());
        self.or(month, Month::FIRST)
    }

    fn choices(&mut self, page: PageIndex) -> Choices {
        let all = self.list(MAX_OPTIONS, |reader| Choice {
            code: reader.code(),
            label: reader.text(),
            hint: reader.optional_text(),
            exclusive: reader.flag(),
            condition: Condition::read(reader, page),
            #[cfg(feature = "authoring")]
            maps: Vec::new(),
        });
        let main = self.at_most(all.len());
        let conditional = all.iter().any(|choice| choice.condition.is_some());
        Choices { all, main, conditional }
    }

    fn support_line(&mut self) -> SupportLine {
        let some = |string: Box<str>| Some(string).filter(|string| !string.is_empty());
        SupportLine {
            name: self.text(),
            phone: some(self.string()),
            url: some(self.string()),
            hours: self.optional_text(),
            note: self.optional_text(),
        }
    }

    fn recipient(&mut self) -> Recipient {
        let kid = self.take(8).first_chunk().copied();
        Recipient {
            kid: kid.unwrap_or_default(),
            key: self.take(Recipient::KEY_LEN).into(),
            #[cfg(feature = "authoring")]
            label: None,
            #[cfg(feature = "authoring")]
            not_after: None,
        }
    }
}
