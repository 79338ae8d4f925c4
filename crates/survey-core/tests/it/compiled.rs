//! A compiled definition is the definition, in one language.

use std::sync::Arc;

use proptest::{collection::vec, prelude::*};
use survey_core::{
    Choices, Definition, LanguageIndex, PageKind, Position, QuestionKind, Session, Text,
};

use crate::{
    common::{EVERY_PAGE, MODEL},
    dice::Dice,
    generate,
    properties::{ID, act, go_on_to_the_end, parse},
};

fn compiled(definition: &Definition, language: LanguageIndex) -> Definition {
    let bytes = definition.compile(language);
    let compiled = Definition::from_compiled(&bytes).expect("what was written is read");
    assert_eq!(compiled.compile(language), bytes, "nothing gets lost");
    compiled
}

fn languages(definition: &Definition) -> impl Iterator<Item = LanguageIndex> {
    definition.languages().iter().map(|tag| definition.find_language(tag.as_str()).unwrap())
}

/// Everything that a page can show, in the order of its members.
fn texts(definition: &Definition) -> Vec<&Text> {
    let mut texts = vec![definition.title(), &definition.end().heading];
    texts.extend(definition.owner());
    texts.extend(definition.start());
    texts.extend(&definition.end().body);
    texts.extend(definition.sections().iter().map(|section| section.title()));
    for line in definition.support_lines() {
        texts.push(line.name());
        texts.extend(line.hours().into_iter().chain(line.note()));
    }
    for page in definition.pages() {
        match page.kind() {
            PageKind::Statement(statement) => {
                texts.push(&statement.heading);
                texts.extend(&statement.body);
            }
            PageKind::Gate(gate) => {
                texts.extend([&gate.heading, &gate.go_on, &gate.finish]);
                texts.extend(&gate.body);
            }
            PageKind::Question(question) => {
                texts.push(question.text());
                texts.extend(question.hint());
                texts.extend(question.body());
                if let QuestionKind::Rating(rating) = question.kind() {
                    texts.extend([&rating.min_label, &rating.max_label]);
                }
                for choice in question.kind().choices().map_or(&[][..], Choices::all) {
                    texts.push(choice.label());
                    texts.extend(choice.hint());
                }
            }
        }
    }
    texts
}

/// What a widget is told of a definition, texts apart.
fn told(definition: &Definition) -> String {
    let shown = definition.pages().iter().map(|page| {
        let kind = match page.kind() {
            PageKind::Statement(statement) => format!("{}", statement.support),
            PageKind::Gate(_) => String::new(),
            PageKind::Question(question) => {
                let kind = match question.kind() {
                    QuestionKind::Rating(rating) => format!("{} {}", rating.min, rating.max),
                    QuestionKind::Text { max_length } | QuestionKind::LongText { max_length } => {
                        format!("{max_length}")
                    }
                    QuestionKind::Month { from, to } => format!("{from} {to}"),
                    kind => kind.choices().map_or(String::new(), |choices| {
                        let codes = |choices: &[survey_core::Choice]| {
                            let told = |c: &survey_core::Choice| (c.code().get(), c.is_exclusive());
                            choices.iter().map(told).collect::<Vec<_>>()
                        };
                        format!("{:?} {:?}", codes(choices.main()), codes(choices.also()))
                    }),
                };
                format!("{kind} {} {}", question.offers_declined(), question.offers_dont_know())
            }
        };
        format!("{} {} {:?} {kind}\n", page.key(), page.kind().type_name(), page.section())
    });
    let shown: String = shown.collect();
    let names = definition.context_names().map(|(name, values)| (name, values.collect::<Vec<_>>()));
    let lines = definition.support_lines().iter().map(|line| (line.phone(), line.url()));
    let sections = definition.sections().iter().map(|section| section.id());
    let recipients = definition.recipients().iter().map(|r| (r.kid(), r.key()));
    format!(
        "{shown}{:?} {} {:?} {} {} {:?} {:?} {:?} {:?} {:?}",
        definition.id(),
        definition.version(),
        definition.languages(),
        definition.exit_url(),
        definition.longest_response(),
        definition.submit().collect::<Vec<_>>(),
        names.collect::<Vec<_>>(),
        lines.collect::<Vec<_>>(),
        sections.collect::<Vec<_>>(),
        recipients.collect::<Vec<_>>(),
    )
}

fn says_the_same(definition: &Definition) {
    for language in languages(definition) {
        let compiled = compiled(definition, language);
        assert_eq!(compiled.start_language(), language);
        assert_eq!(told(&compiled), told(definition));
        let (here, there) = (texts(&compiled), texts(definition));
        assert_eq!(here.len(), there.len());
        for (here, there) in here.into_iter().zip(there) {
            assert_eq!(here.get(language), there.get(language));
        }
    }
}

#[test]
fn our_own_surveys_say_the_same() {
    for file in [EVERY_PAGE, MODEL] {
        let definition = Definition::parse(file.as_bytes()).unwrap();
        assert_eq!(definition.start_language(), LanguageIndex::default());
        says_the_same(&definition);
    }
}

#[test]
fn keys_addresses_and_lines_are_there() {
    let mut json = crate::common::json(MODEL);
    let helplines = crate::common::json(crate::common::HELPLINES);
    json["support_lines"] = helplines["lines"].clone();
    json["submit"] = serde_json::json!(["https://a.example/ssp", "http://127.0.0.1:8080/ssp"]);
    json["recipients"] = serde_json::json!([
        {"kid": "0123456789abcdef", "key": "A".repeat(1_622), "label": "Desk", "not_after": "2027-03-31"},
        {"kid": "ffffffffffffffff", "key": "_".repeat(1_621) + "w"},
    ]);
    let definition = Definition::parse(json.to_string().as_bytes()).unwrap();
    says_the_same(&definition);
    let compiled = compiled(&definition, LanguageIndex::default());
    assert_eq!(compiled.recipients()[1].key(), [0xff; 1_216]);
    assert_eq!(compiled.recipients()[1].kid(), [0xff; 8]);
    assert_eq!(compiled.submit().next(), Some("https://a.example/ssp"));
    assert!(!compiled.support_lines().is_empty());
}

#[test]
fn a_session_starts_in_the_language_of_its_definition() {
    let definition = Definition::parse(EVERY_PAGE.as_bytes()).unwrap();
    let polish = definition.find_language("pl").unwrap();
    let session = Session::new(Arc::new(compiled(&definition, polish)));
    assert_eq!(session.language_tag().as_str(), "pl");
    assert_eq!(session.definition().title().get(polish).text, "Twoja opinia");
    let owner = session.definition().owner().unwrap().get(polish);
    assert_eq!(owner.fallback, Some(LanguageIndex::default()), "it is not translated");
}

/// What a person sees and what is sent.
fn seen(session: &Session) -> String {
    let shown = match session.position() {
        Position::Check => "check".to_owned(),
        Position::Page(page) => {
            let offered = session.offered(page).iter().map(|c| c.code().get()).collect::<Vec<_>>();
            format!("{page:?} {offered:?} {:?}", session.progress(page))
        }
    };
    let asked: Vec<_> =
        session.asked().iter().map(|(page, reply)| (*page, reply.is_some())).collect();
    let sent = match session.complete(ID, 7) {
        Ok(response) => String::from_utf8(response.to_json(session.definition()).to_vec()).unwrap(),
        Err(problem) => format!("{problem:?}"),
    };
    format!("{shown} {asked:?} {} {} {sent}", session.can_go_back(), session.has_answers())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn every_survey_says_the_same(survey in vec(any::<u8>(), 0..300)) {
        says_the_same(&parse(&generate::survey(&survey)));
    }

    #[test]
    fn every_person_is_asked_the_same(
        survey in vec(any::<u8>(), 0..300),
        person in vec(any::<u8>(), 0..150),
    ) {
        let survey = generate::survey(&survey);
        let definition = parse(&survey);
        for language in languages(&definition) {
            let mut read = Session::new(Arc::clone(&definition));
            read.set_language(language);
            let mut compiled = Session::new(Arc::new(compiled(&definition, language)));
            let (mut dice, mut again) = (Dice(&person), Dice(&person));
            while !dice.0.is_empty() {
                act(&mut read, &survey, &mut dice);
                act(&mut compiled, &survey, &mut again);
                prop_assert_eq!(seen(&read), seen(&compiled));
            }
            go_on_to_the_end(&mut read);
            go_on_to_the_end(&mut compiled);
            prop_assert_eq!(seen(&read), seen(&compiled));
        }
    }
}
