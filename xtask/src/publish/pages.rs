//! The documents of a site's surveys.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use anyhow::{Result, bail};

use super::{check, keep, loader, manifest, settle, sources};
use crate::compress;
use crate::process;
use crate::workspace::{self, Profile, Program};

#[derive(clap::Args)]
pub(crate) struct PagesArguments {
    /// The site to whose surveys `survey-analyst publish` has added something.
    #[arg(long, value_name = "DIR")]
    site: PathBuf,
    /// Leave out languages that nobody has reviewed.
    #[arg(long)]
    reviewed_only: bool,
    /// The widget's own sentences by language.
    #[arg(long, value_name = "DIR", hide = true, default_value_os_t = locales())]
    locales: PathBuf,
    /// A `views-page` that is built already.
    #[arg(long, value_name = "FILE", hide = true)]
    views_page: Option<PathBuf>,
}

/// Writes the pages of a site anew, where it lies.
///
/// # Errors
///
/// When it is no site, or when a page cannot be drawn or written.
pub(crate) fn run(arguments: &PagesArguments) -> Result<()> {
    let site = &arguments.site;
    if !site.join("template.html").is_file() {
        bail!(
            "{} holds no template.html, so it is no site that was built here: build one with \
             `cargo xtask publish --out {0}`",
            site.display()
        );
    }
    let views_page = match &arguments.views_page {
        Some(built) => built.clone(),
        None => {
            sources::check(site)?;
            let [built] = workspace::binaries(Profile::Server, [Program::ViewsPage])?;
            built
        }
    };
    keep::prune(site, SystemTime::now())?;
    write(site, &views_page, &arguments.locales, arguments.reviewed_only)?;
    check::site(site)?;
    compress::folder(site)
}

/// Draws the documents of all surveys, tells the loader their names, and ends what they no longer
/// need.
pub(super) fn write(
    site: &Path,
    views_page: &Path,
    locales: &Path,
    reviewed_only: bool,
) -> Result<()> {
    let mut command = Command::new(views_page);
    command.arg("--site").arg(site).arg("--locales").arg(locales);
    command.args(reviewed_only.then_some("--reviewed-only"));
    process::run(&mut command)?;
    loader::write(site, &manifest(site)?)?;
    settle::retire(site)
}

/// The widget's own sentences.
pub(super) fn locales() -> PathBuf {
    workspace::root().join("locales")
}
