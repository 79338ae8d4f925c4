//! A file whose texts are translated, and its translations: a survey, its support lines, or the
//! widget's own sentences.

use std::path::{Path, PathBuf};

use serde_json::Value;
use survey_core::{HelplinesFile, Language};
use survey_locales::Source;

use super::{
    beside,
    file::{self, Entry, TranslationFile},
    merge::{by_language, spoken},
    notes,
    places::{self, DEFINITION, HELPLINES, Shape},
    widget,
};
use crate::{definition::Known, error::Error, files, json_text::compact, reading};

/// A text in the language that a file is written in.
#[derive(Clone, Debug)]
pub(crate) struct SourceText {
    pub(crate) path: String,
    pub(crate) source: String,
    /// What a translator has to know of it.
    pub(crate) notes: Vec<String>,
    /// A name, or a label of an official classification: nobody is free to say it in other words.
    pub(crate) official: bool,
    /// Languages in which the file itself has the text, with what it says.
    pub(crate) own: Vec<(String, String)>,
}

/// A file with texts.
#[derive(Debug)]
pub(crate) struct Original {
    pub(crate) path: PathBuf,
    /// Names it in XLIFF: `survey.ID`, `lines.NAME` or `widget`.
    pub(crate) id: String,
    /// Translations are called `STEM.TAG.json`.
    stem: String,
    pub(crate) language: Language,
    texts: Vec<SourceText>,
    /// The widget's sentences: which texts there are depends on the language's plural forms.
    widget: Option<Source>,
}

/// What there is of one text in one language.
pub(crate) enum State<'a> {
    Translated(&'a str),
    /// A translation of an earlier wording.
    Stale(&'a Entry),
    Missing,
}

impl Original {
    /// Reads a file and says what kind it is by what is in it.
    pub(crate) fn read(path: &Path) -> Result<Self, Error> {
        let bytes = files::read(path)?;
        let value: Value = serde_json::from_slice(&bytes)
            .map_err(|error| Error::file(path, format!("not JSON: {error}")))?;
        let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        if value.get("pages").is_some() {
            let known = Known::read(path)?;
            let (id, languages) = (known.definition.id().as_str(), known.definition.languages());
            return Ok(Self {
                path: path.to_owned(),
                id: format!("survey.{id}"),
                stem: id.to_owned(),
                texts: texts(&DEFINITION, &bytes, &value, &languages[0]),
                language: languages[0].clone(),
                widget: None,
            });
        }
        if value.get("lines").is_some() {
            let file: HelplinesFile = serde_json::from_slice(&bytes).map_err(|error| {
                Error::file(path, format!("not a file of support lines: {error}"))
            })?;
            let english = Language::new("en").filter(|_| file.format == 1);
            let english = english.ok_or_else(|| Error::file(path, "`format` is not 1"))?;
            return Ok(Self {
                path: path.to_owned(),
                id: format!("lines.{stem}"),
                stem,
                texts: texts(&HELPLINES, &bytes, &value, &english),
                language: english,
                widget: None,
            });
        }
        let tag = value.get("language").and_then(Value::as_str);
        if value.get("sentences").is_some() && tag == Some(Source::TAG) {
            let source = widget::read(path, &bytes)?;
            let english = Language::new(Source::TAG);
            let english = english.ok_or_else(|| Error::file(path, "no language"))?;
            return Ok(Self {
                path: path.to_owned(),
                id: "widget".to_owned(),
                stem,
                texts: Vec::new(),
                language: english,
                widget: Some(source),
            });
        }
        let why = if value.get("texts").is_some() || value.get("sentences").is_some() {
            "is a translation; name the file that it was made from"
        } else {
            "is no survey, no file of support lines and not the widget's sentences"
        };
        Err(Error::file(path, why))
    }

    /// The texts to translate into a language, in the order of the file.
    pub(crate) fn texts(&self, language: &Language) -> Result<Vec<SourceText>, Error> {
        match &self.widget {
            Some(source) => widget::texts(source, language),
            None => Ok(self.texts.clone()),
        }
    }

    /// The languages in which there is a file of translations, or a text in the file itself.
    pub(crate) fn languages(&self) -> Result<Vec<Language>, Error> {
        let files = match &self.widget {
            Some(_) => beside::named_by_tag(&self.path)?,
            None => beside::beside(&self.path, &self.stem)?,
        };
        let mut languages: Vec<Language> =
            files.into_iter().map(|(language, _)| language).collect();
        let own = self.texts.iter().flat_map(|text| &text.own);
        languages.extend(own.filter_map(|(tag, _)| Language::new(tag)));
        languages.sort();
        languages.dedup();
        Ok(languages)
    }

    /// Where the translations into a language belong.
    pub(crate) fn path_of(&self, language: &Language) -> PathBuf {
        self.path.with_file_name(match &self.widget {
            Some(_) => format!("{language}.json"),
            None => format!("{}.{language}.json", self.stem),
        })
    }

    /// The translations into a language, with nothing wrong in them; none when there is no file.
    pub(crate) fn translation(
        &self,
        language: &Language,
    ) -> Result<Option<TranslationFile>, Error> {
        let file = self.unchecked(language)?;
        if let (Some(file), Some(source)) = (&file, &self.widget) {
            widget::check(source, &file.path, language, &files::read(&file.path)?)?;
        } else if let Some(file) = &file {
            let names: Vec<String> = self.texts.iter().map(|text| text.path.clone()).collect();
            file.check(&names)?;
        }
        Ok(file)
    }

    /// The translations into a language as they are.
    pub(crate) fn unchecked(&self, language: &Language) -> Result<Option<TranslationFile>, Error> {
        let path = self.path_of(language);
        if let Some(source) = &self.widget {
            return widget::translation(source, &path, language);
        }
        if !path.exists() {
            return Ok(None);
        }
        TranslationFile::read(&path, language).map(Some)
    }

    /// A file of translations with nothing in it.
    pub(crate) fn new_translation(&self, language: &Language) -> TranslationFile {
        TranslationFile {
            path: self.path_of(language),
            schema: None,
            language: language.clone(),
            reviewed: false,
            reviewed_by: None,
            texts: Vec::new(),
        }
    }

    /// Whether `text` can stand for `source`.
    ///
    /// # Errors
    ///
    /// What is wrong, in words that go behind a place.
    pub(crate) fn check_text(&self, source: &str, text: &str) -> Result<(), String> {
        file::check_line(source, text)?;
        match &self.widget {
            // A plural form may leave a blank out; `to_json` looks at whole sentences.
            Some(_) => Ok(()),
            None => file::check_blanks(source, text),
        }
    }

    /// Takes out what cannot be used without more, and gives its places.
    pub(crate) fn take_out_halves(&self, file: &mut TranslationFile) -> Vec<String> {
        self.widget.as_ref().map_or_else(Vec::new, |source| widget::take_out_halves(source, file))
    }

    /// The text of a file of translations that can be written beside the original.
    pub(crate) fn to_json(&self, file: &TranslationFile) -> Result<String, Error> {
        let Some(source) = &self.widget else { return Ok(file.to_json()) };
        let json = widget::to_json(source, file)?;
        widget::check(source, &file.path, &file.language, json.as_bytes())?;
        Ok(json)
    }

    /// What is hard to read in the texts, each with its place; nothing where they are not English.
    ///
    /// Names of services are what they are, and so is an option's label that is the official one of
    /// a classification (surveys/README.md).
    pub(crate) fn hard_to_read(&self) -> Result<Vec<String>, Error> {
        if self.language.as_str().split('-').next() != Some("en") {
            return Ok(Vec::new());
        }
        let texts = self.texts(&self.language)?;
        let texts = texts.iter().filter(|text| !text.official);
        let hard = texts.flat_map(|text| {
            reading::check(&text.source).into_iter().map(|hard| format!("{}: {hard}", text.path))
        });
        Ok(hard.collect())
    }

    /// What there is of a text.
    pub(crate) fn state<'a>(
        &self,
        text: &'a SourceText,
        language: &Language,
        file: Option<&'a TranslationFile>,
    ) -> State<'a> {
        if let Some((_, own)) = text.own.iter().find(|(tag, _)| tag == language.as_str()) {
            return State::Translated(own);
        }
        match file.and_then(|file| file.get(&text.path)) {
            Some(entry) if entry.source == text.source => State::Translated(&entry.text),
            Some(entry) => State::Stale(entry),
            None => State::Missing,
        }
    }
}

fn texts(shape: &Shape, bytes: &[u8], file: &Value, language: &Language) -> Vec<SourceText> {
    let json = compact(&String::from_utf8_lossy(bytes));
    let text = |(path, spelled): (String, String)| {
        let own: Vec<(String, String)> = by_language(language, &spelled)
            .into_iter()
            .map(|(tag, text)| (tag.to_owned(), spoken(text)))
            .collect();
        let source = own.iter().find(|(tag, _)| tag == language.as_str());
        let source = source.map(|(_, text)| text.clone()).unwrap_or_default();
        let notes = notes::of(file, &path, &source);
        let official = notes::is_official(file, &path);
        SourceText { path, source, notes, official, own }
    };
    places::list(shape, &json).into_iter().map(text).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The files with English texts that this project ships.
    fn shipped() -> Vec<Original> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let mut files = crate::definition::files_in(&root.join("surveys"), "json").unwrap();
        // `victim-voice.cy.json` is a translation.
        files.retain(|path| !path.file_stem().unwrap().to_string_lossy().contains('.'));
        files.push(root.join("locales/en.json"));
        files.iter().map(|path| Original::read(path).unwrap()).collect()
    }

    #[test]
    fn what_is_shipped_is_easy_to_read() {
        let files = shipped();
        assert!(files.len() >= 5, "three surveys, the support lines and the widget's sentences");
        let hard: Vec<String> =
            files.iter().flat_map(|file| file.hard_to_read().unwrap()).collect();
        assert!(hard.is_empty(), "{}", hard.join("\n"));
        for file in files {
            let texts = file.texts(&file.language).unwrap();
            let texts = texts.iter().filter(|text| !text.official);
            // Up to 5.9 is the reading of the fifth and sixth year of school, ten and eleven years:
            // what the terms cost (`reading/terms.txt`), with every sentence and word else plain.
            let score = reading::score(texts.map(|text| &*text.source));
            assert!(score < 6.0, "{}: {score}", file.path.display());
        }
    }

    #[test]
    fn every_translation_that_is_shipped_fits_its_original() {
        for original in shipped() {
            for language in original.languages().unwrap() {
                let checked = original.translation(&language);
                assert!(checked.is_ok(), "{language}: {}", checked.unwrap_err());
            }
        }
    }

    #[test]
    fn translators_are_told_where_a_text_stands() {
        let original = shipped().into_iter().find(|file| file.id == "survey.victim-voice").unwrap();
        let notes = |path: &str| {
            original.texts.iter().find(|text| text.path == path).unwrap().notes.join("\n")
        };
        for (path, part) in [
            ("title", "Somebody may look over the shoulder"),
            ("start.body.0", "Spoken to somebody who may be frightened"),
            ("start.body.3", "Keep as it is, in these characters: 999"),
            ("lists.satisfaction.1.label", "A point of a scale"),
            ("lists.london_areas.3.label", "classification (ons_area)"),
            ("pages.crime.text", "Spoken to somebody who may be frightened"),
            ("pages.crime.options.4.hint", "Help with the answer: I was robbed"),
            ("pages.ethnic.options.3.label", "classification (gss_ethnic_group)"),
            ("pages.more.go_on", "On a button, below: Those were the main questions"),
        ] {
            assert!(notes(path).contains(part), "{path}: {}", notes(path));
        }
        assert!(!notes("pages.crime.options.4.label").contains("classification"));
    }
}
