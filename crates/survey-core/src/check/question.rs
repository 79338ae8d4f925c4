//! Questions: what kind of answer they take.

use super::{Checker, page::PageReader};
use crate::{
    MAX_LONG_TEXT, Month, QuestionKind, Sensitivity,
    definition::{Question, Rating},
    error::Fault,
    raw::{RawPage, Whole},
};

impl Checker {
    pub(super) fn question(
        &mut self,
        at: &PageReader<'_>,
        kind: &'static str,
        mut raw: RawPage,
    ) -> Option<Question> {
        let text = self.member_text(at, "text", raw.text.take());
        let hint = raw.hint.take().and_then(|hint| self.text(&at.member("hint"), hint));
        let body = self.texts(&at.member("body"), raw.body.take().unwrap_or_default());
        let sensitivity = self.sensitivity(at, raw.sensitivity.as_deref());
        let (offers_declined, offers_dont_know) =
            (raw.declined.unwrap_or_default(), raw.dont_know.unwrap_or_default());
        let kind = self.question_kind(at, kind, raw);
        Some(Question {
            text: text?,
            hint,
            body,
            sensitivity: sensitivity?,
            offers_declined,
            offers_dont_know,
            kind: kind?,
        })
    }

    fn question_kind(
        &mut self,
        at: &PageReader<'_>,
        kind: &'static str,
        mut raw: RawPage,
    ) -> Option<QuestionKind> {
        match kind {
            "rating" => {
                let min_label = self.member_text(at, "min_label", raw.min_label.take());
                let max_label = self.member_text(at, "max_label", raw.max_label.take());
                let min = self.rating_end(at, "min", raw.min)?;
                let max = self.rating_end(at, "max", raw.max)?;
                if min >= max {
                    let found = format!("{min} to {max}");
                    let expected = "`min` less than `max`";
                    self.report(at.path, Fault::Conflict { found, expected });
                    return None;
                }
                let (min_label, max_label) = (min_label?, max_label?);
                Some(QuestionKind::Rating(Rating { min, max, min_label, max_label }))
            }
            "text" | "long_text" => {
                let (most, expected) = match kind {
                    "text" => (500, "a number of characters from 1 to 500"),
                    _ => (MAX_LONG_TEXT, "a number of characters from 1 to 5000"),
                };
                let Whole(found) = raw.max_length?;
                let length = u16::try_from(found).ok().filter(|n| (1..=most).contains(n));
                let max_length =
                    self.form(&at.member("max_length"), length, &found.to_string(), expected)?;
                Some(match kind {
                    "text" => QuestionKind::Text { max_length },
                    _ => QuestionKind::LongText { max_length },
                })
            }
            "month" => {
                let (from, to) = (raw.from.unwrap_or_default(), raw.to.unwrap_or_default());
                let expected = "a month such as 2025-03";
                let first = self.form(&at.member("from"), Month::parse(&from), &from, expected);
                let last = self.form(&at.member("to"), Month::parse(&to), &to, expected);
                let (from_month, to_month) = first.zip(last)?;
                if from_month > to_month {
                    let expected = "a month that is not before `from`";
                    self.report(at.member("to"), Fault::Conflict { found: to, expected });
                    return None;
                }
                Some(QuestionKind::Month { from: from_month, to: to_month })
            }
            _ => {
                let also = raw.also.unwrap_or_default();
                let choices = self.choices(at, kind, raw.options?, also)?;
                Some(match kind {
                    "single" => QuestionKind::Single(choices),
                    "multiple" => QuestionKind::Multiple(choices),
                    "scale" => QuestionKind::Scale(choices),
                    _ => QuestionKind::Select(choices),
                })
            }
        }
    }

    fn rating_end(
        &mut self,
        at: &PageReader<'_>,
        member: &str,
        number: Option<Whole>,
    ) -> Option<u8> {
        let Whole(found) = number?;
        let end = u8::try_from(found).ok().filter(|end| *end <= 96);
        self.form(&at.member(member), end, &found.to_string(), "a number from 0 to 96")
    }

    fn sensitivity(&mut self, at: &PageReader<'_>, raw: Option<&str>) -> Option<Sensitivity> {
        let all = [
            Sensitivity::None,
            Sensitivity::Personal,
            Sensitivity::Identifying,
            Sensitivity::Trauma,
        ];
        let raw = raw.unwrap_or("none");
        let found = all.into_iter().find(|s| s.as_str() == raw);
        self.form(&at.member("sensitivity"), found, raw, "none, personal, identifying or trauma")
    }
}
