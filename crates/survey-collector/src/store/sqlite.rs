//! SQLite: the default. One file, created on first start, readable by its owner only.
//!
//! What the file tells a thief: how many envelopes of which survey came on which day. Rows stand in
//! order of a random id, not of arrival. One trace is left until the file is written anew, which
//! happens every day: a body that came later stands on later pages of the file.

use std::{
    collections::HashSet,
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, Ordering},
};

use futures_util::future::BoxFuture;
use sqlx::{
    AssertSqlSafe, Connection, Row as _, Sqlite, SqliteConnection, SqlitePool,
    pool::PoolConnection,
    sqlite::{SqlitePoolOptions, SqliteRow},
};
use survey_wire::{Day, Digest, EnvelopeId};

use super::{Filter, Mark, Outcome, Place, Row, Store, StoreError};

mod open;
mod rewrite;
mod room;
#[cfg(test)]
mod tests;

pub use open::OpenError;
use open::{create_private, migrate, options, refuse_foreign, verify};

/// The most rows of one INSERT; a batch is a few of them.
const CHUNK: usize = 128;

const READERS: u32 = 4;

/// The longest file that is written anew when the store is closed; a longer one would hold up a
/// restart, and is left for the next start or day.
const QUICK: u64 = 256 << 20;

/// A page of the listing without bodies; all of it stands in the index.
const MARKS: &str = "SELECT day, id, digest FROM envelope \
    WHERE (day, id) > (?1, ?2) AND day <= ?3 AND (?4 IS NULL OR survey = ?4) \
    ORDER BY day, id LIMIT ?5";

/// A page of the listing.
const ROWS: &str = "SELECT day, id, survey, digest, del, body FROM envelope \
    WHERE (day, id) > (?1, ?2) AND day <= ?3 AND (?4 IS NULL OR survey = ?4) \
    ORDER BY day, id LIMIT ?5";

/// Envelopes in one SQLite file.
#[derive(Debug)]
pub struct SqliteStore {
    path: PathBuf,
    /// One connection: SQLite has one writer at a time, and a queue here beats a lock there.
    writer: SqlitePool,
    /// Cannot write at all.
    readers: SqlitePool,
    /// Whether rows came since the file was last written in order of id, as far as this process
    /// knows.
    untidy: AtomicBool,
    /// Bytes that have to be free on the disk beside what is wanted just now.
    reserve: u64,
}

impl SqliteStore {
    /// Opens the database file, and makes it when there is none. Brings an older schema up to date.
    ///
    /// # Errors
    ///
    /// [`OpenError`]; a file that is not ours or is newer is left as it was.
    pub async fn open(path: &Path) -> Result<Self, OpenError> {
        let failed = |error| OpenError::Database { path: path.to_owned(), error };
        create_private(path).map_err(|error| OpenError::File { path: path.to_owned(), error })?;
        refuse_foreign(path).await?;
        let options = options(path);
        let writer = SqlitePoolOptions::new()
            .max_connections(1)
            .idle_timeout(None)
            .max_lifetime(None)
            .connect_with(options.clone())
            .await
            .map_err(failed)?;
        verify(path, &writer).await?;
        migrate(path, &writer).await?;
        let readers = SqlitePoolOptions::new()
            .max_connections(READERS)
            .connect_with(options.read_only(true))
            .await
            .map_err(failed)?;
        let (path, untidy) = (path.to_owned(), AtomicBool::new(false));
        Ok(Self { path, writer, readers, untidy, reserve: room::RESERVE })
    }

    async fn insert(&self, rows: &[Row]) -> Result<Vec<Outcome>, StoreError> {
        let mut connection = self.writer.acquire().await?;
        self.untidy.store(true, Ordering::Relaxed);
        let outcomes = insert_all(&mut connection, rows).await;
        if outcomes.is_err() {
            // SQLite ends a transaction by itself on some errors (a full disk), sqlx does not
            // notice and would refuse the next BEGIN for ever. A fresh connection knows nothing.
            connection.close_on_drop();
        }
        Ok(outcomes?)
    }

    async fn forget_order(&self, today: Day) -> Result<bool, StoreError> {
        let mut connection = self.writer.acquire().await?;
        if !rewrite::is_due(&mut connection, today).await? {
            return Ok(false);
        }
        self.rewrite(&mut connection).await?;
        rewrite::note(&mut connection, today).await?;
        Ok(true)
    }

    async fn rewrite(&self, connection: &mut PoolConnection<Sqlite>) -> Result<(), StoreError> {
        // Better not begun than a full disk for those who answer meanwhile.
        room::check(&self.path, 2 * self.len() + self.reserve).await?;
        let rewritten = rewrite::rewrite(connection).await;
        match rewritten {
            Ok(()) => self.untidy.store(false, Ordering::Relaxed),
            // As in `insert`.
            Err(_) => connection.close_on_drop(),
        }
        rewritten
    }

    /// Bytes of the file; 0 if it is gone, which others notice.
    fn len(&self) -> u64 {
        std::fs::metadata(&self.path).map_or(0, |file| file.len())
    }
}

impl Store for SqliteStore {
    fn insert<'a>(&'a self, rows: &'a [Row]) -> BoxFuture<'a, Result<Vec<Outcome>, StoreError>> {
        Box::pin(self.insert(rows))
    }

    fn find(&self, id: EnvelopeId) -> BoxFuture<'_, Result<Option<(Digest, Day)>, StoreError>> {
        Box::pin(async move {
            let mut connection = self.readers.acquire().await?;
            Ok(find(&mut connection, id).await?)
        })
    }

    fn marks<'a>(
        &'a self,
        filter: &'a Filter,
        after: Option<Place>,
        limit: u32,
    ) -> BoxFuture<'a, Result<Vec<Mark>, StoreError>> {
        Box::pin(async move {
            let rows = listing(MARKS, filter, after, limit).fetch_all(&self.readers).await?;
            let mark = |row: &SqliteRow| Ok(Mark { place: place(row)?, digest: digest(row)? });
            Ok(rows.iter().map(mark).collect::<Result<_, sqlx::Error>>()?)
        })
    }

    fn rows<'a>(
        &'a self,
        filter: &'a Filter,
        after: Option<Place>,
        limit: u32,
    ) -> BoxFuture<'a, Result<Vec<Row>, StoreError>> {
        Box::pin(async move {
            let rows = listing(ROWS, filter, after, limit).fetch_all(&self.readers).await?;
            Ok(rows.iter().map(read_row).collect::<Result<_, sqlx::Error>>()?)
        })
    }

    fn forget_order(&self, today: Day) -> BoxFuture<'_, Result<bool, StoreError>> {
        Box::pin(self.forget_order(today))
    }

    fn probe(&self) -> BoxFuture<'_, Result<(), StoreError>> {
        Box::pin(async move {
            sqlx::query("SELECT 1 FROM envelope LIMIT 1").fetch_optional(&self.readers).await?;
            // No write that is taken back: SQLite keeps a small one in memory, and learns of a full
            // disk only when it commits.
            room::check(&self.path, self.reserve).await
        })
    }

    fn close(&self) -> BoxFuture<'_, Result<(), StoreError>> {
        Box::pin(async move {
            self.readers.close().await;
            let mut connection = self.writer.acquire().await?;
            // Whoever takes the file while nothing runs finds no order in it. If it cannot be done,
            // the next start or day does it, and says why not.
            if self.untidy.load(Ordering::Relaxed) && self.len() <= QUICK {
                let _ = self.rewrite(&mut connection).await;
            }
            let emptied = rewrite::empty_log(&mut connection).await;
            drop(connection);
            self.writer.close().await;
            emptied?;
            Ok(())
        })
    }
}

async fn insert_all(
    connection: &mut SqliteConnection,
    rows: &[Row],
) -> Result<Vec<Outcome>, sqlx::Error> {
    // IMMEDIATE: taking the lock later, in mid-transaction, fails at once instead of waiting.
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    let mut fresh = HashSet::with_capacity(rows.len());
    let mut rest = rows;
    while !rest.is_empty() {
        let (chunk, after) = rest.split_at(chunk_len(rest.len()));
        rest = after;
        let mut query = sqlx::query(AssertSqlSafe(insert_sql(chunk.len())));
        for row in chunk {
            query = query
                .bind(row.id.0.to_vec())
                .bind(row.survey.to_string())
                .bind(i64::from(row.day.number()))
                .bind(row.digest.0.to_vec())
                .bind(row.del.to_vec())
                .bind(row.body.clone());
        }
        for inserted in query.fetch_all(&mut *transaction).await? {
            fresh.insert(bytes::<16>(&inserted, "id")?);
        }
    }
    let mut outcomes = Vec::with_capacity(rows.len());
    for row in rows {
        // The first row of an id is the one that went in; any further one is a repetition.
        outcomes.push(if fresh.remove(&row.id.0) {
            Outcome::Stored
        } else {
            match find(&mut transaction, row.id).await? {
                Some((digest, day)) if digest == row.digest => Outcome::Known(day),
                _ => Outcome::Conflict,
            }
        });
    }
    transaction.commit().await?;
    Ok(outcomes)
}

/// A power of two, so that there are eight statements to prepare and not one for each length.
fn chunk_len(rest: usize) -> usize {
    1 << rest.min(CHUNK).ilog2()
}

fn insert_sql(rows: usize) -> String {
    format!(
        "INSERT INTO envelope (id, survey, day, digest, del, body) VALUES {}(?, ?, ?, ?, ?, ?) \
         ON CONFLICT (id) DO NOTHING RETURNING id",
        "(?, ?, ?, ?, ?, ?), ".repeat(rows - 1)
    )
}

async fn find(
    connection: &mut SqliteConnection,
    id: EnvelopeId,
) -> Result<Option<(Digest, Day)>, sqlx::Error> {
    let row = sqlx::query("SELECT digest, day FROM envelope WHERE id = ?")
        .bind(id.0.to_vec())
        .fetch_optional(connection)
        .await?;
    row.map(|row| Ok((digest(&row)?, day(&row)?))).transpose()
}

fn listing<'q>(
    sql: &'static str,
    filter: &Filter,
    after: Option<Place>,
    limit: u32,
) -> sqlx::query::Query<'q, sqlx::Sqlite, sqlx::sqlite::SqliteArguments> {
    // No bytes sort before any id, so the first page starts before the first row of the day.
    let (day, id) = match after {
        Some((day, id)) => (day, id.0.to_vec()),
        None => (*filter.days.start(), Vec::new()),
    };
    sqlx::query(sql)
        .bind(i64::from(day.number()))
        .bind(id)
        .bind(i64::from(filter.days.end().number()))
        .bind(filter.survey.as_ref().map(ToString::to_string))
        .bind(i64::from(limit))
}

fn read_row(row: &SqliteRow) -> Result<Row, sqlx::Error> {
    let (day, id) = place(row)?;
    let survey =
        row.try_get::<&str, _>("survey")?.parse().map_err(|error| corrupt("survey", error))?;
    let body = row.try_get::<&str, _>("body")?.into();
    Ok(Row { id, survey, day, digest: digest(row)?, del: bytes(row, "del")?, body })
}

fn place(row: &SqliteRow) -> Result<Place, sqlx::Error> {
    Ok((day(row)?, EnvelopeId(bytes(row, "id")?)))
}

fn digest(row: &SqliteRow) -> Result<Digest, sqlx::Error> {
    bytes(row, "digest").map(Digest)
}

fn day(row: &SqliteRow) -> Result<Day, sqlx::Error> {
    let number: i64 = row.try_get("day")?;
    u32::try_from(number)
        .ok()
        .and_then(Day::from_number)
        .ok_or_else(|| corrupt("day", "it is no day"))
}

fn bytes<const N: usize>(row: &SqliteRow, column: &str) -> Result<[u8; N], sqlx::Error> {
    let value: &[u8] = row.try_get(column)?;
    value.try_into().map_err(|error| corrupt(column, error))
}

/// A value that we did not write.
fn corrupt(
    column: &str,
    source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
) -> sqlx::Error {
    sqlx::Error::ColumnDecode { index: column.to_owned(), source: source.into() }
}

// Primary result codes, https://www.sqlite.org/rescode.html
const SQLITE_TOOBIG: u32 = 18;
const SQLITE_CONSTRAINT: u32 = 19;
const SQLITE_MISMATCH: u32 = 20;
const SQLITE_FULL: u32 = 13;

fn primary_code(error: &sqlx::Error) -> Option<u32> {
    // An extended code has the primary one in its lowest byte.
    let code = error.as_database_error()?.code()?.parse::<u32>().ok()?;
    Some(code & 0xff)
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        let text = error.to_string();
        match primary_code(&error) {
            Some(SQLITE_FULL) => Self::Full(text),
            Some(SQLITE_CONSTRAINT | SQLITE_TOOBIG | SQLITE_MISMATCH) => Self::Refused(text),
            _ => Self::Unavailable(text),
        }
    }
}
