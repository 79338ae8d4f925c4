//! Forgetting, day after day, in which order envelopes came.

use std::{sync::Arc, time::Duration};

use futures_util::future::BoxFuture;
use survey_wire::Day;
use tokio::time::{Instant, sleep};

use crate::{clock::Clock, store::StoreError, writer::Writer};

#[cfg(test)]
mod tests;

/// How often to look whether a new day has begun. Not a timer until midnight: that would not notice
/// a clock that is set, or a machine that slept.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// When to try again after somebody else had hold of the database, a backup for instance.
const RETRY_AFTER: Duration = Duration::from_secs(600);

/// Between two batches, so that no insert finds the database locked.
pub(crate) fn through(
    writer: Writer,
) -> impl Fn(Day) -> BoxFuture<'static, Result<bool, StoreError>> {
    move |today| {
        let writer = writer.clone();
        Box::pin(async move { writer.forget_order(today).await })
    }
}

/// Has the store forget the order of arrival at start and whenever the day changes. Never ends. A
/// failure is logged once a day with what to do, and costs nothing but the forgetting.
///
/// `forget` is [`Store::forget_order`](crate::store::Store::forget_order), [`through`] the writer.
pub(crate) async fn forget_daily<F>(clock: Arc<dyn Clock>, forget: impl Fn(Day) -> F)
where
    F: Future<Output = Result<bool, StoreError>>,
{
    let mut last: Option<Day> = None;
    let mut again: Option<Instant> = None;
    loop {
        let today = clock.today();
        if last != Some(today) || again.is_some_and(|at| Instant::now() >= at) {
            let first = last.replace(today) != Some(today);
            again = None;
            match forget(today).await {
                Ok(true) => tracing::info!("the order of arrival is forgotten"),
                Ok(false) => {}
                Err(error) => {
                    // Room does not come by itself; whoever held the database goes.
                    if !matches!(error, StoreError::Full(_)) {
                        again = Some(Instant::now() + RETRY_AFTER);
                    }
                    if first {
                        tracing::error!(
                            "the database still tells in which order envelopes came: {error}; no \
                             envelope is lost, and it is tried again tomorrow at the latest"
                        );
                    }
                }
            }
        }
        sleep(LOOK_EVERY).await;
    }
}
