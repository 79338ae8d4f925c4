//! How long the plaintext of a response can get.

use crate::{Definition, Language, PageKind, QuestionKind};

/// Bytes that no response to `definition` exceeds.
///
/// From this the size class of the envelope follows, so that the length of what is sent says
/// nothing about what was said.
pub(crate) fn longest(definition: &Definition) -> usize {
    let language =
        definition.languages.iter().map(|l: &Language| l.as_str().len()).max().unwrap_or(0);
    let context: usize = definition
        .context
        .iter()
        .map(|(name, values)| name.len() + values.iter().map(|v| v.len()).max().unwrap_or(0) + 6)
        .sum();
    let answers: usize = definition
        .pages
        .iter()
        .map(|page| page.key.as_str().len() + 4 + longest_value(&page.kind))
        .sum();
    let frame = r#"{"v":1,"rid":"","rev":65535,"final":false,"lang":"","context":{},"answers":{}}"#;
    frame.len() + 32 + language + context + answers
}

fn longest_value(kind: &PageKind) -> usize {
    let missing = r#"{"missing":"dont_know"}"#.len();
    let given = match kind {
        PageKind::Statement(_) => return 0,
        PageKind::Gate(_) => r#""finish""#.len(),
        PageKind::Question(question) => match &question.kind {
            QuestionKind::Multiple(choices) => 2 + 3 * choices.all.len(),
            // A character takes at most four bytes of UTF-8; those that JSON escapes (quote,
            // backslash, line feed) take two. Other control characters do not pass.
            QuestionKind::Text { max_length } | QuestionKind::LongText { max_length } => {
                2 + 4 * usize::from(*max_length)
            }
            QuestionKind::Month { .. } => r#""2025-03""#.len(),
            QuestionKind::Single(_)
            | QuestionKind::Scale(_)
            | QuestionKind::Select(_)
            | QuestionKind::Rating(_) => 2,
        },
    };
    given.max(missing)
}
