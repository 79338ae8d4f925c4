//! Opening one envelope.

use std::{
    io::Write,
    path::{Path, PathBuf},
};

use survey_core::Response;
use survey_seal::{Binding, KeyId, OpenError, Sealed, SecretKey, Wrap};
use survey_wire::{Day, Digest, Envelope, ExportLine, ExportLineError};
use zeroize::Zeroizing;

use super::reason::Reason;
use crate::{definition::Known, error::Error, keys};

/// The keys and definitions that were given.
pub(super) struct Opener {
    keys: Vec<(PathBuf, SecretKey)>,
    definitions: Vec<Known>,
}

/// What was in an envelope.
pub(super) struct Opened {
    /// The plaintext, byte for byte.
    pub(super) plaintext: Zeroizing<Vec<u8>>,
    /// Place of its definition among those of the [`Opener`].
    pub(super) definition: usize,
    /// The response, or why the plaintext is none.
    pub(super) response: Result<Response, Reason>,
}

/// An envelope that came whole.
pub(super) struct Listed {
    pub(super) day: Day,
    pub(super) digest: Digest,
    pub(super) envelope: Envelope,
}

impl Listed {
    /// Reads a line of an export.
    pub(super) fn read(line: &[u8]) -> Result<Self, Reason> {
        let line: ExportLine = serde_json::from_slice(line).map_err(|_| Reason::NotALine)?;
        let envelope = line.envelope().map_err(|error| match error {
            ExportLineError::NotAnEnvelope(problem) => Reason::NotAnEnvelope(problem),
            _ => Reason::Changed,
        })?;
        Ok(Self { day: line.day, digest: line.digest, envelope })
    }
}

impl Opener {
    /// Reads keys and definitions.
    pub(super) fn new(
        key_files: &[PathBuf],
        definitions: &[PathBuf],
        err: &mut dyn Write,
    ) -> Result<Self, Error> {
        let mut keys: Vec<(PathBuf, SecretKey)> = Vec::new();
        for path in key_files {
            let key = keys::read_secret(path, err)?;
            if keys.iter().all(|(_, known)| known.kid() != key.kid()) {
                keys.push((path.clone(), key));
            }
        }
        let known = Known::read_all(definitions)?;
        if known.is_empty() {
            let given = definitions.first().map_or(Path::new("."), PathBuf::as_path);
            let why = "holds no definition; give the published file, SITE/d/HASH.json";
            return Err(Error::file(given, why));
        }
        let drafts = known.iter().filter(|known| known.definition.recipients().is_empty());
        for draft in drafts {
            writeln!(
                err,
                "warning: {} {} is given as a draft, which nothing was ever sealed for; give the \
                 published file, SITE/d/HASH.json",
                draft.definition.id().as_str(),
                draft.definition.version()
            )?;
        }
        Ok(Self { keys, definitions: known })
    }

    pub(super) fn definitions(&self) -> &[Known] {
        &self.definitions
    }

    /// Key ids with the files they came from.
    pub(super) fn keys(&self) -> impl Iterator<Item = (KeyId, &Path)> {
        self.keys.iter().map(|(path, key)| (key.kid(), path.as_path()))
    }

    /// Opens an envelope and validates what is in it.
    ///
    /// Keys are looked at before definitions: an envelope for somebody else is nobody's mistake,
    /// whatever it answers.
    pub(super) fn open(&self, envelope: Envelope) -> Result<Opened, Reason> {
        let wraps: Vec<Wrap> = envelope
            .wraps
            .iter()
            .map(|wrap| Wrap { kid: KeyId::from_bytes(wrap.kid.0), bytes: wrap.w.to_vec() })
            .collect();
        let mine = |key: &&SecretKey| wraps.iter().any(|wrap| wrap.kid == key.kid());
        let keys: Vec<&SecretKey> = self.keys.iter().map(|(_, key)| key).filter(mine).collect();
        if keys.is_empty() {
            return Err(Reason::NotForTheseKeys);
        }
        let definition = self.definitions.iter().position(|known| known.hash == envelope.def);
        let definition = definition.ok_or(Reason::UnknownDefinition(envelope.def))?;

        let binding = Binding {
            survey: envelope.survey.as_str(),
            definition: &envelope.def.0,
            id: &envelope.id.0,
        };
        let body = envelope.ct.into_inner();
        let sealed = Sealed { wraps, commitment: envelope.kc, body };
        let mut result = Err(OpenError::NotForThisKey);
        for key in keys {
            result = survey_seal::open(key, &binding, &sealed);
            if result.is_ok() {
                break;
            }
        }
        let plaintext = result.map_err(Reason::DoesNotOpen)?;
        let known = &self.definitions[definition].definition;
        let response = if known.id().as_str() == envelope.survey.as_str() {
            Response::parse(known, &plaintext).map_err(Reason::Invalid)
        } else {
            Err(Reason::OtherSurvey)
        };
        Ok(Opened { plaintext, definition, response })
    }
}
