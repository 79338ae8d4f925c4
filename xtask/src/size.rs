//! What is shipped weighs, and what it may weigh.

mod budget;
mod crates;
mod verify;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use crate::compress;
use crate::publish::{self, Key, Languages, Plan, Quality};
use crate::tools::Tools;
use crate::workspace::{self, Profile, Program};
use budget::Sums;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The site to weigh, as `cargo xtask publish` or `demo` built it [default: builds one].
    #[arg(long, value_name = "DIR")]
    site: Option<PathBuf>,
    /// Build the site twice, in two folders with nothing built in them, and compare every byte.
    /// Takes about 7 minutes.
    #[arg(long, conflicts_with = "site")]
    verify: bool,
}

/// # Errors
///
/// When something is over budget, or when there is no site.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    if arguments.verify {
        return verify::run();
    }
    match &arguments.site {
        Some(site) => check(site),
        None => check(&build()?),
    }
}

/// A site as it ships, for a key and an address that are as good as any.
fn build() -> Result<PathBuf> {
    let tools = Tools::ensure()?;
    let [analyst, views_page] =
        workspace::binaries(Profile::Server, [Program::Analyst, Program::ViewsPage])?;
    let home = workspace::target()?.join("size");
    let key = Key::once(&analyst, &home, "size")?;
    let site = home.join("site");
    // Nothing of earlier builds: a site keeps what browsers may still ask for.
    workspace::remove_folder(&site)?;
    Plan {
        out: &site,
        quality: Quality::Shipped,
        analyst: &analyst,
        views_page: &views_page,
        surveys: &[publish::model_survey()],
        recipients: std::slice::from_ref(&key.public),
        submit: &["https://views.example/ssp".to_owned()],
        languages: &Languages::default(),
    }
    .build(&tools)?;
    Ok(site)
}

/// Prints what the files of a site weigh and what the program in it is made of.
///
/// # Errors
///
/// When something is over budget, or when this is no site.
pub(crate) fn check(site: &Path) -> Result<()> {
    let weights = weigh(site)?;
    print!("{}", table(&weights));
    let sums = Sums::new(&weights)?;
    print!("\n{}\n{}", sums.table(), crates::table(site, &sums)?);
    sums.check()
}

/// One shipped file, in bytes.
#[derive(Clone, Debug)]
struct Weight {
    name: String,
    raw: usize,
    gzip: usize,
    brotli: usize,
}

/// Weighs what a browser asks for now, and not the compressed forms beside it: those are made anew,
/// so that a site built with `--dev` weighs the same way. What is kept of earlier publications is
/// left out.
fn weigh(site: &Path) -> Result<Vec<Weight>> {
    let mut weights = Vec::new();
    for name in publish::keep::present(site)? {
        let path = site.join(&name);
        let content = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let (gzip, brotli) = if compress::compresses(&name) {
            (compress::gzip(&content)?.len(), compress::brotli(&content)?.len())
        } else {
            (content.len(), content.len())
        };
        weights.push(Weight { name, raw: content.len(), gzip, brotli });
    }
    Ok(weights)
}

fn table(weights: &[Weight]) -> String {
    let width = weights.iter().map(|weight| weight.name.len()).max();
    let width = width.unwrap_or(0).max("file".len());
    let mut table = format!("{:<width$} {:>9} {:>9} {:>9}\n", "file", "raw", "gzip", "brotli");
    for weight in weights {
        table += &format!(
            "{:<width$} {:>9} {:>9} {:>9}\n",
            weight.name, weight.raw, weight.gzip, weight.brotli
        );
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compressed_forms_are_columns_and_not_rows() -> Result<()> {
        let folder = tempfile::tempdir()?;
        fs::write(folder.path().join("a.css"), "p{}".repeat(1000))?;
        fs::write(folder.path().join("b.png"), "12345")?;
        fs::write(folder.path().join("seal-0123456789abcdef.wasm"), "of long ago")?;
        compress::folder(folder.path())?;

        let weights = weigh(folder.path())?;
        let names: Vec<_> = weights.iter().map(|weight| &*weight.name).collect();
        assert_eq!(names, ["a.css", "b.png"]);
        assert!(weights.first().is_some_and(|css| css.raw == 3000 && css.brotli < 100));
        assert_eq!(table(&weights).lines().count(), 3);
        Ok(())
    }
}
