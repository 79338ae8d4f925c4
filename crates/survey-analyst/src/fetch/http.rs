//! The collector's admin listener.

use std::{
    io::{BufReader, Read},
    time::Duration,
};

use survey_wire::{Day, DayLine};
use ureq::Agent;

use crate::{
    error::Error,
    lines::{Line, Lines},
};

/// A collector that can be asked.
pub(super) struct Collector {
    base: String,
    agent: Agent,
}

impl Collector {
    /// `base` is the address of the admin listener, such as `http://127.0.0.1:9090`.
    pub(super) fn new(base: &str) -> Result<Self, Error> {
        if !base.starts_with("http://") {
            return Err(Error::Usage(format!(
                "--from {base}: must start with http://; the collector's admin listener answers on \
                 its own machine only, so run this there or through a tunnel: \
                 ssh -N -L 9090:127.0.0.1:9090 USER@COLLECTOR"
            )));
        }
        let agent = Agent::config_builder()
            // Neither a proxy nor another server has any business between the two.
            .proxy(None)
            .max_redirects(0)
            .http_status_as_error(false)
            .timeout_connect(Some(Duration::from_secs(10)))
            .timeout_per_read(Some(Duration::from_secs(60)))
            .build()
            .new_agent();
        Ok(Self { base: base.trim_end_matches('/').to_owned(), agent })
    }

    /// The days on which envelopes were stored: how many, and a digest over them.
    pub(super) fn days(&self) -> Result<Vec<DayLine>, Error> {
        let path = "/export/days";
        let mut lines = Lines::new(self.get(path)?);
        let mut days = Vec::new();
        while lines.advance().map_err(|error| self.broken(path, &error))? {
            let line = match lines.line() {
                Line::Whole(bytes) => serde_json::from_slice(bytes).ok(),
                Line::TooLong => None,
            };
            days.push(line.ok_or_else(|| {
                self.error(path, "this is no list of days; is it the collector's admin address?")
            })?);
        }
        Ok(days)
    }

    /// The envelopes of a day, line by line.
    pub(super) fn day(
        &self,
        day: Day,
        mut each: impl FnMut(Line<'_>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let path = format!("/export?day={day}");
        let mut lines = Lines::new(self.get(&path)?);
        while lines.advance().map_err(|error| self.broken(&path, &error))? {
            each(lines.line())?;
        }
        Ok(())
    }

    fn get(&self, path: &str) -> Result<BufReader<impl Read + use<>>, Error> {
        let response = self.agent.get(format!("{}{path}", self.base)).call().map_err(|error| {
            let why = format!(
                "{error}; is the collector running, and is this its admin address (--admin-listen)?"
            );
            self.error(path, why)
        })?;
        let status = response.status().as_u16();
        if status >= 500 {
            let why = format!("answered {status}; the collector's log says why, try again then");
            return Err(self.error(path, why));
        }
        if status != 200 {
            let why = format!(
                "answered {status}; is this the collector's admin address (--admin-listen)? Its \
                 public one exports nothing"
            );
            return Err(self.error(path, why));
        }
        // A day can be large and is written to disk as it comes, so there is no limit.
        let body = response.into_body().into_with_config().limit(u64::MAX).reader();
        Ok(BufReader::with_capacity(1 << 16, body))
    }

    fn broken(&self, path: &str, error: &std::io::Error) -> Error {
        self.error(path, format!("broke off: {error}; run the same command again to go on"))
    }

    fn error(&self, path: &str, why: impl Into<String>) -> Error {
        Error::Collector { url: format!("{}{path}", self.base), why: why.into() }
    }
}
