//! The browsers that tests drive, and the programs through which they do.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::process;
use crate::tools;
use crate::workspace;

/// A browser engine. Every test runs in Chromium; the journeys that matter most in all three.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Engine {
    Chromium,
    Firefox,
    #[value(name = "webkit")]
    WebKit,
}

impl Engine {
    pub(super) const ALL: [Self; 3] = [Self::Chromium, Self::Firefox, Self::WebKit];

    /// What stands in the name of a test that runs in this engine alone, if it is not the first.
    pub(super) fn part_of_names(self) -> &'static str {
        match self {
            Self::Chromium => "::chromium::",
            Self::Firefox => "::firefox::",
            Self::WebKit => "::webkit::",
        }
    }

    /// Finds browser and driver, installed where that is possible: the variables that name them to
    /// the tests, and what they name.
    ///
    /// # Errors
    ///
    /// When they are neither there nor can be installed; then with what to install.
    pub(super) fn ensure(self) -> Result<Vec<(&'static str, PathBuf)>> {
        match self {
            Self::Chromium => {
                let browser = Browser::ensure()?;
                Ok(vec![("CHROMIUM", browser.chromium), ("CHROMEDRIVER", browser.chromedriver)])
            }
            Self::Firefox => {
                let find =
                    || Some(vec![("FIREFOX", program("FIREFOX", &["firefox-esr", "firefox"])?)]);
                let mut found = find_or_install(find, &["firefox-esr"])?.context(
                    "there is no Firefox to test with. Debian: apt-get install firefox-esr. \
                     Elsewhere: install it and name it in FIREFOX. \
                     `--engines chromium` leaves the other engines out",
                )?;
                let driver = program("GECKODRIVER", &[]).map_or_else(tools::geckodriver, Ok)?;
                found.push(("GECKODRIVER", driver));
                Ok(found)
            }
            Self::WebKit => {
                let find = || {
                    Some(vec![
                        ("WEBKITWEBDRIVER", program("WEBKITWEBDRIVER", &["WebKitWebDriver"])?),
                        ("XVFB", program("XVFB", &["Xvfb"])?),
                    ])
                };
                find_or_install(find, &["webkit2gtk-driver", "xvfb"])?.context(
                    "there is no WebKit to test with. Debian: apt-get install webkit2gtk-driver \
                     xvfb. Elsewhere: install WebKitGTK with its MiniBrowser and driver, and name \
                     WebKitWebDriver and Xvfb in WEBKITWEBDRIVER and XVFB. \
                     `--engines chromium` leaves the other engines out",
                )
            }
        }
    }
}

/// What `find` finds, at once or after Debian's packages were installed.
fn find_or_install<T>(find: impl Fn() -> Option<T>, packages: &[&str]) -> Result<Option<T>> {
    if let Some(found) = find() {
        return Ok(Some(found));
    }
    if may_install() {
        install(packages)?;
    }
    Ok(find())
}

/// The program that a variable names, or the first of these on `PATH`.
fn program(variable: &str, names: &[&str]) -> Option<PathBuf> {
    named(variable).or_else(|| names.iter().copied().find_map(workspace::on_path))
}

/// Chromium and its WebDriver.
pub(super) struct Browser {
    pub(super) chromium: PathBuf,
    pub(super) chromedriver: PathBuf,
}

impl Browser {
    /// Finds both (`CHROMIUM` and `CHROMEDRIVER` name other ones); installs Debian's where that
    /// is possible, and says what to install where it is not.
    ///
    /// # Errors
    ///
    /// When they are neither there nor can be installed.
    pub(super) fn ensure() -> Result<Self> {
        find_or_install(Self::find, &["chromium", "chromium-driver"])?.context(
            "browser tests need Chromium and the ChromeDriver of the same version. \
             Debian: apt-get install chromium chromium-driver. Elsewhere: install Chrome and \
             ChromeDriver, and name them in CHROMIUM and CHROMEDRIVER",
        )
    }

    fn find() -> Option<Self> {
        let names = ["chromium", "chromium-browser", "google-chrome", "chrome"];
        Some(Self {
            chromium: program("CHROMIUM", &names)?,
            chromedriver: program("CHROMEDRIVER", &["chromedriver"])?,
        })
    }

    /// What wasm-bindgen's test runner reads to start the browser. It adds `headless` and
    /// `no-sandbox` by itself. The other switches keep the browser from calling home.
    pub(super) fn capabilities(&self) -> String {
        let binary = self.chromium.to_string_lossy();
        let binary = binary.replace('\\', r"\\").replace('"', "\\\"");
        format!(
            r#"{{"goog:chromeOptions":{{"binary":"{binary}","args":["disable-gpu","disable-quic","no-first-run","disable-background-networking","disable-component-update","disable-sync"]}}}}"#
        )
    }
}

fn named(variable: &str) -> Option<PathBuf> {
    std::env::var_os(variable).map(PathBuf::from).filter(|path| workspace::is_executable(path))
}

fn may_install() -> bool {
    #[cfg(unix)]
    let root = nix::unistd::geteuid().is_root();
    #[cfg(not(unix))]
    let root = false;
    root && workspace::on_path("apt-get").is_some()
}

fn install(packages: &[&str]) -> Result<()> {
    let names = packages.join(" and ");
    eprintln!("installing Debian's {names} (a minute or two, once)");
    let apt = || {
        let mut command = Command::new("apt-get");
        command.env("DEBIAN_FRONTEND", "noninteractive");
        command
    };
    // A list that could not be refreshed may still be good enough.
    if let Err(error) = process::run(apt().args(["--quiet", "update"])) {
        eprintln!("warning: {error:#}");
    }
    let mut install = apt();
    install.args(["--quiet", "install", "--yes", "--no-install-recommends"]);
    if let Err(error) = process::run(install.args(packages)) {
        bail!("{error:#}; install {names} by hand");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_cannot_break_the_capabilities() {
        let browser = Browser {
            chromium: PathBuf::from(r#"C:\a "b"\chrome.exe"#),
            chromedriver: PathBuf::new(),
        };
        let capabilities = browser.capabilities();
        assert!(capabilities.contains(r#""binary":"C:\\a \"b\"\\chrome.exe","#));
        assert_eq!(capabilities.matches('{').count(), capabilities.matches('}').count());
    }
}
