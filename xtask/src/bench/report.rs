//! The numbers of a run as Markdown: targets first, then every measure.

mod targets;

use std::fmt::Write as _;

use anyhow::{Result, bail};

use super::runs::{Case, FRAMED, PAGE, Profile, Runs};
/// Between these two the tables stand in the document.
const START: &str = "<!-- tables: written by `cargo xtask bench widget --write` -->";
const END: &str = "<!-- end of the tables -->";

/// Above this load average something else ran as well: the browser makes 1.5 of it.
const QUIET: f64 = 2.5;

/// One measure: its name in a row, what a person calls it, its unit and decimals.
struct Measure(&'static str, &'static str, f64, usize);

const TIMES: [Measure; 8] = [
    Measure("first", "first question ms", 1.0, 0),
    Measure("answered", "answers a click ms", 1.0, 0),
    Measure("live", "wasm ready ms", 1.0, 0),
    Measure("ready", "ready to go on ms", 1.0, 0),
    Measure("blocking", "blocking ms", 1.0, 0),
    Measure("next", "next page ms", 1.0, 0),
    Measure("interaction", "its Event Timing ms", 1.0, 0),
    Measure("bytes", "wire kB", 1e3, 1),
];
/// What no line changes, and what the throttling of the processor spoils.
const COSTS: [Measure; 7] = [
    Measure("cpu", "main-thread CPU ms", 1.0, 0),
    Measure("nextCpu", "next page CPU ms", 1.0, 0),
    Measure("memory", "memory MB", 1e6, 2),
    Measure("wasm", "of it wasm MB", 1e6, 2),
    Measure("process", "processes MB", 1e6, 1),
    Measure("nodes", "DOM nodes", 1.0, 0),
    Measure("requests", "requests", 1.0, 0),
];
const SEALING: [Measure; 3] = [
    Measure("seal", "“Send” to request ms", 1.0, 0),
    Measure("toSend", "requests until sent", 1.0, 0),
    Measure("preflights", "and preflights", 1.0, 0),
];

/// The whole report.
pub(super) fn markdown(runs: &Runs) -> String {
    let mut text = header(runs);
    if let Some(load) = runs.load().filter(|load| load.median > QUIET) {
        text += &format!(
            "\n**Something else ran on this machine meanwhile:** the load average was {}, where {QUIET} \
             is the most that these programs make by themselves. Do not trust the times below.\n",
            load.shown(1.0, 1)
        );
    }
    text += "\n### Targets\n\n";
    text += &targets::table(runs);
    for profile in Profile::ALL {
        let cases = runs.cases(profile.name());
        let base: Vec<_> = cases.iter().copied().filter(|case| case.size == 20).collect();
        let more: Vec<_> = cases.iter().copied().filter(|case| case.size != 20).collect();
        let title = capitalised(profile.title());
        if !base.is_empty() {
            text += &format!("\n### {title}, 20 questions\n\n{}", table(runs, &base, &TIMES));
            if profile == Profile::None {
                text += &format!("\n{}", table(runs, &base, &COSTS));
            }
        }
        if !more.is_empty() {
            text +=
                &format!("\n### {title}, 100 and 500 questions\n\n{}", table(runs, &more, &TIMES));
            if profile == Profile::None {
                text += &format!("\n{}", table(runs, &more, &COSTS));
            }
        }
    }
    let sealing = runs.cases("cpu4");
    if !sealing.is_empty() {
        text += "\n### Sending the longest response, CPU four times slower\n\n";
        text += &table(runs, &sealing, &SEALING);
    }
    text + &problems(runs)
}

fn header(runs: &Runs) -> String {
    let it = &runs.circumstances;
    let versions: Vec<_> =
        it.versions.iter().map(|(name, version)| format!("{name} {version}")).collect();
    let load = runs.load().map_or_else(String::new, |load| load.shown(1.0, 1));
    format!(
        "{}, commit `{}`. {}, {}, Node.js {}, {}, load average {load}. {} rounds. Compared with: {}.\n",
        it.date,
        it.built.commit,
        it.browser,
        it.built.rustc,
        it.node.trim_start_matches('v'),
        it.machine,
        runs.rounds(),
        versions.join(", "),
    )
}

/// A row for each case, a column for each measure that at least one of them has.
fn table(runs: &Runs, cases: &[Case<'_>], measures: &[Measure]) -> String {
    let has = |measure: &&Measure| cases.iter().any(|case| runs.spread(*case, measure.0).is_some());
    let measures: Vec<_> = measures.iter().filter(has).collect();
    let head = measures.iter().map(|measure| measure.1.to_owned());
    let mut table = heading(std::iter::once("target".to_owned()).chain(head));
    for case in cases {
        let cells = measures.iter().map(|Measure(name, _, unit, decimals)| {
            runs.spread(*case, name).map_or("–".to_owned(), |it| it.shown(*unit, *decimals))
        });
        table += &line(std::iter::once(title(*case)).chain(cells));
    }
    table
}

fn heading(cells: impl Iterator<Item = String>) -> String {
    let cells: Vec<_> = cells.collect();
    let rule = cells.iter().enumerate().map(|(i, _)| if i == 0 { "---" } else { "--:" }.to_owned());
    let rule: Vec<_> = rule.collect();
    line(cells.into_iter()) + &format!("|{}|\n", rule.join("|"))
}

fn line(cells: impl Iterator<Item = String>) -> String {
    let cells: Vec<_> = cells.collect();
    format!("| {} |\n", cells.join(" | "))
}

fn title(case: Case<'_>) -> String {
    let name = match case.target {
        PAGE => "**our own page**",
        FRAMED => "**our framed page**",
        "bare" => "bare HTML",
        "preact" => "Preact",
        "formbricks" => "Formbricks",
        "surveyjs" => "SurveyJS",
        other => other,
    };
    if case.size == 20 { name.to_owned() } else { format!("{name}, {}", case.size) }
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Visits that did not count.
fn problems(runs: &Runs) -> String {
    let mut text = String::new();
    for (problem, times) in runs.problems() {
        if text.is_empty() {
            text += "\nVisits that did not count:\n\n";
        }
        // Cannot fail: a `String` takes whatever is written.
        writeln!(text, "- {times} × {problem}").expect("a string takes it");
    }
    text
}

/// The document with these tables in place of those that were there.
pub(super) fn put_into(document: &str, tables: &str) -> Result<String> {
    let before = document.split_once(START).map(|(before, _)| before);
    let after = document.split_once(END).map(|(_, after)| after);
    let (Some(before), Some(after)) = (before, after) else {
        bail!("it has to hold the lines `{START}` and `{END}`, with the tables between them");
    };
    Ok(format!("{before}{START}\n\n{}\n\n{END}{after}", tables.trim()))
}

#[cfg(test)]
mod tests;
