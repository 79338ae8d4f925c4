//! A temporary file for what does not fit in memory until its order is known.

use std::{
    fs::File,
    io::{self, BufWriter, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

use tempfile::NamedTempFile;

use crate::error::{Action, Error};

/// Where something lies in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) start: u64,
    pub(crate) len: u32,
}

/// A file that only its owner can read (mode 0600) and that is gone with this value.
pub(crate) struct Spool {
    file: BufWriter<NamedTempFile>,
    folder: PathBuf,
    len: u64,
}

impl Spool {
    /// An empty one. It lies in `folder` and not in the system's folder for temporary files, so
    /// that answers stay on the disk that the analyst chose for them.
    pub(crate) fn new(folder: &Path) -> Result<Self, Error> {
        let file = NamedTempFile::new_in(folder).map_err(Error::io(Action::Write, folder))?;
        let file = BufWriter::with_capacity(1 << 16, file);
        Ok(Self { file, folder: folder.to_owned(), len: 0 })
    }

    /// Adds bytes, less than 4 GiB.
    pub(crate) fn append(&mut self, bytes: &[u8]) -> Result<Span, Error> {
        let fail = Error::io(Action::Write, &self.folder);
        let Ok(len) = u32::try_from(bytes.len()) else {
            return Err(fail(io::ErrorKind::FileTooLarge.into()));
        };
        self.file.write_all(bytes).map_err(fail)?;
        let span = Span { start: self.len, len };
        self.len += u64::from(len);
        Ok(span)
    }

    /// Turns to reading.
    pub(crate) fn into_reader(self) -> Result<Spans, Error> {
        let Self { file, folder, .. } = self;
        let fail = Error::io(Action::Write, &folder);
        let file = file.into_inner().map_err(|error| fail(error.into_error()))?;
        Ok(Spans { file: Source::Temporary(file), path: folder, buffer: Vec::new() })
    }
}

/// Reads pieces of a file in any order.
pub(crate) struct Spans {
    file: Source,
    path: PathBuf,
    buffer: Vec<u8>,
}

enum Source {
    Temporary(NamedTempFile),
    Lasting(File),
}

impl Spans {
    /// Of a file that is there.
    pub(crate) fn open(path: &Path) -> Result<Self, Error> {
        let file = File::open(path).map_err(Error::io(Action::Read, path))?;
        Ok(Self { file: Source::Lasting(file), path: path.to_owned(), buffer: Vec::new() })
    }

    /// The bytes that lie there.
    pub(crate) fn get(&mut self, span: Span) -> Result<&[u8], Error> {
        let file = match &mut self.file {
            Source::Temporary(file) => file.as_file_mut(),
            Source::Lasting(file) => file,
        };
        self.buffer.resize(span.len as usize, 0);
        let mut read = || {
            file.seek(SeekFrom::Start(span.start))?;
            file.read_exact(&mut self.buffer)
        };
        read().map_err(Error::io(Action::Read, &self.path))?;
        Ok(&self.buffer)
    }
}
