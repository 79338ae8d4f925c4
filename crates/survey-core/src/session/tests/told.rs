//! What a session and its response tell: progress, missing values, context, language.

use super::*;
use crate::Value;

/// `(section, at, of)` on every question of the way.
#[track_caller]
fn progress(name: &str, script: &str, expected: &[(&str, usize, usize)]) {
    let mut session = Session::new(definition());
    act(&mut session, script);
    let pages: Vec<PageIndex> = session.asked().into_iter().map(|(page, _)| page).collect();
    let shown = pages.into_iter().filter_map(|page| {
        let Progress { section, at, of } = session.progress(page)?;
        Some((session.definition().sections()[section.get()].id().to_string(), at, of))
    });
    let shown: Vec<_> = shown.collect();
    let shown: Vec<_> = shown.iter().map(|(s, at, of)| (s.as_str(), *at, *of)).collect();
    assert_eq!(shown, expected, "row `{name}`");
}

#[test]
fn progress_counts_the_questions_that_are_asked() {
    let rest = [("rest", 1, 2), ("rest", 2, 2)];
    progress(
        "at the start",
        "",
        &[&[("core", 1, 3), ("core", 2, 3), ("core", 3, 3)], &rest[..]].concat(),
    );
    let core = [("core", 1, 4), ("core", 2, 4), ("core", 3, 4), ("core", 4, 4)];
    progress("a page more", "group=1 >", &[&core, &rest[..]].concat());
    progress("finished", "group=1 > > > > finish", &core);
    progress(
        "entered only",
        "group=1",
        &[&[("core", 1, 3), ("core", 2, 3), ("core", 3, 3)], &rest[..]].concat(),
    );
}

/// The names of what is there or why it is not, page by page.
#[track_caller]
fn values(name: &str, script: &str, expected: &str) {
    let mut session = Session::new(definition());
    act(&mut session, script);
    let definition = session.definition();
    let response = session.complete(ID, 0).unwrap();
    let word = |value: Value<'_>| match value {
        Value::Given(_) => "given",
        Value::Missing(missing) => missing.name(),
    };
    let found: Vec<&str> = response.values(definition).into_iter().map(word).collect();
    assert_eq!(found.join(" "), expected, "row `{name}`");
    let one_by_one = definition.page_indices().map(|page| word(response.value(definition, page)));
    assert_eq!(found, one_by_one.collect::<Vec<_>>(), "row `{name}`");
}

#[test]
fn a_stop_is_told_from_a_skip_and_from_routing() {
    //     group detail many rate more word text month last
    values(
        "nothing",
        "",
        "not_reached not_reached not_reached not_reached not_reached not_asked not_reached not_reached not_reached",
    );
    values(
        "stopped, detail left out",
        "group=3 >",
        "given not_asked not_reached not_reached not_reached not_asked not_reached not_reached not_reached",
    );
    values(
        "stopped, detail ahead",
        "group=1 >",
        "given not_reached not_reached not_reached not_reached not_asked not_reached not_reached not_reached",
    );
    values(
        "what stands there counts",
        "group=1 > detail=1",
        "given given not_reached not_reached not_reached not_asked not_reached not_reached not_reached",
    );
    values(
        "finished",
        "skip > > finish",
        "skipped not_asked skipped skipped given not_asked not_asked not_asked not_asked",
    );
    values(
        "to the end",
        "skip > > go_on > >",
        "skipped not_asked skipped skipped given not_asked skipped skipped not_asked",
    );
    values(
        "declined is an answer to routing",
        "group=declined > >",
        "declined not_asked skipped not_reached not_reached not_asked not_reached not_reached not_reached",
    );
}

#[test]
fn context_is_accepted_as_declared_and_before_the_first_answer() {
    let definition = definition();
    let context = |pairs: &[(&str, &str)]| definition.accept_context(pairs.iter().copied());
    let shown = |context: &Context| -> Vec<(String, String)> {
        let pairs = definition.context_pairs(context);
        pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
    };
    let met = [("site".to_owned(), "met".to_owned())];
    assert_eq!(shown(&context(&[("site", "met")])), met);
    assert_eq!(shown(&context(&[("site", "Met")])), []);
    assert_eq!(shown(&context(&[("name", "Ann"), ("site", "met"), ("site ", "met")])), met);

    let asked =
        |session: &Session| session.asked().iter().any(|(page, _)| *page == find(session, "last"));
    let mut session = Session::new(Arc::clone(&definition));
    assert!(!asked(&session));
    session.set_context(context(&[("site", "met")]));
    assert!(asked(&session));
    session.skip();
    session.set_context(context(&[]));
    assert!(asked(&session), "too late to change what is asked");
    let json = session.complete(ID, 0).unwrap().to_json(&definition);
    let json: Json = serde_json::from_slice(&json).unwrap();
    assert_eq!(json["context"], json!({"site": "met"}));
    // One of another definition.
    Session::new(definition).set_context(Context(Vec::new()));
}

#[test]
fn languages_change_without_losing_an_answer() {
    let mut session = Session::new(definition());
    act(&mut session, "group=1 > detail=1");
    for (tag, expected) in
        [("en", "en"), ("pl", "pl"), ("pl-PL", "pl"), ("PL", "pl"), ("EN-us", "en")]
    {
        let language = session.definition().find_language(tag).unwrap();
        session.set_language(language);
        assert_eq!(session.language_tag().as_str(), expected, "{tag}");
        let json = session.complete(ID, 3).unwrap().to_json(session.definition());
        let json: Json = serde_json::from_slice(&json).unwrap();
        assert_eq!(json["lang"], expected, "{tag}");
        assert_eq!(json["answers"], json!({"group": 1, "detail": 1}), "{tag}");
    }
    assert!(session.definition().find_language("de").is_none());
    assert!(session.definition().find_language("").is_none());
}

#[test]
fn a_refusal_is_something_to_send_a_skip_is_not() {
    for (script, expected) in [
        ("", false),
        ("skip skip", false),
        ("group=declined >", true),
        ("skip skip skip go_on", false),
        ("group=1 >", true),
        ("group=1 > detail=1 > change:group group=nothing >", false),
    ] {
        let mut session = Session::new(definition());
        act(&mut session, script);
        assert_eq!(session.has_answers(), expected, "{script}");
    }
}

#[test]
fn debug_shows_neither_answers_nor_the_way() {
    let mut session = Session::new(definition());
    act(&mut session, ALL);
    let response = session.complete(ID, 0).unwrap();
    assert_eq!(format!("{session:?}"), "Session(_)");
    assert_eq!(format!("{response:?} {:?}", response.id()), "Response(_) ResponseId(_)");
    let shown = format!("{:?} {:?}", session.asked(), response.values(session.definition()));
    for answer in ["yes", "2025", "1", "7", "Codes", "GoOn"] {
        let shown = shown.replace("PageIndex(1)", "").replace("PageIndex(7)", "");
        assert!(!shown.contains(answer), "{answer} in {shown}");
    }
}
