//! What a document holds of its survey: the definition, compiled for one language, the hash that
//! envelopes name it by, and the widget's own sentences in that language.
//!
//! In the document it is text, and not JSON or base64: each character that HTML text can hold as it
//! is stands as it is, and every other byte is the character [`BYTES`] further on. So texts stay
//! texts, in every script, which is what compresses.

use std::sync::Arc;

use survey_core::Definition;
use survey_wire::DefinitionHash;

use crate::text::{Sentences, split_once};

/// What one document asks, and in which words.
#[derive(Clone)]
pub(crate) struct Published {
    pub(crate) definition: Arc<Definition>,
    /// Of the bytes of the published definition.
    pub(crate) hash: DefinitionHash,
    pub(crate) sentences: Arc<Sentences>,
}

/// What ends the sentences.
const END: u8 = 0;

impl Published {
    /// Reads the text of the data block; `None` if it is not what this version of the widget
    /// was published with.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let bytes = read(text);
        let (hash, rest) = bytes.split_first_chunk()?;
        let end = rest.iter().position(|&byte| byte == END)?;
        let sentences = Sentences::read(std::str::from_utf8(&rest[..end]).ok()?)?;
        Some(Self {
            definition: Arc::new(Definition::from_compiled(&rest[end + 1..])?),
            hash: DefinitionHash(*hash),
            sentences: Arc::new(sentences),
        })
    }

    /// Reads a document; `None` if it holds no survey that this version of the widget reads.
    pub(crate) fn of_document(html: &str) -> Option<Self> {
        let (_, rest) = split_once(html, OPEN)?;
        Self::read(rest.split('<').next()?)
    }
}

/// Where the characters begin that stand for bytes which are no text: Syriac, Thaana and N'Ko, as
/// short as any and in the texts of hardly a survey.
const BYTES: u32 = 0x700;

/// The bytes that a text stands for.
fn read(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    for character in text.chars() {
        if is_byte(character) {
            bytes.push(character as u8);
        } else {
            bytes.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
        }
    }
    bytes
}

fn is_byte(character: char) -> bool {
    character as u32 & !0xff == BYTES
}

/// What the data block begins with.
const OPEN: &str = "<script type=\"text/plain\" id=\"definition\">";

/// What [`read`] reads.
#[cfg(any(feature = "ssr", all(test, not(target_arch = "wasm32"))))]
fn written(bytes: &[u8]) -> String {
    let mut text = String::new();
    let mut rest = bytes;
    while let Some(byte) = rest.first() {
        let of = |length| str::from_utf8(rest.get(..length)?).ok()?.chars().next();
        let (character, length) = match (1..=4).find_map(of) {
            // Not `<`, which could end the block, and not what parsers may change.
            Some(character @ (' '..='%' | '\''..=';' | '='..='~' | '\n' | '\u{a0}'..))
                if !is_byte(character) =>
            {
                (character, character.len_utf8())
            }
            _ => (char::from_u32(BYTES + u32::from(*byte)).unwrap_or_default(), 1),
        };
        text.push(character);
        rest = &rest[length..];
    }
    text
}

/// The data block for a definition in one language.
#[cfg(any(feature = "ssr", all(test, not(target_arch = "wasm32"))))]
pub(crate) fn data_block(
    definition: &Definition,
    hash: DefinitionHash,
    language: survey_core::LanguageIndex,
    sentences: &Sentences,
) -> String {
    let mut bytes = hash.0.to_vec();
    bytes.extend_from_slice(sentences.write().as_bytes());
    bytes.push(END);
    bytes.extend_from_slice(&definition.compile(language));
    format!("{OPEN}{}</script>", written(&bytes))
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;

    const EVERY_PAGE: &[u8] =
        include_bytes!("../crates/survey-core/tests/fixtures/every-page.json");

    #[test]
    fn a_document_gives_back_what_was_put_into_it() {
        let definition = Definition::parse(EVERY_PAGE).expect("the fixture is a definition");
        let hash = DefinitionHash(std::array::from_fn(|i| i as u8 * 8));
        let sentences = Sentences::english().expect("tested in `text`");
        let language = survey_core::LanguageIndex::default();
        let block = data_block(&definition, hash, language, &sentences);
        let html = format!("<!doctype html><p>5 &lt; 6</p>{block}</body>");

        let published = Published::of_document(&html).expect("it is there");
        assert_eq!(published.hash, hash);
        assert_eq!(published.definition.compile(language), definition.compile(language));
        assert_eq!(published.sentences.write(), sentences.write());
    }

    /// Whatever the bytes are, and whatever they look like.
    #[test]
    fn every_byte_comes_back_and_texts_stand_as_they_are() {
        let texts = ["Zażółć", "আপনার", "رأيك", "ܫܠܡܐ", "a<b&c\r\n\t\u{85}\u{feff}", "𞤀"];
        let mut bytes: Vec<u8> = (0..=255).chain((0..=255).rev()).collect();
        bytes.extend(texts.iter().flat_map(|text| text.bytes()));
        bytes.extend([0xc3, 0x28, 0xf0, 0x9f, 0x98]);
        let text = written(&bytes);
        assert_eq!(read(&text), bytes);
        for text_of_ours in &texts[..3] {
            assert!(text.contains(text_of_ours), "{text}");
        }
        assert!(!text.contains(['<', '&', '\0', '\r', '\t', '\u{85}']), "{text}");
    }

    #[test]
    fn something_else_is_no_survey() {
        for html in ["", "<p>Sign in to the network</p>", &format!("{OPEN}</script>"), OPEN] {
            assert!(Published::of_document(html).is_none(), "{html}");
        }
    }
}
