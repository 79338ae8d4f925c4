//! Fetching: sealed envelopes come to the analyst's machine, and none is lost on the way.

mod http;
mod store;

use std::{
    collections::BTreeSet,
    fs::File,
    io::{BufReader, Write},
    path::PathBuf,
};

use survey_wire::{Day, DayLine, SurveyId};

use self::{
    http::Collector,
    store::{Change, Name, Sound, Store, tally},
};
use crate::{
    error::{Action, Error},
    lines::{Line, Lines},
    progress::Progress,
};

/// From where to fetch, and into which folder.
#[derive(Clone, Debug, clap::Args)]
pub struct Fetch {
    /// Address of the collector's admin listener
    #[arg(long, value_name = "URL", conflicts_with = "files", required_unless_present = "files")]
    pub from: Option<String>,
    /// Files of an export instead, copied from the collector by hand
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Folder for the envelopes, one file a day
    #[arg(long, value_name = "DIR")]
    pub into: PathBuf,
    /// Keep envelopes of this survey only
    #[arg(long, value_name = "ID")]
    pub survey: Option<SurveyId>,
    /// Fetch this day only, YYYY-MM-DD; can be repeated
    #[arg(long = "day", value_name = "DAY")]
    pub days: Vec<Day>,
}

impl Fetch {
    fn wants_day(&self, day: Day) -> bool {
        self.days.is_empty() || self.days.contains(&day)
    }

    fn wants(&self, sound: &Sound) -> bool {
        self.wants_day(sound.day) && self.survey.as_ref().is_none_or(|id| *id == sound.survey)
    }
}

/// How often a day is fetched when it does not fit what the collector lists: it may have grown
/// while it was read.
const ATTEMPTS: usize = 3;

/// As [`fetch`], giving an exit code.
pub(crate) fn command(args: &Fetch, out: &mut dyn Write, err: &mut dyn Write) -> Result<u8, Error> {
    Ok(if fetch(args, out, err)? { 0 } else { 3 })
}

/// Adds what the collector, or files copied from it, hold to a folder. Says whether everything is
/// in order: every day complete, every line an envelope, no two envelopes of one id.
///
/// Nothing that is in the folder is ever taken away. A stop half way keeps the days that were
/// finished; the same call goes on from there.
///
/// # Errors
///
/// [`Error::Collector`], [`Error::Io`], [`Error::Usage`].
pub fn fetch(args: &Fetch, out: &mut dyn Write, err: &mut dyn Write) -> Result<bool, Error> {
    let mut progress = Progress::new("envelopes read");
    let in_order = match &args.from {
        Some(url) => from_collector(args, &Collector::new(url)?, &mut progress, out, err)?,
        None => from_files(args, &mut progress, out, err)?,
    };
    drop(progress);
    writeln!(
        out,
        "\nNext: survey-analyst open --key KEY --definition SITE/d {} --out opened",
        args.into.display()
    )?;
    Ok(in_order)
}

fn from_collector(
    args: &Fetch,
    collector: &Collector,
    progress: &mut Progress,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<bool, Error> {
    let listed = collector.days()?;
    for day in args.days.iter().filter(|day| listed.iter().all(|line| line.day != **day)) {
        writeln!(err, "note: the collector holds nothing of {day}")?;
    }
    let mut in_order = true;
    for line in listed.iter().filter(|line| args.wants_day(line.day)) {
        in_order &= fetch_day(args, collector, line.clone(), progress, out, err)?;
    }
    if listed.is_empty() {
        writeln!(out, "the collector holds no envelopes yet")?;
    }
    Ok(in_order)
}

fn fetch_day(
    args: &Fetch,
    collector: &Collector,
    mut listed: DayLine,
    progress: &mut Progress,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<bool, Error> {
    let day = listed.day;
    let mut added = 0;
    let mut attempt = 0;
    loop {
        attempt += 1;
        let mut store = Store::open(&args.into)?;
        if args.survey.is_none() && store.tally(day)? == listed {
            writeln!(out, "{day}  {} listed, {added} new, complete", listed.count)?;
            return Ok(true);
        }
        let mut came = BTreeSet::new();
        let mut unreadable = 0;
        collector.day(day, |line| {
            progress.step();
            let taken = take(args, &mut store, line)?;
            // A line of another day is no part of this one, and the count will tell.
            came.extend(taken.filter(|taken| taken.day == day).map(|taken| taken.name));
            unreadable += u64::from(taken.is_none());
            Ok(())
        })?;
        let changes = store.commit()?;
        added += changes.iter().map(|change| change.added).sum::<u64>();
        let clear = report_clashes(&changes, err)?;
        let found = tally(day, &came);
        let mut complete = found == listed;
        let mut grew = false;
        if !complete {
            // It may have grown between the list and the lines.
            let again = collector.days()?.into_iter().find(|line| line.day == day);
            complete = again.as_ref() == Some(&found);
            grew = again.as_ref() != Some(&listed);
            listed = again.unwrap_or(listed);
        }
        if complete {
            let kept = changes.iter().find(|change| change.day == day).map_or(0, |c| c.total);
            write!(out, "{day}  {} listed, {added} new, complete", found.count)?;
            match &args.survey {
                Some(survey) => writeln!(out, "; {kept} of {survey} are here")?,
                None => writeln!(out)?,
            }
            return Ok(clear);
        }
        if attempt < ATTEMPTS {
            continue;
        }
        write!(out, "{day}  {} listed, {} came, {added} new: ", listed.count, found.count)?;
        if grew && unreadable == 0 {
            writeln!(out, "still growing; fetch it again after midnight UTC")?;
            return Ok(clear);
        }
        writeln!(
            out,
            "INCOMPLETE; what came is kept, fetch again, and if it stays so ask the operator"
        )?;
        if unreadable > 0 {
            writeln!(err, "warning: {unreadable} lines of {day} hold no envelope")?;
        }
        return Ok(false);
    }
}

fn from_files(
    args: &Fetch,
    progress: &mut Progress,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<bool, Error> {
    let mut store = Store::open(&args.into)?;
    let mut unreadable = 0;
    for path in &args.files {
        let file = File::open(path).map_err(Error::io(Action::Read, path))?;
        let mut lines = Lines::new(BufReader::with_capacity(1 << 16, file));
        while lines.advance().map_err(Error::io(Action::Read, path))? {
            progress.step();
            unreadable += u64::from(take(args, &mut store, lines.line())?.is_none());
        }
    }
    let changes = store.commit()?;
    for change in &changes {
        writeln!(out, "{}  {} new, {} here", change.day, change.added, change.total)?;
    }
    writeln!(
        err,
        "note: files carry no list of days, so nobody can tell whether they are complete"
    )?;
    if unreadable > 0 {
        writeln!(
            err,
            "warning: {unreadable} lines hold no envelope, or one that was changed on the way; \
             they are kept in unreadable.ndjson, copy the files again"
        )?;
    }
    Ok(report_clashes(&changes, err)? && unreadable == 0)
}

/// What came with a line.
#[derive(Clone, Copy)]
struct Taken {
    day: Day,
    name: Name,
}

/// Puts a line where it belongs; `None` if it holds no envelope.
fn take(args: &Fetch, store: &mut Store, line: Line<'_>) -> Result<Option<Taken>, Error> {
    // A line too long for an envelope is counted and not kept: it could fill the disk.
    let Line::Whole(bytes) = line else { return Ok(None) };
    let Some(sound) = Sound::read(bytes) else {
        store.keep_unreadable(bytes)?;
        return Ok(None);
    };
    if args.wants(&sound) {
        store.add(&sound, bytes)?;
    }
    Ok(Some(Taken { day: sound.day, name: sound.name }))
}

fn report_clashes(changes: &[Change], err: &mut dyn Write) -> Result<bool, Error> {
    let clashes = changes.iter().filter(|change| change.clashes > 0);
    for Change { day, clashes, .. } in clashes.clone() {
        writeln!(
            err,
            "warning: {day}: {clashes} envelopes have the id of another with other content; both \
             are kept, and `open` finds out which is genuine"
        )?;
    }
    Ok(clashes.count() == 0)
}
