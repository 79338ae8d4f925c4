//! How the page's randomness is used up: see the crate's documentation.

use core::convert::Infallible;

use rand_core::{TryCryptoRng, TryRng, utils};

/// The randomness of one envelope, cut into what each part of it is for.
pub(crate) struct Randomness<'a> {
    pub(crate) id: &'a [u8; 16],
    pub(crate) del: &'a [u8; 32],
    /// The rest: for the content key and the encapsulations.
    pub(crate) draw: Draw<'a>,
}

impl<'a> Randomness<'a> {
    /// `None` if it is too short, or no randomness.
    pub(crate) fn parse(bytes: &'a [u8]) -> Option<Self> {
        let (blocks, _) = bytes.as_chunks::<16>();
        // How long this takes depends on how alike two random blocks begin, which tells nothing.
        let repeats =
            |(at, block): (usize, &[u8; 16])| *block == [0; 16] || blocks[..at].contains(block);
        if blocks.iter().enumerate().any(repeats) {
            return None;
        }
        let (id, rest) = bytes.split_first_chunk()?;
        let (del, rest) = rest.split_first_chunk()?;
        Some(Self { id, del, draw: Draw(rest) })
    }
}

/// Gives out bytes as they are, each once. A draw beyond the last ends the module: how much an
/// envelope needs is checked before.
pub(crate) struct Draw<'a>(&'a [u8]);

impl Draw<'_> {
    pub(crate) const fn is_used_up(&self) -> bool {
        self.0.is_empty()
    }
}

impl TryRng for Draw<'_> {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        utils::next_word_via_fill(self)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        utils::next_word_via_fill(self)
    }

    fn try_fill_bytes(&mut self, dest: &mut [u8]) -> Result<(), Infallible> {
        let (drawn, rest) = self.0.split_at(dest.len());
        dest.copy_from_slice(drawn);
        self.0 = rest;
        Ok(())
    }
}

// From a cryptographic generator, if the page keeps its word.
impl TryCryptoRng for Draw<'_> {}
