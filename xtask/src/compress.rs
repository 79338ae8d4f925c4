//! Compresses a site beforehand, as small as brotli and gzip can: once here, never per request.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::sync::Mutex;

use anyhow::{Context as _, Result};

use crate::workspace;

/// Is a file of this name text or wasm, so that compressing it pays?
pub(crate) fn compresses(name: &str) -> bool {
    let (_, extension) = name.rsplit_once('.').unwrap_or_default();
    ["css", "html", "js", "json", "mjs", "svg", "ts", "txt", "wasm", "webmanifest"]
        .contains(&extension)
}

/// Brotli at its highest quality. The window covers every file that we ship.
///
/// # Errors
///
/// Never in practice: it writes to memory.
pub(crate) fn brotli(content: &[u8]) -> Result<Vec<u8>> {
    let parameters = brotli::enc::BrotliEncoderParams {
        quality: 11,
        lgwin: 22,
        size_hint: content.len(),
        ..Default::default()
    };
    let mut compressed = Vec::new();
    brotli::BrotliCompress(&mut &*content, &mut compressed, &parameters)
        .context("cannot compress with brotli")?;
    Ok(compressed)
}

/// Gzip at its highest level, with no time and no name in it: equal content, equal bytes.
///
/// # Errors
///
/// Never in practice: it writes to memory.
pub(crate) fn gzip(content: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(content).and_then(|()| encoder.finish()).context("cannot compress with gzip")
}

/// Writes a `.br` and a `.gz` beside every file below `folder` that compresses and has not got
/// them: who changes a file removes them. What is not served stays as it is.
///
/// # Errors
///
/// When a file cannot be read or written.
pub(crate) fn folder(folder: &Path) -> Result<()> {
    let mut files = workspace::files_below(folder)?;
    files.retain(|file| {
        let has = |extension| folder.join(format!("{file}.{extension}")).is_file();
        compresses(file) && file != "template.html" && !(has("br") && has("gz"))
    });
    let queue = Mutex::new(files);
    let take = || queue.lock().ok().and_then(|mut files| files.pop());
    let work = || -> Result<()> {
        while let Some(file) = take() {
            let path = folder.join(&file);
            let content =
                fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
            for (extension, compressed) in [("br", brotli(&content)?), ("gz", gzip(&content)?)] {
                let path = folder.join(format!("{file}.{extension}"));
                fs::write(&path, compressed)
                    .with_context(|| format!("cannot write {}", path.display()))?;
            }
        }
        Ok(())
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        workers.into_iter().try_for_each(|worker| {
            worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        })
    })
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    #[test]
    fn every_text_file_gets_both_forms_and_they_read_back() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let content = "<p>Your views</p>\n".repeat(100);
        fs::create_dir(folder.path().join("s"))?;
        fs::write(folder.path().join("s/index.html"), &content)?;
        fs::write(folder.path().join("picture.png"), "not text")?;
        fs::write(folder.path().join("template.html"), "not served")?;
        super::folder(folder.path())?;

        let files = workspace::files_below(folder.path())?;
        let expected =
            ["picture.png", "s/index.html", "s/index.html.br", "s/index.html.gz", "template.html"];
        assert_eq!(files, expected);
        let packed = fs::read(folder.path().join("s/index.html.br"))?;
        let mut unpacked = Vec::new();
        brotli::BrotliDecompress(&mut &*packed, &mut unpacked)?;
        assert_eq!(unpacked, content.as_bytes());
        let packed = fs::read(folder.path().join("s/index.html.gz"))?;
        let mut unpacked = String::new();
        flate2::read::GzDecoder::new(&*packed).read_to_string(&mut unpacked)?;
        assert_eq!(unpacked, content);

        // There already: left alone.
        fs::write(folder.path().join("s/index.html.br"), "kept")?;
        super::folder(folder.path())?;
        assert_eq!(fs::read_to_string(folder.path().join("s/index.html.br"))?, "kept");
        Ok(())
    }

    #[test]
    fn gzip_holds_no_time_and_no_name() -> Result<()> {
        // RFC 1952 section 2.3: the two magic bytes, deflate, no flags, and the time: none.
        let packed = gzip(b"views")?;
        assert_eq!(packed.get(..8), Some(&[0x1f, 0x8b, 8, 0, 0, 0, 0, 0][..]));
        Ok(())
    }
}
