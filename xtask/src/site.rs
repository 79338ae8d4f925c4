//! The site: what a collector, or any web server, serves to respondents.
//!
//! Trunk builds the widget, the analyst's tool publishes the surveys into it, and every text file
//! is compressed. All of it happens in a folder beside the final one, which is replaced at the
//! end, so that a failed build leaves the old site as it was.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::compress;
use crate::process;
use crate::tools::Tools;
use crate::workspace::{self, Profile};

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The folder to make. One that exists is replaced if it holds a site; the published
    /// definitions in it are kept, because responses to them may still arrive.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// A survey's definition; may be given more than once, the first one stands at `/`.
    #[arg(long, value_name = "FILE", default_values_os_t = [model_survey()])]
    survey: Vec<PathBuf>,
    /// Whose key opens the responses: the .pub.json that `survey-analyst keys new` wrote. May be
    /// given more than once.
    #[arg(long, value_name = "FILE", required_unless_present = "dev")]
    recipient: Vec<PathBuf>,
    /// Where responses are sent to, such as `https://views.example/ssp`. May be given more
    /// than once; they are tried in this order.
    #[arg(long, value_name = "URL", required_unless_present = "dev")]
    submit: Vec<String>,
    /// Build the widget without optimisation and compress nothing; without `--recipient` and
    /// `--submit`, for the demo's key and a collector on port 8080 of this machine.
    #[arg(long)]
    dev: bool,
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
    let [analyst] = workspace::binaries(profile, ["survey-analyst"])?;
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
        surveys: &arguments.survey,
        recipients: &recipients,
        submit: &submit,
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
    pub(crate) surveys: &'a [PathBuf],
    pub(crate) recipients: &'a [PathBuf],
    pub(crate) submit: &'a [String],
}

impl Plan<'_> {
    /// # Errors
    ///
    /// When a step fails; the old site is then as it was.
    pub(crate) fn build(&self, tools: &Tools) -> Result<()> {
        check_replaceable(self.out)?;
        let work = workspace::target()?.join("site");
        // Trunk's own folders are shared by all builds, whatever they are for.
        let _lock = workspace::lock(&work, "builds a site")?;
        let stage = beside(self.out, "new")?;
        workspace::remove_folder(&stage)?;
        let built = work.join("widget");
        self.widget(tools, &built)?;
        workspace::copy_folder(&built, &stage)?;
        // For `trunk serve` only: partners serve their own pages.
        workspace::remove_folder(&stage.join("examples"))?;
        keep_published(self.out, &stage)?;
        self.publish_into(&stage)?;
        check(&stage)?;
        check_pages_kept(self.out, &stage)?;
        if self.quality == Quality::Shipped {
            compress::folder(&stage)?;
        }
        let old = beside(self.out, "old")?;
        workspace::remove_folder(&old)?;
        if self.out.exists() {
            fs::rename(self.out, &old)
                .with_context(|| format!("cannot move the old {} away", self.out.display()))?;
        }
        fs::rename(&stage, self.out)
            .with_context(|| format!("cannot rename {} to its final name", stage.display()))?;
        workspace::remove_folder(&old)
    }

    fn widget(&self, tools: &Tools, into: &Path) -> Result<()> {
        let mut command = trunk(tools)?;
        command.arg("build").arg("--dist").arg(into);
        command.env(SKIP_HOOKS, "1");
        if self.quality == Quality::Shipped {
            command.arg("--release");
        }
        process::run(&mut command)
    }

    /// Makes what trunk built into a site: runs the analyst's `publish` for each survey.
    ///
    /// # Errors
    ///
    /// When it refuses a definition or cannot write.
    pub(crate) fn publish_into(&self, site: &Path) -> Result<()> {
        make_template(site)?;
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
            process::run_quietly(command.arg("--site").arg(site))?;
        }
        Ok(())
    }
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

/// Where index.html says that the definition is, and what publishing replaces in template.html.
const DEFINITION: (&str, &str) = ("/definition.json", "__DEFINITION__");

/// Turns the page that trunk built into the one that the pages of the surveys are made from.
fn make_template(site: &Path) -> Result<()> {
    let (index, template) = (site.join("index.html"), site.join("template.html"));
    let page =
        fs::read_to_string(&index).with_context(|| format!("cannot read {}", index.display()))?;
    if !page.contains(DEFINITION.0) {
        bail!(
            "index.html names no definition: it has to say `{}` where the address of the \
             published one goes",
            DEFINITION.0
        );
    }
    fs::write(&template, page.replace(DEFINITION.0, DEFINITION.1))
        .with_context(|| format!("cannot write {}", template.display()))?;
    fs::remove_file(&index).with_context(|| format!("cannot remove {}", index.display()))
}

/// Takes over what was published before: a response names the definition that was answered, and
/// one that was loaded yesterday may be sent today.
///
/// # Errors
///
/// When it cannot be copied.
pub(crate) fn keep_published(old: &Path, new: &Path) -> Result<()> {
    let manifest = old.join("surveys.json");
    if manifest.is_file() {
        workspace::copy_file(&manifest, &new.join("surveys.json"))?;
    }
    let definitions = old.join("d");
    if definitions.is_dir() {
        for file in workspace::files_below(&definitions)? {
            if file.ends_with(".json") {
                workspace::copy_file(&definitions.join(&file), &new.join("d").join(&file))?;
            }
        }
    }
    Ok(())
}

/// `<out>.<suffix>`, in the same folder and so on the same disk.
fn beside(out: &Path, suffix: &str) -> Result<PathBuf> {
    let name = out
        .file_name()
        .with_context(|| format!("{} is no folder that can be replaced", out.display()))?;
    Ok(out.with_file_name(format!("{}.{suffix}", name.to_string_lossy())))
}

/// Refuses a folder that holds something else than a site: it would be lost.
fn check_replaceable(out: &Path) -> Result<()> {
    let empty = match fs::read_dir(out) {
        Ok(mut entries) => entries.next().is_none(),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => true,
        Err(error) => return Err(error).with_context(|| format!("cannot read {}", out.display())),
    };
    if !empty && !out.join("surveys.json").is_file() {
        bail!(
            "{} holds something else than a site; name a new folder, or empty this one",
            out.display()
        );
    }
    Ok(())
}

/// Refuses to drop a survey's page: its address stands on partners' pages and on letters.
fn check_pages_kept(old: &Path, new: &Path) -> Result<()> {
    let pages = old.join("s");
    if !pages.is_dir() {
        return Ok(());
    }
    for page in workspace::files_below(&pages)? {
        if page.ends_with("/index.html") && !new.join("s").join(&page).is_file() {
            bail!(
                "the old site has a page s/{page} of a survey that was not named: give its \
                 definition with --survey as well, or make the new site in another folder"
            );
        }
    }
    Ok(())
}

/// What must hold for every site.
fn check(site: &Path) -> Result<()> {
    for file in workspace::files_below(site)? {
        if let Some(word) = telling_word(&file) {
            bail!(
                "the site holds `{file}`, and a respondent's device may show that name: \
                 find a neutral one without `{word}`"
            );
        }
        if file.ends_with(".html") {
            let path = site.join(&file);
            let html = fs::read_to_string(&path)
                .with_context(|| format!("cannot read {}", path.display()))?;
            if let Some(element) = inline_element(&html) {
                bail!(
                    "{file} holds an inline `{element}`, which its own Content-Security-Policy \
                     blocks: move it into a file"
                );
            }
        }
    }
    Ok(())
}

/// A word that tells a bystander what the survey is about.
pub(crate) fn telling_word(name: &str) -> Option<&'static str> {
    let name = name.to_ascii_lowercase();
    ["victim", "crime", "abuse"].into_iter().find(|word| name.contains(word))
}

/// The first script or style that is written into the page itself.
fn inline_element(html: &str) -> Option<&'static str> {
    let html = html.to_ascii_lowercase();
    let inline_script = html.match_indices("<script").any(|(start, _)| {
        let tag = html.get(start..).unwrap_or_default();
        let tag = tag.split('>').next().unwrap_or_default();
        // Data is not run, so the policy lets it pass.
        !tag.contains(" src=") && !tag.contains("application/json")
    });
    if inline_script {
        Some("<script>")
    } else if html.contains("<style") {
        Some("<style>")
    } else {
        None
    }
}

#[cfg(test)]
mod tests;
