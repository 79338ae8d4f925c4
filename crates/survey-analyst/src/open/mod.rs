//! Opening: sealed envelopes become responses, and every one of them is accounted for.

mod account;
mod opener;
mod output;
mod reason;

use std::{
    collections::HashSet,
    fs::File,
    io::{BufReader, Write},
    path::{Path, PathBuf},
};

pub use self::{
    account::Account,
    reason::{Outcome, Reason},
};
use self::{
    opener::{Listed, Opened, Opener},
    output::Output,
};
use crate::{
    definition::files_in,
    error::{Action, Error},
    files,
    lines::{Line, Lines},
    progress::Progress,
};

/// What to open, with which keys.
#[derive(Clone, Debug, clap::Args)]
pub struct Open {
    /// Secret key file; can be repeated
    #[arg(long = "key", value_name = "FILE", required = true)]
    pub keys: Vec<PathBuf>,
    /// Published definition, or a folder of them such as SITE/d; can be repeated
    #[arg(long = "definition", value_name = "FILE", required = true)]
    pub definitions: Vec<PathBuf>,
    /// Envelopes: files of an export, or the folder that `fetch` filled
    #[arg(value_name = "INPUT", required = true)]
    pub inputs: Vec<PathBuf>,
    /// Folder for what was opened; an earlier result in it is replaced
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
}

/// As [`open`], printing the account and giving an exit code.
pub(crate) fn command(args: &Open, out: &mut dyn Write, err: &mut dyn Write) -> Result<u8, Error> {
    let account = open(args, err)?;
    write!(out, "{account}")?;
    if account.nothing_opened() {
        return Ok(4);
    }
    if account.listed == 0 {
        writeln!(err, "note: there is no envelope in the input")?;
    }
    writeln!(
        out,
        "\nWritten to {0}: responses.jsonl, superseded.jsonl, quarantine.jsonl, failed.jsonl, \
         reasons.csv, account.json.\nNext: survey-analyst export csv {0} --out csv",
        args.out.display()
    )?;
    Ok(if account.quarantined + account.failed > 0 { 3 } else { 0 })
}

/// Opens envelopes into a folder that only its owner can look into.
///
/// Ciphertexts pass through one by one; what stays in memory is about 100 bytes an envelope. The
/// order of what is written says nothing about the order in which answers came, and nothing that
/// is written links a response to its envelope.
///
/// When nothing opens at all, an earlier result in the folder stays as it is.
///
/// # Errors
///
/// [`Error::Io`], [`Error::File`] for keys, [`Error::Definition`]. Envelopes that cannot be opened
/// are no errors: the [`Account`] has them.
pub fn open(args: &Open, err: &mut dyn Write) -> Result<Account, Error> {
    let opener = Opener::new(&args.keys, &args.definitions, err)?;
    let mut inputs = Vec::new();
    for path in &args.inputs {
        if path.extension().is_some_and(|ending| ending == "json") {
            // What a shell makes of `--definition site/d/*.json`.
            return Err(Error::Usage(format!(
                "{}: this is no file of envelopes; if it is a definition, write --definition \
                 before each one, or give the folder that they are in",
                path.display()
            )));
        }
        inputs.extend(files_in(path, "ndjson")?);
    }
    files::create_private_folder(&args.out)?;
    if files::is_open_to_others(&args.out) {
        writeln!(
            err,
            "warning: others on this machine can see which files are in {0}; run `chmod 700 {0}`",
            args.out.display()
        )?;
    }
    let mut work = Work {
        account: Account::new(opener.keys().map(|(kid, _)| kid)),
        output: Output::new(&args.out)?,
        seen: HashSet::new(),
        progress: Progress::new("envelopes"),
        opener,
    };
    for path in &inputs {
        work.file(path)?;
    }
    let Work { mut account, output, opener, .. } = work;
    let output = output.settle(&mut account, opener.definitions())?;
    account.sort();
    if account.nothing_opened() {
        explain(&account, &opener, err)?;
        if args.out.join(output::ACCOUNT).exists() {
            writeln!(err, "{} holds an earlier result; it was left as it is", args.out.display())?;
            return Ok(account);
        }
    }
    output.write(&account, opener.definitions())?;
    Ok(account)
}

struct Work {
    opener: Opener,
    account: Account,
    output: Output,
    /// Digests of the envelopes so far: the same bytes are the same envelope.
    seen: HashSet<[u8; 32]>,
    progress: Progress,
}

impl Work {
    fn file(&mut self, path: &Path) -> Result<(), Error> {
        let file = File::open(path).map_err(Error::io(Action::Read, path))?;
        let mut lines = Lines::new(BufReader::with_capacity(1 << 16, file));
        while lines.advance().map_err(Error::io(Action::Read, path))? {
            self.progress.step();
            self.account.listed += 1;
            let (bytes, listed) = match lines.line() {
                Line::Whole(bytes) => (bytes, Listed::read(bytes)),
                Line::TooLong => (&b""[..], Err(Reason::TooLong)),
            };
            let result = match listed {
                Ok(listed) if !self.seen.insert(listed.digest.0) => {
                    self.account.duplicates += 1;
                    Ok(())
                }
                Ok(listed) => self.envelope(listed)?,
                Err(reason) => Err(reason),
            };
            if let Err(reason) = result {
                self.account.refuse(&reason);
                self.output.fail(&reason, path, lines.number(), bytes)?;
            }
        }
        Ok(())
    }

    /// Opens one; the inner error is why it stays closed.
    fn envelope(&mut self, listed: Listed) -> Result<Result<(), Reason>, Error> {
        let Listed { day, envelope, .. } = listed;
        let survey = envelope.survey.clone();
        let kids: Vec<String> = envelope.wraps.iter().map(|wrap| wrap.kid.to_string()).collect();
        let Opened { plaintext, definition, response } = match self.opener.open(envelope) {
            Ok(opened) => opened,
            Err(reason) => {
                if reason == Reason::NotForTheseKeys {
                    self.account.sealed_for(kids.into_iter());
                }
                return Ok(Err(reason));
            }
        };
        let hash = self.opener.definitions()[definition].hash;
        match response {
            Ok(response) => {
                self.output.respond(day, &survey, definition, hash, &response, &plaintext)?;
            }
            Err(reason) => {
                self.account.refuse(&reason);
                self.output.quarantine(day, &survey, hash, &reason, &plaintext)?;
            }
        }
        Ok(Ok(()))
    }
}

/// Says why nothing opened and what to do.
fn explain(account: &Account, opener: &Opener, err: &mut dyn Write) -> Result<(), Error> {
    writeln!(err, "error: not one of the {} envelopes could be opened", account.listed)?;
    let others = account.other_keys();
    if others.is_empty() {
        writeln!(err, "the reasons are in the table; each says what to do")?;
        return Ok(());
    }
    for (kid, count) in others.iter().take(10) {
        writeln!(err, "  sealed for  {kid}  ({count} envelopes)")?;
    }
    for (kid, path) in opener.keys() {
        writeln!(err, "  you gave    {kid}  {}", path.display())?;
    }
    writeln!(
        err,
        "give the secret key file of one of the first; `survey-analyst keys show FILE` prints the \
         key id of a file"
    )?;
    Ok(())
}
