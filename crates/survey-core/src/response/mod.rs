//! What a person said to a survey: made from a session, written as the plaintext that is sealed,
//! read and validated again after it was opened.

mod carry;
mod json;
#[cfg(feature = "authoring")]
mod length;
#[cfg(feature = "authoring")]
mod read;
#[cfg(all(test, feature = "authoring"))]
mod tests;
mod write;

use std::fmt;

use crate::{
    Context, Definition, LanguageIndex, PageIndex, PageKind,
    reply::{Answer, MissingValue, Reply},
    route,
};

#[cfg(feature = "authoring")]
pub(crate) use length::longest;

/// Names a response across its envelopes: 16 random bytes, written as 32 hexadecimal digits.
///
/// It lives inside the plaintext only, so whoever stores envelopes cannot link two of them.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ResponseId(pub [u8; 16]);

impl ResponseId {
    /// Reads 32 lower-case hexadecimal digits.
    #[cfg(feature = "authoring")]
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

impl<'a> From<&'a Reply> for Value<'a> {
    fn from(reply: &'a Reply) -> Self {
        reply.said().map_or_else(Self::Missing, Self::Given)
    }
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
    ///
    /// For every page of a response use [`Response::values`], which routes only once.
    #[must_use]
    pub fn value(&self, definition: &Definition, page: PageIndex) -> Value<'_> {
        match self.reply(page) {
            Some(reply) => Value::from(reply),
            None => self.values(definition)[page.get()],
        }
    }

    /// What the response holds for every page, in their order. `definition` is the one it was
    /// made with. Statements are never answered: shown or not, they are [`MissingValue::NotAsked`].
    ///
    /// A page without a reply is [`MissingValue::NotAsked`] if the answers that are there leave it
    /// out, and [`MissingValue::NotReached`] if the person stopped before it or before the page
    /// that decides whether it is asked.
    #[must_use]
    pub fn values(&self, definition: &Definition) -> Vec<Value<'_>> {
        let not_reached = route::not_reached(definition, &self.context, &|page| self.reply(page));
        let mut replies = self.replies.iter().peekable();
        let values = definition.page_indices().zip(not_reached).map(|(page, not_reached)| {
            let statement = matches!(definition.page(page).kind, PageKind::Statement(_));
            match replies.next_if(|(replied, _)| *replied == page) {
                Some((_, reply)) => Value::from(reply),
                None if not_reached && !statement => Value::Missing(MissingValue::NotReached),
                None => Value::Missing(MissingValue::NotAsked),
            }
        });
        values.collect()
    }

    fn reply(&self, page: PageIndex) -> Option<&Reply> {
        let place = self.replies.binary_search_by_key(&page, |(page, _)| *page).ok()?;
        Some(&self.replies[place].1)
    }
}

/// Why an opened plaintext is not a response to its survey. Holds keys of the definition, never
/// anything of the plaintext.
#[cfg(feature = "authoring")]
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

#[cfg(feature = "authoring")]
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

#[cfg(feature = "authoring")]
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

#[cfg(feature = "authoring")]
impl std::error::Error for Invalid {}
