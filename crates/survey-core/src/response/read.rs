//! From the plaintext back to a response: the same rules as in the browser, applied once more.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, SeqAccess, Visitor, value::MapAccessDeserializer},
};
use zeroize::Zeroizing;

use super::{Invalid, Response, ResponseId};
use crate::{
    Code, Definition, Month, Page, PageKind, QuestionKind,
    raw::Pairs,
    reply::{self, Answer, Entry, GateChoice, Reply},
};

impl Response {
    /// Reads a plaintext and validates it against the definition it was made with: the same rules
    /// as in the browser, applied once more, because a sealed response may come from anybody.
    ///
    /// # Errors
    ///
    /// [`Invalid`] says which rule is broken and at which question; never what was answered.
    pub fn parse(definition: &Definition, json: &[u8]) -> Result<Self, Invalid> {
        let Head { v } = serde_json::from_slice(json).map_err(|_| Invalid::Malformed)?;
        if v != 1 {
            return Err(Invalid::Version);
        }
        let raw: RawResponse = serde_json::from_slice(json).map_err(|_| Invalid::Malformed)?;
        let id = ResponseId::parse(&raw.rid).ok_or(Invalid::Malformed)?;
        let language = definition.find_exact_language(&raw.lang).ok_or(Invalid::Language)?;
        let Pairs(pairs) = raw.context;
        let context = definition.accept_context(pairs.iter().map(|(n, v)| (&**n, &**v)));
        if context.0.iter().flatten().count() != pairs.len() {
            return Err(Invalid::Context);
        }
        let Pairs(answers) = raw.answers;
        let mut replies = Vec::with_capacity(answers.len());
        for (key, value) in answers {
            let page = definition.find(&key).ok_or(Invalid::UnknownQuestion)?;
            let reply = read(definition.page(page), value);
            replies.push((page, reply.ok_or_else(|| Invalid::answer(definition, page))?));
        }
        replies.sort_unstable_by_key(|(page, _)| *page);
        if replies.array_windows().any(|[(page, _), (next, _)]| page == next) {
            return Err(Invalid::Malformed);
        }
        let response = Self::new(id, raw.rev, raw.is_final, language, context, replies);
        match response.not_asked(definition) {
            Some(page) => Err(Invalid::NotAsked { key: definition.page(page).key.to_string() }),
            None => Ok(response),
        }
    }
}

/// What every version has; the members of another are not for this one to judge.
#[derive(Deserialize)]
struct Head {
    v: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawResponse {
    #[serde(rename = "v")]
    _v: u32,
    rid: String,
    rev: u16,
    #[serde(rename = "final")]
    is_final: bool,
    lang: String,
    context: Pairs<String>,
    answers: Pairs<RawAnswer>,
}

/// An answer as it is written; whether it fits is for its question to say.
enum RawAnswer {
    Number(u64),
    Text(Zeroizing<String>),
    Several(Vec<RawAnswer>),
    Object(Vec<(String, RawAnswer)>),
    /// Something that no answer is written as.
    Other,
}

impl<'de> Deserialize<'de> for RawAnswer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct AnswerVisitor;
        impl<'de> Visitor<'de> for AnswerVisitor {
            type Value = RawAnswer;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an answer")
            }

            fn visit_bool<E>(self, _: bool) -> Result<RawAnswer, E> {
                Ok(RawAnswer::Other)
            }

            fn visit_i64<E>(self, _: i64) -> Result<RawAnswer, E> {
                Ok(RawAnswer::Other)
            }

            fn visit_u64<E>(self, number: u64) -> Result<RawAnswer, E> {
                Ok(RawAnswer::Number(number))
            }

            fn visit_f64<E>(self, _: f64) -> Result<RawAnswer, E> {
                Ok(RawAnswer::Other)
            }

            fn visit_str<E>(self, text: &str) -> Result<RawAnswer, E> {
                Ok(RawAnswer::Text(Zeroizing::new(text.to_owned())))
            }

            fn visit_unit<E>(self) -> Result<RawAnswer, E> {
                Ok(RawAnswer::Other)
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<RawAnswer, A::Error> {
                let mut several = Vec::new();
                while let Some(one) = seq.next_element()? {
                    several.push(one);
                }
                Ok(RawAnswer::Several(several))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<RawAnswer, A::Error> {
                let Pairs(pairs) = Pairs::deserialize(MapAccessDeserializer::new(map))?;
                Ok(RawAnswer::Object(pairs))
            }
        }
        deserializer.deserialize_any(AnswerVisitor)
    }
}

impl RawAnswer {
    fn code(&self) -> Option<Code> {
        match self {
            Self::Number(number) => Code::new(i64::try_from(*number).ok()?),
            _ => None,
        }
    }
}

/// Reads what is written for `page`; `None` if it does not fit.
fn read(page: &Page, raw: RawAnswer) -> Option<Reply> {
    let entry = match (&page.kind, raw) {
        (PageKind::Statement(_), _) => return None,
        (_, RawAnswer::Object(members)) => match members.as_slice() {
            [(name, RawAnswer::Text(missing))] if name == "missing" => match missing.as_str() {
                "skipped" => return Some(Reply::Skipped),
                "declined" => Entry::Declined,
                "dont_know" => Entry::DontKnow,
                _ => return None,
            },
            _ => return None,
        },
        (PageKind::Gate(_), RawAnswer::Text(choice)) => {
            let choices = [GateChoice::GoOn, GateChoice::Finish];
            Entry::Gate(choices.into_iter().find(|c| c.name() == choice.as_str())?)
        }
        (PageKind::Gate(_), _) => return None,
        (PageKind::Question(question), raw) => match (&question.kind, raw) {
            (QuestionKind::Rating(_), RawAnswer::Number(number)) => {
                Entry::Number(u8::try_from(number).ok()?)
            }
            (_, code @ RawAnswer::Number(_)) => Entry::Code(code.code()?),
            (_, RawAnswer::Several(codes)) => {
                Entry::Codes(codes.iter().map(RawAnswer::code).collect::<Option<_>>()?)
            }
            (QuestionKind::Month { .. }, RawAnswer::Text(month)) => {
                let month = Month::parse(&month)?;
                Entry::Month { month: month.month().to_string(), year: month.year().to_string() }
            }
            (_, RawAnswer::Text(text)) => Entry::Text(text),
            _ => return None,
        },
    };
    let reply = reply::read(page, &entry).ok()?;
    // One form a response: what reads as "skipped" (an empty text, an empty list) or reads
    // differently than it is written (spaces around, codes out of order) was not made by us.
    let same = match (&reply, &entry) {
        (Reply::Given(Answer::Text(read)), Entry::Text(written)) => read == written,
        (Reply::Given(Answer::Codes(read)), Entry::Codes(written)) => read == written,
        (Reply::Skipped, _) => false,
        _ => true,
    };
    same.then_some(reply)
}
