//! When a client tries again.
//!
//! Pure: time and randomness are handed in, so a test runs five minutes in no time.

use std::time::Duration;

#[cfg(test)]
mod tests;

/// The HTTP statuses after which the same bytes are sent again. A request that got no answer at
/// all is sent again as well; any other status is final for that backend.
pub const RETRYABLE: [u16; 6] = [408, 425, 429, 502, 503, 504];

/// Whether the same bytes are sent again after this HTTP status.
pub fn is_retryable(status: u16) -> bool {
    RETRYABLE.contains(&status)
}

/// How long a backend asks to wait, from the value of its `Retry-After` header.
///
/// Reads seconds only. The other form that RFC 9110 section 10.2.3 allows, a date, needs the
/// device's clock to be right; it counts as absent.
pub fn retry_after(header: &str) -> Option<Duration> {
    let text = header.trim();
    // `parse` alone would take a sign.
    let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    // More seconds than fit mean "not today", like any number past the limit.
    digits.then(|| Duration::from_secs(text.parse().unwrap_or(u64::MAX)))
}

/// Waits between the tries of one envelope at one backend: exponential with full jitter, so that
/// many clients that failed together do not come back together.
///
/// At most [`Backoff::TRIES`] tries, none begun later than [`Backoff::LIMIT`] after the first; then
/// it is the turn of the next backend in the definition's `submit` list, with a new `Backoff` and
/// the same bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Backoff {
    failures: u32,
}

impl Backoff {
    /// The most tries at one backend, the first included.
    pub const TRIES: u32 = 8;
    /// The ceiling of the first wait.
    pub const BASE: Duration = Duration::from_secs(1);
    /// The ceiling of any wait, unless the backend asks for more.
    pub const CAP: Duration = Duration::from_secs(60);
    /// The longest time from the first try to the start of the last.
    pub const LIMIT: Duration = Duration::from_secs(300);

    /// Nothing failed yet.
    pub const fn new() -> Self {
        Self { failures: 0 }
    }

    /// Notes a failed try and says how long to wait before the next; `None` when there is none.
    ///
    /// `elapsed` is the time since the first try began. `random` is a fresh random number.
    /// `retry_after` is what the backend asked for: the wait is never shorter, and if it would
    /// pass [`Backoff::LIMIT`] there is no next try.
    pub fn after_failure(
        &mut self,
        elapsed: Duration,
        random: u32,
        retry_after: Option<Duration>,
    ) -> Option<Duration> {
        let ceiling = Self::BASE.saturating_mul(1 << self.failures.min(Self::TRIES)).min(Self::CAP);
        self.failures = self.failures.saturating_add(1);
        // random / 2^32 of the ceiling. Nanoseconds of a minute and 32 bits fit 128 bits.
        let nanos = (ceiling.as_nanos() * u128::from(random)) >> 32;
        let jitter = Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX));
        let wait = jitter.saturating_add(retry_after.unwrap_or_default());
        let in_time = elapsed.saturating_add(wait) <= Self::LIMIT;
        (self.failures < Self::TRIES && in_time).then_some(wait)
    }
}
