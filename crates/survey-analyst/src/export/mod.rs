//! Exporting: opened responses become tables for other programs.

mod cells;
mod codebook;
mod columns;
mod conditions;
mod disposition;
mod rows;

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
    io::Write,
    path::{Path, PathBuf},
};

use survey_core::{Answer, Definition, PageIndex, Value};
use survey_wire::{SurveyId, digest};
use zeroize::Zeroizing;

use self::{
    columns::{Column, Columns},
    conditions::Conditions,
    disposition::Disposition,
    rows::{Reader, Row},
};
use crate::{
    definition::Known,
    error::{Action, Error},
    files::{self, Draft},
    progress::Progress,
    publish,
};

/// Which responses to export, and where to.
#[derive(Clone, Debug, clap::Args)]
pub struct ExportCsv {
    /// Folder that `open` filled
    #[arg(value_name = "OPENED_DIR")]
    pub opened: PathBuf,
    /// Published definition whose questions become the columns, or a folder of which the highest
    /// version counts; else the highest version that `open` knew
    #[arg(long, value_name = "FILE")]
    pub definition: Option<PathBuf>,
    /// Which survey to export, if there are several
    #[arg(long, value_name = "ID")]
    pub survey: Option<SurveyId>,
    /// Folder for the tables; earlier ones in it are replaced
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Put what people wrote into the rows of their other answers: it makes people easier to
    /// recognise, so do it only where your data-protection assessment says so
    #[arg(long)]
    pub link_free_text: bool,
}

/// What an export did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Rows of the tables.
    pub exported: u64,
    /// Texts in `free-text.csv`.
    pub texts: u64,
    /// Responses that are not in the tables, by reason.
    pub left_out: BTreeMap<LeftOut, u64>,
}

/// Why an opened response is not in the tables.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum LeftOut {
    /// It answers another survey.
    OtherSurvey(String),
    /// The definition it answers is not in the folder.
    DefinitionMissing(String),
    /// It answers a version that cannot be compared.
    OtherMajorVersion(String),
    /// It answers another version and does not fit the columns.
    DoesNotFit(String),
    /// Its line is not one that `open` wrote.
    Damaged,
}

impl LeftOut {
    /// What is wrong and what to do.
    #[must_use]
    pub fn message(&self) -> String {
        match self {
            Self::OtherSurvey(id) => {
                format!("of the survey {id}; export it with its own --definition")
            }
            Self::DefinitionMissing(hash) => format!(
                "of the definition {hash}, which is not in the folder `definitions`; run `open` \
                 again with it"
            ),
            Self::OtherMajorVersion(version) => format!(
                "of version {version}, which cannot be compared; export it with its own \
                 --definition"
            ),
            Self::DoesNotFit(version) => format!(
                "of version {version} that do not fit the questions of this one; export them with \
                 their own --definition"
            ),
            Self::Damaged => {
                "in lines of responses.jsonl that `open` did not write; run `open` again".to_owned()
            }
        }
    }
}

/// As [`export_csv`], printing what was done and giving an exit code.
pub(crate) fn command(
    args: &ExportCsv,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<u8, Error> {
    let summary = export_csv(args, err)?;
    writeln!(
        out,
        "{} responses in {1}/coded.csv and {1}/labelled.csv\n\
         {2} texts in {1}/free-text.csv\n\
         {1}/codebook.csv says what columns and numbers mean",
        summary.exported,
        args.out.display(),
        summary.texts,
    )?;
    for (reason, count) in &summary.left_out {
        writeln!(out, "left out: {count} responses {}", reason.message())?;
    }
    Ok(if summary.left_out.is_empty() { 0 } else { 3 })
}

/// Writes `coded.csv`, `labelled.csv`, `codebook.csv` and `free-text.csv` (RFC 4180, UTF-8).
///
/// Responses stream through; only texts are held in memory, because their order has to be another
/// one than that of the rows.
///
/// # Errors
///
/// [`Error::Io`], [`Error::Definition`]. Responses that cannot be in the tables are counted in the
/// [`Summary`].
pub fn export_csv(args: &ExportCsv, err: &mut dyn Write) -> Result<Summary, Error> {
    let known = choose(args)?;
    if known.definition.recipients().is_empty() {
        writeln!(
            err,
            "note: this definition is a draft; responses answer published ones, SITE/d/HASH.json"
        )?;
    }
    let conditions = Conditions::read(&known.bytes);
    let mut reader = Reader::open(&args.opened, known, &conditions)?;
    let columns = Columns::new(reader.definition(), args.link_free_text);
    files::create_private_folder(&args.out)?;
    let mut tables = Tables::new(&args.out, &columns, &reader)?;
    let mut summary = Summary::default();
    let mut progress = Progress::new("responses");
    while let Some(next) = reader.next()? {
        progress.step();
        match next {
            Ok(row) => {
                summary.exported += 1;
                tables.add(summary.exported, &row)?;
            }
            Err(reason) => *summary.left_out.entry(reason).or_default() += 1,
        }
    }
    summary.texts = tables.finish(&args.out)?;
    write_codebook(&args.out.join("codebook.csv"), reader.definition(), &columns, &conditions)?;
    Ok(summary)
}

/// The tables that have a row for each response, and what people wrote.
struct Tables<'c> {
    columns: &'c Columns,
    core: Vec<PageIndex>,
    text_pages: Vec<PageIndex>,
    coded: Table,
    labelled: Table,
    texts: Vec<Text>,
}

impl<'c> Tables<'c> {
    fn new(folder: &Path, columns: &'c Columns, reader: &Reader) -> Result<Self, Error> {
        let mut tables = Self {
            columns,
            core: disposition::core(reader.definition()),
            text_pages: reader.text_pages(),
            coded: Table::new(&folder.join("coded.csv"), "")?,
            // Excel takes a file without this mark for a Windows code page; programs do not want it.
            labelled: Table::new(&folder.join("labelled.csv"), "\u{feff}")?,
            texts: Vec::new(),
        };
        let row = columns.row.iter();
        tables.coded.row(row.clone().chain(columns.coded().map(|column| &column.name)))?;
        tables.labelled.row(row.chain(columns.pages.iter().map(|column| &column.name)))?;
        Ok(tables)
    }

    fn add(&mut self, number: u64, row: &Row<'_>) -> Result<(), Error> {
        let Self { columns, core, text_pages, .. } = self;
        let definition = row.columns();
        let values = row.values();
        let value = |page: PageIndex| values[page.get()];
        let disposition = Disposition::of(core.iter().map(|page| value(*page)));
        let head = |disposition: String| {
            let start = [number.to_string(), row.day.clone()];
            let rest = [row.version.clone(), row.language.clone()];
            let all = start.into_iter().chain(rest).chain(row.context.clone());
            all.chain([disposition]).map(Cow::Owned)
        };
        let coded = |c: &Column| cells::coded(c, value(c.page), row.offered(c.page));
        let head_coded = head(disposition.code().to_string());
        self.coded.row(head_coded.chain(columns.coded().map(coded)))?;
        let labelled =
            |c: &Column| cells::labelled(definition, c, value(c.page), row.offered(c.page));
        let head_labelled = head(disposition.name().to_owned());
        self.labelled.row(head_labelled.chain(columns.pages.iter().map(labelled)))?;
        let texts = text_pages.iter().filter_map(|p| Text::of(definition, *p, value(*p)));
        self.texts.extend(texts);
        Ok(())
    }

    /// Puts the tables in their places; gives the number of texts.
    fn finish(self, folder: &Path) -> Result<u64, Error> {
        self.coded.finish()?;
        self.labelled.finish()?;
        let count = self.texts.len() as u64;
        write_texts(&folder.join("free-text.csv"), self.texts)?;
        Ok(count)
    }
}

/// The definition that gives the columns.
fn choose(args: &ExportCsv) -> Result<Known, Error> {
    let path = match &args.definition {
        Some(path) => path.clone(),
        None => args.opened.join("definitions"),
    };
    let mut known = Known::read_all(std::slice::from_ref(&path))?;
    if let Some(survey) = &args.survey {
        known.retain(|known| known.definition.id().as_str() == survey.as_str());
    }
    let highest = known.iter().map(|known| known.definition.version()).max();
    let surveys: BTreeSet<&str> =
        known.iter().map(|known| known.definition.id().as_str()).collect();
    if surveys.len() > 1 {
        let surveys: Vec<&str> = surveys.into_iter().collect();
        let why = format!("holds several surveys; choose with --survey {}", surveys.join(" or "));
        return Err(Error::file(&path, why));
    }
    known.retain(|known| Some(known.definition.version()) == highest);
    known.sort_by_key(|known| known.hash);
    // Published again for other keys or addresses, a survey asks the same.
    let asks = |known: &Known| publish::content(&String::from_utf8_lossy(&known.bytes));
    if let [first, others @ ..] = known.as_slice()
        && let Some(other) = others.iter().find(|other| asks(other) != asks(first))
    {
        let why = format!(
            "holds two definitions of version {} that differ, {} and {}; name one with \
             --definition",
            first.definition.version(),
            first.hash,
            other.hash
        );
        return Err(Error::file(&path, why));
    }
    known.into_iter().next().ok_or_else(|| {
        Error::file(&path, "holds no definition of the survey; name one with --definition FILE")
    })
}

/// What somebody wrote.
struct Text {
    key: String,
    written: Zeroizing<String>,
}

impl Text {
    fn of(definition: &Definition, page: PageIndex, value: Value<'_>) -> Option<Self> {
        let Value::Given(Answer::Text(written)) = value else { return None };
        let key = definition.page(page).key().to_string();
        Some(Self { key, written: written.clone() })
    }
}

/// Texts by question, and within one by their hash: an order that follows from the texts alone, so
/// it does not tell which row of a table one belongs to, and the same export gives the same file.
fn write_texts(path: &Path, mut texts: Vec<Text>) -> Result<(), Error> {
    let mut table = Table::new(path, "")?;
    table.row(["question", "text"])?;
    texts.sort_by_cached_key(|text| (text.key.clone(), digest(text.written.as_bytes())));
    for text in &texts {
        table.row([text.key.as_str(), &*cells::guard(&text.written)])?;
    }
    table.finish()
}

fn write_codebook(
    path: &Path,
    definition: &Definition,
    columns: &Columns,
    conditions: &Conditions,
) -> Result<(), Error> {
    let mut table = Table::new(path, "")?;
    table.row(codebook::HEAD)?;
    for row in codebook::rows(definition, columns, conditions) {
        table.row(row)?;
    }
    table.finish()
}

/// Writes CSV as RFC 4180 has it: commas, CRLF, quotes where they are needed.
pub(crate) fn csv_writer<W: Write>(to: W) -> csv::Writer<W> {
    csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(to)
}

/// A table that is being written, for its owner only (mode 0600).
struct Table {
    csv: csv::Writer<Draft>,
    path: PathBuf,
}

impl Table {
    /// `mark` comes before everything else.
    fn new(path: &Path, mark: &str) -> Result<Self, Error> {
        let mut draft = Draft::new(path)?;
        draft.push(mark.as_bytes())?;
        Ok(Self { csv: csv_writer(draft), path: path.to_owned() })
    }

    fn row<C: AsRef<str>>(&mut self, cells: impl IntoIterator<Item = C>) -> Result<(), Error> {
        let mut cells = cells.into_iter();
        let written = cells.try_for_each(|cell| self.csv.write_field(cell.as_ref()));
        let written = written.and_then(|()| self.csv.write_record(None::<&[u8]>));
        written.map_err(|error| Error::io(Action::Write, &self.path)(error.into()))
    }

    fn finish(self) -> Result<(), Error> {
        let Self { csv, path } = self;
        let draft = csv.into_inner();
        let draft = draft.map_err(|error| Error::io(Action::Write, &path)(error.into_error()))?;
        draft.finish()
    }
}
