//! One function for each kind of control. Each draws the question as its heading and reports what
//! is entered; none holds an answer of its own.

mod choices;
mod list;
mod typed;

use survey_core::{Entry, PageIndex, Question, QuestionKind};

use crate::{
    node::{Element, Node, el, live},
    part::{bare_heading, heading, paragraphs},
    state::Ui,
    text::{Said, Sentence},
};

/// The one place that goes from kinds of questions to controls.
pub(crate) fn control(ui: Ui, page: PageIndex, question: &Question) -> Node {
    let ids = Ids::of(page);
    match question.kind() {
        QuestionKind::Single(choices) | QuestionKind::Scale(choices) => {
            choices::one_of(ui, ids, question, choices)
        }
        QuestionKind::Multiple(choices) => choices::any_of(ui, ids, question, choices),
        QuestionKind::Rating(rating) => choices::rating(ui, ids, question, rating),
        QuestionKind::Select(choices) => list::list(ui, ids, question, choices),
        QuestionKind::Text { max_length } => typed::text(ui, ids, question, *max_length, false),
        QuestionKind::LongText { max_length } => typed::text(ui, ids, question, *max_length, true),
        QuestionKind::Month { .. } => typed::month(ui, ids, question),
    }
}

/// Ids of the elements of a page: from its place, so that they are the same at every visit, link
/// from the error summary, and say nothing of what is asked.
#[derive(Clone, Copy)]
pub(crate) struct Ids(PageIndex);

impl Ids {
    pub(crate) fn of(page: PageIndex) -> Self {
        Self(page)
    }

    /// The first control, where the error summary leads.
    pub(crate) fn field(self) -> String {
        ["q", &self.0.get().to_string()].concat()
    }

    /// A further control; the first has the bare id.
    fn control(self, number: usize) -> String {
        if number == 0 { self.field() } else { self.part(&number.to_string()) }
    }

    fn part(self, name: &str) -> String {
        [&self.field(), "-", name].concat()
    }

    /// The ids of those parts that there are, for an attribute.
    fn of_parts(self, parts: &[(bool, &str)]) -> Option<String> {
        let mut ids = String::new();
        for (_, part) in parts.iter().filter(|(is, _)| *is) {
            if !ids.is_empty() {
                ids.push(' ');
            }
            ids.push_str(&self.part(part));
        }
        (!ids.is_empty()).then_some(ids)
    }
}

const BODY: &str = "body";
const HINT: &str = "hint";
const PROBLEM: &str = "problem";
const HOW: &str = "count";

/// Controls that belong together, named by the question.
fn group(ui: Ui, ids: Ids, question: &Question, how: Option<Sentence>, controls: Node) -> Node {
    let legend = el("legend").class("v-legend").child(heading(ui, ui.say(question.text())));
    described(el("fieldset").class("v-fieldset"), ui, ids, question, how.is_some())
        .child(legend)
        .child(help(ui, ids, question))
        .child(how.map(|how| hint(ids, HOW, ui.sentence(how))))
        .child(problem(ui, ids))
        .child(controls)
        .into()
}

/// One control, named by the question.
fn single(ui: Ui, ids: Ids, question: &Question, control: Node) -> Node {
    let said = ui.say(question.text());
    let label = el("label").class("v-label").attribute("for", ids.field()).text(said.text);
    Node::Several(vec![
        bare_heading(ui).lang(said.lang).child(label).into(),
        help(ui, ids, question),
        problem(ui, ids),
        control,
    ])
}

/// The paragraphs and the hint of a question, in the order in which they are read.
fn help(ui: Ui, ids: Ids, question: &Question) -> Node {
    let hint = question.hint().map(|text| hint(ids, HINT, ui.say(text)));
    Node::Several(vec![paragraphs(ui, question.body(), Some(ids.part(BODY))), hint.into()])
}

fn hint(ids: Ids, part: &str, said: Said) -> Element {
    el("p").class("v-hint").attribute("id", ids.part(part)).says(said)
}

/// The problem beside the control, in the words of the summary.
fn problem(ui: Ui, ids: Ids) -> Node {
    live(move || {
        let Some(problem) = ui.problem_on(ids.0) else { return Node::Nothing };
        let prefix = ui.sentence(Sentence::ProblemPrefix);
        el("p")
            .class("v-field-problem")
            .attribute("id", ids.part(PROBLEM))
            .child(el("span").class("v-hidden").says(prefix).text(" "))
            .child(problem)
            .into()
    })
}

/// `element`, told what describes it: body, hint, the problem while there is one, and a part of its
/// own that tells how to answer.
fn described(element: Element, ui: Ui, ids: Ids, question: &Question, how: bool) -> Element {
    let (body, hint) = (!question.body().is_empty(), question.hint().is_some());
    element.live("aria-describedby", move || {
        ids.of_parts(&[(body, BODY), (hint, HINT), (ui.has_problem(ids.0), PROBLEM), (how, HOW)])
    })
}

/// The ways of not answering that a question offers, each with its sentence.
fn refusals(ui: Ui, question: &Question) -> Vec<(Entry, Said)> {
    let offer = |offered: bool, entry, sentence| offered.then(|| (entry, ui.sentence(sentence)));
    let dont_know = offer(question.offers_dont_know(), Entry::DontKnow, Sentence::DontKnow);
    let declined = offer(question.offers_declined(), Entry::Declined, Sentence::Declined);
    [dont_know, declined].into_iter().flatten().collect()
}

/// "or", between the options proper and the ways out.
fn or(ui: Ui) -> Node {
    el("p").class("v-or").says(ui.sentence(Sentence::Or)).into()
}
