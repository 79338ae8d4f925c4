//! Options: written at a question, or once in a list that questions share.

use std::collections::BTreeMap;

use super::{Checker, page::PageReader};
use crate::{
    Code, Key, MAX_OPTIONS,
    definition::{Choice, Choices},
    error::{Fault, nearest},
    raw::{RawOption, RawOptions},
};

/// An option that is read as far as it can be without the page that offers it.
#[derive(Clone)]
pub(super) struct Draft {
    /// Its place in the file.
    path: String,
    /// Without its condition.
    choice: Choice,
    condition: Option<String>,
    /// Whether the member `exclusive` is there; only some types of page have it.
    says_exclusive: bool,
}

/// The shared options by the name of their list; `None` for a list that could not be read.
pub(super) type Lists = BTreeMap<String, Option<Vec<Draft>>>;

impl Checker {
    /// Reads the lists once, whether a page uses them or not, so that a fault is told once and at
    /// its place.
    pub(super) fn lists(&mut self, raw: BTreeMap<String, Vec<RawOption>>) -> Lists {
        self.count("lists", "lists", raw.len(), (0, 100));
        let mut lists = Lists::new();
        for (name, options) in raw {
            let path = format!("lists.{name}");
            let expected = "a name of lower-case letters, digits and underscores";
            self.form(&path, Key::new(&name), &name, expected);
            let drafts = self.options(&path, options);
            lists.insert(name, drafts);
        }
        lists
    }

    /// Options of which there must be enough to choose from.
    fn options(&mut self, path: &str, raw: Vec<RawOption>) -> Option<Vec<Draft>> {
        let before = self.errors.len();
        self.count(path, "options", raw.len(), (2, MAX_OPTIONS));
        let drafts = self.drafts(path, raw);
        self.codes(path, drafts.iter());
        (self.errors.len() == before).then_some(drafts)
    }

    fn codes<'d>(&mut self, path: &str, drafts: impl Iterator<Item = &'d Draft>) {
        let codes: Vec<String> = drafts.map(|draft| draft.choice.code.get().to_string()).collect();
        self.twice(path, "code", codes.iter().map(String::as_str));
    }

    /// The options of a question; `None` after a fault was reported, here or at the list.
    pub(super) fn choices(
        &mut self,
        at: &PageReader<'_>,
        kind: &'static str,
        options: RawOptions,
        also: Vec<RawOption>,
    ) -> Option<Choices> {
        let before = self.errors.len();
        let main = match options {
            RawOptions::Here(options) => self.options(&at.member("options"), options),
            RawOptions::List(name) => match at.lists.get(&name.list) {
                Some(list) => list.clone(),
                None => {
                    let near = nearest(&name.list, at.lists.keys().map(String::as_str));
                    let fault = Fault::Unknown { what: "list", name: name.list, near };
                    self.report(at.member("options.list"), fault);
                    None
                }
            },
        };
        self.count(&at.member("also"), "options", also.len(), (0, 10));
        let also = self.drafts(&at.member("also"), also);
        let (count, drafts) = match main {
            Some(main) => (main.len(), [main, also].concat()),
            None => (0, also),
        };
        if self.errors.len() == before {
            self.codes(&at.member("options"), drafts.iter());
        }
        let all: Vec<Choice> =
            drafts.into_iter().map(|draft| self.choice(at, kind, draft)).collect();
        let conditional = all.iter().any(|choice| choice.condition.is_some());
        let read = self.errors.len() == before && count > 0;
        read.then_some(Choices { all, main: count, conditional })
    }

    /// What only the page can tell: whether the option may exclude others, and its condition.
    fn choice(&mut self, at: &PageReader<'_>, kind: &'static str, draft: Draft) -> Choice {
        if draft.says_exclusive && kind != "multiple" {
            let fault = if draft.path.starts_with(at.path) {
                Fault::Foreign { kind, member: "exclusive" }
            } else {
                let expected = "a list without it, since a question that is not `multiple` uses it";
                Fault::Conflict { found: "exclusive".to_owned(), expected }
            };
            self.report(format!("{}.exclusive", draft.path), fault);
        }
        let path = format!("{}.if", draft.path);
        let condition = draft.condition.and_then(|text| self.condition(at, &path, &text));
        Choice { condition, ..draft.choice }
    }

    fn drafts(&mut self, path: &str, raw: Vec<RawOption>) -> Vec<Draft> {
        let options = raw.into_iter().enumerate();
        options.filter_map(|(i, option)| self.draft(format!("{path}[{i}]"), option)).collect()
    }

    fn draft(&mut self, path: String, raw: RawOption) -> Option<Draft> {
        let expected = "a number from 1 to 96 (97 to 99 are kept for missing values)";
        let number = raw.code.0;
        let code =
            self.form(&format!("{path}.code"), Code::new(number), &number.to_string(), expected);
        let label = self.text(&format!("{path}.label"), raw.label);
        let hint = raw.hint.and_then(|hint| self.text(&format!("{path}.hint"), hint));
        self.count(&format!("{path}.maps"), "classifications", raw.maps.len(), (0, 10));
        for (name, value) in &raw.maps {
            let expected = "a name of lower-case letters, digits and underscores";
            self.form(&format!("{path}.maps"), Key::new(name), name, expected);
            let place = format!("{path}.maps.{name}");
            self.count(&place, "characters", value.chars().count(), (1, 200));
        }
        let maps = raw.maps.into_iter().map(|(name, value)| (name.into(), value.into())).collect();
        let choice = Choice {
            code: code?,
            label: label?,
            hint,
            exclusive: raw.exclusive.unwrap_or_default(),
            condition: None,
            maps,
        };
        Some(Draft {
            path,
            choice,
            condition: raw.condition,
            says_exclusive: raw.exclusive.is_some(),
        })
    }
}
