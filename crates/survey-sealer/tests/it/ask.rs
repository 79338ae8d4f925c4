//! Asks the sealer as a page does.

use rand_core::{TryCryptoRng, TryRng, utils};
use sha2::{Digest, Sha256};
use survey_seal::SecretKey;
use survey_seal_request::{Refusal, Reply, Request, randomness_len};
use survey_sealer::Memory;

/// A reply that outlives the memory it was read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sealed {
    pub(crate) id: [u8; 16],
    pub(crate) digest: [u8; 32],
    pub(crate) envelope: Vec<u8>,
}

pub(crate) fn ask(request: &Request<'_>) -> Result<Sealed, Refusal> {
    ask_bytes(&request.to_bytes().expect("the layout can say it"))
}

pub(crate) fn ask_bytes(request: &[u8]) -> Result<Sealed, Refusal> {
    let mut memory = Box::new(Memory::new());
    memory.room(request.len()).expect("it is not too long").copy_from_slice(request);
    let length = memory.seal(request.len());
    let reply = Reply::parse(memory.room(length).unwrap())?;
    Ok(Sealed { id: *reply.id, digest: *reply.digest, envelope: reply.envelope.to_vec() })
}

/// The recipients' part of a request.
pub(crate) fn recipients(secrets: &[SecretKey]) -> Vec<u8> {
    let recipient = |secret: &SecretKey| {
        [&secret.kid().to_bytes()[..], &secret.public_key().to_bytes()].concat()
    };
    secrets.iter().flat_map(recipient).collect()
}

pub(crate) fn secrets(count: usize) -> Vec<SecretKey> {
    let mut seeded = Seeded::new("secrets");
    (0..count).map(|_| SecretKey::generate(&mut seeded)).collect()
}

/// Randomness for so many recipients, the same for the same seed.
pub(crate) fn randomness(seed: &str, recipients: usize) -> Vec<u8> {
    let mut bytes = vec![0; randomness_len(recipients)];
    Seeded::new(seed).try_fill_bytes(&mut bytes).unwrap();
    bytes
}

/// SHA-256 over a seed and a counter. For tests only.
pub(crate) struct Seeded(Vec<u8>, u64);

impl Seeded {
    pub(crate) fn new(seed: &str) -> Self {
        Self(seed.as_bytes().to_vec(), 0)
    }
}

impl TryRng for Seeded {
    type Error = core::convert::Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        utils::next_word_via_fill(self)
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        utils::next_word_via_fill(self)
    }

    fn try_fill_bytes(&mut self, dest: &mut [u8]) -> Result<(), Self::Error> {
        for part in dest.chunks_mut(32) {
            let counter = self.1.to_le_bytes();
            let block = Sha256::new().chain_update(&self.0).chain_update(counter).finalize();
            part.copy_from_slice(&block[..part.len()]);
            self.1 += 1;
        }
        Ok(())
    }
}

impl TryCryptoRng for Seeded {}
