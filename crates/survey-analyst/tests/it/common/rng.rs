//! A generator that gives the same bytes on every run. Not for anything but tests.

use std::convert::Infallible;

use rand_core::{TryCryptoRng, TryRng, utils};

/// SHA-256 over a seed and a counter.
pub(crate) struct Seeded {
    seed: u64,
    counter: u64,
}

impl Seeded {
    pub(crate) fn new(seed: u64) -> Self {
        Self { seed, counter: 0 }
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
        for part in dest.chunks_mut(32) {
            let block = [self.seed.to_le_bytes(), self.counter.to_le_bytes()].concat();
            part.copy_from_slice(&survey_wire::digest(&block)[..part.len()]);
            self.counter += 1;
        }
        Ok(())
    }
}

impl TryCryptoRng for Seeded {}
