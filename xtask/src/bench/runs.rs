//! The visits of a run, and what they say together.
//!
//! Everything is compared round by round: two visits of one round were minutes apart at most, so a
//! machine that gets slower or faster changes both.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use clap::ValueEnum;
use serde::{Deserialize, Serialize};

/// Our survey on a page of its own.
pub(super) const PAGE: &str = "page";
/// Our survey in a partner's page.
pub(super) const FRAMED: &str = "framed";

/// How slow line and device are (`PROFILES` in `visit.mjs`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub(super) enum Profile {
    /// As fast as this machine.
    None,
    /// 1.6 Mbit/s, 150 ms, CPU four times slower.
    #[value(name = "slow4g")]
    Slow4g,
    /// 400 kbit/s, 400 ms, CPU four times slower.
    #[value(name = "slow3g")]
    Slow3g,
}

impl Profile {
    pub(super) const ALL: [Self; 3] = [Self::None, Self::Slow4g, Self::Slow3g];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Slow4g => "slow4g",
            Self::Slow3g => "slow3g",
        }
    }

    /// What a person calls it.
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::None => "unthrottled",
            Self::Slow4g => "Slow 4G",
            Self::Slow3g => "Slow 3G",
        }
    }

    /// Bytes that come in a millisecond; nothing when the line is not throttled.
    pub(super) fn bytes_per_ms(self) -> Option<f64> {
        match self {
            Self::None => None,
            Self::Slow4g => Some(200.0),
            Self::Slow3g => Some(50.0),
        }
    }
}

impl std::fmt::Display for Profile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// What was measured with.
#[derive(Debug, Deserialize)]
pub(super) struct Circumstances {
    /// `YYYY-MM-DD`, UTC.
    pub(super) date: String,
    pub(super) browser: String,
    pub(super) node: String,
    /// Number and model of the processors.
    pub(super) machine: String,
    /// Of the npm packages that are compared with.
    pub(super) versions: BTreeMap<String, String>,
    /// Of the survey that was measured.
    pub(super) built: Built,
}

/// What a site was built from: noted when it is built, since the sources may change before it is
/// measured, and again before anybody looks at the numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Built {
    /// As git describes the sources: the commit, and whether they were changed since.
    pub(super) commit: String,
    /// What the compiler says of itself.
    pub(super) rustc: String,
    /// The origin of the survey, where its answers go.
    pub(super) survey: String,
}

/// A visit, as `measure.mjs` writes it.
#[derive(Debug, Deserialize)]
struct Row {
    round: u32,
    /// Load average of the machine before the visit.
    load: f64,
    target: String,
    size: u32,
    profile: String,
    values: BTreeMap<String, Option<f64>>,
    problems: Vec<String>,
}

/// A target at one size under one profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Case<'a> {
    pub(super) target: &'a str,
    pub(super) size: u32,
    pub(super) profile: &'a str,
}

/// All visits of a run.
pub(super) struct Runs {
    pub(super) circumstances: Circumstances,
    rows: Vec<Row>,
}

impl Runs {
    /// # Errors
    ///
    /// When the file is not there or is not what `measure.mjs` writes.
    pub(super) fn read(path: &Path) -> Result<Self> {
        let text = fs::read_to_string(path).with_context(|| {
            format!("there are no numbers in {}; run the bench without --again", path.display())
        })?;
        Self::parse(&text).with_context(|| format!("cannot understand {}", path.display()))
    }

    /// The lines of `measure.mjs`.
    pub(super) fn parse(text: &str) -> Result<Self> {
        let mut lines = text.lines();
        let Some(first) = lines.next() else { bail!("it is empty: run the bench again") };
        let circumstances = serde_json::from_str(first).context("line 1")?;
        let rows = (2..).zip(lines).map(|(number, line)| {
            serde_json::from_str(line).with_context(|| format!("line {number}"))
        });
        Ok(Self { circumstances, rows: rows.collect::<Result<_>>()? })
    }

    pub(super) fn rounds(&self) -> u32 {
        self.rows.iter().map(|row| row.round).max().unwrap_or(0)
    }

    /// The machine's load average over the run.
    pub(super) fn load(&self) -> Option<Spread> {
        Spread::of(self.rows.iter().map(|row| row.load).collect())
    }

    /// The cases that there are under a profile, in the order of the visits.
    pub(super) fn cases(&self, profile: &str) -> Vec<Case<'_>> {
        let mut seen = BTreeSet::new();
        let rows = self.rows.iter().filter(|row| row.profile == profile);
        rows.map(Row::case).filter(|case| seen.insert(*case)).collect()
    }

    /// What went wrong, and how often. Such visits count nowhere else.
    pub(super) fn problems(&self) -> BTreeMap<String, usize> {
        let mut problems = BTreeMap::new();
        for row in &self.rows {
            for problem in &row.problems {
                let place = format!("{}, {} questions, {}", row.target, row.size, row.profile);
                *problems.entry(format!("{place}: {problem}")).or_default() += 1;
            }
        }
        problems
    }

    pub(super) fn spread(&self, case: Case<'_>, measure: &str) -> Option<Spread> {
        Spread::of(self.by_round(case, measure).into_values().collect())
    }

    /// Ours over theirs, round by round. Less than a millisecond (or byte) apart is equal: clocks say
    /// no more. Rounds with a zero below the line do not count.
    pub(super) fn ratio(&self, ours: Case<'_>, theirs: Case<'_>, measure: &str) -> Option<Spread> {
        let below = self.by_round(theirs, measure);
        self.over(ours, measure, |round| below.get(&round).copied())
    }

    /// Like [`Self::ratio`], with `theirs` first moved by the time that what `ours` loads more
    /// takes on the line.
    pub(super) fn ratio_without_bytes(
        &self,
        ours: Case<'_>,
        theirs: Case<'_>,
        measure: &str,
        bytes_per_ms: f64,
    ) -> Option<Spread> {
        let bytes = |case| self.spread(case, "bytes").map(|bytes| bytes.median);
        let more = (bytes(ours)? - bytes(theirs)?) / bytes_per_ms;
        let below = self.by_round(theirs, measure);
        self.over(ours, measure, |round| below.get(&round).map(|time| time + more))
    }

    fn over(
        &self,
        ours: Case<'_>,
        measure: &str,
        below: impl Fn(u32) -> Option<f64>,
    ) -> Option<Spread> {
        let rounds = self.by_round(ours, measure).into_iter();
        let ratios = rounds.filter_map(|(round, above)| {
            let below = below(round).filter(|below| *below > 0.0)?;
            Some(if (above - below).abs() < 1.0 { 1.0 } else { above / below })
        });
        Spread::of(ratios.collect())
    }

    fn by_round(&self, case: Case<'_>, measure: &str) -> BTreeMap<u32, f64> {
        let rows = self.rows.iter().filter(|row| row.case() == case && row.problems.is_empty());
        rows.filter_map(|row| Some((row.round, row.value(measure)?))).collect()
    }
}

impl Row {
    fn case(&self) -> Case<'_> {
        Case { target: &self.target, size: self.size, profile: &self.profile }
    }

    fn value(&self, measure: &str) -> Option<f64> {
        let value = |name| self.values.get(name).copied().flatten();
        match measure {
            "memory" => Some(value("heap")? + value("wasm")?),
            name => value(name),
        }
    }
}

/// Some numbers: the one in the middle, and how far they lie apart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Spread {
    pub(super) median: f64,
    pub(super) least: f64,
    pub(super) most: f64,
}

impl Spread {
    /// Of no numbers there is none.
    pub(super) fn of(mut numbers: Vec<f64>) -> Option<Self> {
        numbers.sort_by(f64::total_cmp);
        let (least, most) = (*numbers.first()?, *numbers.last()?);
        let half = numbers.len() / 2;
        let upper = *numbers.get(half)?;
        let median =
            if numbers.len() % 2 == 1 { upper } else { (numbers.get(half - 1)? + upper) / 2.0 };
        Some(Self { median, least, most })
    }

    /// `12 (10–15)`, every number divided by `unit`; one number when all look the same.
    pub(super) fn shown(&self, unit: f64, decimals: usize) -> String {
        let shown = |number: f64| format!("{:.decimals$}", number / unit);
        let (least, most) = (shown(self.least), shown(self.most));
        if least == most { least } else { format!("{} ({least}–{most})", shown(self.median)) }
    }
}

#[cfg(test)]
mod tests;
