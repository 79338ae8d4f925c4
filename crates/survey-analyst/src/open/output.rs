//! The files that opening writes. All are for their owner only (mode 0600), each is replaced in
//! one step, and the order of lines follows from their content, never from when answers came.

use std::{
    cmp::Reverse,
    path::{Path, PathBuf},
    str,
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::Serialize;
use survey_core::{Response, ResponseId};
use survey_wire::{Day, DefinitionHash, SurveyId, digest};
use zeroize::Zeroizing;

use super::{account::Account, reason::Reason};
use crate::{
    definition::Known,
    error::{Action, Error},
    files::{self, Draft},
    json_text::{compact, members},
    spool::{Span, Spans, Spool},
};

pub(super) const ACCOUNT: &str = "account.json";

/// Collects what was opened until its order is known.
pub(super) struct Output {
    folder: PathBuf,
    responses: Spool,
    entries: Vec<Entry>,
    /// The surveys that entries are of; an entry holds a place in this list.
    surveys: Vec<SurveyId>,
    quarantine: Pile,
    failed: Pile,
}

/// A response that was opened.
struct Entry {
    survey: u16,
    rid: ResponseId,
    revision: Reverse<u16>,
    day: Day,
    /// SHA-256 of the plaintext.
    content: [u8; 32],
    definition: u16,
    line: Span,
}

impl Entry {
    /// The first of one response counts: the highest revision, of the earliest day.
    fn order(&self) -> impl Ord + use<> {
        (self.survey, self.rid, self.revision, self.day, self.content)
    }
}

impl Output {
    pub(super) fn new(folder: &Path) -> Result<Self, Error> {
        Ok(Self {
            folder: folder.to_owned(),
            responses: Spool::new(folder)?,
            entries: Vec::new(),
            surveys: Vec::new(),
            quarantine: Pile::new(folder)?,
            failed: Pile::new(folder)?,
        })
    }

    /// Takes a valid response. Its line is without the envelope's id: who sees the collector's
    /// traffic knows ids, and shall not find answers by them.
    pub(super) fn respond(
        &mut self,
        day: Day,
        survey: &SurveyId,
        definition: usize,
        hash: DefinitionHash,
        response: &Response,
        plaintext: &[u8],
    ) -> Result<(), Error> {
        // A response was read from it, so it is UTF-8.
        let plaintext = str::from_utf8(plaintext).unwrap_or_default();
        let plaintext = Zeroizing::new(compact(plaintext));
        let line = format!(
            "{{\"day\":\"{day}\",\"survey\":\"{survey}\",\"def\":\"{hash}\",\"response\":{}}}",
            *plaintext
        );
        let line = self.responses.append(Zeroizing::new(line).as_bytes())?;
        let place = self.surveys.iter().position(|known| known == survey);
        let place = place.unwrap_or_else(|| {
            self.surveys.push(survey.clone());
            self.surveys.len() - 1
        });
        self.entries.push(Entry {
            // One definition each was given by hand, so there are few of both.
            survey: place as u16,
            definition: definition as u16,
            rid: response.id(),
            revision: Reverse(response.revision()),
            day,
            content: digest(plaintext.as_bytes()),
            line,
        });
        Ok(())
    }

    /// Takes a plaintext that is no valid response, as it is.
    pub(super) fn quarantine(
        &mut self,
        day: Day,
        survey: &SurveyId,
        hash: DefinitionHash,
        reason: &Reason,
        plaintext: &[u8],
    ) -> Result<(), Error> {
        let text = str::from_utf8(plaintext).ok();
        self.quarantine.add(&Quarantined {
            day: &day.to_string(),
            survey: survey.as_str(),
            def: &hash.to_string(),
            reason: reason.name(),
            message: reason.message(),
            plaintext: text,
            plaintext_base64: text.is_none().then(|| STANDARD.encode(plaintext)),
        })
    }

    /// Takes a line that could not be opened, as it is.
    pub(super) fn fail(
        &mut self,
        reason: &Reason,
        file: &Path,
        number: u64,
        line: &[u8],
    ) -> Result<(), Error> {
        let text = str::from_utf8(line).ok();
        self.failed.add(&Failed {
            reason: reason.name(),
            message: reason.message(),
            file: &file.to_string_lossy(),
            number,
            line: text,
            line_base64: text.is_none().then(|| STANDARD.encode(line)),
        })
    }

    /// Decides which of several envelopes of one response counts, and counts responses.
    pub(super) fn settle(
        self,
        account: &mut Account,
        definitions: &[Known],
    ) -> Result<Settled, Error> {
        let Self { folder, responses, mut entries, surveys, mut quarantine, failed } = self;
        let mut responses = responses.into_reader()?;
        entries.sort_by_cached_key(Entry::order);
        let mut kept: Vec<Span> = Vec::with_capacity(entries.len());
        let mut superseded: Vec<Span> = Vec::new();
        for group in entries.chunk_by(|a, b| (a.survey, a.rid) == (b.survey, b.rid)) {
            let [counts, others @ ..] = group else { continue };
            let known = &definitions[usize::from(counts.definition)];
            let version = known.definition.version().to_string();
            account.accept(known.hash, surveys[usize::from(counts.survey)].as_str(), &version);
            kept.push(counts.line);
            for other in others {
                if other.revision != counts.revision {
                    account.duplicates += 1;
                    account.superseded += 1;
                    superseded.push(other.line);
                } else if other.content == counts.content {
                    account.duplicates += 1;
                } else {
                    account.refuse(&Reason::OtherContent);
                    let line = Zeroizing::new(responses.get(other.line)?.to_vec());
                    quarantine.add(&Quarantined::of_response(&line, &Reason::OtherContent))?;
                }
            }
        }
        Ok(Settled { folder, responses, kept, superseded, quarantine, failed })
    }
}

/// What is to be written, in its order.
pub(super) struct Settled {
    folder: PathBuf,
    responses: Spans,
    kept: Vec<Span>,
    superseded: Vec<Span>,
    quarantine: Pile,
    failed: Pile,
}

impl Settled {
    /// Writes all files; the account last, so that a folder with an account is a whole one.
    pub(super) fn write(mut self, account: &Account, definitions: &[Known]) -> Result<(), Error> {
        let at = |name: &str| self.folder.join(name);
        // The exports read them here, so that the folder explains itself for good.
        files::create_private_folder(&at("definitions"))?;
        for known in definitions {
            files::replace(&at(&format!("definitions/{}.json", known.hash)), &known.bytes)?;
        }
        write_lines(&at("responses.jsonl"), &mut self.responses, self.kept.into_iter())?;
        write_lines(&at("superseded.jsonl"), &mut self.responses, self.superseded.into_iter())?;
        self.quarantine.write(&at("quarantine.jsonl"))?;
        self.failed.write(&at("failed.jsonl"))?;
        write_reasons(&at("reasons.csv"), account)?;
        files::replace(&at(ACCOUNT), account.to_json().as_bytes())
    }
}

/// A line of `quarantine.jsonl`.
#[derive(Serialize)]
struct Quarantined<'a> {
    day: &'a str,
    survey: &'a str,
    def: &'a str,
    reason: &'a str,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    plaintext: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    plaintext_base64: Option<String>,
}

impl<'a> Quarantined<'a> {
    /// From a line of ours, in which only the plaintext can need escapes.
    fn of_response(line: &'a [u8], reason: &'a Reason) -> Self {
        let members = members(str::from_utf8(line).unwrap_or_default());
        let text = |name| {
            let value = members.iter().find(|(n, _)| *n == name).map(|(_, value)| *value);
            value.unwrap_or_default()
        };
        Self {
            day: text("day").trim_matches('"'),
            survey: text("survey").trim_matches('"'),
            def: text("def").trim_matches('"'),
            reason: reason.name(),
            message: reason.message(),
            plaintext: Some(text("response")),
            plaintext_base64: None,
        }
    }
}

/// A line of `failed.jsonl`.
#[derive(Serialize)]
struct Failed<'a> {
    reason: &'a str,
    message: String,
    file: &'a str,
    number: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line_base64: Option<String>,
}

/// Lines that are written sorted by their own hash.
struct Pile {
    folder: PathBuf,
    spool: Spool,
    lines: Vec<([u8; 32], Span)>,
}

impl Pile {
    fn new(folder: &Path) -> Result<Self, Error> {
        Ok(Self { folder: folder.to_owned(), spool: Spool::new(folder)?, lines: Vec::new() })
    }

    fn add(&mut self, line: &impl Serialize) -> Result<(), Error> {
        let json = serde_json::to_vec(line)
            .map_err(|error| Error::io(Action::Write, &self.folder)(error.into()))?;
        let json = Zeroizing::new(json);
        let span = self.spool.append(&json)?;
        self.lines.push((digest(&json), span));
        Ok(())
    }

    fn write(self, path: &Path) -> Result<(), Error> {
        let Self { spool, mut lines, .. } = self;
        lines.sort_unstable_by_key(|(hash, _)| *hash);
        let mut spans = spool.into_reader()?;
        write_lines(path, &mut spans, lines.into_iter().map(|(_, span)| span))
    }
}

fn write_lines(
    path: &Path,
    source: &mut Spans,
    lines: impl Iterator<Item = Span>,
) -> Result<(), Error> {
    let mut draft = Draft::new(path)?;
    for span in lines {
        draft.push(source.get(span)?)?;
        draft.push(b"\n")?;
    }
    draft.finish()
}

fn write_reasons(path: &Path, account: &Account) -> Result<(), Error> {
    let mut csv = crate::export::csv_writer(Draft::new(path)?);
    let mut row = |row: &[String]| {
        csv.write_record(row).map_err(|error| Error::io(Action::Write, path)(error.into()))
    };
    row(&["outcome", "reason", "about", "count", "what_to_do"].map(str::to_owned))?;
    for reason in account.rows() {
        row(&reason)?;
    }
    let draft =
        csv.into_inner().map_err(|error| Error::io(Action::Write, path)(error.into_error()))?;
    draft.finish()
}
