//! What a new site takes over from the old one.
//!
//! Definitions, for good: a response names the one that was answered. And for a while everything
//! that somebody may still ask for who has not heard of the new site: a browser that keeps the old
//! loader, a page that has been open since yesterday.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime};

use anyhow::{Context as _, Result};
use survey_wire::Inline;

use super::loader::LOADER;
use super::{inline, short_hash};
use crate::workspace;

/// How long a document, and what it needs, is kept after another one took its place. Browsers keep
/// it as long (see the collector).
const KEEP: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// Copies the list of surveys and the definitions.
///
/// # Errors
///
/// When a file cannot be copied.
pub(crate) fn definitions(old: &Path, new: &Path) -> Result<()> {
    let manifest = old.join("surveys.json");
    if manifest.is_file() {
        workspace::copy_file(&manifest, &new.join("surveys.json"))?;
    }
    for file in listed(&old.join("d"))? {
        if file.ends_with(".json") {
            workspace::copy_file(&old.join("d").join(&file), &new.join("d").join(&file))?;
        }
    }
    Ok(())
}

/// Copies the documents that are named after their contents, with what they need, unless they were
/// replaced too long ago; and every loader.
///
/// # Errors
///
/// When a file cannot be read or copied.
pub(super) fn documents(old: &Path, new: &Path, now: SystemTime) -> Result<()> {
    for file in fresh(old, now)? {
        for form in ["", ".br", ".gz"] {
            let (from, to) = (old.join(format!("{file}{form}")), new.join(format!("{file}{form}")));
            if from.is_file() && !to.exists() {
                workspace::copy_file(&from, &to)?;
                set_modified(&to, modified(&from)?)?;
            }
        }
    }
    Ok(())
}

/// Removes what was replaced too long ago from a site that stays where it is.
///
/// # Errors
///
/// When a file cannot be read or removed.
pub(super) fn prune(site: &Path, now: SystemTime) -> Result<()> {
    let fresh = fresh(site, now)?;
    for file in listed(site)? {
        let plain = file.strip_suffix(".br").or_else(|| file.strip_suffix(".gz"));
        let plain = plain.unwrap_or(&file);
        if is_kept(plain) && !fresh.contains(plain) {
            let path = site.join(&file);
            fs::remove_file(&path).with_context(|| format!("cannot remove {}", path.display()))?;
        }
    }
    Ok(())
}

/// Is a file of this name one that comes and goes: named after its contents, and no definition?
fn is_kept(file: &str) -> bool {
    let name = file.rsplit('/').next().unwrap_or(file);
    let hashed = ["views-", "seal-", "embed-"].iter().any(|prefix| name.starts_with(prefix));
    hashed && (!file.contains('/') || (file.starts_with("s/") && name.ends_with(".html")))
}

/// What browsers ask for now: every file but the compressed forms, the template, and what is kept
/// of earlier publications. Sorted.
///
/// # Errors
///
/// When a file cannot be read.
pub(crate) fn present(site: &Path) -> Result<Vec<String>> {
    let needed = needed(site, |_, present| Ok(present))?;
    let mut files = listed(site)?;
    files.retain(|file| {
        let served = ![".br", ".gz"].iter().any(|form| file.ends_with(form));
        let served = served && !file.starts_with("template.html");
        served && (!is_kept(file) || needed.contains(file))
    });
    Ok(files)
}

/// The files to keep. A document that is the present one of `site` is marked as changed now, so
/// that its time runs from the day on which another one takes its place.
fn fresh(site: &Path, now: SystemTime) -> Result<BTreeSet<String>> {
    needed(site, |path, present| {
        if present {
            set_modified(path, now)?;
            return Ok(true);
        }
        // A partner's page may name it with its digest, and nobody knows which do. It is small, and
        // asks for the survey as it is now when the documents that it names are gone.
        if path.extension().is_some_and(|extension| extension == "js") {
            return Ok(true);
        }
        Ok(!now.duration_since(modified(path)?).is_ok_and(|age| age > KEEP))
    })
}

/// The documents and loaders that are wanted, and what the documents need. `wanted` is told whether
/// it is a present one.
fn needed(site: &Path, wanted: impl Fn(&Path, bool) -> Result<bool>) -> Result<BTreeSet<String>> {
    let files = listed(site)?;
    let mut present = BTreeSet::new();
    for file in files.iter().filter(|file| file.ends_with("index.html") || *file == LOADER) {
        present.insert(short_hash(&read(site, file)?));
    }
    let mut needed = BTreeSet::new();
    for file in files.iter().filter(|file| file.ends_with(".html") || file.ends_with(".js")) {
        if let Some(hash) = hash_in(file) {
            if !wanted(&site.join(file), present.contains(hash))? {
                continue;
            }
            needed.insert(file.clone());
        }
        if file.ends_with(".html") {
            let document = read(site, file)?;
            let document = String::from_utf8_lossy(&document);
            let named = |file: &&String| document.contains(&format!("\"/{file}\""));
            needed.extend(files.iter().filter(named).cloned());
        }
    }
    Ok(needed)
}

/// The hash in the name of a document or a loader.
fn hash_in(file: &str) -> Option<&str> {
    let name = file.rsplit('/').next()?;
    let document = name.strip_prefix("views-").and_then(|rest| rest.strip_suffix(".html"));
    document.or_else(|| name.strip_prefix("embed-")?.strip_suffix(".js"))
}

/// The hashes of the old list that documents kept on `site` still need.
///
/// # Errors
///
/// When a document cannot be read.
pub(super) fn inline(site: &Path, old: &Inline) -> Result<Inline> {
    let mut needed = Inline::default();
    for file in listed(site)?.iter().filter(|file| file.ends_with(".html")) {
        let html = read(site, file)?;
        let found = inline::found_in(&String::from_utf8_lossy(&html));
        for (known, found, needed) in [
            (&old.script, found.script, &mut needed.script),
            (&old.style, found.style, &mut needed.style),
        ] {
            for hash in found {
                if known.contains(&hash) && !needed.contains(&hash) {
                    needed.push(hash);
                }
            }
        }
    }
    Ok(needed)
}

/// Every file below a folder; none, if it is not there.
fn listed(folder: &Path) -> Result<Vec<String>> {
    if folder.is_dir() { workspace::files_below(folder) } else { Ok(Vec::new()) }
}

fn read(site: &Path, file: &str) -> Result<Vec<u8>> {
    let path = site.join(file);
    fs::read(&path).with_context(|| format!("cannot read {}", path.display()))
}

fn modified(path: &Path) -> Result<SystemTime> {
    fs::metadata(path)
        .and_then(|metadata| metadata.modified())
        .with_context(|| format!("cannot tell how old {} is", path.display()))
}

fn set_modified(path: &Path, time: SystemTime) -> Result<()> {
    fs::File::options()
        .write(true)
        .open(path)
        .and_then(|file| file.set_modified(time))
        .with_context(|| format!("cannot set the time of {}", path.display()))
}

#[cfg(test)]
mod tests {
    use survey_wire::InlineHash;

    use super::*;

    const DAY: Duration = Duration::from_secs(24 * 60 * 60);

    /// A site with one survey, whose document names `program`, beside what it had before.
    fn write_site(site: &Path, program: &str) -> Result<String> {
        let html = format!("<script data-wasm=\"/{program}\">go()</script>");
        let name = format!("views-{}.html", short_hash(html.as_bytes()));
        for (file, content) in [
            ("s/48b33f92/index.html", html.as_str()),
            (&format!("s/48b33f92/{name}"), &html),
            (program, "program"),
            (&format!("{program}.br"), "compressed"),
        ] {
            let path = site.join(file);
            fs::create_dir_all(path.parent().context("has a parent")?)?;
            fs::write(path, content)?;
        }
        Ok(format!("s/48b33f92/{name}"))
    }

    #[test]
    fn definitions_are_kept_for_good() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let (old, new) = (folder.path().join("old"), folder.path().join("new"));
        definitions(&old, &new)?;
        fs::create_dir_all(old.join("d"))?;
        for file in ["surveys.json", "d/abc.json", "d/abc.json.br", "index.html"] {
            fs::write(old.join(file), "{}")?;
        }
        definitions(&old, &new)?;
        assert_eq!(workspace::files_below(&new)?, ["d/abc.json", "surveys.json"]);
        Ok(())
    }

    #[test]
    fn documents_are_kept_for_thirty_days_after_they_were_replaced() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let site = |name: &str| folder.path().join(name);
        let first = write_site(&site("a"), "views-aaaa_bg.wasm")?;
        // Published long ago: the time runs from the day on which it is replaced.
        set_modified(&site("a").join(&first), SystemTime::UNIX_EPOCH)?;
        fs::write(site("a").join("seal-bbbb.wasm"), "named by nobody")?;
        fs::write(site("a").join("embed-dddd.js"), "a loader of before")?;
        set_modified(&site("a").join("embed-dddd.js"), SystemTime::UNIX_EPOCH)?;

        let replaced = SystemTime::now();
        let second = write_site(&site("b"), "views-cccc_bg.wasm")?;
        documents(&site("a"), &site("b"), replaced)?;
        let of_first = [&*first, "views-aaaa_bg.wasm", "views-aaaa_bg.wasm.br"];
        for file in of_first {
            assert!(site("b").join(file).is_file(), "{file}");
        }
        assert!(!site("b").join("seal-bbbb.wasm").exists());

        for (to, days, kept) in [("c", 29, true), ("d", 31, false)] {
            documents(&site("b"), &site(to), replaced + days * DAY)?;
            for file in of_first {
                assert_eq!(site(to).join(file).exists(), kept, "{file} after {days} days");
            }
            assert!(site(to).join(&second).is_file());
            assert!(site(to).join("embed-dddd.js").is_file(), "partners may name it");
        }
        Ok(())
    }

    #[test]
    fn what_is_too_old_goes_from_a_site_that_stays() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let site = folder.path();
        let old = write_site(site, "views-aaaa_bg.wasm")?;
        let present = write_site(site, "views-cccc_bg.wasm")?;
        fs::write(site.join("template.html"), "<script data-seal=\"/seal-dddd.wasm\">")?;
        for file in ["seal-dddd.wasm", "seal-eeee.wasm", "embed.d.ts", "embed-ffff.js"] {
            fs::write(site.join(file), "")?;
        }
        let now = SystemTime::now();
        set_modified(&site.join("embed-ffff.js"), SystemTime::UNIX_EPOCH)?;
        set_modified(&site.join(&old), now)?;
        prune(site, now + 29 * DAY)?;
        assert!(site.join(&old).is_file() && site.join("views-aaaa_bg.wasm").is_file());
        prune(site, now + 31 * DAY)?;
        let expected = [
            "embed-ffff.js",
            "embed.d.ts",
            "s/48b33f92/index.html",
            &present,
            "seal-dddd.wasm",
            "template.html",
            "views-cccc_bg.wasm",
            "views-cccc_bg.wasm.br",
        ];
        assert_eq!(workspace::files_below(site)?, expected);
        Ok(())
    }

    #[test]
    fn hashes_stay_listed_as_long_as_a_document_needs_them() -> Result<()> {
        let folder = tempfile::tempdir()?;
        fs::write(folder.path().join("a.html"), "<style>p{}</style><script>go()</script>")?;
        let [go, other, style] = ["go()", "other()", "p{}"].map(InlineHash::of);
        let old = Inline { script: vec![other, go], style: vec![] };
        let needed = inline(folder.path(), &old)?;
        assert_eq!(needed, Inline { script: vec![go], style: vec![] }, "{style} was never listed");
        Ok(())
    }
}
