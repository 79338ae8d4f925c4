//! Lines of a file that may hold anything.

use std::io::{self, BufRead};

use crate::spool::Span;

/// The longest line that is read. An envelope has at most 64 KiB and a line of an export holds
/// little else, even with every quote escaped; only a line that is none of ours is longer.
pub(crate) const MAX_LINE: usize = 256 * 1024;

/// One line, without its end.
pub(crate) enum Line<'a> {
    /// Its bytes.
    Whole(&'a [u8]),
    /// More than [`MAX_LINE`] bytes, which were passed over.
    TooLong,
}

/// Reads a file line by line in bounded memory. Empty lines are passed over, but counted.
pub(crate) struct Lines<R> {
    reader: R,
    buffer: Vec<u8>,
    too_long: bool,
    number: u64,
    /// Bytes of the file before the line that was read last, and before the one to be read next.
    start: u64,
    next: u64,
}

impl<R: BufRead> Lines<R> {
    pub(crate) fn new(reader: R) -> Self {
        Self { reader, buffer: Vec::new(), too_long: false, number: 0, start: 0, next: 0 }
    }

    /// Number of the line that was read last, from 1.
    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    /// Where in the file the line lies that was read last, white space around it left out.
    pub(crate) fn span(&self) -> Span {
        let white = self.buffer.len() - self.buffer.trim_ascii_start().len();
        // At most MAX_LINE bytes.
        let len = self.buffer.trim_ascii().len() as u32;
        Span { start: self.start + white as u64, len }
    }

    /// The line that was read last.
    pub(crate) fn line(&self) -> Line<'_> {
        if self.too_long { Line::TooLong } else { Line::Whole(self.buffer.trim_ascii()) }
    }

    /// Reads the next line that is not empty; `false` at the end.
    pub(crate) fn advance(&mut self) -> io::Result<bool> {
        loop {
            let ended = self.read()?;
            if self.too_long || !self.buffer.trim_ascii().is_empty() {
                return Ok(true);
            }
            if ended {
                return Ok(false);
            }
        }
    }

    /// Reads a line of any kind; `true` at the end of the file.
    fn read(&mut self) -> io::Result<bool> {
        self.buffer.clear();
        self.too_long = false;
        self.start = self.next;
        self.number += 1;
        loop {
            let chunk = match self.reader.fill_buf() {
                Ok(chunk) => chunk,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            if chunk.is_empty() {
                return Ok(true);
            }
            let end = chunk.iter().position(|&byte| byte == b'\n');
            let part = &chunk[..end.unwrap_or(chunk.len())];
            self.too_long |= self.buffer.len() + part.len() > MAX_LINE;
            if self.too_long {
                self.buffer.clear();
            } else {
                self.buffer.extend_from_slice(part);
            }
            let used = end.map_or(part.len(), |end| end + 1);
            self.reader.consume(used);
            self.next += used as u64;
            if end.is_some() {
                return Ok(false);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use super::*;

    fn read(text: &[u8]) -> Vec<(u64, Option<String>)> {
        // A tiny buffer, so that lines cross its edges.
        let mut lines = Lines::new(BufReader::with_capacity(3, text));
        let mut read = Vec::new();
        while lines.advance().unwrap() {
            let line = match lines.line() {
                Line::Whole(bytes) => Some(String::from_utf8_lossy(bytes).into_owned()),
                Line::TooLong => None,
            };
            if let Some(line) = &line {
                let Span { start, len } = lines.span();
                let start = usize::try_from(start).unwrap();
                assert_eq!(&text[start..start + len as usize], line.as_bytes());
            }
            read.push((lines.number(), line));
        }
        read
    }

    #[test]
    fn lines_end_in_any_usual_way() {
        let whole = |n, text: &str| (n, Some(text.to_owned()));
        assert_eq!(read(b""), []);
        assert_eq!(read(b"\n\n"), []);
        assert_eq!(read(b"one"), [whole(1, "one")]);
        assert_eq!(read(b"one\r\n\n  \ntwo\n"), [whole(1, "one"), whole(4, "two")]);
    }

    #[test]
    fn a_line_without_end_does_not_fill_the_memory() {
        let mut text = vec![b'x'; MAX_LINE + 1];
        text.extend_from_slice(b"\nnext");
        assert_eq!(read(&text), [(1, None), (2, Some("next".to_owned()))]);
        let longest = vec![b'x'; MAX_LINE];
        assert_eq!(read(&longest).len(), 1);
        assert!(read(&longest)[0].1.is_some());
    }
}
