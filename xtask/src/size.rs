//! What each shipped file weighs.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use crate::compress;
use crate::workspace;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The site to weigh, as `cargo xtask site` or `demo` built it [default: the demo's].
    #[arg(long, value_name = "DIR")]
    site: Option<PathBuf>,
}

/// # Errors
///
/// When there is no site there.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let site = match &arguments.site {
        Some(site) => site.clone(),
        None => workspace::target()?.join("demo").join("site"),
    };
    if !site.join("index.html").is_file() {
        bail!(
            "there is no site in {}; build one with `cargo xtask site --out DIR` \
             and name it with `--site DIR`",
            site.display()
        );
    }
    print!("{}", table(&weigh(&site)?));
    Ok(())
}

/// One shipped file, in bytes.
struct Weight {
    name: String,
    raw: usize,
    gzip: usize,
    brotli: usize,
}

/// Weighs what a browser can ask for, and not the compressed forms beside it: those are made
/// anew, so that a site built with `--dev` weighs the same way.
fn weigh(site: &Path) -> Result<Vec<Weight>> {
    let mut weights = Vec::new();
    for name in workspace::files_below(site)? {
        if name.ends_with(".br") || name.ends_with(".gz") {
            continue;
        }
        let path = site.join(&name);
        let content = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let (gzip, brotli) = if compress::compresses(&name) {
            let (gzip, brotli) = (compress::gzip(&content)?, compress::brotli(&content)?);
            (gzip.len(), brotli.len())
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
        compress::folder(folder.path())?;

        let weights = weigh(folder.path())?;
        let names: Vec<_> = weights.iter().map(|weight| &*weight.name).collect();
        assert_eq!(names, ["a.css", "b.png"]);
        assert!(weights.first().is_some_and(|css| css.raw == 3000 && css.brotli < 100));
        assert_eq!(table(&weights).lines().count(), 3);
        Ok(())
    }
}
