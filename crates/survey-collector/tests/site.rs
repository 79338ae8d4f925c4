//! The built site and the demo pages on the public router, without a port.

#![allow(clippy::unwrap_used)]

mod common;

use axum::{
    body::Body,
    http::{Request, StatusCode},
};
use survey_collector::{Catalog, Partners};

use common::{Answer, World, definitions, manifest};

const FRAME: &str = "default-src 'none'; script-src http://127.0.0.1:8080 'wasm-unsafe-eval' \
    'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='; \
    style-src 'sha256-AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA='; img-src data:; connect-src http://127.0.0.1:8080; \
    base-uri 'none'; form-action 'none'; frame-ancestors https://www.police.example; \
    require-trusted-types-for 'script'; trusted-types 'none'; sandbox allow-scripts allow-popups allow-popups-to-escape-sandbox";

const FILE: &str = "default-src 'none'; frame-ancestors 'none'; sandbox";

/// What every answer of the site carries.
#[track_caller]
fn check_hardened(answer: &Answer) {
    assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
    assert_eq!(answer.header("cross-origin-resource-policy"), Some("cross-origin"));
    assert_eq!(answer.header("cross-origin-embedder-policy"), Some("require-corp"));
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    assert_eq!(answer.header("referrer-policy"), Some("no-referrer"));
    assert!(answer.header("permissions-policy").unwrap().contains("camera=(), microphone=()"));
    for absent in ["set-cookie", "access-control-allow-credentials", "server"] {
        assert_eq!(answer.header(absent), None, "{absent}");
    }
}

#[track_caller]
fn check_file(answer: &Answer, kind: &str, caching: &str, policy: &str) {
    assert_eq!(answer.status, StatusCode::OK);
    check_hardened(answer);
    assert_eq!(answer.header("content-type"), Some(kind));
    assert_eq!(answer.header("cache-control"), Some(caching));
    assert_eq!(answer.header("content-security-policy"), Some(policy));
}

const FOREVER: &str = "public, max-age=31536000, immutable";
const MONTH: &str = "public, max-age=2592000, immutable";
const SHORT: &str = "public, max-age=300";

#[tokio::test]
async fn frame_documents_are_sandboxed_whatever_they_are_called() {
    let world = World::new().await;
    for (path, caching, title) in [
        ("/", SHORT, "Your views"),
        ("/index.html", SHORT, "Your views"),
        ("/s/5624d3cf/", SHORT, "Your views"),
        ("/s/5624d3cf/index.html", SHORT, "Your views"),
        ("/s/5624d3cf/cy/", SHORT, "Eich barn"),
        ("/s/5624d3cf/cy/index.html", SHORT, "Eich barn"),
        ("/s/5624d3cf/views-0123456789abcdef.html", MONTH, "Eich barn"),
        // A language that the survey is not in, and a document of long ago.
        ("/s/5624d3cf/cy-GB/", SHORT, "Eich barn"),
        ("/s/5624d3cf/pl/", SHORT, "Your views"),
        ("/s/5624d3cf/views-0000000000000000.html", SHORT, "Your views"),
    ] {
        let answer = world.get(path).await;
        check_file(&answer, "text/html; charset=utf-8", caching, FRAME);
        assert!(answer.text().contains(title), "`{path}`");
    }
}

#[tokio::test]
async fn files_have_their_type_and_their_caching() {
    let world = World::new().await;
    let script = "text/javascript; charset=utf-8";
    let check = async |path: &str, kind, caching| {
        check_file(&world.get(path).await, kind, caching, FILE);
    };
    check("/views-3f2a9bc81d7e0f12.js", script, FOREVER).await;
    check("/views-3f2a9bc81d7e0f12_bg.wasm", "application/wasm", FOREVER).await;
    check("/seal-5d41402abc4b2a76.wasm", "application/wasm", FOREVER).await;
    check("/embed-98f6bcd4621d373c.js", script, FOREVER).await;
    check(&format!("/d/{}.json", definitions()[0]), "application/json", FOREVER).await;
    check("/embed.js", script, SHORT).await;
    check("/surveys.json", "application/json", SHORT).await;
}

#[tokio::test]
async fn a_site_that_was_put_back_is_served_although_it_is_older() {
    let world = World::new().await;
    let since = async |path: &str| {
        let later = "Fri, 31 Dec 2100 23:59:59 GMT";
        let request = Request::get(path).header("if-modified-since", later);
        world.send(request.body(Body::empty()).unwrap()).await
    };
    for path in ["/", "/s/5624d3cf/", "/s/5624d3cf/pl/", "/embed.js", "/surveys.json"] {
        let answer = since(path).await;
        assert_eq!(answer.status, StatusCode::OK, "`{path}`");
        assert_eq!(answer.header("last-modified"), None, "`{path}`");
    }
    for path in ["/views-3f2a9bc81d7e0f12.js", "/s/5624d3cf/views-0123456789abcdef.html"] {
        assert_eq!(since(path).await.status, StatusCode::NOT_MODIFIED, "`{path}`");
    }
    // Gone, so another one is served, which is older than what was asked for.
    let gone = since("/s/5624d3cf/views-0000000000000000.html").await;
    assert_eq!(gone.status, StatusCode::OK);
}

#[tokio::test]
async fn compressed_files_are_served_to_those_who_take_them() {
    let world = World::new().await;
    let get = async |path: &str, accept: &str| {
        let request = Request::get(path).header("accept-encoding", accept);
        world.send(request.body(Body::empty()).unwrap()).await
    };
    let path = "/views-3f2a9bc81d7e0f12.js";
    for (accept, encoding, body) in [
        ("gzip, deflate, br", Some("br"), "br of js"),
        ("gzip", Some("gzip"), "gz of js"),
        ("identity", None, "export {}"),
    ] {
        let answer = get(path, accept).await;
        assert_eq!(answer.header("content-encoding"), encoding);
        assert_eq!(answer.header("vary"), Some("accept-encoding"));
        assert_eq!(answer.header("content-type"), Some("text/javascript; charset=utf-8"));
        assert_eq!(answer.text(), body);
    }
    // Not there compressed: plain, to everybody.
    assert_eq!(get("/embed.js", "br").await.header("content-encoding"), None);
}

#[tokio::test]
async fn what_is_not_there_is_small_and_plain() {
    let world = World::new().await;
    for path in [
        "/nothing",
        "/s/00000000/",
        "/s/00000000/cy/",
        "/s/00000000/views-0123456789abcdef.html",
        "/s/5624d3cf/cy/cy/",
        "/template.html",
        "/%74emplate.html",
        "//template.html",
        "/./template.html",
        "/s/..//template.html",
        "//embed.js",
        "/s/5624d3cf/index%2ehtml",
        "/s/nonsense/",
        "/d/",
        "/s/",
        "/../views.sqlite",
        "/%2e%2e/views.sqlite",
        "/s/..%2f..%2f..%2fviews.sqlite",
        "/d/..%5cviews.sqlite",
        "/embed.js/",
        "/%00",
        "/examples",
        "/ssp",
    ] {
        let answer = world.get(path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "`{path}`");
        assert_eq!(answer.text(), "Not found\n", "`{path}`");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(
            answer.header("cache-control"),
            if path == "/ssp" { Some("no-store") } else { None }
        );
    }
}

#[tokio::test]
async fn the_site_is_only_read() {
    let world = World::new().await;
    for method in ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"] {
        let request = Request::builder().method(method).uri("/embed.js");
        let answer = world.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
        assert_eq!(answer.header("allow"), Some("GET, HEAD"));
    }
    let head = world.send(Request::head("/").body(Body::empty()).unwrap()).await;
    assert_eq!(head.header("content-security-policy"), Some(FRAME));
    assert!(head.body.is_empty());
}

#[tokio::test]
async fn publishing_changes_the_policy_at_once() {
    let world = World::new().await;
    let public = "https://forms.example".parse().unwrap();
    world.state.set_catalog(Catalog::new(manifest(""), &public, &Partners::Nobody));
    let policy = world.get("/").await.header("content-security-policy").unwrap().to_owned();
    assert!(policy.contains("script-src https://forms.example 'wasm-unsafe-eval'"), "{policy}");
    assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
}

#[tokio::test]
async fn demo_pages_are_served_as_a_partner_would() {
    let world = World::new().await;
    for path in ["/examples/", "/examples/index.html"] {
        let page = world.get(path).await;
        assert_eq!(page.status, StatusCode::OK);
        assert_eq!(page.text(), "<script src=\"https://forms.example/embed.js\">");
        assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
        assert_eq!(
            page.header("content-security-policy"),
            Some(
                "default-src 'none'; script-src https://forms.example; \
                 frame-src https://forms.example; style-src 'self'"
            )
        );
        assert_eq!(page.header("cache-control"), Some("no-store"));
    }
    let style = world.get("/examples/partner.css").await;
    assert_eq!(style.header("content-type"), Some("text/css; charset=utf-8"));
    assert_eq!(style.text(), "a{}");
    for path in
        ["/examples/none.html", "/examples/../views.sqlite", "/examples/%2e%2e/views.sqlite"]
    {
        assert_eq!(world.get(path).await.status, StatusCode::NOT_FOUND, "`{path}`");
    }
}
