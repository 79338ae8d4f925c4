//! A line that shows how far long work is, for people who watch.

use std::{
    io::{self, IsTerminal, Write},
    time::{Duration, Instant},
};

/// Counts, and shows the count on the terminal. Shows nothing when standard error is a file.
pub(crate) struct Progress {
    what: &'static str,
    count: u64,
    shown: Option<Instant>,
    visible: bool,
}

impl Progress {
    /// `what` is counted, as in "lines read".
    pub(crate) fn new(what: &'static str) -> Self {
        Self { what, count: 0, shown: None, visible: io::stderr().is_terminal() }
    }

    /// One more.
    pub(crate) fn step(&mut self) {
        self.count += 1;
        if !self.visible || !self.count.is_multiple_of(64) {
            return;
        }
        let now = Instant::now();
        if self.shown.is_none_or(|last| now - last > Duration::from_millis(100)) {
            self.shown = Some(now);
            // A terminal that is gone is no reason to stop.
            let _ = write!(io::stderr(), "\r{} {}", self.count, self.what);
        }
    }
}

impl Drop for Progress {
    /// Takes the line away, so that what is printed next starts clean.
    fn drop(&mut self) {
        if self.shown.is_some() {
            let _ = write!(io::stderr(), "\r\x1b[K");
        }
    }
}
