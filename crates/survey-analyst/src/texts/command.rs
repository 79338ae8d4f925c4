//! The commands that say what is missing and hand texts to translators; `import` takes them back.

use std::{
    io::Write,
    path::{Path, PathBuf},
};

use clap::Subcommand;
use survey_core::Language;

use super::{
    beside::tag_of,
    import, notes,
    original::{Original, State},
    xliff,
};
use crate::{error::Error, files};

/// Done, but something wants a look.
pub(super) const PUT_ASIDE: u8 = 3;

/// What can be done with texts.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum Texts {
    /// List the texts that have no translation, or one of an earlier wording
    #[command(after_help = "\
Example:
  survey-analyst texts missing surveys/victim-voice.json surveys/helplines.json \\
      locales/en.json

Lists every language that has a file of translations; --language names another one.
Exit code 0: nothing is missing. Exit code 3: something is.")]
    Missing {
        #[command(flatten)]
        of: Originals,
        /// Only this language (can be repeated)
        #[arg(long = "language", value_name = "TAG")]
        languages: Vec<String>,
    },
    /// Write an XLIFF 2.1 file for a translator
    #[command(after_help = "\
Example:
  survey-analyst texts export surveys/victim-voice.json surveys/helplines.json \\
      --language cy --out cy.xlf

What is translated goes along, so that a reviewer can work with the file as well.")]
    Export {
        #[command(flatten)]
        of: Originals,
        /// The language to translate into, such as cy or pt-BR
        #[arg(long, value_name = "TAG")]
        language: String,
        /// The file to write; one that is there is replaced
        #[arg(long, value_name = "FILE.xlf")]
        out: PathBuf,
    },
    /// Take translations over from an XLIFF 2 file
    #[command(after_help = "\
Example:
  survey-analyst texts import cy.xlf surveys/victim-voice.json surveys/helplines.json \
      locales/en.json

Writes surveys/victim-voice.cy.json, surveys/helplines.cy.json and locales/cy.json. A text that was changed since
the export is left as it is and listed, and the exit code is 3. Whatever is new is \"reviewed\":
false, unless everything in the file is in the state `reviewed` or `final` and --reviewed-by says
whose word that is.")]
    Import {
        /// What the translator sent
        #[arg(value_name = "FILE.xlf")]
        xliff: PathBuf,
        #[command(flatten)]
        of: Originals,
        /// Mark the translations as reviewed, by a native speaker in this role: a role such as
        /// \"police interpreter\", not a name
        #[arg(long, value_name = "ROLE")]
        reviewed_by: Option<String>,
    },
    /// Take out translations of texts that are gone
    Prune {
        #[command(flatten)]
        of: Originals,
    },
}

/// Files with texts.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Originals {
    /// Surveys, files of support lines and locales/en.json, in the language they were written in
    #[arg(value_name = "FILE.json", required = true)]
    pub(crate) files: Vec<PathBuf>,
}

impl Originals {
    fn read(&self) -> Result<Vec<Original>, Error> {
        let mut originals: Vec<Original> = Vec::new();
        for path in &self.files {
            let original = Original::read(path)?;
            if let Some(before) = originals.iter().find(|before| before.id == original.id) {
                return Err(Error::Usage(format!(
                    "{} and {} are both `{}`; give each once",
                    before.path.display(),
                    path.display(),
                    original.id
                )));
            }
            originals.push(original);
        }
        Ok(originals)
    }
}

/// Runs one of the commands and gives its exit code.
pub(crate) fn command(
    texts: &Texts,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<u8, Error> {
    match texts {
        Texts::Missing { of, languages } => missing(&of.read()?, languages, out),
        Texts::Export { of, language, out: to } => {
            let language =
                tag_of(language).map_err(|why| Error::Usage(format!("--language {why}")))?;
            export(&of.read()?, &language, to, out)
        }
        Texts::Import { xliff, of, reviewed_by } => {
            import::import(xliff, &of.read()?, reviewed_by.as_deref(), out, err)
        }
        Texts::Prune { of } => prune(&of.read()?, out),
    }
}

fn missing(originals: &[Original], tags: &[String], out: &mut dyn Write) -> Result<u8, Error> {
    let mut languages = Vec::new();
    for tag in tags {
        languages.push(tag_of(tag).map_err(|why| Error::Usage(format!("--language {why}")))?);
    }
    if languages.is_empty() {
        for original in originals {
            languages.extend(original.languages()?);
        }
        languages.sort();
        languages.dedup();
    }
    let mut complete = true;
    for language in &languages {
        for original in originals.iter().filter(|original| original.language != *language) {
            complete &= missing_in(original, language, out)?;
        }
    }
    if complete {
        writeln!(out, "nothing is missing")?;
    }
    Ok(if complete { 0 } else { PUT_ASIDE })
}

/// Lists what one language lacks, and says whether that is nothing.
fn missing_in(
    original: &Original,
    language: &Language,
    out: &mut dyn Write,
) -> Result<bool, Error> {
    let file = original.translation(language)?;
    let texts = original.texts(language)?;
    let mut lines = Vec::new();
    for text in &texts {
        match original.state(text, language, file.as_ref()) {
            State::Translated(_) => {}
            State::Stale(entry) => lines.push(format!(
                "  stale    {}\n           now: {}\n           was: {}",
                text.path, text.source, entry.source
            )),
            State::Missing => {
                lines.push(format!("  missing  {}\n           {}", text.path, text.source))
            }
        }
    }
    let reviewed = match &file {
        None if lines.len() == texts.len() => ", no file",
        None => "",
        Some(file) if file.reviewed => ", reviewed",
        Some(_) => ", not reviewed",
    };
    writeln!(
        out,
        "{language}  {}: {} of {} texts{reviewed}",
        original.path.display(),
        texts.len() - lines.len(),
        texts.len()
    )?;
    for line in &lines {
        writeln!(out, "{line}")?;
    }
    Ok(lines.is_empty())
}

fn export(
    originals: &[Original],
    language: &Language,
    to: &Path,
    out: &mut dyn Write,
) -> Result<u8, Error> {
    let Some(first) = originals.first() else { return Ok(0) };
    let mut document = xliff::Document {
        source: first.language.to_string(),
        target: language.to_string(),
        files: Vec::new(),
    };
    let mut open = 0;
    for original in originals {
        if original.language != first.language || original.language == *language {
            return Err(Error::Usage(format!(
                "{} is written in {}; one XLIFF file holds translations from one language into \
                 another",
                original.path.display(),
                original.language
            )));
        }
        let file = original.translation(language)?;
        let texts = original.texts(language)?;
        let reviewed = file.as_ref().is_some_and(|file| file.reviewed);
        let units = texts.iter().map(|text| {
            let mut notes = text.notes.clone();
            let (target, state) = match original.state(text, language, file.as_ref()) {
                State::Translated(text) if reviewed => {
                    (Some(text.to_owned()), xliff::State::Reviewed)
                }
                State::Translated(text) => (Some(text.to_owned()), xliff::State::Translated),
                State::Stale(entry) => {
                    notes.push(format!(
                        "The source was changed. Before: {} Its translation was: {}",
                        entry.source, entry.text
                    ));
                    (None, xliff::State::Initial)
                }
                State::Missing => (None, xliff::State::Initial),
            };
            open += usize::from(target.is_none());
            let (id, source) = (text.path.clone(), text.source.clone());
            xliff::Unit { id, notes, source, target, state }
        });
        document.files.push(xliff::File {
            id: original.id.clone(),
            original: original.path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            notes: vec![notes::GENERAL.to_owned()],
            units: units.collect(),
        });
    }
    let units: usize = document.files.iter().map(|file| file.units.len()).sum();
    files::replace_public(to, xliff::write(&document).as_bytes())?;
    writeln!(out, "{}: {units} texts in {language}, {open} of them to translate", to.display())?;
    Ok(0)
}

fn prune(originals: &[Original], out: &mut dyn Write) -> Result<u8, Error> {
    for original in originals {
        for language in original.languages()? {
            let Some(mut file) = original.unchecked(&language)? else { continue };
            let texts = original.texts(&language)?;
            let before = file.texts.len();
            file.texts.retain(|(path, _)| texts.iter().any(|text| text.path == *path));
            let gone = before - file.texts.len();
            if gone > 0 {
                files::replace_public(&file.path, original.to_json(&file)?.as_bytes())?;
            }
            writeln!(out, "{}: {gone} taken out", file.path.display())?;
        }
    }
    Ok(0)
}
