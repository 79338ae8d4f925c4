use alloc::vec::Vec;

use zeroize::Zeroizing;

use crate::TAG_LEN;

/// How large the padded plaintext is, so that a body's length tells nothing about the answers.
///
/// A survey fixes its class from the longest response that its questions allow, once and for all
/// respondents: see [`SizeClass::for_len`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SizeClass {
    /// 4,096 bytes, up to 4,092 of them plaintext.
    Small,
    /// 16,384 bytes, up to 16,380 of them plaintext.
    Medium,
    /// 32,768 bytes, up to 32,764 of them plaintext.
    Large,
}

/// The length of the plaintext, in front of it.
const PREFIX_LEN: usize = size_of::<u32>();

impl SizeClass {
    /// All classes, smallest first.
    pub const ALL: [Self; 3] = [Self::Small, Self::Medium, Self::Large];

    /// The smallest class that holds `len` bytes of plaintext, or `None` above 32,764.
    ///
    /// Give it the longest response that the survey's definition allows, never the length of the
    /// response at hand: that would tell an onlooker how much a person wrote.
    #[must_use]
    pub fn for_len(len: usize) -> Option<Self> {
        Self::ALL.into_iter().find(|class| len <= class.capacity())
    }

    /// The class whose padded plaintext has `padded_len` bytes.
    pub(crate) fn from_padded_len(padded_len: usize) -> Option<Self> {
        Self::ALL.into_iter().find(|class| padded_len == class.padded_len())
    }

    /// Length of the padded plaintext in bytes.
    #[must_use]
    pub const fn padded_len(self) -> usize {
        match self {
            Self::Small => 4_096,
            Self::Medium => 16_384,
            Self::Large => 32_768,
        }
    }

    /// Most bytes of plaintext that the class holds.
    #[must_use]
    pub const fn capacity(self) -> usize {
        self.padded_len() - PREFIX_LEN
    }

    /// Length of a sealed body in bytes: the class and the authentication tag.
    #[must_use]
    pub const fn body_len(self) -> usize {
        self.padded_len() + TAG_LEN
    }

    // u32le length || plaintext || zeros
    /// Pads `plaintext` into `padded`, which has the padded length; `false` when it does not fit.
    pub(crate) fn pad(self, plaintext: &[u8], padded: &mut [u8]) -> bool {
        let Some((prefix, rest)) = padded.split_first_chunk_mut::<PREFIX_LEN>() else {
            return false;
        };
        let (Ok(length), Some((text, zeros))) =
            (u32::try_from(plaintext.len()), rest.split_at_mut_checked(plaintext.len()))
        else {
            return false;
        };
        *prefix = length.to_le_bytes();
        text.copy_from_slice(plaintext);
        zeros.fill(0);
        true
    }
}

/// Takes the plaintext out of its padding, or gives `None` when length or zeros are wrong.
///
/// The padding is authenticated already, so this tells a faulty sealer, not an attacker; it need
/// not run in constant time.
pub(crate) fn unpad(padded: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let (prefix, rest) = padded.split_first_chunk::<PREFIX_LEN>()?;
    let length = usize::try_from(u32::from_le_bytes(*prefix)).ok()?;
    let (plaintext, zeros) = rest.split_at_checked(length)?;
    zeros.iter().all(|&byte| byte == 0).then(|| Zeroizing::new(plaintext.to_vec()))
}
