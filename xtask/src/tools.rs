//! The build tools that do not come with Rust, each in exactly one version.
//!
//! Trunk drives the build, wasm-bindgen writes the JavaScript around the wasm, wasm-opt makes it
//! small; geckodriver drives Firefox for the tests. All come from package registries, never from a
//! release page. One on `PATH` is
//! used when its version fits; otherwise it is installed into a folder of its own, per version,
//! under the user's cache. Nothing outside that folder is touched.

use std::env::consts::EXE_SUFFIX;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::process;
use crate::workspace;

/// Later releases of trunk need a newer Rust than this workspace names.
const TRUNK: &str = "0.21.14";
/// Trunk.toml names the same version.
const BINARYEN: &str = "132.0.0";
/// Drives every Firefox from the version of its first release on, and newer ones.
const GECKODRIVER: &str = "0.37.0";
/// What the widget is compiled for.
pub(crate) const WASM_TARGET: &str = "wasm32-unknown-unknown";

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Print nothing but a line for a shell to evaluate, so that it finds the tools:
    /// `eval "$(cargo xtask tools --export)"`.
    #[arg(long)]
    export: bool,
}

/// # Errors
///
/// When a tool is neither there nor can be installed.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let tools = Tools::ensure()?;
    if arguments.export {
        let path = workspace::quoted(tools.path()?);
        println!("export PATH={path}");
    } else {
        for (name, program) in [
            ("trunk", tools.trunk()),
            ("wasm-bindgen", tools.bindgen.join(file_name("wasm-bindgen"))),
            ("wasm-opt", tools.binaryen.join(file_name("wasm-opt"))),
            ("geckodriver", geckodriver()?),
        ] {
            println!("{name:<13} {}", program.display());
        }
    }
    Ok(())
}

/// The program through which tests drive Firefox, installed if need be. Debian has none.
///
/// # Errors
///
/// When it is neither there nor can be installed.
pub(crate) fn geckodriver() -> Result<PathBuf> {
    Ok(Tool::geckodriver().ensure(&cache_folder()?)?.join(file_name("geckodriver")))
}

/// The folders that hold the tools' programs.
pub(crate) struct Tools {
    trunk: PathBuf,
    bindgen: PathBuf,
    binaryen: PathBuf,
}

impl Tools {
    /// Finds every tool; installs what is missing and says how long that takes.
    ///
    /// # Errors
    ///
    /// When one is neither there nor can be installed.
    pub(crate) fn ensure() -> Result<Self> {
        ensure_wasm_target()?;
        let cache = cache_folder()?;
        Ok(Self {
            trunk: Tool::trunk().ensure(&cache)?,
            bindgen: Tool::bindgen()?.ensure(&cache)?,
            binaryen: Tool::binaryen().ensure(&cache)?,
        })
    }

    /// The program that builds the widget.
    pub(crate) fn trunk(&self) -> PathBuf {
        self.trunk.join(file_name("trunk"))
    }

    /// The program that runs tests compiled to wasm, in a browser.
    pub(crate) fn test_runner(&self) -> PathBuf {
        self.bindgen.join(file_name("wasm-bindgen-test-runner"))
    }

    /// The program that makes WebAssembly smaller.
    pub(crate) fn wasm_opt(&self) -> Command {
        Command::new(self.binaryen.join(file_name("wasm-opt")))
    }

    /// `PATH` with the tools before everything else: that is where trunk looks for them.
    ///
    /// # Errors
    ///
    /// When a folder has a `:` in its name.
    pub(crate) fn path(&self) -> Result<OsString> {
        let before = std::env::var_os("PATH").unwrap_or_default();
        let before: Vec<PathBuf> = std::env::split_paths(&before).collect();
        // A folder that is on PATH already stays where it is: moved to the front, its other
        // programs (a `cargo` in /usr/bin, say) would hide the ones that were chosen before.
        let ours = [&self.trunk, &self.bindgen, &self.binaryen]
            .into_iter()
            .filter(|folder| !before.contains(folder));
        std::env::join_paths(ours.chain(&before))
            .context("a folder's name holds the character that separates the entries of PATH")
    }
}

/// Says what is wrong when `wasm-bindgen` cannot be found the way trunk looks for it: by `PATH`.
///
/// # Errors
///
/// When there is none on `PATH`, or one of another version.
pub(crate) fn check_bindgen_on_path() -> Result<()> {
    let tool = Tool::bindgen()?;
    if tool.on_path().is_some() {
        return Ok(());
    }
    bail!(
        "trunk looks for wasm-bindgen {} on PATH and does not find it. Run `cargo xtask dev`, \
         which starts trunk with the right tools, or first \
         `eval \"$(cargo xtask tools --export)\"` and then trunk",
        tool.version
    )
}

/// Where a tool comes from.
enum Source {
    /// crates.io, with what it depends on in the versions that its authors locked.
    Cargo,
    /// The npm registry.
    Npm,
}

struct Tool {
    package: &'static str,
    version: String,
    /// What `--version` says of the same version; binaryen's programs leave out the zeros.
    says: String,
    /// All of these belong to it; the first is the one that tells the version.
    programs: &'static [&'static str],
    source: Source,
    takes: &'static str,
}

impl Tool {
    fn trunk() -> Self {
        Self {
            package: "trunk",
            version: TRUNK.to_owned(),
            says: TRUNK.to_owned(),
            programs: &["trunk"],
            source: Source::Cargo,
            takes: "about 10 minutes, once",
        }
    }

    fn bindgen() -> Result<Self> {
        let path = workspace::root().join("Cargo.lock");
        let lock =
            fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let version = locked_version(&lock, "wasm-bindgen")
            .context("Cargo.lock names no wasm-bindgen, so which wasm-bindgen-cli fits it?")?;
        Ok(Self {
            package: "wasm-bindgen-cli",
            version: version.to_owned(),
            says: version.to_owned(),
            programs: &["wasm-bindgen", "wasm-bindgen-test-runner"],
            source: Source::Cargo,
            takes: "about 5 minutes, once",
        })
    }

    fn geckodriver() -> Self {
        Self {
            package: "geckodriver",
            version: GECKODRIVER.to_owned(),
            says: GECKODRIVER.to_owned(),
            programs: &["geckodriver"],
            source: Source::Cargo,
            takes: "about 3 minutes, once",
        }
    }

    fn binaryen() -> Self {
        Self {
            package: "binaryen",
            version: BINARYEN.to_owned(),
            says: BINARYEN.trim_end_matches(".0").to_owned(),
            programs: &["wasm-opt"],
            source: Source::Npm,
            takes: "some seconds",
        }
    }

    /// The folder that holds this tool's programs, installed there if need be.
    fn ensure(&self, cache: &Path) -> Result<PathBuf> {
        if let Some(folder) = self.on_path() {
            return Ok(folder);
        }
        let home = cache.join(format!("{}-{}", self.package, self.version));
        let programs = self.programs_in(&home);
        if self.is_in(&programs) {
            return Ok(programs);
        }
        let _lock = workspace::lock(cache, "installs tools")?;
        // It may have been the very tool.
        if !self.is_in(&programs) {
            self.install(cache, &home)?;
        }
        Ok(programs)
    }

    /// Where it is on `PATH`: only what comes first there counts, because that is what other
    /// programs will run.
    fn on_path(&self) -> Option<PathBuf> {
        let program = workspace::on_path(self.programs.first()?)?;
        let folder = program.parent()?.to_path_buf();
        self.is_in(&folder).then_some(folder)
    }

    fn is_in(&self, folder: &Path) -> bool {
        let path = |program: &&str| folder.join(file_name(program));
        let Some(first) = self.programs.first().map(path) else {
            return false;
        };
        self.programs.iter().all(|program| workspace::is_executable(&path(program)))
            && version_of(&first).is_some_and(|version| version == self.says)
    }

    fn programs_in(&self, home: &Path) -> PathBuf {
        match self.source {
            Source::Cargo => home.join("bin"),
            Source::Npm => home.join("node_modules").join(".bin"),
        }
    }

    /// Installs beside the final folder and renames at the end, so that a folder of the final
    /// name is either whole or from somebody else.
    fn install(&self, cache: &Path, home: &Path) -> Result<()> {
        let name = format!("{}-{}", self.package, self.version);
        eprintln!(
            "installing {} {} into {} ({})",
            self.package,
            self.version,
            home.display(),
            self.takes
        );
        let partial = cache.join(format!("{name}.partial"));
        // Kept when the build is interrupted, so that the next try goes on where this one ended.
        let objects = cache.join(format!("{name}.build"));
        workspace::remove_folder(&partial)?;
        let run =
            |locked| process::run(self.installer(&partial, &objects, locked)?.current_dir(cache));
        let mut installed = run(true);
        if installed.is_err() && matches!(self.source, Source::Cargo) {
            // wasm-bindgen-cli 0.2.130 locks a version that not every registry has.
            eprintln!(
                "warning: {} {} could not be installed with what its authors locked; trying with \
                 the newest of what it depends on, so what it builds may differ from elsewhere",
                self.package, self.version
            );
            installed = run(false);
        }
        installed.with_context(|| {
            format!(
                "could not install {} {}; running the same again goes on from here",
                self.package, self.version
            )
        })?;
        let programs = self.programs_in(&partial);
        if !self.is_in(&programs) {
            bail!(
                "{} was installed into {}, but no `{} --version` there says {}",
                self.package,
                partial.display(),
                self.programs.first().unwrap_or(&self.package),
                self.says
            );
        }
        workspace::remove_folder(home)?;
        fs::rename(&partial, home)
            .with_context(|| format!("cannot rename {} to its final name", partial.display()))?;
        workspace::remove_folder(&objects)
    }

    /// `locked`: with what its authors locked. Of npm's package nothing else is needed.
    fn installer(&self, into: &Path, objects: &Path, locked: bool) -> Result<Command> {
        match self.source {
            Source::Cargo => {
                let mut command = Command::new("cargo");
                command.args(["install", self.package, "--no-track"]);
                command.args(["--version", &format!("={}", self.version)]);
                command.arg("--root").arg(into);
                command.arg("--target-dir").arg(objects);
                if locked {
                    command.arg("--locked");
                }
                // Meant for our own crates.
                command.env_remove("RUSTFLAGS");
                Ok(command)
            }
            Source::Npm => {
                let Some(npm) = workspace::on_path("npm") else {
                    bail!(
                        "wasm-opt comes from npm's `binaryen`, and there is no npm: \
                         install Node.js 20 or newer (Debian: apt-get install nodejs npm)"
                    );
                };
                fs::create_dir_all(into)
                    .with_context(|| format!("cannot make the folder {}", into.display()))?;
                let mut command = Command::new(npm);
                command.args(["install", "--no-audit", "--no-fund", "--no-save"]);
                command.arg("--prefix").arg(into);
                command.arg(format!("{}@{}", self.package, self.version));
                Ok(command)
            }
        }
    }
}

fn file_name(program: &str) -> String {
    format!("{program}{EXE_SUFFIX}")
}

/// `~/.cache/victim-voice/tools`, or below `XDG_CACHE_HOME`.
fn cache_folder() -> Result<PathBuf> {
    let variable =
        |name| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let cache = variable("XDG_CACHE_HOME")
        .or_else(|| variable("HOME").map(|home| home.join(".cache")))
        .or_else(|| variable("LOCALAPPDATA"))
        .context("neither XDG_CACHE_HOME nor HOME is set, so there is nowhere to keep the tools")?;
    Ok(cache.join("victim-voice").join("tools"))
}

/// What a program calls its version: the first word of `--version` that starts with a digit.
fn version_of(program: &Path) -> Option<String> {
    let said = process::read(Command::new(program).arg("--version")).ok()?;
    version_in(&said).map(str::to_owned)
}

fn version_in(said: &str) -> Option<&str> {
    said.split_whitespace().find(|word| word.starts_with(|c: char| c.is_ascii_digit()))
}

/// The version that a `Cargo.lock` names for a package.
fn locked_version<'a>(lock: &'a str, package: &str) -> Option<&'a str> {
    let mut lines = lock.lines();
    let name = format!("name = \"{package}\"");
    lines.find(|line| *line == name)?;
    lines.next()?.strip_prefix("version = \"")?.strip_suffix('"')
}

/// Adds the widget's compile target, unless it is there already: rustup is asked only when
/// something is missing, so that a machine without a network works.
///
/// # Errors
///
/// When it is neither there nor can be added.
pub(crate) fn ensure_wasm_target() -> Result<()> {
    let mut rustc = Command::new("rustc");
    rustc.current_dir(workspace::root());
    rustc.args(["--print", "target-libdir", "--target", WASM_TARGET]);
    if Path::new(process::read(&mut rustc)?.trim()).is_dir() {
        return Ok(());
    }
    eprintln!("adding the compile target {WASM_TARGET} (some seconds)");
    let mut rustup = Command::new("rustup");
    rustup.current_dir(workspace::root());
    process::run(rustup.args(["target", "add", WASM_TARGET])).with_context(|| {
        format!("Rust's standard library for {WASM_TARGET} is missing and could not be added")
    })
}

#[cfg(test)]
mod tests;
