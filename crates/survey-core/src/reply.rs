//! What a person enters and what it says.

use std::fmt;

use zeroize::Zeroizing;

use crate::{
    Code, Month, QuestionKind,
    definition::{Page, PageKind},
    month,
};

#[cfg(test)]
mod tests;

/// What stands in the controls of a page, valid or not. Kept as typed, so that nothing is lost
/// between pages.
#[derive(Clone, Default, PartialEq, Eq)]
pub enum Entry {
    /// Nothing chosen, nothing typed.
    #[default]
    Nothing,
    /// "I would rather not say".
    Declined,
    /// "I do not know or cannot remember".
    DontKnow,
    /// One option.
    Code(Code),
    /// Several options.
    Codes(Vec<Code>),
    /// A number on a rating.
    Number(u8),
    /// Text as typed.
    Text(Zeroizing<String>),
    /// The two fields of a month as typed.
    Month {
        /// Month field: a number.
        month: String,
        /// Year field: a number of four digits.
        year: String,
    },
    /// A button of a gate.
    Gate(GateChoice),
}

/// By hand, so that no log or panic message can hold an answer.
impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Entry(_)")
    }
}

/// What a person decided at a gate.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum GateChoice {
    /// Go on to more questions.
    GoOn,
    /// Ask nothing more.
    Finish,
}

impl GateChoice {
    /// The name in responses.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::GoOn => "go_on",
            Self::Finish => "finish",
        }
    }
}

/// A valid answer.
#[derive(Clone, PartialEq, Eq)]
pub enum Answer {
    /// One option.
    Code(Code),
    /// Several options: ascending, at least one.
    Codes(Vec<Code>),
    /// A number on a rating.
    Number(u8),
    /// Text: trimmed, not empty, without control characters but line feeds.
    Text(Zeroizing<String>),
    /// A month of a year.
    Month(Month),
    /// What was decided at a gate.
    Gate(GateChoice),
}

/// What a person said to one page. Silence and refusal are different facts, so they are different
/// variants; a page that routing left out has no `Reply` at all.
#[derive(Clone, PartialEq, Eq)]
pub enum Reply {
    /// Shown and passed over.
    Skipped,
    /// "I would rather not say".
    Declined,
    /// "I do not know or cannot remember".
    DontKnow,
    /// An answer that fits the question it belongs to.
    Given(Answer),
}

impl Reply {
    /// The answer, if one was given.
    #[must_use]
    pub fn answer(&self) -> Option<&Answer> {
        self.said().ok()
    }

    /// The answer, or why there is none.
    pub(crate) fn said(&self) -> Result<&Answer, MissingValue> {
        match self {
            Self::Given(answer) => Ok(answer),
            Self::Declined => Err(MissingValue::Declined),
            Self::DontKnow => Err(MissingValue::DontKnow),
            Self::Skipped => Err(MissingValue::Skipped),
        }
    }
}

macro_rules! opaque_debug {
    ($($name:ident)*) => {$(
        /// By hand, so that no log or panic message can hold an answer.
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(_)"))
            }
        }
    )*};
}
opaque_debug!(GateChoice Answer Reply);

/// Why there is no answer: the named missing values of exports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MissingValue {
    /// "I do not know or cannot remember".
    DontKnow,
    /// "I would rather not say".
    Declined,
    /// Shown and passed over.
    Skipped,
    /// Left out by routing.
    NotAsked,
    /// The person stopped before it.
    NotReached,
}

impl MissingValue {
    /// All of them, in the order of a codebook.
    pub const ALL: [Self; 5] =
        [Self::DontKnow, Self::Declined, Self::Skipped, Self::NotAsked, Self::NotReached];

    /// The number in coded exports. Option codes and ratings never use it.
    #[must_use]
    pub fn code(self) -> i8 {
        match self {
            Self::DontKnow => 97,
            Self::Declined => 98,
            Self::Skipped => 99,
            Self::NotAsked => -1,
            Self::NotReached => -2,
        }
    }

    /// The name in codebooks and responses.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::DontKnow => "dont_know",
            Self::Declined => "declined",
            Self::Skipped => "skipped",
            Self::NotAsked => "not_asked",
            Self::NotReached => "not_reached",
        }
    }
}

/// Why an entry is not an answer. The widget has a sentence for each that says how to put it
/// right; none holds what was entered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Problem {
    /// The text has more characters than it may have.
    TooLong {
        /// Characters there are.
        length: usize,
        /// Characters there may be.
        max: usize,
    },
    /// A month field without a month.
    MonthMissing,
    /// A month field that holds no number from 1 to 12.
    MonthUnclear,
    /// A year field without a year.
    YearMissing,
    /// A year field that holds no year of four digits.
    YearUnclear,
    /// A month before the first or after the last that can be given.
    MonthOutOfRange {
        /// The first.
        from: Month,
        /// The last.
        to: Month,
    },
    /// "None of these" together with one of these.
    ExclusiveWithOthers,
    /// An entry that this question does not take or does not offer.
    NotOffered,
}

/// Reads what stands on `page`, as if every option were offered.
pub(crate) fn read(page: &Page, entry: &Entry) -> Result<Reply, Problem> {
    let kind = page.question().map(|question| &question.kind);
    let reply = match (entry, kind) {
        (Entry::Nothing, _) => Reply::Skipped,
        (Entry::Declined, _) => Reply::Declined,
        (Entry::DontKnow, _) => Reply::DontKnow,
        (Entry::Code(code), _) => Reply::Given(Answer::Code(*code)),
        (Entry::Number(number), _) => Reply::Given(Answer::Number(*number)),
        (Entry::Gate(choice), _) => Reply::Given(Answer::Gate(*choice)),
        (Entry::Codes(codes), Some(QuestionKind::Multiple(_))) => {
            // Each once and in order, without the code that sorting takes.
            let codes: Vec<Code> = Code::all().filter(|code| codes.contains(code)).collect();
            if codes.is_empty() { Reply::Skipped } else { Reply::Given(Answer::Codes(codes)) }
        }
        (Entry::Text(typed), Some(QuestionKind::Text { .. })) => read_text(typed, false),
        (Entry::Text(typed), Some(QuestionKind::LongText { .. })) => read_text(typed, true),
        (Entry::Month { month, year }, Some(QuestionKind::Month { from, to })) => {
            read_month(month, year, *from, *to)?
        }
        _ => return Err(Problem::NotOffered),
    };
    check(page, &reply)?;
    Ok(reply)
}

/// Whether `reply` is one to `page`, as if every option were offered.
pub(crate) fn check(page: &Page, reply: &Reply) -> Result<(), Problem> {
    let question = match (&page.kind, reply) {
        (_, Reply::Skipped) | (PageKind::Gate(_), Reply::Given(Answer::Gate(_))) => return Ok(()),
        (PageKind::Question(question), _) => question,
        (PageKind::Statement(_) | PageKind::Gate(_), _) => return Err(Problem::NotOffered),
    };
    let fits = match (&question.kind, reply) {
        (_, Reply::Declined) => question.offers_declined,
        (_, Reply::DontKnow) => question.offers_dont_know,
        (
            QuestionKind::Single(choices)
            | QuestionKind::Scale(choices)
            | QuestionKind::Select(choices),
            Reply::Given(Answer::Code(code)),
        ) => choices.find(*code).is_some(),
        (QuestionKind::Multiple(choices), Reply::Given(Answer::Codes(codes))) => {
            let mut exclusive = false;
            for code in codes {
                exclusive |= choices.find(*code).ok_or(Problem::NotOffered)?.exclusive;
            }
            if exclusive && codes.len() > 1 {
                return Err(Problem::ExclusiveWithOthers);
            }
            true
        }
        (QuestionKind::Rating(rating), Reply::Given(Answer::Number(number))) => {
            (rating.min..=rating.max).contains(number)
        }
        (
            QuestionKind::Text { max_length } | QuestionKind::LongText { max_length },
            Reply::Given(Answer::Text(text)),
        ) => {
            let length = text.bytes().filter(|byte| !is_continuation(*byte)).count();
            let max = usize::from(*max_length);
            if length > max {
                return Err(Problem::TooLong { length, max });
            }
            matches!(question.kind, QuestionKind::LongText { .. })
                || !text.bytes().any(|byte| byte == b'\n')
        }
        (QuestionKind::Month { from, to }, Reply::Given(Answer::Month(month))) => {
            if !(from..=to).contains(&month) {
                return Err(Problem::MonthOutOfRange { from: *from, to: *to });
            }
            true
        }
        _ => false,
    };
    if fits { Ok(()) } else { Err(Problem::NotOffered) }
}

fn read_text(typed: &str, lines: bool) -> Reply {
    let mut text = Zeroizing::new(String::with_capacity(typed.len()));
    for c in typed.chars() {
        match c {
            '\n' if lines => text.push('\n'),
            '\t' | '\n' => text.push(' '),
            c if c.is_control() => {}
            c => text.push(c),
        }
    }
    // Only now: a control character at the end would shield the spaces before it.
    let text = Zeroizing::new(text.trim().to_owned());
    if text.is_empty() { Reply::Skipped } else { Reply::Given(Answer::Text(text)) }
}

/// Whether a byte of UTF-8 is not the first of its character.
fn is_continuation(byte: u8) -> bool {
    byte & 0xc0 == 0x80
}

fn read_month(month: &str, year: &str, from: Month, to: Month) -> Result<Reply, Problem> {
    let (month, year) = (month.trim(), year.trim());
    match (month.is_empty(), year.is_empty()) {
        (true, true) => return Ok(Reply::Skipped),
        (true, false) => return Err(Problem::MonthMissing),
        (false, true) => return Err(Problem::YearMissing),
        (false, false) => {}
    }
    let month = month::typed(month).filter(|(month, _)| (1..=12).contains(month));
    let (month, _) = month.ok_or(Problem::MonthUnclear)?;
    let year = month::typed(year).filter(|(_, digits)| *digits == 4);
    let (year, _) = year.ok_or(Problem::YearUnclear)?;
    let given = Month::new(year, month as u8).ok_or(Problem::MonthOutOfRange { from, to })?;
    Ok(Reply::Given(Answer::Month(given)))
}
