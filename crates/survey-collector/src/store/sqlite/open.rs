//! Making, checking and opening the file.

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::Duration,
};

use sqlx::{
    Connection, Row as _, SqlSafeStr, SqliteConnection, SqlitePool,
    migrate::{MigrateError, Migration, MigrationType, Migrator},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};

use super::primary_code;

/// "SSP1", as the first migration writes it.
const APPLICATION_ID: i64 = 0x5353_5031;

/// SQLite's own default. A sealed body does not fit a page of any size, so it goes to pages of its
/// own; the smaller those are, the less of the last one is empty.
const PAGE_SIZE: u32 = 4_096;

/// Pages of write-ahead log before they are moved into the file: 4 MiB. Larger makes rare long
/// waits out of many short ones.
const CHECKPOINT_PAGES: u32 = 1_000;

/// How long to wait for another process that has the file locked, a backup for instance.
const BUSY: Duration = Duration::from_secs(3);

/// Primary result code of a file that is something else, <https://www.sqlite.org/rescode.html>
const SQLITE_NOTADB: u32 = 26;

/// Why a database file cannot be used. Read by the operator at start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// The file cannot be made or read.
    #[error("cannot open the database {}: {error}; check that the folder exists and is writable by this user", path.display())]
    File {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// The file is something else.
    #[error("{} is not a database of this program; name another file with --database", .0.display())]
    Foreign(PathBuf),
    /// The file was written by a newer release.
    #[error(
        "the database {} was written by a newer release (schema {found}; this one knows up to \
         {known}); start that release, or name another file with --database", path.display()
    )]
    Newer {
        /// Which file.
        path: PathBuf,
        /// Its schema.
        found: i64,
        /// The newest schema of this release.
        known: i64,
    },
    /// A setting that durability or privacy rests on did not hold.
    #[error(
        "the database {} does not keep `PRAGMA {pragma} = {wanted}` (it says {found}); \
         put it on a local disk, not on a network share", path.display()
    )]
    Pragma {
        /// Which file.
        path: PathBuf,
        /// Which setting.
        pragma: &'static str,
        /// What it must be.
        wanted: &'static str,
        /// What it is.
        found: String,
    },
    /// Anything else that SQLite says.
    #[error("cannot use the database {}: {error}", path.display())]
    Database {
        /// Which file.
        path: PathBuf,
        /// What SQLite said.
        error: sqlx::Error,
    },
}

/// Makes the file if it is not there, for its owner alone. SQLite gives its side files (`-wal`,
/// `-shm`) the mode of the main one.
pub(super) fn create_private(path: &Path) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let metadata = options.open(path)?.metadata()?;
    #[cfg(unix)]
    if std::os::unix::fs::PermissionsExt::mode(&metadata.permissions()) & 0o077 != 0 {
        tracing::warn!(
            "other users of this machine can read the database; run: chmod 600 {}",
            path.display()
        );
    }
    if metadata.is_file() { Ok(()) } else { Err(io::Error::other("it is not a file")) }
}

/// Looks before anything is set that would change a file which is not ours.
pub(super) async fn refuse_foreign(path: &Path) -> Result<(), OpenError> {
    let look = async {
        let mut connection =
            SqliteConnection::connect_with(&SqliteConnectOptions::new().filename(path)).await?;
        let tables: i64 = sqlx::query_scalar("SELECT count(*) FROM sqlite_master")
            .fetch_one(&mut connection)
            .await?;
        let id: i64 =
            sqlx::query_scalar("PRAGMA application_id").fetch_one(&mut connection).await?;
        connection.close().await?;
        Ok((tables, id))
    };
    match look.await {
        Ok((0, _) | (_, APPLICATION_ID)) => Ok(()),
        Ok(_) => Err(OpenError::Foreign(path.to_owned())),
        Err(error) if primary_code(&error) == Some(SQLITE_NOTADB) => {
            Err(OpenError::Foreign(path.to_owned()))
        }
        Err(error) => Err(OpenError::Database { path: path.to_owned(), error }),
    }
}

pub(super) fn options(path: &Path) -> SqliteConnectOptions {
    use sqlx::ConnectOptions as _;
    SqliteConnectOptions::new()
        .filename(path)
        .page_size(PAGE_SIZE)
        .journal_mode(SqliteJournalMode::Wal)
        // In WAL mode anything less acknowledges before the disk has it.
        .synchronous(SqliteSynchronous::Full)
        // Deleted envelopes are overwritten.
        .pragma("secure_delete", "ON")
        .pragma("wal_autocheckpoint", CHECKPOINT_PAGES.to_string())
        .pragma("trusted_schema", "OFF")
        .busy_timeout(BUSY)
        // No statement, and no value in it, ever reaches a log.
        .disable_statement_logging()
}

/// Reads back what was asked for: SQLite falls back in silence, for instance to a rollback journal
/// on a file system without shared memory.
pub(super) async fn verify(path: &Path, pool: &SqlitePool) -> Result<(), OpenError> {
    let wanted = [
        ("journal_mode", "PRAGMA journal_mode", "wal"),
        ("synchronous", "PRAGMA synchronous", "2"),
        ("secure_delete", "PRAGMA secure_delete", "1"),
    ];
    for (pragma, sql, wanted) in wanted {
        let row = sqlx::query(sql).fetch_one(pool).await;
        let found = row.and_then(|row| match row.try_get_unchecked::<i64, _>(0) {
            Ok(number) if pragma != "journal_mode" => Ok(number.to_string()),
            _ => row.try_get_unchecked::<String, _>(0),
        });
        let path = path.to_owned();
        match found {
            Ok(found) if found == wanted => {}
            Ok(found) => return Err(OpenError::Pragma { path, pragma, wanted, found }),
            Err(error) => return Err(OpenError::Database { path, error }),
        }
    }
    Ok(())
}

pub(super) async fn migrate(path: &Path, pool: &SqlitePool) -> Result<(), OpenError> {
    let migrator = Migrator::with_migrations(vec![Migration::new(
        1,
        "envelope".into(),
        MigrationType::Simple,
        include_str!("../../../migrations/0001_envelope.sql").into_sql_str(),
        false,
    )]);
    let path = path.to_owned();
    match migrator.run(pool).await {
        Ok(()) => Ok(()),
        Err(MigrateError::VersionMissing(found)) => {
            let known = migrator.iter().map(|migration| migration.version).max().unwrap_or(0);
            Err(OpenError::Newer { path, found, known })
        }
        Err(MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _)) => {
            Err(OpenError::Database { path, error })
        }
        Err(other) => Err(OpenError::Database { path, error: other.into() }),
    }
}
