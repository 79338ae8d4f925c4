//! Which pages are asked: one walk from the first page to the last, never backwards.

use std::borrow::Cow;

use crate::{
    Choices, Code, Condition, Context, Definition, PageIndex,
    condition::Known,
    definition::Choice,
    reply::{Answer, GateChoice, Reply},
};

/// A page that is asked, with the reply that counts.
pub(crate) struct Step<'r> {
    pub(crate) page: PageIndex,
    /// `None`: not reached yet, or what was chosen is no longer offered, so it is asked anew.
    /// Borrowed unless some of the options chosen are no longer offered.
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
    reply: &dyn Fn(PageIndex) -> Option<&'r Reply>,
) -> Vec<Step<'r>> {
    let mut steps: Vec<Step<'r>> = Vec::with_capacity(definition.pages.len());
    for page in definition.page_indices() {
        let counting = |page: PageIndex| counted(&steps, page);
        let holds = |condition: &Option<Condition>| {
            condition.as_ref().is_none_or(|condition| condition.holds(&counting, context))
        };
        if !holds(&definition.page(page).ask_if) {
            continue;
        }
        let reply = match conditional_choices(definition, page) {
            None => reply(page).map(Cow::Borrowed),
            Some(choices) => {
                if !choices.all.iter().any(|choice| holds(&choice.condition)) {
                    continue;
                }
                let offered =
                    |code| choices.find(code).is_some_and(|choice| holds(&choice.condition));
                reply(page).and_then(|reply| prune(reply, offered))
            }
        };
        let finish = reply.as_deref().is_some_and(is_finish);
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

/// Whether each page was not reached (`true`) rather than not asked (`false`); pages with a reply
/// are of no interest here.
///
/// A page counts as not reached as well if a page that was not reached decides whether it is
/// asked: to say that routing left it out would claim to know what the person had answered there.
pub(crate) fn not_reached<'r>(
    definition: &Definition,
    context: &Context,
    reply: &dyn Fn(PageIndex) -> Option<&'r Reply>,
) -> Vec<bool> {
    let mut open: Vec<bool> = Vec::with_capacity(definition.pages.len());
    for page in definition.page_indices() {
        let known = |page: PageIndex| match reply(page) {
            None if open[page.get()] => Known::Open,
            reply => reply.and_then(Reply::answer).into(),
        };
        let possible = |condition: &Option<Condition>| {
            condition.as_ref().is_none_or(|c| c.truth(&known, context) != Some(false))
        };
        let asked = possible(&definition.page(page).ask_if)
            && conditional_choices(definition, page)
                .is_none_or(|choices| choices.all.iter().any(|c| possible(&c.condition)));
        open.push(asked);
        if reply(page).is_some_and(is_finish) {
            break;
        }
    }
    open.resize(definition.pages.len(), false);
    open
}

/// The options of `page`, if not everybody is offered the same.
fn conditional_choices(definition: &Definition, page: PageIndex) -> Option<&Choices> {
    definition.page(page).question().and_then(|q| q.kind.choices()).filter(|c| c.conditional)
}

fn is_finish(reply: &Reply) -> bool {
    matches!(reply, Reply::Given(Answer::Gate(GateChoice::Finish)))
}

/// The answer that counts on `page`.
fn counted<'s>(steps: &'s [Step<'_>], page: PageIndex) -> Option<&'s Answer> {
    let step = steps.binary_search_by_key(&page, |step| step.page).ok()?;
    steps[step].reply.as_deref().and_then(Reply::answer)
}

/// `reply` without options that are not offered; `None` if it was all of them.
fn prune(reply: &Reply, offered: impl Fn(Code) -> bool) -> Option<Cow<'_, Reply>> {
    match reply {
        Reply::Given(Answer::Code(code)) if !offered(*code) => None,
        Reply::Given(Answer::Codes(codes)) if !codes.iter().all(|code| offered(*code)) => {
            let left: Vec<Code> = codes.iter().copied().filter(|code| offered(*code)).collect();
            (!left.is_empty()).then_some(Cow::Owned(Reply::Given(Answer::Codes(left))))
        }
        _ => Some(Cow::Borrowed(reply)),
    }
}
