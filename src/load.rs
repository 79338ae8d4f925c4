//! What a document holds of its survey: the definition, compiled for one language, the hash that
//! envelopes name it by, and the widget's own sentences in that language.
//!
//! In the document it is text, and not JSON or base64: each byte that HTML text can hold as it is
//! stands as it is, and every other byte is the character 256 further on. So texts stay texts,
//! which is what compresses.

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
        // The low eight bits of every character.
        let bytes: Vec<u8> = text.chars().map(|character| character as u8).collect();
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

/// What the data block begins with.
const OPEN: &str = "<script type=\"text/plain\" id=\"definition\">";

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
    let character = |byte: &u8| match *byte {
        // Not `<`, which could end the block, and not what parsers may change.
        b' '..=b'~' if !matches!(byte, b'<' | b'&') => char::from(*byte),
        b'\n' => '\n',
        byte => char::from_u32(256 + u32::from(byte)).unwrap_or_default(),
    };
    let text: String = bytes.iter().map(character).collect();
    format!("{OPEN}{text}</script>")
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

    #[test]
    fn something_else_is_no_survey() {
        for html in ["", "<p>Sign in to the network</p>", &format!("{OPEN}</script>"), OPEN] {
            assert!(Published::of_document(html).is_none(), "{html}");
        }
    }
}
