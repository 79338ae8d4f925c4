//! Every kind of page drawn on the host and compared, no browser needed: a lost label, legend or
//! description fails here first. `UPDATE_EXPECT=1 cargo test` writes the markup anew.

use std::sync::Arc;

use expect_test::{ExpectFile, expect_file};
use leptos::prelude::*;
use survey_core::{Code, Definition, Entry, GateChoice, LanguageIndex, Position, Problem, Session};
use survey_wire::DefinitionHash;

use crate::{
    app,
    deliver::{Refusal, Sending},
    load::{self, Published},
    page,
    state::{Phase, Press, Ui},
    text::{Said, Sentences},
};

const EVERY_PAGE: &[u8] = include_bytes!("../crates/survey-core/tests/fixtures/every-page.json");

/// What a document of the fixture holds.
fn published() -> Published {
    let definition = Definition::parse(EVERY_PAGE).expect("the fixture is a definition");
    let sentences = Sentences::english().expect("tested in `text`");
    let language = LanguageIndex::default();
    let block = load::data_block(&definition, DefinitionHash([7; 32]), language, &sentences);
    Published::of_document(&block).expect("tested in `load`")
}

/// A session at the page with this key.
fn session_at(key: &str) -> Session {
    let definition = published().definition;
    let page = definition.find(key).expect("the fixture has this page");
    let mut session = Session::new(Arc::clone(&definition));
    // "Yes", so that the pages behind conditions are asked.
    let first = definition.find("one").expect("the fixture has this page");
    session.enter(first, Entry::Code(Code::new(1).expect("a code")));
    let short = definition.find("short").expect("the fixture has this page");
    session.enter(short, Entry::Text("Two <b>words</b>".to_owned().into()));
    while session.position() != Position::Page(page) {
        assert!(session.position() != Position::Check, "`{key}` is not asked");
        match definition.page(page_of(&session)).kind() {
            survey_core::PageKind::Gate(_) => drop(session.decide(GateChoice::GoOn)),
            _ => drop(session.advance()),
        }
    }
    session
}

fn page_of(session: &Session) -> survey_core::PageIndex {
    match session.position() {
        Position::Page(page) => page,
        Position::Check => panic!("at the check page"),
    }
}

/// Draws the page of a survey that is where `session` is, after `act` was done.
fn draw(session: Session, act: impl FnOnce(Ui)) -> String {
    Owner::new().with(|| {
        let ui = Ui::at(published(), session);
        act(ui);
        page::shown(ui).to_html()
    })
}

/// One element a line.
fn lines(html: &str) -> String {
    let mut text = String::new();
    for part in html.split('<').skip(1) {
        text.push('<');
        text.push_str(part.trim_end());
        text.push('\n');
    }
    text
}

#[track_caller]
fn check(html: &str, expected: ExpectFile) {
    expected.assert_eq(&lines(html));
    let ids: Vec<&str> =
        html.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    let distinct: std::collections::BTreeSet<&&str> = ids.iter().collect();
    assert_eq!(distinct.len(), ids.len(), "an id is used twice: {ids:?}");
    for word in ["victim", "crime", "abuse"] {
        assert!(!html.to_lowercase().contains(word), "`{word}` in the markup of a neutral survey");
    }
}

macro_rules! pages {
    ($($name:ident: $key:literal,)*) => {$(
        #[test]
        fn $name() {
            let html = draw(session_at($key), |_| ());
            check(&html, expect_file![concat!("../tests/markup/", stringify!($name), ".html")]);
        }
    )*};
}

pages! {
    single_choice: "one",
    multiple_choice: "many",
    labelled_scale: "scale",
    select: "list",
    number_scale: "rate",
    short_text: "short",
    long_text: "long",
    month_and_year: "month",
    gate: "more",
    statement: "word",
}

#[test]
fn check_answers() {
    let mut session = session_at("last");
    while session.advance().expect("valid") != Position::Check {}
    let html = draw(session, |_| ());
    assert!(!html.contains("<b>"), "an answer was taken as markup");
    check(&html, expect_file!["../tests/markup/check_answers.html"]);
}

#[test]
fn a_problem_is_named_at_the_top_and_beside_the_field() {
    let mut session = session_at("long");
    let page = page_of(&session);
    session.enter(page, Entry::Text("x".repeat(201).into()));
    let html = draw(session, |ui| ui.press(Press::Continue));
    let problem = Sentences::english()
        .expect("tested in `text`")
        .problem(Problem::TooLong { length: 201, max: 200 }, None);
    let [Said { text: problem, .. }] = &problem[..] else { panic!("one piece") };
    assert_eq!(html.matches(problem).count(), 2, "{html}");
    check(&html, expect_file!["../tests/markup/problem.html"]);
}

#[test]
fn sending_says_how_it_stands() {
    let page = |states: &[Sending], sealed: bool| {
        let html = draw(session_at("one"), |ui| {
            ui.go_to(Phase::Sending(sealed));
            states.iter().for_each(|state| ui.report(*state));
        });
        let status = html.split("role=\"status\"").nth(1).unwrap_or_default();
        let text = status.split(['>', '<']).nth(1).unwrap_or_default().to_owned();
        let button = html.split("<button").nth(1).unwrap_or_default();
        let hidden = button.split('>').next().unwrap_or_default().contains(" hidden");
        (text, !hidden, html.contains("People who can help"))
    };
    let (closed, other) = (Sending::Refused(Refusal::Closed), Sending::Refused(Refusal::Other));
    for (name, states, sealed, text, retry, support) in [
        ("trying", &[][..], true, "Sending. Keep", false, false),
        ("waiting", &[Sending::Waiting], true, "Not sent yet. Keep this page", true, false),
        ("again", &[Sending::Waiting, Sending::Trying], true, "Sending. Keep", true, false),
        ("gave up", &[Sending::GaveUp], true, "Not sent. Your answers are still", true, true),
        ("closed", &[closed], true, "This survey has closed.", false, true),
        ("refused", &[other], true, "The survey did not take", false, true),
        ("not sealed", &[], false, "Your browser could not lock", false, true),
    ] {
        let (found, can_retry, helps) = page(states, sealed);
        assert!(found.starts_with(text), "row `{name}`: {found}");
        assert_eq!((can_retry, helps), (retry, support), "row `{name}`");
    }
}

#[test]
fn the_end_names_who_helps() {
    let html = draw(session_at("one"), |ui| ui.go_to(Phase::Done));
    check(&html, expect_file!["../tests/markup/done.html"]);
}

#[test]
fn around_every_page_stands_the_name_and_the_way_out() {
    let html = Owner::new().with(|| app::survey(Ui::new(published())).to_html());
    assert!(html.starts_with("<div class=\"v-survey\"><header class=\"v-top\">"), "{html}");
    assert!(html.contains("<button class=\"v-leave\" type=\"button\">Leave this page</button>"));
    assert_eq!(html.matches("<main").count(), 1);
}
