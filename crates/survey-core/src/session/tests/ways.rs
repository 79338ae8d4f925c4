//! Where a person goes, and which answers then count.

use super::*;

#[test]
fn what_was_entered_stays_through_back_and_forth() {
    check("straight on", ALL, "check", all(&[]));
    check("back and on again", &format!("{ALL} < < < < > > > >"), "check", all(&[]));
    check("to the very first", &format!("{ALL} {}", "< ".repeat(20)), "group", all(&[]));
    check(
        "back keeps what is new",
        "group=1 > detail=4 <",
        "group",
        json!({"group": 1, "detail": 4}),
    );
    check(
        "back keeps what was changed",
        "group=1 > detail=4 > < detail=2 <",
        "group",
        json!({"group": 1, "detail": 2}),
    );
    check(
        "back keeps what was cleared",
        "group=1 > detail=4 > < detail=nothing <",
        "group",
        json!({"group": 1, "detail": skipped()}),
    );
    check("nothing entered, nothing skipped", "group=1 > <", "group", json!({"group": 1}));
}

#[test]
fn an_answer_that_no_longer_counts_is_not_sent_and_comes_back_with_its_condition() {
    let other = format!("{ALL} change:group group=3 >");
    check(
        "page no longer asked",
        &other,
        "check",
        all(&[("group", json!(3)), ("detail", Json::Null)]),
    );
    check("and asked again", &format!("{other} change:group group=1 >"), "check", all(&[]));
    let second = format!("{ALL} change:group group=2 >");
    // Its answer was one of those that only the first group is offered: it is asked anew.
    check(
        "option no longer offered",
        &second,
        "detail",
        all(&[("group", json!(2)), ("detail", Json::Null), ("many", json!([1]))]),
    );
    check(
        "answered anew",
        &format!("{second} detail=3 >"),
        "check",
        all(&[("group", json!(2)), ("detail", json!(3)), ("many", json!([1]))]),
    );
    check(
        "passed over",
        &format!("{second} >"),
        "check",
        all(&[("group", json!(2)), ("detail", skipped()), ("many", json!([1]))]),
    );
    check("a slip of the finger", &format!("{second} < group=1 >"), "check", all(&[]));
    check(
        "option still offered",
        &format!("{ALL} change:detail detail=4 > change:group group=2 >"),
        "check",
        all(&[("group", json!(2)), ("detail", json!(4)), ("many", json!([1]))]),
    );
}

#[test]
fn changing_an_answer_leads_back_by_way_of_what_it_opened() {
    check(
        "nothing opened",
        &format!("{ALL} change:month month=4/2025 >"),
        "check",
        all(&[("month", json!("2025-04"))]),
    );
    check(
        "a statement opened",
        &format!("{ALL} change:rate rate=1 >"),
        "word",
        all(&[("rate", json!(1))]),
    );
    check(
        "and read",
        &format!("{ALL} change:rate rate=1 > >"),
        "check",
        all(&[("rate", json!(1))]),
    );
    check(
        "from declined",
        "group=declined > > > finish change:group group=2 >",
        "detail",
        json!({"group": 2, "many": skipped(), "rate": skipped(), "more": "finish"}),
    );
    let later = all(&[("month", json!("2025-04"))]);
    check("left by back", &format!("{ALL} change:month month=4/2025 <"), "check", later.clone());
    check("the first page, left by back", &format!("{ALL} change:group <"), "check", all(&[]));
    check("back twice", &format!("{ALL} change:month < <"), "last", all(&[]));
    let opened = format!("{ALL} change:rate rate=1 <");
    check("left by back, with a page opened", &opened, "many", all(&[("rate", json!(1))]));
    check("and on", &format!("{opened} >"), "word", all(&[("rate", json!(1))]));
    check(
        "back from what opened",
        &format!("{ALL} change:rate rate=1 > <"),
        "more",
        all(&[("rate", json!(1))]),
    );
    check(
        "and on to it",
        &format!("{ALL} change:rate rate=1 > < > >"),
        "check",
        all(&[("rate", json!(1))]),
    );
    check(
        "from another page",
        &format!("{ALL} < last=2 change:rate rate=8 >"),
        "check",
        all(&[("rate", json!(8)), ("last", json!(2))]),
    );
    check("a page that is not asked", &format!("{ALL} change:word"), "check", all(&[]));
}

#[test]
fn a_gate_ends_the_survey_until_it_is_opened() {
    let early =
        json!({"group": {"missing": "declined"}, "many": skipped(), "rate": 5, "more": "finish"});
    let finish = "group=declined > > rate=5 > finish";
    check("finish", finish, "check", early.clone());
    let mut on = early;
    on["more"] = json!("go_on");
    check("changed to go on", &format!("{finish} change:more go_on"), "text", on.clone());
    check("by way of back", &format!("{finish} < go_on"), "text", on.clone());
    on["text"] = skipped();
    on["month"] = json!({"missing": "skipped"});
    check("to the end", &format!("{finish} < go_on > >"), "check", on);
    check(
        "changed to finish",
        &format!("{ALL} change:more finish"),
        "check",
        json!({"group": 1, "detail": 1, "many": [1, 2], "rate": 7, "more": "finish"}),
    );
    check(
        "and back to go on",
        &format!("{ALL} change:more finish change:more go_on"),
        "check",
        all(&[]),
    );
    check("no gate, no decision", "group=2 finish", "group", json!({"group": 2}));
    check(
        "a gate can be passed over",
        "skip skip skip >",
        "text",
        json!({"group": skipped(), "many": skipped(), "rate": skipped(), "more": skipped()}),
    );
}
