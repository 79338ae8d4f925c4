//! The program as a child process, and a client for it that needs no library.

use std::{
    fs::{self, File},
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    thread,
    time::{Duration, Instant},
};

use survey_wire::{DayLine, ExportLine};

use super::write_site;

/// More than enough for anything that is going to happen at all.
const PATIENCE: Duration = Duration::from_secs(60);

/// Asks again until there is an answer.
pub fn wait<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(start.elapsed() < PATIENCE, "{what} never came");
        thread::sleep(Duration::from_millis(10));
    }
}

/// A folder with a site, a database and a log, and the program running on it.
pub struct Running {
    pub child: Child,
    pub log: PathBuf,
    pub address: SocketAddr,
    pub admin: SocketAddr,
}

pub fn command(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_survey-collector"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("VIEWS_")) {
        command.env_remove(name);
    }
    // Any free port, unless a test says otherwise.
    command.env("VIEWS_LISTEN", "127.0.0.1:0").env("VIEWS_ADMIN_LISTEN", "127.0.0.1:0");
    command.current_dir(folder).stdin(Stdio::null()).stdout(Stdio::null());
    command
}

impl Running {
    pub fn start(folder: &Path) -> Self {
        if !folder.join("dist").exists() {
            write_site(&folder.join("dist"));
        }
        let log = folder.join("log");
        let mut command = command(folder);
        command.args(["--partner", "https://www.police.example"]);
        let child = command.stderr(File::create(&log).unwrap()).spawn().unwrap();
        let mut running = Self {
            child,
            log,
            address: SocketAddr::from(([127, 0, 0, 1], 0)),
            admin: SocketAddr::from(([127, 0, 0, 1], 0)),
        };
        running.address = running.announced("survey and protocol on ");
        running.admin = running.announced("health checks and export on ");
        running
    }

    /// The address in a line of the log, once it is there.
    fn announced(&mut self, line: &str) -> SocketAddr {
        wait(line, || {
            assert_eq!(self.child.try_wait().unwrap(), None, "{}", self.log());
            let log = self.log();
            let rest = log.lines().find_map(|l| Some(l.split_once(line)?.1))?;
            // A line may be half written.
            log.ends_with('\n').then(|| rest.split(' ').next().unwrap().parse().unwrap())
        })
    }

    pub fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap()
    }

    /// Sends a signal by name.
    pub fn signal(&self, name: &str) {
        let status = Command::new("kill").args(["-s", name, &self.child.id().to_string()]).status();
        assert!(status.unwrap().success());
    }

    pub fn stop(mut self) -> (ExitStatus, String) {
        self.signal("TERM");
        let status = wait("the end", || self.child.try_wait().unwrap());
        (status, self.log())
    }

    /// Everything stored, checked against the list of days.
    pub fn export(&self) -> Vec<ExportLine> {
        let (status, body) = get(self.admin, "/export");
        assert_eq!(status, 200);
        let lines: Vec<ExportLine> =
            body.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let (_, days) = get(self.admin, "/export/days");
        let days = days.lines().map(|line| serde_json::from_str::<DayLine>(line).unwrap().count);
        assert_eq!(days.sum::<u64>(), lines.len() as u64);
        lines
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Sends bytes and gives status and body; `None` when the server goes away before it answers.
pub fn exchange(address: SocketAddr, request: &[u8]) -> Option<(u16, String)> {
    let mut stream = TcpStream::connect(address).ok()?;
    stream.set_read_timeout(Some(PATIENCE)).ok()?;
    stream.write_all(request).ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    Some((head.split(' ').nth(1)?.parse().ok()?, body.to_owned()))
}

/// The lines before the body, in small letters.
pub fn head(address: SocketAddr, path: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    write!(stream, "HEAD {path} HTTP/1.0\r\n\r\n").unwrap();
    let mut head = String::new();
    stream.read_to_string(&mut head).unwrap();
    head.to_ascii_lowercase()
}

/// By HTTP/1.0, so that the body comes in one piece.
pub fn get(address: SocketAddr, path: &str) -> (u16, String) {
    exchange(address, format!("GET {path} HTTP/1.0\r\n\r\n").as_bytes()).unwrap()
}

pub fn post(address: SocketAddr, headers: &str, body: &[u8]) -> Option<(u16, String)> {
    let head = format!(
        "POST /ssp/responses HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{headers}\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    exchange(address, &[head.as_bytes(), body].concat())
}
