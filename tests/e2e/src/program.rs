//! Other programs: run to the end, or started, watched and stopped.

use std::{
    fs::{self, OpenOptions},
    io::ErrorKind,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    sync::atomic::{AtomicU16, Ordering},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, anyhow, bail, ensure};
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};

use crate::{http, patience::until};

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

/// A port that nobody listens on, and that stays free while its owner is stopped and started.
///
/// Not one that the system hands out: it could give the same one to an outgoing connection of
/// another test at any time. Those lie above 32,768 on Linux, and above 49,152 elsewhere.
///
/// # Errors
///
/// All are taken.
pub(crate) fn free_port() -> Result<u16> {
    const FIRST: u16 = 20_000;
    const COUNT: u16 = 12_000;
    static HANDED_OUT: AtomicU16 = AtomicU16::new(0);
    // Test programs that run side by side start far from each other.
    let start = u16::try_from(std::process::id().wrapping_mul(251) % u32::from(COUNT))?;
    for _ in 0..COUNT {
        let next = HANDED_OUT.fetch_add(1, Ordering::Relaxed) % COUNT;
        let port = FIRST + (start + next) % COUNT;
        // ChromeDriver wants it in both families, where there are both.
        let taken = |host| {
            let bound = TcpListener::bind((host, port));
            bound.is_err_and(|error| error.kind() == ErrorKind::AddrInUse)
        };
        if !taken("127.0.0.1") && !taken("::1") {
            return Ok(port);
        }
    }
    bail!("no port from {FIRST} on is free")
}

/// A program that runs beside a test and ends with it, whatever becomes of the test.
#[derive(Debug)]
pub(crate) struct Program {
    name: &'static str,
    child: Child,
    log: PathBuf,
    _guard: Guard,
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
        let guard = Guard::over(Pid::from_raw(i32::try_from(child.id())?))?;
        Ok(Self { name, child, log: log.to_owned(), _guard: guard })
    }

    /// What it said so far.
    #[must_use]
    pub(crate) fn said(&self) -> String {
        String::from_utf8_lossy(&fs::read(&self.log).unwrap_or_default()).into_owned()
    }

    /// Waits until it answers at an address.
    ///
    /// # Errors
    ///
    /// It ends, or does not answer; with what it said.
    pub(crate) async fn answers(&mut self, url: &str) -> Result<()> {
        until(&format!("the {} to answer", self.name), async || {
            if self.child.try_wait()?.is_some() {
                return Ok(Some(Err(anyhow!("the {} ended: {}", self.name, self.said()))));
            }
            http::get(url).await.map(|_| Some(Ok(())))
        })
        .await?
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

    /// Gives it some time to end by itself, and ends it then; whether it did. Blocks.
    pub(crate) fn ended_within(mut self, time: Duration) -> bool {
        let end = Instant::now() + time;
        while matches!(self.child.try_wait(), Ok(None)) {
            if Instant::now() > end {
                return false;
            }
            thread::sleep(Duration::from_millis(20));
        }
        true
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
    pub(crate) fn pid(&self) -> Result<Pid> {
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

/// Ends a process when this program ends without having done so: killed, or out of time.
///
/// A shell that reads from us. That ends when we do, whatever the reason; dropped, the guard ends
/// first and lets the process be.
#[derive(Debug)]
pub(crate) struct Guard(Child);

impl Guard {
    /// Over a process, or a group of them (its number is negative then).
    ///
    /// # Errors
    ///
    /// There is no shell.
    pub(crate) fn over(process: Pid) -> Result<Self> {
        let mut shell = Command::new("sh");
        shell.args(["-c", "read -r line; kill -9 -- \"$1\"", "guard", &process.to_string()]);
        shell.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        Ok(Self(shell.spawn().context("cannot start sh")?))
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        // Fails only when it has ended. Before its input closes: fields are dropped after this.
        self.0.kill().ok();
        self.0.wait().ok();
    }
}
