//! Waiting for something to become so.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};

/// How long anything may take. Generous: it is only ever used up when something is broken.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// How often is looked.
const EVERY: Duration = Duration::from_millis(40);

/// Looks again and again until there is something to see.
///
/// An error of `look` counts as "not yet": a page that is just being drawn gives many.
///
/// # Errors
///
/// [`PATIENCE`] is used up; with what was waited for and the last error of `look`.
pub async fn until<T>(what: &str, mut look: impl AsyncFnMut() -> Result<Option<T>>) -> Result<T> {
    let end = Instant::now() + PATIENCE;
    loop {
        let seen = look().await;
        let error = match seen {
            Ok(Some(seen)) => return Ok(seen),
            Ok(None) => None,
            Err(error) => Some(error),
        };
        if Instant::now() > end {
            match error {
                Some(error) => bail!("waited {PATIENCE:?} for {what}: {error:#}"),
                None => bail!("waited {PATIENCE:?} for {what}"),
            }
        }
        tokio::time::sleep(EVERY).await;
    }
}
