//! What can be in the way of a file: a bad signal, a server that is being restarted, a long way.

use std::{
    collections::{HashMap, VecDeque},
    error, fmt,
    future::Future,
    sync::Mutex,
    time::Duration,
};

use axum::body::{Body, Bytes, to_bytes};
use futures_util::stream::{self, StreamExt as _};
use hyper::{Response, StatusCode};
use tokio::{sync::watch, time::sleep};

use super::{MAX_BODY, lock, short};
use crate::file::File;

/// Something in the way of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// It comes this much later.
    Late(Duration),
    /// The server says that it is not there.
    Missing,
    /// The connection breaks off when it has come up to some point; not while it is held.
    BrokenOff(Point),
    /// From some point on it comes only when the file is [let go](super::Line::let_go).
    RestHeld(Point),
}

/// A place in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Point {
    /// Its middle.
    Half,
    /// Where this text begins.
    Before(&'static str),
}

impl Obstacle {
    /// Whether the file has to come as it is, and not compressed.
    pub(super) fn is_at_a_text(self) -> bool {
        matches!(self, Self::BrokenOff(Point::Before(_)) | Self::RestHeld(Point::Before(_)))
    }
}

impl Point {
    /// How many bytes come before it.
    fn offset(self, bytes: &[u8]) -> Option<usize> {
        match self {
            Self::Half => Some(bytes.len() / 2),
            Self::Before(text) => {
                bytes.windows(text.len()).position(|window| window == text.as_bytes())
            }
        }
    }
}

/// What is in the way of each file.
#[derive(Debug, Default)]
pub(super) struct Obstacles {
    next: Mutex<HashMap<File, VecDeque<Obstacle>>>,
    held: watch::Sender<Vec<File>>,
}

impl Obstacles {
    pub(super) fn hold(&self, file: File) {
        self.held.send_modify(|held| held.push(file));
    }

    pub(super) fn let_go(&self, file: File) {
        self.held.send_modify(|held| held.retain(|other| *other != file));
    }

    pub(super) fn put(&self, file: File, obstacles: impl IntoIterator<Item = Obstacle>) {
        let obstacles: Vec<_> = obstacles.into_iter().collect();
        if obstacles.iter().any(|obstacle| matches!(obstacle, Obstacle::RestHeld(_))) {
            self.hold(file);
        }
        lock(&self.next).entry(file).or_default().extend(obstacles);
    }

    /// What is in the way of a request for `file` that comes now.
    pub(super) fn next(&self, file: File) -> Option<Obstacle> {
        lock(&self.next).get_mut(&file).and_then(VecDeque::pop_front)
    }

    /// Gets `file` past it.
    pub(super) async fn pass(
        &self,
        file: File,
        obstacle: Option<Obstacle>,
        answer: impl Future<Output = Result<Response<Body>, Lost>>,
    ) -> Result<Response<Body>, Lost> {
        let point = match obstacle {
            Some(Obstacle::Missing) => {
                return Ok(short(StatusCode::NOT_FOUND, "text/plain", "Not found\n"));
            }
            Some(Obstacle::BrokenOff(point) | Obstacle::RestHeld(point)) => point,
            Some(Obstacle::Late(time)) => {
                sleep(time).await;
                return answer.await;
            }
            None => {
                wait(self.held.subscribe(), file).await;
                return answer.await;
            }
        };
        let (parts, body) = answer.await?.into_parts();
        let body = to_bytes(body, MAX_BODY).await.map_err(|_| Lost)?;
        let offset = point.offset(&body).ok_or(Lost)?;
        let (first, rest) = (body.slice(..offset), body.slice(offset..));
        let held = self.held.subscribe();
        let rest = async move {
            if obstacle == Some(Obstacle::BrokenOff(point)) {
                // What was written just before is sent by then.
                sleep(Duration::from_secs(1)).await;
                return Err(Lost);
            }
            wait(held, file).await;
            Ok::<Bytes, Lost>(rest)
        };
        let body = stream::iter([Ok(first)]).chain(stream::once(rest));
        Ok(Response::from_parts(parts, Body::from_stream(body)))
    }
}

/// Waits until nobody holds the file any more.
async fn wait(mut held: watch::Receiver<Vec<File>>, file: File) {
    // Fails only when the line is gone, and with it whoever would want the file.
    let _ = held.wait_for(|held| !held.contains(&file)).await;
}

/// Hyper then closes the connection without a word.
#[derive(Debug)]
pub(super) struct Lost;

impl fmt::Display for Lost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("lost on the way")
    }
}

impl error::Error for Lost {}
