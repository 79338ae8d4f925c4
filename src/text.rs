//! The widget's own sentences, in one language at a time, and the survey's texts in it.

use serde::Deserialize;
use survey_core::{Definition, LanguageIndex, Month, Problem, Text};

macro_rules! sentences {
    ($($name:ident)*) => {
        /// The widget's own sentences. A file of `locales/` has exactly these members.
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        pub(crate) struct Sentences {
            $(pub(crate) $name: String,)*
        }
    };
}

sentences! {
    leave back next skip progress or declined dont_know choose_any
    choose_from_list month year month_hint characters_left_one characters_left
    characters_over_one characters_over problem_title problem_prefix problem_too_long
    problem_month_missing problem_month_unclear problem_year_missing problem_year_unclear
    problem_month_range problem_exclusive problem_not_offered check_heading check_body check_empty
    check_list change not_answered send_heading send_body promise send sending_heading sending
    not_sent_yet not_sent_heading not_sent refused closed cannot_lock try_now support_heading
    support_phone support_web broken draft about_privacy
}

impl Sentences {
    /// The sentences of the source language, which are part of the program.
    ///
    /// `None` cannot happen in a build whose tests passed: one of them reads the same file.
    pub(crate) fn english() -> Option<Self> {
        serde_json::from_str(include_str!("../locales/en.json")).ok()
    }

    /// Says what is wrong with an entry and how to put it right. `option` is the label of the
    /// option that excludes the others, where there is one.
    pub(crate) fn problem(&self, problem: Problem, option: Option<&str>) -> String {
        match problem {
            Problem::TooLong { length, max } => fill(
                &self.problem_too_long,
                &[("max", &max.to_string()), ("length", &length.to_string())],
            ),
            Problem::MonthMissing => self.problem_month_missing.clone(),
            Problem::MonthUnclear => self.problem_month_unclear.clone(),
            Problem::YearMissing => self.problem_year_missing.clone(),
            Problem::YearUnclear => self.problem_year_unclear.clone(),
            Problem::MonthOutOfRange { from, to } => {
                fill(&self.problem_month_range, &[("from", &numbers(from)), ("to", &numbers(to))])
            }
            Problem::ExclusiveWithOthers => {
                fill(&self.problem_exclusive, &[("option", option.unwrap_or_default())])
            }
            _ => self.problem_not_offered.clone(),
        }
    }

    /// How much room a text has left, or by how much it is too long.
    pub(crate) fn room(&self, length: usize, max: usize) -> String {
        let count = max.abs_diff(length);
        let sentence = match (length > max, count) {
            (false, 1) => &self.characters_left_one,
            (false, _) => &self.characters_left,
            (true, 1) => &self.characters_over_one,
            (true, _) => &self.characters_over,
        };
        fill(sentence, &[("count", &count.to_string())])
    }
}

/// A month in numbers, the way the fields ask for it.
fn numbers(month: Month) -> String {
    format!("{} {}", month.month(), month.year())
}

/// Puts values into the `{places}` of a sentence.
pub(crate) fn fill(sentence: &str, values: &[(&str, &str)]) -> String {
    values.iter().fold(sentence.to_owned(), |text, (name, value)| {
        text.replace(&format!("{{{name}}}"), value)
    })
}

/// A text of the survey, ready for an element: what it says, and the `lang` to mark it with when
/// it is not in the language of the page.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Said {
    pub(crate) text: String,
    pub(crate) lang: Option<String>,
}

/// `text` in `language`, or in the source language and marked as such.
pub(crate) fn say(definition: &Definition, language: LanguageIndex, text: &Text) -> Said {
    let localized = text.get(language);
    let lang = localized.fallback.map(|fallback| definition.language(fallback).to_string());
    Said { text: localized.text.to_owned(), lang }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;

    #[test]
    fn the_english_sentences_are_all_there_and_no_more() {
        assert!(Sentences::english().is_some(), "locales/en.json does not fit Sentences");
    }

    #[test]
    fn counts_are_in_the_right_number() {
        let sentences = Sentences::english().expect("tested above");
        assert_eq!(sentences.room(499, 500), "You have 1 character left.");
        assert_eq!(sentences.room(400, 500), "You have 100 characters left.");
        assert_eq!(sentences.room(501, 500), "You have 1 character too many.");
        assert_eq!(sentences.room(510, 500), "You have 10 characters too many.");
    }

    #[test]
    fn every_problem_says_what_to_do_without_a_place_left_open() {
        let sentences = Sentences::english().expect("tested above");
        let month = |text| Month::parse(text).expect("a month");
        for problem in [
            Problem::TooLong { length: 510, max: 500 },
            Problem::MonthMissing,
            Problem::MonthUnclear,
            Problem::YearMissing,
            Problem::YearUnclear,
            Problem::MonthOutOfRange { from: month("2020-01"), to: month("2026-12") },
            Problem::ExclusiveWithOthers,
            Problem::NotOffered,
        ] {
            let said = sentences.problem(problem, Some("None of these"));
            assert!(!said.contains('{') && said.ends_with('.'), "{problem:?}: {said}");
        }
    }
}
