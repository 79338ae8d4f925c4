//! What a person said to a survey: made from a session, written as the plaintext that is sealed,
//! read and validated again after it was opened.

use std::{collections::BTreeMap, fmt};

use serde::{Deserialize, Serialize, Serializer, ser::SerializeMap};
use serde_json::Value as Json;
use zeroize::Zeroizing;

use crate::{
    Code, Context, Definition, Language, LanguageIndex, Month, PageIndex, PageKind, QuestionKind,
    reply::{self, Answer, Entry, GateChoice, MissingValue, Reply},
    route,
};

/// Names a response across its envelopes: 16 random bytes, written as 32 hexadecimal digits.
///
/// It lives inside the plaintext only, so whoever stores envelopes cannot link two of them.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ResponseId(pub [u8; 16]);

impl ResponseId {
    /// Reads 32 lower-case hexadecimal digits.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digit = |b: u8| match b {
            b'0'..=b'9' => Some(b - b'0'),
            b'a'..=b'f' => Some(b - b'a' + 10),
            _ => None,
        };
        let mut id = [0; 16];
        let (pairs, rest) = text.as_bytes().as_chunks::<2>();
        if pairs.len() != id.len() || !rest.is_empty() {
            return None;
        }
        for (byte, [high, low]) in id.iter_mut().zip(pairs) {
            *byte = digit(*high)? << 4 | digit(*low)?;
        }
        Some(Self(id))
    }
}

impl fmt::Display for ResponseId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for ResponseId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ResponseId(_)")
    }
}

/// What a person said: routed and validated, whichever way it came to be.
#[derive(Clone, PartialEq, Eq)]
pub struct Response {
    id: ResponseId,
    revision: u16,
    is_final: bool,
    language: LanguageIndex,
    context: Context,
    /// Ascending by page; no statements.
    replies: Vec<(PageIndex, Reply)>,
}

/// By hand, so that no log or panic message can hold an answer.
impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Response(_)")
    }
}

/// What a response holds for one page.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Value<'a> {
    /// An answer.
    Given(&'a Answer),
    /// None, and why.
    Missing(MissingValue),
}

/// By hand, so that no log or panic message can hold an answer.
impl fmt::Debug for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Value(_)")
    }
}

impl Response {
    pub(crate) fn new(
        id: ResponseId,
        revision: u16,
        is_final: bool,
        language: LanguageIndex,
        context: Context,
        replies: Vec<(PageIndex, Reply)>,
    ) -> Self {
        Self { id, revision, is_final, language, context, replies }
    }

    /// Names the response across its envelopes.
    #[must_use]
    pub fn id(&self) -> ResponseId {
        self.id
    }

    /// Number of the save, from 0; the highest counts.
    #[must_use]
    pub fn revision(&self) -> u16 {
        self.revision
    }

    /// Whether the person was done.
    #[must_use]
    pub fn is_final(&self) -> bool {
        self.is_final
    }

    /// The language in which it was answered.
    #[must_use]
    pub fn language(&self) -> LanguageIndex {
        self.language
    }

    /// Where it was answered, as far as the definition allows it to be known.
    #[must_use]
    pub fn context(&self) -> &Context {
        &self.context
    }

    /// What the response holds for `page`. `definition` is the one it was made with.
    #[must_use]
    pub fn value(&self, definition: &Definition, page: PageIndex) -> Value<'_> {
        match self.reply(page) {
            Some(Reply::Given(answer)) => Value::Given(answer),
            Some(Reply::Declined) => Value::Missing(MissingValue::Declined),
            Some(Reply::DontKnow) => Value::Missing(MissingValue::DontKnow),
            Some(Reply::Skipped) => Value::Missing(MissingValue::Skipped),
            None => {
                let steps = route::walk(definition, &self.context, |page| self.reply(page));
                let asked = steps.iter().any(|step| step.page == page);
                Value::Missing(if asked {
                    MissingValue::NotReached
                } else {
                    MissingValue::NotAsked
                })
            }
        }
    }

    fn reply(&self, page: PageIndex) -> Option<&Reply> {
        let place = self.replies.binary_search_by_key(&page, |(page, _)| *page).ok()?;
        Some(&self.replies[place].1)
    }

    /// The plaintext that is sealed: JSON, at most [`crate::MAX_PLAINTEXT`] bytes.
    #[must_use]
    pub fn to_json(&self, definition: &Definition) -> Zeroizing<Vec<u8>> {
        let plain = Plain { response: self, definition };
        // Cannot fail: every key is a string and nothing in it refuses to be written.
        Zeroizing::new(serde_json::to_vec(&plain).unwrap_or_default())
    }

    /// Reads a plaintext and validates it against the definition it was made with: the same rules
    /// as in the browser, applied once more, because a sealed response may come from anybody.
    ///
    /// # Errors
    ///
    /// [`Invalid`] says which rule is broken and at which question; never what was answered.
    pub fn parse(definition: &Definition, json: &[u8]) -> Result<Self, Invalid> {
        let raw: RawResponse = serde_json::from_slice(json).map_err(|_| Invalid::Malformed)?;
        if raw.v != 1 {
            return Err(Invalid::Version);
        }
        let id = ResponseId::parse(&raw.rid).ok_or(Invalid::Malformed)?;
        let known = definition.languages.iter().position(|l| l.as_str() == raw.lang);
        let language =
            known.and_then(|i| u8::try_from(i).ok()).map(LanguageIndex).ok_or(Invalid::Language)?;
        let context = definition.accept_context(raw.context.iter().map(|(n, v)| (&**n, &**v)));
        if context.0.iter().flatten().count() != raw.context.len() {
            return Err(Invalid::Context);
        }
        let mut replies = Vec::with_capacity(raw.answers.len());
        for (key, value) in &raw.answers {
            let page = definition.find(key).ok_or(Invalid::UnknownQuestion)?;
            let reply =
                read(definition, page, value).ok_or_else(|| Invalid::answer(definition, page))?;
            replies.push((page, reply));
        }
        replies.sort_unstable_by_key(|(page, _)| *page);
        let response = Self::new(id, raw.rev, raw.is_final, language, context, replies);
        response.check_route(definition)?;
        Ok(response)
    }

    /// Refuses answers to pages that were not asked and options that were not offered.
    fn check_route(&self, definition: &Definition) -> Result<(), Invalid> {
        let steps = route::walk(definition, &self.context, |page| self.reply(page));
        let counts = |(page, reply): &&(PageIndex, Reply)| {
            let step = steps.binary_search_by_key(page, |step| step.page).ok();
            step.and_then(|step| steps[step].reply.as_deref()) == Some(reply)
        };
        match self.replies.iter().find(|reply| !counts(reply)) {
            Some((page, _)) => {
                Err(Invalid::NotAsked { key: definition.page(*page).key.to_string() })
            }
            None => Ok(()),
        }
    }
}

/// Why an opened plaintext is not a response to its survey. Holds keys of the definition, never
/// anything of the plaintext.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Invalid {
    /// Not JSON of the form that responses have.
    Malformed,
    /// A version of that form which this program does not read.
    Version,
    /// A language that the survey is not in.
    Language,
    /// A context that the survey does not declare.
    Context,
    /// An answer to something that the survey does not ask.
    UnknownQuestion,
    /// An answer that does not fit its question.
    Answer {
        /// Key of the question.
        key: String,
    },
    /// An answer to a question that was not asked, or an option that was not offered.
    NotAsked {
        /// Key of the question.
        key: String,
    },
}

impl Invalid {
    fn answer(definition: &Definition, page: PageIndex) -> Self {
        Self::Answer { key: definition.page(page).key.to_string() }
    }

    /// A short name for tables.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::Version => "unknown-version",
            Self::Language => "unknown-language",
            Self::Context => "undeclared-context",
            Self::UnknownQuestion => "unknown-question",
            Self::Answer { .. } => "answer-does-not-fit",
            Self::NotAsked { .. } => "answer-to-question-not-asked",
        }
    }
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed => f.write_str("the plaintext is not a response in JSON"),
            Self::Version => f.write_str(
                "the response has a version that this program does not read; use a newer one",
            ),
            Self::Language => {
                f.write_str("the response is in a language that the survey does not have")
            }
            Self::Context => {
                f.write_str("the response names a context that the survey does not declare")
            }
            Self::UnknownQuestion => {
                f.write_str("the response answers something that the survey does not ask")
            }
            Self::Answer { key } => write!(f, "the answer to `{key}` does not fit the question"),
            Self::NotAsked { key } => {
                write!(f, "`{key}` is answered but was not asked, given the other answers")
            }
        }
    }
}

impl std::error::Error for Invalid {}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawResponse {
    v: u32,
    rid: String,
    rev: u16,
    #[serde(rename = "final")]
    is_final: bool,
    lang: String,
    context: BTreeMap<String, String>,
    answers: BTreeMap<String, Json>,
}

/// Reads what was answered on `page`; `None` if it does not fit.
fn read(definition: &Definition, page: PageIndex, value: &Json) -> Option<Reply> {
    let page = definition.page(page);
    let entry = match (&page.kind, value) {
        (PageKind::Statement(_), _) => return None,
        (_, Json::Object(object)) => {
            let missing = object.get("missing").filter(|_| object.len() == 1)?.as_str()?;
            return match missing {
                "skipped" => Some(Reply::Skipped),
                "declined" => reply::read(page, &Entry::Declined, |_| true).ok(),
                "dont_know" => reply::read(page, &Entry::DontKnow, |_| true).ok(),
                _ => None,
            };
        }
        (PageKind::Gate(_), Json::String(choice)) => Entry::Gate(match choice.as_str() {
            "go_on" => GateChoice::GoOn,
            "finish" => GateChoice::Finish,
            _ => return None,
        }),
        (PageKind::Gate(_), _) => return None,
        (PageKind::Question(question), value) => match (&question.kind, value) {
            (QuestionKind::Rating(_), Json::Number(n)) => {
                Entry::Number(u8::try_from(n.as_u64()?).ok()?)
            }
            (_, Json::Number(n)) => Entry::Code(Code::new(n.as_i64()?)?),
            (_, Json::Array(codes)) => {
                let codes: Option<Vec<Code>> =
                    codes.iter().map(|c| Code::new(c.as_i64()?)).collect();
                Entry::Codes(codes?)
            }
            (QuestionKind::Month { .. }, Json::String(month)) => {
                let month = Month::parse(month)?;
                Entry::Month { month: month.month().to_string(), year: month.year().to_string() }
            }
            (_, Json::String(text)) => Entry::Text(Zeroizing::new(text.clone())),
            _ => return None,
        },
    };
    let reply = reply::read(page, &entry, |_| true).ok()?;
    // One form a response: what reads as "skipped" (an empty text, an empty list) or reads
    // differently than it is written (spaces around, codes out of order) was not made by us.
    let same = match (&reply, &entry) {
        (Reply::Given(Answer::Text(read)), Entry::Text(written)) => read == written,
        (Reply::Given(Answer::Codes(read)), Entry::Codes(written)) => read == written,
        (Reply::Given(_), _) => true,
        _ => false,
    };
    same.then_some(reply)
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

impl Definition {
    /// Bytes that no response to this survey exceeds; the size class of its envelopes follows.
    #[must_use]
    pub fn longest_response(&self) -> usize {
        longest(self)
    }
}
