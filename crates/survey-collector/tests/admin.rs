//! The admin router, without a port.

#![allow(clippy::unwrap_used)]

mod common;

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    body::Body,
    http::{Request, StatusCode},
};
use survey_collector::{
    Writer,
    admin::{AdminState, admin, probe},
    store::{Store, StoreError},
};
use survey_wire::{DayLine, DayTally, ExportLine};
use tokio::sync::watch;

use common::{Answer, Failing, World, answer, day, envelope};

fn router(store: Arc<dyn Store>, any_host: bool) -> Router {
    let (_, ready) = watch::channel(false);
    admin(AdminState::new(store, ready, any_host))
}

async fn get(router: &Router, path: &str) -> Answer {
    answer(router.clone(), Request::get(path).body(Body::empty()).unwrap()).await
}

/// A world with `per_day` envelopes on each of three days.
async fn filled(per_day: u32) -> World {
    let world = World::new().await;
    for (at, date) in (0..).zip(["2026-11-21", "2026-11-22", "2026-11-23"]) {
        world.clock.set(day(date));
        for number in 0..per_day {
            let mut json = envelope(at * per_day + number).to_json();
            if number % 5 == 0 {
                // As another implementation may spell it.
                let tree: serde_json::Value = serde_json::from_slice(&json).unwrap();
                json = serde_json::to_vec_pretty(&tree).unwrap();
            }
            assert_eq!(world.post(json).await.status, StatusCode::CREATED);
        }
    }
    world
}

fn lines(answer: &Answer) -> Vec<ExportLine> {
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.header("content-type"), Some("application/x-ndjson"));
    answer.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[tokio::test]
async fn the_export_has_every_envelope_once_by_day_and_id() {
    let world = filled(70).await;
    let router = router(world.store.clone(), false);
    let all = lines(&get(&router, "/export").await);
    assert_eq!(all.len(), 210);
    let order: Vec<_> = all.iter().map(|line| (line.day, line.envelope().unwrap().id)).collect();
    assert!(order.is_sorted());
    let mut ids: Vec<_> = order.iter().map(|(_, id)| *id).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 210);
}

#[tokio::test]
async fn days_and_surveys_can_be_chosen() {
    let world = filled(3).await;
    let router = router(world.store.clone(), false);
    let count = async |query: &str| lines(&get(&router, &format!("/export{query}")).await).len();
    assert_eq!(count("?day=2026-11-22").await, 3);
    assert_eq!(count("?day=2026-11-24").await, 0);
    assert_eq!(count("?from=2026-11-22").await, 6);
    assert_eq!(count("?to=2026-11-22").await, 6);
    assert_eq!(count("?from=2026-11-21&to=2026-11-22").await, 6);
    assert_eq!(count("?from=2026-11-23&to=2026-11-21").await, 0);
    assert_eq!(count("?survey=vc-2026").await, 9);
    assert_eq!(count("?survey=other").await, 0);
    assert_eq!(count("?day=2026-11-22&survey=vc-2026").await, 3);
    let wrong =
        ["?day=today", "?day=2026-11-22&from=2026-11-21", "?dya=2026-11-22", "?survey=A", "?day="];
    for query in wrong {
        for path in ["/export", "/export/days"] {
            let refused = get(&router, &format!("{path}{query}")).await;
            assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{query}");
            assert!(refused.text().starts_with("Use ?day=YYYY-MM-DD"));
        }
    }
}

#[tokio::test]
async fn the_days_add_up_to_the_export() {
    let world = filled(40).await;
    let router = router(world.store.clone(), false);
    for query in ["", "?day=2026-11-22", "?from=2026-11-22&survey=vc-2026"] {
        let days = get(&router, &format!("/export/days{query}")).await;
        assert_eq!(days.header("content-type"), Some("application/x-ndjson"));
        let days: Vec<DayLine> =
            days.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let export = lines(&get(&router, &format!("/export{query}")).await);
        let mut expected = Vec::new();
        for lines in export.chunk_by(|a, b| a.day == b.day) {
            let mut tally = DayTally::default();
            for line in lines {
                tally.push(&line.envelope().unwrap().id, &line.digest);
            }
            expected.push(tally.finish(lines[0].day));
        }
        assert!(!days.is_empty());
        assert_eq!(days, expected);
    }
}

#[tokio::test]
async fn an_empty_store_exports_nothing() {
    let world = World::new().await;
    let router = router(world.store.clone(), false);
    for path in ["/export", "/export/days"] {
        let answer = get(&router, path).await;
        assert_eq!((answer.status, answer.text()), (StatusCode::OK, ""));
    }
}

#[tokio::test]
async fn an_export_that_cannot_begin_is_no_success() {
    let gone = Failing(Some(StoreError::Unavailable("gone".into())));
    let router = router(Arc::new(gone), false);
    for path in ["/export", "/export/days"] {
        assert_eq!(get(&router, path).await.status, StatusCode::SERVICE_UNAVAILABLE);
    }
}

#[tokio::test]
async fn only_names_of_this_machine_are_answered() {
    let world = World::new().await;
    let ask = async |any_host, host: &str| {
        let request = Request::get("/healthz").header("host", host).body(Body::empty()).unwrap();
        answer(router(world.store.clone(), any_host), request).await.status
    };
    for host in ["127.0.0.1:9090", "localhost", "LOCALHOST:9090", "[::1]:9090", "[::1]", "10.0.0.1"]
    {
        assert_eq!(ask(false, host).await, StatusCode::OK, "`{host}`");
    }
    for host in
        ["evil.example", "evil.example:9090", "127.0.0.1.evil.example", "localhost.evil", "", "é"]
    {
        assert_eq!(ask(false, host).await, StatusCode::MISDIRECTED_REQUEST, "`{host}`");
        assert_eq!(ask(true, host).await, StatusCode::OK, "`{host}`");
    }
}

#[tokio::test]
async fn nothing_on_it_is_for_web_pages() {
    let world = World::new().await;
    let router = router(world.store.clone(), false);
    for path in ["/healthz", "/export", "/", "/nothing"] {
        let answer = get(&router, path).await;
        assert_eq!(answer.header("access-control-allow-origin"), None);
        assert_eq!(answer.header("cache-control"), Some("no-store"));
    }
    assert_eq!(get(&router, "/ssp/info").await.status, StatusCode::NOT_FOUND);
}

/// Waits for readiness to become what it should, generously.
async fn wait_for(ready: &mut watch::Receiver<bool>, wanted: bool) {
    let wait = ready.wait_for(|now| *now == wanted);
    tokio::time::timeout(Duration::from_secs(20), wait).await.unwrap().unwrap();
}

#[tokio::test]
async fn readiness_follows_the_store() {
    let world = World::new().await;
    let (tell, mut ready) = watch::channel(false);
    let router = admin(AdminState::new(world.store.clone(), ready.clone(), false));
    assert_eq!(get(&router, "/readyz").await.status, StatusCode::SERVICE_UNAVAILABLE);
    let task = tokio::spawn(probe(world.store.clone(), world.writer.clone(), tell));
    wait_for(&mut ready, true).await;
    assert_eq!(get(&router, "/readyz").await.text(), "ready\n");
    world.store.close().await.unwrap();
    wait_for(&mut ready, false).await;
    let refused = get(&router, "/readyz").await;
    assert_eq!(refused.text(), "not ready: the database takes no envelopes\n");
    assert_eq!(get(&router, "/healthz").await.text(), "ok\n", "alive all the same");
    task.abort();
}

#[tokio::test]
async fn readiness_needs_the_writer_too() {
    let world = World::new().await;
    let (writer, stopped) = Writer::start(world.store.clone());
    writer.stop().await;
    stopped.await.unwrap();
    let (tell, ready) = watch::channel(true);
    let task = tokio::spawn(probe(world.store.clone(), writer, tell));
    wait_for(&mut ready.clone(), false).await;
    task.abort();
}
