//! A response to one definition of a survey as one to the next.

use std::borrow::Cow;

use super::Response;
use crate::{
    Code, Definition, Page, PageIndex, PageKind, QuestionKind,
    reply::{self, Answer, Reply},
    route,
};

impl Response {
    /// The first page that is answered though it was not asked, or whose answer names an option
    /// that was not offered.
    pub(super) fn not_asked(&self, definition: &Definition) -> Option<PageIndex> {
        let steps = route::walk(definition, &self.context, &|page| self.reply(page));
        let counts = |(page, reply): &&(PageIndex, Reply)| {
            let step = steps.binary_search_by_key(page, |step| step.page).ok();
            step.and_then(|step| steps[step].reply.as_deref()) == Some(reply)
        };
        self.replies.iter().find(|reply| !counts(reply)).map(|(page, _)| *page)
    }

    /// The same response as one to `new`, a later definition of the survey that it is a response
    /// to by `old`. Pages are found by their keys.
    ///
    /// `None` if it is no response to `new`: something that was answered is not asked any more, or
    /// of others only; an answer does not fit any more, or is to a question of another kind now;
    /// the language or the context is not there. What is carried over, [`Response::parse`] reads
    /// in the same way from the plaintext.
    #[must_use]
    pub fn carried_over(&self, old: &Definition, new: &Definition) -> Option<Self> {
        let mut carried = Self {
            id: self.id,
            revision: self.revision,
            is_final: self.is_final,
            language: new.find_exact_language(old.language(self.language).as_str())?,
            context: new.accept_context(old.context_pairs(&self.context)),
            replies: Vec::with_capacity(self.replies.len()),
        };
        let there = |definition: &Definition, response: &Self| {
            definition.context_pairs(&response.context).count()
        };
        // In the order of the new pages, so that the replies are too.
        for page in new.page_indices() {
            let before = old.find(new.page(page).key.as_str());
            if let Some(reply) = before.and_then(|before| self.reply(before)) {
                carried.replies.push((page, fit(new.page(page), reply)?));
            }
        }
        let complete = carried.replies.len() == self.replies.len()
            && there(new, &carried) == there(old, self)
            && carried.not_asked(new).is_none();
        complete.then_some(carried)
    }
}

/// `reply` as one to `page`, which is another than it was to.
fn fit(page: &Page, reply: &Reply) -> Option<Reply> {
    // A point of a scale and a number of a rating are the same in a plaintext.
    let reply = match (&page.kind, reply) {
        (PageKind::Statement(_), _) => return None,
        (PageKind::Question(question), Reply::Given(answer)) => match (&question.kind, answer) {
            (QuestionKind::Rating(_), Answer::Code(code)) => {
                Cow::Owned(Reply::Given(Answer::Number(code.get())))
            }
            (QuestionKind::Rating(_), _) => Cow::Borrowed(reply),
            (_, Answer::Number(number)) => {
                Cow::Owned(Reply::Given(Answer::Code(Code::new((*number).into())?)))
            }
            _ => Cow::Borrowed(reply),
        },
        _ => Cow::Borrowed(reply),
    };
    reply::check(page, &reply).ok()?;
    Some(reply.into_owned())
}
