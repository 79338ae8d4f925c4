//! The one task that writes.
//!
//! Natural group commit: while a transaction is on its way to disk, requests queue; the next
//! transaction takes all of them. There is no timer, so a lone request waits for nobody, and the
//! rate rises with the load because a sync of the disk costs the same for one row and for hundreds.

use std::{fmt, ops::Range, sync::Arc, time::Duration};

use survey_wire::Day;
use tokio::{
    sync::{mpsc, oneshot, watch},
    task::JoinHandle,
    time::Instant,
};

use crate::store::{Outcome, Row, Store, StoreError};

#[cfg(test)]
mod tests;

/// Requests that may wait. Each is at most 64 KiB, so a full queue is 256 MiB.
const QUEUE: usize = 4_096;

/// Rows of one transaction. More would only make the first of them wait longer.
const BATCH: usize = 512;

/// How long after envelopes were turned away the writer counts as unwell. Not until the next
/// success: who is sent no envelopes because of it could never have one.
const UNWELL: Duration = Duration::from_secs(5);

/// The way to the writer. Clones share one queue.
#[derive(Clone)]
pub struct Writer {
    queue: mpsc::Sender<Job>,
    trouble: watch::Receiver<Option<Instant>>,
}

impl fmt::Debug for Writer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Writer").field("free", &self.queue.capacity()).finish()
    }
}

/// An envelope that is on disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stored {
    /// The day it was stored first.
    pub day: Day,
    /// Whether that was now.
    pub first: bool,
}

/// Why an envelope was not stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Too much at once, or the database does not answer. It may succeed later.
    Busy,
    /// The disk is full.
    Full,
    /// The database took offence at this row.
    Refused,
    /// Another envelope has this id.
    Conflict,
}

type Answer = oneshot::Sender<Result<Stored, Refusal>>;

enum Job {
    Insert(Row, Answer),
    /// Done in turn, after the rows it was queued with.
    Forget(Day, oneshot::Sender<Result<bool, StoreError>>),
    /// Answered in turn, to show that the queue moves.
    Ping(oneshot::Sender<()>),
    /// Everything before this is written, nothing after it.
    Stop,
}

impl Writer {
    /// Starts the task that writes into `store`. It ends after [`Writer::stop`], or when the last
    /// clone is dropped.
    pub fn start(store: Arc<dyn Store>) -> (Self, JoinHandle<()>) {
        Self::with_queue(store, QUEUE)
    }

    fn with_queue(store: Arc<dyn Store>, len: usize) -> (Self, JoinHandle<()>) {
        let (queue, jobs) = mpsc::channel(len);
        let (tell, trouble) = watch::channel(None);
        let task = write(store, jobs, Trouble { kind: None, last: tell });
        (Self { queue, trouble }, tokio::spawn(task))
    }

    /// Stores one row and answers when it is on disk.
    ///
    /// Once this was polled the row is the writer's: dropping the future loses the answer, not
    /// the row.
    ///
    /// # Errors
    ///
    /// [`Refusal`]. After [`Refusal::Busy`] it is possible that the row is stored all the same.
    pub async fn store(&self, row: Row) -> Result<Stored, Refusal> {
        let (answer, answered) = oneshot::channel();
        // Full or stopped: somebody else, or the same client later.
        self.queue.try_send(Job::Insert(row, answer)).map_err(|_| Refusal::Busy)?;
        answered.await.unwrap_or(Err(Refusal::Busy))
    }

    /// Whether the writer gets round to new work, and turned nobody away in the last seconds.
    pub async fn ping(&self) -> bool {
        let (answer, answered) = oneshot::channel();
        let moves = self.queue.try_send(Job::Ping(answer)).is_ok() && answered.await.is_ok();
        moves && self.trouble.borrow().is_none_or(|last| last.elapsed() > UNWELL)
    }

    /// Has the store forget in which order rows came ([`Store::forget_order`]) and says whether
    /// there was anything to forget; `false` when the writer is stopping. Rows that come meanwhile
    /// queue.
    ///
    /// # Errors
    ///
    /// What the store says. Every row stays.
    pub async fn forget_order(&self, today: Day) -> Result<bool, StoreError> {
        let (answer, answered) = oneshot::channel();
        let _ = self.queue.send(Job::Forget(today, answer)).await;
        answered.await.unwrap_or(Ok(false))
    }

    /// Lets the writer finish what is queued, and end. Await its task to know when.
    pub async fn stop(&self) {
        // Fails only if it has ended already.
        let _ = self.queue.send(Job::Stop).await;
    }
}

async fn write(store: Arc<dyn Store>, mut jobs: mpsc::Receiver<Job>, mut trouble: Trouble) {
    let mut batch = Vec::with_capacity(BATCH);
    loop {
        if jobs.recv_many(&mut batch, BATCH).await == 0 {
            return;
        }
        let mut rows = Vec::with_capacity(batch.len());
        let mut pings = Vec::new();
        let mut forget = Vec::new();
        let mut stop = false;
        for job in batch.drain(..) {
            match job {
                Job::Insert(row, answer) if !stop => rows.push((row, answer)),
                Job::Insert(_, answer) => drop(answer.send(Err(Refusal::Busy))),
                Job::Forget(today, answer) => forget.push((today, answer)),
                Job::Ping(answer) => pings.push(answer),
                Job::Stop => stop = true,
            }
        }
        insert(&*store, rows, &mut trouble).await;
        for ping in pings {
            let _ = ping.send(());
        }
        if stop {
            return;
        }
        for (today, answer) in forget {
            let _ = answer.send(store.forget_order(today).await);
        }
    }
}

/// Stores a batch and answers each row. Rows that the database refuses do not take others along:
/// the batch is halved until they stand alone.
async fn insert(store: &dyn Store, mut jobs: Vec<(Row, Answer)>, trouble: &mut Trouble) {
    // By id, so that the order of arrival does not reach the disk. Stable: of two rows with one
    // id the first to arrive counts.
    jobs.sort_by_key(|(row, _)| row.id);
    let (rows, answers): (Vec<_>, Vec<_>) = jobs.into_iter().unzip();
    let mut answers: Vec<_> = answers.into_iter().map(Some).collect();
    let mut answer = |at: usize, result| {
        if let Some(answer) = answers[at].take() {
            // Fails when the client is gone; its row is stored all the same.
            let _ = answer.send(result);
        }
    };
    let mut todo: Vec<Range<usize>> = Vec::new();
    if !rows.is_empty() {
        todo.push(0..rows.len());
    }
    while let Some(range) = todo.pop() {
        match store.insert(&rows[range.clone()]).await {
            Ok(outcomes) => {
                trouble.over();
                for (at, outcome) in range.zip(outcomes) {
                    answer(
                        at,
                        match outcome {
                            Outcome::Stored => Ok(Stored { day: rows[at].day, first: true }),
                            Outcome::Known(day) => Ok(Stored { day, first: false }),
                            Outcome::Conflict => Err(Refusal::Conflict),
                        },
                    );
                }
            }
            Err(StoreError::Refused(_)) if range.len() > 1 => {
                let middle = range.start + range.len() / 2;
                // The first half on top: rows stay in order.
                todo.push(middle..range.end);
                todo.push(range.start..middle);
            }
            Err(error) => {
                let refusal = match error {
                    StoreError::Full(_) => Refusal::Full,
                    StoreError::Refused(_) => Refusal::Refused,
                    StoreError::Unavailable(_) => Refusal::Busy,
                };
                trouble.begin(refusal, &error);
                for at in range {
                    answer(at, Err(refusal));
                }
            }
        }
    }
}

/// Logs the start and the end of a trouble, not every batch in it: a line for each would say when
/// people tried to answer.
struct Trouble {
    kind: Option<Refusal>,
    last: watch::Sender<Option<Instant>>,
}

impl Trouble {
    fn begin(&mut self, kind: Refusal, error: &StoreError) {
        self.last.send_replace(Some(Instant::now()));
        if self.kind.replace(kind) != Some(kind) {
            tracing::error!("envelopes are being turned away: {error}");
        }
    }

    fn over(&mut self) {
        if self.kind.take().is_some() {
            self.last.send_replace(None);
            tracing::info!("envelopes are being stored again");
        }
    }
}
