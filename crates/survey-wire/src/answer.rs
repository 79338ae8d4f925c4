//! What a widget reads of a backend's answers, without the JSON parser that it has no room for.
//!
//! Of a document every byte is seen, and one that is not JSON (RFC 8259) is refused; but only the
//! members that are asked for are read. On these the readers agree with those of the feature
//! `json`, which read all members.

use crate::{Digest, EnvelopeId, ProblemType, ids::decode_exact};

mod scan;
#[cfg(all(test, feature = "json"))]
mod tests;

/// Reads what a receipt is compared with: the members `id` and `digest`.
///
/// `None` when the body is no receipt: something answered that is not a backend.
pub fn receipt(body: &[u8]) -> Option<(EnvelopeId, Digest)> {
    let mut members = [("id", None), ("digest", None)];
    scan::members(body, &mut members)?;
    let [(_, id), (_, digest)] = members;
    Some((EnvelopeId(decode_exact(&id?)?), Digest(decode_exact(&digest?)?)))
}

/// Reads the member `type` of a problem document (RFC 9457).
///
/// `None` when it is no problem of this version of the protocol: go by the HTTP status then.
pub fn problem(body: &[u8]) -> Option<ProblemType> {
    let mut members = [("type", None)];
    scan::members(body, &mut members)?;
    let [(_, kind)] = members;
    ProblemType::read(&kind?)
}
