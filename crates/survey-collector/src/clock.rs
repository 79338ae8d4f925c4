//! Which day it is.

use std::{
    sync::atomic::{AtomicU32, Ordering},
    time::{SystemTime, UNIX_EPOCH},
};

use survey_wire::Day;

/// Says which day it is in UTC. The collector asks for nothing finer.
pub trait Clock: Send + Sync + 'static {
    /// Today, in UTC.
    fn today(&self) -> Day;
}

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn today(&self) -> Day {
        // A clock before 1970 is not set at all; the first day there is says so.
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Day::from_unix_seconds(since.as_secs())
    }
}

/// A clock that stands still until it is told otherwise. For tests.
#[derive(Debug)]
pub struct FixedClock(AtomicU32);

impl FixedClock {
    /// A clock that stands at `day`.
    pub fn new(day: Day) -> Self {
        Self(AtomicU32::new(day.number()))
    }

    /// Moves the clock, forwards or back.
    pub fn set(&self, day: Day) {
        self.0.store(day.number(), Ordering::Relaxed);
    }
}

impl Clock for FixedClock {
    fn today(&self) -> Day {
        Day::from_number(self.0.load(Ordering::Relaxed)).unwrap_or(Day::MAX)
    }
}
