use super::*;
use crate::{Key, LanguageIndex, Question, Text};

fn check(name: &str, result: Result<Reply, Problem>, expected: Result<Reply, Problem>) {
    assert!(result == expected, "row `{name}`");
}

fn text(text: &str) -> Result<Reply, Problem> {
    Ok(Reply::Given(Answer::Text(Zeroizing::new(text.to_owned()))))
}

/// Reads an entry to a question of this kind.
fn read_as(kind: QuestionKind, entry: &Entry) -> Result<Reply, Problem> {
    let question = Question {
        text: Text::only(LanguageIndex(0), "?".into()),
        hint: None,
        body: Vec::new(),
        #[cfg(feature = "authoring")]
        sensitivity: crate::Sensitivity::None,
        offers_declined: false,
        offers_dont_know: false,
        kind,
    };
    let key = Key::new("key").unwrap();
    let page = Page { key, section: None, ask_if: None, kind: PageKind::Question(question) };
    read(&page, entry)
}

#[test]
fn text_is_trimmed_and_over_typing_is_explained() {
    let read_text = |typed: &str, max_length, lines| {
        let kind = if lines {
            QuestionKind::LongText { max_length }
        } else {
            QuestionKind::Text { max_length }
        };
        read_as(kind, &Entry::Text(Zeroizing::new(typed.to_owned())))
    };
    check("plain", read_text("yes", 3, false), text("yes"));
    check("spaces only", read_text(" \n ", 3, true), Ok(Reply::Skipped));
    check("trimmed before counting", read_text("  yes\n", 3, true), text("yes"));
    check("too long", read_text("yesss", 3, false), Err(Problem::TooLong { length: 5, max: 3 }));
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
    let read = |month: &str, year: &str| {
        let entry = Entry::Month { month: month.to_owned(), year: year.to_owned() };
        read_as(QuestionKind::Month { from, to }, &entry)
    };
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
    for (name, month, year) in
        [("Arabic", "٣", "٢٠٢٥"), ("Bengali", "০৩", "২০২৫"), ("mixed", "۳", "2025")]
    {
        let given = Answer::Month(Month::parse("2025-03").unwrap());
        check(name, read(month, year), Ok(Reply::Given(given)));
    }
    check("three digits of another script", read("٣", "٢٠٢"), Err(Problem::YearUnclear));
    check("neither", read("", " "), Ok(Reply::Skipped));
    check("no month", read("", "2025"), Err(Problem::MonthMissing));
    check("no year", read("3", ""), Err(Problem::YearMissing));
    check("month 13", read("13", "2025"), Err(Problem::MonthUnclear));
    check("month name", read("May", "2025"), Err(Problem::MonthUnclear));
    check("two digits of year", read("3", "25"), Err(Problem::YearUnclear));
    check("signed year", read("3", "+025"), Err(Problem::YearUnclear));
    check("too early", read("12", "2019"), Err(Problem::MonthOutOfRange { from, to }));
    check("far too early", read("12", "1019"), Err(Problem::MonthOutOfRange { from, to }));
    check("too late", read("1", "2027"), Err(Problem::MonthOutOfRange { from, to }));
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
