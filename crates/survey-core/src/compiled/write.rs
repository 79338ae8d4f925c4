//! From a definition to its compiled form.

use super::{HEAD, kind, signed};
use crate::{
    Condition, Definition, LanguageIndex, Month, Text,
    definition::{Choice, Choices, Page, PageKind, Question, QuestionKind, SupportLine},
};

impl Definition {
    /// The definition in one language, in the form that [`Definition::from_compiled`] reads. What
    /// is not translated is in the source language and stays marked so.
    #[must_use]
    pub fn compile(&self, language: LanguageIndex) -> Vec<u8> {
        let right_to_left = self.language(language).is_right_to_left();
        let mut writer = Writer { bytes: vec![0; HEAD], language, right_to_left };
        writer.definition(self);
        signed(writer.bytes)
    }
}

pub(crate) struct Writer {
    bytes: Vec<u8>,
    language: LanguageIndex,
    right_to_left: bool,
}

impl Writer {
    pub(crate) fn byte(&mut self, byte: u8) {
        self.bytes.push(byte);
    }

    /// Everything that is counted in a definition is far below the 32 bits that are read.
    pub(crate) fn number(&mut self, mut number: usize) {
        while number > 0x7f {
            self.byte(number as u8 | 0x80);
            number >>= 7;
        }
        self.byte(number as u8);
    }

    pub(crate) fn list<T>(
        &mut self,
        entries: impl ExactSizeIterator<Item = T>,
        write: impl Fn(&mut Self, T),
    ) {
        self.number(entries.len());
        entries.for_each(|entry| write(self, entry));
    }

    fn string(&mut self, string: &str) {
        self.number(string.len());
        self.bytes.extend_from_slice(string.as_bytes());
    }

    fn text(&mut self, text: Option<&Text>) {
        let Some(text) = text else {
            self.number(0);
            return;
        };
        let localized = text.get(self.language);
        let is_fallback = localized.fallback.is_some();
        let text = if self.right_to_left && !is_fallback {
            numbers_in_order(localized.text)
        } else {
            localized.text.to_owned()
        };
        self.number(2 * text.len() + usize::from(is_fallback));
        self.bytes.extend_from_slice(text.as_bytes());
    }

    fn texts(&mut self, texts: &[Text]) {
        self.list(texts.iter(), |writer, text| writer.text(Some(text)));
    }

    fn definition(&mut self, definition: &Definition) {
        self.list(definition.languages.iter(), |w, language| w.string(language.as_str()));
        self.byte(self.language.0);
        self.list(definition.context.iter(), |w, (name, values)| {
            w.string(name);
            w.list(values.iter(), |w, value| w.string(value));
        });
        self.string(definition.id.as_str());
        let version = definition.version;
        for number in [version.major, version.minor, version.patch] {
            self.number(number.into());
        }
        self.text(Some(&definition.title));
        self.text(definition.owner.as_ref());
        self.string(&definition.exit_url);
        self.list(definition.sections.iter(), |w, section| {
            w.string(section.id.as_str());
            w.text(Some(&section.title));
        });
        self.texts(&definition.start);
        self.list(definition.pages.iter(), Self::page);
        self.text(Some(&definition.end.heading));
        self.texts(&definition.end.body);
        self.list(definition.support_lines.iter(), Self::support_line);
        self.list(definition.recipients.iter(), |w, recipient| {
            w.bytes.extend_from_slice(&recipient.kid);
            w.bytes.extend_from_slice(&recipient.key);
        });
        self.list(definition.submit.iter(), |w, url| w.string(url));
        self.number(definition.longest_response);
    }

    fn page(&mut self, page: &Page) {
        self.string(page.key.as_str());
        self.number(page.section.map_or(0, |section| section.get() + 1));
        Condition::write(page.ask_if.as_ref(), self);
        match &page.kind {
            PageKind::Statement(statement) => {
                self.byte(kind::STATEMENT);
                self.text(Some(&statement.heading));
                self.texts(&statement.body);
                self.byte(statement.support.into());
            }
            PageKind::Gate(gate) => {
                self.byte(kind::GATE);
                self.text(Some(&gate.heading));
                self.texts(&gate.body);
                self.text(Some(&gate.go_on));
                self.text(Some(&gate.finish));
            }
            PageKind::Question(question) => self.question(question),
        }
    }

    fn question(&mut self, question: &Question) {
        self.byte(match question.kind {
            QuestionKind::Single(_) => kind::SINGLE,
            QuestionKind::Multiple(_) => kind::MULTIPLE,
            QuestionKind::Scale(_) => kind::SCALE,
            QuestionKind::Select(_) => kind::SELECT,
            QuestionKind::Rating(_) => kind::RATING,
            QuestionKind::Text { .. } => kind::TEXT,
            QuestionKind::LongText { .. } => kind::LONG_TEXT,
            QuestionKind::Month { .. } => kind::MONTH,
        });
        self.text(Some(&question.text));
        self.text(question.hint.as_ref());
        self.texts(&question.body);
        self.byte(question.offers_declined.into());
        self.byte(question.offers_dont_know.into());
        match &question.kind {
            QuestionKind::Single(choices)
            | QuestionKind::Multiple(choices)
            | QuestionKind::Scale(choices)
            | QuestionKind::Select(choices) => self.choices(choices),
            QuestionKind::Rating(rating) => {
                self.byte(rating.min);
                self.byte(rating.max);
                self.text(Some(&rating.min_label));
                self.text(Some(&rating.max_label));
            }
            QuestionKind::Text { max_length } | QuestionKind::LongText { max_length } => {
                self.number((*max_length).into());
            }
            QuestionKind::Month { from, to } => {
                self.month(*from);
                self.month(*to);
            }
        }
    }

    fn choices(&mut self, choices: &Choices) {
        self.list(choices.all.iter(), Self::choice);
        self.number(choices.main);
    }

    fn choice(&mut self, choice: &Choice) {
        self.byte(choice.code.get());
        self.text(Some(&choice.label));
        self.text(choice.hint.as_ref());
        self.byte(choice.exclusive.into());
        Condition::write(choice.condition.as_ref(), self);
    }

    fn month(&mut self, month: Month) {
        self.number(month.year().into());
        self.byte(month.month());
    }

    fn support_line(&mut self, line: &SupportLine) {
        self.text(Some(&line.name));
        self.string(line.phone.as_deref().unwrap_or_default());
        self.string(line.url.as_deref().unwrap_or_default());
        self.text(line.hours.as_ref());
        self.text(line.note.as_ref());
    }
}

/// Keeps telephone numbers in a text that runs from right to left as people dial them: of digits
/// with spaces between them, the last group would be shown first. An isolate (Unicode UAX #9) is
/// what an element with `dir="ltr"` would be, and a text has no elements.
pub(super) fn numbers_in_order(text: &str) -> String {
    let mut ordered = String::new();
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| c == '+' || c.is_ascii_digit()) {
        let (before, number) = rest.split_at(start);
        let is_part = |c: char| c == ' ' || c.is_ascii_digit();
        let end = number[1..].find(|c| !is_part(c)).map_or(number.len(), |end| end + 1);
        let number = number[..end].trim_end();
        ordered.push_str(before);
        if number.contains(' ') {
            ordered.extend(["\u{2066}", number, "\u{2069}"]);
        } else {
            ordered.push_str(number);
        }
        rest = &rest[start + number.len()..];
    }
    ordered + rest
}
