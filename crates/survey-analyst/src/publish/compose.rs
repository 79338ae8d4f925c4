//! The bytes of a published definition.
//!
//! They are the draft's own, member by member in the draft's order, without white space, and
//! after them `support_lines`, `recipients` and `submit`. Nothing is parsed and written again, so
//! the result does not depend on how this program was built (see `json_text`).

use std::path::Path;

use survey_core::{HelplinesFile, Language};

use crate::{
    error::Error,
    files,
    json_text::{compact, elements, members, object},
    keys::Recipient,
    texts::{self, Choice, Tally},
};

/// The members that publishing adds.
const ADDED: [&str; 3] = ["support_lines", "recipients", "submit"];

/// Support lines as they stand in their file, without white space, with their translations.
pub(crate) struct Lines {
    pub(crate) verified: Vec<String>,
    pub(crate) left_out: usize,
    /// What there is of each language of the survey but the first.
    pub(crate) tallies: Vec<Tally>,
}

/// Reads a file of support lines and its translations, and leaves out what nobody verified: a wrong
/// number is worse than none.
pub(crate) fn support_lines(
    path: &Path,
    languages: &[Language],
    choice: &Choice,
) -> Result<Lines, Error> {
    let bytes = files::read(path)?;
    let file: HelplinesFile = serde_json::from_slice(&bytes).map_err(|error| {
        Error::file(path, format!("not a file of support lines: {error}; see docs/definition.md"))
    })?;
    if file.format != 1 {
        return Err(Error::file(path, "`format` is not 1, which this version reads"));
    }
    let all = compact(&String::from_utf8_lossy(&bytes));
    let verified: Vec<&str> = lines(&all)
        .into_iter()
        .zip(&file.lines)
        .filter(|(_, line)| line.verified)
        .map(|(text, _)| text)
        .collect();
    let left_out = file.lines.len() - verified.len();
    let shown = object([("lines", &*format!("[{}]", verified.join(",")))]);
    let (shown, tallies) = texts::helplines(path, &all, &shown, languages, choice)?;
    let verified = lines(&shown).into_iter().map(str::to_owned).collect();
    Ok(Lines { verified, left_out, tallies })
}

/// The lines of a compact file of support lines.
fn lines(file: &str) -> Vec<&str> {
    let list = members(file).into_iter().find(|(name, _)| *name == "lines");
    list.map(|(_, list)| elements(list)).unwrap_or_default()
}

/// Whether a published definition tells people whom to call in danger.
pub(super) fn has_emergency_line(published: &str) -> bool {
    let lines = members(published).into_iter().find(|(name, _)| *name == "support_lines");
    let lines = lines.map(|(_, lines)| elements(lines)).unwrap_or_default();
    lines.iter().any(|line| members(line).contains(&("id", "\"emergency\"")))
}

/// The published definition of a draft that was found to be right, with its translations.
///
/// # Errors
///
/// What is wrong with the draft: it was published before, or has support lines of its own.
pub(super) fn compose(
    draft: &str,
    recipients: &[Recipient],
    submit: &[String],
    lines: Option<&Lines>,
) -> Result<String, String> {
    let draft = members(draft);
    let has = |name| draft.iter().any(|(n, value)| *n == name && *value != "[]");
    for name in ["recipients", "submit"] {
        if has(name) {
            return Err(format!(
                "has `{name}`, so it was published before; publish the draft it was made from, or \
                 take `{name}` out"
            ));
        }
    }
    if has("support_lines") && lines.is_some() {
        return Err(
            "has `support_lines` of its own; take them out or leave out --support-lines".to_owned()
        );
    }
    let lines = match lines {
        Some(lines) => Some(format!("[{}]", lines.verified.join(","))),
        None => draft.iter().find(|(n, _)| *n == "support_lines").map(|(_, v)| (*v).to_owned()),
    };
    let recipients: Vec<String> = recipients.iter().map(Recipient::to_json).collect();
    let recipients = format!("[{}]", recipients.join(","));
    // Cannot fail: an array of strings.
    let submit = serde_json::to_string(submit).unwrap_or_default();

    let own = draft.iter().copied().filter(|(name, _)| !ADDED.contains(name) && *name != "$schema");
    let lines = lines.as_deref().map(|lines| ("support_lines", lines));
    let added = lines.into_iter().chain([("recipients", &*recipients), ("submit", &*submit)]);
    Ok(object(own.chain(added)))
}

/// What a definition asks, without what publishing added.
pub(crate) fn content(published: &str) -> String {
    object(members(published).into_iter().filter(|(name, _)| !ADDED.contains(name)))
}
