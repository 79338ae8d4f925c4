//! The protocol on the public router, without a port: each answer, each refusal, each header.

#![allow(clippy::unwrap_used)]

mod common;

use std::{sync::Arc, time::Duration};

use axum::{
    body::{Body, Bytes},
    http::{Request, StatusCode},
};
use futures_util::{StreamExt as _, stream};
use survey_collector::{Limits, store::StoreError};
use survey_wire::{Digest, Info, MAX_BODY, ProblemType, Receipt};

use common::{Answer, Failing, World, catalog, day, definitions, envelope, post};

#[tokio::test]
async fn an_envelope_is_stored_and_acknowledged() {
    let world = World::new().await;
    let envelope = envelope(1);
    let body = envelope.to_json();
    let answer = world.post(body.clone()).await;
    assert_eq!(answer.status, StatusCode::CREATED);
    assert_eq!(answer.header("content-type"), Some("application/json"));
    let digest = Digest::of(&body);
    let receipt = Receipt { id: envelope.id, digest, day: day("2026-11-23") };
    assert_eq!(answer.json::<Receipt>(), receipt);
    assert_eq!(world.store.find(envelope.id).await, Ok(Some((digest, receipt.day))));
}

#[tokio::test]
async fn the_same_bytes_again_get_the_same_receipt() {
    let world = World::new().await;
    let body = envelope(1).to_json();
    let first = world.post(body.clone()).await;
    world.clock.set(day("2026-11-24"));
    for _ in 0..3 {
        let again = world.post(body.clone()).await;
        assert_eq!(again.status, StatusCode::OK);
        assert_eq!(again.body, first.body);
    }
}

#[tokio::test]
async fn many_at_once_are_each_stored_once() {
    let world = World::new().await;
    // Each of 50 envelopes four times, all at the same time.
    let posts = (0..200).map(|n| world.post(envelope(n / 4).to_json()));
    let answers: Vec<Answer> = stream::iter(posts).buffer_unordered(200).collect().await;
    let created = answers.iter().filter(|a| a.status == StatusCode::CREATED).count();
    let ok = answers.iter().filter(|a| a.status == StatusCode::OK).count();
    assert_eq!((created, ok), (50, 150));
}

#[tokio::test]
async fn another_envelope_under_the_same_id_is_a_conflict() {
    let world = World::new().await;
    world.post(envelope(1).to_json()).await;
    let mut other = envelope(2);
    other.id = envelope(1).id;
    world.post(other.to_json()).await.assert_problem(ProblemType::IdConflict);
    // Other spelling, other digest: the receipt would be for other bytes.
    let respelled = [&envelope(1).to_json()[..], b"\n"].concat();
    world.post(respelled).await.assert_problem(ProblemType::IdConflict);
}

#[tokio::test]
async fn what_is_not_an_envelope_is_malformed() {
    let world = World::new().await;
    let valid = String::from_utf8(envelope(1).to_json()).unwrap();
    for body in [
        String::new(),
        "MARK".into(),
        "{}".into(),
        "[".repeat(MAX_BODY),
        valid.replace("\"ssp\":1", "\"ssp\":2"),
        valid.replace("\"mode\"", "\"MARK\":1,\"mode\""),
        valid.replace("\"mode\":\"any\"", "\"mode\":\"MARK\""),
        valid.replace("vc-2026", "MARK"),
        valid[..valid.len() - 1].into(),
    ] {
        world.post(body).await.assert_problem(ProblemType::Malformed);
    }
    let problem = world.post("MARK").await.assert_problem(ProblemType::Malformed);
    assert_eq!(problem.detail(), "the body is not one JSON object in UTF-8");
}

#[tokio::test]
async fn bodies_end_at_the_limit() {
    let world = World::new().await;
    let mut body = envelope(1).to_json();
    body.resize(MAX_BODY, b' ');
    assert_eq!(world.post(body.clone()).await.status, StatusCode::CREATED);
    body.push(b' ');
    world.post(body.clone()).await.assert_problem(ProblemType::TooLarge);
    // Without a declared length, and far over it.
    let chunks = |len| {
        Body::from_stream(stream::iter(
            (0..len / 1_024).map(|_| Ok::<_, std::io::Error>(Bytes::from(vec![b' '; 1_024]))),
        ))
    };
    world.post(chunks(2 * MAX_BODY)).await.assert_problem(ProblemType::TooLarge);
    world.post(chunks(100 * MAX_BODY)).await.assert_problem(ProblemType::TooLarge);
    // Declared too long: not even read.
    let mut declared = post(Body::from_stream(stream::pending::<Result<Bytes, std::io::Error>>()));
    declared.headers_mut().insert("content-length", "9999999".parse().unwrap());
    world.send(declared).await.assert_problem(ProblemType::TooLarge);
}

#[tokio::test]
async fn bodies_are_plain_json_by_their_type() {
    let world = World::new().await;
    let typed = |number, name: &str, value: &str| {
        let mut request = post(envelope(number).to_json());
        request.headers_mut().insert(
            axum::http::HeaderName::from_bytes(name.as_bytes()).unwrap(),
            value.parse().unwrap(),
        );
        request
    };
    let taken = [
        "application/json",
        "Application/JSON",
        "application/json; charset=utf-8",
        "application/json ;v=1",
    ];
    for (number, kind) in (0..).zip(taken) {
        let answer = world.send(typed(number, "content-type", kind)).await;
        assert_eq!(answer.status, StatusCode::CREATED, "`{kind}`");
    }
    assert_eq!(
        world.send(typed(9, "content-encoding", "identity")).await.status,
        StatusCode::CREATED
    );
    for kind in ["text/plain", "application/jsonp", "application/json, text/plain", "MARK", "", "é"]
    {
        let answer = world.send(typed(10, "content-type", kind)).await;
        answer.assert_problem(ProblemType::UnsupportedType);
    }
    let answer = world.send(typed(10, "content-encoding", "gzip")).await;
    answer.assert_problem(ProblemType::UnsupportedType);
    let mut untyped = post(envelope(10).to_json());
    untyped.headers_mut().remove("content-type");
    world.send(untyped).await.assert_problem(ProblemType::UnsupportedType);
}

#[tokio::test]
async fn only_published_surveys_and_definitions_are_taken() {
    let world = World::new().await;
    let mut foreign = envelope(1);
    foreign.survey = "other".parse().unwrap();
    world.post(foreign.to_json()).await.assert_problem(ProblemType::UnknownSurvey);
    let mut outdated = envelope(1);
    outdated.def = survey_wire::DefinitionHash::of(b"unheard of");
    world.post(outdated.to_json()).await.assert_problem(ProblemType::OutdatedDefinition);
    let mut older = envelope(1);
    older.def = definitions()[1];
    assert_eq!(world.post(older.to_json()).await.status, StatusCode::CREATED);
}

#[tokio::test]
async fn a_closed_survey_takes_no_more_but_keeps_its_word() {
    let world = World::new().await;
    world.state.set_catalog(catalog(r#","closes":"2026-11-23""#));
    let acknowledged = envelope(1).to_json();
    let receipt = world.post(acknowledged.clone()).await;
    assert_eq!(receipt.status, StatusCode::CREATED, "the last day is open");
    world.clock.set(day("2026-11-24"));
    world.post(envelope(2).to_json()).await.assert_problem(ProblemType::Closed);
    let again = world.post(acknowledged).await;
    assert_eq!((again.status, again.body), (StatusCode::OK, receipt.body));
    let mut other = envelope(3);
    other.id = envelope(1).id;
    world.post(other.to_json()).await.assert_problem(ProblemType::Closed);
}

#[tokio::test]
async fn trouble_with_the_store_is_told_apart() {
    let failing = async |error| {
        let limits = Limits { store: Duration::from_millis(50), ..Limits::default() };
        let world = World::with(limits, Some(Arc::new(Failing(error)))).await;
        world.post(envelope(1).to_json()).await
    };
    let full = failing(Some(StoreError::Full("MARK".into()))).await;
    full.assert_problem(ProblemType::StorageFull);
    assert_eq!(full.header("retry-after"), None);
    let refused = failing(Some(StoreError::Refused("MARK".into()))).await;
    refused.assert_problem(ProblemType::Internal);
    for busy in [failing(Some(StoreError::Unavailable("MARK".into()))).await, failing(None).await] {
        busy.assert_problem(ProblemType::Busy);
        assert_eq!(busy.header("retry-after"), Some("5"));
        assert_eq!(busy.header("access-control-expose-headers"), Some("retry-after"));
    }
}

#[tokio::test]
async fn a_body_that_does_not_come_times_out() {
    let limits = Limits { request: Duration::from_millis(50), ..Limits::default() };
    let world = World::with(limits, None).await;
    let half = Bytes::from(envelope(1).to_json().split_off(100));
    let never = stream::iter([Ok::<_, std::io::Error>(half)]).chain(stream::pending());
    world.post(Body::from_stream(never)).await.assert_problem(ProblemType::Timeout);
}

#[tokio::test]
async fn a_body_that_breaks_off_is_not_stored() {
    let world = World::new().await;
    let whole = Bytes::from(envelope(1).to_json());
    let broken = stream::iter([Ok(whole), Err(std::io::Error::other("gone"))]);
    world.post(Body::from_stream(broken)).await.assert_problem(ProblemType::Malformed);
    assert_eq!(world.store.find(envelope(1).id).await, Ok(None));
}

#[tokio::test]
async fn browsers_of_any_origin_may_post() {
    let world = World::new().await;
    for path in ["/ssp/responses", "/ssp/info"] {
        let preflight = Request::options(path)
            .header("origin", "null")
            .header("access-control-request-method", "POST")
            .header("access-control-request-headers", "content-type")
            .body(Body::empty())
            .unwrap();
        let answer = world.send(preflight).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT);
        assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
        assert_eq!(answer.header("access-control-allow-methods"), Some("GET, POST"));
        assert_eq!(answer.header("access-control-allow-headers"), Some("content-type"));
        assert_eq!(answer.header("access-control-max-age"), Some("86400"));
        assert_eq!(answer.header("access-control-allow-credentials"), None);
        assert!(answer.body.is_empty());
    }
}

#[tokio::test]
async fn no_answer_tells_more_than_it_must() {
    let world = World::new().await;
    let body = envelope(1).to_json();
    let id = envelope(1).id.to_string();
    let answers = [
        world.post(body.clone()).await,
        world.post(body).await,
        world.post("{}").await,
        world.get("/ssp/info").await,
        world.get("/ssp/nothing").await,
        world.get("/ssp/responses").await,
    ];
    for answer in &answers {
        assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
        assert_eq!(answer.header("cross-origin-resource-policy"), Some("cross-origin"));
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(answer.header("referrer-policy"), Some("no-referrer"));
        for absent in
            ["set-cookie", "location", "access-control-allow-credentials", "server", "etag"]
        {
            assert_eq!(answer.header(absent), None, "{absent}");
        }
        assert!(!format!("{:?}", answer.headers).contains(&id));
    }
    let statuses: Vec<_> = answers.iter().map(|answer| answer.status.as_u16()).collect();
    assert_eq!(statuses, [201, 200, 400, 200, 404, 405]);
    assert_eq!(answers[5].header("allow"), Some("POST,OPTIONS"));
}

#[tokio::test]
async fn info_says_what_is_true() {
    let answer = World::new().await.get("/ssp/info").await;
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(answer.json::<Info>(), Info::minimal());
}

#[tokio::test]
async fn debug_output_of_the_state_is_harmless() {
    let world = World::new().await;
    world.post(envelope(1).to_json()).await;
    let text = format!("{:?}", world.state);
    assert_eq!(text, "AppState { public_url: Origin(\"https://forms.example\"), surveys: 1, .. }");
}
