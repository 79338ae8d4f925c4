//! Radio buttons and boxes: one of a few options, any of them, or a number between two ends.

use survey_core::{Choices, Entry, Question, Rating, Text};
use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlInputElement};

use super::{Ids, group, or, refusals};
use crate::{
    node::{Element, Node, el},
    state::Ui,
    text::{Said, Sentence},
};

/// One of a few options: single choice and labelled scale.
pub(super) fn one_of(ui: Ui, ids: Ids, question: &Question, choices: &Choices) -> Node {
    let mut list = List::new(ui, ids);
    let offered = ui.offered(ids.0);
    for (is_main, choice) in
        choices.main().iter().map(|c| (true, c)).chain(choices.also().iter().map(|c| (false, c)))
    {
        if offered.contains(&choice.code()) {
            let input = radio(ui, ids, "v-choice__input", Entry::Code(choice.code()));
            list.add(is_main, input, ui.say(choice.label()), choice.hint());
        }
    }
    for (entry, said) in refusals(ui, question) {
        list.add(false, radio(ui, ids, "v-choice__input", entry), said, None);
    }
    group(ui, ids, question, None, Node::Several(list.nodes))
}

/// Any of a few options, drawn as boxes to tick. An option that excludes the others clears them,
/// and stands behind them.
pub(super) fn any_of(ui: Ui, ids: Ids, question: &Question, choices: &Choices) -> Node {
    let mut list = List::new(ui, ids);
    let offered = ui.offered(ids.0);
    for exclusive in [false, true] {
        for choice in choices.all().iter().filter(|choice| choice.is_exclusive() == exclusive) {
            let code = choice.code();
            if offered.contains(&code) {
                let is = move |entry: &Entry| matches!(entry, Entry::Codes(codes) if codes.contains(&code));
                let input =
                    ticked(move || ui.entry(ids.0, is), move |ticked| ui.tick(ids.0, code, ticked));
                list.add(!exclusive, input, ui.say(choice.label()), choice.hint());
            }
        }
    }
    for (entry, said) in refusals(ui, question) {
        list.add(false, refusal(ui, ids, entry), said, None);
    }
    group(ui, ids, question, Some(Sentence::ChooseAny), Node::Several(list.nodes))
}

/// Controls one below the other, first the options proper, then, after an "or", the ways out.
struct List {
    ui: Ui,
    ids: Ids,
    nodes: Vec<Node>,
    count: usize,
    divided: bool,
}

impl List {
    fn new(ui: Ui, ids: Ids) -> Self {
        Self { ui, ids, nodes: Vec::new(), count: 0, divided: false }
    }

    fn add(&mut self, is_main: bool, input: Element, said: Said, hint: Option<&Text>) {
        if !is_main && !self.divided {
            self.divided = true;
            self.nodes.push(or(self.ui));
        }
        let hint = hint.map(|hint| self.ui.say(hint));
        self.nodes.push(control(self.ids.control(self.count), input, said, hint));
        self.count += 1;
    }
}

/// A number between two labelled ends, drawn as radio buttons in a row that wraps.
pub(super) fn rating(ui: Ui, ids: Ids, question: &Question, rating: &Rating) -> Node {
    let (low, high) = (ui.say(&rating.min_label), ui.say(&rating.max_label));
    let points = (rating.min..=rating.max).enumerate().map(|(i, number)| {
        let id = ids.control(i);
        // The ends are named for those who hear one number at a time.
        let meaning = match number {
            n if n == rating.min => Some(&low),
            n if n == rating.max => Some(&high),
            _ => None,
        };
        let meaning = meaning.map(|said| {
            let text = [" (", &said.text, ")"].concat();
            el("span").class("v-hidden").says(Said { text, lang: said.lang.clone() })
        });
        let label = el("label").class("v-rating__label").attribute("for", id.clone());
        let input = radio(ui, ids, "v-rating__input", Entry::Number(number)).attribute("id", id);
        el("div")
            .class("v-rating__point")
            .child(input)
            .child(label.text(ui.number(number.into())).child(meaning))
            .into()
    });
    let points: Vec<Node> = points.collect();
    let end = |number: u8, said: &Said| {
        let text = [&ui.number(number.into()), ": ", &said.text].concat();
        el("span").class("v-rating__end").says(Said { text, lang: said.lang.clone() })
    };
    let ends = el("div")
        .class("v-rating__ends")
        .with("aria-hidden", "true")
        .child(end(rating.min, &low))
        .child(end(rating.max, &high));
    let controls = vec![
        el("div").class("v-rating").child(points).into(),
        ends.into(),
        refusal_boxes(ui, ids, question),
    ];
    group(ui, ids, question, None, Node::Several(controls))
}

/// Boxes that take the place of what is typed or chosen: "I would rather not say".
pub(super) fn refusal_boxes(ui: Ui, ids: Ids, question: &Question) -> Node {
    let boxes = refusals(ui, question).into_iter().enumerate().map(|(i, (entry, said))| {
        let id = ids.part(&["no-", &i.to_string()].concat());
        control(id, refusal(ui, ids, entry), said, None)
    });
    let boxes: Vec<Node> = boxes.collect();
    if boxes.is_empty() { Node::Nothing } else { Node::Several(vec![or(ui), boxes.into()]) }
}

/// A box for a way of not answering; unticked, what was typed stands again.
fn refusal(ui: Ui, ids: Ids, entry: Entry) -> Element {
    let same = entry.clone();
    ticked(
        move || ui.entry(ids.0, |e| *e == same),
        move |ticked| {
            ui.enter(ids.0, if ticked { entry.clone() } else { ui.typed_now() });
        },
    )
}

fn ticked(
    checked: impl Fn() -> bool + Send + 'static,
    change: impl Fn(bool) + Send + 'static,
) -> Element {
    let listener = move |event: Event| {
        let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
        change(input.is_some_and(|input| input.checked()));
    };
    el("input")
        .class("v-choice__input")
        .with("type", "checkbox")
        .with("autocomplete", "off")
        .checked(checked)
        .on("change", listener)
}

fn radio(ui: Ui, ids: Ids, class: &'static str, entry: Entry) -> Element {
    let same = entry.clone();
    el("input")
        .class(class)
        .with("type", "radio")
        .attribute("name", ids.field())
        .with("autocomplete", "off")
        .checked(move || ui.entry(ids.0, |e| *e == same))
        .on("change", move |_| ui.enter(ids.0, entry.clone()))
}

/// A radio button or a box, with its label and hint.
fn control(id: String, input: Element, said: Said, hint: Option<Said>) -> Node {
    let about = [&id, "-about"].concat();
    let label = el("label").class("v-choice__label").attribute("for", id.clone());
    let described = hint.is_some().then(|| about.clone());
    let hint = hint.map(|hint| el("p").class("v-choice__hint").attribute("id", about).says(hint));
    el("div")
        .class("v-choice")
        .child(input.attribute("id", id).maybe("aria-describedby", described))
        .child(label.says(said))
        .child(hint)
        .into()
}
