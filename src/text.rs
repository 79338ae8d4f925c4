//! The widget's own sentences, in one language at a time, and the survey's texts in it.

use survey_core::{Definition, LanguageIndex, Month, Problem, Text};

macro_rules! sentences {
    ($($name:ident $key:literal,)*) => {
        /// One of the widget's own sentences.
        #[derive(Clone, Copy)]
        #[expect(dead_code, reason = "some are said by what comes next")]
        pub(crate) enum Sentence {
            $($name,)*
        }

        /// Their names in a file of `locales/`, in their order.
        const KEYS: &[&str] = &[$($key,)*];
    };
}

sentences! {
    Leave "leave", Back "back", Next "next", Skip "skip", Progress "progress", Or "or",
    Declined "declined", DontKnow "dont_know", ChooseAny "choose_any",
    ChooseFromList "choose_from_list", Month "month", Year "year", MonthHint "month_hint",
    CharactersLeftOne "characters_left_one", CharactersLeft "characters_left",
    CharactersOverOne "characters_over_one", CharactersOver "characters_over",
    ProblemTitle "problem_title", ProblemPrefix "problem_prefix",
    ProblemTooLong "problem_too_long", ProblemMonthMissing "problem_month_missing",
    ProblemMonthUnclear "problem_month_unclear", ProblemYearMissing "problem_year_missing",
    ProblemYearUnclear "problem_year_unclear", ProblemMonthRange "problem_month_range",
    ProblemExclusive "problem_exclusive", ProblemNotOffered "problem_not_offered",
    CheckHeading "check_heading", CheckBody "check_body", CheckEmpty "check_empty",
    CheckList "check_list", Change "change", NotAnswered "not_answered",
    SendHeading "send_heading", SendBody "send_body", Promise "promise", Send "send",
    SendingHeading "sending_heading", Sending "sending", NotSentYet "not_sent_yet",
    NotSentHeading "not_sent_heading", NotSent "not_sent", Refused "refused", Closed "closed",
    CannotLock "cannot_lock", TryNow "try_now", SupportHeading "support_heading",
    SupportPhone "support_phone", SupportWeb "support_web", Pause "pause", Resume "resume",
    IdleNotice "idle_notice", IdleRemoved "idle_removed", Stop "stop",
    CheckStopped "check_stopped", SupportText "support_text", TextSafety "text_safety",
    LooksLikeEmail "looks_like_email", LooksLikePhone "looks_like_phone",
    LooksLikePostcode "looks_like_postcode", LooksLikeNumber "looks_like_number",
    PartialSaves "partial_saves", AboutPrivacy "about_privacy", Wait "wait",
    NotLoaded "not_loaded",
}

/// The widget's own sentences in one language.
pub(crate) struct Sentences(Vec<String>);

impl Sentences {
    /// Reads what [`Sentences::write`] wrote; `None` for anything else.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let sentences: Vec<String> = text.split('\n').map(str::to_owned).collect();
        (sentences.len() == KEYS.len()).then_some(Self(sentences))
    }

    /// One sentence.
    pub(crate) fn get(&self, sentence: Sentence) -> &str {
        // One is there for each: `read` and `parse` saw to it.
        &self.0[sentence as usize]
    }

    /// Says what is wrong with an entry and how to put it right. `option` is the label of the
    /// option that excludes the others, where there is one.
    pub(crate) fn problem(&self, problem: Problem, option: Option<&str>) -> String {
        let sentence = match problem {
            Problem::TooLong { .. } => Sentence::ProblemTooLong,
            Problem::MonthMissing => Sentence::ProblemMonthMissing,
            Problem::MonthUnclear => Sentence::ProblemMonthUnclear,
            Problem::YearMissing => Sentence::ProblemYearMissing,
            Problem::YearUnclear => Sentence::ProblemYearUnclear,
            Problem::MonthOutOfRange { .. } => Sentence::ProblemMonthRange,
            Problem::ExclusiveWithOthers => Sentence::ProblemExclusive,
            _ => Sentence::ProblemNotOffered,
        };
        let sentence = self.get(sentence);
        match problem {
            Problem::TooLong { length, max } => {
                fill(&fill(sentence, "{max}", &max.to_string()), "{length}", &length.to_string())
            }
            Problem::MonthOutOfRange { from, to } => {
                fill(&fill(sentence, "{from}", &numbers(from)), "{to}", &numbers(to))
            }
            _ => fill(sentence, "{option}", option.unwrap_or_default()),
        }
    }

    /// How much room a text has left, or by how much it is too long.
    pub(crate) fn room(&self, length: usize, max: usize) -> String {
        let count = max.abs_diff(length);
        let sentence = match (length > max, count) {
            (false, 1) => Sentence::CharactersLeftOne,
            (false, _) => Sentence::CharactersLeft,
            (true, 1) => Sentence::CharactersOverOne,
            (true, _) => Sentence::CharactersOver,
        };
        fill(self.get(sentence), "{count}", &count.to_string())
    }
}

#[cfg(any(feature = "ssr", all(test, not(target_arch = "wasm32"))))]
impl Sentences {
    /// Reads a file of `locales/`, which has exactly the members of [`KEYS`].
    pub(crate) fn parse(json: &str) -> Option<Self> {
        let mut file: std::collections::BTreeMap<String, String> =
            serde_json::from_str(json).ok()?;
        let sentences: Option<Vec<String>> = KEYS.iter().map(|key| file.remove(*key)).collect();
        let one_line = |sentences: &Vec<String>| sentences.iter().all(|s| !s.contains('\n'));
        sentences.filter(one_line).filter(|_| file.is_empty()).map(Self)
    }

    /// The sentences of the source language.
    pub(crate) fn english() -> Option<Self> {
        Self::parse(include_str!("../locales/en.json"))
    }

    /// Writes what [`Sentences::read`] reads.
    pub(crate) fn write(&self) -> String {
        self.0.join("\n")
    }
}

/// A month in numbers, the way the fields ask for it.
fn numbers(month: Month) -> String {
    [month.month().to_string(), month.year().to_string()].join(" ")
}

/// Puts a value into a place of a sentence.
pub(crate) fn fill(sentence: &str, place: &str, value: &str) -> String {
    match split_once(sentence, place) {
        Some((before, after)) => [before, value, after].concat(),
        None => sentence.to_owned(),
    }
}

/// As `str::split_once`, which brings a searcher that is made for long texts (2 kB of program).
pub(crate) fn split_once<'a>(text: &'a str, by: &str) -> Option<(&'a str, &'a str)> {
    let at = text.as_bytes().windows(by.len()).position(|window| window == by.as_bytes())?;
    text.get(..at).zip(text.get(at + by.len()..))
}

/// A text of the survey, ready for an element: what it says, and the `lang` to mark it with when
/// it is not in the language of the page.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Said {
    pub(crate) text: String,
    pub(crate) lang: Option<String>,
}

impl Said {
    /// One of the widget's own sentences, which are in the language of the page.
    pub(crate) fn plain(text: String) -> Self {
        Self { text, lang: None }
    }
}

/// `text` in `language`, or in the source language and marked as such.
pub(crate) fn say(definition: &Definition, language: LanguageIndex, text: &Text) -> Said {
    let localized = text.get(language);
    let lang = localized.fallback.map(|fallback| definition.language(fallback).as_str().to_owned());
    Said { text: localized.text.to_owned(), lang }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;

    fn english() -> Sentences {
        Sentences::english().expect("locales/en.json fits the list of sentences")
    }

    #[test]
    fn sentences_come_back_as_they_were_written() {
        let read = Sentences::read(&english().write()).expect("it was just written");
        assert_eq!(read.0, english().0);
        assert_eq!(read.get(Sentence::Leave), "Leave this page");
        assert_eq!(read.get(Sentence::AboutPrivacy), "What this does not hide");
        assert!(Sentences::read("one\ntwo").is_none());
    }

    #[test]
    fn counts_are_in_the_right_number() {
        let sentences = english();
        assert_eq!(sentences.room(499, 500), "You have 1 character left.");
        assert_eq!(sentences.room(400, 500), "You have 100 characters left.");
        assert_eq!(sentences.room(501, 500), "You have 1 character too many.");
        assert_eq!(sentences.room(510, 500), "You have 10 characters too many.");
    }

    #[test]
    fn every_problem_says_what_to_do_without_a_place_left_open() {
        let sentences = english();
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
            assert!(said.ends_with('.') && !said.contains(['{', '}']), "{said}");
        }
    }
}
