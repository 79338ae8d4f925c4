//! Reads wasm files, as far as publishing and weighing need it.

use std::ops::Range;

use anyhow::{Context as _, Result, bail};
use wasmparser::{Encoding, KnownCustom, Name, Parser, Payload, TypeRef};

/// A wasm module without its custom sections: names, producers, target features. Nothing of them
/// is run, and they tell which tools made it.
///
/// # Errors
///
/// When it is no wasm module.
pub(crate) fn without_custom_sections(module: &[u8]) -> Result<Vec<u8>> {
    let mut kept = Vec::with_capacity(module.len());
    // Where the last section ended, and so where the next one begins, with its id and its length.
    let mut end = 0;
    for payload in Parser::new(0).parse_all(module) {
        let payload = payload.context(NO_MODULE)?;
        let range = match &payload {
            Payload::Version { range, .. } => range.clone(),
            section => match section.as_section() {
                Some((_, range)) => range,
                // A part of the section before, or the end.
                None => continue,
            },
        };
        let after = usize::try_from(range.end)?;
        let section = module.get(end..after).context(NO_MODULE)?;
        end = after;
        if !matches!(payload, Payload::CustomSection(_)) {
            kept.extend_from_slice(section);
        }
    }
    Ok(kept)
}

/// What happens to a name at the border of a module.
pub(crate) trait Names {
    /// The name of an import from now on.
    fn import(&mut self, name: &str) -> String;
    /// The name of an export from now on; none, if it is exported no longer.
    fn export(&mut self, name: &str) -> Option<String>;
}

/// A module with other names for what it imports and what it exports. The modules that it imports
/// from keep theirs.
///
/// # Errors
///
/// When it is no wasm module, or one that is not written in the shortest way.
pub(crate) fn with_names(module: &[u8], names: &mut dyn Names) -> Result<Vec<u8>> {
    let mut renamed = Vec::with_capacity(module.len());
    let mut copied = 0;
    for payload in Parser::new(0).parse_all(module) {
        let (range, entries) = match payload.context(NO_MODULE)? {
            Payload::ImportSection(imports) => {
                let range = imports.range();
                let mut entries = Vec::new();
                for import in imports.into_imports_with_offsets() {
                    let (at, import) = import.context(NO_MODULE)?;
                    let new = Some(names.import(import.name));
                    entries.push(Entry { at, before: text(import.module), name: import.name, new });
                }
                (range, entries)
            }
            Payload::ExportSection(exports) => {
                let range = exports.range();
                let mut entries = Vec::new();
                for export in exports.into_iter_with_offsets() {
                    let (at, export) = export.context(NO_MODULE)?;
                    let new = names.export(export.name);
                    entries.push(Entry { at, before: Vec::new(), name: export.name, new });
                }
                (range, entries)
            }
            _ => continue,
        };
        let (start, end) = (usize::try_from(range.start)?, usize::try_from(range.end)?);
        let content = with_entries(module, &entries, end)?;
        // Before the section stand its id, one byte, and its length.
        let before = module.get(copied..start).context(NO_MODULE)?;
        let before = before.strip_suffix(&*number(end - start)).context(NOT_SHORTEST)?;
        renamed.extend_from_slice(before);
        renamed.extend(number(content.len()));
        renamed.extend(content);
        copied = end;
    }
    renamed.extend_from_slice(module.get(copied..).context(NO_MODULE)?);
    Ok(renamed)
}

/// An import or an export, and its new name.
struct Entry<'a> {
    at: u64,
    /// What stands before the name.
    before: Vec<u8>,
    name: &'a str,
    new: Option<String>,
}

/// A section with other names, up to where it ends. It begins with the number of its entries.
fn with_entries(module: &[u8], entries: &[Entry<'_>], end: usize) -> Result<Vec<u8>> {
    let kept = entries.iter().filter(|entry| entry.new.is_some()).count();
    let mut content = number(kept);
    for (i, entry) in entries.iter().enumerate() {
        let at = usize::try_from(entry.at)?;
        let next = entries.get(i + 1).map_or(Ok(end), |next| usize::try_from(next.at))?;
        let old = [&*entry.before, &text(entry.name)].concat();
        let whole = module.get(at..next).context(NO_MODULE)?;
        let rest = whole.strip_prefix(&*old).context(NOT_SHORTEST)?;
        if let Some(new) = &entry.new {
            content.extend([&*entry.before, &text(new), rest].concat());
        }
    }
    Ok(content)
}

/// A number as wasm writes it: unsigned LEB128.
fn number(mut number: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let low = (number & 0x7f) as u8;
        number >>= 7;
        if number == 0 {
            bytes.push(low);
            return bytes;
        }
        bytes.push(low | 0x80);
    }
}

/// A text as wasm writes it: its length, and UTF-8.
fn text(text: &str) -> Vec<u8> {
    [&*number(text.len()), text.as_bytes()].concat()
}

/// A function of a module: how it is called, if that is known, and how many bytes of code it has.
pub(crate) struct Function {
    pub(crate) name: Option<String>,
    pub(crate) bytes: usize,
}

/// What a module is made of.
#[derive(Default)]
pub(crate) struct Parts {
    pub(crate) functions: Vec<Function>,
    /// Constants: texts, tables.
    pub(crate) data: usize,
}

/// The functions of a module that holds their names, and how much of it is data.
///
/// # Errors
///
/// When it is no wasm module.
pub(crate) fn parts(module: &[u8]) -> Result<Parts> {
    let mut parts = Parts::default();
    // Imported functions are numbered first.
    let mut imported = 0;
    for payload in Parser::new(0).parse_all(module) {
        match payload.context(NO_MODULE)? {
            Payload::Version { encoding: Encoding::Component, .. } => bail!(NO_MODULE),
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    let import = import.context(NO_MODULE)?;
                    imported += usize::from(matches!(import.ty, TypeRef::Func(_)));
                }
            }
            Payload::CodeSectionEntry(body) => {
                parts.functions.push(Function { name: None, bytes: length(&body.range())? });
            }
            Payload::DataSection(data) => parts.data += length(&data.range())?,
            Payload::CustomSection(section) => {
                let KnownCustom::Name(names) = section.as_known() else { continue };
                for names in names {
                    let Name::Function(names) = names.context(NO_MODULE)? else { continue };
                    for naming in names {
                        let naming = naming.context(NO_MODULE)?;
                        let own = usize::try_from(naming.index)?.checked_sub(imported);
                        if let Some(function) = own.and_then(|own| parts.functions.get_mut(own)) {
                            function.name = Some(naming.name.to_owned());
                        }
                    }
                }
            }
            _ => {}
        }
    }
    Ok(parts)
}

/// The code of a module, which no renaming changes.
///
/// # Errors
///
/// When it is no wasm module with code.
pub(crate) fn code(module: &[u8]) -> Result<&[u8]> {
    for payload in Parser::new(0).parse_all(module) {
        let payload = payload.context(NO_MODULE)?;
        if let (Payload::CodeSectionStart { .. }, Some((_, range))) =
            (&payload, payload.as_section())
        {
            let (start, end) = (usize::try_from(range.start)?, usize::try_from(range.end)?);
            return module.get(start..end).context(NO_MODULE);
        }
    }
    bail!("there is no code in this wasm module")
}

fn length(range: &Range<u64>) -> Result<usize> {
    Ok(usize::try_from(range.end.saturating_sub(range.start))?)
}

const NOT_SHORTEST: &str = "a number in this wasm module is not written in the shortest way, as \
    wasm-opt does";
const NO_MODULE: &str = "this is no wasm module, or one that is newer than this program";

#[cfg(test)]
mod tests {
    use super::*;

    /// `(module (import "m" "i" (func)) (func $f) (func $g nop) (memory 1) (data (i32.const 0)
    /// "abc"))`, and a section of some tool's.
    const MODULE: &[&[u8]] = &[
        b"\0asm\x01\0\0\0",
        b"\x01\x04\x01\x60\0\0",
        b"\x02\x07\x01\x01m\x01i\0\0",
        b"\x03\x03\x02\0\0",
        b"\x05\x03\x01\0\x01",
        b"\x0a\x08\x02\x02\0\x0b\x03\0\x01\x0b",
        b"\x0b\x09\x01\0\x41\0\x0b\x03abc",
        b"\0\x0e\x04name\x01\x07\x02\x01\x01f\x02\x01g",
        b"\0\x0a\x09producers",
    ];

    #[test]
    fn custom_sections_go_and_nothing_else_does() -> Result<()> {
        let plain = without_custom_sections(&MODULE.concat())?;
        assert_eq!(plain, MODULE.get(..7).context("seven sections")?.concat());
        assert_eq!(without_custom_sections(&plain)?, plain);
        assert!(without_custom_sections(b"\0asm\x01\0\0\0\x01\x04\x01").is_err());
        assert!(without_custom_sections(b"<!doctype html>").is_err());
        Ok(())
    }

    #[test]
    fn functions_have_a_name_and_a_size() -> Result<()> {
        let parts = parts(&MODULE.concat())?;
        let functions: Vec<_> =
            parts.functions.iter().map(|f| (f.name.as_deref(), f.bytes)).collect();
        assert_eq!(functions, [(Some("f"), 2), (Some("g"), 3)]);
        assert_eq!(parts.data, 9);
        assert_eq!(code(&MODULE.concat())?, MODULE[5].get(2..).context("code")?);
        assert!(code(b"\0asm\x01\0\0\0").is_err());
        Ok(())
    }
}
