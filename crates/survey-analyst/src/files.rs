//! Files that hold keys and answers: for their owner only, and never half written.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, BufWriter, Read, Write},
    path::{Path, PathBuf},
};

use tempfile::NamedTempFile;

use crate::error::{Action, Error};

/// Everything in the file.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, Error> {
    fs::read(path).map_err(Error::io(Action::Read, path))
}

/// A short text file. What it holds may be secret, so it is read into a buffer that never moves:
/// growing would leave copies behind.
pub(crate) fn read_secret(path: &Path) -> Result<zeroize::Zeroizing<String>, Error> {
    const MOST: u64 = 4096;
    let read = || {
        let mut text = zeroize::Zeroizing::new(String::with_capacity(MOST as usize + 1));
        File::open(path)?.take(MOST).read_to_string(&mut text)?;
        Ok(text)
    };
    read().map_err(|error: io::Error| match error.kind() {
        io::ErrorKind::InvalidData => Error::file(path, "this is no text file, so it holds no key"),
        _ => Error::io(Action::Read, path)(error),
    })
}

/// Writes a new file and waits until it is on the disk. Only its owner can read a `secret` one
/// (mode 0600; on Windows, whoever may read the folder).
pub(crate) fn create_new(path: &Path, bytes: &[u8], secret: bool) -> Result<(), Error> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    if secret {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    #[cfg(not(unix))]
    let _ = secret;
    let write = || {
        let mut file = options.open(path)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        sync_folder(path)
    };
    write().map_err(Error::io(Action::Create, path))
}

/// Whether others than the owner can read the file.
pub(crate) fn is_open_to_others(path: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::metadata(path).is_ok_and(|data| data.permissions().mode() & 0o077 != 0)
    }
    #[cfg(not(unix))]
    {
        let _ = path;
        false
    }
}

/// Makes a folder that only its owner can look into. One that exists is left as it is: it may be
/// shared on purpose, and the files in it are closed anyway.
pub(crate) fn create_private_folder(path: &Path) -> Result<(), Error> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder.create(path).map_err(Error::io(Action::Write, path))
}

/// Makes a folder that a web server can read.
pub(crate) fn create_folder(path: &Path) -> Result<(), Error> {
    fs::create_dir_all(path).map_err(Error::io(Action::Write, path))
}

/// A file that appears under its name whole or not at all. Only its owner can read it (mode 0600).
pub(crate) struct Draft {
    file: BufWriter<NamedTempFile>,
    path: PathBuf,
}

impl Draft {
    /// Starts a file that [`Draft::finish`] puts at `path`.
    pub(crate) fn new(path: &Path) -> Result<Self, Error> {
        let file = NamedTempFile::new_in(folder_of(path));
        let file = file.map_err(Error::io(Action::Write, path))?;
        Ok(Self { file: BufWriter::with_capacity(1 << 16, file), path: path.to_owned() })
    }

    /// Adds bytes.
    pub(crate) fn push(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.file.write_all(bytes).map_err(Error::io(Action::Write, &self.path))
    }

    /// Lets everybody read the file: it goes on a web site.
    pub(crate) fn make_public(&self) -> Result<(), Error> {
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = fs::Permissions::from_mode(0o644);
            let set = self.file.get_ref().as_file().set_permissions(mode);
            set.map_err(Error::io(Action::Write, &self.path))?;
        }
        Ok(())
    }

    /// Waits until everything is on the disk and puts it in its place.
    pub(crate) fn finish(self) -> Result<(), Error> {
        let Self { file, path } = self;
        let put = || {
            let file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
            file.as_file().sync_all()?;
            file.persist(&path).map_err(|error| error.error)?;
            sync_folder(&path)
        };
        put().map_err(Error::io(Action::Write, &path))
    }
}

impl Write for Draft {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Replaces a file in one step.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let mut draft = Draft::new(path)?;
    draft.push(bytes)?;
    draft.finish()
}

/// Replaces a file that everybody may read in one step.
pub(crate) fn replace_public(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let mut draft = Draft::new(path)?;
    draft.push(bytes)?;
    draft.make_public()?;
    draft.finish()
}

/// The folder that a path lies in.
pub(crate) fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// A new name survives a power cut only when its folder is on the disk too.
fn sync_folder(path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    File::open(folder_of(path))?.sync_all()?;
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}
