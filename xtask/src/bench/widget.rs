//! Measures our survey, as a page of its own and in a partner's page, against others.
//!
//! What drives the browser and what the others are lies in `benches/widget`. Here everything is
//! made ready for it: the others from npm, one survey in every format, a site as an operator
//! publishes it, the collector that serves it.

use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use clap::ValueEnum;
use serde::Serialize;

use super::report;
use super::runs::{Built, FRAMED, PAGE, Profile, Runs};
use super::setup::{self, Ports, Programs};
use crate::process::{self, Running};
use crate::workspace;

/// Where the table stands that `--write` writes.
const DOCUMENT: &str = "docs/performance.md";
/// Every survey is compared at this size; larger ones show what size costs.
const BASE: u32 = 20;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Rounds; in each one every target is visited twice per profile.
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
    reps: u32,
    /// How slow line and device are.
    #[arg(long, value_delimiter = ',', default_values_t = Profile::ALL)]
    profiles: Vec<Profile>,
    /// Questions in the survey. 100 and 500 are measured unthrottled, and on Slow 4G for our own
    /// page and SurveyJS.
    #[arg(long, value_delimiter = ',', default_values_t = Size::ALL)]
    sizes: Vec<Size>,
    /// What to compare with.
    #[arg(long, value_delimiter = ',', default_values_t = Peer::ALL)]
    peers: Vec<Peer>,
    /// The first of three free ports: the survey, the collector's own side, the other pages.
    #[arg(long, value_name = "N", default_value_t = 8760)]
    port: u16,
    /// Measure the site of the last run again instead of building the survey anew.
    #[arg(long)]
    reuse: bool,
    /// Print the numbers of the last run again and measure nothing.
    #[arg(long, conflicts_with_all = ["reps", "profiles", "sizes", "peers", "port", "reuse"])]
    again: bool,
    /// Put the tables into docs/performance.md.
    #[arg(long)]
    write: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Size {
    #[value(name = "20")]
    Base,
    #[value(name = "100")]
    Long,
    #[value(name = "500")]
    Longest,
}

impl Size {
    const ALL: [Self; 3] = [Self::Base, Self::Long, Self::Longest];

    fn questions(self) -> u32 {
        match self {
            Self::Base => BASE,
            Self::Long => 100,
            Self::Longest => 500,
        }
    }
}

impl std::fmt::Display for Size {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.questions())
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Peer {
    Bare,
    Preact,
    Formbricks,
    #[value(name = "surveyjs")]
    SurveyJs,
}

impl Peer {
    const ALL: [Self; 4] = [Self::Bare, Self::Preact, Self::Formbricks, Self::SurveyJs];

    /// Its folder in `benches/widget/peers`.
    fn folder(self) -> &'static str {
        match self {
            Self::Bare => "bare",
            Self::Preact => "preact",
            Self::Formbricks => "formbricks",
            Self::SurveyJs => "surveyjs",
        }
    }
}

impl std::fmt::Display for Peer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.folder())
    }
}

/// # Errors
///
/// When something cannot be built, installed or measured.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let home = workspace::target()?.join("bench");
    let _lock = workspace::lock(&home, "measures")?;
    let runs = home.join("runs.jsonl");
    if !arguments.again {
        measure(arguments, &home, &runs)?;
    }
    let runs = Runs::read(&runs)?;
    let report = report::markdown(&runs);
    println!("\n{report}");
    if arguments.write {
        let path = workspace::root().join(DOCUMENT);
        let document =
            fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let document = report::put_into(&document, &report)
            .with_context(|| format!("cannot put the tables into {DOCUMENT}"))?;
        fs::write(&path, document).with_context(|| format!("cannot write {}", path.display()))?;
        eprintln!("written to {DOCUMENT}");
    }
    Ok(())
}

/// Builds what is needed and visits it all; each visit becomes a line of `out`.
fn measure(arguments: &Arguments, home: &Path, out: &Path) -> Result<()> {
    let plan = plan(arguments);
    if plan.is_empty() {
        bail!("nothing to measure: 100 and 500 questions are not measured on Slow 3G; see --help");
    }
    let ports = Ports::from(arguments.port)?;
    let programs = Programs::find()?;
    process::catch_stop()?;

    let modules = setup::install(home)?;
    let pages = home.join("pages");
    let mut build = programs.script("build.mjs");
    process::run(build.arg(&modules).arg(&pages).arg(ports.survey()))?;

    let site = home.join("site");
    let built = if arguments.reuse {
        setup::reuse(home, &ports)?
    } else {
        let sizes = Size::ALL.map(Size::questions);
        setup::publish(&programs, &sizes, home, &site, &ports)?
    };

    // Of an earlier run, or of one that was killed.
    let scratch = home.join("scratch");
    workspace::remove_folder(&scratch)?;
    fs::create_dir_all(&scratch)
        .with_context(|| format!("cannot make the folder {}", scratch.display()))?;
    let config = scratch.join("config.json");
    let content = serde_json::to_vec_pretty(&Config {
        survey: ports.survey(),
        pages: ports.partner(),
        pages_port: ports.pages,
        folder: &pages,
        modules: &modules,
        scratch: &scratch,
        chromium: &programs.chromium,
        out,
        rounds: arguments.reps,
        plan,
        sealing: if arguments.sizes.contains(&Size::Base) { vec![PAGE, FRAMED] } else { vec![] },
        peers: arguments.peers.iter().map(|peer| peer.folder()).collect(),
        built,
    })
    .context("cannot write the configuration as JSON")?;
    fs::write(&config, content).with_context(|| format!("cannot write {}", config.display()))?;

    let mut collector = setup::serve(&site, &scratch, &ports)?;
    let mut visits = programs.script("measure.mjs");
    let mut visits = Running::start("measurement", visits.arg(&config), None)?;
    loop {
        if process::stop_requested() {
            bail!("stopped; `cargo xtask bench widget --again` shows the rounds that were done");
        }
        if let Some(status) = collector.ended()? {
            bail!("the collector ended by itself ({status})");
        }
        if let Some(status) = visits.ended()? {
            if status.success() {
                return Ok(());
            }
            bail!("the measurement failed ({status}); see above");
        }
        std::thread::sleep(Duration::from_millis(200));
    }
}

/// What `measure.mjs` reads.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Config<'a> {
    survey: String,
    pages: String,
    pages_port: u16,
    folder: &'a Path,
    modules: &'a Path,
    scratch: &'a Path,
    chromium: &'a Path,
    out: &'a Path,
    rounds: u32,
    plan: Vec<Stage>,
    sealing: Vec<&'static str>,
    peers: Vec<&'static str>,
    built: Built,
}

/// The targets that are visited one after the other in a profile, by name and size.
#[derive(Debug, PartialEq, Serialize)]
struct Stage {
    profile: &'static str,
    targets: Vec<(&'static str, u32)>,
}

fn plan(arguments: &Arguments) -> Vec<Stage> {
    let stage = |profile: &Profile| Stage {
        profile: profile.name(),
        targets: arguments
            .sizes
            .iter()
            .flat_map(|size| {
                let peers =
                    arguments.peers.iter().filter(|peer| takes_part(**peer, *profile, *size));
                let peers = peers.map(|peer| peer.folder());
                let ours = match (profile, size) {
                    (_, Size::Base) | (Profile::None, _) => [PAGE, FRAMED].as_slice(),
                    (Profile::Slow4g, _) => &[PAGE],
                    (Profile::Slow3g, _) => &[],
                };
                peers.chain(ours.iter().copied()).map(|name| (name, size.questions()))
            })
            .collect(),
    };
    let stages = arguments.profiles.iter().map(stage);
    stages.filter(|stage| !stage.targets.is_empty()).collect()
}

/// On a slow line large surveys take most of the time and say least, so few are measured there.
fn takes_part(peer: Peer, profile: Profile, size: Size) -> bool {
    match profile {
        Profile::None => true,
        Profile::Slow4g => size == Size::Base || peer == Peer::SurveyJs,
        Profile::Slow3g => size == Size::Base,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arguments(profiles: &[Profile], sizes: &[Size]) -> Arguments {
        Arguments {
            reps: 1,
            profiles: profiles.to_vec(),
            sizes: sizes.to_vec(),
            peers: Peer::ALL.to_vec(),
            port: 8760,
            reuse: false,
            again: false,
            write: false,
        }
    }

    #[test]
    fn every_target_takes_part_at_the_size_that_is_compared() {
        for stage in plan(&arguments(&Profile::ALL, &[Size::Base])) {
            let names = ["bare", "preact", "formbricks", "surveyjs", "page", "framed"];
            assert_eq!(stage.targets, names.map(|name| (name, 20)), "{}", stage.profile);
        }
    }

    #[test]
    fn large_surveys_are_left_out_where_they_only_take_time() {
        let plan = plan(&arguments(&Profile::ALL, &[Size::Longest]));
        let counts: Vec<_> =
            plan.iter().map(|stage| (stage.profile, stage.targets.len())).collect();
        assert_eq!(counts, [("none", 6), ("slow4g", 2)]);
    }
}
