//! `POST /ssp/responses`: takes an envelope, answers when it is on disk.

use std::sync::Arc;

use axum::{
    body::{Body, Bytes},
    extract::{Request, State},
    http::{HeaderMap, StatusCode, header},
    response::Response,
};
use futures_util::StreamExt as _;
use survey_wire::{CONTENT_TYPE, Digest, Envelope, MAX_BODY, Problem, ProblemType, Receipt};
use tokio::time::{Instant, timeout, timeout_at};

use super::{AppState, Refused, json};
use crate::{store::Row, writer::Refusal};

/// When a request must have arrived; the listener knows, since it saw it begin.
#[derive(Clone, Copy)]
pub(crate) struct Deadline(pub(crate) Instant);

/// So much of a body that is too long is still read, so that the client, busy sending, gets to see
/// the refusal instead of a broken connection.
const DISCARD: usize = 1_048_576;

pub(super) async fn submit(
    State(state): State<AppState>,
    request: Request,
) -> Result<Response, Refused> {
    check_type(request.headers())?;
    let deadline = match request.extensions().get() {
        Some(&Deadline(at)) => at,
        None => Instant::now() + state.0.limits.request,
    };
    let body = timeout_at(deadline, read(request)).await.unwrap_or(Err(Problem::new(
        ProblemType::Timeout,
        "the body did not arrive in time; send the same bytes again",
    )))?;
    let envelope = Envelope::parse(&body)?;
    let digest = Digest::of(&body);
    // Never refused here: `Envelope::parse` takes nothing but UTF-8.
    let body = Arc::from(std::str::from_utf8(&body).map_err(|_| malformed())?);

    let id = envelope.id;
    let row = Row {
        id,
        survey: envelope.survey.clone(),
        day: state.0.clock.today(),
        digest,
        del: envelope.del,
        body,
    };
    let (status, day) = match check_survey(&state, &envelope) {
        Ok(()) => {
            let stored = store(&state, row).await?;
            (if stored.first { StatusCode::CREATED } else { StatusCode::OK }, stored.day)
        }
        // What was acknowledged stays acknowledged: the answer may have been lost on its way just
        // before the survey closed or changed.
        Err(problem) => match timeout(state.0.limits.store, state.0.store.find(id)).await {
            Ok(Ok(Some((known, day)))) if known == digest => (StatusCode::OK, day),
            _ => return Err(problem.into()),
        },
    };
    Ok(json(status, &Receipt { id, digest, day }))
}

/// Plain `application/json`, with any parameters.
fn check_type(headers: &HeaderMap) -> Result<(), Problem> {
    let text = |name| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    let essence =
        text(header::CONTENT_TYPE).unwrap_or_default().split(';').next().unwrap_or_default();
    if !essence.trim().eq_ignore_ascii_case(CONTENT_TYPE) {
        return Err(Problem::new(
            ProblemType::UnsupportedType,
            "send the envelope with `Content-Type: application/json`",
        ));
    }
    match text(header::CONTENT_ENCODING) {
        None => Ok(()),
        Some(coding) if coding.eq_ignore_ascii_case("identity") => Ok(()),
        Some(_) => Err(Problem::new(
            ProblemType::UnsupportedType,
            "send the envelope without `Content-Encoding`; sealed bytes do not compress",
        )),
    }
}

async fn read(request: Request) -> Result<Bytes, Problem> {
    let too_large = Problem::new(
        ProblemType::TooLarge,
        "an envelope has at most 65536 bytes; use a smaller size class or fewer recipients",
    );
    let declared = request.headers().get(header::CONTENT_LENGTH);
    let declared = declared.and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    if declared.is_some_and(|length| length > DISCARD) {
        return Err(too_large);
    }
    let mut body = Vec::with_capacity(declared.unwrap_or(0).min(MAX_BODY));
    let mut length = 0_usize;
    let mut chunks = Body::into_data_stream(request.into_body());
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|_| malformed())?;
        length += chunk.len();
        if length > DISCARD {
            return Err(too_large);
        }
        if length <= MAX_BODY {
            body.extend_from_slice(&chunk);
        }
    }
    if length > MAX_BODY { Err(too_large) } else { Ok(body.into()) }
}

fn malformed() -> Problem {
    Problem::new(ProblemType::Malformed, "the body ended early; send the same bytes again")
}

/// Whether the envelope's survey is taken today, in the definition it names.
fn check_survey(state: &AppState, envelope: &Envelope) -> Result<(), Problem> {
    let catalog = state.catalog();
    let Some(survey) = catalog.manifest.survey(&envelope.survey) else {
        return Err(Problem::new(
            ProblemType::UnknownSurvey,
            "this backend does not collect this survey; check `survey` and the address",
        ));
    };
    if survey.closes.is_some_and(|last| state.0.clock.today() > last) {
        return Err(Problem::new(ProblemType::Closed, "this survey takes no more responses"));
    }
    if !survey.definitions.contains(&envelope.def) {
        return Err(Problem::new(
            ProblemType::OutdatedDefinition,
            "fetch the definition again, check the answers against it and seal them anew, once",
        ));
    }
    Ok(())
}

async fn store(state: &AppState, row: Row) -> Result<crate::Stored, Problem> {
    let busy = Problem::new(
        ProblemType::Busy,
        "not stored yet; send the same bytes again after `Retry-After`",
    );
    // If time runs out the writer may still store it. Then the same bytes get 200.
    match timeout(state.0.limits.store, state.0.writer.store(row)).await {
        Err(_) | Ok(Err(Refusal::Busy)) => Err(busy),
        Ok(Ok(stored)) => Ok(stored),
        Ok(Err(Refusal::Full)) => Err(Problem::new(
            ProblemType::StorageFull,
            "not stored: no room; try the next address of the survey's `submit` list, or later",
        )),
        Ok(Err(Refusal::Refused)) => Err(Problem::new(
            ProblemType::Internal,
            "not stored; try the next address of the survey's `submit` list",
        )),
        Ok(Err(Refusal::Conflict)) => Err(Problem::new(
            ProblemType::IdConflict,
            "another envelope with this `id` is stored; seal again under a new random `id`",
        )),
    }
}
