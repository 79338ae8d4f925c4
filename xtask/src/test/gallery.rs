//! Pictures of every page in every state, for somebody to look at.

use std::path::PathBuf;

use anyhow::Result;

use super::steps::{Bench, variables};
use crate::{process, workspace};

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The folder that they are written to.
    #[arg(long, value_name = "DIR", default_value = "target/gallery")]
    out: PathBuf,
}

/// Builds the survey as it ships and takes the pictures.
///
/// # Errors
///
/// When something cannot be built, or a page does not come.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let mut command = workspace::cargo();
    command.args(["run", "--quiet", "--package", "e2e", "--bin", "gallery", "--"]);
    command.arg(std::path::absolute(&arguments.out)?);
    process::run(command.envs(variables(&Bench::default())?))
}
