//! The analyst's keys: the secret one opens envelopes, the public one goes into the definition.

use std::{
    io::Write,
    path::{Path, PathBuf},
};

use getrandom::{SysRng, rand_core::UnwrapErr};
use serde::{Deserialize, Serialize};
use survey_seal::{Binding, KeyError, PublicKey, SecretKey, SizeClass};
use survey_wire::Day;
use zeroize::Zeroizing;

use crate::{error::Error, files};

/// A public key as it goes into a definition: the contents of an `analyst.pub.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recipient {
    /// Key id: 16 lower-case hexadecimal digits.
    pub kid: String,
    /// The X-Wing public key, 1,216 bytes in base64url without padding.
    pub key: String,
    /// Whose key it is, for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// The last day on which a survey may be published with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_after: Option<Day>,
}

impl Recipient {
    /// What the holder of `secret` gives to whoever publishes a survey.
    #[must_use]
    pub fn of(secret: &SecretKey, label: Option<String>, not_after: Option<Day>) -> Self {
        let public = secret.public_key();
        Self { kid: public.kid().to_string(), key: public.to_base64url(), label, not_after }
    }

    /// Reads a public key file and checks that it holds a key, and the one that it names.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] and [`Error::File`].
    pub fn read(path: &Path) -> Result<Self, Error> {
        let bytes = files::read(path)?;
        if bytes.starts_with(b"SSP-SECRET-KEY-") {
            return Err(Error::file(
                path,
                "this is a secret key and must not be published; give the .pub.json file beside it",
            ));
        }
        let recipient: Self = serde_json::from_slice(&bytes).map_err(|error| {
            let why = format!("not a public key file ({error}); `keys show` writes it again");
            Error::file(path, why)
        })?;
        recipient.public_key().map_err(|error| Error::file(path, error.to_string()))?;
        Ok(recipient)
    }

    /// The key itself.
    ///
    /// # Errors
    ///
    /// Every [`KeyError`] about public keys.
    pub fn public_key(&self) -> Result<PublicKey, KeyError> {
        PublicKey::from_recipient(self.kid.parse()?, &self.key)
    }

    /// One JSON object, members always in the same order.
    #[must_use]
    pub fn to_json(&self) -> String {
        // Cannot fail: four members, all text.
        serde_json::to_string(self).expect("a recipient is plain data")
    }
}

/// Reads a secret key file, and says so on `err` when others can read it too.
///
/// # Errors
///
/// [`Error::Io`] and [`Error::File`]; no message holds any part of the key.
pub(crate) fn read_secret(path: &Path, err: &mut dyn Write) -> Result<SecretKey, Error> {
    let text = files::read_secret(path)?;
    let secret = text.parse().map_err(|error: KeyError| Error::file(path, error.to_string()))?;
    if files::is_open_to_others(path) {
        writeln!(
            err,
            "warning: others on this machine can read {0}; run `chmod 600 {0}`",
            path.display()
        )?;
    }
    Ok(secret)
}

/// Makes a key pair: `secret` (mode 0600) and the public file beside it. Nothing is overwritten.
///
/// # Errors
///
/// [`Error::Io`] when one of the files exists or cannot be written, [`Error::Random`].
pub(crate) fn create(
    secret: &Path,
    label: Option<String>,
    not_after: Option<Day>,
    out: &mut dyn Write,
) -> Result<(), Error> {
    let public = public_path(secret);
    if public.exists() {
        let why = "exists already and belongs to some key; choose another name for the new one";
        return Err(Error::file(&public, why));
    }
    let mut seed = Zeroizing::new([0; 32]);
    getrandom::fill(seed.as_mut_slice())?;
    let key = SecretKey::from_seed(&seed);
    let recipient = Recipient::of(&key, label, not_after);
    let text = key.to_text();
    // With its whole capacity from the start, so that growing leaves no copy of the key behind.
    let mut line = Zeroizing::new(String::with_capacity(text.len() + 1));
    line.push_str(&text);
    line.push('\n');
    files::create_new(secret, line.as_bytes(), true)?;
    files::create_new(&public, format!("{}\n", recipient.to_json()).as_bytes(), false)?;
    writeln!(
        out,
        "key id      {kid}\n\
         secret key  {secret}\n\
         public key  {public}\n\
         \n\
         The secret key opens the answers. Keep it offline: not in mail, not in a cloud folder.\n\
         Make two copies now and keep them in two places. If every copy is lost, nobody can ever\n\
         open the answers that were sealed for it, neither you nor the makers of this program.\n\
         The public key is not secret: it goes into the survey.\n\
         \n\
         Next: survey-analyst keys check {secret}\n      \
         survey-analyst publish SURVEY.json --recipient {public} --submit URL --site DIR",
        kid = recipient.kid,
        secret = secret.display(),
        public = public.display(),
    )?;
    Ok(())
}

/// Prints the public key file of a secret key once more: JSON on `out`, the key id on `err`.
///
/// # Errors
///
/// [`Error::Io`] and [`Error::File`].
pub(crate) fn show(
    path: &Path,
    label: Option<String>,
    not_after: Option<Day>,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<(), Error> {
    let recipient = Recipient::of(&read_secret(path, err)?, label, not_after);
    writeln!(err, "key id {}", recipient.kid)?;
    writeln!(out, "{}", recipient.to_json())?;
    Ok(())
}

/// Seals something for the key and opens it again: says whether a copy of the key is whole.
///
/// # Errors
///
/// [`Error::Io`] and [`Error::File`].
pub(crate) fn check(path: &Path, out: &mut dyn Write, err: &mut dyn Write) -> Result<(), Error> {
    let secret = read_secret(path, err)?;
    let (mut definition, mut id) = ([0; 32], [0; 16]);
    getrandom::fill(&mut definition)?;
    getrandom::fill(&mut id)?;
    let binding = Binding { survey: "probe", definition: &definition, id: &id };
    let recipients = [secret.public_key().clone()];
    let probe = b"a probe";
    // The generator gave bytes just now, so it does not fail here.
    let mut rng = UnwrapErr(SysRng);
    let sealed = survey_seal::seal(probe, SizeClass::Small, &binding, &recipients, &mut rng);
    let opened = sealed
        .map_err(|error| error.to_string())
        .and_then(|sealed| {
            survey_seal::open(&secret, &binding, &sealed).map_err(|error| error.to_string())
        })
        .map_err(|why| Error::file(path, format!("the key does not open what it sealed: {why}")))?;
    if opened.as_slice() != probe {
        let why = "the key opened something else than what was sealed; do not use it";
        return Err(Error::file(path, why));
    }
    writeln!(out, "{} works: key id {}", path.display(), secret.kid())?;
    Ok(())
}

/// `analyst.key` → `analyst.pub.json`.
fn public_path(secret: &Path) -> PathBuf {
    secret.with_extension("pub.json")
}
