//! What holds for every survey and everybody who answers it.

use std::sync::Arc;

use proptest::{collection::vec, prelude::*};
use serde_json::Value as Json;
use survey_core::{
    Code, Definition, DefinitionError, Entry, Fault, GateChoice, Month, PageIndex, PageKind,
    Position, QuestionKind, Response, ResponseId, Session, Value,
};
use zeroize::Zeroizing;

use crate::{
    change::{changed_bytes, changed_members},
    common::{EVERY_PAGE, MODEL},
    dice::Dice,
    generate::{self, CHARACTERS, Survey},
};

pub(crate) const ID: ResponseId = ResponseId([0xa5; 16]);

pub(crate) fn parse(survey: &Survey) -> Arc<Definition> {
    match Definition::parse(survey.json.to_string().as_bytes()) {
        Ok(definition) => Arc::new(definition),
        Err(errors) => panic!("{:#}\n{}", survey.json, errors[0]),
    }
}

/// One thing that a person, the widget or the page around it does.
pub(crate) fn act(session: &mut Session, survey: &Survey, dice: &mut Dice<'_>) {
    let position = session.position();
    match (dice.below(12), position) {
        (0..=4, Position::Page(page)) => {
            session.enter(page, answer(session, page, dice));
            let before = session.entry(page).clone();
            if session.advance().is_err() {
                assert!(session.position() == position && *session.entry(page) == before);
                session.skip();
                assert_ne!(session.position(), position);
            }
        }
        (5, Position::Page(page)) => session.enter(page, anything(dice)),
        (6, Position::Page(_)) => drop(session.advance()),
        (7, _) => drop(session.skip()),
        (8, _) => {
            let (possible, went) = (session.can_go_back(), session.back());
            assert_eq!(possible, went);
            assert_eq!(position != session.position(), went);
        }
        (9, _) => {
            let pages: Vec<PageIndex> = session.definition().page_indices().collect();
            session.change(*dice.pick(&pages));
        }
        (10, _) => drop(session.decide(*dice.pick(&[GateChoice::GoOn, GateChoice::Finish]))),
        _ => {
            let language = session.definition().find_language(dice.word(&["en", "pl", "ur", "de"]));
            session.set_language(language.unwrap_or_default());
            let pairs: Vec<(String, String)> = survey
                .contexts
                .iter()
                .map(|(name, values)| (name.clone(), dice.pick(values).clone()))
                .collect();
            let pairs = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()));
            let context = session.definition().accept_context(pairs);
            session.set_context(context);
        }
    }
}

/// An entry as the controls of `page` make it.
fn answer(session: &Session, page: PageIndex, dice: &mut Dice<'_>) -> Entry {
    let offered: Vec<Code> = session.offered(page).iter().map(|choice| choice.code()).collect();
    let PageKind::Question(question) = session.definition().page(page).kind() else {
        return Entry::Nothing;
    };
    match dice.below(8) {
        0 if question.offers_declined() => return Entry::Declined,
        1 if question.offers_dont_know() => return Entry::DontKnow,
        _ => {}
    }
    match question.kind() {
        QuestionKind::Single(_) | QuestionKind::Scale(_) | QuestionKind::Select(_) => {
            Entry::Code(*dice.pick(&offered))
        }
        QuestionKind::Multiple(_) => match dice.below(4) {
            0 => Entry::Codes(offered),
            _ => Entry::Codes((0..dice.below(4)).map(|_| *dice.pick(&offered)).collect()),
        },
        QuestionKind::Rating(rating) => {
            Entry::Number(rating.min + dice.below(usize::from(rating.max - rating.min) + 1) as u8)
        }
        QuestionKind::Text { max_length } | QuestionKind::LongText { max_length } => {
            // As long as it may be, or one more; of one character or of several.
            let length = usize::from(*max_length) - 1 + dice.below(3);
            let characters: Vec<char> =
                (0..=dice.below(3)).map(|_| *dice.pick(&CHARACTERS)).collect();
            text(characters.into_iter().cycle().take(length).collect())
        }
        QuestionKind::Month { .. } => Entry::Month {
            month: ["11", "12", "1", "02", "13", ""][dice.below(6)].to_owned(),
            year: ["2024", "2025", "25", ""][dice.below(4)].to_owned(),
        },
    }
}

/// An entry that no control makes.
fn anything(dice: &mut Dice<'_>) -> Entry {
    let code = |dice: &mut Dice<'_>| Code::new(1 + dice.below(96) as i64).unwrap();
    match dice.below(8) {
        0 => Entry::Nothing,
        1 => Entry::Declined,
        2 => Entry::DontKnow,
        3 => Entry::Code(code(dice)),
        4 => Entry::Codes((0..dice.below(4)).map(|_| code(dice)).collect()),
        5 => Entry::Number(dice.below(256) as u8),
        6 => text(
            (0..dice.below(70)).map(|_| *dice.pick(&[' ', '\0', '\n', 'x', '\u{85}'])).collect(),
        ),
        _ => Entry::Gate(GateChoice::Finish),
    }
}

fn text(text: String) -> Entry {
    Entry::Text(Zeroizing::new(text))
}

/// What holds at every moment, wherever a person is and whatever stands in the controls.
fn holds_always(session: &Session, survey: &Survey) {
    let asked = session.asked();
    if let Position::Page(page) = session.position() {
        assert!(asked.iter().any(|(asked, _)| *asked == page), "the page shown is asked");
    } else {
        assert!(asked.iter().all(|(_, reply)| reply.is_some()), "the check page lists replies");
    }
    for (page, _) in &asked {
        if let Some(progress) = session.progress(*page) {
            assert!((1..=progress.of).contains(&progress.at), "{progress:?}");
        }
    }
    match session.complete(ID, 0) {
        Ok(response) => {
            let at_check = session.position() == Position::Check;
            is_sound(&response, session.definition(), survey, at_check);
        }
        Err((page, _)) => {
            assert_ne!(session.position(), Position::Check, "what is checked can be sent");
            let mut sent_there = session.clone();
            sent_there.change(page);
            assert_eq!(sent_there.position(), Position::Page(page));
        }
    }
}

/// A response is read as what it was, is not too long, and holds answers to what was asked only;
/// to all of it, if the person saw the check page.
fn is_sound(response: &Response, definition: &Definition, survey: &Survey, at_check: bool) {
    let bytes = response.to_json(definition);
    assert!(bytes.len() <= definition.longest_response());
    assert!(Response::parse(definition, &bytes).as_ref() == Ok(response), "read as it was written");

    let json: Json = serde_json::from_slice(&bytes).unwrap();
    let (answers, context) = (json["answers"].as_object().unwrap(), &json["context"]);
    let (mut seen, mut finished) = (0, false);
    for (page, value) in survey.pages.iter().zip(response.values(definition)) {
        let answer = answers.get(&page.key);
        seen += usize::from(answer.is_some());
        assert_eq!(answer.is_some(), is_reply(value), "{}", page.key);
        let asked = !finished && page.is_asked(answers, context);
        match answer {
            Some(answer) => {
                assert!(asked && page.kind != "statement", "{} is not asked", page.key);
                let offered = page.offered(answers, context);
                let codes = match answer {
                    Json::Array(codes) => codes.clone(),
                    answer => vec![answer.clone()],
                };
                let choice = !matches!(page.kind, "rating" | "gate");
                for code in codes.iter().filter_map(Json::as_u64).filter(|_| choice) {
                    assert!(offered.contains(&code), "{} is not offered {code}", page.key);
                }
            }
            None => assert!(
                !(asked && at_check) || page.kind == "statement",
                "{} was asked and is not there",
                page.key
            ),
        }
        finished |= page.kind == "gate" && answer.is_some_and(|answer| answer == "finish");
    }
    assert_eq!(seen, answers.len(), "nothing else is there");
}

fn is_reply(value: Value<'_>) -> bool {
    match value {
        Value::Given(_) => true,
        Value::Missing(missing) => !matches!(missing.name(), "not_asked" | "not_reached"),
    }
}

/// Straight on from where the person is; what is not an answer is skipped.
pub(crate) fn go_on_to_the_end(session: &mut Session) {
    let most = 2 * session.definition().pages().len() + 1;
    for _ in 0..=most {
        if session.position() == Position::Check {
            return;
        }
        if session.advance().is_err() {
            session.skip();
        }
    }
    panic!("not at the end after {most} steps");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn every_session_ends_and_gives_a_sound_response(
        survey in vec(any::<u8>(), 0..300),
        person in vec(any::<u8>(), 0..200),
    ) {
        let survey = generate::survey(&survey);
        let mut session = Session::new(parse(&survey));
        holds_always(&session, &survey);
        let mut dice = Dice(&person);
        while !dice.0.is_empty() {
            act(&mut session, &survey, &mut dice);
            holds_always(&session, &survey);
        }
        go_on_to_the_end(&mut session);
        holds_always(&session, &survey);
        prop_assert!(session.complete(ID, u16::MAX).is_ok());
    }

    #[test]
    fn a_changed_plaintext_is_refused_or_read_as_what_it_says(
        survey in vec(any::<u8>(), 0..300),
        person in vec(any::<u8>(), 0..100),
        changes in vec(any::<u8>(), 1..10),
    ) {
        let survey = generate::survey(&survey);
        let mut session = Session::new(parse(&survey));
        let mut dice = Dice(&person);
        while !dice.0.is_empty() {
            act(&mut session, &survey, &mut dice);
        }
        go_on_to_the_end(&mut session);
        let definition = session.definition();
        let json = session.complete(ID, 1).unwrap().to_json(definition);
        for changed in [changed_bytes(&json, &changes), changed_members(&json, &changes)] {
            let Ok(response) = Response::parse(definition, &changed) else { continue };
            is_sound(&response, definition, &survey, false);
            let read: Json = serde_json::from_slice(&changed).unwrap();
            let written: Json = serde_json::from_slice(&response.to_json(definition)).unwrap();
            prop_assert_eq!(read, written);
        }
    }

    #[test]
    fn bytes_that_are_no_response_are_refused(bytes in vec(any::<u8>(), 0..200)) {
        let definition = Definition::parse(EVERY_PAGE.as_bytes()).unwrap();
        prop_assert!(Response::parse(&definition, &bytes).is_err());
        prop_assert!(Definition::parse(&bytes).is_err());
    }

    #[test]
    fn a_damaged_definition_is_refused_or_read(changes in vec(any::<u8>(), 1..12)) {
        for file in [EVERY_PAGE, MODEL] {
            let _ = Definition::parse(&changed_bytes(file.as_bytes(), &changes));
        }
    }

    #[test]
    fn every_condition_is_read_or_its_fault_is_placed(
        text in prop_oneof!["\\PC{0,60}", "[a-z0-9_ ()<>=!,.\"é]{0,80}"],
        words in vec(prop::sample::select(WORDS), 0..40),
    ) {
        for condition in [text, words.join(" "), words.concat()] {
            for error in condition_errors(&condition) {
                prop_assert_eq!(&error.path, "pages[9].ask_if");
                if let Fault::Syntax { column, .. } = error.fault {
                    let columns = 1..=condition.chars().count() + 1;
                    prop_assert!(columns.contains(&column), "{} in {:?}", column, condition);
                }
            }
        }
    }

    #[test]
    fn months_are_read_as_they_are_written(year in 0..4000_u16, month in 0..20_u8) {
        let Some(there) = Month::new(year, month) else { return Ok(()) };
        prop_assert_eq!(Month::parse(&there.to_string()), Some(there));
    }
}

const WORDS: &[&str] = &[
    "one",
    "many",
    "scale",
    "rate",
    "short",
    "more",
    "word",
    "last",
    "site",
    "and",
    "or",
    "not",
    "in",
    "has",
    "any",
    "answered",
    "context",
    "(",
    ")",
    ",",
    ".",
    "==",
    "!=",
    "<",
    "<=",
    ">",
    ">=",
    "1",
    "2",
    "95",
    "0",
    "99999999999999999999",
    "\"met\"",
    "\"",
    "=",
    "-",
];

fn condition_errors(condition: &str) -> Vec<DefinitionError> {
    let mut definition = crate::common::json(EVERY_PAGE);
    definition["pages"][9]["ask_if"] = condition.into();
    Definition::parse(definition.to_string().as_bytes()).err().unwrap_or_default()
}
