//! Which crates the program is made of.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};

use super::budget::Sums;
use crate::publish;
use crate::wasm::{self, Parts};

/// How many crates are listed.
const HEAVIEST: usize = 10;

/// The heaviest crates in the program of a site.
///
/// The site's program holds no names of functions. The one that it was made of, in trunk's folder,
/// does: its code is the same, or it is not the one.
///
/// # Errors
///
/// When the program cannot be read.
pub(super) fn table(site: &Path, sums: &Sums) -> Result<String> {
    let program = sums.program().context("this site has no program")?;
    let path = site.join(program);
    let shipped = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let code = wasm::code(&shipped).with_context(|| path.display().to_string())?;
    let named = fs::read(publish::widget_folder()?.join(publish::PROGRAM)).unwrap_or_default();
    if !wasm::code(&named).is_ok_and(|named| named == code) {
        return Ok(format!(
            "{program} is not the one that was built here last, so nothing is known of its crates\n"
        ));
    }
    Ok(shown(&wasm::parts(&named)?, shipped.len()))
}

fn shown(parts: &Parts, total: usize) -> String {
    let mut by_crate = BTreeMap::<String, usize>::new();
    for function in &parts.functions {
        *by_crate.entry(crate_of(function.name.as_deref())).or_default() += function.bytes;
    }
    let mut crates: Vec<_> = by_crate.into_iter().collect();
    crates.sort_by_key(|(_, bytes)| std::cmp::Reverse(*bytes));
    let rest: usize = crates.iter().skip(HEAVIEST).map(|(_, bytes)| bytes).sum();
    let others = crates.len().saturating_sub(HEAVIEST);
    crates.truncate(HEAVIEST);
    let listed: usize = crates.iter().map(|(_, bytes)| bytes).sum::<usize>() + rest + parts.data;
    crates.extend([
        (format!("{others} others"), rest),
        ("constants".to_owned(), parts.data),
        ("tables and types".to_owned(), total.saturating_sub(listed)),
    ]);
    let mut table = format!("{:<20} {:>9} {:>5}\n", "crate in the program", "raw", "%");
    for (name, bytes) in crates {
        // Not exact for huge numbers, which a program for a phone is not.
        let share = 100.0 * bytes as f64 / total.max(1) as f64;
        table += &format!("{name:<20} {bytes:>9} {share:>5.1}\n");
    }
    table
}

/// The crate that a function is of: the one in which it stands as text. `<A as B>::f` is code of
/// the crate of `A`, unless that is a type of the language itself.
fn crate_of(name: Option<&str>) -> String {
    let Some(name) = name else { return "(no name)".to_owned() };
    let name = without_hashes(name);
    let mut paths = name.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':'));
    let found = paths.find_map(|path| {
        let (krate, rest) = path.trim_start_matches(':').split_once("::")?;
        (!krate.is_empty() && !rest.is_empty()).then_some(krate)
    });
    match found {
        Some("core" | "alloc" | "std" | "hashbrown" | "dlmalloc" | "__rustc") => "std",
        // The binary and the library of the widget.
        Some("views") => "victim_voice",
        Some(krate) => krate,
        None => "(no crate)",
    }
    .to_owned()
}

/// A name in which each crate is followed by a hash, `core[c5930c85a12de822]::fmt`, without those.
fn without_hashes(name: &str) -> String {
    let mut parts = name.split('[');
    let mut without = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match part.split_once(']') {
            Some((hash, rest)) if hash.bytes().all(|byte| byte.is_ascii_hexdigit()) => {
                without += rest;
            }
            _ => without = without + "[" + part,
        }
    }
    without
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wasm::Function;

    #[test]
    fn functions_are_counted_for_the_crate_that_they_stand_in() {
        for (name, expected) in [
            ("survey_core::session::Session::go_on::h0123456789abcdef", "survey_core"),
            ("<tachys::html::Text as tachys::view::Render>::build::h01", "tachys"),
            ("<alloc::vec::Vec<T> as core::ops::drop::Drop>::drop::h01", "std"),
            ("core::ptr::drop_in_place<tachys::view::State>::h01", "std"),
            ("<&T as reactive_graph::Get>::get", "reactive_graph"),
            ("<&mut tachys::view::State>::f", "tachys"),
            ("<str as survey_wire::X>::f", "survey_wire"),
            ("<&usize as core[c5930c85a12de822]::fmt::Debug>::fmt", "std"),
            ("<dlmalloc[e24a27700634d609]::Dlmalloc>::malloc", "std"),
            ("<[T] as survey_wire::X>::f", "survey_wire"),
            ("views::main::h466688d09c9f390a", "victim_voice"),
            ("__wbindgen_malloc", "(no crate)"),
            ("memcpy", "(no crate)"),
        ] {
            assert_eq!(crate_of(Some(name)), expected, "`{name}`");
        }
        assert_eq!(crate_of(None), "(no name)");
    }

    #[test]
    fn every_byte_is_somewhere() {
        let function = |name: String| Function { name: Some(name), bytes: 10 };
        let functions = (0..12).map(|i| function(format!("c{i}::f"))).collect();
        let table = shown(&Parts { functions, data: 30 }, 200);
        let bytes = table.lines().skip(1).filter_map(|line| {
            let mut columns = line.split_whitespace().rev();
            columns.nth(1)?.parse::<usize>().ok()
        });
        assert_eq!(bytes.sum::<usize>(), 200, "{table}");
        assert!(table.contains("2 others"), "{table}");
    }
}
