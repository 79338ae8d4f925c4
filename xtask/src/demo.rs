//! Everything at work on this machine: a partner's page, the survey in it, the collector that
//! stores what it cannot open, and what the analyst types to read it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};

use crate::process::{self, Running};
use crate::publish::{self, Key, Languages, Plan, Quality};
use crate::tools::Tools;
use crate::workspace::{self, Profile, Program, quoted};

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The port of the partner's page (on localhost) and of the survey (on 127.0.0.1): to a
    /// browser these are two origins.
    #[arg(long, value_name = "N", default_value_t = 8080)]
    port: u16,
    /// The port of the collector's own side, where the analyst fetches responses.
    #[arg(long, value_name = "N", default_value_t = 9090)]
    admin_port: u16,
    /// Where the demo keeps its key, its database and its site [default: target/demo].
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Do not open a browser.
    #[arg(long)]
    no_open: bool,
}

/// # Errors
///
/// When something cannot be built or started, or when the collector ends by itself.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    if arguments.port == arguments.admin_port {
        bail!("--port and --admin-port name the same port; the two sides need one each");
    }
    // Before minutes of building, not after.
    process::check_port(arguments.port, "--port")?;
    process::check_port(arguments.admin_port, "--admin-port")?;
    let data = match &arguments.data {
        Some(data) => data.clone(),
        None => workspace::target()?.join("demo"),
    };
    fs::create_dir_all(&data)
        .with_context(|| format!("cannot make the folder {}", data.display()))?;
    let data = std::path::absolute(&data).context("cannot tell the current folder")?;

    let tools = Tools::ensure()?;
    let [analyst, views_page, collector] = workspace::binaries(
        Profile::Server,
        [Program::Analyst, Program::ViewsPage, Program::Collector],
    )?;
    let key = Key::once(&analyst, &data, "demo")?;
    let frames = format!("http://127.0.0.1:{}", arguments.port);
    let site = data.join("site");
    Plan {
        out: &site,
        quality: Quality::Shipped,
        analyst: &analyst,
        views_page: &views_page,
        surveys: &[publish::model_survey()],
        recipients: std::slice::from_ref(&key.public),
        submit: &[format!("{frames}/ssp")],
        languages: &Languages::default(),
    }
    .build(&tools)?;

    process::catch_stop()?;
    let partner = format!("http://localhost:{}", arguments.port);
    let log = data.join("collector.log");
    let mut command = Command::new(collector);
    command.args(["--listen", &format!("127.0.0.1:{}", arguments.port)]);
    command.args(["--admin-listen", &format!("127.0.0.1:{}", arguments.admin_port)]);
    command.args(["--public-url", &frames, "--partner", &partner]);
    command.arg("--database").arg(data.join("views.sqlite"));
    command.arg("--site").arg(&site);
    command.arg("--demo-pages").arg(workspace::root().join("examples"));
    let mut running = Running::start("collector", &mut command, Some(&log))?;
    process::wait_until_ready(
        &mut running,
        arguments.admin_port,
        "/readyz",
        Duration::from_secs(30),
    )
    .with_context(|| format!("the collector is not there; its log:\n{}", end_of(&log)))?;

    let page = format!("{partner}/examples/partner.html");
    let notes = Notes {
        analyst: &analyst,
        admin: format!("http://127.0.0.1:{}", arguments.admin_port),
        key: &key.secret,
        data: &data,
        log: &log,
    };
    println!("{}", notes.text());
    println!("ready: {page}");
    if !arguments.no_open {
        open_browser(&page);
    }

    while !process::stop_requested() {
        if let Some(status) = running.ended()? {
            bail!("the collector ended by itself ({status}); its log:\n{}", end_of(&log));
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    running.stop();
    Ok(())
}

/// What one can do while the demo runs.
struct Notes<'a> {
    analyst: &'a Path,
    admin: String,
    key: &'a Path,
    data: &'a Path,
    log: &'a Path,
}

impl Notes<'_> {
    fn text(&self) -> String {
        let analyst = quoted(self.analyst);
        let key = quoted(self.key);
        let envelopes = quoted(self.data.join("envelopes"));
        let opened = quoted(self.data.join("opened"));
        let csv = quoted(self.data.join("csv"));
        // The folder: every definition that was ever published here.
        let definitions = quoted(self.data.join("site").join("d"));
        let admin = &self.admin;
        let log = self.log.display();
        format!(
            "
Answer the survey on the partner's page below. The collector stores what it cannot open.
The analyst, who holds the key, then types (copy and paste):

  {analyst} fetch --from {admin} --into {envelopes}
  {analyst} open --key {key} --definition {definitions} {envelopes} --out {opened}
  {analyst} export csv {opened} --definition {definitions} --out {csv}

The collector's log: {log}
Ctrl-C ends the demo; responses and key stay where they are.
"
        )
    }
}

/// The last lines of a log.
fn end_of(log: &Path) -> String {
    let log = fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<_> = log.lines().collect();
    lines.get(lines.len().saturating_sub(20)..).unwrap_or_default().join("\n")
}

/// Opens the page for the person at this machine, if there is one. The address is printed in any
/// case, so failing is no error.
fn open_browser(page: &str) {
    let mut command = if cfg!(target_os = "macos") {
        Command::new("open")
    } else if cfg!(windows) {
        let mut command = Command::new("cmd");
        command.args(["/C", "start"]);
        command
    } else {
        let is_set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        if !is_set("DISPLAY") && !is_set("WAYLAND_DISPLAY") {
            return;
        }
        Command::new("xdg-open")
    };
    command.arg(page).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().ok();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_analyst_types_survives_a_space_in_a_path() {
        let data = Path::new("/home/me/my clone/demo");
        let text = Notes {
            analyst: Path::new("/home/me/my clone/survey-analyst"),
            admin: "http://127.0.0.1:9090".to_owned(),
            key: &data.join("demo.key"),
            data,
            log: &data.join("collector.log"),
        }
        .text();
        assert!(text.contains(
            "'/home/me/my clone/survey-analyst' fetch --from http://127.0.0.1:9090 \
             --into '/home/me/my clone/demo/envelopes'\n"
        ));
        assert!(text.contains("--definition '/home/me/my clone/demo/site/d' "));
    }
}
