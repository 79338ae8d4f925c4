//! The folder of fetched envelopes: one file a day, `YYYY-MM-DD.ndjson`, lines sorted by envelope
//! id. Files only ever grow: what was fetched once stays, whatever a collector says later.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::File,
    io::{self, BufReader},
    path::{Path, PathBuf},
};

use survey_wire::{Day, DayLine, DayTally, Digest, EnvelopeId, ExportLine, SurveyId};

use crate::{
    error::{Action, Error},
    files::{self, Draft},
    lines::{Line, Lines},
    spool::{Span, Spans, Spool},
};

/// Lines that are no envelopes, as they came; `open` lists them with its failures.
const UNREADABLE: &str = "unreadable.ndjson";

/// What tells envelopes apart: the id alone does not, if one was changed after it was posted.
pub(super) type Name = (EnvelopeId, Digest);

/// A line that holds an envelope, unchanged since the collector stored it.
pub(super) struct Sound {
    pub(super) day: Day,
    pub(super) survey: SurveyId,
    pub(super) name: Name,
}

impl Sound {
    /// `None` for anything else.
    pub(super) fn read(line: &[u8]) -> Option<Self> {
        let line: ExportLine = serde_json::from_slice(line).ok()?;
        let envelope = line.envelope().ok()?;
        Some(Self { day: line.day, survey: envelope.survey, name: (envelope.id, line.digest) })
    }
}

/// The line that a collector lists for a day on which it stored these envelopes.
pub(super) fn tally<'a>(day: Day, names: impl IntoIterator<Item = &'a Name>) -> DayLine {
    let mut tally = DayTally::default();
    // In order of id: both callers hand in a sorted collection.
    names.into_iter().for_each(|(id, digest)| tally.push(id, digest));
    tally.finish(day)
}

/// What is in the folder, and what comes to it with [`Store::commit`].
pub(super) struct Store {
    folder: PathBuf,
    days: BTreeMap<Day, DayFile>,
    unreadable: BTreeMap<Digest, Span>,
    spool: Spool,
}

/// One day's envelopes: those in its file, and those to be added.
struct DayFile {
    known: BTreeMap<Name, Place>,
    added: u64,
    /// Whether the file holds lines that are no envelopes of the day.
    damaged: bool,
}

#[derive(Clone, Copy)]
enum Place {
    InFile(Span),
    InSpool(Span),
}

/// What a commit did to one day.
pub(super) struct Change {
    pub(super) day: Day,
    /// Envelopes that were not there before.
    pub(super) added: u64,
    /// Envelopes that are there now.
    pub(super) total: usize,
    /// Ids that more than one envelope has.
    pub(super) clashes: usize,
}

impl Store {
    /// Opens a folder, which is made if it is not there.
    pub(super) fn open(folder: &Path) -> Result<Self, Error> {
        files::create_private_folder(folder)?;
        Ok(Self {
            folder: folder.to_owned(),
            days: BTreeMap::new(),
            unreadable: BTreeMap::new(),
            spool: Spool::new(folder)?,
        })
    }

    /// What a collector would list for `day`, if it held what is here.
    pub(super) fn tally(&mut self, day: Day) -> Result<DayLine, Error> {
        let file = self.day(day)?;
        Ok(tally(day, file.known.keys()))
    }

    /// Adds an envelope; `false` if it is here already.
    pub(super) fn add(&mut self, sound: &Sound, line: &[u8]) -> Result<bool, Error> {
        if self.day(sound.day)?.known.contains_key(&sound.name) {
            return Ok(false);
        }
        let span = self.spool.append(line)?;
        let file = self.day(sound.day)?;
        file.known.insert(sound.name, Place::InSpool(span));
        file.added += 1;
        Ok(true)
    }

    /// Keeps a line that holds no envelope.
    pub(super) fn keep_unreadable(&mut self, line: &[u8]) -> Result<(), Error> {
        let digest = Digest::of(line);
        if !self.unreadable.contains_key(&digest) {
            let span = self.spool.append(line)?;
            self.unreadable.insert(digest, span);
        }
        Ok(())
    }

    /// Writes what was added. Each file is replaced in one step.
    pub(super) fn commit(mut self) -> Result<Vec<Change>, Error> {
        // A file is written anew from its envelopes; other lines in it move to the file for those.
        let damaged = self.days.iter().filter(|(_, file)| file.damaged && file.added > 0);
        for day in damaged.map(|(day, _)| *day).collect::<Vec<_>>() {
            self.spool_damaged(day)?;
        }
        let mut spool = self.spool.into_reader()?;
        let mut changes = Vec::new();
        for (day, file) in self.days {
            let ids: BTreeSet<_> = file.known.keys().map(|(id, _)| id).collect();
            let (total, clashes) = (file.known.len(), file.known.len() - ids.len());
            changes.push(Change { day, added: file.added, total, clashes });
            if file.added > 0 {
                file.write(&day_path(&self.folder, day), &mut spool)?;
            }
        }
        if !self.unreadable.is_empty() {
            add_unreadable(&self.folder.join(UNREADABLE), self.unreadable, &mut spool)?;
        }
        Ok(changes)
    }

    fn spool_damaged(&mut self, day: Day) -> Result<(), Error> {
        let path = day_path(&self.folder, day);
        let Some(mut lines) = open_lines(&path)? else { return Ok(()) };
        while lines.advance().map_err(Error::io(Action::Read, &path))? {
            match lines.line() {
                Line::Whole(bytes) if Sound::read(bytes).is_none_or(|sound| sound.day != day) => {
                    self.keep_unreadable(bytes)?;
                }
                Line::Whole(_) => {}
                Line::TooLong => {
                    let why = "holds a line that is no envelope and too long to keep apart; \
                               move the file away and fetch the day again";
                    return Err(Error::file(&path, why));
                }
            }
        }
        Ok(())
    }

    fn day(&mut self, day: Day) -> Result<&mut DayFile, Error> {
        use std::collections::btree_map::Entry;
        match self.days.entry(day) {
            Entry::Occupied(file) => Ok(file.into_mut()),
            Entry::Vacant(place) => {
                Ok(place.insert(DayFile::read(day, &day_path(&self.folder, day))?))
            }
        }
    }
}

impl DayFile {
    fn read(day: Day, path: &Path) -> Result<Self, Error> {
        let mut file = Self { known: BTreeMap::new(), added: 0, damaged: false };
        let Some(mut lines) = open_lines(path)? else { return Ok(file) };
        while lines.advance().map_err(Error::io(Action::Read, path))? {
            let sound = match lines.line() {
                Line::Whole(bytes) => Sound::read(bytes).filter(|sound| sound.day == day),
                Line::TooLong => None,
            };
            match sound {
                Some(sound) => {
                    file.known.insert(sound.name, Place::InFile(lines.span()));
                }
                None => file.damaged = true,
            }
        }
        Ok(file)
    }

    fn write(&self, path: &Path, spool: &mut Spans) -> Result<(), Error> {
        let mut before: Option<Spans> = None;
        let mut draft = Draft::new(path)?;
        for place in self.known.values() {
            let bytes = match *place {
                Place::InSpool(span) => spool.get(span)?,
                Place::InFile(span) => {
                    let file = match &mut before {
                        Some(file) => file,
                        None => before.insert(Spans::open(path)?),
                    };
                    file.get(span)?
                }
            };
            draft.push(bytes)?;
            draft.push(b"\n")?;
        }
        draft.finish()
    }
}

fn add_unreadable(
    path: &Path,
    mut new: BTreeMap<Digest, Span>,
    spool: &mut Spans,
) -> Result<(), Error> {
    let mut draft = Draft::new(path)?;
    if let Some(mut lines) = open_lines(path)? {
        while lines.advance().map_err(Error::io(Action::Read, path))? {
            if let Line::Whole(bytes) = lines.line() {
                new.remove(&Digest::of(bytes));
                draft.push(bytes)?;
                draft.push(b"\n")?;
            }
        }
    }
    for span in new.values() {
        draft.push(spool.get(*span)?)?;
        draft.push(b"\n")?;
    }
    draft.finish()
}

fn open_lines(path: &Path) -> Result<Option<Lines<BufReader<File>>>, Error> {
    match File::open(path) {
        Ok(file) => Ok(Some(Lines::new(BufReader::with_capacity(1 << 16, file)))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::io(Action::Read, path)(error)),
    }
}

fn day_path(folder: &Path, day: Day) -> PathBuf {
    folder.join(format!("{day}.ndjson"))
}
