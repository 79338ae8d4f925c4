//! Work on the widget: `trunk serve` builds and reloads, a collector takes what is sent.
//!
//! The hooks of Trunk.toml end here as well. Trunk builds the widget only; a page needs a
//! published definition to show anything, so each build publishes the model survey into what
//! trunk is about to serve, for a key that is made once and stays on this machine.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};

use crate::process::{self, Running};
use crate::publish::{self, Key, Languages, Plan, Quality};
use crate::seal;
use crate::tools::{self, Tools};
use crate::workspace::{self, Profile, Program};

/// Where a page under development sends to. Trunk.toml serves on 8080.
const COLLECTOR_PORT: u16 = 8081;
const PAGES: &str = "http://127.0.0.1:8080";

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The port of the collector's own side, where the analyst fetches responses.
    #[arg(long, value_name = "N", default_value_t = 9090)]
    admin_port: u16,
}

#[derive(clap::Args)]
pub(crate) struct HookArguments {
    /// Publish into the folder that trunk is about to serve. Without it: make ready what
    /// publishing needs, before trunk starts to build.
    #[arg(long)]
    publish: bool,
}

/// # Errors
///
/// When something cannot be built or started, or when one of the two ends by itself.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let admin_port = arguments.admin_port;
    process::check_port(admin_port, "--admin-port")?;
    for (port, of) in [(8080, "trunk serve"), (COLLECTOR_PORT, "the collector")] {
        process::check_port(port, "--port")
            .map_err(|_| anyhow::anyhow!("port {port} is taken, and {of} needs it: free it"))?;
    }
    let tools = Tools::ensure()?;
    let [collector] = workspace::binaries(Profile::Dev, [Program::Collector])?;
    let folder = folder()?;
    let manifest = folder.join("site").join("surveys.json");
    process::catch_stop()?;
    let mut trunk = Running::start("trunk", publish::trunk(&tools)?.arg("serve"), None)?;

    let start = || {
        let public = format!("http://127.0.0.1:{COLLECTOR_PORT}");
        let mut command = Command::new(&collector);
        command.args(["--listen", &format!("127.0.0.1:{COLLECTOR_PORT}")]);
        command.args(["--admin-listen", &format!("127.0.0.1:{admin_port}")]);
        command.args(["--public-url", &public, "--partner", "*"]);
        command.arg("--database").arg(folder.join("views.sqlite"));
        command.arg("--site").arg(folder.join("site"));
        Running::start("collector", &mut command, None)
    };
    // It needs a list of surveys to start with, which trunk's first build makes. Later changes of
    // the list it sees by itself.
    let mut sink: Option<Running> = None;
    while !process::stop_requested() {
        if let Some(status) = trunk.ended()? {
            bail!("trunk ended by itself ({status})");
        }
        match &mut sink {
            None if manifest.is_file() => sink = Some(start()?),
            None => {}
            Some(running) => {
                if let Some(status) = running.ended()? {
                    bail!("the collector ended by itself ({status})");
                }
            }
        }
        std::thread::sleep(Duration::from_millis(200));
    }
    trunk.stop();
    drop(sink);
    Ok(())
}

/// What trunk's hooks run.
///
/// # Errors
///
/// When trunk will not find its tools, or when the model survey cannot be published.
pub(crate) fn hook(arguments: &HookArguments) -> Result<()> {
    if std::env::var_os(publish::SKIP_HOOKS).is_some() {
        return Ok(());
    }
    if arguments.publish {
        let stage = std::env::var_os("TRUNK_STAGING_DIR")
            .context("TRUNK_STAGING_DIR is not set: this is a hook, for trunk to call")?;
        publish(Path::new(&stage))
    } else {
        tools::check_bindgen_on_path()?;
        prepare().map(|_| ())
    }
}

fn folder() -> Result<PathBuf> {
    Ok(workspace::target()?.join("dev"))
}

/// What publishing needs, made before trunk starts to build.
struct Ready {
    analyst: PathBuf,
    views_page: PathBuf,
    sealer: PathBuf,
    key: Key,
}

/// Trunk holds no lock of cargo's while its hooks run before the build, nor after it, so cargo can
/// be called from both.
fn prepare() -> Result<Ready> {
    let [analyst, views_page] =
        workspace::binaries(Profile::Dev, [Program::Analyst, Program::ViewsPage])?;
    let key = Key::once(&analyst, &folder()?, "dev")?;
    // Without the tools: trunk is there, or nothing would run this, and brings what it needs.
    tools::ensure_wasm_target()?;
    let sealer = seal::compile()?;
    Ok(Ready { analyst, views_page, sealer, key })
}

/// Makes what trunk has built into a site with a survey in it.
fn publish(stage: &Path) -> Result<()> {
    let ready = prepare()?;
    // Trunk empties its folder at every build; the collector's copy remembers.
    let kept = folder()?.join("site");
    publish::keep::definitions(&kept, stage)?;
    Plan {
        out: stage,
        quality: Quality::Quick,
        analyst: &ready.analyst,
        views_page: &ready.views_page,
        surveys: &[publish::model_survey()],
        recipients: std::slice::from_ref(&ready.key.public),
        submit: &[format!("http://127.0.0.1:{COLLECTOR_PORT}/ssp")],
        languages: &Languages::default(),
    }
    .publish_into(stage, &ready.sealer)?;
    if changed(stage, &kept)? {
        // Renamed at the end: the collector reads it as soon as it is there.
        let new = kept.with_extension("new");
        workspace::remove_folder(&new)?;
        workspace::copy_folder(stage, &new)?;
        workspace::remove_folder(&kept)?;
        fs::rename(&new, &kept)
            .with_context(|| format!("cannot rename {} to its final name", new.display()))?;
    }
    println!(
        "the survey: {PAGES}/   a partner's page: http://localhost:8080/examples/partner.html"
    );
    Ok(())
}

/// Does the collector have to learn of another definition?
fn changed(stage: &Path, kept: &Path) -> Result<bool> {
    let path = stage.join("surveys.json");
    let new = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let old = fs::read(kept.join("surveys.json")).unwrap_or_default();
    Ok(old != new)
}
