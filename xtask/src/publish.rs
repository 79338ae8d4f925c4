//! Publishing: builds the site, which is what a collector, or any web server, serves.
//!
//! Trunk builds the widget, its sealer is built beside it, the analyst's tool adds the surveys, and
//! `views-page` draws their documents with the widget's own views. Everything but a few entry names
//! is named after its contents. All of it happens in a folder beside the final one, which is
//! replaced at the end, so that a failed build leaves the old site as it was ([`swap`]).

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use anyhow::{Context as _, Result};
use survey_wire::Manifest;

use crate::compress;
use crate::process;
use crate::reproducible;
use crate::seal;
use crate::tools::Tools;
use crate::workspace::{self, Profile, Program};

mod check;
mod inline;
pub(crate) mod keep;
mod loader;
mod pages;
mod settle;
mod shrink;
mod sources;
mod strip;
mod swap;
mod template;

pub(crate) use check::telling_word;
pub(crate) use pages::{PagesArguments, run as pages};

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The surveys' definitions; the first one stands at `/` [default: the model survey].
    #[arg(value_name = "SURVEY.json", default_values_os_t = [model_survey()], hide_default_value = true)]
    surveys: Vec<PathBuf>,
    /// The folder to make. One that exists is replaced if it holds a site; the published
    /// definitions in it are kept, because responses to them may still arrive, and for 30 days
    /// what browsers may still ask for.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Whose key opens the responses: the .pub.json that `survey-analyst keys new` wrote. May be
    /// given more than once.
    #[arg(long, value_name = "FILE", required_unless_present = "dev")]
    recipient: Vec<PathBuf>,
    /// Where responses are sent to, such as `https://views.example/ssp`. May be given more
    /// than once; they are tried in this order.
    #[arg(long, value_name = "URL", required_unless_present = "dev")]
    submit: Vec<String>,
    #[command(flatten)]
    languages: Languages,
    /// Build the widget without optimisation and compress nothing; without `--recipient` and
    /// `--submit`, for the demo's key and a collector on port 8080 of this machine.
    #[arg(long)]
    dev: bool,
}

/// Which translations of a survey are published; all of them unless something else is said.
#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct Languages {
    /// Only these languages, in this order, after the one that a survey is written in; such as
    /// `cy,pl`.
    #[arg(long = "languages", value_name = "TAGS")]
    only: Option<String>,
    /// Leave out translations that no native speaker reviewed.
    #[arg(long)]
    reviewed_only: bool,
}

/// # Errors
///
/// When a step fails; the old site is then as it was.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let (quality, profile) = if arguments.dev {
        (Quality::Quick, Profile::Dev)
    } else {
        (Quality::Shipped, Profile::Server)
    };
    let tools = Tools::ensure()?;
    let [analyst, views_page] =
        workspace::binaries(profile, [Program::Analyst, Program::ViewsPage])?;
    let mut recipients = arguments.recipient.clone();
    if recipients.is_empty() {
        let folder = workspace::target()?.join("demo");
        recipients.push(Key::once(&analyst, &folder, "demo")?.public);
    }
    let mut submit = arguments.submit.clone();
    if submit.is_empty() {
        submit.push("http://127.0.0.1:8080/ssp".to_owned());
    }
    Plan {
        out: &arguments.out,
        quality,
        analyst: &analyst,
        views_page: &views_page,
        surveys: &arguments.surveys,
        recipients: &recipients,
        submit: &submit,
        languages: &arguments.languages,
    }
    .build(&tools)?;
    println!("{}", arguments.out.display());
    Ok(())
}

/// The definition of the model survey.
pub(crate) fn model_survey() -> PathBuf {
    workspace::root().join("surveys").join("victim-voice.json")
}

/// A key pair of the analyst, made on this machine for the demo, development and tests.
pub(crate) struct Key {
    /// Opens responses.
    pub(crate) secret: PathBuf,
    /// What a published definition carries.
    pub(crate) public: PathBuf,
}

impl Key {
    /// The key called `name` in `folder`, made if it is not there: a second demo opens what the
    /// first one collected.
    ///
    /// # Errors
    ///
    /// When the analyst's tool fails.
    pub(crate) fn once(analyst: &Path, folder: &Path, name: &str) -> Result<Self> {
        let key = Self {
            secret: folder.join(format!("{name}.key")),
            public: folder.join(format!("{name}.pub.json")),
        };
        if key.secret.is_file() && key.public.is_file() {
            return Ok(key);
        }
        fs::create_dir_all(folder)
            .with_context(|| format!("cannot make the folder {}", folder.display()))?;
        let mut command = Command::new(analyst);
        command.args(["keys", "new", "--label", name, "--out"]);
        process::run_quietly(command.arg(&key.secret))?;
        Ok(key)
    }
}

/// How much work goes into a site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Quality {
    /// Optimised for size and compressed.
    Shipped,
    /// As fast as it builds.
    Quick,
}

/// A site to build.
pub(crate) struct Plan<'a> {
    pub(crate) out: &'a Path,
    pub(crate) quality: Quality,
    /// The analyst's tool, built.
    pub(crate) analyst: &'a Path,
    /// The widget's own tool that draws documents, built.
    pub(crate) views_page: &'a Path,
    pub(crate) surveys: &'a [PathBuf],
    pub(crate) recipients: &'a [PathBuf],
    pub(crate) submit: &'a [String],
    pub(crate) languages: &'a Languages,
}

impl Plan<'_> {
    /// # Errors
    ///
    /// When a step fails; the old site is then as it was.
    pub(crate) fn build(&self, tools: &Tools) -> Result<()> {
        let work = workspace::target()?.join("site");
        // Trunk's own folders are shared by all builds, whatever they are for.
        let _lock = workspace::lock(&work, "builds a site")?;
        let place = swap::Place::take(self.out)?;
        let stage = place.stage();
        let built = widget_folder()?;
        self.widget(tools, &built)?;
        workspace::copy_folder(&built, &stage)?;
        // For `trunk serve` only: partners serve their own pages.
        workspace::remove_folder(&stage.join("examples"))?;
        let sealer = seal::build(tools, self.quality)?;
        // Nothing takes long from here on: who publishes meanwhile has this end in vain.
        let published = place.published()?;
        keep::definitions(self.out, &stage)?;
        keep::documents(self.out, &stage, SystemTime::now())?;
        self.publish_into(&stage, &sealer)?;
        check::site(&stage)?;
        check::pages_kept(self.out, &stage)?;
        if self.quality == Quality::Shipped {
            compress::folder(&stage)?;
        }
        place.swap(&published)
    }

    fn widget(&self, tools: &Tools, into: &Path) -> Result<()> {
        let mut command = trunk(tools)?;
        command.arg("build").arg("--dist").arg(into);
        command.env(SKIP_HOOKS, "1");
        if self.quality == Quality::Shipped {
            command.arg("--release");
            reproducible::apply(&mut command)?;
        }
        process::run(&mut command)
    }

    /// Makes what trunk built into a site: the template, the surveys, their pages, the loader.
    ///
    /// # Errors
    ///
    /// When a definition is refused, or when something cannot be drawn or written.
    pub(crate) fn publish_into(&self, site: &Path, sealer: &Path) -> Result<()> {
        let mut inline = template::make(site, sealer, self.quality)?;
        sources::note(site)?;
        let path = site.join("surveys.json");
        let mut manifest = if path.is_file() { manifest(site)? } else { Manifest::default() };
        let before = keep::inline(site, &manifest.inline)?;
        add(&mut inline.script, before.script);
        add(&mut inline.style, before.style);
        manifest.inline = inline;
        replace(&path, manifest.to_json().as_bytes())?;
        for survey in self.surveys {
            let mut command = Command::new(self.analyst);
            command.arg("publish").arg(survey);
            for recipient in self.recipients {
                command.arg("--recipient").arg(recipient);
            }
            for submit in self.submit {
                command.args(["--submit", submit]);
            }
            let lines = workspace::root().join("surveys").join("helplines.json");
            command.arg("--support-lines").arg(lines);
            if let Some(tags) = &self.languages.only {
                command.args(["--languages", tags]);
            }
            if self.languages.reviewed_only {
                command.arg("--reviewed-only");
            }
            process::run_quietly(command.arg("--site").arg(site))?;
        }
        pages::write(site, self.views_page, &pages::locales(), self.languages.reviewed_only)
    }
}

/// Where trunk puts the widget that a site is made of. As shipped, it still holds the names of its
/// functions there, which the site's copy does not.
///
/// # Errors
///
/// When the build folder cannot be found.
pub(crate) fn widget_folder() -> Result<PathBuf> {
    Ok(workspace::target()?.join("site").join("widget"))
}

/// The program in that folder.
pub(crate) const PROGRAM: &str = "views_bg.wasm";

/// The list of surveys of a site.
///
/// # Errors
///
/// When there is none, or one that cannot be read.
pub(crate) fn manifest(site: &Path) -> Result<Manifest> {
    let path = site.join("surveys.json");
    let json = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
    Manifest::parse(&json).with_context(|| path.display().to_string())
}

/// Adds what is not there yet.
fn add<T: PartialEq>(to: &mut Vec<T>, more: Vec<T>) {
    for it in more {
        if !to.contains(&it) {
            to.push(it);
        }
    }
}

/// What the names of files hold of their contents: the first 16 hexadecimal digits of the SHA-256.
pub(crate) fn short_hash(content: &[u8]) -> String {
    let digest = survey_wire::digest(content);
    digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// Writes a file of a site in one step, and removes the compressed forms of the one before.
fn replace(path: &Path, content: &[u8]) -> Result<()> {
    let with = |ending: &str| {
        let mut name = path.as_os_str().to_owned();
        name.push(ending);
        PathBuf::from(name)
    };
    for stale in [with(".br"), with(".gz")] {
        match fs::remove_file(&stale) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(error).with_context(|| format!("cannot remove {}", stale.display()));
            }
            _ => {}
        }
    }
    let draft = with(".new");
    fs::write(&draft, content)
        .and_then(|()| fs::rename(&draft, path))
        .with_context(|| format!("cannot write {}", path.display()))
}

/// Set for trunk, and through it for the hooks of Trunk.toml, when they have nothing to do.
pub(crate) const SKIP_HOOKS: &str = "VIEWS_SKIP_HOOKS";

/// `trunk`, with the tools where it looks for them.
///
/// # Errors
///
/// When `PATH` cannot be put together.
pub(crate) fn trunk(tools: &Tools) -> Result<Command> {
    let mut command = Command::new(tools.trunk());
    command.current_dir(workspace::root());
    command.env("PATH", tools.path()?);
    // It asks the network for a newer version otherwise.
    command.env("TRUNK_SKIP_VERSION_CHECK", "true");
    // trunk 0.21 refuses the value 1, which https://no-color.org allows.
    if std::env::var_os("NO_COLOR").is_some() {
        command.env("NO_COLOR", "true");
    }
    Ok(command)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_together_with_its_compressed_forms() -> Result<()> {
        let folder = tempfile::tempdir()?;
        for file in ["embed.js", "embed.js.br", "embed.js.gz", "embed.d.ts.br"] {
            fs::write(folder.path().join(file), "old")?;
        }
        replace(&folder.path().join("embed.js"), b"new")?;
        assert_eq!(workspace::files_below(folder.path())?, ["embed.d.ts.br", "embed.js"]);
        assert_eq!(fs::read_to_string(folder.path().join("embed.js"))?, "new");
        Ok(())
    }
}
