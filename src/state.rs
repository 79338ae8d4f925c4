//! The one reactive cell and the handle that components get to it.

use std::sync::Arc;

use leptos::prelude::*;
use survey_core::{
    Choice, Code, Definition, Entry, GateChoice, Page, PageIndex, Position, Problem, Session, Text,
};

use crate::text::{Said, Sentences, say};

/// Copy handle to everything that a component may know; made once, in the root component, so it
/// outlives whatever holds it.
#[derive(Clone, Copy)]
pub(crate) struct Ui {
    session: RwSignal<Session>,
    problem: RwSignal<Option<(PageIndex, Problem)>>,
    /// Counts the pages shown: the first must not take the focus from the page around the survey.
    turns: RwSignal<usize>,
    sentences: StoredValue<Arc<Sentences>>,
}

impl Ui {
    pub(crate) fn new(session: Session, sentences: Arc<Sentences>) -> Self {
        Self {
            session: RwSignal::new(session),
            problem: RwSignal::new(None),
            turns: RwSignal::new(0),
            sentences: StoredValue::new(sentences),
        }
    }

    /// The handle of the running survey.
    pub(crate) fn expect() -> Self {
        expect_context::<Self>()
    }

    /// One of the widget's own sentences.
    pub(crate) fn sentence(self, pick: impl FnOnce(&Sentences) -> &str) -> String {
        self.sentences.with_value(|sentences| pick(sentences).to_owned())
    }

    /// The widget's own sentences, for those that hold numbers.
    pub(crate) fn sentences(self) -> Arc<Sentences> {
        self.sentences.get_value()
    }

    /// The survey.
    pub(crate) fn definition(self) -> Arc<Definition> {
        self.session.with_untracked(|session| Arc::clone(session.definition()))
    }

    /// What is on a page.
    pub(crate) fn page(self, page: PageIndex) -> Page {
        self.definition().page(page).clone()
    }

    /// A text of the survey in the language chosen.
    pub(crate) fn say(self, text: &Text) -> Said {
        let language = self.session.with_untracked(Session::language);
        say(&self.definition(), language, text)
    }

    /// Reads the session and follows it.
    pub(crate) fn with<T>(self, read: impl FnOnce(&Session) -> T) -> T {
        self.session.with(read)
    }

    /// Reads the session once.
    pub(crate) fn once<T>(self, read: impl FnOnce(&Session) -> T) -> T {
        self.session.with_untracked(read)
    }

    /// Changes the session without going anywhere.
    pub(crate) fn change(self, change: impl FnOnce(&mut Session)) {
        self.session.update(change);
    }

    /// Where the person is.
    pub(crate) fn position(self) -> Memo<Position> {
        Memo::new(move |_| self.with(Session::position))
    }

    /// What stands in the controls of `page`.
    pub(crate) fn entry(self, page: PageIndex) -> Memo<Entry> {
        Memo::new(move |_| self.with(|session| session.entry(page).clone()))
    }

    /// The options of `page` that are offered now.
    pub(crate) fn offered(self, page: PageIndex) -> Vec<Choice> {
        self.once(|session| session.offered(page).into_iter().cloned().collect())
    }

    /// The problem on `page`, if there is one.
    pub(crate) fn problem_on(self, page: PageIndex) -> Memo<Option<String>> {
        Memo::new(move |_| {
            let problem = self.problem.get().filter(|(at, _)| *at == page)?.1;
            let exclusive = self.exclusive_label(page);
            Some(self.sentences().problem(problem, exclusive.as_deref()))
        })
    }

    fn exclusive_label(self, page: PageIndex) -> Option<String> {
        let page = self.page(page);
        let choices = page.question()?.kind().choices()?;
        let exclusive = choices.all().iter().find(|choice| choice.is_exclusive())?;
        Some(self.say(exclusive.label()).text)
    }

    /// How many pages were shown.
    pub(crate) fn turns(self) -> usize {
        self.turns.get_untracked()
    }

    /// Follows every press of a button that turns the page, whether it turns or not.
    pub(crate) fn follow_turns(self) {
        self.turns.track();
    }

    /// Takes what now stands in the controls of `page`.
    pub(crate) fn enter(self, page: PageIndex, entry: Entry) {
        self.session.update(|session| session.enter(page, entry));
    }

    /// Ticks or clears one of several options; one that excludes the others clears them.
    pub(crate) fn tick(self, page: PageIndex, code: Code, exclusive: bool, ticked: bool) {
        let choices = self.offered(page);
        let excludes = |code: Code| choices.iter().any(|c| c.code() == code && c.is_exclusive());
        self.session.update(|session| {
            let mut codes = match session.entry(page) {
                Entry::Codes(codes) => codes.clone(),
                _ => Vec::new(),
            };
            codes.retain(|&other| other != code && !(ticked && (exclusive || excludes(other))));
            if ticked {
                codes.push(code);
            }
            let entry = if codes.is_empty() { Entry::Nothing } else { Entry::Codes(codes) };
            session.enter(page, entry);
        });
    }

    /// "Continue".
    pub(crate) fn advance(self) {
        self.turn(|session| {
            let page = session.position();
            session.advance().map_err(|problem| (page, problem))
        });
    }

    /// "Skip this question".
    pub(crate) fn skip(self) {
        self.turn(|session| Ok(session.skip()));
    }

    /// "Back".
    pub(crate) fn back(self) {
        self.turn(|session| {
            session.back();
            Ok(session.position())
        });
    }

    /// A button of a gate.
    pub(crate) fn decide(self, choice: GateChoice) {
        self.turn(|session| Ok(session.decide(choice)));
    }

    /// "Change", at "check your answers".
    pub(crate) fn change_answer(self, page: PageIndex) {
        self.turn(|session| {
            session.change(page);
            Ok(session.position())
        });
    }

    /// Sends the person to the page whose entry is not an answer.
    pub(crate) fn show_problem(self, page: PageIndex, problem: Problem) {
        self.session.update(|session| session.change(page));
        self.problem.set(Some((page, problem)));
        self.turns.update(|turns| *turns += 1);
    }

    fn turn(self, turn: impl FnOnce(&mut Session) -> Result<Position, (Position, Problem)>) {
        self.problem.set(None);
        self.turns.update(|turns| *turns += 1);
        let result = self.session.try_update(turn);
        if let Some(Err((Position::Page(page), problem))) = result {
            self.problem.set(Some((page, problem)));
        }
    }

    /// Drops everything that was answered.
    pub(crate) fn wipe(self) {
        self.problem.set(None);
        self.session.update(|session| {
            *session = Session::new(Arc::clone(session.definition()));
        });
    }
}
