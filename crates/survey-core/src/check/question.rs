//! Questions: what kind of answer they take, and their options.

use super::{Checker, page::PageReader};
use crate::{
    Code, Key, MAX_LONG_TEXT, MAX_OPTIONS, Month, QuestionKind, Sensitivity,
    definition::{Choice, Choices, Question, Rating},
    error::{Fault, nearest},
    raw::{RawOption, RawOptions, RawPage},
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
                let number =
                    |n: Option<i64>| n.and_then(|n| u8::try_from(n).ok()).filter(|n| *n <= 96);
                let ends = number(raw.min).zip(number(raw.max)).filter(|(min, max)| min < max);
                let found =
                    format!("{} to {}", raw.min.unwrap_or_default(), raw.max.unwrap_or_default());
                let expected = "`min` less than `max`, both from 0 to 96";
                let (min, max) = self.form(at.path, ends, &found, expected)?;
                let (min_label, max_label) = (min_label?, max_label?);
                Some(QuestionKind::Rating(Rating { min, max, min_label, max_label }))
            }
            "text" | "long_text" => {
                let (most, expected) = match kind {
                    "text" => (500, "a number of characters from 1 to 500"),
                    _ => (MAX_LONG_TEXT, "a number of characters from 1 to 5000"),
                };
                let found = raw.max_length.unwrap_or_default();
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
                let ordered = (from_month <= to_month).then_some(());
                self.form(&at.member("to"), ordered, &to, "a month that is not before `from`")?;
                Some(QuestionKind::Month { from: from_month, to: to_month })
            }
            _ => {
                let choices = self.choices(at, kind, raw.options, raw.also.unwrap_or_default())?;
                Some(match kind {
                    "single" => QuestionKind::Single(choices),
                    "multiple" => QuestionKind::Multiple(choices),
                    "scale" => QuestionKind::Scale(choices),
                    _ => QuestionKind::Select(choices),
                })
            }
        }
    }

    fn choices(
        &mut self,
        at: &PageReader<'_>,
        kind: &'static str,
        options: Option<RawOptions>,
        also: Vec<RawOption>,
    ) -> Option<Choices> {
        let options = match options {
            Some(RawOptions::Here(options)) => options,
            Some(RawOptions::List(name)) => match at.lists.get(&name.list) {
                Some(options) => options.clone(),
                None => {
                    let near = nearest(&name.list, at.lists.keys().map(String::as_str));
                    let fault = Fault::Unknown { what: "list", name: name.list, near };
                    self.report(at.member("options.list"), fault);
                    return None;
                }
            },
            None => return None,
        };
        let main = options.len();
        self.count(&at.member("options"), "options", main, (2, MAX_OPTIONS));
        self.count(&at.member("also"), "options", also.len(), (0, 10));
        let names: Vec<String> = options.iter().chain(&also).map(|o| o.code.to_string()).collect();
        self.twice(&at.member("options"), "code", names.iter().map(String::as_str));
        let before = self.errors.len();
        let mut all = Vec::with_capacity(main + also.len());
        for (i, option) in options.into_iter().chain(also).enumerate() {
            let place =
                if i < main { format!("options[{i}]") } else { format!("also[{}]", i - main) };
            all.extend(self.choice(at, kind, &place, option));
        }
        (self.errors.len() == before).then_some(Choices { all, main })
    }

    fn choice(
        &mut self,
        at: &PageReader<'_>,
        kind: &'static str,
        place: &str,
        raw: RawOption,
    ) -> Option<Choice> {
        let path = at.member(place);
        let expected = "a number from 1 to 96 (97 to 99 are kept for missing values)";
        let code = self.form(
            &format!("{path}.code"),
            Code::new(raw.code),
            &raw.code.to_string(),
            expected,
        );
        let label = self.text(&format!("{path}.label"), raw.label);
        let hint = raw.hint.and_then(|hint| self.text(&format!("{path}.hint"), hint));
        if raw.exclusive.is_some() && kind != "multiple" {
            self.report(format!("{path}.exclusive"), Fault::Foreign { kind, member: "exclusive" });
        }
        let condition = raw.condition.map(|text| self.condition(at, &format!("{place}.if"), &text));
        for (name, value) in &raw.maps {
            let expected = "a name of lower-case letters, digits and underscores";
            self.form(&format!("{path}.maps"), Key::new(name), name, expected);
            self.count(
                &format!("{path}.maps.{name}"),
                "characters",
                value.chars().count(),
                (1, 200),
            );
        }
        let maps = raw.maps.into_iter().map(|(name, value)| (name.into(), value.into())).collect();
        Some(Choice {
            code: code?,
            label: label?,
            hint,
            exclusive: raw.exclusive.unwrap_or_default(),
            condition: condition.flatten(),
            maps,
        })
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
