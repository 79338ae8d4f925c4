//! The compiled form of a definition: what the widget reads in place of the file.
//!
//! A file has every language and every name, and reading it takes a JSON parser and all checks. A
//! widget needs one language and no check twice: it gets bytes that [`Definition::compile`] made of
//! a definition that was checked. They are between one version of whoever publishes and the same
//! version of the widget, never an archive, so the form has a number and no way to grow: bytes of
//! another number give `None`, and whoever holds them publishes again.
//!
//! ```text
//! compiled = form (1 byte) checksum (4 bytes, little-endian) content
//! number   = LEB128, at most 32 bits
//! string   = number (bytes) UTF-8
//! text     = number (0: none; bytes of UTF-8, twice, and 1 more if it is in the source language
//!            for want of a translation) UTF-8
//! list     = number (entries) entries
//! ```
//!
//! What follows in which order is in `write`, and in `read` once more. Left out is what no widget
//! asks for: other languages, classifications, sensitivity, names and days of keys.
//!
//! The checksum finds damage; it is no protection against somebody who writes a definition of
//! their own, whom only the origin that serves it can keep out. Whatever the bytes, reading does
//! not panic, and neither does anything that uses what was read.

mod read;
#[cfg(all(test, feature = "authoring"))]
mod tests;
#[cfg(feature = "authoring")]
mod write;

pub(crate) use read::Reader;
#[cfg(feature = "authoring")]
pub(crate) use write::Writer;

/// Number of the form; raised with every change.
const FORM: u8 = 1;

/// Bytes before the content.
const HEAD: usize = 5;

/// Types of page.
mod kind {
    pub(super) const STATEMENT: u8 = 0;
    pub(super) const GATE: u8 = 1;
    pub(super) const SINGLE: u8 = 2;
    pub(super) const MULTIPLE: u8 = 3;
    pub(super) const SCALE: u8 = 4;
    pub(super) const SELECT: u8 = 5;
    pub(super) const RATING: u8 = 6;
    pub(super) const TEXT: u8 = 7;
    pub(super) const LONG_TEXT: u8 = 8;
    pub(super) const MONTH: u8 = 9;
}

/// FNV-1a, 32 bits: finds every change of one byte, and all but one in 4 billion of the others.
fn checksum(content: &[u8]) -> [u8; 4] {
    let step = |hash: u32, byte: &u8| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193);
    content.iter().fold(0x811c_9dc5, step).to_le_bytes()
}

/// `bytes` with the checksum that belongs to their content.
#[cfg(feature = "authoring")]
pub(crate) fn signed(mut bytes: Vec<u8>) -> Vec<u8> {
    let (head, content) = bytes.split_at_mut(HEAD);
    head[0] = FORM;
    head[1..].copy_from_slice(&checksum(content));
    bytes
}
