use std::sync::Mutex;

use futures_util::{FutureExt as _, future::BoxFuture};
use survey_wire::{Digest, EnvelopeId};
use tokio::sync::Semaphore;

use super::*;
use crate::store::{Filter, Mark, Place, suite::row};

/// A store that does what the test says.
struct Scripted {
    /// Batches go through one for each permit.
    gate: Semaphore,
    /// How many rows each call had.
    calls: Mutex<Vec<usize>>,
    rows: Mutex<Vec<Row>>,
    answer: fn(&[Row]) -> Option<StoreError>,
}

impl Scripted {
    fn new(open: usize, answer: fn(&[Row]) -> Option<StoreError>) -> Arc<Self> {
        let gate = Semaphore::new(open);
        Arc::new(Self { gate, calls: Mutex::default(), rows: Mutex::default(), answer })
    }

    fn calls(&self) -> Vec<usize> {
        self.calls.lock().unwrap().clone()
    }
}

impl Store for Scripted {
    fn insert<'a>(&'a self, rows: &'a [Row]) -> BoxFuture<'a, Result<Vec<Outcome>, StoreError>> {
        async {
            self.calls.lock().unwrap().push(rows.len());
            self.gate.acquire().await.unwrap().forget();
            if let Some(error) = (self.answer)(rows) {
                return Err(error);
            }
            self.rows.lock().unwrap().extend_from_slice(rows);
            Ok(vec![Outcome::Stored; rows.len()])
        }
        .boxed()
    }

    fn find(&self, _: EnvelopeId) -> BoxFuture<'_, Result<Option<(Digest, Day)>, StoreError>> {
        unreachable!("the writer only writes")
    }

    fn marks<'a>(
        &'a self,
        _: &'a Filter,
        _: Option<Place>,
        _: u32,
    ) -> BoxFuture<'a, Result<Vec<Mark>, StoreError>> {
        unreachable!("the writer only writes")
    }

    fn rows<'a>(
        &'a self,
        _: &'a Filter,
        _: Option<Place>,
        _: u32,
    ) -> BoxFuture<'a, Result<Vec<Row>, StoreError>> {
        unreachable!("the writer only writes")
    }

    fn probe(&self) -> BoxFuture<'_, Result<(), StoreError>> {
        unreachable!("the writer only writes")
    }

    fn close(&self) -> BoxFuture<'_, Result<(), StoreError>> {
        unreachable!("the writer only writes")
    }
}

const ALWAYS: usize = Semaphore::MAX_PERMITS;

/// Sends rows from tasks of their own, in this order, and gives the results in the same.
async fn send(
    writer: &Writer,
    numbers: impl Iterator<Item = u32>,
) -> Vec<JoinHandle<Result<Stored, Refusal>>> {
    let mut tasks = Vec::new();
    for number in numbers {
        let writer = writer.clone();
        tasks.push(tokio::spawn(async move { writer.store(row(number)).await }));
        // Tests run on one thread: this lets the task queue its row before the next one.
        tokio::task::yield_now().await;
    }
    tasks
}

async fn results(tasks: Vec<JoinHandle<Result<Stored, Refusal>>>) -> Vec<Result<Stored, Refusal>> {
    let mut results = Vec::new();
    for task in tasks {
        results.push(task.await.unwrap());
    }
    results
}

fn stored(number: u32) -> Result<Stored, Refusal> {
    Ok(Stored { day: row(number).day, first: true })
}

#[tokio::test]
async fn what_queues_behind_a_commit_goes_into_the_next() {
    let store = Scripted::new(0, |_| None);
    let (writer, _task) = Writer::start(store.clone());
    let tasks = send(&writer, 0..100).await;
    store.gate.add_permits(2);
    assert_eq!(results(tasks).await, (0..100).map(stored).collect::<Vec<_>>());
    assert_eq!(store.calls(), [1, 99]);
}

#[tokio::test]
async fn nobody_is_answered_before_the_commit() {
    let store = Scripted::new(0, |_| None);
    let (writer, _task) = Writer::start(store.clone());
    let mut tasks = send(&writer, 0..1).await;
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    assert!(!tasks[0].is_finished());
    store.gate.add_permits(1);
    assert_eq!(tasks.remove(0).await.unwrap(), stored(0));
}

#[tokio::test]
async fn a_bad_row_does_not_fail_its_batch() {
    fn refuse(rows: &[Row]) -> Option<StoreError> {
        let bad = |bad: &Row| [3, 40].iter().any(|&number| row(number).id == bad.id);
        rows.iter().any(bad).then(|| StoreError::Refused("bad".into()))
    }
    let store = Scripted::new(0, refuse);
    let (writer, _task) = Writer::start(store.clone());
    let tasks = send(&writer, 0..64).await;
    store.gate.add_permits(ALWAYS);
    for (number, result) in (0..).zip(results(tasks).await) {
        let bad = [3, 40].contains(&number);
        assert_eq!(result, if bad { Err(Refusal::Refused) } else { stored(number) });
    }
    assert_eq!(store.rows.lock().unwrap().len(), 62);
}

#[tokio::test]
async fn a_full_disk_is_told_to_everybody_without_trying_again() {
    let store = Scripted::new(0, |_| Some(StoreError::Full("full".into())));
    let (writer, _task) = Writer::start(store.clone());
    let tasks = send(&writer, 0..10).await;
    store.gate.add_permits(ALWAYS);
    assert_eq!(results(tasks).await, [Err(Refusal::Full); 10]);
    assert_eq!(store.calls(), [1, 9]);
}

#[tokio::test(start_paused = true)]
async fn a_writer_that_turned_somebody_away_is_unwell_for_a_while() {
    let full = |rows: &[Row]| (rows[0].id == row(1).id).then(|| StoreError::Full("full".into()));
    let (writer, _task) = Writer::start(Scripted::new(ALWAYS, full));
    assert!(writer.ping().await);
    assert_eq!(writer.store(row(1)).await, Err(Refusal::Full));
    assert!(!writer.ping().await);
    // Well again by itself, or as soon as something is stored.
    tokio::time::advance(UNWELL * 2).await;
    assert!(writer.ping().await);
    assert_eq!(writer.store(row(1)).await, Err(Refusal::Full));
    assert_eq!(writer.store(row(2)).await, stored(2));
    assert!(writer.ping().await);
}

#[tokio::test]
async fn a_database_that_is_away_means_come_again() {
    let store = Scripted::new(ALWAYS, |_| Some(StoreError::Unavailable("away".into())));
    let (writer, _task) = Writer::start(store);
    assert_eq!(writer.store(row(1)).await, Err(Refusal::Busy));
}

#[tokio::test]
async fn a_full_queue_turns_away_at_once() {
    let store = Scripted::new(0, |_| None);
    let (writer, _task) = Writer::with_queue(store.clone(), 4);
    // The first is with the database, four wait.
    let waiting = send(&writer, 0..5).await;
    assert_eq!(writer.store(row(9)).await, Err(Refusal::Busy));
    assert!(!writer.ping().await, "not ready while full");
    store.gate.add_permits(ALWAYS);
    assert_eq!(results(waiting).await, (0..5).map(stored).collect::<Vec<_>>());
    assert!(writer.ping().await);
}

#[tokio::test]
async fn a_client_that_is_gone_does_not_take_its_row_along() {
    let store = Scripted::new(0, |_| None);
    let (writer, task) = Writer::start(store.clone());
    let mut request = Box::pin(writer.store(row(1)));
    assert_eq!(request.as_mut().now_or_never(), None);
    drop(request);
    store.gate.add_permits(ALWAYS);
    writer.stop().await;
    task.await.unwrap();
    assert_eq!(*store.rows.lock().unwrap(), [row(1)]);
}

#[tokio::test]
async fn stopping_finishes_what_is_queued_and_takes_no_more() {
    let store = Scripted::new(0, |_| None);
    let (writer, task) = Writer::start(store.clone());
    let tasks = send(&writer, 0..20).await;
    let stop = tokio::spawn({
        let writer = writer.clone();
        async move { writer.stop().await }
    });
    tokio::task::yield_now().await;
    store.gate.add_permits(ALWAYS);
    assert_eq!(results(tasks).await, (0..20).map(stored).collect::<Vec<_>>());
    stop.await.unwrap();
    task.await.unwrap();
    assert_eq!(writer.store(row(21)).await, Err(Refusal::Busy));
    assert!(!writer.ping().await);
}

#[tokio::test]
async fn batches_reach_the_disk_in_order_of_id() {
    let store = Scripted::new(0, |_| None);
    let (writer, _task) = Writer::start(store.clone());
    let tasks = send(&writer, 0..50).await;
    store.gate.add_permits(ALWAYS);
    results(tasks).await;
    let rows = store.rows.lock().unwrap();
    assert!(rows[1..].is_sorted_by_key(|row| row.id));
}
