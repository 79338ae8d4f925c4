//! The widget's own sentences as texts: `locales/en.json` and the files beside it, whose form
//! `survey-locales` knows (docs/languages.md).
//!
//! A sentence that counts is one text for each plural form of the language it is translated into,
//! `sentences.characters_left.few`. All of them are made from the English form `other`.

use std::{fmt::Write as _, path::Path};

use serde_json::Value;
use survey_core::Language;
use survey_locales::{Locale, Numbers, PluralCategory, Source, Wording};

use super::{
    file::{Entry, TranslationFile},
    notes,
    original::SourceText,
};
use crate::{error::Error, files};

/// The place of a language's name in itself.
const NAME: &str = "name";

/// Reads `locales/en.json`.
pub(super) fn read(path: &Path, json: &[u8]) -> Result<Source, Error> {
    Source::parse(json).map_err(|faults| Error::Translation {
        path: path.to_owned(),
        faults: faults.iter().map(ToString::to_string).collect(),
    })
}

/// The texts to translate into a language.
pub(super) fn texts(source: &Source, language: &Language) -> Result<Vec<SourceText>, Error> {
    let numbers = Numbers::of(language.as_str()).map_err(Error::Usage)?;
    let text = |path: String, source: &str, mut notes: Vec<String>| {
        notes.extend(notes::kept(source));
        SourceText { path, source: source.to_owned(), notes, official: false, own: Vec::new() }
    };
    let mut texts = vec![text(
        NAME.to_owned(),
        source.name(),
        vec![
            "The name of your language in your language, as people look for it: Cymraeg, Polski."
                .to_owned(),
        ],
    )];
    for (key, wording) in source.sentences() {
        let path = format!("sentences.{key}");
        match wording {
            Wording::Plain(sentence) => texts.push(text(path, sentence, of_key(key))),
            Wording::Counted(forms) => {
                let names: Vec<&str> = numbers.forms().iter().map(|form| name(*form)).collect();
                for form in numbers.forms() {
                    let mut notes = of_key(key);
                    notes.push(format!(
                        "Plural form `{}`, as with the number {}. The forms of your language: {}.",
                        name(*form),
                        example(&numbers, *form),
                        names.join(", ")
                    ));
                    if let Some((_, english)) = forms.iter().find(|(known, _)| known == form) {
                        notes.push(format!("In English this form is: {english}"));
                    }
                    if numbers.is_of_one_number(*form) {
                        notes.push(
                            "No other number has this form, so you may spell it out and leave \
                             {count} out."
                                .to_owned(),
                        );
                    }
                    texts.push(text(format!("{path}.{}", name(*form)), wording.source(), notes));
                }
            }
        }
    }
    Ok(texts)
}

/// What a sentence is, as far as its key tells.
fn of_key(key: &str) -> Vec<String> {
    let what = match key {
        "leave" | "back" | "next" | "skip" | "send" | "try_now" | "change" => {
            "On a button: keep it short, about 25 characters. Other sentences name this button."
        }
        _ if key.ends_with("_heading") || key.ends_with("_title") => "A heading.",
        _ if key.starts_with("problem") => {
            "Says what to do about an answer. Nobody did anything wrong: no blame."
        }
        _ => "Spoken to somebody who may be frightened: calm, plain, no blame.",
    };
    vec![what.to_owned()]
}

/// The translations of a file, one for each place, as they are; `None` when there is no file.
pub(super) fn translation(
    source: &Source,
    path: &Path,
    language: &Language,
) -> Result<Option<TranslationFile>, Error> {
    if !path.exists() {
        return Ok(None);
    }
    let json = files::read(path)?;
    let file: Value =
        serde_json::from_slice(&json).map_err(|e| Error::file(path, e.to_string()))?;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut texts = vec![(
        NAME.to_owned(),
        Entry { source: source.name().to_owned(), text: text(&file["name"]) },
    )];
    for (key, translation) in file["sentences"].as_object().into_iter().flatten() {
        let path = format!("sentences.{key}");
        let entry =
            |value: &Value| Entry { source: text(&translation["source"]), text: text(value) };
        match translation["text"].as_object() {
            None => texts.push((path, entry(&translation["text"]))),
            Some(forms) => {
                texts.extend(
                    forms.iter().map(|(form, value)| (format!("{path}.{form}"), entry(value))),
                );
            }
        }
    }
    Ok(Some(TranslationFile {
        path: path.to_owned(),
        schema: None,
        language: language.clone(),
        reviewed: file["reviewed"] == true,
        reviewed_by: file["reviewed_by"].as_str().map(str::to_owned),
        texts,
    }))
}

/// Whether a file is one that the widget can be built with.
pub(super) fn check(
    source: &Source,
    path: &Path,
    language: &Language,
    json: &[u8],
) -> Result<(), Error> {
    Locale::parse(source, language.as_str(), json).map(drop).map_err(|faults| Error::Translation {
        path: path.to_owned(),
        faults: faults.iter().map(ToString::to_string).collect(),
    })
}

/// Takes out sentences that count of which some form is missing or is of another wording, and gives
/// their places: half a sentence cannot be shown.
pub(super) fn take_out_halves(source: &Source, file: &mut TranslationFile) -> Vec<String> {
    let Ok(numbers) = Numbers::of(file.language.as_str()) else { return Vec::new() };
    let mut halves = Vec::new();
    for (key, wording) in source.sentences() {
        let path = format!("sentences.{key}");
        if matches!(wording, Wording::Counted(_)) && forms(file, &numbers, &path).is_none() {
            let before = file.texts.len();
            let of_it = format!("{path}.");
            file.texts.retain(|(place, _)| !place.starts_with(&of_it));
            if file.texts.len() < before {
                halves.push(path);
            }
        }
    }
    halves
}

/// The forms of a sentence that counts, if all are there and of one wording.
fn forms<'a>(
    file: &'a TranslationFile,
    numbers: &Numbers,
    path: &str,
) -> Option<Vec<(&'static str, &'a Entry)>> {
    let form =
        |form: &PluralCategory| Some((name(*form), file.get(&format!("{path}.{}", name(*form)))?));
    let forms: Vec<(&str, &Entry)> = numbers.forms().iter().map(form).collect::<Option<_>>()?;
    let (_, first) = forms.first()?;
    forms.iter().all(|(_, entry)| entry.source == first.source).then_some(forms)
}

/// The file's own text, in the order of `locales/en.json`.
pub(super) fn to_json(source: &Source, file: &TranslationFile) -> Result<String, Error> {
    let numbers = Numbers::of(file.language.as_str()).map_err(Error::Usage)?;
    // None can fail: they are strings.
    let quoted = |text: &str| serde_json::to_string(text).unwrap_or_default();
    let mut sentences = Vec::new();
    for (key, wording) in source.sentences() {
        let path = format!("sentences.{key}");
        match wording {
            Wording::Plain(_) => sentences.extend(file.get(&path).map(|entry| {
                format!(
                    "  {}: {{ \"source\": {}, \"text\": {} }}",
                    quoted(key),
                    quoted(&entry.source),
                    quoted(&entry.text)
                )
            })),
            Wording::Counted(_) => {
                let Some(forms) = forms(file, &numbers, &path) else { continue };
                let Some((_, first)) = forms.first() else { continue };
                let texts = forms
                    .iter()
                    .map(|(form, entry)| format!("    {}: {}", quoted(form), quoted(&entry.text)));
                sentences.push(format!(
                    "  {}: {{\n   \"source\": {},\n   \"text\": {{\n{}\n   }}\n  }}",
                    quoted(key),
                    quoted(&first.source),
                    texts.collect::<Vec<_>>().join(",\n")
                ));
            }
        }
    }
    let mut json = String::from("{\n \"format\": 1,\n");
    let _ = writeln!(json, " \"language\": {},", quoted(file.language.as_str()));
    let named = file.get(NAME).ok_or_else(|| Error::Translation {
        path: file.path.clone(),
        faults: vec![format!("{NAME}: the language's own name is missing; translate it as well")],
    })?;
    let _ = writeln!(json, " \"name\": {},", quoted(&named.text));
    let _ = writeln!(json, " \"reviewed\": {},", file.reviewed);
    if let Some(role) = &file.reviewed_by {
        let _ = writeln!(json, " \"reviewed_by\": {},", quoted(role));
    }
    let _ = write!(json, " \"sentences\": {{\n{}\n }}\n}}\n", sentences.join(",\n"));
    Ok(json)
}

/// The first number above nothing that has a form, or nothing itself.
fn example(numbers: &Numbers, form: PluralCategory) -> usize {
    let of = |number: usize| {
        let (first, again) = (numbers.first(), numbers.again());
        let place = match first.get(number) {
            Some(place) => Some(place),
            None => again.get((number - first.len()) % again.len().max(1)),
        };
        place.and_then(|place| numbers.forms().get(usize::from(*place))).copied()
    };
    (1..=survey_locales::HIGHEST).find(|number| of(*number) == Some(form)).unwrap_or_default()
}

/// CLDR's name of a plural form.
fn name(form: PluralCategory) -> &'static str {
    match form {
        PluralCategory::Zero => "zero",
        PluralCategory::One => "one",
        PluralCategory::Two => "two",
        PluralCategory::Few => "few",
        PluralCategory::Many => "many",
        _ => "other",
    }
}
