//! What a person entered so far, and which page comes next.

#[cfg(all(test, feature = "authoring"))]
mod tests;

use std::{borrow::Cow, sync::Arc};

use crate::{
    Code, Context, Definition, Language, LanguageIndex, Page, PageIndex, PageKind, SectionIndex,
    definition::Choice,
    reply::{self, Entry, GateChoice, Problem, Reply},
    response::{Response, ResponseId},
    route::{self, Step},
};

/// One person's way through a survey, in memory only.
///
/// Holds what stands in the controls ([`Entry`]) beside what it says ([`Reply`]), so that going
/// back and forth loses nothing, not even what is not valid yet. Routing follows the replies: it
/// changes when a page is left, never while somebody types.
///
/// At the check page every page that is asked has a reply, and what is listed there is what
/// [`Session::complete`] gives.
#[derive(Clone)]
pub struct Session {
    definition: Arc<Definition>,
    context: Context,
    language: LanguageIndex,
    /// What was entered on each page.
    entered: Vec<Entered>,
    position: Position,
    /// The page that was chosen to be changed, until the check page is reached: "Continue" then
    /// leads there by way of what is unanswered only, and "Back" from that page does too.
    changing: Option<PageIndex>,
}

/// What was entered on one page.
#[derive(Clone, Default)]
struct Entered {
    entry: Entry,
    /// `None`: the page was not reached, or what was left there is not an answer.
    reply: Option<Reply>,
}

/// Where a person is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Position {
    /// On a page.
    Page(PageIndex),
    /// At "check your answers".
    Check,
}

/// How far a person is within a part of the survey.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The part.
    pub section: SectionIndex,
    /// Which question of it this is, from 1.
    pub at: usize,
    /// How many there are, as far as the answers so far tell.
    pub of: usize,
}

impl Session {
    /// At the first page, with nothing entered.
    #[must_use]
    pub fn new(definition: Arc<Definition>) -> Self {
        let pages = definition.pages.len();
        let context = Context(vec![None; definition.context.len()]);
        let mut session = Self {
            context,
            language: definition.start_language(),
            entered: (0..pages).map(|_| Entered::default()).collect(),
            position: Position::Check,
            changing: None,
            definition,
        };
        session.go(session.after(None));
        session
    }

    /// The survey.
    #[must_use]
    pub fn definition(&self) -> &Arc<Definition> {
        &self.definition
    }

    /// Where the person is.
    #[must_use]
    pub fn position(&self) -> Position {
        self.position
    }

    /// The language chosen.
    #[must_use]
    pub fn language(&self) -> LanguageIndex {
        self.language
    }

    /// Changes the language; answers stay.
    pub fn set_language(&mut self, language: LanguageIndex) {
        self.language = language;
    }

    /// Goes on in the words of `definition`, which is the same one compiled for another language.
    /// Where the person is and everything entered stay. `false` if it is another definition; then
    /// nothing changes.
    pub fn reword(&mut self, definition: Arc<Definition>) -> bool {
        let present = &self.definition;
        let same = definition.id == present.id
            && definition.version == present.version
            && definition.pages.len() == present.pages.len()
            && definition.context.len() == present.context.len();
        if same {
            self.language = definition.start_language();
            self.definition = definition;
        }
        same
    }

    /// Sets what the page around the survey said of itself.
    ///
    /// Only while nothing was answered: a page must not change afterwards what was asked.
    pub fn set_context(&mut self, context: Context) {
        if self.entered.iter().all(|entered| entered.reply.is_none())
            && context.0.len() == self.definition.context.len()
        {
            self.context = context;
            self.go(self.after(None));
        }
    }

    /// What stands in the controls of `page`.
    #[must_use]
    pub fn entry(&self, page: PageIndex) -> &Entry {
        &self.entered[page.get()].entry
    }

    /// Takes what now stands in the controls of `page`; nothing is decided by it yet.
    pub fn enter(&mut self, page: PageIndex, entry: Entry) {
        self.entered[page.get()].entry = entry;
    }

    /// The options of `page` that are offered, given the answers so far.
    #[must_use]
    pub fn offered(&self, page: PageIndex) -> Vec<&Choice> {
        route::offered(&self.definition, &self.context, &self.walk(), page)
    }

    /// Leaves the present page forwards with what stands in its controls. Nothing there is fine:
    /// every question can be skipped.
    ///
    /// # Errors
    ///
    /// What stands there is not an answer; the person stays on the page and nothing is lost.
    pub fn advance(&mut self) -> Result<Position, Problem> {
        let Position::Page(page) = self.position else {
            return Ok(self.position);
        };
        let (entry, reply) = self.read(&self.walk(), page);
        let reply = reply?;
        self.entered[page.get()] = Entered { entry, reply: Some(reply) };
        self.go(self.after(Some(page)));
        Ok(self.position)
    }

    /// Clears the present page and leaves it forwards.
    pub fn skip(&mut self) -> Position {
        if let Position::Page(page) = self.position {
            self.entered[page.get()] =
                Entered { entry: Entry::Nothing, reply: Some(Reply::Skipped) };
            self.go(self.after(Some(page)));
        }
        self.position
    }

    /// Decides at the gate the person is at; does nothing anywhere else.
    pub fn decide(&mut self, choice: GateChoice) -> Position {
        if let Position::Page(page) = self.position
            && matches!(self.definition.page(page).kind, PageKind::Gate(_))
        {
            self.enter(page, Entry::Gate(choice));
            // Cannot fail: a gate takes either choice.
            let _ = self.advance();
        }
        self.position
    }

    /// Goes to the page before, and from a page that is changed to the check page if nothing is
    /// left to answer; `false` where there is neither. What stands in the controls stays and
    /// counts, unless it is not an answer.
    pub fn back(&mut self) -> bool {
        if let Position::Page(page) = self.position {
            self.keep(page);
        }
        let steps = self.walk();
        let before = match self.position {
            Position::Check => steps.last().map(|step| Position::Page(step.page)),
            Position::Page(page)
                if self.changing == Some(page) && steps.iter().all(|s| s.reply.is_some()) =>
            {
                Some(Position::Check)
            }
            Position::Page(page) => {
                let before = steps.iter().rev().find(|step| step.page < page);
                before.map(|step| Position::Page(step.page))
            }
        };
        if let Some(before) = before {
            self.go(before);
        }
        before.is_some()
    }

    /// Whether [`Session::back`] leads anywhere.
    #[must_use]
    pub fn can_go_back(&self) -> bool {
        let first = self.walk().first().map(|step| step.page);
        match self.position {
            Position::Check => first.is_some(),
            Position::Page(page) => {
                let nothing_left = || {
                    let kept = self.kept(page);
                    self.walk_with(page, kept.as_ref()).iter().all(|step| step.reply.is_some())
                };
                first.is_some_and(|first| first < page)
                    || (self.changing == Some(page) && nothing_left())
            }
        }
    }

    /// Goes to a page that is asked, to change the answer there; does nothing for any other page.
    /// Going forwards then leads to the pages that the change opened, and back to the check page.
    pub fn change(&mut self, page: PageIndex) {
        if let Position::Page(present) = self.position {
            self.keep(present);
        }
        if self.walk().iter().any(|step| step.page == page) {
            self.changing = Some(page);
            self.go(Position::Page(page));
        }
    }

    /// The pages that are asked, each with the reply that counts; the check page lists them.
    #[must_use]
    pub fn asked(&self) -> Vec<(PageIndex, Option<Cow<'_, Reply>>)> {
        self.walk().into_iter().map(|step| (step.page, step.reply)).collect()
    }

    /// Whether there is anything to send: an answer, or a refusal to give one.
    #[must_use]
    pub fn has_answers(&self) -> bool {
        self.walk().iter().any(|step| {
            let question = self.definition.page(step.page).question().is_some();
            question && step.reply.as_deref().is_some_and(|reply| *reply != Reply::Skipped)
        })
    }

    /// How far the person is within the part of the survey that `page` belongs to.
    #[must_use]
    pub fn progress(&self, page: PageIndex) -> Option<Progress> {
        let section = self.definition.page(page).section?;
        self.definition.page(page).question()?;
        let steps = self.walk();
        let questions = steps.iter().map(|step| step.page).filter(|&asked| {
            let asked = self.definition.page(asked);
            asked.section == Some(section) && asked.question().is_some()
        });
        let (mut at, mut of) = (0, 0);
        for question in questions {
            of += 1;
            at += usize::from(question <= page);
        }
        Some(Progress { section, at, of })
    }

    /// The response as it stands: routed, validated, without anything that routing made
    /// irrelevant. Pages that were not reached are not in it, so this serves "stop here and send
    /// what I have said" as well. What stands in the controls of the present page counts.
    ///
    /// # Errors
    ///
    /// The first page on which something stands that is not an answer; the person can be sent
    /// there with [`Session::change`]. Never at the check page.
    pub fn complete(
        &self,
        id: ResponseId,
        revision: u16,
    ) -> Result<Response, (PageIndex, Problem)> {
        let kept;
        let steps = match self.position {
            Position::Page(page) => {
                kept = self.kept(page);
                self.walk_with(page, kept.as_ref())
            }
            Position::Check => self.walk(),
        };
        for step in steps.iter().filter(|step| step.reply.is_none()) {
            self.read(&steps, step.page).1.map_err(|problem| (step.page, problem))?;
        }
        let replies = steps.into_iter().filter_map(|step| {
            let statement = matches!(self.definition.page(step.page).kind, PageKind::Statement(_));
            let reply = step.reply.filter(|_| !statement)?;
            Some((step.page, reply.into_owned()))
        });
        let replies = replies.collect();
        Ok(Response::new(id, revision, true, self.language, self.context.clone(), replies))
    }

    /// The language's tag.
    #[must_use]
    pub fn language_tag(&self) -> &Language {
        self.definition.language(self.language)
    }

    fn walk(&self) -> Vec<Step<'_>> {
        route::walk(&self.definition, &self.context, &|page| self.reply(page))
    }

    fn reply(&self, page: PageIndex) -> Option<&Reply> {
        self.entered[page.get()].reply.as_ref()
    }

    /// The pages that would be asked if `reply` were the one to `page`.
    fn walk_with<'r>(&'r self, page: PageIndex, reply: Option<&'r Reply>) -> Vec<Step<'r>> {
        route::walk(&self.definition, &self.context, &|other| {
            if other == page { reply } else { self.reply(other) }
        })
    }

    /// What stands on `page`, as far as the person can see it, and what it says.
    fn read(&self, steps: &[Step<'_>], page: PageIndex) -> (Entry, Result<Reply, Problem>) {
        let offered = route::offered(&self.definition, &self.context, steps, page);
        let shown = self.definition.page(page);
        let entry = without_hidden(shown, self.entry(page), &offered);
        let reply = reply::read(shown, &entry);
        (entry, reply)
    }

    /// Takes what stands on `page` when the person leaves it another way than forwards.
    fn keep(&mut self, page: PageIndex) {
        self.entered[page.get()].reply = self.kept(page);
    }

    /// What is taken then.
    fn kept(&self, page: PageIndex) -> Option<Reply> {
        // As if every option were offered: those that an earlier answer hides just now count
        // again when that answer is changed back.
        match reply::read(self.definition.page(page), self.entry(page)) {
            // Nothing stands there and "Continue" was never pressed: that is not a skip.
            Ok(Reply::Skipped) if self.reply(page).is_none() => None,
            read => read.ok(),
        }
    }

    fn go(&mut self, position: Position) {
        self.position = position;
        if position == Position::Check {
            self.changing = None;
        }
    }

    /// The position after `page`, or the first.
    fn after(&self, page: Option<PageIndex>) -> Position {
        let steps = self.walk();
        let later = steps.iter().find(|step| page.is_none_or(|page| step.page > page));
        // While one answer is changed: back to the check page, but by way of what that opened. At
        // the end of the way: to what is not an answer, so that the check page lists no such page.
        let unanswered = || steps.iter().find(|step| step.reply.is_none());
        let next = later.filter(|_| self.changing.is_none()).or_else(unanswered);
        next.map_or(Position::Check, |step| Position::Page(step.page))
    }
}

/// `entry` without options that an earlier answer took away: they are dropped, not complained
/// about, since the person cannot see them.
fn without_hidden(page: &Page, entry: &Entry, offered: &[&Choice]) -> Entry {
    let choices = page.question().and_then(|question| question.kind.choices());
    let hidden = |code: &Code| {
        !offered.iter().any(|choice| choice.code == *code)
            && choices.is_some_and(|choices| choices.find(*code).is_some())
    };
    match entry {
        Entry::Code(code) if hidden(code) => Entry::Nothing,
        Entry::Codes(codes) => {
            Entry::Codes(codes.iter().copied().filter(|code| !hidden(code)).collect())
        }
        entry => entry.clone(),
    }
}

/// By hand: a session holds answers, and where a person is tells of them.
impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Session(_)")
    }
}
