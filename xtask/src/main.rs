//! Tasks of the workspace, one module each: `cargo xtask <task>`.
//!
//! Rust and not scripts, because whoever can build the project can run them, and because the
//! rules that they check deserve tests of their own.
#![allow(clippy::print_stdout, reason = "a command-line tool answers on standard output")]

mod bench;
mod compress;
mod demo;
mod dev;
mod npm;
mod process;
mod publish;
mod reproducible;
mod seal;
mod size;
mod test;
mod tidy;
mod tools;
mod wasm;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Tasks of the Victim Voice workspace.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", version)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Show everything at work: a partner page, the survey in it, the collector behind it.
    Demo(demo::Arguments),
    /// Work on the widget: `trunk serve` with auto-reload, and a collector to send to.
    Dev(dev::Arguments),
    /// Run every check and every test; the last line is `N passed, N failed`.
    Test(test::Arguments),
    /// Take a picture of every page in every state, on three screens, in light and dark.
    Gallery(test::gallery::Arguments),
    /// Check the rules that no compiler checks: who may depend on whom, wording, style sheets.
    Tidy,
    /// Build the site: the folder that a collector or any web server serves.
    Publish(publish::Arguments),
    /// Write the pages of a site anew, after `survey-analyst publish` has changed a survey in it.
    Pages(publish::PagesArguments),
    /// Measure the survey in a browser against others, in the same rounds.
    Bench(bench::Arguments),
    /// Weigh what is shipped, and fail when it is over budget.
    Size(size::Arguments),
    /// Find or install the build tools, each in the version that this workspace needs.
    Tools(tools::Arguments),
    /// What `trunk serve` calls around each build (see Trunk.toml).
    #[command(hide = true)]
    DevDefinition(dev::HookArguments),
}

fn main() -> ExitCode {
    let result = match Arguments::parse().task {
        Task::Demo(arguments) => demo::run(&arguments),
        Task::Dev(arguments) => dev::run(&arguments),
        Task::Test(arguments) => test::run(&arguments),
        Task::Gallery(arguments) => test::gallery::run(&arguments),
        Task::Tidy => tidy::run(),
        Task::Publish(arguments) => publish::run(&arguments),
        Task::Pages(arguments) => publish::pages(&arguments),
        Task::Bench(arguments) => bench::run(&arguments),
        Task::Size(arguments) => size::run(&arguments),
        Task::Tools(arguments) => tools::run(&arguments),
        Task::DevDefinition(arguments) => dev::hook(&arguments),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
