//! The sealer: a WebAssembly module without imports, of its own (`crates/survey-sealer`).

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use crate::process;
use crate::publish::Quality;
use crate::reproducible;
use crate::tools::{Tools, WASM_TARGET};
use crate::workspace;

/// Of the workspace's `Cargo.toml`; cargo names its folder after it.
const PROFILE: &str = "sealer";

/// What the compiler uses of WebAssembly when it is asked for nothing else: `wasm-opt` would refuse
/// the module otherwise.
const FEATURES: &[&str] = &[
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];

/// Builds the module and says where it is. The same sources and tools give the same bytes.
///
/// # Errors
///
/// When it does not compile, or `wasm-opt` fails.
pub(crate) fn build(tools: &Tools, quality: Quality) -> Result<PathBuf> {
    let built = compile()?;
    match quality {
        Quality::Quick => Ok(built),
        Quality::Shipped => optimise(tools, &built),
    }
}

/// The module as the compiler makes it, which takes no tools.
///
/// # Errors
///
/// When it does not compile.
pub(crate) fn compile() -> Result<PathBuf> {
    let mut command = workspace::cargo();
    command.args(["rustc", "--package", "survey-sealer", "--lib", "--crate-type", "cdylib"]);
    command.args(["--profile", PROFILE, "--target", WASM_TARGET]);
    reproducible::apply(&mut command)?;
    process::run(&mut command)?;
    Ok(workspace::target()?.join(WASM_TARGET).join(PROFILE).join("survey_sealer.wasm"))
}

fn optimise(tools: &Tools, built: &Path) -> Result<PathBuf> {
    let (small, partial) = (built.with_file_name("seal.wasm"), built.with_extension("partial"));
    let mut command = tools.wasm_opt();
    command.args(["-Oz", "--converge"]).args(FEATURES);
    process::run(command.arg(built).arg("--output").arg(&partial))?;
    fs::rename(&partial, &small)
        .with_context(|| format!("cannot rename {} to its final name", partial.display()))?;
    Ok(small)
}
