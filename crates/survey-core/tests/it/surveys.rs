//! The surveys that this project ships are read by the rules that this project ships.

use survey_core::{Definition, HelplinesFile};

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
