//! Responses out of a folder that `open` filled, as rows of one survey's columns.

use std::{
    collections::HashMap,
    fs::File,
    io::{self, BufReader},
    path::{Path, PathBuf},
    sync::Arc,
};

use serde::Deserialize;
use serde_json::Value as Json;
use survey_core::{Code, Definition, MissingValue, PageIndex, QuestionKind, Response, Value};
use survey_wire::{Day, DefinitionHash, SurveyId};

use super::{
    LeftOut,
    cells::is_text,
    conditions::{self, Conditions},
};
use crate::{
    definition::Known,
    error::{Action, Error},
    lines::{Line, Lines},
};

/// A line of `responses.jsonl`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Opened {
    day: Day,
    survey: SurveyId,
    def: DefinitionHash,
    response: Json,
}

/// Reads responses one by one.
pub(super) struct Reader {
    lines: Lines<BufReader<File>>,
    path: PathBuf,
    hash: DefinitionHash,
    columns: Arc<Definition>,
    /// Definitions that other responses answered, by hash; `None` for one that is not there.
    others: HashMap<DefinitionHash, Option<Arc<Definition>>>,
    /// Multiple-choice pages, and those of them with options that are not offered to everybody.
    multiple: Vec<PageIndex>,
    partly_offered: Vec<PageIndex>,
}

/// A response as a row.
pub(super) struct Row<'r> {
    pub(super) day: String,
    pub(super) version: String,
    pub(super) language: String,
    /// One value for each name of the columns' context; empty when the page said nothing.
    pub(super) context: Vec<String>,
    columns: &'r Arc<Definition>,
    /// The definition that was answered. It says why an answer is missing.
    own: Arc<Definition>,
    response: Response,
    offered: Vec<(PageIndex, Vec<Code>)>,
}

impl Reader {
    /// Opens a folder; the columns are those of `known`.
    pub(super) fn open(
        folder: &Path,
        known: Known,
        conditions: &Conditions,
    ) -> Result<Self, Error> {
        let path = folder.join("responses.jsonl");
        let file = File::open(&path).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => {
                Error::file(&path, "is not there; give the folder that `open --out` filled")
            }
            _ => Error::io(Action::Read, &path)(error),
        })?;
        let columns = Arc::new(known.definition);
        let is_multiple = |page: &PageIndex| {
            let question = columns.page(*page).question();
            question.is_some_and(|q| matches!(q.kind(), QuestionKind::Multiple(_)))
        };
        let multiple: Vec<_> = columns.page_indices().filter(is_multiple).collect();
        let mut partly_offered = multiple.clone();
        partly_offered.retain(|page| conditions.any_option(columns.page(*page).key().as_str()));
        Ok(Self {
            lines: Lines::new(BufReader::with_capacity(1 << 16, file)),
            path,
            hash: known.hash,
            columns,
            others: HashMap::new(),
            multiple,
            partly_offered,
        })
    }

    /// The definition that gives the columns.
    pub(super) fn definition(&self) -> &Definition {
        &self.columns
    }

    /// The pages that take text.
    pub(super) fn text_pages(&self) -> Vec<PageIndex> {
        let text = |page: &PageIndex| {
            self.columns.page(*page).question().is_some_and(|q| is_text(q.kind()))
        };
        self.columns.page_indices().filter(text).collect()
    }

    /// The next row, or why the next response is none; `None` at the end.
    pub(super) fn next(&mut self) -> Result<Option<Result<Row<'_>, LeftOut>>, Error> {
        if !self.lines.advance().map_err(Error::io(Action::Read, &self.path))? {
            return Ok(None);
        }
        let opened: Option<Opened> = match self.lines.line() {
            Line::Whole(bytes) => serde_json::from_slice(bytes).ok(),
            Line::TooLong => None,
        };
        let Some(opened) = opened else { return Ok(Some(Err(LeftOut::Damaged))) };
        if opened.survey.as_str() != self.columns.id().as_str() {
            return Ok(Some(Err(LeftOut::OtherSurvey(opened.survey.to_string()))));
        }
        let Some(own) = self.answered(opened.def)? else {
            return Ok(Some(Err(LeftOut::DefinitionMissing(opened.def.to_string()))));
        };
        Ok(Some(self.row(&opened, own)))
    }

    fn row(&self, opened: &Opened, own: Arc<Definition>) -> Result<Row<'_>, LeftOut> {
        let version = own.version();
        if version.major != self.columns.version().major {
            return Err(LeftOut::OtherMajorVersion(version.to_string()));
        }
        // Cannot fail: it was read from JSON.
        let json = zeroize::Zeroizing::new(opened.response.to_string());
        let response = Response::parse(&own, json.as_bytes()).map_err(|_| LeftOut::Damaged)?;
        let same = Arc::ptr_eq(&own, &self.columns);
        if !same && Response::parse(&self.columns, json.as_bytes()).is_err() {
            return Err(LeftOut::DoesNotFit(version.to_string()));
        }
        let said: HashMap<&str, &str> = own.context_pairs(response.context()).collect();
        let context = self
            .columns
            .context_names()
            .map(|(name, _)| said.get(name).copied().unwrap_or_default().to_owned())
            .collect();
        // What was offered is a fact of the time of answering, so another version's own options
        // count, and an option that it did not have was offered to nobody.
        let asked = if same { &self.partly_offered } else { &self.multiple };
        let pages: Vec<(PageIndex, PageIndex)> = asked
            .iter()
            .filter_map(|page| Some((*page, own.find(self.columns.page(*page).key().as_str())?)))
            .collect();
        let own_pages: Vec<PageIndex> = pages.iter().map(|(_, own)| *own).collect();
        let offered = conditions::offered(&own, &response, &own_pages);
        let offered = pages.iter().map(|(page, _)| *page).zip(offered).collect();
        Ok(Row {
            day: opened.day.to_string(),
            version: version.to_string(),
            language: own.language(response.language()).to_string(),
            context,
            columns: &self.columns,
            own,
            response,
            offered,
        })
    }

    /// The definition with this hash: the columns' own, or one that `open` put into the folder.
    fn answered(&mut self, hash: DefinitionHash) -> Result<Option<Arc<Definition>>, Error> {
        if hash == self.hash {
            return Ok(Some(self.columns.clone()));
        }
        if let Some(known) = self.others.get(&hash) {
            return Ok(known.clone());
        }
        let folder = self.path.with_file_name("definitions");
        let path = folder.join(format!("{hash}.json"));
        let found = if path.exists() {
            let known = Known::read(&path)?;
            (known.hash == hash).then(|| Arc::new(known.definition))
        } else {
            None
        };
        self.others.insert(hash, found.clone());
        Ok(found)
    }
}

impl Row<'_> {
    /// The definition that gives the columns.
    pub(super) fn columns(&self) -> &Definition {
        self.columns
    }

    /// What the response holds for every page of the columns, in their order. A question that its
    /// own version did not have was not asked.
    pub(super) fn values(&self) -> Vec<Value<'_>> {
        let own = self.response.values(&self.own);
        if Arc::ptr_eq(&self.own, self.columns) {
            return own;
        }
        let value = |page: PageIndex| match self.own.find(self.columns.page(page).key().as_str()) {
            Some(page) => own[page.get()],
            None => Value::Missing(MissingValue::NotAsked),
        };
        self.columns.page_indices().map(value).collect()
    }

    /// The options of a multiple choice that this person was offered; `None` when all were.
    pub(super) fn offered(&self, page: PageIndex) -> Option<&[Code]> {
        let offered = self.offered.iter().find(|(known, _)| *known == page);
        offered.map(|(_, codes)| codes.as_slice())
    }
}
