//! Randomness of the browser.

/// Fresh random bytes from `crypto.getRandomValues`; `None` if the browser gives none.
pub(crate) fn bytes<const N: usize>() -> Option<[u8; N]> {
    let mut bytes = [0; N];
    fill(&mut bytes)?;
    Some(bytes)
}

/// Fills `bytes` in the same way.
pub(crate) fn fill(bytes: &mut [u8]) -> Option<()> {
    getrandom::fill(bytes).ok()
}
