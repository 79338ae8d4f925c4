//! Short names for what the program and its glue call each other by.
//!
//! wasm-bindgen names each import and some exports with a hash, so that they do not meet: sixteen
//! hexadecimal digits, a hundred times, in both files. Digits of a hash do not compress: the names
//! were 3.4 of 64 kB of brotli.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;

use crate::wasm;

/// Shorter names are left as they are: `memory`, for one.
const LONGEST: usize = 6;

/// Gives the same short names to imports and exports in both files: the glue and the program.
/// Exports that the glue does not know go: nobody calls them, and one of them is a hash of where
/// the crates lie on this machine.
///
/// A name is replaced wherever it stands in the glue as a word, and what replaces it stands nowhere
/// else in it, so nothing can be taken for something else.
///
/// # Errors
///
/// When the program is no wasm module.
pub(super) fn names(glue: &str, program: &[u8]) -> Result<(String, Vec<u8>)> {
    let known: BTreeSet<&str> = words(glue).filter(|word| is_word(word)).collect();
    let unused = short_names().filter(|name| !known.contains(name.as_str()));
    let mut short = Short { known: &known, unused, renamed: BTreeMap::new() };
    let program = wasm::with_names(program, &mut short)?;
    let renamed = short.renamed;
    let short = |word| renamed.get(word).map_or(word, String::as_str);
    Ok((words(glue).map(short).collect(), program))
}

/// Short names for long ones, as they come.
struct Short<'a, I> {
    known: &'a BTreeSet<&'a str>,
    unused: I,
    renamed: BTreeMap<String, String>,
}

impl<I: Iterator<Item = String>> wasm::Names for Short<'_, I> {
    fn import(&mut self, name: &str) -> String {
        if name.len() <= LONGEST || !self.known.contains(name) {
            return name.to_owned();
        }
        // There is no end to them.
        let new = || self.unused.next().unwrap_or_else(|| name.to_owned());
        self.renamed.entry(name.to_owned()).or_insert_with(new).clone()
    }

    fn export(&mut self, name: &str) -> Option<String> {
        self.known.contains(name).then(|| self.import(name))
    }
}

/// A script cut into words and what stands between them: together, they are the script.
fn words(script: &str) -> impl Iterator<Item = &str> {
    let mut rest = script;
    std::iter::from_fn(move || {
        let first = is_word(rest.get(..rest.chars().next()?.len_utf8())?);
        let end = rest.char_indices().find(|(at, c)| {
            is_word(rest.get(*at..*at + c.len_utf8()).unwrap_or_default()) != first
        });
        let (word, after) = rest.split_at(end.map_or(rest.len(), |(at, _)| at));
        rest = after;
        Some(word)
    })
}

/// Is this, or the start of it, a name in a script?
fn is_word(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphanumeric() || c == '_' || c == '$')
}

/// `a`, `b`, … `z`, `ba`, …
fn short_names() -> impl Iterator<Item = String> {
    (0_u32..).map(|number| {
        let mut letters = Vec::new();
        let mut rest = number;
        loop {
            letters.push(char::from(b'a' + (rest % 26) as u8));
            rest /= 26;
            if rest == 0 {
                return letters.iter().rev().collect();
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Imports `m.__wbg_go_0123` and `m.unknown_to_glue`, exports `memory`, `__run_4567` and `z`.
    const MODULE: &[&[u8]] = &[
        b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0",
        b"\x02\x27\x02\x01m\x0d__wbg_go_0123\0\0\x01m\x0funknown_to_glue\0\0",
        b"\x03\x02\x01\0\x05\x03\x01\0\x01",
        b"\x07\x1b\x03\x06memory\x02\0\x0a__run_4567\0\x02\x01z\0\x02",
        b"\x0a\x04\x01\x02\0\x0b",
    ];

    #[test]
    fn both_files_get_the_same_short_names() -> Result<()> {
        let glue = "import0 = {\n  __wbg_go_0123: function(a) { my__run_4567; },\n};\n\
                    function __run_4567() { wasm.__run_4567(wasm.memory, 'b'); }\n";
        let (glue, program) = names(glue, &MODULE.concat())?;
        // `a` and `b` stand in the glue for something else.
        assert_eq!(
            glue,
            "import0 = {\n  c: function(a) { my__run_4567; },\n};\n\
             function d() { wasm.d(wasm.memory, 'b'); }\n"
        );
        let expected: &[&[u8]] = &[
            b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0",
            b"\x02\x1b\x02\x01m\x01c\0\0\x01m\x0funknown_to_glue\0\0",
            b"\x03\x02\x01\0\x05\x03\x01\0\x01",
            b"\x07\x0e\x02\x06memory\x02\0\x01d\0\x02",
            b"\x0a\x04\x01\x02\0\x0b",
        ];
        assert_eq!(program, expected.concat());
        assert_eq!(names(&glue, &program)?, (glue, program), "nothing is left to shorten");
        Ok(())
    }

    #[test]
    fn short_names_do_not_run_out() {
        let names: Vec<_> = short_names().take(1000).collect();
        assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), 1000);
        assert_eq!((&*names[0], &*names[25], &*names[26]), ("a", "z", "ba"));
    }
}
