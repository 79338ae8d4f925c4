//! What every store must do, whatever the database.

use std::{collections::HashSet, sync::Arc};

use survey_wire::{Day, Digest, EnvelopeId};

use super::{Filter, Mark, Outcome, Place, Row, Store};

/// Makes one test of each rule of this suite. `$make` gives a fresh, empty store and whatever has
/// to outlive it.
macro_rules! store_suite {
    ($make:path) => {
        $crate::store::suite::store_suite!($make:
            a_new_row_is_stored
            the_same_envelope_again_keeps_its_first_day
            another_envelope_under_the_same_id_changes_nothing
            repetitions_inside_a_batch_are_seen
            batches_of_every_length_are_stored_whole
            rows_come_back_byte_for_byte
            listings_go_by_day_and_id_and_not_by_arrival
            listings_keep_to_days_and_survey
            pages_of_any_size_join_up
            writers_and_readers_do_not_wait_for_each_other
            a_closed_store_says_so
        );
    };
    ($make:path: $($rule:ident)*) => {
        $(#[tokio::test]
        async fn $rule() {
            let (store, _guard) = $make().await;
            $crate::store::suite::$rule(&store).await;
        })*
    };
}
pub(crate) use store_suite;

pub(crate) fn day(number: u32) -> Day {
    Day::from_number(number).unwrap()
}

/// A row like any other; the same number gives the same row. Ids are in no order.
pub(crate) fn row(number: u32) -> Row {
    let noise = survey_wire::digest(&number.to_be_bytes());
    let body: Arc<str> = format!("body {number}").into();
    Row {
        id: EnvelopeId(noise[..16].try_into().unwrap()),
        survey: "vc-2026".parse().unwrap(),
        day: day(20_000),
        digest: Digest::of(body.as_bytes()),
        del: noise,
        body,
    }
}

fn all() -> Filter {
    Filter { days: Day::MIN..=Day::MAX, survey: None }
}

/// Everything that `filter` lets through, read in pages of `limit`.
async fn read(store: &impl Store, filter: &Filter, limit: u32) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    let mut marks: Vec<Mark> = Vec::new();
    loop {
        let page = store.rows(filter, rows.last().map(place), limit).await.unwrap();
        let page_marks = store.marks(filter, marks.last().map(|m| m.place), limit).await.unwrap();
        if page.is_empty() && page_marks.is_empty() {
            break;
        }
        assert!(page.len() <= limit as usize);
        rows.extend(page);
        marks.extend(page_marks);
    }
    let expected = rows.iter().map(|row| Mark { place: place(row), digest: row.digest });
    assert_eq!(marks, expected.collect::<Vec<_>>(), "listings with and without bodies agree");
    rows
}

fn place(row: &Row) -> Place {
    (row.day, row.id)
}

pub(crate) async fn a_new_row_is_stored(store: &impl Store) {
    let row = row(1);
    assert_eq!(store.find(row.id).await, Ok(None));
    assert_eq!(store.insert(std::slice::from_ref(&row)).await, Ok(vec![Outcome::Stored]));
    assert_eq!(store.find(row.id).await, Ok(Some((row.digest, row.day))));
    assert_eq!(store.probe().await, Ok(()));
}

pub(crate) async fn the_same_envelope_again_keeps_its_first_day(store: &impl Store) {
    let first = row(1);
    let again = Row { day: day(20_001), ..first.clone() };
    store.insert(std::slice::from_ref(&first)).await.unwrap();
    assert_eq!(store.insert(&[again]).await, Ok(vec![Outcome::Known(first.day)]));
    assert_eq!(read(store, &all(), 9).await, [first]);
}

pub(crate) async fn another_envelope_under_the_same_id_changes_nothing(store: &impl Store) {
    let first = row(1);
    let other = Row { id: first.id, ..row(2) };
    store.insert(std::slice::from_ref(&first)).await.unwrap();
    // With others around it that are stored all the same.
    let batch = [row(3), other, row(4)];
    let outcomes = store.insert(&batch).await;
    assert_eq!(outcomes, Ok(vec![Outcome::Stored, Outcome::Conflict, Outcome::Stored]));
    assert_eq!(store.find(first.id).await, Ok(Some((first.digest, first.day))));
    assert_eq!(read(store, &all(), 9).await.len(), 3);
}

pub(crate) async fn repetitions_inside_a_batch_are_seen(store: &impl Store) {
    let first = row(1);
    let other = Row { id: first.id, ..row(2) };
    let outcomes = store.insert(&[first.clone(), first.clone(), other, first.clone()]).await;
    let known = Outcome::Known(first.day);
    assert_eq!(outcomes, Ok(vec![Outcome::Stored, known, Outcome::Conflict, known]));
    assert_eq!(read(store, &all(), 9).await, [first]);
}

pub(crate) async fn batches_of_every_length_are_stored_whole(store: &impl Store) {
    assert_eq!(store.insert(&[]).await, Ok(vec![]));
    let mut numbers = 0..;
    let mut total = 0;
    for len in (1..20).chain([127, 128, 129, 255, 512]) {
        let batch: Vec<_> = numbers.by_ref().take(len).map(row).collect();
        assert_eq!(store.insert(&batch).await, Ok(vec![Outcome::Stored; len]));
        total += len;
    }
    let ids: HashSet<_> = read(store, &all(), 1_000).await.iter().map(|row| row.id).collect();
    assert_eq!(ids.len(), total);
}

pub(crate) async fn rows_come_back_byte_for_byte(store: &impl Store) {
    let body = "{ \"é\":\t\"\\u0000 '; DROP TABLE envelope; --\"\r\n}";
    let odd = Row { body: body.into(), ..row(1) };
    let longest = Row { body: "x".repeat(65_536).into(), ..row(2) };
    store.insert(&[odd.clone(), longest.clone()]).await.unwrap();
    let mut expected = [odd, longest];
    expected.sort_by_key(place);
    assert_eq!(read(store, &all(), 9).await, expected);
}

pub(crate) async fn listings_go_by_day_and_id_and_not_by_arrival(store: &impl Store) {
    let later = |number: u32| Row { day: day(20_000 + number % 3), ..row(number) };
    let mut rows: Vec<_> = (0..60).map(later).collect();
    for row in &rows {
        store.insert(std::slice::from_ref(row)).await.unwrap();
    }
    rows.sort_by_key(place);
    assert_eq!(read(store, &all(), 100).await, rows);
}

pub(crate) async fn listings_keep_to_days_and_survey(store: &impl Store) {
    let make = |number: u32| Row {
        day: day(20_000 + number % 4),
        survey: ["one", "two"][number as usize / 4 % 2].parse().unwrap(),
        ..row(number)
    };
    let mut rows: Vec<_> = (0..40).map(make).collect();
    store.insert(&rows).await.unwrap();
    rows.sort_by_key(place);
    for (from, to) in
        [(20_000, 20_003), (20_001, 20_002), (20_002, 20_002), (19_000, 19_999), (20_003, 20_001)]
    {
        for survey in [None, Some("one"), Some("two"), Some("three")] {
            let survey = survey.map(|name| name.parse().unwrap());
            let filter = Filter { days: day(from)..=day(to), survey };
            let wanted = rows.iter().filter(|row| {
                filter.days.contains(&row.day)
                    && filter.survey.as_ref().is_none_or(|survey| *survey == row.survey)
            });
            assert_eq!(read(store, &filter, 7).await, wanted.cloned().collect::<Vec<_>>());
        }
    }
}

pub(crate) async fn pages_of_any_size_join_up(store: &impl Store) {
    let make = |number: u32| Row { day: day(20_000 + number / 10), ..row(number) };
    let mut rows: Vec<_> = (0..30).map(make).collect();
    store.insert(&rows).await.unwrap();
    rows.sort_by_key(place);
    for limit in [1, 2, 7, 10, 29, 30, 31] {
        assert_eq!(read(store, &all(), limit).await, rows, "pages of {limit}");
    }
}

pub(crate) async fn writers_and_readers_do_not_wait_for_each_other(store: &impl Store) {
    let write = async {
        for number in 0..50 {
            store.insert(&[row(number)]).await.unwrap();
        }
    };
    let list = async {
        for _ in 0..50 {
            store.rows(&all(), None, 100).await.unwrap();
        }
    };
    tokio::join!(write, list);
    assert_eq!(read(store, &all(), 100).await.len(), 50);
}

pub(crate) async fn a_closed_store_says_so(store: &impl Store) {
    store.insert(&[row(1)]).await.unwrap();
    store.close().await.unwrap();
    assert!(store.insert(&[row(2)]).await.is_err());
    assert!(store.rows(&all(), None, 1).await.is_err());
    assert!(store.probe().await.is_err());
}
