use proptest::prelude::*;

use super::*;

#[track_caller]
fn check(text: &str, number: Option<u32>) {
    let day = text.parse::<Day>().ok();
    assert_eq!(day.map(Day::number), number, "`{text}`");
    if let Some(day) = day {
        assert_eq!(day.to_string(), text);
    }
}

#[test]
fn days_are_counted_from_1970() {
    check("1970-01-01", Some(0));
    check("1970-12-31", Some(364));
    check("2000-02-29", Some(11_016));
    check("2026-11-23", Some(20_780));
    check("2100-02-28", Some(47_540));
    check("2100-03-01", Some(47_541));
    check("9999-12-31", Some(LAST));
}

#[test]
fn days_that_do_not_exist_are_refused() {
    for text in [
        "",
        "1969-12-31",
        "2026-00-01",
        "2026-13-01",
        "2026-01-00",
        "2026-01-32",
        "2026-02-29",
        "2100-02-29",
        "2026-04-31",
        "2026-1-1",
        "2026-01-01 ",
        "+026-01-01",
        "10000-01-01",
        "2026/01/01",
        "20260101",
        "2026-01-0é",
    ] {
        check(text, None);
    }
}

#[test]
fn a_moment_belongs_to_its_day_in_utc() {
    assert_eq!(Day::from_unix_seconds(0), Day::MIN);
    assert_eq!(Day::from_unix_seconds(86_399).to_string(), "1970-01-01");
    assert_eq!(Day::from_unix_seconds(86_400).to_string(), "1970-01-02");
    assert_eq!(Day::from_unix_seconds(1_795_478_399).to_string(), "2026-11-23");
    assert_eq!(Day::from_unix_seconds(1_795_478_400).to_string(), "2026-11-24");
    assert_eq!(Day::from_unix_seconds(u64::MAX), Day::MAX);
}

#[test]
fn every_day_of_three_thousand_years_follows_the_one_before() {
    let (mut year, mut month, mut day) = (1970, 1, 1);
    for number in 0..1_100_000 {
        let expected = format!("{year:04}-{month:02}-{day:02}");
        assert_eq!(Day(number).to_string(), expected);
        assert_eq!(expected.parse(), Ok(Day(number)));
        day += 1;
        if day > days_in(year, month) {
            (day, month) = (1, month + 1);
        }
        if month > 12 {
            (month, year) = (1, year + 1);
        }
    }
}

proptest! {
    #[test]
    fn text_and_number_agree(number in 0..=LAST) {
        let day = Day::from_number(number).unwrap();
        prop_assert_eq!(day.to_string().parse(), Ok(day));
    }

    #[test]
    fn no_text_makes_it_panic(text in ".{0,12}") {
        let _ = text.parse::<Day>();
    }
}

#[test]
fn numbers_past_the_last_day_are_refused() {
    assert_eq!(Day::from_number(LAST), Some(Day::MAX));
    assert_eq!(Day::from_number(LAST + 1), None);
}
