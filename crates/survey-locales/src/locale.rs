//! One file of `locales/`, read and checked.

use std::collections::BTreeMap;

use icu_plurals::PluralCategory;

use crate::{
    Fault, Numbers,
    file::{File, Raw, Translation, of_file, wording},
};

/// A sentence in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wording {
    /// The same whatever stands in its places.
    Plain(String),
    /// One text for each plural form of the language, in CLDR's order, by the place `{count}`.
    Counted(Vec<(PluralCategory, String)>),
}

impl Wording {
    /// The text that translations name as their source.
    #[must_use]
    pub fn source(&self) -> &str {
        match self {
            Self::Plain(text) => text,
            Self::Counted(forms) => forms.last().map_or("", |(_, text)| text),
        }
    }

    /// Its texts: one, or one for each plural form.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        let (plain, counted) = match self {
            Self::Plain(text) => (Some(text.as_str()), None),
            Self::Counted(forms) => (None, Some(forms.iter().map(|(_, text)| text.as_str()))),
        };
        plain.into_iter().chain(counted.into_iter().flatten())
    }
}

/// The English sentences, in the order of their file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    name: String,
    numbers: Numbers,
    sentences: Vec<(String, Wording)>,
}

/// The sentences in another language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Locale {
    language: String,
    name: String,
    reviewed: bool,
    numbers: Numbers,
    sentences: BTreeMap<String, Wording>,
    missing: Vec<String>,
    stale: Vec<String>,
}

impl Source {
    /// Tag of the language that everything is written in first.
    pub const TAG: &'static str = "en";

    /// Reads `locales/en.json`.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with it.
    pub fn parse(json: &[u8]) -> Result<Self, Vec<Fault>> {
        let file: File<Raw> = File::read(Self::TAG, json)?;
        let numbers = Numbers::of(Self::TAG).map_err(of_file)?;
        let mut faults = Vec::new();
        let mut sentences = Vec::new();
        for (key, raw) in file.sentences.0 {
            match wording(raw, &numbers, None) {
                Ok(wording) => sentences.push((key, wording)),
                Err(what) => faults.push(Fault { key: Some(key), what }),
            }
        }
        let source = Self { name: file.name, numbers, sentences };
        if faults.is_empty() { Ok(source) } else { Err(faults) }
    }

    /// The language's name in itself.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How it counts and writes numbers.
    #[must_use]
    pub fn numbers(&self) -> &Numbers {
        &self.numbers
    }

    /// A sentence.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Wording> {
        self.sentences.iter().find(|(known, _)| known == key).map(|(_, wording)| wording)
    }

    /// All sentences, in the order of their file.
    pub fn sentences(&self) -> impl Iterator<Item = (&str, &Wording)> {
        self.sentences.iter().map(|(key, wording)| (key.as_str(), wording))
    }
}

impl Locale {
    /// Reads `locales/TAG.json`.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with it. Sentences that are missing or stale are no faults: they
    /// are shown in English.
    pub fn parse(source: &Source, tag: &str, json: &[u8]) -> Result<Self, Vec<Fault>> {
        let file: File<Translation> = File::read(tag, json)?;
        let numbers = Numbers::of(tag).map_err(of_file)?;
        let mut faults = Vec::new();
        let mut stale = Vec::new();
        let mut sentences = BTreeMap::new();
        for (key, translation) in file.sentences.0 {
            let Some(english) = source.get(&key) else {
                let what = "is none of locales/en.json; take it out".to_owned();
                faults.push(Fault { key: Some(key), what });
                continue;
            };
            if translation.source != english.source() {
                stale.push(key);
                continue;
            }
            match wording(translation.text, &numbers, Some(english)) {
                Ok(wording) => drop(sentences.insert(key, wording)),
                Err(what) => faults.push(Fault { key: Some(key), what }),
            }
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        let keys = source.sentences.iter().map(|(key, _)| key);
        let missing = keys.filter(|key| !sentences.contains_key(*key) && !stale.contains(key));
        Ok(Self {
            language: tag.to_owned(),
            name: file.name,
            reviewed: file.reviewed,
            numbers,
            missing: missing.cloned().collect(),
            stale,
            sentences,
        })
    }

    /// The language's tag.
    #[must_use]
    pub fn language(&self) -> &str {
        &self.language
    }

    /// The language's name in itself.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether somebody whose language it is has read all of it.
    #[must_use]
    pub fn is_reviewed(&self) -> bool {
        self.reviewed
    }

    /// How it counts and writes numbers.
    #[must_use]
    pub fn numbers(&self) -> &Numbers {
        &self.numbers
    }

    /// A sentence; `None` if it is missing or stale.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Wording> {
        self.sentences.get(key)
    }

    /// Keys of sentences that nobody has translated.
    #[must_use]
    pub fn missing(&self) -> &[String] {
        &self.missing
    }

    /// Keys of sentences that English has changed since they were translated.
    #[must_use]
    pub fn stale(&self) -> &[String] {
        &self.stale
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENGLISH: &str = r#"{"format":1,"language":"en","name":"English","reviewed":true,"sentences":{
        "leave":"Leave this page",
        "help":"Call 999",
        "progress":"{section}: {at} of {of}",
        "left":{"one":"{count} character","other":"{count} characters"}}}"#;

    fn english() -> Source {
        Source::parse(ENGLISH.as_bytes()).expect("it is right")
    }

    fn polish(sentences: &str) -> Result<Locale, Vec<Fault>> {
        let json = format!(
            r#"{{"format":1,"language":"pl","name":"Polski","reviewed":false,"sentences":{{{sentences}}}}}"#
        );
        Locale::parse(&english(), "pl", json.as_bytes())
    }

    #[test]
    fn what_is_missing_or_stale_is_not_used_and_said() {
        let locale = polish(
            r#""leave":{"source":"Leave","text":"Opuść"},
               "progress":{"source":"{section}: {at} of {of}","text":"{section}: {at} z {of}"}"#,
        )
        .expect("it is right");
        assert_eq!(locale.stale(), ["leave"]);
        assert_eq!(locale.missing(), ["help", "left"]);
        assert_eq!(locale.get("leave"), None);
        let progress = Wording::Plain("{section}: {at} z {of}".to_owned());
        assert_eq!(locale.get("progress"), Some(&progress));
        assert!(!locale.is_reviewed());
    }

    #[test]
    fn counted_sentences_stand_in_the_order_of_the_forms() {
        let locale = polish(
            r#""left":{"source":"{count} characters","text":
               {"many":"{count} znaków","one":"jeden znak","few":"{count} znaki"}}"#,
        )
        .expect("it is right");
        let texts: Vec<&str> = locale.get("left").expect("it is there").texts().collect();
        assert_eq!(texts, ["jeden znak", "{count} znaki", "{count} znaków"]);
    }

    #[test]
    fn faults_say_where_and_what() {
        let left =
            |text: &str| format!(r#""left":{{"source":"{{count}} characters","text":{text}}}"#);
        for (sentences, expected) in [
            (r#""go":{"source":"Go","text":"Idź"}"#.to_owned(), "sentence `go`: is none of locales/en.json"),
            (r#""leave":{"source":"Leave this page","text":"Opuść {page}"}"#.to_owned(), "has the places {page}"),
            (r#""help":{"source":"Call 999","text":"٩٩٩"}"#.to_owned(), "lacks the number 999"),
            (r#""leave":{"source":"Leave this page","text":" "}"#.to_owned(), "is empty"),
            (r#""leave":{"source":"Leave this page","text":"Opuść\nstronę"}"#.to_owned(), "U+000A"),
            (r#""leave":{"source":"Leave this page","text":"\u202eOpuść"}"#.to_owned(), "U+202E"),
            (r#""leave":{"source":"Leave this page","text":{"one":"a","few":"b","many":"c"}}"#.to_owned(), "does not count"),
            (r#""progress":{"source":"{section}: {at} of {of}","text":"{at} z {of}"}"#.to_owned(), "English has {at}{of}{section}"),
            (left(r#""{count} znaków""#), "for each plural form"),
            (left(r#"{"one":"znak","few":"{count} znaki"}"#), "the plural form `many`"),
            (left(r#"{"one":"znak","few":"{count} znaki","many":"znaków"}"#), "has the places ,"),
            (left(r#"{"one":"znak","few":"{count} znaki","many":"{count} znaków","other":"{count} znaku"}"#), "it has one, few, many"),
            (r#""leave":{"source":"Leave this page","text":"a"},"leave":{"source":"Leave this page","text":"b"}"#.to_owned(), "`leave` stands there twice"),
            (r#""leave":"Opuść""#.to_owned(), "invalid type"),
        ] {
            let faults = polish(&sentences).expect_err(&sentences);
            assert!(faults[0].to_string().contains(expected), "{sentences}: {}", faults[0]);
        }
        for (from, to) in [
            ("\"format\":1", "\"format\":2"),
            ("\"en\"", "\"pl\""),
            ("English", ""),
            ("\"reviewed\":true,", ""),
            ("{count} character\"", "{count character\""),
        ] {
            assert!(Source::parse(ENGLISH.replace(from, to).as_bytes()).is_err(), "{from}");
        }
    }
}
