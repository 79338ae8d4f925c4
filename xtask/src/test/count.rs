//! Counts tests by the lines in which their runners sum up.

use std::io::{BufRead as _, BufReader, Read, Write};
use std::ops::AddAssign;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result};

use crate::process;

/// How many passed and how many failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    pub(super) passed: u64,
    pub(super) failed: u64,
}

impl Tally {
    pub(super) fn passed(passed: u64) -> Self {
        Self { passed, failed: 0 }
    }

    pub(super) fn failed(failed: u64) -> Self {
        Self { passed: 0, failed }
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

/// Runs a test program, shows what it prints as it comes, and counts.
///
/// A program that ends badly without a failed test (one that does not compile, say) counts as one
/// failure, and so does one that runs no test at all: a test that silently stopped running is the
/// worst kind of green.
///
/// # Errors
///
/// When it cannot be started.
pub(super) fn run(command: &mut Command) -> Result<Tally> {
    run_showing(command, std::io::stdout())
}

fn run_showing(command: &mut Command, to: impl Write) -> Result<Tally> {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start `{}`", process::shown(command)))?;
    let mut tally = child.stdout.take().map(|pipe| relay(pipe, to)).unwrap_or_default();
    let status = child.wait().context("cannot wait for the test program")?;
    if !status.success() && tally.failed == 0 {
        eprintln!("error: `{}` failed ({status})", process::shown(command));
        tally.failed = 1;
    } else if tally == Tally::default() {
        eprintln!("error: `{}` ran no test", process::shown(command));
        tally.failed = 1;
    }
    Ok(tally)
}

/// Passes lines on and counts in them.
fn relay(from: impl Read, mut to: impl Write) -> Tally {
    let mut tally = Tally::default();
    let mut from = BufReader::new(from);
    let mut line = Vec::new();
    // An error on either side means that nobody speaks or listens any more.
    while matches!(from.read_until(b'\n', &mut line), Ok(length) if length > 0) {
        to.write_all(&line).and_then(|()| to.flush()).ok();
        tally += summed_up(&String::from_utf8_lossy(&line));
        line.clear();
    }
    tally
}

/// What a line says of a whole run; nothing, for most lines.
fn summed_up(line: &str) -> Tally {
    let line = without_colours(line);
    let line = line.trim();
    if let Some(rest) = line.strip_prefix("test result: ") {
        // libtest and wasm-bindgen: "test result: ok. 3 passed; 0 failed; 0 ignored; …"
        pair(rest.split_once(". ").map_or("", |(_, counts)| counts), "; ")
    } else if let Some(line) = line.strip_prefix("\u{2139} ") {
        // node --test: "ℹ pass 3"
        let failed = number(line, "fail ", "").or_else(|| number(line, "cancelled ", ""));
        Tally {
            passed: number(line, "pass ", "").unwrap_or_default(),
            failed: failed.unwrap_or_default(),
        }
    } else {
        // The plain form that our own scripts use: "3 passed, 0 failed"
        pair(line, ", ")
    }
}

/// `3 passed<separator>0 failed…`; anything else counts nothing.
fn pair(text: &str, separator: &str) -> Tally {
    let mut parts = text.split(separator);
    let mut next = |unit| parts.next().and_then(|part| number(part, "", unit));
    match (next(" passed"), next(" failed")) {
        (Some(passed), Some(failed)) => Tally { passed, failed },
        _ => Tally::default(),
    }
}

fn number(text: &str, prefix: &str, suffix: &str) -> Option<u64> {
    text.strip_prefix(prefix)?.strip_suffix(suffix)?.parse().ok()
}

/// The text without escape sequences that set colours (`ESC [ … m`).
fn without_colours(line: &str) -> String {
    let mut parts = line.split('\u{1b}');
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        plain += part.split_once('m').map_or(part, |(_, rest)| rest);
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(lines: &str, passed: u64, failed: u64) {
        let tally = relay(lines.as_bytes(), std::io::sink());
        assert_eq!(tally, Tally { passed, failed }, "{lines}");
    }

    #[test]
    fn every_runner_is_understood() {
        check(
            "running 2 tests\ntest a ... ok\n\ntest result: ok. 2 passed; 0 failed; 1 ignored; 0 measured\n\
             test result: FAILED. 3 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out\n",
            5,
            1,
        );
        check("test result: \u{1b}[32mok\u{1b}[0m. 2 passed; 0 failed; 0 ignored", 2, 0);
        check("ℹ tests 4\nℹ pass 2\nℹ fail 1\nℹ cancelled 1\nℹ skipped 0\n", 2, 2);
        check("7 passed, 1 failed\n", 7, 1);
    }

    #[test]
    fn other_lines_count_nothing() {
        check("2 bottles passed, 1 failed\nℹ pass x\n", 0, 0);
    }

    #[cfg(unix)]
    #[test]
    fn a_bad_end_and_an_empty_run_are_failures() -> Result<()> {
        for (script, expected) in [
            ("echo 2 passed, 0 failed", Tally::passed(2)),
            ("echo 2 passed, 1 failed; exit 1", Tally { passed: 2, failed: 1 }),
            ("echo could not compile; exit 101", Tally::failed(1)),
            ("true", Tally::failed(1)),
        ] {
            let mut command = Command::new("sh");
            command.args(["-c", script]);
            // Not to our own output: whoever runs this test counts lines there.
            let tally = run_showing(&mut command, std::io::sink())?;
            assert_eq!(tally, expected, "row `{script}`");
        }
        Ok(())
    }
}
