//! The one reactive cell and the handle that views get to it.

use std::sync::Arc;

use leptos::prelude::*;
use survey_core::{
    Choice, Code, Definition, Entry, GateChoice, LanguageIndex, PageIndex, Position, Problem,
    Response, ResponseId, Session, Text,
};

use crate::{
    deliver::{Sending, Steering},
    load::Published,
    text::{Said, Sentence, Sentences, say},
};

/// Copy handle to everything that a view may know; made once, so it outlives whatever holds it.
#[derive(Clone, Copy)]
pub(crate) struct Ui {
    cell: RwSignal<State>,
    /// Counts the pages shown: changes when another page has to be drawn.
    pages: RwSignal<u32>,
    /// Counts what was pressed, whether it led to another page or not, and what became of sending.
    turns: RwSignal<u32>,
    /// Counts the changes of language.
    languages: RwSignal<u32>,
    /// Counts the pauses in typing.
    pauses: RwSignal<u32>,
    steering: StoredValue<Steering, LocalStorage>,
}

/// All that there is to know.
struct State {
    published: Published,
    session: Session,
    problem: Option<(PageIndex, Problem)>,
    /// What is typed on the present page, also while "I would rather not say" stands in its place.
    typed: Entry,
    phase: Phase,
    sending: Sending,
    /// The language that was asked for and has not come yet.
    asked_for: Option<LanguageIndex>,
    /// How it stands with that.
    language_news: Option<Sentence>,
    /// Whether sending failed before: from then on it can be tried by hand.
    failed_once: bool,
}

/// A button that may lead to another page.
#[derive(Clone, Copy)]
pub(crate) enum Press {
    /// "Continue".
    Continue,
    /// "Skip this question".
    Skip,
    /// "Back".
    Back,
    /// A button of a gate.
    Decide(GateChoice),
    /// "Change", at "check your answers".
    Change(PageIndex),
}

/// What the survey is doing.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Phase {
    Asking,
    /// Sealing and sending; `false`: the response could not be sealed.
    Sending(bool),
    Done,
}

impl Ui {
    pub(crate) fn new(published: Published) -> Self {
        let session = Session::new(Arc::clone(&published.definition));
        Self::at(published, session)
    }

    /// With a session that is under way.
    pub(crate) fn at(published: Published, session: Session) -> Self {
        let typed = typed_at(&session);
        Self {
            cell: RwSignal::new(State {
                published,
                session,
                problem: None,
                typed,
                phase: Phase::Asking,
                sending: Sending::Trying,
                asked_for: None,
                language_news: None,
                failed_once: false,
            }),
            pages: RwSignal::new(0),
            turns: RwSignal::new(0),
            languages: RwSignal::new(0),
            pauses: RwSignal::new(0),
            steering: StoredValue::new_local(Steering::default()),
        }
    }

    /// One of the widget's own sentences.
    pub(crate) fn sentence(self, sentence: Sentence) -> Said {
        self.cell.read_untracked().published.sentences.get(sentence)
    }

    /// A number in the digits of the language.
    pub(crate) fn number(self, number: usize) -> String {
        self.sentences().number(number)
    }

    /// The widget's own sentences, for those that hold numbers.
    pub(crate) fn sentences(self) -> Arc<Sentences> {
        Arc::clone(&self.cell.read_untracked().published.sentences)
    }

    /// What is asked, for whom, and in which words.
    pub(crate) fn published(self) -> Published {
        self.cell.read_untracked().published.clone()
    }

    /// The survey.
    pub(crate) fn definition(self) -> Arc<Definition> {
        Arc::clone(self.cell.read_untracked().session.definition())
    }

    /// A text of the survey in the language chosen.
    pub(crate) fn say(self, text: &Text) -> Said {
        let state = self.cell.read_untracked();
        say(state.session.definition(), state.session.language(), text)
    }

    /// What the survey is doing.
    pub(crate) fn phase(self) -> Phase {
        self.cell.read_untracked().phase
    }

    /// How sending stands, and whether it failed before.
    pub(crate) fn sending(self) -> (Sending, bool) {
        self.turns.track();
        let state = self.cell.read_untracked();
        (state.sending, state.failed_once)
    }

    /// Where the person is.
    pub(crate) fn position(self) -> Position {
        self.cell.read_untracked().session.position()
    }

    /// Reads the session once.
    pub(crate) fn once<T>(self, read: impl FnOnce(&Session) -> T) -> T {
        read(&self.cell.read_untracked().session)
    }

    /// Reads what stands in the controls of `page`, and follows it.
    pub(crate) fn entry<T>(self, page: PageIndex, read: impl FnOnce(&Entry) -> T) -> T {
        read(self.cell.read().session.entry(page))
    }

    /// Reads what is typed on the present page, and follows it.
    pub(crate) fn typed<T>(self, read: impl FnOnce(&Entry) -> T) -> T {
        read(&self.cell.read().typed)
    }

    /// What is typed on the present page now.
    pub(crate) fn typed_now(self) -> Entry {
        self.cell.read_untracked().typed.clone()
    }

    /// The options of `page` that are offered now.
    pub(crate) fn offered(self, page: PageIndex) -> Vec<Code> {
        self.once(|session| session.offered(page).into_iter().map(Choice::code).collect())
    }

    /// The problem on `page`, if there is one; follows what is pressed.
    pub(crate) fn problem_on(self, page: PageIndex) -> Option<Vec<Said>> {
        self.turns.track();
        let problem = self.cell.read_untracked().problem.filter(|(at, _)| *at == page)?.1;
        let definition = self.definition();
        let choices = definition.page(page).question().and_then(|q| q.kind().choices());
        let exclusive = choices.and_then(|c| c.all().iter().find(|choice| choice.is_exclusive()));
        let exclusive = exclusive.map(|exclusive| self.say(exclusive.label()));
        Some(self.sentences().problem(problem, exclusive))
    }

    /// Whether there is a problem on `page`; follows what is pressed.
    pub(crate) fn has_problem(self, page: PageIndex) -> bool {
        self.turns.track();
        self.cell.read_untracked().problem.is_some_and(|(at, _)| at == page)
    }

    /// Whether a page was turned: the first one must not take the focus from the page around the
    /// survey, and one that is only drawn in another language not from what has it.
    pub(crate) fn has_turned(self) -> bool {
        self.pages.get_untracked() > 0
    }

    /// Notes that somebody wants the survey in another language; `false` if it is in that one.
    pub(crate) fn ask_for_language(self, language: LanguageIndex) -> bool {
        let mut state = self.cell.write();
        let is_other = state.session.language() != language;
        state.asked_for = is_other.then_some(language);
        state.language_news = is_other.then_some(Sentence::LanguageLoading);
        drop(state);
        count(self.turns);
        is_other
    }

    /// Goes on in a language that was asked for, if that is what came; `false` if it is not, or if
    /// another was asked for since.
    pub(crate) fn take_language(self, language: LanguageIndex, came: Option<Published>) -> bool {
        let mut state = self.cell.write();
        if state.asked_for != Some(language) {
            return false;
        }
        state.asked_for = None;
        state.language_news = Some(Sentence::LanguageFailed);
        if let Some(came) = came {
            // A server may have it in another language only.
            let same = came.hash == state.published.hash
                && came.definition.start_language() == language
                && state.session.reword(Arc::clone(&came.definition));
            state.language_news = (!same).then_some(Sentence::LanguageOutdated);
            if same {
                state.published = came;
            }
        }
        let changed = state.language_news.is_none();
        drop(state);
        if changed {
            count(self.languages);
            self.pages.set(0); // no page was turned
        }
        count(self.turns);
        changed
    }

    /// How it stands with a language that was asked for; follows it.
    pub(crate) fn language_news(self) -> Option<Sentence> {
        self.turns.track();
        self.cell.read_untracked().language_news
    }

    /// Follows which language is shown.
    pub(crate) fn follow_language(self) {
        self.languages.track();
    }

    /// Follows which page is shown.
    pub(crate) fn follow_pages(self) {
        self.pages.track();
    }

    /// Follows the pauses in typing; `false` before the first.
    pub(crate) fn follow_pauses(self) -> bool {
        self.pauses.get() > 0
    }

    /// How often typing paused.
    pub(crate) fn pauses(self) -> RwSignal<u32> {
        self.pauses
    }

    /// Takes what now stands in the controls of `page`.
    pub(crate) fn enter(self, page: PageIndex, entry: Entry) {
        self.cell.write().session.enter(page, entry);
    }

    /// Takes what is now typed on `page`.
    pub(crate) fn type_in(self, page: PageIndex, entry: Entry) {
        let mut state = self.cell.write();
        state.typed = entry.clone();
        state.session.enter(page, entry);
    }

    /// Ticks or clears one of several options; one that excludes the others clears them.
    pub(crate) fn tick(self, page: PageIndex, code: Code, ticked: bool) {
        let definition = self.definition();
        let choices = definition.page(page).question().and_then(|q| q.kind().choices());
        let excludes = |code: Code| {
            choices.and_then(|choices| choices.find(code)).is_some_and(Choice::is_exclusive)
        };
        let mut state = self.cell.write();
        let mut codes = match state.session.entry(page) {
            Entry::Codes(codes) => codes.clone(),
            _ => Vec::new(),
        };
        let exclusive = excludes(code);
        codes.retain(|&other| other != code && !(ticked && (exclusive || excludes(other))));
        if ticked {
            codes.push(code);
        }
        let entry = if codes.is_empty() { Entry::Nothing } else { Entry::Codes(codes) };
        state.session.enter(page, entry);
    }

    /// What stands around the survey said of itself.
    pub(crate) fn set_context<'a>(self, pairs: impl Iterator<Item = (&'a str, &'a str)>) {
        let mut state = self.cell.write();
        let context = state.session.definition().accept_context(pairs);
        state.session.set_context(context);
    }

    /// The response that stands, or the page whose entry is no answer, which is then shown.
    pub(crate) fn complete(self, id: ResponseId) -> Option<Response> {
        let completed = self.once(|session| session.complete(id, 0));
        completed
            .map_err(|(page, problem)| {
                self.press(Press::Change(page));
                self.cell.write().problem = Some((page, problem));
                count(self.turns);
            })
            .ok()
    }

    /// Goes on to another phase.
    pub(crate) fn go_to(self, phase: Phase) {
        let mut state = self.cell.write();
        state.phase = phase;
        state.sending = Sending::Trying;
        drop(state);
        count(self.pages);
    }

    /// Takes how sending stands.
    pub(crate) fn report(self, sending: Sending) {
        let mut state = self.cell.write();
        state.failed_once |= matches!(sending, Sending::Waiting | Sending::GaveUp);
        state.sending = sending;
        drop(state);
        count(self.turns);
    }

    /// How the person steers sending.
    pub(crate) fn steering(self) -> Steering {
        self.steering.get_value()
    }

    /// Drops everything that was answered; nothing of it is sent any more.
    pub(crate) fn wipe(self) {
        let mut state = self.cell.write();
        state.problem = None;
        state.typed = Entry::Nothing;
        let definition = Arc::clone(state.session.definition());
        state.session = Session::new(definition);
        drop(state);
        count(self.pages);
    }

    /// Does what a button says that may lead to another page.
    pub(crate) fn press(self, press: Press) {
        let mut state = self.cell.write();
        let before = (state.phase, state.session.position());
        state.phase = Phase::Asking;
        state.problem = None;
        if state.asked_for.is_none() {
            state.language_news = None;
        }
        let session = &mut state.session;
        match (press, before.1) {
            (Press::Continue, Position::Page(page)) => {
                state.problem = session.advance().err().map(|problem| (page, problem));
            }
            (Press::Continue, Position::Check) => {}
            (Press::Skip, _) => drop(session.skip()),
            (Press::Back, _) => drop(session.back()),
            (Press::Decide(choice), _) => drop(session.decide(choice)),
            (Press::Change(page), _) => session.change(page),
        }
        let after = state.session.position();
        let moved = before != (Phase::Asking, after);
        if moved {
            state.typed = typed_at(&state.session);
        }
        drop(state);
        if moved {
            count(self.pages);
        }
        count(self.turns);
    }
}

/// Counts on. One place for all, as each call of `update` is code of its own.
pub(crate) fn count(counter: RwSignal<u32>) {
    counter.set(counter.get_untracked().wrapping_add(1));
}

/// What is typed on the page that the session is at.
fn typed_at(session: &Session) -> Entry {
    let Position::Page(page) = session.position() else { return Entry::Nothing };
    match session.entry(page) {
        entry @ (Entry::Text(_) | Entry::Month { .. }) => entry.clone(),
        _ => Entry::Nothing,
    }
}
