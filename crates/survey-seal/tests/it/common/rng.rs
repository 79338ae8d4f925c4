//! Generators that give the same bytes on every run. Neither is for anything but tests.

use core::convert::Infallible;

use rand_core::{TryCryptoRng, TryRng, utils};
use sha2::{Digest, Sha256};

/// SHA-256 over a seed and a counter: the same bytes in any language.
pub(crate) struct Seeded {
    seed: String,
    counter: u64,
    block: Vec<u8>,
}

impl Seeded {
    pub(crate) fn new(seed: &str) -> Self {
        Self { seed: seed.to_owned(), counter: 0, block: Vec::new() }
    }
}

impl TryRng for Seeded {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        utils::next_word_via_fill(self)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        utils::next_word_via_fill(self)
    }

    fn try_fill_bytes(&mut self, dest: &mut [u8]) -> Result<(), Infallible> {
        while self.block.len() < dest.len() {
            let block = Sha256::new()
                .chain_update(self.seed.as_bytes())
                .chain_update(self.counter.to_le_bytes())
                .finalize();
            self.counter += 1;
            self.block.extend_from_slice(&block);
        }
        let rest = self.block.split_off(dest.len());
        dest.copy_from_slice(&std::mem::replace(&mut self.block, rest));
        Ok(())
    }
}

impl TryCryptoRng for Seeded {}

/// Gives the bytes it was made of and panics beyond, so that a test sees every byte drawn.
pub(crate) struct Replay(Vec<u8>);

impl Replay {
    pub(crate) fn new(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    pub(crate) fn is_used_up(&self) -> bool {
        self.0.is_empty()
    }
}

impl TryRng for Replay {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        utils::next_word_via_fill(self)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        utils::next_word_via_fill(self)
    }

    fn try_fill_bytes(&mut self, dest: &mut [u8]) -> Result<(), Infallible> {
        let rest = self.0.split_off(dest.len());
        dest.copy_from_slice(&std::mem::replace(&mut self.0, rest));
        Ok(())
    }
}

impl TryCryptoRng for Replay {}
