use std::{cell::Cell, collections::HashMap, fs, path::PathBuf, sync::Mutex};

use futures_util::future::join_all;
use sqlx::{Connection as _, SqliteConnection, sqlite::SqliteConnectOptions};
use survey_wire::Digest;
use tempfile::TempDir;

use super::*;
use crate::{
    clock::FixedClock,
    store::{
        Row, Store,
        sqlite::SqliteStore,
        suite::{day, row},
    },
    writer::Stored,
};

const ROWS: u32 = 400;

/// A row as long as a sealed envelope. The end of its body says its number, more than once as a page
/// may end there; the beginning stands with the id and says nothing about arrival.
fn marked(number: u32) -> Row {
    let body: Arc<str> = ["x".repeat(9_000), format!("<{number:04}>").repeat(4)].concat().into();
    Row { digest: Digest::of(body.as_bytes()), body, ..row(number) }
}

/// A database file and what uses it.
struct World {
    store: Arc<SqliteStore>,
    writer: Writer,
    path: PathBuf,
    _folder: TempDir,
}

impl World {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("views.sqlite");
        let store = Arc::new(SqliteStore::open(&path).await.unwrap());
        let (writer, _) = Writer::start(store.clone());
        Self { store, writer, path, _folder: folder }
    }

    async fn number(&self, sql: &'static str) -> i64 {
        let options = SqliteConnectOptions::new().filename(&self.path);
        let mut other = SqliteConnection::connect_with(&options).await.unwrap();
        let number = sqlx::query_scalar(sql).fetch_one(&mut other).await.unwrap();
        other.close().await.unwrap();
        number
    }

    /// Waits until the file says that it was rewritten on this day.
    async fn rewritten_on(&self, today: Day) {
        let wait = async {
            while self.number("PRAGMA user_version").await != i64::from(today.number()) {
                sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(30), wait).await.unwrap();
    }

    /// The bytes on the disk, with what is still in the log.
    async fn disk(&self) -> Vec<u8> {
        assert_eq!(self.number("PRAGMA wal_checkpoint(TRUNCATE)").await, 0);
        fs::read(&self.path).unwrap()
    }
}

/// How well the places of the ends of the bodies in the file tell the order of arrival:
/// Spearman's rank correlation, 1 for in full and 0 for not at all.
fn order_told(file: &[u8], rows: u32) -> f64 {
    let mut last = HashMap::new();
    for (at, piece) in file.windows(6).enumerate() {
        if let [b'<', digits @ .., b'>'] = piece
            && let Ok(number) = std::str::from_utf8(digits).unwrap_or_default().parse::<u32>()
        {
            last.insert(number, at);
        }
    }
    assert!((0..rows).all(|number| last.contains_key(&number)), "every body is in the file");
    let mut by_place: Vec<u32> = (0..rows).collect();
    by_place.sort_by_key(|number| last[number]);
    let squares =
        (0..).zip(by_place).map(|(rank, number)| f64::from(number.abs_diff(rank)).powi(2));
    let n = f64::from(rows);
    1.0 - 6.0 * squares.sum::<f64>() / (n * (n * n - 1.0))
}

/// Nobody who takes the file later learns who answered before whom, and nobody who answers while
/// it is rewritten is turned away.
#[tokio::test]
async fn the_file_forgets_the_order_of_arrival_when_the_day_changes() {
    let world = World::new().await;
    let today = marked(0).day;
    let clock = Arc::new(FixedClock::new(today));
    let task = tokio::spawn(forget_daily(clock.clone(), through(world.writer.clone())));
    world.rewritten_on(today).await;

    for number in 0..ROWS {
        world.writer.store(marked(number)).await.unwrap();
    }
    let before = order_told(&world.disk().await, ROWS);
    assert!(before > 0.9, "the test sees an order where there is one: {before}");

    let tomorrow = day(today.number() + 1);
    clock.set(tomorrow);
    // Answers go on coming, before, during and after.
    let over = Cell::new(false);
    let rewritten = async {
        world.rewritten_on(tomorrow).await;
        over.set(true);
    };
    let answers = async {
        let mut numbers = ROWS..;
        while !over.get() {
            let batch = numbers.by_ref().take(4);
            let results = join_all(batch.map(|number| world.writer.store(marked(number)))).await;
            assert_eq!(results, [Ok(Stored { day: today, first: true }); 4]);
        }
        numbers.start
    };
    let ((), more) = tokio::join!(rewritten, answers);
    assert!(more > ROWS);
    let after = order_told(&world.disk().await, ROWS);
    assert!(after.abs() < 0.2, "the file tells the order: {after}");

    for number in 0..more {
        let row = marked(number);
        let found = Store::find(&*world.store, row.id).await;
        assert_eq!(found, Ok(Some((row.digest, row.day))), "number {number}");
    }
    task.abort();
}

/// What is in the file when nothing runs is in order of id, too, and so is what a start finds that
/// a process left which was killed.
#[tokio::test]
async fn stopping_and_starting_forget_as_well() {
    let world = World::new().await;
    for number in 0..ROWS {
        world.writer.store(marked(number)).await.unwrap();
    }
    assert!(order_told(&world.disk().await, ROWS) > 0.9);
    let left = world.path.with_extension("left");
    fs::copy(&world.path, &left).unwrap();

    world.store.close().await.unwrap();
    let closed = order_told(&fs::read(&world.path).unwrap(), ROWS);
    assert!(closed.abs() < 0.2, "the file tells the order after stopping: {closed}");

    let killed = SqliteStore::open(&left).await.unwrap();
    assert_eq!(killed.forget_order(day(20_003)).await, Ok(true));
    let started = order_told(&fs::read(&left).unwrap(), ROWS);
    assert!(started.abs() < 0.2, "the file tells the order after starting: {started}");
}

/// The days on which it was tried, when every attempt ends like this and each of three days is long
/// enough for a second one.
async fn tried_over_three_days(end: fn() -> Result<bool, StoreError>) -> Vec<u32> {
    let clock = Arc::new(FixedClock::new(day(1)));
    let tried: Arc<Mutex<Vec<u32>>> = Arc::default();
    let task = tokio::spawn(forget_daily(clock.clone(), {
        let tried = tried.clone();
        move |today: Day| {
            tried.lock().unwrap().push(today.number());
            std::future::ready(end())
        }
    }));
    for today in 1..=3 {
        clock.set(day(today));
        sleep(RETRY_AFTER * 3 / 2).await;
    }
    assert!(!task.is_finished(), "nothing ends it");
    task.abort();
    tried.lock().unwrap().clone()
}

#[tokio::test(start_paused = true)]
async fn it_is_done_at_start_and_once_a_day() {
    assert_eq!(tried_over_three_days(|| Ok(true)).await, [1, 2, 3]);
    assert_eq!(tried_over_three_days(|| Ok(false)).await, [1, 2, 3]);
}

#[tokio::test(start_paused = true)]
async fn a_full_disk_is_tried_again_the_next_day() {
    let full = || Err(StoreError::Full("full".into()));
    assert_eq!(tried_over_three_days(full).await, [1, 2, 3]);
}

#[tokio::test(start_paused = true)]
async fn a_database_in_use_is_tried_again_the_same_day() {
    let locked = || Err(StoreError::Unavailable("locked".into()));
    assert_eq!(tried_over_three_days(locked).await, [1, 1, 2, 2, 3, 3]);
}
