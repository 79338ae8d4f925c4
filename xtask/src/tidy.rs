//! The rules of ARCHITECTURE.md and CONTRIBUTING.md that no compiler checks.
//!
//! [`graph`] holds who may depend on whom, [`text`] what a file may hold. A rule is a function
//! from what it looks at to what it finds, and has a test that shows it failing.

mod graph;
mod text;

use std::fs;

use anyhow::{Context as _, Result, bail};
use cargo_metadata::{CargoOpt, Metadata, MetadataCommand};

use crate::tools::WASM_TARGET;
use crate::workspace;
use graph::Graph;

/// # Errors
///
/// When a rule is broken; each finding is printed. Or when the workspace cannot be read.
pub(crate) fn run() -> Result<()> {
    let everywhere = metadata(|command| command)?;
    let in_the_browser = metadata(|command| {
        command.other_options(["--filter-platform".to_owned(), WASM_TARGET.to_owned()])
    })?;
    let mut findings = graph::check(&Graph::new(&everywhere), &Graph::new(&in_the_browser));
    findings.extend(graph::check_root(&everywhere));

    let root = workspace::root();
    for file in workspace::files_below(&root)? {
        findings.extend(text::check_name(&file));
        if text::is_source(&file) {
            let path = root.join(&file);
            // Not UTF-8: not a source file of ours, whatever its name says.
            let content = String::from_utf8(
                fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?,
            );
            findings.extend(text::check(&file, &content.unwrap_or_default()));
        }
    }
    if findings.is_empty() {
        println!("tidy: nothing found");
        return Ok(());
    }
    for finding in &findings {
        println!("tidy: {finding}");
    }
    bail!("tidy found {}; each line above says what to change", findings.len())
}

fn metadata(options: impl Fn(&mut MetadataCommand) -> &mut MetadataCommand) -> Result<Metadata> {
    let mut command = MetadataCommand::new();
    command.current_dir(workspace::root());
    command.features(CargoOpt::AllFeatures);
    options(&mut command).exec().context("cargo metadata failed")
}
