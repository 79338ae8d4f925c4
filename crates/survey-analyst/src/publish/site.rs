//! The folder that a collector serves.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use flate2::{Compression, write::GzEncoder};
use survey_wire::{DefinitionHash, Manifest, ManifestSurvey, Origin, SurveyId, page_code};

use super::Publish;
use crate::{
    error::{Action, Error},
    files,
};

/// A built site.
pub(super) struct Site {
    folder: PathBuf,
}

impl Site {
    /// Opens a site: a folder, to which publishing adds.
    pub(super) fn open(folder: &Path) -> Result<Self, Error> {
        if !folder.is_dir() {
            let why = "is no folder; build a site with `cargo xtask publish` and give its folder";
            return Err(Error::file(folder, why));
        }
        Ok(Self { folder: folder.to_owned() })
    }

    /// The surveys that the site carries; none when nothing was published yet.
    pub(super) fn manifest(&self) -> Result<Manifest, Error> {
        let path = self.manifest_path();
        match fs::read(&path) {
            Ok(json) => {
                Manifest::parse(&json).map_err(|error| Error::file(&path, error.to_string()))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Manifest::default()),
            Err(error) => Err(Error::io(Action::Read, &path)(error)),
        }
    }

    /// Whether a collector will take the list.
    pub(super) fn check(&self, manifest: &Manifest) -> Result<(), Error> {
        let again = Manifest::parse(manifest.to_json().as_bytes());
        again.map(drop).map_err(|error| Error::file(&self.manifest_path(), error.to_string()))
    }

    /// Writes a definition and the list that names it, in this order: the list never names one
    /// that is not there.
    pub(super) fn write(
        &self,
        manifest: &Manifest,
        hash: DefinitionHash,
        definition: &str,
    ) -> Result<(), Error> {
        write_compressed(&self.definition_path(hash), definition.as_bytes())?;
        let path = self.manifest_path();
        // Whoever wrote the pages may have compressed the list of before, which a web server would
        // go on sending.
        for form in [".br", ".gz"] {
            let stale = with_ending(&path, form);
            match fs::remove_file(&stale) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    return Err(Error::io(Action::Write, &stale)(error));
                }
                _ => {}
            }
        }
        files::replace_public(&path, manifest.to_json().as_bytes())
    }

    pub(super) fn definition_path(&self, hash: DefinitionHash) -> PathBuf {
        self.folder.join(format!("d/{hash}.json"))
    }

    fn manifest_path(&self) -> PathBuf {
        self.folder.join("surveys.json")
    }
}

/// What publishing a definition means for the earlier ones of its survey.
pub(super) struct Listed {
    /// Is this the site's first survey?
    pub(super) first: bool,
    /// Earlier definitions that are taken further on.
    pub(super) kept: Vec<DefinitionHash>,
    /// Earlier definitions that end when the pages are written.
    pub(super) retiring: usize,
}

/// Puts a definition on the list, newest first.
///
/// Nothing is taken away here: until somebody writes them anew, the pages ask an earlier definition
/// and send to its addresses. Who writes them takes away what none of them needs any more.
pub(super) fn list(
    manifest: &mut Manifest,
    id: &SurveyId,
    hash: DefinitionHash,
    submit: Vec<Origin>,
    args: &Publish,
) -> Listed {
    let place = manifest.surveys.iter().position(|survey| survey.id == *id);
    let place = place.unwrap_or_else(|| {
        manifest.surveys.push(ManifestSurvey {
            id: id.clone(),
            page: page_code(id),
            definitions: Vec::new(),
            retiring: Vec::new(),
            submit: Vec::new(),
            closes: None,
        });
        manifest.surveys.len() - 1
    });
    let survey = &mut manifest.surveys[place];
    let mut earlier = std::mem::take(&mut survey.definitions);
    earlier.retain(|known| *known != hash);
    if args.retire_previous {
        survey.retiring.clone_from(&earlier);
    }
    survey.retiring.retain(|known| *known != hash);
    survey.definitions = [vec![hash], earlier.clone()].concat();
    let before = std::mem::replace(&mut survey.submit, submit);
    for origin in before {
        if !survey.submit.contains(&origin) {
            survey.submit.push(origin);
        }
    }
    survey.closes = args.closes.or(survey.closes);
    earlier.retain(|known| !survey.retiring.contains(known));
    Listed { first: place == 0, kept: earlier, retiring: survey.retiring.len() }
}

/// Writes a file and its compressed forms, which a collector sends to whoever takes them.
fn write_compressed(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    files::create_folder(files::folder_of(path))?;
    files::replace_public(path, bytes)?;
    let with = |form| with_ending(path, form);
    files::replace_public(&with(".br"), &brotli(bytes).map_err(Error::io(Action::Write, path))?)?;
    files::replace_public(&with(".gz"), &gzip(bytes).map_err(Error::io(Action::Write, path))?)
}

fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

fn brotli(mut bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut out = Vec::new();
    let params = brotli::enc::BrotliEncoderParams {
        quality: 11,
        size_hint: bytes.len(),
        ..Default::default()
    };
    brotli::BrotliCompress(&mut bytes, &mut out, &params)?;
    Ok(out)
}

/// Without name and time, so that the same page gives the same bytes.
fn gzip(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    io::Write::write_all(&mut encoder, bytes)?;
    encoder.finish()
}
