//! The steps of `cargo xtask test`, in their order: what is quick and says most comes first.

use std::cell::OnceCell;
use std::ffi::{OsStr, OsString};
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context as _, Result, anyhow};

use super::browser::{Browser, Engine};
use super::count::Tally;
use super::{check, interop, tests, verdict};
use crate::npm;
use crate::publish::{self, Key, Languages, Plan, Quality};
use crate::seal;
use crate::size;
use crate::tidy;
use crate::tools::{Tools, WASM_TARGET};
use crate::workspace::{self, Profile, Program};

pub(super) struct Step {
    pub(super) name: &'static str,
    pub(super) title: &'static str,
    work: fn(&mut Bench) -> Result<Tally>,
}

impl Step {
    /// Runs it; what keeps it from running counts as one failure.
    pub(super) fn run(&self, bench: &mut Bench) -> Tally {
        (self.work)(bench).unwrap_or_else(|error| verdict(Err(error)))
    }
}

/// All of them.
pub(super) const STEPS: &[Step] = &[
    Step {
        name: "fmt",
        title: "the code is laid out as rustfmt does",
        work: |_| Ok(check(cargo("fmt").args(["--all", "--check"]))),
    },
    Step {
        name: "clippy",
        title: "no warning on the host",
        work: |_| {
            let mut command = cargo("clippy");
            command.args(["--workspace", "--all-targets", "--all-features"]);
            Ok(check(command.args(["--", "-D", "warnings"])))
        },
    },
    Step {
        name: "clippy-wasm",
        title: "no warning in what runs in the browser",
        work: |_| {
            let clippy = |what: [&str; 2]| {
                let mut command = cargo("clippy");
                command.arg("--package").args(what).args(["--target", WASM_TARGET]);
                check(command.args(["--", "-D", "warnings"]))
            };
            let mut tally = clippy(["victim-voice", "--all-targets"]);
            tally += clippy(["survey-sealer", "--lib"]);
            Ok(tally)
        },
    },
    Step {
        name: "docs",
        title: "no warning in the documentation",
        work: |_| {
            let mut command = cargo("doc");
            command.args(["--workspace", "--no-deps", "--all-features"]);
            Ok(check(command.env("RUSTDOCFLAGS", "-D warnings")))
        },
    },
    Step {
        name: "tidy",
        title: "the rules that no compiler checks",
        work: |_| Ok(verdict(tidy::run())),
    },
    Step {
        name: "host",
        title: "tests on the host",
        work: |_| {
            let mut command = cargo("test");
            command.args(["--workspace", "--all-features", "--exclude", "e2e"]);
            Ok(tests(command.arg("--no-fail-fast")))
        },
    },
    Step { name: "embed", title: "the loader, in Node.js", work: |_| node("embed", &[]) },
    Step { name: "sealer", title: "the sealer's module, in Node.js", work: sealer },
    Step { name: "wasm", title: "tests inside a browser", work: wasm },
    Step { name: "interop", title: "envelopes to and from Python", work: |_| interop::run() },
    Step { name: "publish", title: "the widget as it ships", work: publish },
    Step {
        name: "size",
        title: "what it weighs, and what it may weigh",
        work: |bench| Ok(verdict(size::check(&bench.site()?.folder))),
    },
    Step { name: "floor", title: "the oldest browsers that we promise", work: floor },
    Step { name: "e2e", title: "a person, a partner's page, the analyst", work: e2e },
];

/// What several steps need and the first one of them makes.
#[derive(Default)]
pub(super) struct Bench {
    engines: Vec<Engine>,
    tools: OnceCell<Result<Tools>>,
    browser: OnceCell<Result<Browser>>,
    site: OnceCell<Result<Site>>,
}

/// A built site and the programs around it.
struct Site {
    folder: PathBuf,
    collector: PathBuf,
    analyst: PathBuf,
    views_page: PathBuf,
    key: Key,
}

impl Bench {
    /// A bench on which e2e tests run in these engines.
    pub(super) fn with(engines: Vec<Engine>) -> Self {
        Self { engines, ..Self::default() }
    }

    fn tools(&self) -> Result<&Tools> {
        borrow(self.tools.get_or_init(Tools::ensure))
    }

    fn browser(&self) -> Result<&Browser> {
        borrow(self.browser.get_or_init(Browser::ensure))
    }

    /// The widget as it ships, published for a key and an address that are as good as any:
    /// browser tests publish again, for the port that they get.
    fn site(&self) -> Result<&Site> {
        borrow(self.site.get_or_init(|| {
            let tools = self.tools()?;
            // Not as they ship: with debug assertions, they find more.
            let [analyst, views_page, collector] = workspace::binaries(
                Profile::Dev,
                [Program::Analyst, Program::ViewsPage, Program::Collector],
            )?;
            let home = workspace::target()?.join("test");
            let key = Key::once(&analyst, &home, "test")?;
            let folder = home.join("site");
            // Nothing of earlier runs: what they left would be weighed and tested as well.
            workspace::remove_folder(&folder)?;
            Plan {
                out: &folder,
                quality: Quality::Shipped,
                analyst: &analyst,
                views_page: &views_page,
                surveys: &[publish::model_survey()],
                recipients: std::slice::from_ref(&key.public),
                submit: &["http://127.0.0.1:8080/ssp".to_owned()],
                languages: &Languages::default(),
            }
            .build(tools)?;
            Ok(Site { folder, collector, analyst, views_page, key })
        }))
    }
}

/// Every step that needs what could not be made fails for the same reason.
fn borrow<T>(made: &Result<T>) -> Result<&T> {
    made.as_ref().map_err(|error| anyhow!("{error:#}"))
}

fn cargo(command: &str) -> Command {
    let mut cargo = workspace::cargo();
    cargo.arg(command);
    cargo
}

/// The site, and the loader as it stands there: without its comments, with its documents.
fn publish(bench: &mut Bench) -> Result<Tally> {
    let loader = bench.site()?.folder.join("embed.js");
    let mut tally = Tally::passed(1);
    tally += node("embed", &[("VIEWS_EMBED", loader.as_os_str())])?;
    Ok(tally)
}

/// The tests in this folder that Node.js runs. They are named one by one: what it makes of a
/// folder differs from one version to the next.
fn node(folder: &str, variables: &[(&str, &OsStr)]) -> Result<Tally> {
    if workspace::on_path("node").is_none() {
        return Err(anyhow!("there is no Node.js: install version 20 or newer (Debian: nodejs)"));
    }
    let folder = workspace::root().join(folder);
    let mut command = Command::new("node");
    command.current_dir(&folder).args(["--test", "--test-reporter=spec"]);
    let files = workspace::files_below(&folder)?;
    command.args(files.iter().filter(|file| file.ends_with(".test.mjs")));
    Ok(tests(command.envs(variables.iter().copied())))
}

/// The module as it ships.
fn sealer(bench: &mut Bench) -> Result<Tally> {
    let module = seal::build(bench.tools()?, Quality::Shipped)?;
    node("crates/survey-sealer", &[("VIEWS_SEALER", module.as_os_str())])
}

/// The test programs that are made for a browser: `tests/wasm*.rs` of every package.
fn wasm(bench: &mut Bench) -> Result<Tally> {
    let runner = bench.tools()?.test_runner();
    let browser = bench.browser()?;
    let capabilities = workspace::target()?.join("webdriver.json");
    std::fs::write(&capabilities, browser.capabilities())
        .with_context(|| format!("cannot write {}", capabilities.display()))?;

    let mut tally = Tally::default();
    for (package, target) in wasm_tests()? {
        let mut command = cargo("test");
        command.args(["--package", &package, "--test", &target]);
        command.args(["--target", WASM_TARGET]);
        command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", &runner);
        command.env("CHROMEDRIVER", &browser.chromedriver);
        command.env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", &capabilities);
        // Seconds. Its own limit of 20 is short for a machine that does other things as well.
        command.env("WASM_BINDGEN_TEST_TIMEOUT", "180");
        command.env("WASM_BINDGEN_TEST_DRIVER_TIMEOUT", "60");
        tally += tests(&mut command);
    }
    if tally == Tally::default() {
        return Err(anyhow!("no package has a test program tests/wasm*.rs"));
    }
    Ok(tally)
}

/// Package and test target, for each one whose name starts with `wasm`.
fn wasm_tests() -> Result<Vec<(String, String)>> {
    let metadata = cargo_metadata::MetadataCommand::new()
        .current_dir(workspace::root())
        .no_deps()
        .exec()
        .context("cargo metadata failed")?;
    let mut found = Vec::new();
    for package in &metadata.packages {
        for target in &package.targets {
            if target.is_test() && target.name.starts_with("wasm") {
                found.push((package.name.to_string(), target.name.clone()));
            }
        }
    }
    found.sort();
    Ok(found)
}

/// What the site uses, against what npm's data says of those browsers.
fn floor(bench: &mut Bench) -> Result<Tally> {
    let sources = workspace::root().join("tests").join("floor");
    let modules = npm::install(&sources, &workspace::target()?.join("floor"))?;
    let wasm_opt = bench.tools()?.wasm_opt();
    let site = bench.site()?;
    node(
        "tests/floor",
        &[
            ("VIEWS_SITE", site.folder.as_os_str()),
            ("VIEWS_MODULES", modules.as_os_str()),
            ("VIEWS_WASM_OPT", wasm_opt.get_program()),
        ],
    )
}

fn e2e(bench: &mut Bench) -> Result<Tally> {
    let mut command = cargo("test");
    command.args(["--package", "e2e", "--no-fail-fast", "--"]);
    // First, because it can fail for want of a browser, and the site takes minutes.
    for engine in Engine::ALL {
        if bench.engines.contains(&engine) {
            command.envs(engine.ensure()?);
        } else {
            command.args(["--skip", engine.part_of_names()]);
        }
    }
    if !bench.engines.contains(&Engine::Chromium) {
        // All that is not of one engine alone is Chromium's.
        command.args(["::firefox::", "::webkit::"]);
    }
    Ok(tests(command.envs(variables(bench)?)))
}

/// Where the programs of `tests/e2e` find what they need.
pub(super) fn variables(bench: &Bench) -> Result<Vec<(&'static str, OsString)>> {
    let axe = workspace::target()?.join("axe");
    let axe = npm::install(&workspace::root().join("tests/e2e/axe"), &axe)?;
    let site = bench.site()?;
    let browser = bench.browser()?;
    let variables = [
        ("AXE", axe.join("axe-core/axe.min.js")),
        ("VIEWS_SITE", site.folder.clone()),
        ("VIEWS_COLLECTOR", site.collector.clone()),
        ("VIEWS_ANALYST", site.analyst.clone()),
        ("VIEWS_PAGE", site.views_page.clone()),
        ("VIEWS_XTASK", std::env::current_exe().context("cannot tell where xtask itself lies")?),
        ("VIEWS_KEY", site.key.secret.clone()),
        ("VIEWS_RECIPIENT", site.key.public.clone()),
        ("CHROMEDRIVER", browser.chromedriver.clone()),
        ("CHROMIUM", browser.chromium.clone()),
    ];
    Ok(variables.map(|(name, path)| (name, path.into_os_string())).into())
}
