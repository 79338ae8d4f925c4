//! The browser that tests drive, and the program through which they do.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::process;
use crate::workspace;

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
        if let Some(browser) = Self::find() {
            return Ok(browser);
        }
        if may_install() {
            install()?;
        }
        Self::find().context(
            "browser tests need Chromium and the ChromeDriver of the same version. \
             Debian: apt-get install chromium chromium-driver. Elsewhere: install Chrome and \
             ChromeDriver, and name them in CHROMIUM and CHROMEDRIVER",
        )
    }

    fn find() -> Option<Self> {
        let names = ["chromium", "chromium-browser", "google-chrome", "chrome"];
        let on_path = || names.into_iter().find_map(workspace::on_path);
        Some(Self {
            chromium: named("CHROMIUM").or_else(on_path)?,
            chromedriver: named("CHROMEDRIVER").or_else(|| workspace::on_path("chromedriver"))?,
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

fn install() -> Result<()> {
    eprintln!("installing Debian's chromium and chromium-driver (a minute or two, once)");
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
    if let Err(error) = process::run(install.args(["chromium", "chromium-driver"])) {
        bail!("{error:#}; install chromium and chromium-driver by hand");
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
