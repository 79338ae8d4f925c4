//! Puts translations into a definition, as texts by language.

use std::{collections::BTreeMap, fmt};

use survey_core::Language;

use super::{
    file::TranslationFile,
    places::{self, Shape},
};
use crate::json_text::{members, object};

/// What there is of a language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) language: Language,
    /// Texts that there are to translate.
    pub(crate) texts: usize,
    pub(crate) translated: usize,
    /// Texts whose translation is of an earlier wording.
    pub(crate) stale: usize,
    /// `None`: the definition holds the language itself, so nobody said.
    pub(crate) reviewed: Option<bool>,
}

impl Tally {
    /// Texts that are shown in the source language.
    pub(crate) fn left(&self) -> usize {
        self.texts - self.translated
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} of {} texts", self.language, self.translated, self.texts)?;
        match (self.left(), self.stale) {
            (0, _) => {}
            (left, 0) => write!(f, ", {left} missing")?,
            (left, stale) if left == stale => write!(f, ", {stale} stale")?,
            (left, stale) => write!(f, ", {} missing and {stale} stale", left - stale)?,
        }
        match self.reviewed {
            Some(true) => f.write_str(", reviewed"),
            Some(false) => f.write_str(", not reviewed"),
            None => Ok(()),
        }
    }
}

/// A place whose text two files translate into one language.
#[derive(Debug)]
pub(crate) struct TwoTranslations {
    pub(crate) place: String,
    pub(crate) language: Language,
}

/// `json` with its texts in `languages`, of which the first is the source language, and what there
/// is of each of the others. A language of `json` that is not among them is left out.
///
/// `json` is compact. Where its own text and a file both have a language, that is an error: nobody
/// could say which of the two is shown.
pub(crate) fn merge(
    shape: &Shape,
    json: &str,
    languages: &[Language],
    files: &[&TranslationFile],
) -> Result<(String, Vec<Tally>), TwoTranslations> {
    let mut tallies: Vec<Tally> = languages
        .iter()
        .skip(1)
        .map(|language| Tally {
            language: language.clone(),
            texts: 0,
            translated: 0,
            stale: 0,
            reviewed: files.iter().find(|file| file.language == *language).map(|f| f.reviewed),
        })
        .collect();
    // A survey of 500 pages has thousands of texts.
    let files: Vec<(&Language, BTreeMap<&str, _>)> = files
        .iter()
        .map(|file| {
            let texts = file.texts.iter().map(|(path, entry)| (&**path, entry));
            (&file.language, texts.collect())
        })
        .collect();
    let mut twice = None;
    let Some(source) = languages.first() else { return Ok((json.to_owned(), tallies)) };
    let merged = places::rewrite(shape, json, &mut |path, text| {
        let own = by_language(source, text);
        let english = own.iter().find(|(tag, _)| *tag == source.as_str());
        let english = english.map(|(_, text)| spoken(text)).unwrap_or_default();
        let mut texts: Vec<(&str, String)> = Vec::new();
        for (i, language) in languages.iter().enumerate() {
            let here = own.iter().find(|(tag, _)| *tag == language.as_str());
            let entry = files.iter().find(|(other, _)| *other == language);
            let entry = entry.and_then(|(_, texts)| texts.get(path));
            if here.is_some() && entry.is_some() {
                twice.get_or_insert(TwoTranslations {
                    place: path.to_owned(),
                    language: language.clone(),
                });
            }
            let stale = entry.is_some_and(|entry| entry.source != english);
            let text = match (here, entry) {
                (Some((_, text)), _) => Some((*text).to_owned()),
                // Cannot fail: it is a string.
                (None, Some(entry)) if !stale => serde_json::to_string(&entry.text).ok(),
                _ => None,
            };
            if let Some(tally) = i.checked_sub(1).and_then(|i| tallies.get_mut(i)) {
                tally.texts += 1;
                tally.translated += usize::from(text.is_some());
                tally.stale += usize::from(stale);
            }
            texts.extend(text.map(|text| (language.as_str(), text)));
        }
        match &texts[..] {
            [(_, only)] => Some(only.clone()),
            texts => Some(object(texts.iter().map(|(tag, text)| (*tag, &**text)))),
        }
    });
    match twice {
        Some(twice) => Err(twice),
        None => Ok((merged, tallies)),
    }
}

/// A text as it is spelled, by language.
pub(crate) fn by_language<'a>(source: &'a Language, text: &'a str) -> Vec<(&'a str, &'a str)> {
    if text.starts_with('{') { members(text) } else { vec![(source.as_str(), text)] }
}

/// A string as it is meant.
pub(crate) fn spoken(spelled: &str) -> String {
    serde_json::from_str(spelled).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::texts::{file::Entry, places::DEFINITION};

    fn language(tag: &str) -> Language {
        Language::new(tag).unwrap()
    }

    fn file(tag: &str, texts: &[(&str, &str, &str)]) -> TranslationFile {
        let texts = texts.iter().map(|(path, source, text)| {
            ((*path).to_owned(), Entry { source: (*source).to_owned(), text: (*text).to_owned() })
        });
        TranslationFile {
            path: PathBuf::new(),
            schema: None,
            language: language(tag),
            reviewed: false,
            reviewed_by: None,
            texts: texts.collect(),
        }
    }

    const DRAFT: &str = r#"{"title":"Your views","owner":{"en":"Us","pl":"My"},"x":1,"end":{"heading":"Se\u006et","body":[]}}"#;

    #[test]
    fn translations_stand_beside_the_source() {
        let cy = file(
            "cy",
            &[("title", "Your views", "Eich \"barn\""), ("end.heading", "Sent", "Wedi")],
        );
        let languages = ["en", "pl", "cy"].map(language);
        let (merged, tallies) = merge(&DEFINITION, DRAFT, &languages, &[&cy]).unwrap();
        assert_eq!(
            merged,
            r#"{"title":{"en":"Your views","cy":"Eich \"barn\""},"owner":{"en":"Us","pl":"My"},"x":1,"end":{"heading":{"en":"Se\u006et","cy":"Wedi"},"body":[]}}"#
        );
        let said: Vec<String> = tallies.iter().map(Tally::to_string).collect();
        assert_eq!(
            said,
            ["pl: 1 of 3 texts, 2 missing", "cy: 2 of 3 texts, 1 missing, not reviewed"]
        );
    }

    #[test]
    fn a_stale_translation_is_not_used() {
        let cy = file("cy", &[("title", "Your view", "Eich barn"), ("owner", "Us", "Ni")]);
        let (merged, tallies) =
            merge(&DEFINITION, DRAFT, &["en", "cy"].map(language), &[&cy]).unwrap();
        assert!(
            merged.contains(r#""title":"Your views","owner":{"en":"Us","cy":"Ni"}"#),
            "{merged}"
        );
        assert_eq!(tallies[0].to_string(), "cy: 1 of 3 texts, 1 missing and 1 stale, not reviewed");
    }

    #[test]
    fn a_language_that_is_not_wanted_goes() {
        let (merged, _) = merge(&DEFINITION, DRAFT, &[language("en")], &[]).unwrap();
        assert!(merged.contains(r#""owner":"Us""#) && !merged.contains("My"), "{merged}");
    }

    #[test]
    fn two_translations_of_one_text_are_an_error() {
        let pl = file("pl", &[("owner", "Us", "My!")]);
        let twice = merge(&DEFINITION, DRAFT, &["en", "pl"].map(language), &[&pl]).unwrap_err();
        assert_eq!((&*twice.place, twice.language.as_str()), ("owner", "pl"));
    }

    /// Twelve languages, all but one in a script of three bytes a character, leave most of the
    /// format's 1 MiB free.
    #[test]
    fn the_model_survey_in_twelve_languages_has_room() {
        let model = include_str!("../../../../surveys/victim-voice.json");
        let model = crate::json_text::compact(model);
        let texts = places::list(&DEFINITION, &model);
        assert!(texts.len() > 150, "{}", texts.len());
        let tags = ["cy", "pl", "ro", "bn", "ur", "ar", "es", "pt", "tr", "uk", "so"];
        let files = tags.map(|tag| {
            let texts = texts.iter().map(|(path, text)| {
                let source = spoken(text);
                let text = "\u{995}".repeat(source.chars().count());
                (path.clone(), Entry { source, text })
            });
            TranslationFile { texts: texts.collect(), ..file(tag, &[]) }
        });
        let languages: Vec<Language> =
            ["en"].iter().chain(&tags).map(|tag| language(tag)).collect();
        let files: Vec<&TranslationFile> = files.iter().collect();
        let (merged, tallies) = merge(&DEFINITION, &model, &languages, &files).unwrap();
        assert!(tallies.iter().all(|tally| tally.left() == 0));
        assert!(merged.len() < survey_core::MAX_DEFINITION / 2, "{} bytes", merged.len());
    }
}
