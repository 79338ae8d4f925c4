//! What is not an answer, and what is one though it answers nothing.

use super::*;
use crate::Month;

/// The person is told of `problem`, stays where they are, and loses nothing.
#[track_caller]
fn refused(name: &str, before: &str, script: &str, problem: Problem) {
    let mut session = Session::new(definition());
    assert_eq!(act(&mut session, before), [], "row `{name}`");
    let at = session.position();
    let Position::Page(page) = at else { panic!("row `{name}`: no page") };
    act(&mut session, script);
    let entered = session.entry(page).clone();
    assert_eq!(session.advance(), Err(problem), "row `{name}`");
    assert!(session.position() == at && *session.entry(page) == entered, "row `{name}`");
    assert_eq!(session.complete(ID, 0), Err((page, problem)), "row `{name}`");
    // Going back does not hide it from whoever sends then.
    if session.back() {
        assert!(*session.entry(page) == entered, "row `{name}`");
        assert_eq!(session.complete(ID, 0), Err((page, problem)), "row `{name}`, after back");
        session.change(page);
        assert_eq!(session.position(), at, "row `{name}`, sent there");
    }
    session.skip();
    assert!(session.complete(ID, 0).is_ok(), "row `{name}`, skipped");
}

#[test]
fn what_is_not_an_answer_is_named_and_kept() {
    let many = "skip";
    let text = "skip skip skip go_on";
    let (from, to) = (Month::parse("2020-01").unwrap(), Month::parse("2026-12").unwrap());
    refused("too long", text, "text=much_too_long", Problem::TooLong { length: 13, max: 5 });
    refused("none and one", many, "many=9+1", Problem::ExclusiveWithOthers);
    refused("a code of another question", "", "group=4", Problem::NotOffered);
    refused("a number off the scale", "skip skip", "rate=11", Problem::NotOffered);
    refused("declined where not offered", many, "many=declined", Problem::NotOffered);
    refused("not known where not offered", "", "group=dont_know", Problem::NotOffered);
    refused("text that is declined", text, "text=declined", Problem::NotOffered);
    refused("no year", &format!("{text} skip"), "month=3/", Problem::YearMissing);
    refused("no month", &format!("{text} skip"), "month=/2025", Problem::MonthMissing);
    refused(
        "too late",
        &format!("{text} skip"),
        "month=1/2027",
        Problem::MonthOutOfRange { from, to },
    );
}

#[test]
fn refusals_are_answers_of_their_own_where_they_are_offered() {
    check("declined", "group=declined >", "many", json!({"group": {"missing": "declined"}}));
    check(
        "not known",
        "skip many=dont_know >",
        "rate",
        json!({"group": skipped(), "many": {"missing": "dont_know"}}),
    );
}

#[test]
fn exclusive_options_stand_alone() {
    check("alone", "skip many=9 >", "rate", json!({"group": skipped(), "many": [9]}));
    check(
        "others together, in order",
        "skip many=2+1 >",
        "rate",
        json!({"group": skipped(), "many": [1, 2]}),
    );
    check(
        "none ticked",
        "skip many=nothing >",
        "rate",
        json!({"group": skipped(), "many": skipped()}),
    );
    // The second group is not offered option 2: the person cannot see it, so it is dropped.
    check(
        "hidden",
        "group=2 > skip many=1+2 >",
        "rate",
        json!({"group": 2, "detail": skipped(), "many": [1]}),
    );
}
