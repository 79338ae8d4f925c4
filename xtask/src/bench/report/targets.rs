//! What the widget promises, held against a run.

use super::{heading, line};
use crate::bench::runs::{Case, FRAMED, PAGE, Profile, Runs, Spread};

const ALL: &[&str] = &["none", "slow4g", "slow3g"];
/// Without a line in between, and without throttling, which spoils processor times.
const UNTHROTTLED: &[&str] = &["none"];
const SLOW_4G: &[&str] = &["slow4g"];
const SLOW_CPU: &[&str] = &["cpu4"];
const COLUMNS: [(&str, &str); 4] =
    [("none", "unthrottled"), ("slow4g", "Slow 4G"), ("slow3g", "Slow 3G"), ("cpu4", "CPU ÷ 4")];

/// A promise: under these profiles, this does not exceed the limit.
struct Target {
    what: &'static str,
    limit: f64,
    /// Of what is shown: nothing for a ratio, empty for a count.
    unit: Option<&'static str>,
    profiles: &'static [&'static str],
    of: Of,
}

/// Where the number comes from.
enum Of {
    /// A measure of ours over that of another target.
    Ratio(&'static str, &'static str, &'static str),
    /// A measure of ours.
    Value(&'static str, &'static str),
    /// A measure of our page at 500 questions over the same at 20. What the larger definition takes
    /// on the line is left out.
    Growth(&'static str),
}

const fn ratio(
    what: &'static str,
    limit: f64,
    profiles: &'static [&'static str],
    [ours, theirs, measure]: [&'static str; 3],
) -> Target {
    Target { what, limit, unit: None, profiles, of: Of::Ratio(ours, theirs, measure) }
}

const fn value(
    what: &'static str,
    limit: f64,
    unit: &'static str,
    profiles: &'static [&'static str],
    [ours, measure]: [&'static str; 2],
) -> Target {
    Target { what, limit, unit: Some(unit), profiles, of: Of::Value(ours, measure) }
}

const fn growth(
    what: &'static str,
    measure: &'static str,
    profiles: &'static [&'static str],
) -> Target {
    Target { what, limit: 1.2, unit: None, profiles, of: Of::Growth(measure) }
}

const TARGETS: &[Target] = &[
    ratio("First question, over bare HTML", 1.1, ALL, [PAGE, "bare", "first"]),
    ratio("Answers a click, over bare HTML", 1.1, ALL, [PAGE, "bare", "answered"]),
    ratio("Ready to go on, over Formbricks", 1.1, ALL, [PAGE, "formbricks", "ready"]),
    ratio("Framed over own page: first question", 1.5, ALL, [FRAMED, PAGE, "first"]),
    ratio("Framed over own page: ready to go on", 1.5, ALL, [FRAMED, PAGE, "ready"]),
    ratio("Next page, over Preact", 1.0, ALL, [PAGE, "preact", "next"]),
    ratio("Main-thread CPU, over Formbricks", 1.2, UNTHROTTLED, [PAGE, "formbricks", "cpu"]),
    ratio("Memory, over Formbricks", 2.0, UNTHROTTLED, [PAGE, "formbricks", "memory"]),
    ratio(
        "Memory of processes, over Formbricks",
        2.0,
        UNTHROTTLED,
        [PAGE, "formbricks", "process"],
    ),
    value("Blocking time", 50.0, "ms", SLOW_4G, [PAGE, "blocking"]),
    value("Blocking time, framed", 50.0, "ms", SLOW_4G, [FRAMED, "blocking"]),
    growth("500 questions over 20: first question", "first", &["none", "slow4g"]),
    growth("500 questions over 20: ready to go on", "ready", &["none", "slow4g"]),
    growth("500 questions over 20: next page", "next", &["none", "slow4g"]),
    growth("500 questions over 20: CPU", "cpu", UNTHROTTLED),
    growth("500 questions over 20: memory", "memory", UNTHROTTLED),
    value("Sealing the longest response", 100.0, "ms", SLOW_CPU, [PAGE, "seal"]),
    value("Sealing the longest response, framed", 100.0, "ms", SLOW_CPU, [FRAMED, "seal"]),
    value("Requests until a response is sent, framed", 6.0, "", SLOW_CPU, [FRAMED, "toSend"]),
];

impl Target {
    fn measured(&self, runs: &Runs, profile: &str) -> Option<Spread> {
        let case = |target, size| Case { target, size, profile };
        match self.of {
            Of::Ratio(ours, theirs, measure) => {
                runs.ratio(case(ours, 20), case(theirs, 20), measure)
            }
            Of::Value(ours, measure) => runs.spread(case(ours, 20), measure),
            Of::Growth(measure) => {
                let (large, small) = (case(PAGE, 500), case(PAGE, 20));
                // The next page loads nothing.
                let speed = Profile::ALL
                    .into_iter()
                    .find(|known| known.name() == profile)
                    .and_then(Profile::bytes_per_ms)
                    .filter(|_| measure != "next");
                match speed {
                    Some(speed) => runs.ratio_without_bytes(large, small, measure, speed),
                    None => runs.ratio(large, small, measure),
                }
            }
        }
    }

    fn shown(&self, measured: Spread) -> String {
        let (decimals, unit) = match self.unit {
            None => (2, String::new()),
            Some("") => (0, String::new()),
            Some(unit) => (0, format!(" {unit}")),
        };
        let shown = measured.shown(1.0, decimals) + &unit;
        if self.is_met(measured) { format!("{shown} ✓") } else { format!("**{shown} ✗**") }
    }

    /// As precise as it is shown.
    fn is_met(&self, measured: Spread) -> bool {
        let half = if self.unit.is_none() { 0.005 } else { 0.5 };
        measured.median < self.limit + half
    }

    fn limit(&self) -> String {
        match self.unit {
            None => format!("{:.1}", self.limit),
            Some(unit) => format!("{} {unit}", self.limit).trim_end().to_owned(),
        }
    }
}

/// Every target, met or missed.
pub(super) fn table(runs: &Runs) -> String {
    let head = ["target", "at most"].into_iter().chain(COLUMNS.map(|(_, title)| title));
    let mut table = heading(head.map(str::to_owned));
    let (mut met, mut judged) = (0, 0);
    for target in TARGETS {
        let cells = COLUMNS.map(|(profile, _)| {
            if !target.profiles.contains(&profile) {
                return String::new();
            }
            let Some(measured) = target.measured(runs, profile) else { return "–".to_owned() };
            judged += 1;
            met += u32::from(target.is_met(measured));
            target.shown(measured)
        });
        table += &line([target.what.to_owned(), target.limit()].into_iter().chain(cells));
    }
    format!("{table}\n{met} of {judged} are met.\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A run whose visits are given as target, size, profile, round and values.
    fn runs(rows: &[(&str, u32, &str, u32, &str)]) -> Runs {
        let mut text = String::from(
            r#"{"date":"2026-01-01","browser":"b","node":"v1","machine":"m","versions":{},"built":{"commit":"c","rustc":"r","survey":"s"}}"#,
        );
        for (target, size, profile, round, values) in rows {
            text += &format!(
                "\n{{\"round\":{round},\"load\":0.5,\"target\":\"{target}\",\"size\":{size},\
                 \"profile\":\"{profile}\",\"mode\":\"look\",\"values\":{{{values}}},\"problems\":[]}}"
            );
        }
        Runs::parse(&text).expect("the lines are as measure.mjs writes them")
    }

    fn row_of(table: &str, start: &str) -> String {
        table.lines().find(|line| line.contains(start)).unwrap_or_default().to_owned()
    }

    #[test]
    fn a_target_is_judged_by_the_median_of_the_rounds() {
        let table = table(&runs(&[
            ("bare", 20, "none", 1, r#""first":100"#),
            ("page", 20, "none", 1, r#""first":105"#),
            ("bare", 20, "none", 2, r#""first":50"#),
            ("page", 20, "none", 2, r#""first":100"#),
            ("bare", 20, "none", 3, r#""first":100"#),
            ("page", 20, "none", 3, r#""first":90"#),
            ("bare", 20, "slow4g", 1, r#""first":100"#),
            ("page", 20, "slow4g", 1, r#""first":111"#),
        ]));
        assert_eq!(
            row_of(&table, "First question"),
            "| First question, over bare HTML | 1.1 | 1.05 (0.90–2.00) ✓ | **1.11 ✗** | – |  |"
        );
        assert!(table.ends_with("\n1 of 2 are met.\n"), "{table}");
    }

    #[test]
    fn growth_leaves_out_the_time_of_the_added_bytes() {
        // 2,000 bytes more take 10 ms at 200 bytes per millisecond.
        let table = table(&runs(&[
            ("page", 20, "slow4g", 1, r#""first":90,"next":50,"bytes":10000"#),
            ("page", 500, "slow4g", 1, r#""first":100,"next":50,"bytes":12000"#),
        ]));
        assert!(row_of(&table, "over 20: first").contains("| 1.00 ✓ |"), "{table}");
        assert!(row_of(&table, "over 20: next").contains("| 1.00 ✓ |"), "{table}");
    }

    #[test]
    fn what_is_shown_as_the_limit_is_met() {
        let table = table(&runs(&[
            ("page", 20, "slow4g", 1, r#""blocking":50.4"#),
            ("framed", 20, "cpu4", 1, r#""toSend":7"#),
        ]));
        let blocking = row_of(&table, "Blocking time |");
        assert_eq!(blocking, "| Blocking time | 50 ms |  | 50 ms ✓ |  |  |");
        assert!(row_of(&table, "Requests").contains("| 6 |  |  |  | **7 ✗** |"), "{table}");
    }
}
