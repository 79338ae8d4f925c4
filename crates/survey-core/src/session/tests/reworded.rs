//! The same definition in the words of another language.

use super::*;

/// What a document in the language with this tag holds.
fn words(definition: &Definition, tag: &str) -> Arc<Definition> {
    let language = definition.find_language(tag).unwrap();
    Arc::new(Definition::from_compiled(&definition.compile(language)).unwrap())
}

#[test]
fn nothing_is_lost_when_the_words_change() {
    let definition = definition();
    for script in [
        "",
        "group=1",
        "group=2 > detail=3 > many=1+9",
        "group=1 > detail=2 > many=1 > rate=2 > go_on > text=much_too_long >",
        "group=3 > many=9 > rate=9 > finish",
        "group=3 > many=9 > rate=9 > finish change:group group=1",
    ] {
        let mut stays = Session::new(words(&definition, "en"));
        act(&mut stays, script);
        let mut changes = stays.clone();
        assert!(changes.reword(words(&definition, "pl")), "{script}");
        assert_eq!(changes.language_tag().as_str(), "pl", "{script}");
        assert_eq!(position(&changes), position(&stays), "{script}");
        for page in definition.page_indices() {
            assert!(changes.entry(page) == stays.entry(page), "{script}");
        }
        // And goes on as it would have.
        assert_eq!(act(&mut changes, "> >"), act(&mut stays, "> >"), "{script}");
        assert_eq!(position(&changes), position(&stays), "{script}");
        let sent = |session: &Session| {
            session.complete(ResponseId([7; 16]), 0).map(|response| response.language()).ok()
        };
        assert_eq!(sent(&changes).is_some(), sent(&stays).is_some(), "{script}");
        assert!(sent(&changes).is_none_or(|sent| sent == definition.find_language("pl").unwrap()));
    }
}

#[test]
fn the_words_of_another_survey_are_refused() {
    let definition = definition();
    for (from, to) in [
        ("\"id\": \"t\"", "\"id\": \"u\""),
        ("1.0.0", "1.0.1"),
        ("\"other\"]}", "\"other\"], \"more\": [\"a\"]}"),
        (
            "{\"type\": \"gate\", \"key\": \"more\", \"heading\": \"H\", \"go_on\": \"G\", \"finish\": \"F\"},",
            "",
        ),
    ] {
        let other = SURVEY.replacen(from, to, 1);
        assert_ne!(other, SURVEY);
        let other = Definition::parse(other.as_bytes()).unwrap();
        let mut session = Session::new(Arc::clone(&definition));
        act(&mut session, "group=1");
        assert!(!session.reword(words(&other, "pl")), "{from}");
        assert_eq!(session.language_tag().as_str(), "en");
        assert!(Arc::ptr_eq(session.definition(), &definition));
    }
}
