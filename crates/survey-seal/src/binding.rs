use crate::{
    KeyId,
    hash::{base64url, sha256},
};

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

impl<'a> Binding<'a> {
    pub(crate) fn context(&self) -> Context<'a> {
        self.context_in_mode("any")
    }

    pub(crate) fn context_in_mode(&self, mode: &'static str) -> Context<'a> {
        Context::new(self.survey.as_bytes(), self.definition, self.id, mode)
    }
}

/// Whether these are the characters of a survey's id.
pub(crate) fn is_survey_id(id: &[u8]) -> bool {
    (1..=64).contains(&id.len())
        && id[0] != b'-'
        && id.iter().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-'))
}

/// The text that binds wraps and body to a [`Binding`]; it is only ever hashed.
pub(crate) struct Context<'a> {
    survey: &'a [u8],
    /// The definition's hash in base64url.
    definition: [u8; 43],
    /// The envelope's id in base64url.
    id: [u8; 22],
    mode: &'static str,
}

/// Length of the HPKE `info`. Every implementation takes at least 64 bytes.
pub(crate) const INFO_LEN: usize = 43;

impl<'a> Context<'a> {
    pub(crate) fn new(
        survey: &'a [u8],
        definition: &[u8; 32],
        id: &[u8; 16],
        mode: &'static str,
    ) -> Self {
        let mut context = Self { survey, definition: [0; 43], id: [0; 22], mode };
        base64url(definition, &mut context.definition);
        base64url(id, &mut context.id);
        context
    }

    /// The body's associated data.
    pub(crate) fn aad(&self) -> [u8; 32] {
        self.hash_with([b"", b"", b""])
    }

    // info = "ssp/1 wrap" || 0x00 || SHA-256(ctx || "kid=" || kid || "\n")
    /// The HPKE `info` of the wrap for `kid`.
    pub(crate) fn info(&self, kid: KeyId) -> [u8; INFO_LEN] {
        let mut info = *b"ssp/1 wrap\0________________________________";
        info[11..].copy_from_slice(&self.hash_with([b"kid=", &kid.hex(), b"\n"]));
        info
    }

    // ctx = "ssp/1\nsurvey=<id>\ndef=<b64url>\nid=<b64url>\nmode=<mode>\n"
    /// SHA-256 of the text and what is put behind it.
    fn hash_with(&self, [a, b, c]: [&[u8]; 3]) -> [u8; 32] {
        sha256(&[
            b"ssp/1\nsurvey=",
            self.survey,
            b"\ndef=",
            &self.definition,
            b"\nid=",
            &self.id,
            b"\nmode=",
            self.mode.as_bytes(),
            b"\n",
            a,
            b,
            c,
        ])
    }
}
