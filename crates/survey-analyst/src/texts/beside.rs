//! Finds the translations that lie beside a file: `victim-voice.cy.json` beside
//! `victim-voice.json`, `helplines.cy.json` beside `helplines.json`.

use std::{
    fs,
    path::{Path, PathBuf},
};

use survey_core::{Definition, Language};

use super::{
    file::TranslationFile,
    merge::{self, Tally},
    places::{self, DEFINITION, HELPLINES, Shape},
};
use crate::{
    error::{Action, Error},
    files,
    json_text::{compact, members, object},
};

/// Which of the translations to take.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Choice {
    /// Take these languages only, in this order, after the one that the survey is written in:
    /// --languages cy,pl
    #[arg(long, value_name = "TAGS", value_delimiter = ',')]
    pub languages: Vec<String>,
    /// Leave out translations that no native speaker reviewed ("reviewed": false)
    #[arg(long)]
    pub reviewed_only: bool,
}

/// A draft with its translations.
pub(crate) struct Translated {
    /// The draft, compact, with texts by language.
    pub(crate) text: String,
    /// The first is the language it is written in.
    pub(crate) languages: Vec<Language>,
    /// What there is of each of the others.
    pub(crate) tallies: Vec<Tally>,
    /// Files of the survey that nobody reviewed and that were therefore left out.
    pub(crate) left_out: Vec<Language>,
}

/// Reads the translations beside a draft that was found to be right, and puts them in.
pub(crate) fn draft(
    path: &Path,
    definition: &Definition,
    bytes: &[u8],
    choice: &Choice,
) -> Result<Translated, Error> {
    let own = definition.languages();
    let source = &own[0];
    let wanted = wanted(choice)?;
    let mut files = beside(path, definition.id().as_str())?;
    files.retain(|(language, _)| wanted.is_empty() || wanted.contains(language));
    let text = compact(&String::from_utf8_lossy(bytes));
    let names: Vec<String> =
        places::list(&DEFINITION, &text).into_iter().map(|(path, _)| path).collect();
    let mut translations = Vec::new();
    let mut left_out = Vec::new();
    for (language, file) in &files {
        if language == source {
            return Err(Error::file(
                file,
                format!("the survey is written in {source}; its texts stand in {}", path.display()),
            ));
        }
        let file = TranslationFile::read(file, language)?;
        file.check(&names)?;
        if choice.reviewed_only && !file.reviewed {
            left_out.push(language.clone());
        } else {
            translations.push(file);
        }
    }
    let mut languages = vec![source.clone()];
    let there = |language: &Language| {
        own.contains(language) || translations.iter().any(|file| file.language == *language)
    };
    if wanted.is_empty() {
        languages.extend(own.iter().skip(1).cloned());
        let more = translations.iter().map(|file| &file.language);
        languages.extend(more.filter(|language| !own.contains(language)).cloned());
    } else {
        for language in wanted.iter().filter(|language| *language != source) {
            if there(language) {
                languages.push(language.clone());
            } else if !left_out.contains(language) {
                let name = format!("{}.{language}.json", definition.id().as_str());
                let place = path.with_file_name(name);
                return Err(Error::Usage(format!(
                    "--languages {language}: there is no {}; write it (docs/translate.md) or leave \
                     the language out",
                    place.display()
                )));
            }
        }
    }
    let taken: Vec<&TranslationFile> = translations.iter().collect();
    let (text, tallies) = put_in(&DEFINITION, &text, path, &languages, &taken)?;
    // Cannot fail: an array of strings.
    let tags: Vec<&str> = languages.iter().map(Language::as_str).collect();
    let tags = serde_json::to_string(&tags).unwrap_or_default();
    let text = object(
        members(&text)
            .into_iter()
            .map(|(name, value)| (name, if name == "languages" { &*tags } else { value })),
    );
    Ok(Translated { text, languages, tallies, left_out })
}

/// Puts the translations beside a file of support lines into `text`, which is that file, compact,
/// with the lines that are shown. `all` is the same with all lines: a translation may wait for
/// somebody to verify its number.
pub(crate) fn helplines(
    path: &Path,
    all: &str,
    text: &str,
    languages: &[Language],
    choice: &Choice,
) -> Result<(String, Vec<Tally>), Error> {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let names: Vec<String> =
        places::list(&HELPLINES, all).into_iter().map(|(path, _)| path).collect();
    let mut translations = Vec::new();
    for (language, file) in beside(path, &stem)? {
        if !languages.iter().skip(1).any(|wanted| *wanted == language) {
            continue;
        }
        let file = TranslationFile::read(&file, &language)?;
        file.check(&names)?;
        if file.reviewed || !choice.reviewed_only {
            translations.push(file);
        }
    }
    put_in(&HELPLINES, text, path, languages, &translations.iter().collect::<Vec<_>>())
}

fn put_in(
    shape: &Shape,
    text: &str,
    path: &Path,
    languages: &[Language],
    files: &[&TranslationFile],
) -> Result<(String, Vec<Tally>), Error> {
    merge::merge(shape, text, languages, files).map_err(|twice| {
        let file = files.iter().find(|file| file.language == twice.language);
        Error::Translation {
            path: file.map_or_else(PathBuf::new, |file| file.path.clone()),
            faults: vec![format!(
                "{}: {} has a text in {} of its own; take one of the two out",
                twice.place,
                path.display(),
                twice.language
            )],
        }
    })
}

/// The languages that were asked for; none for all.
pub(crate) fn wanted(choice: &Choice) -> Result<Vec<Language>, Error> {
    let mut wanted = Vec::new();
    for tag in &choice.languages {
        let language = tag_of(tag).map_err(|why| Error::Usage(format!("--languages {why}")))?;
        if !wanted.contains(&language) {
            wanted.push(language);
        }
    }
    Ok(wanted)
}

/// A language tag as typed.
pub(crate) fn tag_of(tag: &str) -> Result<Language, String> {
    Language::new(tag)
        .ok_or_else(|| format!("{tag}: no language tag; write one such as cy, pt-BR or zh-Hans"))
}

/// The files `STEM.TAG.json` in the folder of `path`, by tag.
pub(crate) fn beside(path: &Path, stem: &str) -> Result<Vec<(Language, PathBuf)>, Error> {
    find(path, &format!("{stem}."))
}

/// The files `TAG.json` in the folder of `path`, by tag.
pub(crate) fn named_by_tag(path: &Path) -> Result<Vec<(Language, PathBuf)>, Error> {
    find(path, "")
}

fn find(path: &Path, before: &str) -> Result<Vec<(Language, PathBuf)>, Error> {
    let folder = files::folder_of(path);
    let list = || {
        let entries = fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.file_name()));
        entries.collect::<Result<Vec<_>, _>>()
    };
    let mut found = Vec::new();
    for name in list().map_err(Error::io(Action::Read, folder))? {
        let Some(name) = name.to_str() else { continue };
        let file = path.with_file_name(name);
        let tag = name.strip_prefix(before).and_then(|rest| rest.strip_suffix(".json"));
        let Some(tag) = tag else { continue };
        if path.file_name().is_some_and(|own| own == name) || !file.is_file() {
            continue;
        }
        let language = Language::new(tag).ok_or_else(|| {
            Error::file(
                &file,
                format!(
                    "`{tag}` is no language tag; name a translation as in {before}cy.json or \
                     {before}pt-BR.json, and move other files away"
                ),
            )
        })?;
        found.push((language, file));
    }
    found.sort();
    Ok(found)
}
