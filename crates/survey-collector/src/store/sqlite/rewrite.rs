//! Forgetting in which order rows came.
//!
//! Rows stand in order of their random ids, but a body does not fit beside its row: it goes to the
//! pages that are free when it comes, one after the other. Read from front to back, the file says
//! who answered before whom. `VACUUM` copies everything in order of id and writes the copy over the
//! file; the log (`-wal`), which is in order of arrival as well, is emptied before and after.
//!
//! The day on which that was done last is kept in the file itself, in the number that SQLite leaves
//! to applications (`user_version`); 0 if never.

use sqlx::{AssertSqlSafe, Row as _, SqliteConnection};
use survey_wire::Day;

use crate::store::StoreError;

/// Where a full disk is not only that of the file.
const NEEDS: &str = "it takes room for one copy of the database there, and for one more in the \
    folder that SQLITE_TMPDIR names, or in /var/tmp";

/// Whether the file may tell the order of a day that is over, or was never rewritten.
pub(super) async fn is_due(
    connection: &mut SqliteConnection,
    today: Day,
) -> Result<bool, sqlx::Error> {
    let rewritten: i64 =
        sqlx::query_scalar("PRAGMA user_version").fetch_one(&mut *connection).await?;
    let newest: Option<i64> =
        sqlx::query_scalar("SELECT max(day) FROM envelope").fetch_one(connection).await?;
    let today = i64::from(today.number());
    // A clock that was ahead once must not put it off for years.
    if rewritten == 0 || rewritten > today {
        return Ok(true);
    }
    // One more, as an envelope that came just before midnight is stored just after it.
    Ok(rewritten < today && newest.is_some_and(|newest| newest + 1 >= rewritten))
}

/// Writes the file anew in order of id. It needs room for two copies for a moment, one beside the
/// file and one in SQLite's folder for temporary files. When it fails the file is as it was.
pub(super) async fn rewrite(connection: &mut SqliteConnection) -> Result<(), StoreError> {
    let in_use = || StoreError::Unavailable("another program has been reading it too long".into());
    // First, so that the log is not longer than the copy. What keeps it from being emptied now would
    // do so after, and the envelopes that wait would have waited for nothing.
    if !empty_log(connection).await? {
        return Err(in_use());
    }
    let copied = sqlx::query("VACUUM").execute(&mut *connection).await;
    // After a failure, too: half a copy in the log would go on taking room.
    let emptied = empty_log(connection).await;
    match copied.map_err(StoreError::from) {
        Err(StoreError::Full(text)) => return Err(StoreError::Full(format!("{text}; {NEEDS}"))),
        copied => copied?,
    };
    if emptied? { Ok(()) } else { Err(in_use()) }
}

/// Notes that [`rewrite`] succeeded.
pub(super) async fn note(connection: &mut SqliteConnection, today: Day) -> Result<(), sqlx::Error> {
    let sql = format!("PRAGMA user_version = {}", today.number());
    sqlx::query(AssertSqlSafe(sql)).execute(connection).await.map(drop)
}

/// Moves the write-ahead log into the file and leaves it without a byte; `false` when somebody still
/// needs it.
pub(super) async fn empty_log(connection: &mut SqliteConnection) -> Result<bool, sqlx::Error> {
    let row = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").fetch_one(connection).await?;
    let busy: i64 = row.try_get(0)?;
    Ok(busy == 0)
}
