//! The collector's program, on ports and a database of its own.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::{Mutex, MutexGuard, PoisonError},
};

use anyhow::Result;
use survey_wire::ExportLine;

use crate::{
    http,
    places::workspace,
    program::{Program, free_port},
};

/// A collector that can be stopped, killed and started again at the same address.
#[derive(Debug)]
pub struct Collector {
    binary: PathBuf,
    folder: PathBuf,
    site: PathBuf,
    port: u16,
    admin_port: u16,
    partner: String,
    running: Mutex<Option<Program>>,
}

impl Collector {
    /// A collector for the site in `site`, not started yet. Pages of `partner` may show its
    /// surveys. What it writes lies in `folder`.
    ///
    /// # Errors
    ///
    /// There is no port for it.
    pub fn new(binary: &Path, folder: &Path, site: &Path, partner: &str) -> Result<Self> {
        Ok(Self {
            binary: binary.to_owned(),
            folder: folder.join("collector"),
            site: site.to_owned(),
            port: free_port()?,
            admin_port: free_port()?,
            partner: partner.to_owned(),
            running: Mutex::default(),
        })
    }

    /// The origin of the site and the protocol.
    #[must_use]
    pub fn origin(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The origin of the demo pages, which lie under `/examples/`.
    #[must_use]
    pub fn demo_origin(&self) -> String {
        format!("http://localhost:{}", self.port)
    }

    /// The origin of the operator's side: health and export.
    #[must_use]
    pub fn admin_origin(&self) -> String {
        format!("http://127.0.0.1:{}", self.admin_port)
    }

    /// Starts it and waits until it is well.
    ///
    /// # Errors
    ///
    /// It does not start; with what it said.
    pub async fn start(&self) -> Result<()> {
        fs::create_dir_all(&self.folder)?;
        let mut command = Command::new(&self.binary);
        // Nothing from outside: the environment could set any of its flags.
        command.env_clear();
        command.args(["--listen", &format!("127.0.0.1:{}", self.port)]);
        command.args(["--admin-listen", &format!("127.0.0.1:{}", self.admin_port)]);
        command.args(["--partner", &self.partner]).arg("--site").arg(&self.site);
        // Its own demo pages are a partner too, under the machine's other name.
        command.args(["--partner", &self.demo_origin()]);
        command.arg("--demo-pages").arg(workspace().join("examples"));
        command.arg("--database").arg(self.folder.join("views.sqlite"));
        let log = self.folder.join("log");
        let mut program = Program::start("collector", &mut command, &log)?;
        program.answers(&format!("{}/readyz", self.admin_origin())).await?;
        *self.running() = Some(program);
        Ok(())
    }

    /// Stops it in good order.
    ///
    /// # Errors
    ///
    /// It does not stop.
    pub async fn stop(&self) -> Result<()> {
        let running = self.running().take();
        match running {
            Some(program) => program.stop().await.map(drop),
            None => Ok(()),
        }
    }

    /// Ends it where it stands.
    ///
    /// # Errors
    ///
    /// The system cannot tell whether it did.
    pub fn kill(&self) -> Result<()> {
        self.running().take().map_or(Ok(()), Program::kill)
    }

    fn running(&self) -> MutexGuard<'_, Option<Program>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What its export lists: one line for each response stored.
    ///
    /// # Errors
    ///
    /// It does not answer, or not with NDJSON.
    pub async fn stored(&self) -> Result<Vec<ExportLine>> {
        let export = http::get(&format!("{}/export", self.admin_origin())).await?;
        let lines = export.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
        lines.map(|line| Ok(serde_json::from_slice(line)?)).collect()
    }

    /// Every file that it wrote, by name: database, write-ahead log, shared memory, log.
    ///
    /// # Errors
    ///
    /// One of them cannot be read.
    pub fn files(&self) -> Result<Vec<(String, Vec<u8>)>> {
        let mut files = Vec::new();
        for entry in fs::read_dir(&self.folder)? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            files.push((name, fs::read(entry.path())?));
        }
        Ok(files)
    }

    /// What it said.
    #[must_use]
    pub fn log(&self) -> String {
        let log = fs::read(self.folder.join("log")).unwrap_or_default();
        String::from_utf8_lossy(&log).into_owned()
    }
}
