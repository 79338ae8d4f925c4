use super::*;

const CIRCUMSTANCES: &str = r#"{"date":"2026-01-01","browser":"b","node":"v1","machine":"m","versions":{},"built":{"commit":"c","rustc":"r","survey":"s"}}"#;

fn row(round: u32, target: &str, values: &str, problems: &str) -> String {
    format!(
        r#"{{"round":{round},"load":1,"target":"{target}","size":20,"profile":"none","mode":"look","values":{{{values}}},"problems":[{problems}]}}"#
    )
}

fn runs(rows: &[String]) -> Runs {
    Runs::parse(&format!("{CIRCUMSTANCES}\n{}", rows.join("\n"))).expect("well formed")
}

fn case(target: &str) -> Case<'_> {
    Case { target, size: 20, profile: "none" }
}

#[test]
fn the_median_of_an_even_number_lies_between_two() {
    for (numbers, median) in
        [(vec![3.0, 1.0, 2.0], 2.0), (vec![4.0, 1.0, 2.0, 3.0], 2.5), (vec![7.0], 7.0)]
    {
        assert_eq!(Spread::of(numbers.clone()).map(|it| it.median), Some(median), "{numbers:?}");
    }
    assert_eq!(Spread::of(Vec::new()), None);
}

#[test]
fn equal_numbers_are_shown_once() {
    let spread = |numbers: &[f64]| Spread::of(numbers.to_vec()).expect("not empty");
    assert_eq!(spread(&[1.0, 1.2, 0.9]).shown(1.0, 0), "1");
    assert_eq!(spread(&[1.0, 3.0, 1.6]).shown(1.0, 0), "2 (1–3)");
    assert_eq!(spread(&[1_500_000.0, 2_500_000.0]).shown(1e6, 2), "2.00 (1.50–2.50)");
}

#[test]
fn visits_are_compared_within_their_round() {
    let runs = runs(&[
        row(1, "page", r#""first":10"#, ""),
        row(1, "bare", r#""first":10"#, ""),
        row(2, "page", r#""first":400"#, ""),
        row(2, "bare", r#""first":200"#, ""),
        row(3, "page", r#""first":7"#, ""), // alone in its round
    ]);
    let ratio = runs.ratio(case("page"), case("bare"), "first").expect("two rounds");
    assert_eq!((ratio.least, ratio.median, ratio.most), (1.0, 1.5, 2.0));
}

#[test]
fn less_than_a_millisecond_is_no_difference() {
    let runs = runs(&[
        row(1, "page", r#""next":50.9,"cpu":1"#, ""),
        row(1, "bare", r#""next":50,"cpu":0"#, ""),
        row(2, "page", r#""next":55"#, ""),
        row(2, "bare", r#""next":50"#, ""),
    ]);
    let ratio = runs.ratio(case("page"), case("bare"), "next").expect("two rounds");
    assert_eq!((ratio.least, ratio.most), (1.0, 1.1));
    assert_eq!(runs.ratio(case("page"), case("bare"), "cpu"), None, "nothing to divide by");
}

#[test]
fn both_visits_of_a_round_belong_to_one_case() {
    let runs = runs(&[
        row(1, "page", r#""heap":3,"wasm":4,"first":1"#, ""),
        row(1, "page", r#""ready":5"#, ""),
    ]);
    assert_eq!(runs.cases("none"), [case("page")]);
    let median = |measure| runs.spread(case("page"), measure).map(|it| it.median);
    assert_eq!((median("memory"), median("ready")), (Some(7.0), Some(5.0)));
}

#[test]
fn a_visit_with_a_problem_counts_only_as_one() {
    let runs = runs(&[
        row(1, "page", r#""first":null"#, r#""it \"broke\"""#),
        row(2, "page", r#""first":9"#, r#""it \"broke\"""#),
        row(3, "page", r#""first":5"#, ""),
    ]);
    assert_eq!(runs.spread(case("page"), "first").map(|it| it.most), Some(5.0));
    let problem = "page, 20 questions, none: it \"broke\"".to_owned();
    assert_eq!(runs.problems(), BTreeMap::from([(problem, 2)]));
}

#[test]
fn a_broken_line_is_named() {
    let text = format!("{CIRCUMSTANCES}\n{}\n{{", row(1, "page", "", ""));
    let error = Runs::parse(&text).err().expect("the last line is cut off");
    assert!(format!("{error:#}").starts_with("line 3"), "{error:#}");
}
