//! A file of translations: one language of one survey, or of one list of support lines.
//!
//! It says of each text what it was translated from, so that a text that was changed afterwards is
//! noticed: its translation is *stale*, is not used, and is listed.

use std::{
    collections::BTreeSet,
    fmt::Write as _,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Deserializer, de};
use survey_core::{Language, Text};

use crate::{error::Error, files};

/// Version of the form that this program reads and writes.
const FORMAT: u32 = 1;

/// What was translated, and from what.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub(crate) struct Entry {
    /// The text in the source language at that time.
    pub(crate) source: String,
    pub(crate) text: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFile {
    #[serde(rename = "$schema", default)]
    schema: Option<String>,
    format: u32,
    language: String,
    reviewed: bool,
    #[serde(default)]
    reviewed_by: Option<String>,
    texts: Pairs,
}

/// A file of translations that was read.
#[derive(Clone, Debug)]
pub(crate) struct TranslationFile {
    pub(crate) path: PathBuf,
    pub(crate) schema: Option<String>,
    pub(crate) language: Language,
    /// Whether somebody who grew up with the language has read it all.
    pub(crate) reviewed: bool,
    /// Who that was: a role, never a name.
    pub(crate) reviewed_by: Option<String>,
    /// By place, in the file's order.
    pub(crate) texts: Vec<(String, Entry)>,
}

impl TranslationFile {
    /// Reads the file for `language`.
    pub(crate) fn read(path: &Path, language: &Language) -> Result<Self, Error> {
        let bytes = files::read(path)?;
        let not_one = |why: String| {
            Error::file(path, format!("not a file of translations: {why}; see docs/translate.md"))
        };
        let raw: RawFile =
            serde_json::from_slice(&bytes).map_err(|error| not_one(error.to_string()))?;
        if raw.format != FORMAT {
            return Err(not_one(format!(
                "`format` is {}, this version reads {FORMAT}",
                raw.format
            )));
        }
        if raw.language != language.as_str() {
            return Err(Error::file(
                path,
                format!(
                    "is named for `{language}` and says `\"language\": \"{}\"`; change one of the \
                     two",
                    raw.language
                ),
            ));
        }
        Ok(Self {
            path: path.to_owned(),
            schema: raw.schema,
            language: language.clone(),
            reviewed: raw.reviewed,
            reviewed_by: raw.reviewed_by,
            texts: raw.texts.0,
        })
    }

    /// The translation for a place.
    pub(crate) fn get(&self, path: &str) -> Option<&Entry> {
        self.texts.iter().find(|(name, _)| name == path).map(|(_, entry)| entry)
    }

    /// Finds what cannot be a translation of the texts at `places`.
    ///
    /// # Errors
    ///
    /// Every fault, each with its place in the survey.
    pub(crate) fn check(&self, places: &[String]) -> Result<(), Error> {
        let known: BTreeSet<&str> = places.iter().map(String::as_str).collect();
        let mut faults = Vec::new();
        let strange = self.texts.iter().filter(|(path, _)| !known.contains(&**path)).count();
        if strange > 3 && strange * 2 > self.texts.len() {
            return Err(Error::file(
                &self.path,
                format!(
                    "{strange} of its {} places are not there, `{}` for one; it belongs to another \
                     file",
                    self.texts.len(),
                    self.texts
                        .iter()
                        .find(|(path, _)| !known.contains(&**path))
                        .map_or("", |t| &t.0)
                ),
            ));
        }
        for (path, entry) in &self.texts {
            if !known.contains(&**path) {
                let near = places
                    .iter()
                    .map(|known| (strsim::levenshtein(path, known), known))
                    .min()
                    .filter(|(distance, _)| *distance <= 2);
                faults.push(match near {
                    Some((_, near)) => format!("{path}: no such text; did you mean `{near}`?"),
                    None => format!(
                        "{path}: no such text; if it is gone for good, run `survey-analyst texts \
                         prune`"
                    ),
                });
            } else if let Err(why) = check_line(&entry.source, &entry.text)
                .and_then(|()| check_blanks(&entry.source, &entry.text))
            {
                faults.push(format!("{path}: {why}"));
            }
        }
        if faults.is_empty() {
            return Ok(());
        }
        Err(Error::Translation { path: self.path.clone(), faults })
    }

    /// The file's own text: one line for each thing, so that changes can be read in a diff.
    pub(crate) fn to_json(&self) -> String {
        // None can fail: they are strings.
        let quoted = |text: &str| serde_json::to_string(text).unwrap_or_default();
        let mut json = String::from("{\n");
        if let Some(schema) = &self.schema {
            let _ = writeln!(json, "  \"$schema\": {},", quoted(schema));
        }
        let _ = writeln!(json, "  \"format\": {FORMAT},");
        let _ = writeln!(json, "  \"language\": {},", quoted(self.language.as_str()));
        let _ = writeln!(json, "  \"reviewed\": {},", self.reviewed);
        if let Some(role) = &self.reviewed_by {
            let _ = writeln!(json, "  \"reviewed_by\": {},", quoted(role));
        }
        json.push_str("  \"texts\": {");
        for (i, (path, entry)) in self.texts.iter().enumerate() {
            let comma = if i == 0 { "" } else { "," };
            let _ = write!(
                json,
                "{comma}\n    {}: {{\n      \"source\": {},\n      \"text\": {}\n    }}",
                quoted(path),
                quoted(&entry.source),
                quoted(&entry.text)
            );
        }
        json.push_str(if self.texts.is_empty() { "}\n}\n" } else { "\n  }\n}\n" });
        json
    }
}

/// Whether `text` is one that can be shown, with the numbers of `source`.
///
/// Numbers of three digits and more are telephone numbers and years, and people copy them off the
/// screen. So they stay as they are, in digits that a British telephone has.
///
/// # Errors
///
/// What is wrong, in words that go behind a place.
pub(crate) fn check_line(source: &str, text: &str) -> Result<(), String> {
    if text.trim().is_empty() {
        return Err("the translation is empty; write one, or take the place out".to_owned());
    }
    if !Text::is_well_formed(text) {
        return Err(format!(
            "a translation stands on one line and has at most {} characters",
            survey_core::MAX_TEXT
        ));
    }
    for number in numbers(source) {
        if !numbers(text).any(|other| other == number) {
            return Err(format!(
                "the number {number} of the source is missing; write it in 0 to 9"
            ));
        }
    }
    Ok(())
}

/// Whether `text` has the blanks of `source`, such as `{count}`.
///
/// # Errors
///
/// What is wrong, in words that go behind a place.
pub(crate) fn check_blanks(source: &str, text: &str) -> Result<(), String> {
    let (wanted, found) = (blanks(source), blanks(text));
    if let Some(blank) = wanted.iter().find(|blank| !found.contains(blank)) {
        return Err(format!("{blank} of the source is missing; put it where its value belongs"));
    }
    if let Some(blank) = found.iter().find(|blank| !wanted.contains(blank)) {
        return Err(format!("{blank} is not in the source; take it out"));
    }
    if wanted != found {
        return Err(format!(
            "holds {} more often or less often than the source",
            wanted.join(", ")
        ));
    }
    Ok(())
}

/// Runs of at least three digits.
pub(crate) fn numbers(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_digit()).filter(|run| run.len() >= 3)
}

/// What is filled in later, such as `{count}`, sorted.
pub(crate) fn blanks(text: &str) -> Vec<&str> {
    let mut blanks: Vec<&str> = text
        .match_indices('{')
        .filter_map(|(at, _)| {
            let name = text[at + 1..].split_once('}')?.0;
            let plain = |c: char| c.is_ascii_lowercase() || c == '_';
            (!name.is_empty() && name.chars().all(plain)).then(|| &text[at..at + name.len() + 2])
        })
        .collect();
    blanks.sort_unstable();
    blanks
}

/// Places with their entries in the order of the file, each once.
struct Pairs(Vec<(String, Entry)>);

impl<'de> Deserialize<'de> for Pairs {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl<'de> de::Visitor<'de> for Visitor {
            type Value = Pairs;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object of translations by place")
            }

            fn visit_map<A: de::MapAccess<'de>>(self, mut map: A) -> Result<Pairs, A::Error> {
                let mut seen = BTreeSet::new();
                let mut pairs = Vec::new();
                while let Some((path, entry)) = map.next_entry::<String, Entry>()? {
                    if !seen.insert(path.clone()) {
                        return Err(de::Error::custom(format_args!(
                            "`{path}` is there twice; remove one"
                        )));
                    }
                    pairs.push((path, entry));
                }
                Ok(Pairs(pairs))
            }
        }
        deserializer.deserialize_map(Visitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_translation_keeps_numbers_and_blanks() {
        for (source, text, good) in [
            ("Call 999 now.", "Ffoniwch 999 nawr.", true),
            ("Call 999 now.", "Ffoniwch 99 nawr.", false),
            ("Call 999 now.", "এখনই ৯৯৯ নম্বরে ফোন করুন।", false),
            ("About 4 minutes", "Vier Minuten", true),
            ("You have {count} left.", "Mae {count} ar ôl.", true),
            ("You have {count} left.", "Mae {cownt} ar ôl.", false),
            ("You have {count} left.", "Mae ar ôl.", false),
            ("You have {count} left.", "{count} {count}", false),
            ("A {text} of {two}", "{two} {text}", true),
            ("Braces { } stay", "Braces { } stay", true),
            ("One", "", false),
            ("One", "  ", false),
            ("One", "Two\nlines", false),
        ] {
            let checked = check_line(source, text).and_then(|()| check_blanks(source, text));
            assert_eq!(checked.is_ok(), good, "{source:?} {text:?}");
        }
        assert!(check_line("One", &"x".repeat(4_001)).is_err());
    }
}
