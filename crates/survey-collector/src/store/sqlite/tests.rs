use std::{fs, os::unix::fs::PermissionsExt as _};

use sqlx::sqlite::SqliteConnectOptions;
use tempfile::TempDir;

use super::*;
use crate::store::suite::{day, row, store_suite};

async fn make() -> (SqliteStore, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(&folder.path().join("views.sqlite")).await.unwrap();
    (store, folder)
}

store_suite!(make);

/// Opens a file that must be refused; gives the message and checks that the file is as it was.
async fn refusal(path: &Path) -> String {
    let before = fs::read(path).ok();
    let message = SqliteStore::open(path).await.unwrap_err().to_string();
    assert_eq!(fs::read(path).ok(), before, "a refused file is left alone");
    message
}

async fn connect(path: &Path) -> SqliteConnection {
    let options = SqliteConnectOptions::new().filename(path).create_if_missing(true);
    SqliteConnection::connect_with(&options).await.unwrap()
}

#[tokio::test]
async fn only_the_owner_can_read_the_files() {
    let (store, folder) = make().await;
    store.insert(&[row(1)]).await.unwrap();
    let mut names = Vec::new();
    for entry in fs::read_dir(folder.path()).unwrap() {
        let entry = entry.unwrap();
        assert_eq!(entry.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        names.push(entry.file_name().into_string().unwrap());
    }
    names.sort();
    assert_eq!(names, ["views.sqlite", "views.sqlite-shm", "views.sqlite-wal"]);
}

#[tokio::test]
async fn what_was_stored_is_there_after_opening_again() {
    let (store, folder) = make().await;
    let path = folder.path().join("views.sqlite");
    store.insert(&[row(1)]).await.unwrap();
    store.close().await.unwrap();
    assert!(!folder.path().join("views.sqlite-wal").exists(), "the log is merged on closing");
    let store = SqliteStore::open(&path).await.unwrap();
    assert_eq!(Store::find(&store, row(1).id).await, Ok(Some((row(1).digest, row(1).day))));
}

#[tokio::test]
async fn every_connection_keeps_what_durability_rests_on() {
    let (store, folder) = make().await;
    verify(&folder.path().join("views.sqlite"), &store.writer).await.unwrap();
    // A connection that replaces one that failed as well.
    store.writer.acquire().await.unwrap().close().await.unwrap();
    verify(&folder.path().join("views.sqlite"), &store.writer).await.unwrap();
    sqlx::query("PRAGMA synchronous = NORMAL").execute(&store.writer).await.unwrap();
    let error = verify(Path::new("views.sqlite"), &store.writer).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the database views.sqlite does not keep `PRAGMA synchronous = 2` (it says 1); \
         put it on a local disk, not on a network share"
    );
}

#[tokio::test]
async fn readers_cannot_write() {
    let (store, _folder) = make().await;
    let written = sqlx::query("DELETE FROM envelope").execute(&store.readers).await;
    assert!(written.unwrap_err().to_string().contains("readonly"));
}

#[tokio::test]
async fn no_row_number_tells_the_order_of_arrival() {
    let (store, _folder) = make().await;
    let error = sqlx::query("SELECT rowid FROM envelope").fetch_all(&store.readers).await;
    assert!(error.unwrap_err().to_string().contains("no such column"));
}

#[tokio::test]
async fn listings_follow_the_index() {
    let (store, _folder) = make().await;
    for (sql, used) in [(MARKS, "USING COVERING INDEX"), (ROWS, "USING INDEX")] {
        let plan = sqlx::query(AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}")))
            .fetch_all(&store.readers)
            .await
            .unwrap();
        let plan: Vec<String> = plan.iter().map(|row| row.get("detail")).collect();
        // One step: no scan of the table, no sorting.
        assert_eq!(plan.len(), 1, "{plan:?}");
        assert!(plan[0].starts_with("SEARCH") && plan[0].contains(used), "{plan:?}");
    }
}

#[tokio::test]
async fn a_full_disk_is_told_apart_and_over_by_itself() {
    let (store, _folder) = make().await;
    store.insert(&[row(1)]).await.unwrap();
    let pages: i64 =
        sqlx::query_scalar("PRAGMA page_count").fetch_one(&store.writer).await.unwrap();
    sqlx::query(AssertSqlSafe(format!("PRAGMA max_page_count = {}", pages + 20)))
        .execute(&store.writer)
        .await
        .unwrap();
    let big = |number| Row { body: "x".repeat(65_536).into(), ..row(number) };
    let batch: Vec<_> = (2..10).map(big).collect();
    let error = store.insert(&batch).await.unwrap_err();
    assert!(matches!(error, StoreError::Full(_)), "{error}");
    // Nothing of the failed batch is there, and with room again all of it is.
    assert_eq!(Store::find(&store, row(2).id).await, Ok(None));
    assert_eq!(store.insert(&batch).await, Ok(vec![Outcome::Stored; 8]));
}

#[tokio::test]
async fn it_is_rewritten_once_a_day_and_only_after_something_came() {
    let (store, _folder) = make().await;
    let forget = async |number| store.forget_order(day(number)).await;
    let insert = async |number, at| {
        store.insert(&[Row { day: day(at), ..row(number) }]).await.unwrap();
    };
    assert_eq!(forget(10).await, Ok(true), "never before");
    assert_eq!(forget(10).await, Ok(false), "a start on the same day");
    assert_eq!(forget(11).await, Ok(false), "nothing came");
    insert(1, 11).await;
    assert_eq!(forget(12).await, Ok(true));
    // It came before midnight and was stored after it.
    insert(2, 11).await;
    assert_eq!(forget(13).await, Ok(true));
    assert_eq!(forget(14).await, Ok(false));
    // Not while the process ran: the first start for weeks.
    insert(3, 14).await;
    assert_eq!(forget(40).await, Ok(true));
    assert_eq!(forget(41).await, Ok(false));
    // The clock was ahead, and was set right.
    insert(4, 42).await;
    assert_eq!(forget(20_000).await, Ok(true));
    assert_eq!(forget(42).await, Ok(true));
    assert_eq!(forget(45).await, Ok(true));
    assert_eq!(forget(46).await, Ok(false));
}

#[tokio::test]
async fn a_disk_that_is_nearly_full_is_told_before_an_envelope_is_turned_away() {
    let (mut store, folder) = make().await;
    assert_eq!(store.probe().await, Ok(()));
    store.reserve = u64::MAX;
    let error = store.probe().await.unwrap_err();
    assert!(matches!(error, StoreError::Full(_)), "{error}");
    assert_eq!(store.insert(&[row(1)]).await, Ok(vec![Outcome::Stored]), "it is only a warning");
    store.reserve = room::RESERVE;
    assert_eq!(store.probe().await, Ok(()), "over by itself");
    // As with a disk that is gone.
    drop(folder);
    let error = store.probe().await.unwrap_err();
    assert!(matches!(error, StoreError::Unavailable(_)), "{error}");
}

#[tokio::test]
async fn without_room_for_a_copy_nothing_is_begun() {
    let (mut store, folder) = make().await;
    store.insert(&[row(1)]).await.unwrap();
    store.reserve = u64::MAX / 2;
    let error = store.forget_order(day(20_001)).await.unwrap_err();
    let StoreError::Full(_) = &error else { panic!("{error}") };
    let message = error.to_string();
    assert!(message.contains("MiB are free where") && message.contains("make room"), "{message}");
    assert_eq!(store.insert(&[row(2)]).await, Ok(vec![Outcome::Stored]));
    // Nor does it keep anybody from stopping; then the next start does it.
    store.close().await.unwrap();
    let store = SqliteStore::open(&folder.path().join("views.sqlite")).await.unwrap();
    assert_eq!(store.forget_order(day(20_002)).await, Ok(true));
    for number in [1, 2] {
        assert!(Store::find(&store, row(number).id).await.unwrap().is_some());
    }
}

#[tokio::test]
async fn whoever_holds_the_file_puts_it_off_and_loses_nothing() {
    let (store, folder) = make().await;
    store.insert(&[row(1)]).await.unwrap();
    // A backup that has been reading since before, and one that writes.
    for hold in ["BEGIN; SELECT * FROM envelope", "BEGIN IMMEDIATE"] {
        let mut other = connect(&folder.path().join("views.sqlite")).await;
        sqlx::query("PRAGMA busy_timeout = 0").execute(&store.writer).await.unwrap();
        sqlx::raw_sql(hold).execute(&mut other).await.unwrap();
        let error = store.forget_order(day(20_001)).await.unwrap_err();
        assert!(matches!(error, StoreError::Unavailable(_)), "{hold}: {error}");
        other.close().await.unwrap();
    }
    assert_eq!(store.insert(&[row(2)]).await, Ok(vec![Outcome::Stored]));
    assert_eq!(store.forget_order(day(20_001)).await, Ok(true));
    for number in [1, 2] {
        assert!(Store::find(&store, row(number).id).await.unwrap().is_some());
    }
}

#[tokio::test]
async fn a_row_the_database_refuses_is_told_apart() {
    let (store, _folder) = make().await;
    sqlx::raw_sql(
        "CREATE TRIGGER bad BEFORE INSERT ON envelope WHEN NEW.survey = 'bad' \
         BEGIN SELECT RAISE(ABORT, 'no'); END",
    )
    .execute(&store.writer)
    .await
    .unwrap();
    let bad = Row { survey: "bad".parse().unwrap(), ..row(2) };
    let error = store.insert(&[row(1), bad]).await.unwrap_err();
    assert!(matches!(error, StoreError::Refused(_)), "{error}");
    assert_eq!(store.insert(&[row(1)]).await, Ok(vec![Outcome::Stored]), "nothing stayed behind");
}

#[tokio::test]
async fn a_locked_database_is_unavailable() {
    let (store, folder) = make().await;
    let mut other = connect(&folder.path().join("views.sqlite")).await;
    sqlx::query("PRAGMA busy_timeout = 0").execute(&store.writer).await.unwrap();
    sqlx::query("BEGIN IMMEDIATE").execute(&mut other).await.unwrap();
    let error = store.insert(&[row(1)]).await.unwrap_err();
    assert!(matches!(error, StoreError::Unavailable(_)), "{error}");
    sqlx::query("ROLLBACK").execute(&mut other).await.unwrap();
    assert_eq!(store.insert(&[row(1)]).await, Ok(vec![Outcome::Stored]));
}

#[tokio::test]
async fn a_newer_database_is_refused() {
    let (store, folder) = make().await;
    let path = folder.path().join("views.sqlite");
    sqlx::query(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
         VALUES (7, 'later', 1, x'00', 0)",
    )
    .execute(&store.writer)
    .await
    .unwrap();
    store.close().await.unwrap();
    assert_eq!(
        refusal(&path).await,
        format!(
            "the database {} was written by a newer release (schema 7; this one knows up to 1); \
             start that release, or name another file with --database",
            path.display()
        )
    );
}

#[tokio::test]
async fn files_of_other_programs_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("other.sqlite");
    let mut other = connect(&path).await;
    sqlx::query("CREATE TABLE diary (entry TEXT)").execute(&mut other).await.unwrap();
    other.close().await.unwrap();
    let message = format!(
        "{} is not a database of this program; name another file with --database",
        path.display()
    );
    assert_eq!(refusal(&path).await, message);
    fs::write(&path, "Dear diary, this is no database. ".repeat(40)).unwrap();
    assert_eq!(refusal(&path).await, message);
}

#[tokio::test]
async fn a_missing_folder_is_named() {
    let message = SqliteStore::open(Path::new("/nowhere/views.sqlite")).await.unwrap_err();
    let message = message.to_string();
    assert!(message.starts_with("cannot open the database /nowhere/views.sqlite:"), "{message}");
    assert!(message.contains("check that the folder exists"), "{message}");
}
