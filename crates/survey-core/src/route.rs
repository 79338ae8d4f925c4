//! Which pages are asked: one walk from the first page to the last, never backwards.

use std::borrow::Cow;

use crate::{
    Code, Context, Definition, PageIndex,
    definition::Choice,
    reply::{Answer, GateChoice, Reply},
};

/// A page that is asked, with the reply that counts.
pub(crate) struct Step<'r> {
    pub(crate) page: PageIndex,
    /// `None`: not reached yet. Borrowed unless options that are no longer offered were taken out.
    pub(crate) reply: Option<Cow<'r, Reply>>,
}

/// The pages that are asked, given the replies so far; nothing after a gate that was answered
/// with "finish".
///
/// An answer only counts while its page is asked and its option is offered, so going back and
/// changing an earlier answer takes away what followed from the old one.
pub(crate) fn walk<'r>(
    definition: &Definition,
    context: &Context,
    reply: impl Fn(PageIndex) -> Option<&'r Reply>,
) -> Vec<Step<'r>> {
    let mut steps: Vec<Step<'r>> = Vec::with_capacity(definition.pages.len());
    for page in definition.page_indices() {
        let counting = |page: PageIndex| counted(&steps, page);
        let asked =
            definition.page(page).ask_if.as_ref().is_none_or(|c| c.holds(&counting, context));
        if !asked {
            continue;
        }
        let offered: Option<Vec<&Choice>> =
            definition.page(page).question().and_then(|q| q.kind.choices()).map(|choices| {
                let offered = |choice: &&Choice| {
                    choice.condition.as_ref().is_none_or(|c| c.holds(&counting, context))
                };
                choices.all.iter().filter(offered).collect()
            });
        if offered.as_ref().is_some_and(Vec::is_empty) {
            continue;
        }
        let reply = reply(page).map(|reply| match &offered {
            Some(offered) => prune(reply, |code| offered.iter().any(|choice| choice.code == code)),
            None => Cow::Borrowed(reply),
        });
        let finish =
            matches!(reply.as_deref(), Some(Reply::Given(Answer::Gate(GateChoice::Finish))));
        steps.push(Step { page, reply });
        if finish {
            break;
        }
    }
    steps
}

/// The options of `page` that are offered after `steps`.
pub(crate) fn offered<'d>(
    definition: &'d Definition,
    context: &Context,
    steps: &[Step<'_>],
    page: PageIndex,
) -> Vec<&'d Choice> {
    let Some(choices) = definition.page(page).question().and_then(|q| q.kind.choices()) else {
        return Vec::new();
    };
    let counting = |page: PageIndex| counted(steps, page);
    choices
        .all
        .iter()
        .filter(|c| c.condition.as_ref().is_none_or(|c| c.holds(&counting, context)))
        .collect()
}

/// The answer that counts on `page`.
fn counted<'s>(steps: &'s [Step<'_>], page: PageIndex) -> Option<&'s Answer> {
    let step = steps.binary_search_by_key(&page, |step| step.page).ok()?;
    steps[step].reply.as_deref().and_then(Reply::answer)
}

/// `reply` without options that are not offered.
fn prune(reply: &Reply, offered: impl Fn(Code) -> bool) -> Cow<'_, Reply> {
    match reply {
        Reply::Given(Answer::Code(code)) if !offered(*code) => Cow::Owned(Reply::Skipped),
        Reply::Given(Answer::Codes(codes)) if !codes.iter().all(|code| offered(*code)) => {
            let left: Vec<Code> = codes.iter().copied().filter(|code| offered(*code)).collect();
            Cow::Owned(if left.is_empty() {
                Reply::Skipped
            } else {
                Reply::Given(Answer::Codes(left))
            })
        }
        _ => Cow::Borrowed(reply),
    }
}
