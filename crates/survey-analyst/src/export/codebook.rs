//! The codebook: what every column and every number of the tables means. One row a code.

use survey_core::{Choice, Definition, MissingValue, Page, PageKind, Question, QuestionKind};

use super::{
    cells::month_number,
    columns::{Column, Columns, Part, ROW},
    conditions::Conditions,
    disposition::Disposition,
};

/// The columns of the codebook.
pub(super) const HEAD: [&str; 13] = [
    "column",
    "key",
    "text",
    "type",
    "section",
    "sensitivity",
    "ask_if",
    "code",
    "label",
    "offered_if",
    "maps",
    "missing",
    "files",
];

/// What is the same in all rows of a column.
#[derive(Clone, Default)]
struct Head {
    column: String,
    key: String,
    text: String,
    kind: &'static str,
    section: String,
    sensitivity: &'static str,
    ask_if: String,
    files: &'static str,
}

impl Head {
    fn row(&self, code: &str, label: &str) -> Row {
        Row { head: self.clone(), code: code.to_owned(), label: label.to_owned(), ..Row::default() }
    }
}

#[derive(Default)]
struct Row {
    head: Head,
    code: String,
    label: String,
    offered_if: String,
    maps: String,
    missing: bool,
}

impl Row {
    fn cells(self) -> [String; 13] {
        let Head { column, key, text, kind, section, sensitivity, ask_if, files } = self.head;
        let [kind, sensitivity, files] = [kind, sensitivity, files].map(str::to_owned);
        let missing = if self.missing { "1" } else { "0" }.to_owned();
        let (code, label) = (self.code, self.label);
        let (offered_if, maps) = (self.offered_if, self.maps);
        [
            column,
            key,
            text,
            kind,
            section,
            sensitivity,
            ask_if,
            code,
            label,
            offered_if,
            maps,
            missing,
            files,
        ]
    }
}

/// All rows of the codebook.
pub(super) fn rows(
    definition: &Definition,
    columns: &Columns,
    conditions: &Conditions,
) -> Vec<[String; 13]> {
    let mut rows = Vec::new();
    row_columns(definition, columns, &mut rows);
    for column in &columns.pages {
        page_column(definition, column, conditions, &mut rows);
    }
    rows.into_iter().map(Row::cells).collect()
}

fn row_columns(definition: &Definition, columns: &Columns, rows: &mut Vec<Row>) {
    let head = |column: &str, text: &str, kind: &'static str| Head {
        column: column.to_owned(),
        text: text.to_owned(),
        kind,
        files: "coded labelled",
        ..Head::default()
    };
    let texts = [
        "Number of the row; says nothing about when it came and changes with every export",
        "Day (UTC) on which the collector stored the response",
        "Version of the survey that was answered",
        "Language in which it was answered",
    ];
    for (name, text) in columns.row.iter().zip(texts) {
        rows.push(head(name, text, "row").row("", ""));
    }
    let mut names = columns.row[ROW.len()..].iter();
    for ((context, values), name) in definition.context_names().zip(names.by_ref()) {
        let text = format!("What the page around the survey said of itself: {context}");
        rows.push(head(name, &text, "context").row("", "it said nothing"));
        rows.extend(values.map(|value| head(name, &text, "context").row(value, value)));
    }
    if let Some(name) = names.next() {
        let text = "How far the person got, by the questions of the section `core`";
        for one in Disposition::ALL {
            rows.push(head(name, text, "row").row(&one.code().to_string(), one.name()));
        }
    }
}

fn page_column(
    definition: &Definition,
    column: &Column,
    conditions: &Conditions,
    rows: &mut Vec<Row>,
) {
    let page = definition.page(column.page);
    let key = page.key().as_str();
    let section = page.section().map(|s| definition.sections()[s.get()].id().to_string());
    let head = Head {
        column: column.name.clone(),
        key: key.to_owned(),
        text: text_of(page).to_owned(),
        kind: page.kind().type_name(),
        section: section.unwrap_or_default(),
        sensitivity: page.question().map_or("none", |q| q.sensitivity().as_str()),
        ask_if: conditions.of_page(key).to_owned(),
        files: if column.part == Part::Joined { "labelled" } else { "coded labelled" },
    };
    match column.part {
        Part::Joined => {
            rows.push(head.row("", "labels of all options chosen, with `; ` between"));
            return;
        }
        Part::Written => {
            rows.push(head.row("", "what was written; empty when nothing was"));
            return;
        }
        Part::Chosen(code) => {
            let choices = page.question().and_then(|q| q.kind().choices());
            let Some(choice) = choices.and_then(|choices| choices.find(code)) else { return };
            let label = choice.label().source();
            rows.push(head.row("0", &format!("not chosen: {label}")));
            rows.push(Row {
                offered_if: conditions.of_option(key, code).to_owned(),
                maps: maps(choice),
                ..head.row("1", label)
            });
        }
        Part::Whole => rows.extend(whole(&head, page, conditions)),
    }
    let offers = |missing: &MissingValue| match (missing, page.question()) {
        (MissingValue::Declined, question) => question.is_some_and(Question::offers_declined),
        (MissingValue::DontKnow, question) => question.is_some_and(Question::offers_dont_know),
        _ => true,
    };
    for missing in MissingValue::ALL.iter().filter(|missing| offers(missing)) {
        let row = head.row(&missing.code().to_string(), missing.name());
        rows.push(Row { missing: true, ..row });
    }
}

/// Rows for the answers of a column that holds a whole one.
fn whole(head: &Head, page: &Page, conditions: &Conditions) -> Vec<Row> {
    let question = match page.kind() {
        PageKind::Question(question) => question,
        PageKind::Gate(gate) => {
            return vec![head.row("1", gate.go_on.source()), head.row("2", gate.finish.source())];
        }
        PageKind::Statement(_) => return Vec::new(),
    };
    match question.kind() {
        QuestionKind::Rating(rating) => (rating.min..=rating.max)
            .map(|number| {
                let label = match number {
                    n if n == rating.min => rating.min_label.source(),
                    n if n == rating.max => rating.max_label.source(),
                    _ => "",
                };
                head.row(&number.to_string(), label)
            })
            .collect(),
        QuestionKind::Text { .. } | QuestionKind::LongText { .. } => vec![head.row("1", "given")],
        QuestionKind::Month { from, to } => {
            let label = format!("year and month, {} to {}", month_number(*from), month_number(*to));
            vec![head.row("", &label)]
        }
        kind => {
            let choices = kind.choices().map_or(&[][..], |choices| choices.all());
            let row = |choice: &Choice| Row {
                offered_if: conditions.of_option(page.key().as_str(), choice.code()).to_owned(),
                maps: maps(choice),
                ..head.row(&choice.code().get().to_string(), choice.label().source())
            };
            choices.iter().map(row).collect()
        }
    }
}

fn text_of(page: &Page) -> &str {
    match page.kind() {
        PageKind::Question(question) => question.text().source(),
        PageKind::Gate(gate) => gate.heading.source(),
        PageKind::Statement(statement) => statement.heading.source(),
    }
}

fn maps(choice: &Choice) -> String {
    let pairs = choice.maps().map(|(classification, value)| format!("{classification}={value}"));
    pairs.collect::<Vec<_>>().join("; ")
}
