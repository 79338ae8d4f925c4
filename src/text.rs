//! The widget's own sentences, in one language at a time, and the survey's texts in it.
//!
//! It is long because how sentences are written, read and tested stands in one place.

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
    CharactersLeft "characters_left", CharactersOver "characters_over",
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
    PartialSaves "partial_saves", AboutPrivacy "about_privacy", Language "language",
    LanguageLoading "language_loading", LanguageFailed "language_failed",
    LanguageOutdated "language_outdated", Wait "wait", NotLoaded "not_loaded",
}

/// The widget's own sentences in one language, and how it counts and writes numbers. In a document
/// each is a line:
///
/// ```text
/// names of the survey's languages with tabs between them; nothing for one without a document
/// ltr or rtl, the digit zero, then for each of the first numbers the place of its plural form, a
///     space, and the same for those that follow, over and over
/// a sentence: TEXT, or one text for each plural form with tabs between them;
///     after a tab where it is in English for want of a translation
/// ```
pub(crate) struct Sentences(Vec<String>);

/// Lines before the sentences.
const HEAD: usize = 2;

/// The language of sentences that nobody has translated.
const SOURCE: &str = "en";

impl Sentences {
    /// Reads what [`Sentences::write`] wrote; `None` for anything else.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let lines: Vec<String> = text.split('\n').map(str::to_owned).collect();
        (lines.len() == HEAD + KEYS.len()).then_some(Self(lines))
    }

    /// The names of the survey's languages in themselves, in the order of the definition; an empty
    /// one where there is no document.
    pub(crate) fn languages(&self) -> impl Iterator<Item = &str> {
        self.0[0].split('\t')
    }

    /// One sentence.
    pub(crate) fn get(&self, sentence: Sentence) -> Said {
        // One is there for each: `read` and `of` saw to it.
        let line = &self.0[HEAD + sentence as usize];
        match line.strip_prefix('\t') {
            Some(english) => Said { text: english.to_owned(), lang: Some(SOURCE.to_owned()) },
            None => Said::plain(line.clone()),
        }
    }

    /// Which way the language is written, for a `dir` attribute.
    pub(crate) fn direction(&self) -> &str {
        self.0[1].get(..3).unwrap_or_default()
    }

    /// The digit zero, and after it which plural form each number has.
    fn numbers(&self) -> std::str::Chars<'_> {
        self.0[1].get(3..).unwrap_or_default().chars()
    }

    /// A number in the language's digits.
    pub(crate) fn number(&self, number: usize) -> String {
        let zero = self.numbers().next().map_or(0, u32::from);
        let mut text = String::new();
        for digit in number.to_string().bytes() {
            text.extend(char::from_u32(zero + u32::from(digit - b'0')));
        }
        text
    }

    /// A sentence that counts.
    fn counted(&self, sentence: Sentence, count: usize) -> Said {
        let Said { text, lang } = self.get(sentence);
        let (form, number) = match lang {
            Some(_) => (usize::from(count != 1), count.to_string()),
            None => (self.form(count), self.number(count)),
        };
        let text = text.split('\t').nth(form).map(|text| fill(text, "{count}", &number));
        Said { text: text.unwrap_or_default(), lang }
    }

    /// The place of the plural form that a number has.
    fn form(&self, number: usize) -> usize {
        let mut table = self.numbers();
        table.next();
        let (first, again) = split_once(table.as_str(), " ").unwrap_or_default();
        let (first, again) = (first.as_bytes(), again.as_bytes());
        let place = first.get(number).or_else(|| {
            again.get((number - first.len()).checked_rem(again.len()).unwrap_or_default())
        });
        place.map_or(0, |place| usize::from(place - b'0'))
    }

    /// Says what is wrong with an entry and how to put it right, in pieces that may be in different
    /// languages. `option` is the label of the option that excludes the others, where there is one.
    pub(crate) fn problem(&self, problem: Problem, option: Option<Said>) -> Vec<Said> {
        let sentence = match problem {
            Problem::TooLong { length, max } => {
                return vec![self.counted(Sentence::ProblemTooLong, length - max)];
            }
            Problem::MonthMissing => Sentence::ProblemMonthMissing,
            Problem::MonthUnclear => Sentence::ProblemMonthUnclear,
            Problem::YearMissing => Sentence::ProblemYearMissing,
            Problem::YearUnclear => Sentence::ProblemYearUnclear,
            Problem::MonthOutOfRange { .. } => Sentence::ProblemMonthRange,
            Problem::ExclusiveWithOthers => Sentence::ProblemExclusive,
            _ => Sentence::ProblemNotOffered,
        };
        let mut said = self.get(sentence);
        match (problem, option) {
            (Problem::MonthOutOfRange { from, to }, _) => {
                for (place, month) in [("{from}", from), ("{to}", to)] {
                    said.text = fill(&said.text, place, &self.month(month));
                }
            }
            (Problem::ExclusiveWithOthers, Some(option)) => {
                return around(said, "{option}", option);
            }
            _ => {}
        }
        vec![said]
    }

    /// How much room a text has left, or by how much it is too long.
    pub(crate) fn room(&self, length: usize, max: usize) -> Said {
        let over = length > max;
        let sentence = if over { Sentence::CharactersOver } else { Sentence::CharactersLeft };
        self.counted(sentence, max.abs_diff(length))
    }

    /// A month in numbers, the way the fields ask for it.
    pub(crate) fn month(&self, month: Month) -> String {
        [self.number(month.month().into()), self.number(month.year().into())].join(" / ")
    }
}

#[cfg(any(feature = "ssr", all(test, not(target_arch = "wasm32"))))]
impl Sentences {
    /// The sentences of the source language.
    pub(crate) fn source() -> Option<survey_locales::Source> {
        survey_locales::Source::parse(include_bytes!("../locales/en.json")).ok()
    }

    /// Those in the language that serves `tag`. `names` are those of the survey's languages.
    pub(crate) fn of(
        locales: &survey_locales::Locales,
        tag: &str,
        names: &[String],
    ) -> Option<Self> {
        use survey_locales::{Source, Wording};

        let source = locales.source();
        let locale = locales.find(tag);
        let is_source = tag.split('-').next() == Some(Source::TAG);
        // Nobody has written a sentence of it, but its numbers are known.
        let numbers = match locale {
            Some(locale) => locale.numbers().clone(),
            None => survey_locales::Numbers::of(tag).ok()?,
        };
        let tag = survey_core::Language::new(tag)?;
        let direction = if tag.is_right_to_left() { "rtl" } else { "ltr" };
        let places = |row: &[u8]| row.iter().map(|place| char::from(b'0' + place)).collect();
        let (first, again): (String, String) = (places(numbers.first()), places(numbers.again()));
        let mut lines =
            vec![names.join("\t"), format!("{direction}{}{first} {again}", numbers.zero())];
        let texts = |wording: &Wording| wording.texts().collect::<Vec<_>>().join("\t");
        for key in KEYS {
            let line = match locale.and_then(|locale| locale.get(key)) {
                Some(wording) => texts(wording),
                None if is_source => texts(source.get(key)?),
                None => format!("\t{}", texts(source.get(key)?)),
            };
            lines.push(line);
        }
        Some(Self(lines))
    }

    /// English, in a survey that is in no other language.
    #[cfg(test)]
    pub(crate) fn english() -> Option<Self> {
        Self::of(&survey_locales::Locales::new(Self::source()?), SOURCE, &[])
    }

    /// Writes what [`Sentences::read`] reads.
    pub(crate) fn write(&self) -> String {
        self.0.join("\n")
    }
}

/// Puts a value into a place of a sentence.
pub(crate) fn fill(sentence: &str, place: &str, value: &str) -> String {
    match split_once(sentence, place) {
        Some((before, after)) => [before, value, after].concat(),
        None => sentence.to_owned(),
    }
}

/// The pieces of a sentence with another text in a place of it, each in its own language; one piece
/// where they are in the same, as screen readers stop between two.
pub(crate) fn around(sentence: Said, place: &str, said: Said) -> Vec<Said> {
    let Some((before, after)) = split_once(&sentence.text, place) else { return vec![sentence] };
    if sentence.lang == said.lang {
        let text = [before, &said.text, after].concat();
        return vec![Said { text, lang: said.lang }];
    }
    let piece = |text: &str| Said { text: text.to_owned(), lang: sentence.lang.clone() };
    vec![piece(before), said, piece(after)]
}

/// As `str::split_once`, which brings a searcher that is made for long texts (2 kB of program).
pub(crate) fn split_once<'a>(text: &'a str, by: &str) -> Option<(&'a str, &'a str)> {
    let at = text.as_bytes().windows(by.len()).position(|window| window == by.as_bytes())?;
    text.get(..at).zip(text.get(at + by.len()..))
}

/// A text, ready for an element: what it says, and the `lang` to mark it with when it is not in the
/// language of the page.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Said {
    pub(crate) text: String,
    pub(crate) lang: Option<String>,
}

impl Said {
    /// A text in the language of the page, or in none.
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

    fn said(sentences: &Sentences, length: usize) -> (String, Option<String>) {
        let Said { text, lang } = sentences.room(length, 5_000);
        (text, lang)
    }

    /// The sentences of a file with these.
    fn of(tag: &str, sentences: &str) -> Sentences {
        let folder = tempfile::tempdir().expect("a folder");
        let json = format!(
            r#"{{"format":1,"language":"{tag}","name":"{tag}","reviewed":true,"sentences":{{{sentences}}}}}"#
        );
        std::fs::write(folder.path().join(format!("{tag}.json")), json).expect("it can be written");
        let source = Sentences::source().expect("the English ones are there");
        let locales = survey_locales::Locales::read(source, folder.path()).expect("they are right");
        let names = ["English".to_owned(), String::new(), tag.to_owned()];
        let written = Sentences::of(&locales, tag, &names).expect("it is a language").write();
        Sentences::read(&written).expect("it was just written")
    }

    #[test]
    fn sentences_come_back_as_they_were_written() {
        let read = Sentences::read(&english().write()).expect("it was just written");
        assert_eq!(read.0, english().0);
        assert_eq!(read.get(Sentence::Leave).text, "Leave this page");
        assert_eq!(read.get(Sentence::AboutPrivacy).text, "What this does not hide");
        assert!(Sentences::read("one\ntwo").is_none());
    }

    /// Neither more nor less than the file has: what nobody shows would only cost.
    #[test]
    fn every_english_sentence_is_one_of_the_widgets() {
        let source = Sentences::source().expect("the English ones are there");
        let keys: Vec<&str> = source.sentences().map(|(key, _)| key).collect();
        let mut known = KEYS.to_vec();
        for key in keys {
            let at = known.iter().position(|known| *known == key);
            known.remove(at.unwrap_or_else(|| panic!("`{key}` is used nowhere")));
        }
        assert!(known.is_empty(), "not in locales/en.json: {known:?}");
    }

    #[test]
    fn counts_are_in_the_right_number() {
        let sentences = english();
        assert_eq!(sentences.room(499, 500).text, "You have 1 character left.");
        assert_eq!(sentences.room(400, 500).text, "You have 100 characters left.");
        assert_eq!(sentences.room(501, 500).text, "You have 1 character too many.");
        assert_eq!(sentences.room(510, 500).text, "You have 10 characters too many.");
    }

    #[test]
    fn counts_follow_the_language() {
        let left = |forms: &str| {
            format!(
                r#""characters_left":{{"source":"You have {{count}} characters left.","text":{{{forms}}}}}"#
            )
        };
        let arabic = left(
            r#""zero":"لا أحرف","one":"حرف واحد","two":"حرفان","few":"{count} أحرف","many":"{count} حرفًا","other":"{count} حرف""#,
        );
        let arabic = of("ar-EG", &arabic);
        for (left, text) in [
            (0, "لا أحرف"),
            (1, "حرف واحد"),
            (2, "حرفان"),
            (7, "٧ أحرف"),
            (11, "١١ حرفًا"),
            (4_100, "٤١٠٠ حرف"),
            (4_103, "٤١٠٣ أحرف"),
        ] {
            assert_eq!(said(&arabic, 5_000 - left), (text.to_owned(), None));
        }
        let polish = of(
            "pl",
            &left(r#""one":"{count} znak","few":"{count} znaki","many":"{count} znaków""#),
        );
        for (left, text) in [(1, "1 znak"), (22, "22 znaki"), (112, "112 znaków"), (0, "0 znaków")]
        {
            assert_eq!(said(&polish, 5_000 - left), (text.to_owned(), None));
        }
    }

    /// Somebody has to be told, and the digits and forms are English as well.
    #[test]
    fn what_is_not_translated_is_english_and_marked_so() {
        let arabic =
            of("ar-EG", r#""leave":{"source":"Leave this page","text":"غادر هذه الصفحة"}"#);
        let leave = arabic.get(Sentence::Leave);
        assert_eq!((&*leave.text, leave.lang), ("غادر هذه الصفحة", None));
        let back = arabic.get(Sentence::Back);
        assert_eq!((&*back.text, back.lang.as_deref()), ("Back", Some("en")));
        let english = |text: &str| (text.to_owned(), Some("en".to_owned()));
        assert_eq!(said(&arabic, 4_997), english("You have 3 characters left."));
        assert_eq!(said(&arabic, 5_001), english("You have 1 character too many."));
        assert_eq!(arabic.number(2_026), "٢٠٢٦");
        assert_eq!((arabic.direction(), super::tests::english().direction()), ("rtl", "ltr"));
        let names: Vec<&str> = arabic.languages().collect();
        assert_eq!(names, ["English", "", "ar-EG"]);
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
            let pieces = sentences.problem(problem, Some(Said::plain("None of these".to_owned())));
            let said: String = pieces.into_iter().map(|said| said.text).collect();
            assert!(said.ends_with('.') && !said.contains(['{', '}']), "{said}");
        }
    }

    /// An option that is not translated stays marked within a sentence that is.
    #[test]
    fn a_text_within_a_sentence_keeps_its_language() {
        let option = Said { text: "None".to_owned(), lang: Some("en".to_owned()) };
        let pieces = english().problem(Problem::ExclusiveWithOthers, Some(option));
        let langs: Vec<Option<&str>> = pieces.iter().map(|said| said.lang.as_deref()).collect();
        assert_eq!(langs, [None, Some("en"), None]);
    }
}
