//! Writes the envelope's JSON, in memory that is there already.

use survey_seal::base64url;

use crate::base64url_len;

/// Text that grows in a buffer. The buffer holds the longest envelope that there is, so an index
/// out of it is a fault of this crate, and ends the module.
pub(crate) struct Json<'a> {
    buffer: &'a mut [u8],
    len: usize,
}

impl<'a> Json<'a> {
    pub(crate) const fn new(buffer: &'a mut [u8]) -> Self {
        Self { buffer, len: 0 }
    }

    /// What is written so far.
    pub(crate) const fn len(&self) -> usize {
        self.len
    }

    /// Writes text as it is.
    pub(crate) fn text(&mut self, text: &[u8]) {
        self.next(text.len()).copy_from_slice(text);
    }

    /// Writes what stands before a value, and the value as base64url.
    pub(crate) fn bytes(&mut self, before: &[u8], value: &[u8]) {
        self.text(before);
        base64url(value, self.next(base64url_len(value.len())));
    }

    fn next(&mut self, len: usize) -> &mut [u8] {
        let start = self.len;
        self.len += len;
        &mut self.buffer[start..self.len]
    }
}
