//! What a person enters and what it says.

use std::fmt;

use zeroize::Zeroizing;

use crate::{
    Choices, Code, Month, QuestionKind,
    definition::{Page, PageKind},
};

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

/// Reads what stands on `page`; `offered` says which options are there now.
pub(crate) fn read(
    page: &Page,
    entry: &Entry,
    offered: impl Fn(Code) -> bool,
) -> Result<Reply, Problem> {
    let question = match (&page.kind, entry) {
        (_, Entry::Nothing) => return Ok(Reply::Skipped),
        (PageKind::Gate(_), Entry::Gate(choice)) => return Ok(Reply::Given(Answer::Gate(*choice))),
        (PageKind::Statement(_) | PageKind::Gate(_), _) => return Err(Problem::NotOffered),
        (PageKind::Question(question), _) => question,
    };
    match (&question.kind, entry) {
        (_, Entry::Declined) if question.offers_declined => Ok(Reply::Declined),
        (_, Entry::DontKnow) if question.offers_dont_know => Ok(Reply::DontKnow),
        (
            QuestionKind::Single(choices)
            | QuestionKind::Scale(choices)
            | QuestionKind::Select(choices),
            Entry::Code(code),
        ) => {
            let known = choices.find(*code).is_some() && offered(*code);
            if known { Ok(Reply::Given(Answer::Code(*code))) } else { Err(Problem::NotOffered) }
        }
        (QuestionKind::Multiple(choices), Entry::Codes(codes)) => {
            read_codes(choices, codes, offered)
        }
        (QuestionKind::Rating(rating), Entry::Number(number)) => {
            let known = (rating.min..=rating.max).contains(number);
            if known { Ok(Reply::Given(Answer::Number(*number))) } else { Err(Problem::NotOffered) }
        }
        (QuestionKind::Text { max_length }, Entry::Text(text)) => {
            read_text(text, *max_length, false)
        }
        (QuestionKind::LongText { max_length }, Entry::Text(text)) => {
            read_text(text, *max_length, true)
        }
        (QuestionKind::Month { from, to }, Entry::Month { month, year }) => {
            read_month(month, year, *from, *to)
        }
        _ => Err(Problem::NotOffered),
    }
}

fn read_codes(
    choices: &Choices,
    codes: &[Code],
    offered: impl Fn(Code) -> bool,
) -> Result<Reply, Problem> {
    let mut codes = codes.to_vec();
    codes.sort_unstable();
    codes.dedup();
    let mut exclusive = false;
    for code in &codes {
        let choice = choices.find(*code).filter(|_| offered(*code)).ok_or(Problem::NotOffered)?;
        exclusive |= choice.exclusive;
    }
    match codes.len() {
        0 => Ok(Reply::Skipped),
        2.. if exclusive => Err(Problem::ExclusiveWithOthers),
        _ => Ok(Reply::Given(Answer::Codes(codes))),
    }
}

fn read_text(typed: &str, max: u16, lines: bool) -> Result<Reply, Problem> {
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
    let max = usize::from(max);
    let length = text.chars().count();
    match length {
        0 => Ok(Reply::Skipped),
        _ if length > max => Err(Problem::TooLong { length, max }),
        _ => Ok(Reply::Given(Answer::Text(text))),
    }
}

fn read_month(month: &str, year: &str, from: Month, to: Month) -> Result<Reply, Problem> {
    let (month, year) = (month.trim(), year.trim());
    match (month.is_empty(), year.is_empty()) {
        (true, true) => return Ok(Reply::Skipped),
        (true, false) => return Err(Problem::MonthMissing),
        (false, true) => return Err(Problem::YearMissing),
        (false, false) => {}
    }
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let month = month.parse::<u8>().ok().filter(|m| (1..=12).contains(m) && digits(month));
    let month = month.ok_or(Problem::MonthUnclear)?;
    let number = year.parse::<u16>().ok().filter(|_| year.len() == 4 && digits(year));
    let number = number.ok_or(Problem::YearUnclear)?;
    let given = Month::new(number, month).filter(|given| (from..=to).contains(given));
    given
        .map(|given| Reply::Given(Answer::Month(given)))
        .ok_or(Problem::MonthOutOfRange { from, to })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, result: Result<Reply, Problem>, expected: Result<Reply, Problem>) {
        assert!(result == expected, "row `{name}`");
    }

    fn text(text: &str) -> Result<Reply, Problem> {
        Ok(Reply::Given(Answer::Text(Zeroizing::new(text.to_owned()))))
    }

    #[test]
    fn text_is_trimmed_and_over_typing_is_explained() {
        check("plain", read_text("yes", 3, false), text("yes"));
        check("spaces only", read_text(" \n ", 3, true), Ok(Reply::Skipped));
        check("trimmed before counting", read_text("  yes\n", 3, true), text("yes"));
        check(
            "too long",
            read_text("yesss", 3, false),
            Err(Problem::TooLong { length: 5, max: 3 }),
        );
        check("characters, not bytes", read_text("żółw", 4, false), text("żółw"));
        check("lines stay in long text", read_text("a\r\nb", 9, true), text("a\nb"));
        check("lines become spaces in short text", read_text("a\r\nb", 9, false), text("a b"));
        check("control characters go", read_text("a\u{0}\u{7f}b", 9, true), text("ab"));
        check("and shield no spaces", read_text(" \u{0} a \u{0}", 9, true), text("a"));
        check("nor stand for a text", read_text("\u{0} \u{0}", 9, true), Ok(Reply::Skipped));
    }

    #[test]
    fn months_say_which_field_to_mend() {
        let (from, to) = (Month::parse("2020-01").unwrap(), Month::parse("2026-12").unwrap());
        let read = |month, year| read_month(month, year, from, to);
        check(
            "both",
            read(" 3 ", "2025"),
            Ok(Reply::Given(Answer::Month(Month::parse("2025-03").unwrap()))),
        );
        check(
            "leading zero",
            read("03", "2025"),
            Ok(Reply::Given(Answer::Month(Month::parse("2025-03").unwrap()))),
        );
        check("neither", read("", " "), Ok(Reply::Skipped));
        check("no month", read("", "2025"), Err(Problem::MonthMissing));
        check("no year", read("3", ""), Err(Problem::YearMissing));
        check("month 13", read("13", "2025"), Err(Problem::MonthUnclear));
        check("month name", read("May", "2025"), Err(Problem::MonthUnclear));
        check("two digits of year", read("3", "25"), Err(Problem::YearUnclear));
        check("signed year", read("3", "+025"), Err(Problem::YearUnclear));
        check("too early", read("12", "2019"), Err(Problem::MonthOutOfRange { from, to }));
    }

    #[test]
    fn debug_shows_no_answer() {
        let secret = Zeroizing::new("marker".to_owned());
        for shown in [
            format!("{:?}", Entry::Text(secret.clone())),
            format!("{:?}", Reply::Given(Answer::Text(secret))),
            format!("{:?}", Reply::Declined),
            format!("{:?}", Code::new(42)),
            format!("{:?}", GateChoice::Finish),
            format!("{:?}", Month::parse("2025-03")),
        ] {
            for answer in ["marker", "42", "Declined", "Finish", "2025"] {
                assert!(!shown.contains(answer), "{shown}");
            }
        }
    }
}
