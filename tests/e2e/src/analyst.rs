//! The analyst at work: keys, publishing, fetching, opening and exporting, by the program.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, Result};
use serde_json::Value;
use survey_wire::Manifest;

use crate::program::run;

/// An analyst with a key pair.
#[derive(Debug)]
pub struct Analyst {
    binary: PathBuf,
    folder: PathBuf,
    site: PathBuf,
}

/// What the analyst gets to see.
#[derive(Debug)]
pub struct Findings {
    /// Every response, as it was opened: member `response` of a line of `responses.jsonl`.
    pub responses: Vec<Value>,
    /// What `open` said of each envelope.
    pub account: Value,
    /// Rows of `coded.csv`, each with its columns in their order.
    pub coded: Vec<Vec<(String, String)>>,
    /// Rows of `free-text.csv`: question and text.
    pub texts: Vec<(String, String)>,
}

impl Analyst {
    /// Makes a key pair. The analyst's files lie in `folder`, which may exist.
    ///
    /// # Errors
    ///
    /// The program fails; with what it said.
    pub fn new(binary: &Path, folder: &Path, site: &Path) -> Result<Self> {
        let analyst =
            Self { binary: binary.to_owned(), folder: folder.to_owned(), site: site.to_owned() };
        fs::create_dir_all(&analyst.folder)?;
        run(analyst.command().args(["keys", "new", "--out", "analyst.key"]))?;
        Ok(analyst)
    }

    /// Publishes a draft on the site, for answers to be posted to `submit`. From then on no other
    /// definition of this survey is taken.
    ///
    /// # Errors
    ///
    /// The program fails; with what it said.
    pub fn publish(&self, draft: &Path, submit: &str, support_lines: Option<&Path>) -> Result<()> {
        let mut command = self.command();
        command.arg("publish").arg(draft).args(["--recipient", "analyst.pub.json"]);
        command.arg("--retire-previous");
        command.args(["--submit", submit]).arg("--site").arg(&self.site);
        if let Some(lines) = support_lines {
            command.arg("--support-lines").arg(lines);
        }
        run(&mut command).map(drop)
    }

    /// Fetches everything from the collector's admin side, opens it and exports it.
    ///
    /// # Errors
    ///
    /// One of the programs fails, or does not say that everything is in order.
    pub fn find_out(&self, admin: &str) -> Result<Findings> {
        run(self.command().args(["fetch", "--from", admin, "--into", "envelopes"]))?;
        let mut open = self.command();
        open.args(["open", "--key", "analyst.key", "envelopes", "--out", "opened", "--definition"]);
        run(open.arg(self.site.join("d")))?;
        let manifest = Manifest::parse(&fs::read(self.site.join("surveys.json"))?)?;
        let newest = manifest.surveys.first().and_then(|survey| survey.definitions.first());
        let newest = newest.context("nothing was published")?;
        let mut export = self.command();
        export.args(["export", "csv", "opened", "--out", "csv", "--definition"]);
        run(export.arg(self.site.join(format!("d/{newest}.json"))))?;

        let responses = fs::read_to_string(self.folder.join("opened/responses.jsonl"))?;
        let responses = responses.lines().map(|line| {
            let mut line: Value = serde_json::from_str(line)?;
            Ok(line["response"].take())
        });
        let (_, texts) = self.table("csv/free-text.csv")?;
        let (head, rows) = self.table("csv/coded.csv")?;
        Ok(Findings {
            responses: responses.collect::<Result<_>>()?,
            account: serde_json::from_slice(&fs::read(self.folder.join("opened/account.json"))?)?,
            coded: rows.into_iter().map(|row| head.iter().cloned().zip(row).collect()).collect(),
            texts: texts
                .into_iter()
                .filter_map(|row| <[String; 2]>::try_from(row).ok())
                .map(|[question, text]| (question, text))
                .collect(),
        })
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.binary);
        command.env_clear().current_dir(&self.folder);
        command
    }

    fn table(&self, name: &str) -> Result<(Vec<String>, Vec<Vec<String>>)> {
        let mut reader = csv::Reader::from_path(self.folder.join(name))?;
        let owned = |record: &csv::StringRecord| record.iter().map(str::to_owned).collect();
        let head = owned(reader.headers()?);
        let rows = reader.records().map(|row| Ok(owned(&row?))).collect::<Result<_>>()?;
        Ok((head, rows))
    }
}
