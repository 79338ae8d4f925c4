//! Other programs: run to the end, or started, watched and stopped.

use std::{
    fs::{self, OpenOptions},
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, ensure};
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};

use crate::patience::until;

/// Runs a program to its end and returns what it wrote to standard output.
///
/// # Errors
///
/// It cannot be started, or its exit code is not 0; then with all that it said.
pub(crate) fn run(command: &mut Command) -> Result<String> {
    let name = command.get_program().to_owned();
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("cannot start {}", name.display()))?;
    ensure!(
        output.status.success(),
        "{command:?} failed ({}): {}{}",
        output.status,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// A port that nobody listens on just now.
///
/// # Errors
///
/// The system has none.
pub(crate) fn free_port() -> Result<u16> {
    // The system hands such ports out at random, so another test hardly gets the same one before
    // it is used.
    let listener = TcpListener::bind(("127.0.0.1", 0)).context("no port is free")?;
    Ok(listener.local_addr()?.port())
}

/// A program that runs beside a test and ends with it, whatever becomes of the test.
#[derive(Debug)]
pub(crate) struct Program {
    name: &'static str,
    child: Child,
    log: PathBuf,
}

impl Program {
    /// Starts it. What it says is added to the file `log`.
    ///
    /// # Errors
    ///
    /// It cannot be started, or the log cannot be written.
    pub(crate) fn start(name: &'static str, command: &mut Command, log: &Path) -> Result<Self> {
        let out = OpenOptions::new().append(true).create(true).open(log)?;
        let err = out.try_clone()?;
        let child = command
            .stdin(Stdio::null())
            .stdout(out)
            .stderr(err)
            .spawn()
            .with_context(|| format!("cannot start the {name}: {command:?}"))?;
        Ok(Self { name, child, log: log.to_owned() })
    }

    /// What it said so far.
    #[must_use]
    pub(crate) fn said(&self) -> String {
        String::from_utf8_lossy(&fs::read(&self.log).unwrap_or_default()).into_owned()
    }

    /// Fails when it has ended.
    ///
    /// # Errors
    ///
    /// It has; with what it said.
    pub(crate) fn check_running(&mut self) -> Result<()> {
        let ended = self.child.try_wait()?;
        ensure!(ended.is_none(), "the {} ended: {}", self.name, self.said());
        Ok(())
    }

    /// Asks it to end (SIGTERM) and waits until it has.
    ///
    /// # Errors
    ///
    /// It does not.
    pub(crate) async fn stop(mut self) -> Result<ExitStatus> {
        kill(self.pid()?, Signal::SIGTERM).with_context(|| format!("the {} is gone", self.name))?;
        let (name, child) = (self.name, &mut self.child);
        until(&format!("the {name} to end"), async || Ok(child.try_wait()?)).await
    }

    /// Gives it some time to end by itself, and ends it then. Blocks.
    pub(crate) fn end_within(mut self, time: Duration) {
        let end = Instant::now() + time;
        while Instant::now() < end && matches!(self.child.try_wait(), Ok(None)) {
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// Ends it where it stands (SIGKILL), as a power cut would.
    ///
    /// # Errors
    ///
    /// The system cannot tell whether it did.
    pub(crate) fn kill(mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// Of our own child, which was not waited for yet: the number belongs to nobody else.
    fn pid(&self) -> Result<Pid> {
        Ok(Pid::from_raw(i32::try_from(self.child.id())?))
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // Both fail only for a program that has ended.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}
