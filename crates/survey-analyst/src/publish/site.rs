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
    files::{self, Draft},
};

/// Stands in the built frame document where the address of the definition goes.
const PLACEHOLDER: &str = "__DEFINITION__";

/// A built site.
pub(super) struct Site {
    folder: PathBuf,
    template: String,
}

impl Site {
    /// Opens a site and reads its template.
    pub(super) fn open(folder: &Path) -> Result<Self, Error> {
        let path = folder.join("template.html");
        let template = match fs::read_to_string(&path) {
            Ok(template) => template,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let why = "is not there, so this is no built site; build one with `cargo xtask \
                           site` and give its folder";
                return Err(Error::file(&path, why));
            }
            Err(error) => return Err(Error::io(Action::Read, &path)(error)),
        };
        if !template.contains(PLACEHOLDER) {
            let why = format!(
                "has no {PLACEHOLDER} where the definition's address goes; build the site again \
                 with `cargo xtask site`"
            );
            return Err(Error::file(&path, why));
        }
        Ok(Self { folder: folder.to_owned(), template })
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

    /// Writes everything that a survey needs; `first` when the site's own address shows it.
    ///
    /// In this order, so that no page ever names a definition that is not there or not taken.
    pub(super) fn write(
        &self,
        manifest: &Manifest,
        id: &SurveyId,
        definition: &str,
        first: bool,
    ) -> Result<(), Error> {
        let hash = DefinitionHash::of(definition.as_bytes());
        write_compressed(&self.definition_path(hash), definition.as_bytes())?;
        write_public(&self.manifest_path(), manifest.to_json().as_bytes())?;
        let page = self.template.replace(PLACEHOLDER, &format!("/d/{hash}.json"));
        let own = format!("s/{}/index.html", page_code(id));
        write_compressed(&self.folder.join(own), page.as_bytes())?;
        if first {
            write_compressed(&self.folder.join("index.html"), page.as_bytes())?;
        }
        Ok(())
    }

    pub(super) fn definition_path(&self, hash: DefinitionHash) -> PathBuf {
        self.folder.join(format!("d/{hash}.json"))
    }

    fn manifest_path(&self) -> PathBuf {
        self.folder.join("surveys.json")
    }
}

/// Puts a definition on the list, newest first. Says whether its survey is the site's first, and
/// which earlier definitions are taken further on.
pub(super) fn list(
    manifest: &mut Manifest,
    id: &SurveyId,
    hash: DefinitionHash,
    submit: Vec<Origin>,
    args: &Publish,
) -> (bool, Vec<DefinitionHash>) {
    let place = manifest.surveys.iter().position(|survey| survey.id == *id);
    let place = place.unwrap_or_else(|| {
        manifest.surveys.push(ManifestSurvey {
            id: id.clone(),
            page: page_code(id),
            definitions: Vec::new(),
            submit: Vec::new(),
            closes: None,
        });
        manifest.surveys.len() - 1
    });
    let survey = &mut manifest.surveys[place];
    let mut earlier = std::mem::take(&mut survey.definitions);
    earlier.retain(|known| *known != hash && !args.retire_previous);
    survey.definitions = [vec![hash], earlier.clone()].concat();
    survey.submit = submit;
    survey.closes = args.closes.or(survey.closes);
    (place == 0, earlier)
}

/// Writes a file and its compressed forms, which a collector sends to whoever takes them.
fn write_compressed(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    files::create_folder(files::folder_of(path))?;
    let with = |ending: &str| {
        let mut name = path.as_os_str().to_owned();
        name.push(ending);
        PathBuf::from(name)
    };
    write_public(path, bytes)?;
    write_public(&with(".br"), &brotli(bytes).map_err(Error::io(Action::Write, path))?)?;
    write_public(&with(".gz"), &gzip(bytes).map_err(Error::io(Action::Write, path))?)
}

fn write_public(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let mut draft = Draft::new(path)?;
    draft.push(bytes)?;
    draft.make_public()?;
    draft.finish()
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
