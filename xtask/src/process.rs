//! Other programs: run to the end, or started, watched and stopped.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

use crate::workspace::quoted;

/// The command as one would type it.
pub(crate) fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(quoted).collect::<Vec<_>>().join(" ")
}

/// Runs a program to its end; what it prints is shown as it comes.
///
/// # Errors
///
/// When it cannot be started or does not end well.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| not_started(&shown(command)))?;
    if !status.success() {
        bail!("`{}` failed ({status}); see above", shown(command));
    }
    Ok(())
}

/// Runs a program to its end and shows only its warnings and errors.
///
/// # Errors
///
/// When it cannot be started or does not end well.
pub(crate) fn run_quietly(command: &mut Command) -> Result<()> {
    run(command.stdout(Stdio::null()))
}

/// Runs a program to its end and hands back what it printed on standard output.
///
/// # Errors
///
/// When it cannot be started or does not end well; then with what it said.
pub(crate) fn read(command: &mut Command) -> Result<String> {
    let output =
        command.stdin(Stdio::null()).output().with_context(|| not_started(&shown(command)))?;
    if !output.status.success() {
        bail!(
            "`{}` failed ({}): {}",
            shown(command),
            output.status,
            String::from_utf8_lossy(&output.stderr).trim()
        );
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn not_started(command: &str) -> String {
    format!("cannot start `{command}`; is the program installed?")
}

/// Turns Ctrl-C and SIGTERM into a request that [`stop_requested`] answers to, so that what was
/// started is stopped as well.
///
/// # Errors
///
/// When the operating system refuses.
pub(crate) fn catch_stop() -> Result<()> {
    static CAUGHT: OnceLock<()> = OnceLock::new();
    if CAUGHT.set(()).is_ok() {
        ctrlc::set_handler(|| STOP.store(true, Ordering::SeqCst))
            .context("cannot listen for Ctrl-C")?;
    }
    Ok(())
}

static STOP: AtomicBool = AtomicBool::new(false);

/// Did somebody press Ctrl-C or send SIGTERM?
pub(crate) fn stop_requested() -> bool {
    STOP.load(Ordering::SeqCst)
}

/// A program that runs beside us and ends with us.
pub(crate) struct Running {
    name: &'static str,
    child: Child,
}

impl Running {
    /// Starts it. With `log`, what it prints goes to that file and not to the terminal.
    ///
    /// # Errors
    ///
    /// When it cannot be started or the log cannot be written.
    pub(crate) fn start(
        name: &'static str,
        command: &mut Command,
        log: Option<&Path>,
    ) -> Result<Self> {
        command.stdin(Stdio::null());
        // A group of its own: Ctrl-C in the terminal then reaches us alone, and we end it, with
        // whatever it has started, in good order.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(command, 0);
        if let Some(path) = log {
            let file = File::create(path)
                .with_context(|| format!("cannot write the log {}", path.display()))?;
            let both = file.try_clone().context("cannot share the log file")?;
            command.stdout(file).stderr(both);
        }
        let child = command.spawn().with_context(|| not_started(&shown(command)))?;
        Ok(Self { name, child })
    }

    /// What it ended with, or nothing while it runs.
    ///
    /// # Errors
    ///
    /// When the operating system cannot tell.
    pub(crate) fn ended(&mut self) -> Result<Option<ExitStatus>> {
        self.child
            .try_wait()
            .with_context(|| format!("cannot tell whether the {} still runs", self.name))
    }

    /// Asks it to end, and ends it when it has not within ten seconds.
    pub(crate) fn stop(&mut self) {
        if !matches!(self.child.try_wait(), Ok(None)) {
            return;
        }
        terminate(&mut self.child);
        let deadline = Instant::now() + Duration::from_secs(10);
        while Instant::now() < deadline {
            if !matches!(self.child.try_wait(), Ok(None)) {
                return;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        eprintln!("the {} did not end within 10 seconds; killed", self.name);
        // Both fail only when it has ended by itself in between.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop();
    }
}

#[cfg(unix)]
fn terminate(child: &mut Child) {
    use nix::sys::signal::{Signal, killpg};
    use nix::unistd::Pid;
    // The group is named after our own child, which was not waited for yet, so the number can
    // belong to nobody else.
    if let Ok(id) = i32::try_from(child.id()) {
        killpg(Pid::from_raw(id), Signal::SIGTERM).ok();
    }
}

#[cfg(not(unix))]
fn terminate(child: &mut Child) {
    child.kill().ok();
}

/// Refuses a port that somebody listens on already. `flag` is how to choose another one.
///
/// # Errors
///
/// When the port is taken or may not be used.
pub(crate) fn check_port(port: u16, flag: &str) -> Result<()> {
    match TcpListener::bind(("127.0.0.1", port)) {
        Ok(_) => Ok(()),
        Err(error) => bail!(
            "port {port} on 127.0.0.1 cannot be used ({error}); \
             stop what listens there or choose another one with `{flag} N`"
        ),
    }
}

/// Waits until `GET path` on a loopback port is answered with status 200.
///
/// # Errors
///
/// When the program ends first, when it has not answered within `patience`, or on Ctrl-C.
pub(crate) fn wait_until_ready(
    running: &mut Running,
    port: u16,
    path: &str,
    patience: Duration,
) -> Result<()> {
    let deadline = Instant::now() + patience;
    loop {
        if let Some(status) = running.ended()? {
            bail!("the {} ended at once ({status})", running.name);
        }
        if answers(port, path) {
            return Ok(());
        }
        if stop_requested() {
            bail!("stopped before the {} was ready", running.name);
        }
        if Instant::now() > deadline {
            bail!(
                "the {} did not answer http://127.0.0.1:{port}{path} within {} seconds",
                running.name,
                patience.as_secs()
            );
        }
        std::thread::sleep(Duration::from_millis(100));
    }
}

fn answers(port: u16, path: &str) -> bool {
    let ask = || -> std::io::Result<[u8; 12]> {
        let mut stream = TcpStream::connect(("127.0.0.1", port))?;
        stream.set_read_timeout(Some(Duration::from_secs(2)))?;
        write!(
            stream,
            "GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n"
        )?;
        let mut start = [0; 12];
        stream.read_exact(&mut start)?;
        Ok(start)
    };
    ask().is_ok_and(|start| &start == b"HTTP/1.1 200")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_port_is_named_together_with_the_way_out() -> Result<()> {
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        let port = listener.local_addr()?.port();
        let message = check_port(port, "--port").expect_err("taken").to_string();
        assert!(message.contains(&port.to_string()), "{message}");
        assert!(message.contains("`--port N`"), "{message}");
        Ok(())
    }

    #[cfg(unix)]
    #[test]
    fn a_started_program_is_stopped_when_dropped() -> Result<()> {
        let mut sleep = Running::start("sleeper", Command::new("sleep").arg("60"), None)?;
        assert!(sleep.ended()?.is_none());
        let started = Instant::now();
        sleep.stop();
        assert!(sleep.ended()?.is_some());
        assert!(started.elapsed() < Duration::from_secs(5));
        Ok(())
    }

    #[cfg(unix)]
    #[test]
    fn a_program_that_ends_at_once_is_not_waited_for() -> Result<()> {
        let mut running = Running::start("collector", &mut Command::new("false"), None)?;
        let error = wait_until_ready(&mut running, 1, "/", Duration::from_secs(60));
        let message = error.expect_err("it ended").to_string();
        assert!(message.starts_with("the collector ended at once"), "{message}");
        Ok(())
    }
}
