//! Randomness of the browser.

use rand_core::UnwrapErr;

/// Fresh random bytes from `crypto.getRandomValues`; `None` if the browser gives none.
pub(crate) fn bytes<const N: usize>() -> Option<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).ok()?;
    Some(bytes)
}

/// The browser's generator, once it has shown that it works: sealing draws from it and must not
/// meet a failure half-way.
pub(crate) fn generator() -> Option<UnwrapErr<getrandom::SysRng>> {
    bytes::<16>()?;
    Some(UnwrapErr(getrandom::SysRng))
}
