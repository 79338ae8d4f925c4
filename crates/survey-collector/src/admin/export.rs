//! The export: NDJSON, by day and id, page by page.
//!
//! A day of which envelopes may still come is not final: fetch it again when it is over. Compare
//! what was fetched with the day's line ([`survey_wire::DayTally`]).

use std::{ops::RangeInclusive, sync::Arc};

use axum::{
    body::Body,
    extract::{Query, State, rejection::QueryRejection},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use futures_util::{Stream, stream};
use serde::{Deserialize, Serialize};
use survey_wire::{Day, DayTally, ExportLine, NDJSON_CONTENT_TYPE, SurveyId};

use super::AdminState;
use crate::{
    app::plain,
    store::{Filter, Mark, Row, Store, StoreError},
};

/// Rows read at a time: at most 4 MiB of bodies in memory, whatever the size of the export.
const ROWS: u32 = 64;

/// Rows without bodies read at a time.
const MARKS: u32 = 4_096;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wanted {
    day: Option<Day>,
    from: Option<Day>,
    to: Option<Day>,
    survey: Option<SurveyId>,
}

const USAGE: &str = "Use ?day=YYYY-MM-DD, or ?from=YYYY-MM-DD&to=YYYY-MM-DD (both included, either \
                     may be left out), and &survey=ID for one survey only\n";

fn filter(wanted: Result<Query<Wanted>, QueryRejection>) -> Option<Filter> {
    let Query(wanted) = wanted.ok()?;
    let days: RangeInclusive<Day> = match (wanted.day, wanted.from, wanted.to) {
        (Some(day), None, None) => day..=day,
        (None, from, to) => from.unwrap_or(Day::MIN)..=to.unwrap_or(Day::MAX),
        _ => return None,
    };
    Some(Filter { days, survey: wanted.survey })
}

/// `GET /export`: every envelope of the days wanted.
pub(super) async fn export(
    State(state): State<AdminState>,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Response {
    let Some(filter) = filter(wanted) else { return plain(StatusCode::BAD_REQUEST, USAGE) };
    // The first page before the status: an export that cannot begin is no success.
    match state.store.rows(&filter, None, ROWS).await {
        Ok(page) => ndjson(row_lines(state.store, filter, page)),
        Err(error) => unavailable(&error),
    }
}

/// `GET /export/days`: count and digest of each day wanted that has envelopes.
pub(super) async fn days(
    State(state): State<AdminState>,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Response {
    let Some(filter) = filter(wanted) else { return plain(StatusCode::BAD_REQUEST, USAGE) };
    match state.store.marks(&filter, None, MARKS).await {
        Ok(page) => ndjson(day_lines(state.store, filter, page)),
        Err(error) => unavailable(&error),
    }
}

fn ndjson(lines: impl Stream<Item = Result<String, StoreError>> + Send + 'static) -> Response {
    ([(header::CONTENT_TYPE, NDJSON_CONTENT_TYPE)], Body::from_stream(lines)).into_response()
}

fn unavailable(error: &StoreError) -> Response {
    tracing::error!("an export could not begin: {error}");
    plain(StatusCode::SERVICE_UNAVAILABLE, "The database does not answer; see the log, try again\n")
}

/// After the status is out, an error can only break the connection off. A client sees that: the
/// last chunk is missing (RFC 9112 section 7.1).
fn cut_short(error: StoreError) -> StoreError {
    tracing::error!("an export was cut short: {error}");
    error
}

fn row_lines(
    store: Arc<dyn Store>,
    filter: Filter,
    first: Vec<Row>,
) -> impl Stream<Item = Result<String, StoreError>> {
    stream::try_unfold((store, filter, first), |(store, filter, page)| async move {
        let Some(last) = page.last() else { return Ok(None) };
        let next = store.rows(&filter, Some((last.day, last.id)), ROWS).await.map_err(cut_short)?;
        let lines = page.into_iter().map(|row| {
            let envelope = String::from(&*row.body);
            line(&ExportLine { day: row.day, digest: row.digest, envelope })
        });
        Ok(Some((lines.collect(), (store, filter, next))))
    })
}

fn day_lines(
    store: Arc<dyn Store>,
    filter: Filter,
    first: Vec<Mark>,
) -> impl Stream<Item = Result<String, StoreError>> {
    let start = (store, filter, first, None::<(Day, DayTally)>);
    stream::try_unfold(start, |(store, filter, page, mut open)| async move {
        let Some(last) = page.last() else {
            // No more rows: the day that is still open is complete.
            let rest = open.map(|(day, tally)| line(&tally.finish(day)));
            return Ok(rest.map(|text| (text, (store, filter, page, None))));
        };
        let next = store.marks(&filter, Some(last.place), MARKS).await.map_err(cut_short)?;
        let mut text = String::new();
        for Mark { place: (day, id), digest } in page {
            if let Some((before, tally)) = open.take_if(|(before, _)| *before != day) {
                text += &line(&tally.finish(before));
            }
            open.get_or_insert_with(|| (day, DayTally::default())).1.push(&id, &digest);
        }
        Ok(Some((text, (store, filter, next, open))))
    })
}

fn line(value: &impl Serialize) -> String {
    // Cannot fail: text and numbers. JSON has no raw line break, so a line is a value.
    serde_json::to_string(value).expect("a line is plain data") + "\n"
}
