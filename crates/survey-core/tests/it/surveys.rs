//! The surveys that this project ships are read by the rules that this project ships.

use std::sync::Arc;

use survey_core::{
    Code, Definition, Entry, GateChoice, HelplinesFile, PageKind, Position, Response, ResponseId,
    Session,
};

use crate::common::{HELPLINES, MODEL};

#[test]
fn the_model_survey_is_a_definition() {
    let definition = Definition::parse(MODEL.as_bytes()).unwrap_or_else(|errors| {
        panic!("{}", errors.iter().map(|e| format!("{e}\n")).collect::<String>());
    });
    assert_eq!(definition.id().as_str(), "victim-voice");
    let core = |key| {
        let page = definition.page(definition.find(key).unwrap_or_else(|| panic!("no `{key}`")));
        page.section().map(|s| definition.sections()[s.get()].id().to_string())
    };
    for key in
        ["overall", "channel", "contact", "actions", "followup", "treatment", "crime", "when"]
    {
        assert_eq!(core(key).as_deref(), Some("core"), "{key}");
    }
    // One size class of 4 KiB: the length of an envelope then says nothing, at 7 kB a response.
    assert!(definition.longest_response() <= 4_092, "{}", definition.longest_response());
}

#[test]
fn the_support_lines_are_a_file_of_support_lines() {
    let file: HelplinesFile = serde_json::from_str(HELPLINES).expect("the file has its form");
    assert_eq!(file.format, 1);
    let (shown, hidden): (Vec<_>, Vec<_>) = file.lines.iter().partition(|line| line.verified);
    assert!(!shown.is_empty() && !hidden.is_empty());
}

/// The keys of the pages shown to somebody who answers `answers` and of every other question takes
/// the first option, leaves texts empty and goes on at gates; then the response is read again.
fn route(answers: &[(&str, u8)]) -> String {
    let definition = Arc::new(Definition::parse(MODEL.as_bytes()).unwrap());
    let mut session = Session::new(Arc::clone(&definition));
    let mut keys = Vec::new();
    while let Position::Page(page) = session.position() {
        let key = definition.page(page).key().as_str();
        keys.push(key);
        // The first age is under 16, which ends the survey.
        let chosen = answers
            .iter()
            .chain(&[("age", 2)])
            .find(|(name, _)| *name == key)
            .map(|(_, code)| *code);
        if let PageKind::Gate(_) = definition.page(page).kind() {
            session.decide(if chosen == Some(0) { GateChoice::Finish } else { GateChoice::GoOn });
            continue;
        }
        let code = match chosen {
            Some(code) => Code::new(code.into()),
            None => session.offered(page).first().map(|choice| choice.code()),
        };
        if let Some(code) = code {
            let several = definition.page(page).kind().type_name() == "multiple";
            session.enter(page, if several { Entry::Codes(vec![code]) } else { Entry::Code(code) });
        }
        session.advance().unwrap();
    }
    let response = session.complete(ResponseId([1; 16]), 0).unwrap();
    let json = response.to_json(&definition);
    assert!(Response::parse(&definition, &json).as_ref() == Ok(&response));
    assert!(json.len() <= definition.longest_response());
    keys.join(" ")
}

const CORE: &str = "overall channel contact actions followup treatment crime when more";
const MORE: &str = "flags manner code understood support safer again text equal";
const ABOUT: &str = "age sex gender ethnic_group ethnic condition limits area";

#[test]
fn the_model_survey_asks_what_its_readme_says() {
    let all = format!("{CORE} {MORE} {ABOUT}");
    assert_eq!(route(&[]), all);
    assert_eq!(route(&[("more", 0)]), CORE);
    assert_eq!(route(&[("equal", 0)]), format!("{CORE} {MORE}"));
    assert_eq!(route(&[("condition", 2)]), all.replace(" limits", ""));
    assert_eq!(route(&[("condition", 2)]).split(' ').count(), 25);
    assert_eq!(route(&[("safer", 4)]), all.replace("safer ", "safer feeling_safe "));
    assert_eq!(route(&[("age", 1)]), format!("{CORE} {MORE} age under_16"));
    assert_eq!(route(&[("age", 1), ("more", 0)]), CORE);
    assert_eq!(route(&[("overall", 95)]), format!("overall whynot crime text equal {ABOUT}"));
    assert_eq!(
        route(&[("overall", 95), ("age", 1)]),
        "overall whynot crime text equal age under_16"
    );
}

#[test]
fn the_model_survey_offers_what_can_be_true() {
    let definition = Arc::new(Definition::parse(MODEL.as_bytes()).unwrap());
    let offered = |key: &str, name: &str, code: i64| -> Vec<u8> {
        let mut session = Session::new(Arc::clone(&definition));
        let (page, other) = (definition.find(key).unwrap(), definition.find(name).unwrap());
        while session.position() != Position::Page(page) {
            let answer = Code::new(code).filter(|_| session.position() == Position::Page(other));
            if let Some(code) = answer {
                session.enter(other, Entry::Code(code));
            }
            session.advance().unwrap();
        }
        session.offered(page).iter().map(|choice| choice.code().get()).collect()
    };
    assert_eq!(offered("flags", "crime", 1), [1, 2, 3, 4, 93]);
    assert_eq!(offered("flags", "crime", 11), [1, 2, 93], "a family member was killed");
    assert!(offered("code", "followup", 1).contains(&7));
    assert!(!offered("code", "followup", 94).contains(&7), "too early to say");
    let groups = [(1, 1..=5), (2, 6..=9), (3, 10..=14), (4, 15..=17), (5, 18..=19)];
    for (group, codes) in groups {
        assert_eq!(offered("ethnic", "ethnic_group", group), codes.collect::<Vec<_>>());
    }
}
