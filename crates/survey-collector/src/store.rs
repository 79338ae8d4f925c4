//! Where envelopes are kept: one small trait, so that another database is another file.

use std::{fmt, ops::RangeInclusive, sync::Arc};

use futures_util::future::BoxFuture;
use survey_wire::{Day, Digest, EnvelopeId, SurveyId};

pub mod sqlite;
#[cfg(test)]
pub(crate) mod suite;

/// All that is stored of a response.
#[derive(Clone, PartialEq, Eq)]
pub struct Row {
    /// The envelope's id.
    pub id: EnvelopeId,
    /// Which survey it answers.
    pub survey: SurveyId,
    /// The day it was taken.
    pub day: Day,
    /// SHA-256 of `body`.
    pub digest: Digest,
    /// SHA-256 of the withdrawal secret.
    pub del: [u8; 32],
    /// The envelope, exactly as it was posted.
    pub body: Arc<str>,
}

/// Nothing of a row belongs in a log.
impl fmt::Debug for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Row(_)")
    }
}

/// What became of one row of a batch. In every case the store now holds what it says, on disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was new and is stored.
    Stored,
    /// The same envelope was stored before, on this day.
    Known(Day),
    /// Another envelope has this id. That one stays; this one is not stored.
    Conflict,
}

/// Why a store could not do what it was asked. Read by the operator, in the log.
///
/// The text comes from the database and names tables and files, never values.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// No room left on the disk. Nothing of the batch is stored; goes on by itself once there is.
    #[error("the disk is full ({0}); make room, nothing needs a restart")]
    Full(String),
    /// The database does not answer, or does not take writes just now. Nothing of the batch is
    /// stored; the same batch may succeed later.
    #[error(
        "the database cannot be used now ({0}); check the disk, the permissions, and what else has \
         the database open"
    )]
    Unavailable(String),
    /// The database took offence at a row of this batch. Nothing of the batch is stored; smaller
    /// batches find the row.
    #[error("the database refused a row ({0}); this is a fault of the collector, please report it")]
    Refused(String),
}

/// Which rows an export wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    /// First and last day.
    pub days: RangeInclusive<Day>,
    /// One survey, or all.
    pub survey: Option<SurveyId>,
}

/// The place of a row in every listing: by day, then by id. There is no other order.
pub type Place = (Day, EnvelopeId);

/// One row of a listing without bodies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Where it stands.
    pub place: Place,
    /// SHA-256 of its body.
    pub digest: Digest,
}

/// A place to keep envelopes.
///
/// Methods may be called at the same time. Listings come in pages that start after a place, so
/// that a slow reader holds no lock and no snapshot between two pages.
pub trait Store: Send + Sync + 'static {
    /// Stores a batch in one transaction, and answers only when it is on disk. The outcomes are
    /// in the order of the rows; of two rows with one id the first counts.
    fn insert<'a>(&'a self, rows: &'a [Row]) -> BoxFuture<'a, Result<Vec<Outcome>, StoreError>>;

    /// Digest and day of the envelope with this id.
    fn find(&self, id: EnvelopeId) -> BoxFuture<'_, Result<Option<(Digest, Day)>, StoreError>>;

    /// The next rows after a place, without bodies; none when there are no more.
    fn marks<'a>(
        &'a self,
        filter: &'a Filter,
        after: Option<Place>,
        limit: u32,
    ) -> BoxFuture<'a, Result<Vec<Mark>, StoreError>>;

    /// The next rows after a place; none when there are no more.
    fn rows<'a>(
        &'a self,
        filter: &'a Filter,
        after: Option<Place>,
        limit: u32,
    ) -> BoxFuture<'a, Result<Vec<Row>, StoreError>>;

    /// Writes anew what is stored where its place on disk could tell in which order it came, and
    /// says whether that was necessary. Asked for at start and whenever the day changes; between
    /// two calls the order may show. No insert is under way meanwhile, but reads are.
    ///
    /// Whatever happens, every row stays. `today` is for a store to know that it did this today.
    ///
    /// A store without such traces has nothing to do, as here. In PostgreSQL they are `ctid` and
    /// `xmin`, and `CLUSTER` by the primary key ends them.
    fn forget_order(&self, _today: Day) -> BoxFuture<'_, Result<bool, StoreError>> {
        Box::pin(async { Ok(false) })
    }

    /// Whether the database answers, and an insert would find room. Stores nothing.
    fn probe(&self) -> BoxFuture<'_, Result<(), StoreError>>;

    /// Leaves everything in order on disk. Later calls fail.
    fn close(&self) -> BoxFuture<'_, Result<(), StoreError>>;
}
