//! Whether English can be read by somebody with little schooling, little English, or no calm.
//!
//! Two rules, which an author can follow without a formula: a sentence has at most 15 words, and
//! every word is one that four in five pupils of nine to ten years know (`words.txt`, the list of
//! the New Dale-Chall formula), or is a term that cannot be said otherwise (`terms.txt`). Of the
//! usual measures this one was taken because it looks at the words themselves: counting syllables
//! calls "abuse" as easy as "table".
//!
//! A text that keeps both rules has a Dale-Chall score below 4.9, the reading of the fourth year of
//! school and less: `0.1579 × difficult words in 100 + 0.0496 × words in a sentence`, and 3.6365
//! more if over 5 in 100 are difficult (Chall and Dale, Readability Revisited, 1995). Terms count as
//! difficult there, so [`score`] says what the terms cost.

use std::{collections::BTreeSet, fmt, sync::LazyLock};

/// Most words that a sentence may have.
pub(crate) const MOST_WORDS: usize = 15;

/// What makes a text hard to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Hard {
    /// A sentence of more than [`MOST_WORDS`] words.
    Sentence { words: usize, sentence: String },
    /// A word that many do not know.
    Word(String),
}

impl fmt::Display for Hard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sentence { words, sentence } => write!(
                f,
                "a sentence of {words} words; make two of it, {MOST_WORDS} words are the most: \
                 {sentence}"
            ),
            Self::Word(word) => write!(f, "`{word}` is no common word; say it with another"),
        }
    }
}

/// Everything that is hard in an English text.
pub(crate) fn check(text: &str) -> Vec<Hard> {
    let mut hard = Vec::new();
    for sentence in sentences(text) {
        let words = words(sentence);
        if words.len() > MOST_WORDS {
            let (words, sentence) = (words.len(), sentence.trim().to_owned());
            hard.push(Hard::Sentence { words, sentence });
        }
        let difficult = words.iter().filter(|word| !word.is_common() && !word.is_term());
        hard.extend(difficult.map(|word| Hard::Word(word.text.to_owned())));
    }
    hard
}

/// The New Dale-Chall score of English texts, in which terms count as difficult.
#[cfg(test)]
pub(crate) fn score<'a>(texts: impl Iterator<Item = &'a str>) -> f64 {
    let (mut all, mut difficult, mut count) = (0u32, 0u32, 0u32);
    for text in texts {
        for sentence in sentences(text) {
            let words = words(sentence);
            count += 1;
            all += u32::try_from(words.len()).unwrap();
            difficult += u32::try_from(words.iter().filter(|w| !w.is_common()).count()).unwrap();
        }
    }
    let percent = 100.0 * f64::from(difficult) / f64::from(all);
    let more = if percent > 5.0 { 3.6365 } else { 0.0 };
    0.1579 * percent + 0.0496 * f64::from(all) / f64::from(count) + more
}

/// A word of a sentence.
struct Word<'a> {
    text: &'a str,
    /// A capital inside of a sentence, a number, or something that is filled in.
    is_name: bool,
}

impl Word<'_> {
    fn is_common(&self) -> bool {
        self.is_name || self.is_in(&COMMON)
    }

    fn is_term(&self) -> bool {
        self.is_in(&TERMS)
    }

    fn is_in(&self, list: &BTreeSet<&str>) -> bool {
        let word = self.text.to_lowercase().replace('’', "'");
        let known = |part: &str| part.is_empty() || stems(part).any(|stem| list.contains(&*stem));
        // "Long-term" is known to whoever knows "long" and "term".
        known(&word) || (word.contains('-') && word.split('-').all(known))
    }
}

/// The sentences of a text, each to its mark at the end.
fn sentences(text: &str) -> impl Iterator<Item = &str> {
    let mut ended = false;
    let parts = text.split_inclusive(move |c: char| {
        let ends = ended && c.is_whitespace();
        ended = matches!(c, '.' | '?' | '!') || (ended && matches!(c, '”' | '"' | '’' | ')'));
        ends
    });
    parts.filter(|part| part.chars().any(char::is_alphanumeric))
}

fn words(sentence: &str) -> Vec<Word<'_>> {
    let parts = sentence.split(|c: char| c.is_whitespace() || matches!(c, '/' | '—' | '–'));
    let bare = parts.map(|part| {
        part.trim_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '{' | '}' | '+'))
    });
    let bare = bare.filter(|part| part.chars().any(char::is_alphanumeric));
    bare.enumerate()
        .map(|(at, text)| {
            let capital = text.chars().next().is_some_and(char::is_uppercase);
            let is_name = (at > 0 && capital)
                || text.starts_with('{')
                || !text.chars().any(char::is_alphabetic);
            Word { text, is_name }
        })
        .collect()
}

/// A word, and what it may be a form of: `stopped` of `stop`, `carries` of `carry`.
fn stems(word: &str) -> impl Iterator<Item = String> {
    const ENDINGS: [(&str, &[&str]); 15] = [
        ("'s", &[""]),
        ("s'", &["", "s"]),
        ("s", &[""]),
        ("es", &[""]),
        ("ies", &["y"]),
        ("d", &[""]),
        ("ed", &[""]),
        ("ied", &["y"]),
        ("ing", &["", "e"]),
        ("er", &["", "e"]),
        ("ier", &["y"]),
        ("est", &["", "e"]),
        ("iest", &["y"]),
        ("ly", &["", "le"]),
        ("ily", &["y"]),
    ];
    let mut stems = vec![word.to_owned()];
    for (ending, instead) in ENDINGS {
        let Some(stem) = word.strip_suffix(ending).filter(|stem| stem.len() > 1) else { continue };
        stems.extend(instead.iter().map(|instead| format!("{stem}{instead}")));
        // "stopped", "bigger"
        let twice = stem.chars().rev().take(2).collect::<Vec<_>>();
        if matches!(ending, "ed" | "ing" | "er" | "est") && twice.first() == twice.get(1) {
            stems.push(stem[..stem.len() - 1].to_owned());
        }
    }
    stems.into_iter()
}

fn list(text: &'static str) -> BTreeSet<&'static str> {
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines.flat_map(str::split_whitespace).collect()
}

static COMMON: LazyLock<BTreeSet<&str>> = LazyLock::new(|| list(include_str!("words.txt")));
static TERMS: LazyLock<BTreeSet<&str>> = LazyLock::new(|| list(include_str!("terms.txt")));

#[cfg(test)]
mod tests {
    use super::*;

    fn hard(text: &str) -> Vec<String> {
        check(text).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_sentence_has_at_most_fifteen_words() {
        let words = |n: usize| format!("{}.", vec!["we"; n].join(" "));
        assert!(hard(&words(15)).is_empty());
        assert_eq!(check(&words(16)).len(), 1);
        assert!(hard(&format!("{} {}", words(15), words(15))).is_empty());
        assert!(hard(&format!("“{}” {}? {}", words(10), words(14), words(15))).is_empty());
        assert!(hard(&words(16))[0].starts_with("a sentence of 16 words; make two"));
        // A point inside of a number ends nothing, a blank is one word.
        assert_eq!(check(&format!("{} 1.5 {{count}} we.", "we ".repeat(13))).len(), 1);
    }

    #[test]
    fn words_are_common_or_terms_or_names() {
        for text in [
            "Thinking about everything, we stopped and carried the biggest ones easily.",
            "Don’t go. It’s the person’s. They’re happier!",
            "We asked Victim Support and the Met.",
            "Is it long-lasting?",
            "Online, {count} of 12 were satisfied.",
            "12.5",
        ] {
            assert!(hard(text).is_empty(), "{text}: {:?}", hard(text));
        }
        for (text, word) in [
            ("Nevertheless, we go.", "Nevertheless"),
            ("We utilise it.", "utilise"),
            ("We go to the tribunal-house.", "tribunal-house"),
        ] {
            assert_eq!(check(text), [Hard::Word(word.to_owned())]);
        }
    }

    #[test]
    fn terms_are_needed_and_stand_there_once() {
        let text = include_str!("terms.txt");
        let terms: Vec<&str> = text
            .lines()
            .filter(|line| !line.starts_with('#'))
            .flat_map(str::split_whitespace)
            .collect();
        assert_eq!(terms.len(), TERMS.len(), "a term stands there twice");
        let common = terms.iter().filter(|term| stems(term).any(|stem| COMMON.contains(&*stem)));
        let common: Vec<_> = common.collect();
        assert!(common.is_empty(), "these are common words: {common:?}");
        assert!(COMMON.len() > 2_900);
    }

    /// By hand: 10 words in 2 sentences, of which 1 is difficult.
    #[test]
    fn the_score_is_that_of_the_formula() {
        let score = score(["We go home now. We go to the old tribunal."].into_iter());
        assert!((score - (0.1579 * 10.0 + 0.0496 * 5.0 + 3.6365)).abs() < 1e-9, "{score}");
    }
}
