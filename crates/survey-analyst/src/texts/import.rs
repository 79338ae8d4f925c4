//! Takes translations over from an XLIFF file.

use std::{collections::BTreeMap, io::Write, path::Path};

use survey_core::Language;

use super::{
    beside::tag_of,
    command::PUT_ASIDE,
    file::{Entry, TranslationFile},
    original::Original,
    xliff,
};
use crate::{error::Error, files};

/// What becomes of one file of translations.
struct Taken<'a> {
    original: &'a Original,
    file: TranslationFile,
    /// Texts that are new or say something else than before.
    changed: usize,
    /// Texts of the original that nobody said are reviewed.
    unreviewed: Vec<String>,
}

/// Writes what is in an XLIFF file into the files beside `originals`, all or none, and gives the exit
/// code. `role` is whose word it is that everything was reviewed.
pub(super) fn import(
    from: &Path,
    originals: &[Original],
    role: Option<&str>,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<u8, Error> {
    let refuse = |faults| Error::Translation { path: from.to_owned(), faults };
    if role.is_some_and(|role| role.trim().is_empty() || role.chars().any(char::is_control)) {
        return Err(Error::Usage("--reviewed-by: say in which role, in one line".to_owned()));
    }
    let document = xliff::read(&files::read(from)?).map_err(refuse)?;
    let language =
        tag_of(&document.target).map_err(|why| refuse(vec![format!("trgLang {why}")]))?;
    let mut faults = Vec::new();
    let mut aside = Vec::new();
    let mut taken: Vec<Taken<'_>> = Vec::new();
    for file in &document.files {
        let Some(original) = originals.iter().find(|original| original.id == file.id) else {
            let known: Vec<&str> = originals.iter().map(|original| &*original.id).collect();
            faults.push(format!(
                "<file id=\"{}\">: it is none of {}; give the file that it was made from ({})",
                file.id,
                known.join(", "),
                file.original
            ));
            continue;
        };
        if document.source != original.language.as_str() {
            faults.push(format!(
                "srcLang {}: {} is written in {}",
                document.source,
                original.path.display(),
                original.language
            ));
            continue;
        }
        if taken.iter().any(|taken| taken.original.id == file.id) {
            faults.push(format!("<file id=\"{}\"> is there twice; remove one", file.id));
            continue;
        }
        taken.push(take(original, file, &language, &mut faults, &mut aside)?);
    }
    if document.files.is_empty() {
        faults.push("there is no <file> in it".to_owned());
    }
    if let Some(role) = role {
        let open: Vec<&String> = taken.iter().flat_map(|taken| &taken.unreviewed).collect();
        if let Some(first) = open.first() {
            faults.push(format!(
                "{} texts are not in the state `reviewed` or `final`, `{first}` for one; without \
                 --reviewed-by they are taken as they are",
                open.len()
            ));
        }
        for taken in &mut taken {
            taken.file.reviewed = true;
            taken.file.reviewed_by = Some(role.to_owned());
        }
    }
    if !faults.is_empty() {
        return Err(refuse(faults));
    }
    let mut written = Vec::new();
    for Taken { original, file, changed, .. } in &mut taken {
        if role.is_none() && *changed > 0 && file.reviewed {
            file.reviewed = false;
            file.reviewed_by = None;
            writeln!(
                err,
                "warning: {} was reviewed and is not any more; have it read, and import it again \
                 with --reviewed-by",
                file.path.display()
            )?;
        }
        written.push(original.to_json(file)?);
    }
    for (Taken { original, file, changed, .. }, json) in taken.iter().zip(written) {
        files::replace_public(&file.path, json.as_bytes())?;
        writeln!(
            out,
            "{}: {changed} texts taken over, {} of {} translated{}",
            file.path.display(),
            file.texts.len(),
            original.texts(&language)?.len(),
            if file.reviewed { ", reviewed" } else { ", not reviewed" }
        )?;
    }
    for line in &aside {
        writeln!(err, "left as it is: {line}")?;
    }
    Ok(if aside.is_empty() { 0 } else { PUT_ASIDE })
}

/// Puts the translations of a `<file>` into the file beside the original, in the original's order.
fn take<'a>(
    original: &'a Original,
    file: &xliff::File,
    language: &Language,
    faults: &mut Vec<String>,
    aside: &mut Vec<String>,
) -> Result<Taken<'a>, Error> {
    let before = original.translation(language)?;
    let before = before.unwrap_or_else(|| original.new_translation(language));
    let texts = original.texts(language)?;
    let mut units: BTreeMap<&str, &xliff::Unit> = BTreeMap::new();
    for unit in &file.units {
        if units.insert(&unit.id, unit).is_some() {
            faults.push(format!("{}: there are two units with this id; remove one", unit.id));
        }
        if !texts.iter().any(|text| text.path == unit.id) {
            aside.push(format!("{}: no such text in {}", unit.id, original.path.display()));
        }
    }
    let mut after = TranslationFile { texts: Vec::new(), ..before.clone() };
    let mut unreviewed = Vec::new();
    for text in &texts {
        let old = before.get(&text.path);
        let unit = units.get(&*text.path).copied();
        let fresh = unit.and_then(|unit| Some((unit, unit.target.as_deref()?)));
        let fresh = fresh.filter(|(unit, target)| {
            let same = unit.source == text.source;
            if !same {
                aside.push(format!("{}: the source was changed since it was exported", text.path));
            }
            let checked = if same { original.check_text(&text.source, target) } else { Ok(()) };
            if let Err(why) = &checked {
                faults.push(format!("{}: {why}", text.path));
            }
            same && checked.is_ok()
        });
        if fresh.is_none_or(|(unit, _)| unit.state < xliff::State::Reviewed) {
            unreviewed.push(text.path.clone());
        }
        let own = text.own.iter().find(|(tag, _)| tag == language.as_str());
        let entry = match (fresh, old) {
            // The original says it itself; two translations would be one too many.
            (Some((_, target)), _) if own.is_some() => {
                if own.is_some_and(|(_, text)| text != target) {
                    aside.push(format!(
                        "{}: {} has the text itself; change it there",
                        text.path,
                        original.path.display()
                    ));
                }
                continue;
            }
            (Some((_, target)), _) => {
                Entry { source: text.source.clone(), text: target.to_owned() }
            }
            (None, Some(old)) => old.clone(),
            (None, None) => continue,
        };
        after.texts.push((text.path.clone(), entry));
    }
    for half in original.take_out_halves(&mut after) {
        aside.push(format!("{half}: one of its plural forms is not translated"));
    }
    let changed = after.texts.iter().filter(|(path, entry)| before.get(path) != Some(entry));
    let changed = changed.count();
    Ok(Taken { original, file: after, changed, unreviewed })
}
