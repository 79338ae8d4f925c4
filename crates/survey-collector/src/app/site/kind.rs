//! What lies at an address of the site, by the address alone.

use axum::http::Uri;
use survey_wire::{DefinitionHash, PageCode};

/// Addresses that are written down elsewhere: what stands there may change.
pub(super) const SHORT: &str = "public, max-age=300";

/// Addresses that follow from what stands there (RFC 8246 for `immutable`).
const FOR_GOOD: &str = "public, max-age=31536000, immutable";

/// Documents that are named after their contents: 30 days. Browsers keep a document together with
/// the policy that it came with, and in it who may show it: a partner who is taken off the list can
/// go on showing what browsers kept. Those of before are kept on the site for as long.
const DOCUMENT: &str = "public, max-age=2592000, immutable";

/// The longest language tag that is looked for (RFC 5646 section 4.4.1).
const MAX_TAG: usize = 35;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind<'a> {
    /// A document for the frame, under the name that it keeps: of this survey, or of the first; in
    /// this language, or in the one that the survey was written in.
    Document { page: Option<PageCode>, language: Option<&'a str> },
    /// A document for the frame, named after its contents.
    HashedDocument { page: PageCode },
    /// Another file that is named after its contents.
    Hashed,
    /// A file that keeps its name: the loader, the list of surveys.
    File,
    /// Not for the public, or nothing.
    Hidden,
}

impl Kind<'_> {
    pub(super) fn caching(self) -> &'static str {
        match self {
            Self::HashedDocument { .. } => DOCUMENT,
            Self::Hashed => FOR_GOOD,
            Self::Document { .. } | Self::File | Self::Hidden => SHORT,
        }
    }

    /// What to answer when nothing is there, best first. The survey in another language, or as it
    /// is now, is better than none: a loader that was cached, or that a partner serves, may ask
    /// for a document that is no longer kept.
    pub(super) fn instead(self) -> Vec<Uri> {
        let (page, mut language) = match self {
            Self::Document { page: Some(page), language: Some(language) } => (page, language),
            Self::HashedDocument { page } => (page, ""),
            _ => return Vec::new(),
        };
        let mut addresses = Vec::new();
        while let Some((wider, _)) = language.rsplit_once('-') {
            addresses.push(format!("/s/{page}/{wider}/"));
            language = wider;
        }
        addresses.push(format!("/s/{page}/"));
        addresses.iter().filter_map(|address| address.parse().ok()).collect()
    }
}

pub(super) fn classify(path: &str) -> Kind<'_> {
    let path = path.strip_prefix('/').unwrap_or(path);
    // What documents are made from. No file of ours has a name that needs an escape, and one that
    // does not need it must not hide a name from the rules below. Neither must names that lead
    // nowhere, which are passed over where files are looked for.
    let mut folders = path.split('/').rev().skip(1);
    if path.starts_with("template.html")
        || path.contains('%')
        || folders.any(str::is_empty)
        || path.split('/').any(|name| matches!(name, "." | ".."))
    {
        return Kind::Hidden;
    }
    let folder = path.strip_suffix("index.html").unwrap_or(path);
    if folder.is_empty() {
        return Kind::Document { page: None, language: None };
    }
    if let Some((page, rest)) = path.strip_prefix("s/").and_then(|rest| rest.split_once('/'))
        && let Ok(page) = page.parse()
        && let Some(document) = document(page, rest)
    {
        return document;
    }
    let definition = path.strip_prefix("d/").and_then(|name| name.strip_suffix(".json"));
    let hashed = definition.is_some_and(|hash| hash.parse::<DefinitionHash>().is_ok())
        || path.rsplit('/').next().unwrap_or(path).split(['-', '_', '.']).any(is_hash);
    if hashed { Kind::Hashed } else { Kind::File }
}

/// The document of this name in the folder of a survey.
fn document(page: PageCode, name: &str) -> Option<Kind<'_>> {
    let hash = name.strip_prefix("views-").and_then(|rest| rest.strip_suffix(".html"));
    if hash.is_some_and(|hash| hash.len() == 16 && hash.bytes().all(is_hex)) {
        return Some(Kind::HashedDocument { page });
    }
    let folder = name.strip_suffix("index.html").unwrap_or(name);
    if folder.is_empty() {
        return Some(Kind::Document { page: Some(page), language: None });
    }
    let language = folder.strip_suffix('/')?;
    let is_tag = language.len() <= MAX_TAG
        && language
            .split('-')
            .all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    is_tag.then_some(Kind::Document { page: Some(page), language: Some(language) })
}

fn is_hex(byte: u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'a'..=b'f')
}

/// Part of a file name that comes from its contents: 8 and more hexadecimal digits, not all of
/// them letters, so that no word passes for a hash.
fn is_hash(part: &str) -> bool {
    part.len() >= 8 && part.bytes().all(is_hex) && part.bytes().any(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(path: &str, expected: Kind<'_>) {
        assert_eq!(classify(path), expected, "`{path}`");
    }

    #[test]
    fn frame_documents_are_told_from_files() {
        let page: PageCode = "48b33f92".parse().unwrap();
        let document = |language| Kind::Document { page: Some(page), language };
        let first = Kind::Document { page: None, language: None };
        check("/", first);
        check("/index.html", first);
        check("/s/48b33f92/", document(None));
        check("/s/48b33f92/index.html", document(None));
        check("/s/48b33f92/cy/", document(Some("cy")));
        check("/s/48b33f92/zh-Hant-TW/index.html", document(Some("zh-Hant-TW")));
        check("/s/48b33f92/views-0123456789abcdef.html", Kind::HashedDocument { page });
        check("/s/48b33f92", Kind::Hashed); // a redirect to the folder, which is not cached
        check("/s/nonsense/", Kind::File);
        check("/s/48b33f92/a/b/", Kind::File);
        check("/s/48b33f92/-/", Kind::File);
        check(&format!("/s/48b33f92/{}/", "a".repeat(36)), Kind::File);
        check("/s/48b33f92/views-0123456789abcdeg.html", Kind::File);
    }

    #[test]
    fn names_that_follow_contents_are_cached_for_good() {
        check("/views-3f2a9bc81d7e0f12.js", Kind::Hashed);
        check("/views-3f2a9bc81d7e0f12_bg.wasm", Kind::Hashed);
        check("/seal-3f2a9bc81d7e0f12.wasm", Kind::Hashed);
        check("/embed-3f2a9bc81d7e0f12.js", Kind::Hashed);
        check(&format!("/d/{}.json", "A".repeat(43)), Kind::Hashed);
        check("/embed.js", Kind::File);
        check("/embed.d.ts", Kind::File);
        check("/surveys.json", Kind::File);
        check("/d/short.json", Kind::File);
        check("/effaced-defaced.js", Kind::File);
    }

    #[test]
    fn what_documents_are_made_from_is_nobodys_to_see() {
        check("/template.html", Kind::Hidden);
        check("/template.html.br", Kind::Hidden);
        check("/%74emplate.html", Kind::Hidden);
        for path in ["//template.html", "/./template.html", "/.//template.html.br", "//"] {
            check(path, Kind::Hidden);
        }
        for path in ["/s/48b33f92//", "/s//48b33f92/", "/s/./48b33f92/", "/s/48b33f92/.."] {
            check(path, Kind::Hidden);
        }
        check("/s/48b33f92/index%2ehtml", Kind::Hidden);
    }

    #[test]
    fn a_document_that_is_gone_has_others_to_stand_in() {
        let instead = |path| {
            let found = classify(path).instead();
            found.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(instead("/s/48b33f92/cy/"), "/s/48b33f92/");
        assert_eq!(
            instead("/s/48b33f92/zh-Hant-TW/"),
            "/s/48b33f92/zh-Hant/ /s/48b33f92/zh/ /s/48b33f92/"
        );
        assert_eq!(instead("/s/48b33f92/views-0123456789abcdef.html"), "/s/48b33f92/");
        for path in ["/", "/s/48b33f92/", "/embed.js", "/views-3f2a9bc81d7e0f12.js"] {
            assert_eq!(instead(path), "", "`{path}`");
        }
    }
}
