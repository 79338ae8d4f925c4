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
                let name = entry.path().display().to_string();
                if let Some(text) = unpacked(&bytes) {
                    files.push((format!("{name} unpacked"), text));
                }
                files.push((name, bytes));
            }
        }
    }
    Ok(files)
}

/// What is in a file as Firefox packs its lists of open pages: eight bytes of name, the length of what
/// is in it, and a block of LZ4 (lz4_Block_format.md). As far as it can be read: a file may be cut off
/// while it is being written.
fn unpacked(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut rest = bytes.strip_prefix(b"mozLz40\0")?.get(4..)?.iter().copied();
    let mut text = Vec::new();
    // A length of 15 goes on in the bytes that follow, up to the first that is not 255.
    let length = |nibble: u8, rest: &mut dyn Iterator<Item = u8>| {
        let mut length = usize::from(nibble);
        if nibble == 15 {
            for byte in rest {
                length += usize::from(byte);
                if byte != 255 {
                    break;
                }
            }
        }
        length
    };
    while let Some(token) = rest.next() {
        let literals = length(token >> 4, &mut rest);
        text.extend(rest.by_ref().take(literals));
        let (Some(low), Some(high)) = (rest.next(), rest.next()) else { break };
        let back = usize::from(u16::from_le_bytes([low, high]));
        let count = length(token & 15, &mut rest) + 4;
        let Some(start) = text.len().checked_sub(back).filter(|_| back > 0) else { break };
        for at in start..start + count {
            text.push(text[at]);
        }
    }
    Some(text)
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

    #[test]
    fn what_firefox_packs_is_read() {
        // Four letters, ten more that repeat them, and two at the end.
        let packed = b"mozLz40\0\x10\0\0\0\x46abcd\x04\0\x20yz";
        assert_eq!(unpacked(packed).as_deref(), Some(&b"abcdabcdabcdabyz"[..]));
        assert_eq!(unpacked(b"mozLz40\0\x10\0\0\0\x46ab").as_deref(), Some(&b"ab"[..]));
        assert_eq!(unpacked(b"SQLite format 3\0"), None);
    }
}
