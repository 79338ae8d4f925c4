//! The widget's own sentences by language: the files of `locales/`, checked, and how each language
//! writes and counts numbers.
//!
//! ```text
//! locales/en.json, the source:   "sentences": { KEY: WORDING, … }
//! locales/TAG.json, the others:  "sentences": { KEY: { "source": TEXT, "text": WORDING }, … }
//! ```
//!
//! A wording is a text, or an object of one text for each plural form of the language (CLDR:
//! `zero`, `one`, `two`, `few`, `many`, `other`). A text may hold places such as `{count}`. `source`
//! is the English text that the translation was made from, of a counted one its form `other`; when
//! English has changed since, the translation is stale and not used. The guide for translators is
//! docs/languages.md.
//!
//! On the host only: plural rules and digits come from ICU4X with the data of Unicode's CLDR, which
//! is far too large for a widget. What a widget needs of them is a table of a few bytes
//! ([`Numbers`]), made here and compared with the library number by number.

mod file;
mod locale;
mod numbers;
mod places;

use std::{collections::BTreeMap, fmt, fs, io, path::Path};

pub use icu_plurals::PluralCategory;
pub use locale::{Locale, Source, Wording};
pub use numbers::{HIGHEST, Numbers};

/// Something that must be put right before a file is used: where, and what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Key of the sentence; `None`: the file itself.
    pub key: Option<String>,
    /// What is wrong, and what to do.
    pub what: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.key {
            Some(key) => write!(f, "sentence `{key}`: {}", self.what),
            None => f.write_str(&self.what),
        }
    }
}

/// The sentences in every language there is.
#[derive(Clone, Debug)]
pub struct Locales {
    source: Source,
    others: BTreeMap<String, Locale>,
}

impl Locales {
    /// English alone.
    #[must_use]
    pub fn new(source: Source) -> Self {
        Self { source, others: BTreeMap::new() }
    }

    /// English, and every translation in `folder`: each file `TAG.json` but `en.json`.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with the files, one line each: `cy.json: sentence …`.
    pub fn read(source: Source, folder: &Path) -> Result<Self, Vec<String>> {
        let mut locales = Self::new(source);
        let mut faults = Vec::new();
        let files = files(folder).map_err(|error| vec![named(&folder.display(), &error)])?;
        for (tag, json) in files {
            match Locale::parse(&locales.source, &tag, &json) {
                Ok(locale) => drop(locales.others.insert(tag, locale)),
                Err(found) => {
                    let file = format!("{tag}.json");
                    faults.extend(found.iter().map(|fault| named(&file, fault)));
                }
            }
        }
        if faults.is_empty() { Ok(locales) } else { Err(faults) }
    }

    /// The sentences that all others were made from.
    #[must_use]
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// The language that serves `tag` best: the same, or the same without script and region.
    /// `None` for English and for a language without a file.
    #[must_use]
    pub fn find(&self, tag: &str) -> Option<&Locale> {
        let base = tag.split('-').next().unwrap_or(tag);
        self.others.get(tag).or_else(|| self.others.get(base))
    }

    /// All translations, by their tags.
    pub fn translations(&self) -> impl Iterator<Item = &Locale> {
        self.others.values()
    }
}

/// The translations of a folder, by tag.
fn files(folder: &Path) -> io::Result<Vec<(String, Vec<u8>)>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let tag = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        if path.extension().is_some_and(|extension| extension == "json") && tag != Source::TAG {
            files.push((tag.to_owned(), fs::read(&path)?));
        }
    }
    files.sort();
    Ok(files)
}

fn named(file: &dyn fmt::Display, what: &dyn fmt::Display) -> String {
    format!("{file}: {what}")
}
