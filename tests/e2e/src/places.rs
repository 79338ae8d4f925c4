//! Where the things under test are, and the browser that they are tested with.

use std::{
    env,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail};

/// Paths of what `cargo xtask test e2e` builds and installs.
#[derive(Clone, Debug)]
pub(crate) struct Places {
    /// A built site; what was published into it is left out when it is copied.
    pub(crate) site: PathBuf,
    /// The collector's program.
    pub(crate) collector: PathBuf,
    /// The analyst's program.
    pub(crate) analyst: PathBuf,
    /// The program that draws the documents of a site.
    pub(crate) views_page: PathBuf,
    /// The program that publishes them.
    pub(crate) xtask: PathBuf,
}

/// A browser, and the program through which it is driven.
#[derive(Clone, Debug)]
pub(crate) struct Driven {
    pub(crate) binary: PathBuf,
    pub(crate) driver: PathBuf,
}

impl Places {
    /// Reads `VIEWS_SITE`, `VIEWS_COLLECTOR`, `VIEWS_ANALYST`, `VIEWS_PAGE` and `VIEWS_XTASK`; what
    /// is not set is looked for where `cargo xtask test e2e` puts it.
    ///
    /// # Errors
    ///
    /// Something is not there; the text says what to run or to install.
    pub(crate) fn find() -> Result<Self> {
        // target/debug/deps/it-… → target/debug
        let program = env::current_exe().context("cannot tell where this program is")?;
        let built = program.parent().and_then(Path::parent).context("not in a target folder")?;
        let site = built.parent().unwrap_or(built).join("test").join("site");
        let ours = "`cargo xtask test e2e` builds all that these tests need, and runs them";
        Ok(Self {
            site: place("VIEWS_SITE", Some(site), ours)?,
            collector: place("VIEWS_COLLECTOR", Some(built.join("survey-collector")), ours)?,
            analyst: place("VIEWS_ANALYST", Some(built.join("survey-analyst")), ours)?,
            views_page: place("VIEWS_PAGE", Some(built.join("views-page")), ours)?,
            xtask: place("VIEWS_XTASK", Some(built.join("xtask")), ours)?,
        })
    }

    /// `CHROMIUM` and `CHROMEDRIVER`.
    ///
    /// # Errors
    ///
    /// One of them is not there; the text says what to install.
    pub(crate) fn chromium(&self) -> Result<Driven> {
        let remedy = "install Chromium and the ChromeDriver of the same version (Debian: apt-get \
                      install chromium chromium-driver)";
        let names = ["chromium", "chromium-browser", "google-chrome"];
        Ok(Driven {
            binary: place("CHROMIUM", names.into_iter().find_map(on_path), remedy)?,
            driver: place("CHROMEDRIVER", on_path("chromedriver"), remedy)?,
        })
    }

    /// `FIREFOX` and `GECKODRIVER`.
    ///
    /// # Errors
    ///
    /// As [`Places::chromium`].
    pub(crate) fn firefox(&self) -> Result<Driven> {
        let names = ["firefox-esr", "firefox"];
        Ok(Driven {
            binary: place(
                "FIREFOX",
                names.into_iter().find_map(on_path),
                "install Firefox (Debian: apt-get install firefox-esr)",
            )?,
            driver: place(
                "GECKODRIVER",
                on_path("geckodriver"),
                "`cargo xtask tools` installs geckodriver and says where it is",
            )?,
        })
    }

    /// `WEBKITWEBDRIVER`, which knows its browser, and `XVFB`, the screen that it needs.
    ///
    /// # Errors
    ///
    /// As [`Places::chromium`].
    pub(crate) fn webkit(&self) -> Result<(PathBuf, PathBuf)> {
        let driver = place(
            "WEBKITWEBDRIVER",
            on_path("WebKitWebDriver"),
            "install WebKitGTK and its driver (Debian: apt-get install webkit2gtk-driver)",
        )?;
        let remedy = "install a screen for WebKitGTK (Debian: apt-get install xvfb)";
        Ok((driver, place("XVFB", on_path("Xvfb"), remedy)?))
    }
}

/// The folder of the workspace, for what is tested as it lies there: surveys and documentation.
#[must_use]
pub(crate) fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn place(variable: &str, usual: Option<PathBuf>, remedy: &str) -> Result<PathBuf> {
    match (env::var_os(variable).map(PathBuf::from), usual) {
        (Some(named), _) if named.exists() => Ok(named),
        (Some(named), _) => bail!("{variable} names {}, which is not there", named.display()),
        (None, Some(usual)) if usual.exists() => Ok(usual),
        (None, Some(usual)) => {
            bail!("there is no {}, and {variable} names no other place: {remedy}", usual.display())
        }
        (None, None) => bail!("not on the PATH, and {variable} names no other place: {remedy}"),
    }
}

fn on_path(name: &str) -> Option<PathBuf> {
    env::split_paths(&env::var_os("PATH")?).map(|folder| folder.join(name)).find(|p| p.is_file())
}
