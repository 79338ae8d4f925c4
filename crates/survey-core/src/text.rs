//! Languages and the texts in them.

use std::fmt;

/// A language tag of the forms a survey needs (BCP 47): `en`, `zh-Hans`, `pt-BR`, `es-419`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Language(Box<str>);

impl Language {
    /// `None` unless `tag` is a language with an optional script and an optional region, each in
    /// its usual case.
    #[must_use]
    pub fn new(tag: &str) -> Option<Self> {
        let mut parts = tag.as_bytes().split(|byte| *byte == b'-').peekable();
        let all = |part: &[u8], form: fn(&u8) -> bool| part.iter().all(form);
        let language = parts.next()?;
        if !matches!(language.len(), 2 | 3) || !all(language, u8::is_ascii_lowercase) {
            return None;
        }
        parts.next_if(|script| match script {
            [first, rest @ ..] => {
                rest.len() == 3 && first.is_ascii_uppercase() && all(rest, u8::is_ascii_lowercase)
            }
            [] => false,
        });
        parts.next_if(|region| match region.len() {
            2 => all(region, u8::is_ascii_uppercase),
            3 => all(region, u8::is_ascii_digit),
            _ => false,
        });
        parts.next().is_none().then(|| Self(tag.into()))
    }

    /// One that was checked before it was compiled.
    pub(crate) fn checked(tag: Box<str>) -> Self {
        Self(tag)
    }

    /// The tag, for a `lang` attribute.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the language is written from right to left, by its script or its usual one.
    #[must_use]
    pub fn is_right_to_left(&self) -> bool {
        let mut parts = self.0.split('-');
        let language = parts.next();
        match parts.next().filter(|part| part.len() == 4) {
            Some(script) => {
                matches!(script, "Adlm" | "Arab" | "Hebr" | "Nkoo" | "Rohg" | "Syrc" | "Thaa")
            }
            None => matches!(
                language,
                Some(
                    "ar" | "arb"
                        | "ary"
                        | "arz"
                        | "ckb"
                        | "dv"
                        | "fa"
                        | "he"
                        | "ks"
                        | "nqo"
                        | "pes"
                        | "pnb"
                        | "prs"
                        | "ps"
                        | "rhg"
                        | "sd"
                        | "skr"
                        | "syr"
                        | "ug"
                        | "ur"
                        | "yi"
                )
            ),
        }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Place of a language in the definition's list; 0 is the source language.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LanguageIndex(pub(crate) u8);

/// A text in one language and perhaps in others. Plain text: markup is shown as typed.
///
/// Read from a file, the language is the source language and the others are the translations. In a
/// definition that was compiled for one language there is this one text and no other.
// Boxed: texts make up most of a definition, and a word is less code to pass around than six.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text(Box<Texts>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Texts {
    language: LanguageIndex,
    text: Box<str>,
    #[cfg(feature = "authoring")]
    translations: Box<[(LanguageIndex, Box<str>)]>,
}

/// A text with the language it really is in, which is another where a translation is missing: a
/// screen reader has to be told, and a reader should see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Localized<'a> {
    /// The text.
    pub text: &'a str,
    /// Set when the text is not in the language asked for: mark it with this `lang`.
    pub fallback: Option<LanguageIndex>,
}

impl Text {
    /// The one text that there is, in the language that it is in.
    pub(crate) fn only(language: LanguageIndex, text: Box<str>) -> Self {
        Self(Box::new(Texts {
            language,
            text,
            #[cfg(feature = "authoring")]
            translations: Box::default(),
        }))
    }

    /// One entry a language of the definition, of which there are at most 100; the first is there.
    #[cfg(feature = "authoring")]
    pub(crate) fn new(by_language: Vec<Option<Box<str>>>) -> Self {
        let texts = (0..).map(LanguageIndex).zip(by_language);
        let mut texts = texts.filter_map(|(language, text)| Some((language, text?)));
        let (language, text) = texts.next().unwrap_or_default();
        debug_assert_eq!(language, LanguageIndex(0));
        Self(Box::new(Texts { language, text, translations: texts.collect() }))
    }

    /// The text in `language`. Where it is not there, the one that is, marked as a fallback: of a
    /// definition that was read from a file the text in the source language.
    #[must_use]
    pub fn get(&self, language: LanguageIndex) -> Localized<'_> {
        let texts = &*self.0;
        #[cfg(feature = "authoring")]
        if let Some((_, text)) = texts.translations.iter().find(|(other, _)| *other == language) {
            return Localized { text, fallback: None };
        }
        let fallback = (language != texts.language).then_some(texts.language);
        Localized { text: &texts.text, fallback }
    }

    /// Whether `text` can stand in a definition: on one line, something to see, not too long.
    #[cfg(feature = "authoring")]
    #[must_use]
    pub fn is_well_formed(text: &str) -> bool {
        crate::check::shown(text) && text.chars().count() <= crate::MAX_TEXT
    }

    /// The text in the source language.
    #[cfg(feature = "authoring")]
    #[must_use]
    pub fn source(&self) -> &str {
        self.get(LanguageIndex(0)).text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn language_tags_have_the_usual_form() {
        for (tag, good) in [
            ("en", true),
            ("zh-Hans", true),
            ("pt-BR", true),
            ("es-419", true),
            ("uz-Cyrl-UZ", true),
            ("EN", false),
            ("en_GB", false),
            ("en-gb", false),
            ("en-GB-GB", false),
            ("english", false),
            ("", false),
        ] {
            assert_eq!(Language::new(tag).is_some(), good, "{tag:?}");
        }
    }

    #[test]
    fn direction_follows_the_script() {
        for (tag, rtl) in [
            ("ar", true),
            ("ur", true),
            ("prs", true),
            ("ur-Latn", false),
            ("en", false),
            ("pa-Arab", true),
            ("az-Latn", false),
        ] {
            assert_eq!(Language::new(tag).unwrap().is_right_to_left(), rtl, "{tag}");
        }
    }

    #[cfg(feature = "authoring")]
    #[test]
    fn a_missing_translation_falls_back_visibly() {
        let text = Text::new(vec![Some("Yes".into()), None, Some("Tak".into())]);
        assert_eq!(text.get(LanguageIndex(2)), Localized { text: "Tak", fallback: None });
        assert_eq!(
            text.get(LanguageIndex(1)),
            Localized { text: "Yes", fallback: Some(LanguageIndex(0)) }
        );
        assert_eq!(text.source(), "Yes");
    }

    #[test]
    fn the_only_text_serves_every_language() {
        let text = Text::only(LanguageIndex(2), "Tak".into());
        assert_eq!(text.get(LanguageIndex(2)), Localized { text: "Tak", fallback: None });
        for other in [LanguageIndex(0), LanguageIndex(1)] {
            let fallback = Some(LanguageIndex(2));
            assert_eq!(text.get(other), Localized { text: "Tak", fallback });
        }
    }
}
