//! Every check and every test, one after the other, and one line that sums them up.
//!
//! A step that fails does not hide the later ones: a developer sees everything that is wrong in
//! one run. Each step that is not a test run counts as one.

mod browser;
mod count;
pub(crate) mod gallery;
mod interop;
mod steps;

use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use crate::process;
use browser::Engine;
use count::Tally;
use steps::{Bench, STEPS, Step};

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Run only the steps whose name contains one of these. The steps, in their order: fmt,
    /// clippy, clippy-wasm, docs, tidy, host, embed, sealer, wasm, interop, publish, size,
    /// floor, e2e.
    #[arg(value_name = "FILTER")]
    filters: Vec<String>,

    /// The browser engines for the step e2e, with commas between them. Chromium runs all tests, the
    /// others the journeys that all three have.
    #[arg(long, value_enum, value_delimiter = ',', default_values_t = Engine::ALL)]
    engines: Vec<Engine>,
}

/// # Errors
///
/// When a check or a test failed, or when no step has one of the names.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let chosen: Vec<&Step> = STEPS
        .iter()
        .filter(|step| {
            let filters = &arguments.filters;
            filters.is_empty() || filters.iter().any(|filter| step.name.contains(filter))
        })
        .collect();
    if chosen.is_empty() {
        bail!("no step has such a name; `cargo xtask test --help` lists them");
    }
    let mut bench = Bench::with(arguments.engines.clone());
    let mut summary = String::new();
    let mut total = Tally::default();
    for step in chosen {
        println!("\n== {}: {}", step.name, step.title);
        let started = Instant::now();
        let tally = step.run(&mut bench);
        summary += &row(step, tally, started.elapsed());
        total += tally;
    }
    println!("\n{summary}");
    if total.failed > 0 {
        eprintln!("error: {} failed; the headings above say where", total.failed);
    }
    // The last line, in this very form: other programs read it.
    println!("{} passed, {} failed", total.passed, total.failed);
    if total.failed > 0 {
        std::process::exit(1);
    }
    Ok(())
}

fn row(step: &Step, tally: Tally, took: Duration) -> String {
    let verdict = if tally.failed == 0 { "ok" } else { "FAILED" };
    format!(
        "{:<12} {verdict:<6} {:>5} passed {:>3} failed  {:>5} s\n",
        step.name,
        tally.passed,
        tally.failed,
        took.as_secs()
    )
}

/// A check: passed or failed as a whole, counted as one.
fn check(command: &mut Command) -> Tally {
    println!("$ {}", process::shown(command));
    verdict(process::run(command))
}

/// One pass, or one failure with its reason.
fn verdict(result: Result<()>) -> Tally {
    match result {
        Ok(()) => Tally::passed(1),
        Err(error) => {
            eprintln!("error: {error:#}");
            Tally::failed(1)
        }
    }
}

/// A test run: counted by what it prints.
fn tests(command: &mut Command) -> Tally {
    println!("$ {}", process::shown(command));
    match count::run(command) {
        Ok(tally) => tally,
        Err(error) => verdict(Err(error)),
    }
}
