//! Makes keys, seals and opens envelopes as JSON: one request a line in, one answer a line out.
//!
//! The same commands and lines as `tests/interop/envelope.py`, so that either can check the other:
//!
//! ```text
//! keys  {}                                               → {"secret", "kid", "key"}
//! seal  {"survey", "def", "id", "class", "recipients": [{"kid", "key"}], "plaintext"} → envelope
//! open  {"secret", "envelope"}                           → {"plaintext"} or {"error"}
//! ```
//!
//! `def`, `id` and `plaintext` are base64url, `class` is the padded length in bytes.

use std::io::{BufRead, Write};

use anyhow::{Context, bail};
use getrandom::{SysRng, rand_core::UnwrapErr};
use serde::{Deserialize, Serialize};
use survey_seal::{Binding, PublicKey, SecretKey, SizeClass};

use envelope::{Envelope, decode, encode};

#[path = "../tests/it/common/envelope.rs"]
mod envelope;

#[derive(Serialize)]
struct KeyAnswer {
    secret: String,
    kid: String,
    key: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SealRequest {
    survey: String,
    def: String,
    id: String,
    class: usize,
    recipients: Vec<Recipient>,
    plaintext: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Recipient {
    kid: String,
    key: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OpenRequest {
    secret: String,
    envelope: Envelope,
}

#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum OpenAnswer {
    Plaintext(String),
    Error(&'static str),
}

fn keys() -> KeyAnswer {
    let secret = SecretKey::generate(&mut UnwrapErr(SysRng));
    KeyAnswer {
        secret: (*secret.to_text()).clone(),
        kid: secret.kid().to_string(),
        key: secret.public_key().to_base64url(),
    }
}

fn seal(request: &SealRequest) -> anyhow::Result<Envelope> {
    let definition = decode(&request.def).and_then(|bytes| bytes.try_into().ok());
    let id = decode(&request.id).and_then(|bytes| bytes.try_into().ok());
    let recipients = request.recipients.iter();
    let recipients = recipients
        .map(|recipient| PublicKey::from_recipient(recipient.kid.parse()?, &recipient.key))
        .collect::<Result<Vec<_>, _>>()?;
    Ok(Envelope::seal(
        &decode(&request.plaintext).context("`plaintext` is base64url")?,
        SizeClass::ALL
            .into_iter()
            .find(|class| class.padded_len() == request.class)
            .context("`class` is 4096, 16384 or 32768")?,
        &Binding {
            survey: &request.survey,
            definition: &definition.context("`def` is 32 bytes in base64url")?,
            id: &id.context("`id` is 16 bytes in base64url")?,
        },
        &recipients,
        &mut UnwrapErr(SysRng),
    )?)
}

fn open(request: &OpenRequest) -> anyhow::Result<OpenAnswer> {
    let secret: SecretKey = request.secret.parse()?;
    Ok(match request.envelope.open(&secret) {
        Ok(plaintext) => OpenAnswer::Plaintext(encode(&plaintext)),
        Err(error) => OpenAnswer::Error(error),
    })
}

fn main() -> anyhow::Result<()> {
    let command = std::env::args().nth(1).unwrap_or_default();
    let mut out = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        let answer = match command.as_str() {
            "keys" => serde_json::to_string(&keys())?,
            "seal" => serde_json::to_string(&seal(&serde_json::from_str(&line)?)?)?,
            "open" => serde_json::to_string(&open(&serde_json::from_str(&line)?)?)?,
            _ => bail!("usage: envelope keys|seal|open, with one JSON request a line on stdin"),
        };
        writeln!(out, "{answer}")?;
    }
    Ok(())
}
