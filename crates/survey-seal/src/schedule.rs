use chacha20poly1305::{ChaCha20Poly1305, KeyInit};
use hkdf::Hkdf;
use rand_core::CryptoRng;
use sha2::Sha256;
use zeroize::Zeroizing;

/// The key of one envelope. Everything else that is secret in it follows from these 32 bytes.
pub(crate) struct ContentKey(Zeroizing<[u8; 32]>);

impl ContentKey {
    pub(crate) fn generate(rng: &mut impl CryptoRng) -> Self {
        let mut bytes = Zeroizing::new([0; 32]);
        rng.fill_bytes(bytes.as_mut_slice());
        Self(bytes)
    }

    pub(crate) fn from_bytes(bytes: &[u8; 32]) -> Self {
        Self(Zeroizing::new(*bytes))
    }

    pub(crate) fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The commitment that every recipient compares, so that all of them read the same body.
    pub(crate) fn commitment(&self) -> [u8; 32] {
        *self.expand(b"ssp/1 commit")
    }

    /// The cipher of the body.
    pub(crate) fn cipher(&self) -> ChaCha20Poly1305 {
        ChaCha20Poly1305::new(&(*self.expand(b"ssp/1 body")).into())
    }

    // RFC 5869, extract and expand, without salt
    fn expand(&self, info: &[u8]) -> Zeroizing<[u8; 32]> {
        let mut out = Zeroizing::new([0; 32]);
        // Cannot fail: HKDF-SHA256 gives up to 8,160 bytes and this asks for 32.
        Hkdf::<Sha256>::new(None, self.as_bytes())
            .expand(info, out.as_mut_slice())
            .expect("32 bytes are within HKDF's limit");
        out
    }
}
