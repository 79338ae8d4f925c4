//! What has to be there before anything can be measured: programs, ports, packages, a site.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};

use super::runs::Built;
use crate::npm;
use crate::process::{self, Running};
use crate::publish::{Key, Languages, Plan, Quality};
use crate::tools::Tools;
use crate::workspace::{self, Profile, Program};

/// The scripts, and the packages that they need.
fn sources() -> PathBuf {
    workspace::root().join("benches").join("widget")
}

/// Two origins, as a partner's page and the survey are: a browser takes `localhost` and
/// `127.0.0.1` for two sites.
pub(super) struct Ports {
    survey: u16,
    admin: u16,
    pub(super) pages: u16,
}

impl Ports {
    /// The three from `first` on, if nobody listens there.
    ///
    /// # Errors
    ///
    /// When somebody does.
    pub(super) fn from(first: u16) -> Result<Self> {
        let Some(pages) = first.checked_add(2) else {
            bail!("--port {first}: the two ports after it are needed as well; name a smaller one");
        };
        for port in first..=pages {
            process::check_port(port, "--port")?;
        }
        Ok(Self { survey: first, admin: first + 1, pages })
    }

    /// The origin of the survey.
    pub(super) fn survey(&self) -> String {
        format!("http://127.0.0.1:{}", self.survey)
    }

    /// The origin of all other pages.
    pub(super) fn partner(&self) -> String {
        format!("http://localhost:{}", self.pages)
    }
}

/// What has to be on this machine.
pub(super) struct Programs {
    node: PathBuf,
    pub(super) chromium: PathBuf,
}

impl Programs {
    /// # Errors
    ///
    /// When one of them is missing.
    pub(super) fn find() -> Result<Self> {
        let chromium = std::env::var_os("CHROMIUM").map(PathBuf::from).or_else(|| {
            let names = ["chromium", "chromium-browser", "google-chrome", "chrome"];
            names.into_iter().find_map(workspace::on_path)
        });
        let (Some(node), Some(_), Some(chromium)) =
            (workspace::on_path("node"), workspace::on_path("npm"), chromium)
        else {
            bail!(
                "measuring needs Node.js 20 or newer, npm and Chromium (Debian: apt-get install \
                 nodejs npm chromium; elsewhere name the browser in CHROMIUM)"
            );
        };
        Ok(Self { node, chromium })
    }

    /// A script of `benches/widget`.
    pub(super) fn script(&self, name: &str) -> Command {
        let mut command = Command::new(&self.node);
        command.arg(sources().join(name));
        command
    }
}

/// Installs the others from npm, in the versions that the lock file names, unless they are there.
///
/// # Errors
///
/// When npm fails.
pub(super) fn install(home: &Path) -> Result<PathBuf> {
    npm::install(&sources(), home)
}

/// Beside the site: what it was built from.
const BUILT: &str = "built.json";

/// Publishes the survey, in each of these sizes, for a key that nobody keeps. Says what it was built
/// from.
///
/// # Errors
///
/// When something cannot be built.
pub(super) fn publish(
    programs: &Programs,
    sizes: &[u32],
    home: &Path,
    site: &Path,
    ports: &Ports,
) -> Result<Built> {
    // Asked before: what changes meanwhile is not sure to be in it.
    let built = describe(ports)?;
    let definitions = home.join("definitions");
    process::run(programs.script("definition.mjs").arg(&definitions))?;
    let surveys: Vec<_> =
        sizes.iter().map(|size| definitions.join(format!("bench-{size}.json"))).collect();
    let [analyst, views_page] =
        workspace::binaries(Profile::Server, [Program::Analyst, Program::ViewsPage])?;
    let key = Key::once(&analyst, home, "bench")?;
    // Anew: what earlier runs left would be kept in it.
    workspace::remove_folder(site)?;
    Plan {
        out: site,
        quality: Quality::Shipped,
        analyst: &analyst,
        views_page: &views_page,
        surveys: &surveys,
        recipients: std::slice::from_ref(&key.public),
        submit: &[format!("{}/ssp", ports.survey())],
        languages: &Languages::default(),
    }
    .build(&Tools::ensure()?)?;
    let note = home.join(BUILT);
    let json = serde_json::to_vec(&built).context("cannot write what was built as JSON")?;
    fs::write(&note, json).with_context(|| format!("cannot write {}", note.display()))?;
    Ok(built)
}

fn describe(ports: &Ports) -> Result<Built> {
    let ask = |command: &mut Command| -> Result<String> {
        Ok(process::read(command.current_dir(workspace::root()))?.trim().to_owned())
    };
    Ok(Built {
        commit: ask(Command::new("git").args(["describe", "--always", "--dirty"]))?,
        rustc: ask(Command::new("rustc").arg("--version"))?,
        survey: ports.survey(),
    })
}

/// What the site of the last run was built from.
///
/// # Errors
///
/// When there is none, or when it was built for other ports: its answers would go nowhere.
pub(super) fn reuse(home: &Path, ports: &Ports) -> Result<Built> {
    let note = home.join(BUILT);
    let built = fs::read(&note).ok().and_then(|json| serde_json::from_slice::<Built>(&json).ok());
    let Some(built) = built.filter(|_| home.join("site").join("surveys.json").is_file()) else {
        bail!("there is no site of an earlier run; leave out --reuse to build one");
    };
    if built.survey != ports.survey() {
        bail!(
            "the site of the last run sends to {}, and now it would be served at {}: give the \
             --port of the last run, or leave out --reuse",
            built.survey,
            ports.survey()
        );
    }
    Ok(built)
}

/// Starts the collector for the survey; what is sent to it is thrown away with `scratch`.
///
/// # Errors
///
/// When it cannot be built or does not start.
pub(super) fn serve(site: &Path, scratch: &Path, ports: &Ports) -> Result<Running> {
    let [collector] = workspace::binaries(Profile::Server, [Program::Collector])?;
    let log = scratch.join("collector.log");
    let mut command = Command::new(collector);
    command.args(["--listen", &format!("127.0.0.1:{}", ports.survey)]);
    command.args(["--admin-listen", &format!("127.0.0.1:{}", ports.admin)]);
    command.args(["--public-url", &ports.survey(), "--partner", &ports.partner()]);
    command.arg("--database").arg(scratch.join("views.sqlite"));
    command.arg("--site").arg(site);
    let mut running = Running::start("collector", &mut command, Some(&log))?;
    let patience = Duration::from_secs(30);
    process::wait_until_ready(&mut running, ports.admin, "/readyz", patience)
        .with_context(|| format!("the collector is not there; its log is {}", log.display()))?;
    Ok(running)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_is_measured_again_only_where_its_answers_go() -> Result<()> {
        let home = tempfile::tempdir()?;
        let ports = |survey| Ports { survey, admin: 2, pages: 3 };
        let refused = |survey| {
            reuse(home.path(), &ports(survey)).err().map(|why| why.to_string()).unwrap_or_default()
        };
        assert!(refused(8760).contains("leave out --reuse to build one"));
        fs::create_dir(home.path().join("site"))?;
        fs::write(home.path().join("site/surveys.json"), "{}")?;
        assert!(refused(8760).contains("leave out --reuse to build one"));
        let built = Built {
            commit: "abc1234".to_owned(),
            rustc: "rustc 1.95.0".to_owned(),
            survey: "http://127.0.0.1:8760".to_owned(),
        };
        fs::write(home.path().join(BUILT), serde_json::to_vec(&built)?)?;
        assert_eq!(reuse(home.path(), &ports(8760))?, built);
        assert!(refused(9000).contains("--port"), "{}", refused(9000));
        Ok(())
    }
}
