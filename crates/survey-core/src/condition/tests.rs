//! Rows hold a condition and an outcome; one function each knows how to get from one to the other.

use super::*;
use crate::{Definition, Entry, Reply, Session, reply::Answer};
use std::sync::Arc;

/// Three questions, a gate, then one that is asked under `condition`.
fn definition(condition: &str) -> Result<Definition, String> {
    let condition = serde_json::to_string(condition).unwrap();
    let json = format!(
        r#"{{"format":1,"id":"t","version":"1.0.0","languages":["en"],"title":"T","exit_url":"https://a.example",
        "context":{{"site":["met","other"]}},
        "start":{{"body":[]}},"end":{{"heading":"E","body":[]}},"pages":[
        {{"type":"single","key":"one","text":"Q","options":[{{"code":1,"label":"A"}},{{"code":95,"label":"B"}}]}},
        {{"type":"multiple","key":"many","text":"Q","options":[{{"code":1,"label":"A"}},{{"code":2,"label":"B"}},{{"code":3,"label":"C"}}]}},
        {{"type":"rating","key":"rate","text":"Q","min":0,"max":10,"min_label":"-","max_label":"+"}},
        {{"type":"text","key":"words","text":"Q","max_length":10}},
        {{"type":"gate","key":"more","heading":"H","go_on":"G","finish":"F"}},
        {{"type":"text","key":"last","text":"Q","max_length":10,"ask_if":{condition}}},
        {{"type":"text","key":"later","text":"Q","max_length":10}}]}}"#
    );
    Definition::parse(json.as_bytes()).map_err(|errors| errors[0].to_string())
}

#[track_caller]
fn refused(condition: &str, message: &str) {
    assert_eq!(
        definition(condition).map(|_| ()),
        Err(format!("pages[5].ask_if: {message}")),
        "{condition}"
    );
}

/// Whether `last` is asked after the answers `one`, `many`, `rate`.
#[track_caller]
fn holds(condition: &str, one: i64, many: &[i64], rate: Option<u8>, expected: bool) {
    let definition = Arc::new(definition(condition).unwrap());
    let mut session = Session::new(Arc::clone(&definition));
    let code = |c: i64| Code::new(c);
    let page = |key| definition.find(key).unwrap();
    if let Some(code) = code(one) {
        session.enter(page("one"), Entry::Code(code));
    }
    session.enter(page("many"), Entry::Codes(many.iter().copied().filter_map(code).collect()));
    if let Some(number) = rate {
        session.enter(page("rate"), Entry::Number(number));
    }
    while session.advance().unwrap() != crate::Position::Check {}
    let asked = session.asked().iter().any(|(p, _)| *p == page("last"));
    assert_eq!(asked, expected, "{condition} after {one}, {many:?}, {rate:?}");
}

#[test]
fn conditions_say_what_they_mean() {
    holds("one == 95", 95, &[], None, true);
    holds("one == 95", 1, &[], None, false);
    holds("one == 95", 0, &[], None, false);
    holds("one != 95", 0, &[], None, true);
    holds("one in (1, 95)", 95, &[], None, true);
    holds("many has 2", 0, &[1, 2], None, true);
    holds("many has 3", 0, &[1, 2], None, false);
    holds("many has any (3, 1)", 0, &[1, 2], None, true);
    for (sign, less, same, more) in [
        ("==", false, true, false),
        ("!=", true, false, true),
        ("<", true, false, false),
        ("<=", true, true, false),
        (">", false, false, true),
        (">=", false, true, true),
    ] {
        let condition = format!("rate {sign} 7");
        holds(&condition, 0, &[], Some(6), less);
        holds(&condition, 0, &[], Some(7), same);
        holds(&condition, 0, &[], Some(8), more);
        holds(&condition, 0, &[], None, sign == "!=");
    }
    holds("rate >= 7", 0, &[], Some(7), true);
    holds("rate < 7", 0, &[], Some(7), false);
    holds("rate < 7", 0, &[], None, false);
    holds("not rate < 7", 0, &[], None, true);
    holds("rate < 0", 0, &[], Some(0), false);
    holds("rate <= 0", 0, &[], Some(0), true);
    holds("rate > 10", 0, &[], Some(10), false);
    holds("rate >= 10", 0, &[], Some(10), true);
    holds("answered(many)", 0, &[3], None, true);
    holds("answered(many)", 0, &[], None, false);
    holds("context.site == \"met\"", 0, &[], None, false);
    holds("context.site != \"met\"", 0, &[], None, true);
    holds("one == 1 or one == 95 and rate == 0", 1, &[], None, true);
    holds("(one == 1 or one == 95) and rate == 0", 1, &[], None, false);
}

#[test]
fn unknown_names_are_refused_with_both_spellings() {
    refused("on == 1", "unknown question `on`; did you mean `one`?");
    refused(
        "nothing_like_it == 1",
        "unknown question `nothing_like_it`; add it or use one that exists",
    );
    refused("context.sit == \"met\"", "unknown context name `sit`; did you mean `site`?");
    refused("context.site == \"mett\"", "unknown context value `mett`; did you mean `met`?");
    refused("one == 2", "unknown code `one == 2`; add it or use one that exists");
    refused("rate == 11", "unknown number `11`; add it or use one that exists");
}

#[test]
fn nothing_looks_backwards_or_at_itself() {
    let message = |key| {
        format!(
            "`{key}` is not asked before this; a condition may only name earlier pages, so move the page or drop the test"
        )
    };
    refused("answered(later)", &message("later"));
    refused("answered(last)", &message("last"));
}

#[test]
fn tests_fit_the_question_they_name() {
    refused("words == 1", "`words` is a `text` page; only `answered(…)` can be tested there");
    refused("more == 1", "`more` is a `gate` page; it has no answer that could be compared");
    refused("answered(more)", "`more` is a `gate` page; only questions are answered");
    refused(
        "many == 1",
        "condition, column 6: expected `has`, since several options may be chosen",
    );
    refused("one < 3", "condition, column 5: expected `==` or `!=`");
}

#[test]
fn what_does_not_read_says_where() {
    refused("", "condition, column 1: expected the key of an earlier question, `not` or `(`");
    refused("one ==", "condition, column 7: expected a number");
    refused("one == 1 one", "condition, column 10: expected `and`, `or` or the end");
    refused("(one == 1", "condition, column 10: expected `)`");
    refused("one = 1", "condition, column 5: expected a name, a number or a sign such as `==`");
    refused("one == \"ż€\" 1", "condition, column 8: expected a number");
    refused(
        "context.site == \"ż\" €",
        "condition, column 21: expected a name, a number or a sign such as `==`",
    );
    refused("context.site == \"met", "condition, column 17: expected a closing `\"`");
    refused(
        &format!("{}one == 1", "not ".repeat(17)),
        "condition, column 69: expected less nesting (at most 16 levels)",
    );
    refused(&"(".repeat(1001), "found 1001 characters of condition, allowed are 1 to 1000");
}

#[test]
fn an_answer_of_the_wrong_kind_is_no_answer() {
    let text = Answer::Text(zeroize::Zeroizing::new("1".to_owned()));
    let condition = definition("one == 1").unwrap().pages()[5].ask_if.clone().unwrap();
    assert!(!condition.holds(&|_| Some(&text), &Context::default()));
    assert!(Reply::Skipped.answer().is_none());
}

/// The definition with this condition, compiled and read again.
fn compiled(condition: Condition) -> Option<Definition> {
    let mut definition = definition("one == 1").unwrap();
    definition.pages[5].ask_if = Some(condition);
    Definition::from_compiled(&definition.compile(crate::LanguageIndex(0)))
}

#[test]
fn the_deepest_condition_is_compiled_and_a_deeper_one_is_not_read() {
    let nested = |before: &str, after: &str| {
        let text = format!("{}one == 1{}", before.repeat(16), after.repeat(16));
        let condition = definition(&text).unwrap().pages[5].ask_if.clone().unwrap();
        let read = compiled(condition.clone()).expect("it is read");
        assert_eq!(read.pages[5].ask_if, Some(condition), "{text}");
    };
    nested("not ", "");
    nested("(one == 95 or one == 1 and ", ")");
    let wraps: [fn(Node) -> Node; 3] = [
        |node| Node::Not(Box::new(node)),
        |node| Node::Any(vec![node]),
        |node| Node::All(vec![node]),
    ];
    for wrap in wraps {
        let nested = |levels: usize| {
            let test = Node::Test(PageIndex(0), Test::Answered);
            Condition((0..levels).fold(test, |node, _| wrap(node)))
        };
        assert!(compiled(nested(64)).is_some());
        assert!(compiled(nested(65)).is_none());
    }
}

#[test]
fn a_test_that_does_not_exist_is_not_read() {
    let test = |test| Condition(Node::Test(PageIndex(0), test));
    let bytes = |condition: Condition| {
        let mut definition = definition("one == 1").unwrap();
        definition.pages[5].ask_if = Some(condition);
        definition.compile(crate::LanguageIndex(0))
    };
    let (here, there) = (bytes(test(Test::Answered)), bytes(test(Test::Between(1, 0))));
    // Behind the number and the checksum.
    let tag = (5..here.len()).find(|&place| here[place] != there[place]).unwrap();
    let with = |tag_of: u8| {
        let mut bytes = here.clone();
        bytes[tag] = tag_of;
        Definition::from_compiled(&crate::compiled::signed(bytes))
    };
    assert!(with(here[tag]).is_some());
    assert!(with(there[tag] + 1).is_none());
}
