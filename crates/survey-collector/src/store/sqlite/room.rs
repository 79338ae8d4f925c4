//! How much room there is for the file to grow.

use std::{io, path::Path};

use nix::sys::statvfs::{FsFlags, statvfs};

use crate::store::StoreError;

/// The largest batch, once in the write-ahead log and once in the file. With less than this free,
/// envelopes may be turned away at any moment.
pub(super) const RESERVE: u64 = 64 << 20;

/// Whether the file at `path` may grow by `bytes`. Reads two numbers and writes nothing.
///
/// It sees what the file system has left and whether it is mounted for reading only; it does not
/// see a quota of one user.
pub(super) async fn check(path: &Path, bytes: u64) -> Result<(), StoreError> {
    let path = path.to_owned();
    // The system may take its time over a disk that is ill.
    match tokio::task::spawn_blocking(move || free(&path)).await.map_err(io::Error::other).flatten()
    {
        Ok(Some(free)) if free >= bytes => Ok(()),
        Ok(Some(free)) => Err(StoreError::Full(format!(
            "{} MiB are free where {} MiB are needed",
            free >> 20,
            bytes.div_ceil(1 << 20)
        ))),
        Ok(None) => Err(StoreError::Unavailable("its disk is mounted for reading only".into())),
        Err(error) => Err(StoreError::Unavailable(error.to_string())),
    }
}

/// Bytes that this user may still write to the file system that holds `path`; none if it takes no
/// writes at all.
#[allow(clippy::useless_conversion)] // They are shorter on some systems.
fn free(path: &Path) -> io::Result<Option<u64>> {
    let disk = statvfs(path)?;
    if disk.flags().contains(FsFlags::ST_RDONLY) {
        return Ok(None);
    }
    let (blocks, size) = (u64::from(disk.blocks_available()), u64::from(disk.fragment_size()));
    Ok(Some(blocks.saturating_mul(size)))
}
