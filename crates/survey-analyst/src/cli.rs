//! What can be typed, and which exit code comes back.

use std::{
    ffi::OsString,
    io::Write,
    path::PathBuf,
    time::{SystemTime, UNIX_EPOCH},
};

use clap::{Parser, Subcommand};
use survey_core::Definition;
use survey_wire::Day;

use crate::{
    definition::Known,
    error::Error,
    export::{self, ExportCsv},
    fetch::{self, Fetch},
    keys,
    open::{self, Open},
    publish::{self, Publish},
    texts::{self, Choice, Texts},
};

const AFTER_HELP: &str = "\
From key to table:
  survey-analyst keys new --out analyst.key
  survey-analyst publish surveys/victim-voice.json --recipient analyst.pub.json \\
      --submit https://forms.example/ssp --support-lines surveys/helplines.json --site site
  survey-analyst fetch --from http://127.0.0.1:9090 --into envelopes
  survey-analyst open --key analyst.key --definition site/d envelopes --out opened
  survey-analyst export csv opened --out csv

Exit codes:
  0  done, everything in order
  1  could not be done: a file, the collector, or a definition with faults
  2  wrong arguments
  3  done, but something was put aside and wants a look: quarantined, failed, left out, incomplete
  4  no envelope could be opened with these keys

Answers are written to files that only you can read. They are never printed.";

/// Makes keys, publishes surveys, opens what people sent and exports it
#[derive(Parser)]
#[command(name = "survey-analyst", version, after_help = AFTER_HELP, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Make and check the keys that open answers
    #[command(subcommand)]
    Keys(Keys),
    /// Say what is wrong with a definition and its translations
    Check(Check),
    /// Publish a draft on a site, sealed for your keys
    #[command(after_help = "\
Example:
  survey-analyst publish surveys/victim-voice.json --recipient analyst.pub.json \\
      --submit https://forms.example/ssp --support-lines surveys/helplines.json --site site

The same draft, translations, keys and addresses give the same file on every machine, to the byte.")]
    Publish(Publish),
    /// Say what is not translated, and exchange texts with translators
    #[command(subcommand)]
    Texts(Texts),
    /// Copy sealed envelopes from the collector to this machine
    #[command(after_help = "\
Examples:
  survey-analyst fetch --from http://127.0.0.1:9090 --into envelopes
  survey-analyst fetch export-2026-11.ndjson --into envelopes

The collector shows its export on its own machine only. From another one, open a tunnel first:
  ssh -N -L 9090:127.0.0.1:9090 USER@COLLECTOR
Fetching again adds what is new; nothing that was fetched before is ever taken away.")]
    Fetch(Fetch),
    /// Open envelopes and account for every one of them
    #[command(after_help = "\
Example:
  survey-analyst open --key analyst.key --definition site/d envelopes --out opened

Give every key and every definition that was ever published: --key and --definition can be
repeated, and a folder stands for the .json files in it. Work on a machine that is offline.")]
    Open(Open),
    /// Write opened answers for other programs
    #[command(subcommand)]
    Export(Export),
}

#[derive(clap::Args)]
struct Check {
    /// The definition
    #[arg(value_name = "DEF.json")]
    definition: PathBuf,
    /// Check these support lines as well, such as surveys/helplines.json
    #[arg(long, value_name = "FILE")]
    support_lines: Option<PathBuf>,
    #[command(flatten)]
    choice: Choice,
}

#[derive(Subcommand)]
enum Keys {
    /// Make a secret key and its public key file
    #[command(after_help = "\
Example:
  survey-analyst keys new --out analyst.key --label \"Research team, 2026\"

Writes analyst.key (secret, stays offline) and analyst.pub.json (public, goes into the survey).")]
    New {
        /// File for the secret key; it must not exist yet
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
        /// Whose key it is, for people; it is published
        #[arg(long, value_name = "TEXT")]
        label: Option<String>,
        /// Last day on which a survey may be published with it, YYYY-MM-DD
        #[arg(long, value_name = "DAY")]
        not_after: Option<Day>,
    },
    /// Print the public key file of a secret key again
    #[command(after_help = "\
Example:
  survey-analyst keys show analyst.key > analyst.pub.json")]
    Show {
        /// The secret key
        #[arg(value_name = "FILE")]
        key: PathBuf,
        /// Whose key it is, for people; it is published
        #[arg(long, value_name = "TEXT")]
        label: Option<String>,
        /// Last day on which a survey may be published with it, YYYY-MM-DD
        #[arg(long, value_name = "DAY")]
        not_after: Option<Day>,
    },
    /// See whether a copy of a secret key is whole: seal a probe and open it
    Check {
        /// The secret key
        #[arg(value_name = "FILE")]
        key: PathBuf,
    },
}

#[derive(Subcommand)]
enum Export {
    /// Write coded.csv, labelled.csv, codebook.csv and free-text.csv
    #[command(after_help = "\
Examples:
  survey-analyst export csv opened --out csv
  survey-analyst export csv opened --definition site/d/HASH.json --out csv

coded.csv     numbers, for statistics programs; codebook.csv says what they mean
labelled.csv  words, for spreadsheets; cells that a spreadsheet would run start with an apostrophe
free-text.csv what people wrote, in an order that does not tell which row it belongs to")]
    Csv(ExportCsv),
}

/// Runs the command line `args` (the first is the program's name) and gives its exit code.
///
/// Results go to `out`, warnings and errors to `err`; neither ever gets any part of an answer.
pub fn run(
    args: impl IntoIterator<Item = OsString>,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> u8 {
    let cli = match Cli::try_parse_from(args) {
        Ok(cli) => cli,
        Err(message) => {
            // Nobody is left to tell if this cannot be printed; the exit code says it too.
            let to: &mut dyn Write = if message.use_stderr() { err } else { out };
            let _ = write!(to, "{}", message.render());
            return u8::try_from(message.exit_code()).unwrap_or(2);
        }
    };
    let code = match cli.command {
        Command::Keys(Keys::New { out: secret, label, not_after }) => {
            keys::create(&secret, label, not_after, out).map(|()| 0)
        }
        Command::Keys(Keys::Show { key, label, not_after }) => {
            keys::show(&key, label, not_after, out, err).map(|()| 0)
        }
        Command::Keys(Keys::Check { key }) => keys::check(&key, out, err).map(|()| 0),
        Command::Check(args) => check(&args, out, err).map(|()| 0),
        Command::Publish(args) => publish::publish(&args, today(), out, err).map(|()| 0),
        Command::Texts(args) => texts::command(&args, out, err),
        Command::Fetch(args) => fetch::command(&args, out, err),
        Command::Open(args) => open::command(&args, out, err),
        Command::Export(Export::Csv(args)) => export::command(&args, out, err),
    };
    let code = code.and_then(|code| {
        out.flush()?;
        Ok(code)
    });
    code.unwrap_or_else(|error| {
        let _ = writeln!(err, "error: {error}");
        error.exit_code()
    })
}

fn check(args: &Check, out: &mut dyn Write, err: &mut dyn Write) -> Result<(), Error> {
    let path = &args.definition;
    let known = Known::read(path)?;
    let definition = &known.definition;
    let translated = texts::draft(path, definition, &known.bytes, &args.choice)?;
    let lines = args.support_lines.as_deref();
    let lines = lines.map(|path| publish::support_lines(path, &translated.languages, &args.choice));
    let lines = lines.transpose()?;
    // What translating added may be too much: a definition has at most 1 MiB.
    Definition::parse(translated.text.as_bytes())
        .map_err(|faults| Error::Definition { path: path.clone(), faults })?;
    let questions = definition.pages().iter().filter(|page| page.question().is_some()).count();
    writeln!(
        out,
        "{}: no faults: {} {}, {questions} questions, {} languages, {}",
        path.display(),
        definition.id().as_str(),
        definition.version(),
        translated.languages.len(),
        match definition.recipients().len() {
            0 => "a draft".to_owned(),
            n => format!("published for {n} keys as {}", known.hash),
        }
    )?;
    if translated.languages.len() + translated.left_out.len() > 1 {
        publish::print_languages(&translated, lines.as_ref(), out)?;
    }
    publish::warn_of_languages(&translated, lines.as_ref(), err)?;
    for path in [Some(path), args.support_lines.as_ref()].into_iter().flatten() {
        for hard in texts::hard_to_read(path)? {
            writeln!(err, "warning: {}: {hard}", path.display())?;
        }
    }
    Ok(())
}

/// Today in UTC.
fn today() -> Day {
    // Before 1970 is a clock that was never set; the first day then stands for "do not know".
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Day::from_unix_seconds(since.as_secs())
}
