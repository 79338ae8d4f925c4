//! What makes a response one: answers that fit their questions, to nothing but what was asked. The
//! same rules for a plaintext that was opened and for a response that is carried over.

use zeroize::Zeroizing;

use super::Response;
use crate::{
    Code, Definition, Month, Page, PageIndex, PageKind, QuestionKind,
    reply::{self, Answer, Entry, GateChoice, MissingValue, Reply},
    route,
};

/// What stands for a page in a plaintext; whether it fits is for the page to say.
pub(super) enum Written {
    /// No answer, and why.
    Missing(MissingValue),
    Number(u8),
    Codes(Vec<Code>),
    Text(Zeroizing<String>),
}

impl From<&Reply> for Written {
    fn from(reply: &Reply) -> Self {
        match reply.said() {
            Err(missing) => Self::Missing(missing),
            Ok(Answer::Code(code)) => Self::Number(code.get()),
            Ok(Answer::Codes(codes)) => Self::Codes(codes.clone()),
            Ok(Answer::Number(number)) => Self::Number(*number),
            Ok(Answer::Text(text)) => Self::Text(text.clone()),
            Ok(Answer::Month(month)) => {
                let text = month.ascii().iter().map(|&byte| char::from(byte)).collect();
                Self::Text(Zeroizing::new(text))
            }
            Ok(Answer::Gate(choice)) => Self::Text(Zeroizing::new(choice.name().to_owned())),
        }
    }
}

/// Reads what is written for `page`; `None` if it does not fit.
pub(super) fn fit(page: &Page, written: Written) -> Option<Reply> {
    let entry = match (&page.kind, written) {
        (PageKind::Statement(_), _) => return None,
        (_, Written::Missing(missing)) => match missing {
            MissingValue::Declined => Entry::Declined,
            MissingValue::DontKnow => Entry::DontKnow,
            MissingValue::Skipped => return Some(Reply::Skipped),
            // Not said by anybody, so not in a response.
            MissingValue::NotAsked | MissingValue::NotReached => return None,
        },
        (PageKind::Gate(_), Written::Text(choice)) => {
            let choices = [GateChoice::GoOn, GateChoice::Finish];
            Entry::Gate(choices.into_iter().find(|c| c.name() == choice.as_str())?)
        }
        (PageKind::Gate(_), _) => return None,
        (PageKind::Question(question), Written::Number(number)) => match question.kind {
            QuestionKind::Rating(_) => Entry::Number(number),
            _ => Entry::Code(Code::new(number.into())?),
        },
        (PageKind::Question(_), Written::Codes(codes)) => Entry::Codes(codes),
        (PageKind::Question(question), Written::Text(text)) => match question.kind {
            QuestionKind::Month { from, to } => {
                let month = Month::parse(&text).filter(|month| (from..=to).contains(month))?;
                return Some(Reply::Given(Answer::Month(month)));
            }
            _ => Entry::Text(text),
        },
    };
    let reply = reply::read(page, &entry, |_| true).ok()?;
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

impl Response {
    /// The first page that is answered though it was not asked, or whose answer names an option
    /// that was not offered.
    pub(super) fn not_asked(&self, definition: &Definition) -> Option<PageIndex> {
        let steps = route::walk(definition, &self.context, |page| self.reply(page));
        let counts = |(page, reply): &&(PageIndex, Reply)| {
            let step = steps.binary_search_by_key(page, |step| step.page).ok();
            step.and_then(|step| steps[step].reply.as_deref()) == Some(reply)
        };
        self.replies.iter().find(|reply| !counts(reply)).map(|(page, _)| *page)
    }

    /// The same response as one to `new`, another definition of the survey that it is a response
    /// to by `old`: what [`Response::parse`] would make of its plaintext. Pages are found by their
    /// keys.
    ///
    /// `None` if it is no response to `new`: a page is gone or asked of others only, an answer
    /// does not fit any more, or the language or the context is not there.
    #[must_use]
    pub fn carried_over(&self, old: &Definition, new: &Definition) -> Option<Self> {
        let language = old.language(self.language);
        let language = new.find_exact_language(language.as_str())?;
        let context = new.accept_context(old.context_pairs(&self.context));
        if context.0.iter().flatten().count() != old.context_pairs(&self.context).count() {
            return None;
        }
        let mut replies = Vec::with_capacity(self.replies.len());
        // In the order of the new pages, so that the replies are too.
        for page in new.page_indices() {
            let shown = new.page(page);
            let before = old.find(shown.key.as_str()).and_then(|before| self.reply(before));
            if let Some(reply) = before {
                replies.push((page, fit(shown, Written::from(reply))?));
            }
        }
        let complete = replies.len() == self.replies.len();
        let carried = Self::new(self.id, self.revision, self.is_final, language, context, replies);
        (complete && carried.not_asked(new).is_none()).then_some(carried)
    }
}
