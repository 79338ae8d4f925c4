//! From a response to its plaintext, and how long that can get.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer, ser::SerializeMap};
use zeroize::Zeroizing;

use super::Response;
use crate::{
    Definition, Language, PageKind, QuestionKind,
    reply::{Answer, GateChoice, MissingValue, Reply},
};

impl Response {
    /// The plaintext that is sealed: JSON, at most [`crate::MAX_PLAINTEXT`] bytes.
    #[must_use]
    pub fn to_json(&self, definition: &Definition) -> Zeroizing<Vec<u8>> {
        // All the room at once: a buffer that grows leaves copies of what was said behind.
        let mut json = Zeroizing::new(Vec::with_capacity(definition.longest_response()));
        // Cannot fail: every key is a string, nothing in it refuses to be written, and a vector
        // takes whatever is written.
        serde_json::to_writer(&mut *json, &Plain { response: self, definition })
            .expect("a response can be written");
        json
    }
}

impl Definition {
    /// Bytes that no response to this survey exceeds; the size class of its envelopes follows.
    #[must_use]
    pub fn longest_response(&self) -> usize {
        longest(self)
    }
}

/// Writes a response in the order of its pages.
struct Plain<'a> {
    response: &'a Response,
    definition: &'a Definition,
}

impl Serialize for Plain<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { response, definition } = self;
        let mut map = serializer.serialize_map(Some(7))?;
        map.serialize_entry("v", &1)?;
        map.serialize_entry("rid", &response.id.to_string())?;
        map.serialize_entry("rev", &response.revision)?;
        map.serialize_entry("final", &response.is_final)?;
        map.serialize_entry("lang", definition.language(response.language).as_str())?;
        let context: BTreeMap<&str, &str> = definition.context_pairs(&response.context).collect();
        map.serialize_entry("context", &context)?;
        map.serialize_entry("answers", &PlainAnswers(self))?;
        map.end()
    }
}

struct PlainAnswers<'a>(&'a Plain<'a>);

impl Serialize for PlainAnswers<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Plain { response, definition } = self.0;
        let mut map = serializer.serialize_map(Some(response.replies.len()))?;
        for (page, reply) in &response.replies {
            map.serialize_entry(definition.page(*page).key.as_str(), &PlainReply(reply))?;
        }
        map.end()
    }
}

struct PlainReply<'a>(&'a Reply);

impl Serialize for PlainReply<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let missing = |value: MissingValue, serializer: S| {
            let mut map = serializer.serialize_map(Some(1))?;
            map.serialize_entry("missing", value.name())?;
            map.end()
        };
        match self.0 {
            Reply::Skipped => missing(MissingValue::Skipped, serializer),
            Reply::Declined => missing(MissingValue::Declined, serializer),
            Reply::DontKnow => missing(MissingValue::DontKnow, serializer),
            Reply::Given(Answer::Code(code)) => serializer.serialize_u8(code.get()),
            Reply::Given(Answer::Codes(codes)) => {
                serializer.collect_seq(codes.iter().map(|c| c.get()))
            }
            Reply::Given(Answer::Number(number)) => serializer.serialize_u8(*number),
            Reply::Given(Answer::Text(text)) => serializer.serialize_str(text),
            Reply::Given(Answer::Month(month)) => serializer.collect_str(month),
            Reply::Given(Answer::Gate(choice)) => serializer.serialize_str(match choice {
                GateChoice::GoOn => "go_on",
                GateChoice::Finish => "finish",
            }),
        }
    }
}

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
