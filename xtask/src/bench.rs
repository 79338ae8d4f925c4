//! Benchmarks: what is measured, never tested. Times depend on the machine, so they are held
//! against those of others in the same run, and no test waits for them.

mod report;
mod runs;
mod setup;
mod widget;

use anyhow::Result;
use clap::Subcommand;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// The survey in a browser, against other survey widgets in the same rounds.
    Widget(widget::Arguments),
}

/// # Errors
///
/// When something cannot be built, installed or measured.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    match &arguments.what {
        What::Widget(arguments) => widget::run(arguments),
    }
}
