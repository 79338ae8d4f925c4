//! What stands in a cell.

use std::borrow::Cow;

use survey_core::{
    Answer, Code, Definition, GateChoice, MissingValue, Month, PageKind, QuestionKind, Value,
};

use super::columns::{Column, Part};

/// A cell of `coded.csv`: a number. Only [`Part::Written`] is text.
pub(super) fn coded<'v>(
    column: &Column,
    value: Value<'v>,
    offered: Option<&[Code]>,
) -> Cow<'v, str> {
    let number = |n: u32| Cow::Owned(n.to_string());
    match (column.part, value) {
        (Part::Written, Value::Given(Answer::Text(text))) => guard(text),
        (Part::Written | Part::Joined, _) => Cow::Borrowed(""),
        (Part::Chosen(code), value) => match chosen(code, value, offered) {
            Ok(chosen) => number(chosen.into()),
            Err(missing) => Cow::Owned(missing.code().to_string()),
        },
        (_, Value::Missing(missing)) => Cow::Owned(missing.code().to_string()),
        (_, Value::Given(answer)) => number(match answer {
            Answer::Code(code) => code.get().into(),
            Answer::Number(n) => (*n).into(),
            Answer::Month(month) => month_number(*month),
            Answer::Gate(choice) => gate_code(*choice).into(),
            // Whether there is one; a multiple choice has no column of this part.
            Answer::Text(_) | Answer::Codes(_) => 1,
        }),
    }
}

/// A cell of `labelled.csv`: words in the source language, missing values by name.
pub(super) fn labelled<'v>(
    definition: &'v Definition,
    column: &Column,
    value: Value<'v>,
    offered: Option<&[Code]>,
) -> Cow<'v, str> {
    match (column.part, value) {
        (Part::Written, Value::Given(Answer::Text(text))) => guard(text),
        (Part::Written, _) => Cow::Borrowed(""),
        (Part::Chosen(code), value) => match chosen(code, value, offered) {
            Ok(chosen) => Cow::Borrowed(if chosen { "1" } else { "0" }),
            Err(missing) => Cow::Borrowed(missing.name()),
        },
        (_, Value::Missing(missing)) => Cow::Borrowed(missing.name()),
        (_, Value::Given(answer)) => match answer {
            Answer::Code(code) => guard(label(definition, column, *code)),
            Answer::Codes(codes) => {
                let labels = codes.iter().map(|code| label(definition, column, *code));
                Cow::Owned(guard(&labels.collect::<Vec<_>>().join("; ")).into_owned())
            }
            Answer::Number(n) => Cow::Owned(n.to_string()),
            Answer::Month(month) => Cow::Owned(month.to_string()),
            Answer::Gate(choice) => guard(gate_label(definition, column, *choice)),
            Answer::Text(_) => Cow::Borrowed("given"),
        },
    }
}

/// Whether an option was chosen, or why nobody can say. An option that this person was not
/// offered is not asked, so that it does not count as a "no".
fn chosen(code: Code, value: Value<'_>, offered: Option<&[Code]>) -> Result<bool, MissingValue> {
    match value {
        Value::Missing(missing) => Err(missing),
        Value::Given(Answer::Codes(codes)) if codes.contains(&code) => Ok(true),
        Value::Given(_) if offered.is_some_and(|offered| !offered.contains(&code)) => {
            Err(MissingValue::NotAsked)
        }
        Value::Given(_) => Ok(false),
    }
}

/// `2025-03` → 202503.
pub(super) fn month_number(month: Month) -> u32 {
    u32::from(month.year()) * 100 + u32::from(month.month())
}

/// Go on: 1, finish: 2.
pub(super) fn gate_code(choice: GateChoice) -> u8 {
    match choice {
        GateChoice::GoOn => 1,
        GateChoice::Finish => 2,
    }
}

fn label<'d>(definition: &'d Definition, column: &Column, code: Code) -> &'d str {
    let question = definition.page(column.page).question();
    let choice = question.and_then(|q| q.kind().choices()).and_then(|choices| choices.find(code));
    // Cannot be empty: the response was validated against this definition.
    choice.map_or("", |choice| choice.label().source())
}

fn gate_label<'d>(definition: &'d Definition, column: &Column, choice: GateChoice) -> &'d str {
    match (definition.page(column.page).kind(), choice) {
        (PageKind::Gate(gate), GateChoice::GoOn) => gate.go_on.source(),
        (PageKind::Gate(gate), GateChoice::Finish) => gate.finish.source(),
        _ => "",
    }
}

/// Whether the page takes text.
pub(super) fn is_text(kind: &QuestionKind) -> bool {
    matches!(kind, QuestionKind::Text { .. } | QuestionKind::LongText { .. })
}

/// A cell that no spreadsheet takes for a formula.
///
/// A cell that begins with one of these is run by some spreadsheet when the file is opened, and a
/// stranger wrote it ("CSV injection", OWASP). An apostrophe in front makes it text. The wide forms
/// of the signs are run where spreadsheets take East Asian input.
pub(super) fn guard(text: &str) -> Cow<'_, str> {
    const SIGNS: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];
    if text.starts_with(SIGNS) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_spreadsheet_runs_is_guarded() {
        for (text, guarded) in [
            ("=1+1", "'=1+1"),
            ("+44", "'+44"),
            ("-1", "'-1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "'\t=1"),
            ("\r=1", "'\r=1"),
            ("\n=1", "'\n=1"),
            ("＝1", "'＝1"),
            ("a=1", "a=1"),
            ("'=1", "'=1"),
            ("", ""),
        ] {
            assert_eq!(guard(text), guarded, "{text:?}");
        }
    }
}
