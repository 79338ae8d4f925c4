//! One module for each kind of page, and what pages share.

mod ask;
mod check;
mod sending;

use survey_core::{Gate, GateChoice, PageKind, Position, Session, Statement};

use crate::{
    node::{Node, el, live},
    part::{heading, languages, paragraphs, support_lines, turn},
    state::{Phase, Press, Ui},
    text::Sentence,
};

/// The page the person is at, and above it the languages to choose from. Each is drawn anew, so
/// nothing of one can be left on the next.
pub(crate) fn shown(ui: Ui) -> Node {
    live(move || {
        ui.follow_pages();
        let definition = ui.definition();
        let content = match (ui.phase(), ui.position()) {
            (Phase::Done, _) => done(ui),
            (Phase::Sending(sealed), _) => sending::sending(ui, sealed),
            (Phase::Asking, Position::Check) => check::check(ui),
            (Phase::Asking, Position::Page(page)) => match definition.page(page).kind() {
                PageKind::Question(question) => ask::ask(ui, page, question),
                PageKind::Statement(statement) => says(ui, statement),
                PageKind::Gate(gate) => offers(ui, gate),
            },
        };
        Node::Several(vec![languages(ui), el("main").class("v-page").child(content).into()])
    })
}

/// `node` inside an element of the document, taking over what stands there.
#[cfg(target_arch = "wasm32")]
pub(crate) fn inside(element: web_sys::HtmlElement, node: Node) -> Node {
    Node::Inside(Box::new((send_wrapper::SendWrapper::new(element.into()), node)))
}

/// The host draws no document of a browser.
#[cfg(not(target_arch = "wasm32"))]
pub(crate) fn inside(_: web_sys::HtmlElement, node: Node) -> Node {
    node
}

/// "Back", at every page but the first.
fn back(ui: Ui) -> Node {
    let back = || turn(ui, "v-back", ui.sentence(Sentence::Back), Press::Back);
    ui.once(Session::can_go_back).then(back).into()
}

/// A page that says something.
fn says(ui: Ui, statement: &Statement) -> Node {
    let support = if statement.support { support_lines(ui) } else { Node::Nothing };
    let next = ui.sentence(Sentence::Next);
    Node::Several(vec![
        back(ui),
        heading(ui, ui.say(&statement.heading)).into(),
        paragraphs(ui, &statement.body, None),
        support,
        buttons(vec![turn(ui, "v-button", next, Press::Continue).into()]),
    ])
}

/// A page that offers to finish now or to go on: two buttons of the same weight, since neither is
/// the better choice.
fn offers(ui: Ui, gate: &Gate) -> Node {
    let choice =
        |text, choice: GateChoice| turn(ui, "v-button", ui.say(text), Press::Decide(choice)).into();
    Node::Several(vec![
        back(ui),
        heading(ui, ui.say(&gate.heading)).into(),
        paragraphs(ui, &gate.body, None),
        buttons(vec![
            choice(&gate.go_on, GateChoice::GoOn),
            choice(&gate.finish, GateChoice::Finish),
        ]),
    ])
}

/// The end: the response is safe, and here is who helps.
fn done(ui: Ui) -> Node {
    let definition = ui.definition();
    let end = definition.end();
    Node::Several(vec![
        heading(ui, ui.say(&end.heading)).into(),
        paragraphs(ui, &end.body, None),
        support_lines(ui),
    ])
}

/// Buttons side by side.
fn buttons(buttons: Vec<Node>) -> Node {
    el("div").class("v-buttons").child(buttons).into()
}
