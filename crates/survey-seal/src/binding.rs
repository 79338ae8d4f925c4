use alloc::string::String;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};

use crate::KeyId;

/// What an envelope belongs to. Nothing in it is secret; all of it is authenticated.
///
/// Sealer and opener build it from the envelope's own fields, so an envelope whose fields were
/// changed does not open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Binding<'a> {
    /// The survey's id: 1 to 64 of `a-z`, `0-9` and `-`, the first not `-`.
    pub survey: &'a str,
    /// SHA-256 of the published definition, byte for byte as served.
    pub definition: &'a [u8; 32],
    /// The envelope's own random id, fresh for each envelope.
    pub id: &'a [u8; 16],
}

impl Binding<'_> {
    /// Whether `survey` is an id of the protocol.
    pub(crate) fn survey_is_valid(&self) -> bool {
        let id = self.survey.as_bytes();
        (1..=64).contains(&id.len())
            && id[0] != b'-'
            && id.iter().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-'))
    }

    pub(crate) fn context(&self) -> Context {
        self.context_in_mode("any")
    }

    // ctx = "ssp/1\nsurvey=<id>\ndef=<b64url>\nid=<b64url>\nmode=<mode>\n"
    pub(crate) fn context_in_mode(&self, mode: &str) -> Context {
        let mut text = String::with_capacity(192);
        text.push_str("ssp/1\nsurvey=");
        text.push_str(self.survey);
        text.push_str("\ndef=");
        BASE64_URL_SAFE_NO_PAD.encode_string(self.definition, &mut text);
        text.push_str("\nid=");
        BASE64_URL_SAFE_NO_PAD.encode_string(self.id, &mut text);
        text.push_str("\nmode=");
        text.push_str(mode);
        text.push('\n');
        Context(text)
    }
}

/// The text that binds wraps and body to a [`Binding`].
pub(crate) struct Context(String);

/// Length of the HPKE `info`. Every implementation takes at least 64 bytes.
pub(crate) const INFO_LEN: usize = 43;

impl Context {
    /// The body's associated data.
    pub(crate) fn aad(&self) -> [u8; 32] {
        Sha256::digest(self.0.as_bytes()).into()
    }

    // info = "ssp/1 wrap" || 0x00 || SHA-256(ctx || "kid=" || kid || "\n")
    /// The HPKE `info` of the wrap for `kid`.
    pub(crate) fn info(&self, kid: KeyId) -> [u8; INFO_LEN] {
        let hash = Sha256::new()
            .chain_update(self.0.as_bytes())
            .chain_update(b"kid=")
            .chain_update(kid.hex())
            .chain_update(b"\n")
            .finalize();
        let mut info = *b"ssp/1 wrap\0________________________________";
        info[11..].copy_from_slice(&hash);
        info
    }
}
