//! Which columns a table has.

use std::collections::HashSet;

use survey_core::{Code, Definition, PageIndex, PageKind, QuestionKind};

/// Columns that every table begins with, before those of the context.
pub(super) const ROW: [&str; 4] = ["response", "day", "survey_version", "lang"];

/// A column that belongs to a page of the survey.
#[derive(Clone, Debug)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) page: PageIndex,
    pub(super) part: Part,
}

/// Which part of an answer a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// All of it; of a text, whether there is one.
    Whole,
    /// Whether an option was chosen.
    Chosen(Code),
    /// All chosen options in one cell, in words.
    Joined,
    /// What was written.
    Written,
}

/// The columns of both tables.
#[derive(Debug)]
pub(super) struct Columns {
    /// Names of [`ROW`], then one for each name of the context, then the disposition's.
    pub(super) row: Vec<String>,
    /// In the order of the survey.
    pub(super) pages: Vec<Column>,
}

impl Columns {
    /// The columns for a survey. Texts are among them only if `with_texts`.
    ///
    /// A question's own column is called by its key for good, so that programs written for one
    /// export fit the next. Any other name that would be there twice gets underscores at its end.
    pub(super) fn new(definition: &Definition, with_texts: bool) -> Self {
        let mut names = Names::default();
        for page in definition.pages() {
            names.0.insert(page.key().as_str().to_owned());
        }
        let context = definition.context_names().map(|(name, _)| format!("context_{name}"));
        let row = ROW.map(str::to_owned).into_iter().chain(context);
        let row = row.chain(["disposition".to_owned()]).map(|name| names.free(name)).collect();
        let mut pages = Vec::new();
        for index in definition.page_indices() {
            let page = definition.page(index);
            let key = page.key().as_str();
            let mut add = |name: String, part| pages.push(Column { name, page: index, part });
            match page.kind() {
                PageKind::Statement(_) => {}
                PageKind::Gate(_) => add(key.to_owned(), Part::Whole),
                PageKind::Question(question) => match question.kind() {
                    QuestionKind::Multiple(choices) => {
                        add(key.to_owned(), Part::Joined);
                        for choice in choices.all() {
                            let name = names.free(format!("{key}_{}", choice.code().get()));
                            add(name, Part::Chosen(choice.code()));
                        }
                    }
                    QuestionKind::Text { .. } | QuestionKind::LongText { .. } => {
                        add(key.to_owned(), Part::Whole);
                        if with_texts {
                            add(names.free(format!("{key}_text")), Part::Written);
                        }
                    }
                    _ => add(key.to_owned(), Part::Whole),
                },
            }
        }
        Self { row, pages }
    }

    /// Those of `pages` that `coded.csv` has.
    pub(super) fn coded(&self) -> impl Iterator<Item = &Column> {
        self.pages.iter().filter(|column| column.part != Part::Joined)
    }
}

#[derive(Default)]
struct Names(HashSet<String>);

impl Names {
    fn free(&mut self, mut name: String) -> String {
        while !self.0.insert(name.clone()) {
            name.push('_');
        }
        name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_columns_have_one_name_and_keys_win() {
        let json = r#"{"format":1,"id":"s","version":"1.0.0","languages":["en"],"title":"T",
            "exit_url":"https://e.example","context":{"site":["a"]},"start":{"body":[]},
            "end":{"heading":"E","body":[]},"pages":[
            {"type":"text","key":"day","text":"Q","max_length":9},
            {"type":"multiple","key":"many","text":"Q","options":[{"code":1,"label":"A"},{"code":2,"label":"B"}]},
            {"type":"rating","key":"many_1","text":"Q","min":0,"max":5,"min_label":"l","max_label":"h"},
            {"type":"statement","key":"word","heading":"H","body":[]},
            {"type":"text","key":"context_site","text":"Q","max_length":9}]}"#;
        let definition = Definition::parse(json.as_bytes()).unwrap();
        let columns = Columns::new(&definition, true);
        assert_eq!(
            columns.row,
            ["response", "day_", "survey_version", "lang", "context_site_", "disposition"]
        );
        let names: Vec<&str> = columns.pages.iter().map(|column| column.name.as_str()).collect();
        assert_eq!(
            names,
            [
                "day",
                "day_text",
                "many",
                "many_1_",
                "many_2",
                "many_1",
                "context_site",
                "context_site_text"
            ]
        );
    }
}
