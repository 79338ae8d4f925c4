//! Traces of a text in bytes: as it was written, or in a form that programs put text into.

use std::{fs, path::Path};

use anyhow::Result;
use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD},
};

/// A text that must not be found.
#[derive(Clone, Debug)]
pub struct Secret {
    text: String,
    forms: Vec<Vec<u8>>,
}

impl Secret {
    /// `text` in all the forms that are looked for: UTF-8, UTF-16, JSON, percent-encoding,
    /// hexadecimal, and base64 (both alphabets) wherever in it the text may start.
    ///
    /// It should have eight bytes and more: shorter ones turn up in random bytes by chance.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut forms = vec![
            bytes.to_vec(),
            text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            serde_json::Value::from(text).to_string().trim_matches('"').as_bytes().to_vec(),
            percent_encoded(bytes).into_bytes(),
            bytes.iter().flat_map(|byte| format!("{byte:02x}").into_bytes()).collect(),
        ];
        for skip in 0..3.min(bytes.len()) {
            let rest = &bytes[skip..];
            let whole = &rest[..rest.len() / 3 * 3];
            forms.push(STANDARD_NO_PAD.encode(whole).into_bytes());
            forms.push(URL_SAFE_NO_PAD.encode(whole).into_bytes());
        }
        forms.sort();
        forms.dedup();
        Self { text: text.to_owned(), forms }
    }

    /// Whether any form of it is in `bytes`.
    #[must_use]
    pub fn is_in(&self, bytes: &[u8]) -> bool {
        self.forms.iter().any(|form| {
            let first = form.first().copied();
            // Most places are ruled out by one byte.
            let starts = bytes.iter().enumerate().filter(|(_, byte)| Some(**byte) == first);
            starts.map(|(at, _)| at).any(|at| bytes[at..].starts_with(form))
        })
    }
}

/// Where in `places`, each a name and its bytes, one of `secrets` shows. Empty: nowhere.
pub fn traces<'a>(
    secrets: &[Secret],
    places: impl IntoIterator<Item = (&'a str, &'a [u8])>,
) -> Vec<String> {
    let mut found = Vec::new();
    for (name, bytes) in places {
        for secret in secrets.iter().filter(|secret| secret.is_in(bytes)) {
            found.push(format!("`{}` in {name}", secret.text));
        }
    }
    found
}

/// Every file below `folder`, with its path.
///
/// # Errors
///
/// A folder cannot be read. Files that are gone by the time they are read are left out.
pub(crate) fn files_below(folder: &Path) -> Result<Vec<(String, Vec<u8>)>> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let kind = entry.file_type()?;
            if kind.is_dir() {
                folders.push(entry.path());
            } else if kind.is_file()
                && let Ok(bytes) = fs::read(entry.path())
            {
                files.push((entry.path().display().to_string(), bytes));
            }
        }
    }
    Ok(files)
}

fn percent_encoded(bytes: &[u8]) -> String {
    let encode = |byte: &u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => char::from(*byte).to_string(),
        byte => format!("%{byte:02X}"),
    };
    bytes.iter().map(encode).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_found_in_every_form_and_at_every_place() {
        let secret = Secret::new("Ünsaid words");
        for before in ["", "a", "ab", "abc"] {
            let text = format!("{before}Ünsaid words and more");
            assert!(secret.is_in(text.as_bytes()));
            assert!(secret.is_in(STANDARD_NO_PAD.encode(&text).as_bytes()), "{before:?}");
            assert!(secret.is_in(URL_SAFE_NO_PAD.encode(&text).as_bytes()), "{before:?}");
            let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
            assert!(secret.is_in(&wide));
        }
        assert!(secret.is_in(b"?q=%C3%9Cnsaid%20words"));
        assert!(!secret.is_in(b"Unsaid words"));
    }
}
