//! HTTP as these tests need it: one request, one answer in memory.

use anyhow::{Result, ensure};
use axum::body::{Body, Bytes, to_bytes};
use hyper::{Method, Request, header};
use hyper_util::{client::legacy::Client, rt::TokioExecutor};
use serde_json::Value;

/// Gets something.
///
/// # Errors
///
/// No answer, or another status than 200.
pub(crate) async fn get(url: &str) -> Result<Bytes> {
    send(Request::get(url).body(Body::empty())?).await
}

/// Posts JSON and returns JSON.
///
/// # Errors
///
/// No answer, another status than 200, or no JSON.
pub(crate) async fn post(url: &str, value: &Value) -> Result<Value> {
    let request = Request::builder().method(Method::POST).uri(url);
    let request = request.header(header::CONTENT_TYPE, "application/json");
    let answer = send(request.body(Body::from(value.to_string()))?).await?;
    Ok(serde_json::from_slice(&answer)?)
}

async fn send(request: Request<Body>) -> Result<Bytes> {
    let url = request.uri().clone();
    let client = Client::builder(TokioExecutor::new()).build_http::<Body>();
    let answer = client.request(request).await?;
    let status = answer.status();
    let body = to_bytes(Body::new(answer.into_body()), usize::MAX).await?;
    ensure!(status == 200, "{url} answered {status}: {}", String::from_utf8_lossy(&body));
    Ok(body)
}
