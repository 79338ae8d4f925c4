//! What ends once the pages ask the newest definitions.
//!
//! Publishing only ever adds: until the pages are written anew they ask an earlier definition and
//! send to its addresses. Afterwards goes what no page on the site needs any more: definitions that
//! were to be retired with the documents that ask them, addresses that nobody sends to.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use survey_wire::{DefinitionHash, ManifestSurvey, Origin};

use super::{manifest, replace};
use crate::workspace;

/// What stands before the definition in a document (src/load.rs).
const OPEN: &str = "<script type=\"text/plain\" id=\"definition\">";

/// Takes out of the list of surveys, and off the site, what no page needs any more.
///
/// # Errors
///
/// When a file cannot be read, written or removed.
pub(super) fn retire(site: &Path) -> Result<()> {
    let mut manifest = manifest(site)?;
    let before = manifest.clone();
    for survey in &mut manifest.surveys {
        if survey.definitions.first() != Some(&present(site, survey)?) {
            eprintln!(
                "warning: survey `{}` was published while its pages were written: write them again",
                survey.id
            );
            continue;
        }
        let retiring = std::mem::take(&mut survey.retiring);
        survey.definitions.retain(|hash| !retiring.contains(hash));
        // Who asks for one that is gone gets the survey as it is now. What it needs is left for
        // whoever has it open, until the pages are written again.
        let mut needed = Some(Vec::new());
        for document in documents(site, survey)? {
            match asked(site, &document)? {
                Some(hash) if !survey.definitions.contains(&hash) => remove(&document)?,
                hash => {
                    let addresses = hash.and_then(|hash| addresses(site, hash));
                    needed = needed.zip(addresses).map(|(all, more)| [all, more].concat());
                }
            }
        }
        // Of a document that says nothing nobody knows where it sends to.
        if let Some(needed) = needed {
            survey.submit.retain(|origin| needed.contains(origin));
        }
    }
    if manifest != before {
        replace(&site.join("surveys.json"), manifest.to_json().as_bytes())?;
    }
    Ok(())
}

/// What a survey's own page asks.
fn present(site: &Path, survey: &ManifestSurvey) -> Result<DefinitionHash> {
    let path = site.join("s").join(survey.page.to_string()).join("index.html");
    asked(site, &path)?.with_context(|| {
        format!(
            "{} begins its definition with the hash of none in d/: either that is gone, or \
             src/load.rs and xtask/src/publish/settle.rs disagree",
            path.display()
        )
    })
}

/// Every document of a survey, under whatever name.
fn documents(site: &Path, survey: &ManifestSurvey) -> Result<Vec<std::path::PathBuf>> {
    let folder = site.join("s").join(survey.page.to_string());
    let mut files = workspace::files_below(&folder)?;
    files.retain(|file| file.ends_with(".html"));
    Ok(files.into_iter().map(|file| folder.join(file)).collect())
}

/// The definition that a document asks, if it is one of the site's.
fn asked(site: &Path, document: &Path) -> Result<Option<DefinitionHash>> {
    let html = fs::read_to_string(document)
        .with_context(|| format!("cannot read {}", document.display()))?;
    Ok(hashes_in(&html).into_iter().find(|hash| definition(site, *hash).is_file()))
}

/// The hash that a document's definition begins with, in each of the ways in which it may be
/// written. Documents of the release before are kept for a while.
fn hashes_in(html: &str) -> Vec<DefinitionHash> {
    let block = html.split_once(OPEN).and_then(|(_, rest)| Some(rest.split_once('<')?.0));
    let block: String = block.unwrap_or_default().chars().take(32).collect();
    // Bytes that are no text stand as characters from U+0700 on; or all did, from U+0100 on.
    let texts_as_they_are = block.chars().flat_map(|character| match u32::from(character) {
        0x700..=0x7ff => vec![character as u8],
        _ => character.to_string().into_bytes(),
    });
    let low_bytes = block.chars().map(|character| character as u8);
    let hash = |bytes: Vec<u8>| Some(DefinitionHash(*bytes.first_chunk()?));
    [hash(texts_as_they_are.collect()), hash(low_bytes.collect())].into_iter().flatten().collect()
}

fn definition(site: &Path, hash: DefinitionHash) -> std::path::PathBuf {
    site.join("d").join(format!("{hash}.json"))
}

/// Where answers to a definition are posted; nothing, if nobody knows.
fn addresses(site: &Path, hash: DefinitionHash) -> Option<Vec<Origin>> {
    let json = fs::read(definition(site, hash)).ok()?;
    let definition: serde_json::Value = serde_json::from_slice(&json).ok()?;
    let submit = definition.get("submit")?.as_array()?;
    submit.iter().map(|url| origin_of(url.as_str()?)).collect()
}

fn origin_of(url: &str) -> Option<Origin> {
    let (scheme, rest) = url.split_once("://")?;
    let host = rest.split('/').next()?;
    format!("{scheme}://{host}").parse().ok()
}

/// Removes a file with its compressed forms.
fn remove(path: &Path) -> Result<()> {
    for form in ["", ".br", ".gz"] {
        let mut name = path.as_os_str().to_owned();
        name.push(form);
        match fs::remove_file(&name) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(error)
                    .with_context(|| format!("cannot remove {}", Path::new(&name).display()));
            }
            _ => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "s/48b33f92";

    /// A site with one survey, of which these definitions were published, newest first, each to
    /// be sent to an address of its own.
    struct Site {
        folder: tempfile::TempDir,
        hashes: Vec<DefinitionHash>,
    }

    impl Site {
        fn new(definitions: usize, retiring: &[usize]) -> Result<Self> {
            let folder = tempfile::tempdir()?;
            let hashes: Vec<_> = (0..definitions)
                .map(|number| DefinitionHash(std::array::from_fn(|i| (i * 8 + number) as u8)))
                .collect();
            fs::create_dir_all(folder.path().join("d"))?;
            for (number, hash) in hashes.iter().enumerate() {
                let json = format!(r#"{{"submit":["https://{number}.example/a/ssp"]}}"#);
                fs::write(definition(folder.path(), *hash), json)?;
            }
            let site = Self { folder, hashes };
            let manifest = serde_json::json!({"surveys": [{
                "id": "victim-voice",
                "page": "48b33f92",
                "definitions": site.hashes.iter().map(ToString::to_string).collect::<Vec<_>>(),
                "retiring": retiring.iter().map(|i| site.hashes[*i].to_string()).collect::<Vec<_>>(),
                "submit": (0..definitions).map(|i| format!("https://{i}.example")).collect::<Vec<_>>(),
            }]});
            fs::write(site.path("surveys.json"), manifest.to_string())?;
            Ok(site)
        }

        fn path(&self, name: &str) -> std::path::PathBuf {
            self.folder.path().join(name)
        }

        /// Puts a document there that asks the definition of this number.
        fn put(&self, name: &str, number: usize) -> Result<()> {
            // As src/load.rs writes it.
            let text = self.hashes[number].0.iter().map(|byte| match byte {
                b' '..=b'~' if !b"<&".contains(byte) => char::from(*byte),
                byte => char::from_u32(256 + u32::from(*byte)).unwrap_or_default(),
            });
            let html = format!("<p>{OPEN}{}more</script>", text.collect::<String>());
            let path = self.path(PAGE).join(name);
            fs::create_dir_all(path.parent().context("has a parent")?)?;
            fs::write(path, html)?;
            Ok(())
        }

        /// Numbers of definitions and of addresses that are listed.
        fn listed(&self) -> Result<(Vec<usize>, Vec<String>)> {
            let survey = manifest(self.folder.path())?.surveys.remove(0);
            assert_eq!(survey.retiring, []);
            let number = |hash: &DefinitionHash| self.hashes.iter().position(|it| it == hash);
            let definitions = survey.definitions.iter().filter_map(number).collect();
            Ok((definitions, survey.submit.iter().map(ToString::to_string).collect()))
        }

        fn pages(&self) -> Result<Vec<String>> {
            workspace::files_below(&self.path(PAGE))
        }
    }

    #[test]
    fn a_definition_ends_when_the_pages_ask_the_next_one() -> Result<()> {
        let site = Site::new(3, &[2])?;
        site.put("index.html", 1)?;
        let before = fs::read(site.path("surveys.json"))?;
        // The pages were not written: nothing ends.
        retire(site.folder.path())?;
        assert_eq!(fs::read(site.path("surveys.json"))?, before);

        for (name, asks) in [("index.html", 0), ("views-0.html", 0), ("views-1.html", 1)] {
            site.put(name, asks)?;
        }
        for form in ["", ".br", ".gz"] {
            site.put(&format!("views-2.html{form}"), 2)?;
        }
        retire(site.folder.path())?;
        let addresses = ["https://0.example", "https://1.example"].map(str::to_owned);
        assert_eq!(site.listed()?, (vec![0, 1], addresses.to_vec()));
        // Whoever asks for what asked it gets the survey as it is now. What asked another that is
        // still taken is kept.
        assert_eq!(site.pages()?, ["index.html", "views-0.html", "views-1.html"]);
        assert!(definition(site.folder.path(), site.hashes[2]).is_file(), "answers need it");
        Ok(())
    }

    #[test]
    fn an_address_stays_allowed_as_long_as_a_document_sends_to_it() -> Result<()> {
        let site = Site::new(3, &[])?;
        for (name, asks) in [("index.html", 0), ("views-0.html", 0), ("views-2.html", 2)] {
            site.put(name, asks)?;
        }
        retire(site.folder.path())?;
        let addresses = ["https://0.example", "https://2.example"].map(str::to_owned);
        assert_eq!(site.listed()?, (vec![0, 1, 2], addresses.to_vec()));
        // Of one that says nothing nobody knows where it sends to.
        fs::write(site.path(PAGE).join("views-3.html"), "of another release")?;
        fs::remove_file(site.path(PAGE).join("views-2.html"))?;
        retire(site.folder.path())?;
        assert_eq!(site.listed()?.1, addresses);
        fs::remove_file(site.path(PAGE).join("views-3.html"))?;
        retire(site.folder.path())?;
        assert_eq!(site.listed()?.1, ["https://0.example"]);
        Ok(())
    }

    #[test]
    fn a_hash_is_read_in_whatever_way_it_was_written() {
        let hash: [u8; 32] = std::array::from_fn(|i| b"a\xc3\xa9\xff\0<"[i % 6]);
        let document = |text: String| format!("{OPEN}{text}</script>");
        let all: String =
            hash.iter().filter_map(|b| char::from_u32(0x100 + u32::from(*b))).collect();
        assert!(hashes_in(&document(all + "more")).contains(&DefinitionHash(hash)));
        // `\xc3\xa9` is a character of a text.
        let texts: String = "aé\u{7ff}\u{700}\u{73c}".chars().cycle().take(27).collect();
        assert!(hashes_in(&document(texts + "more")).contains(&DefinitionHash(hash)));
        for nothing in
            ["", OPEN, &document("short".to_owned()), &format!("{OPEN}{}", "A".repeat(32))]
        {
            assert_eq!(hashes_in(nothing), [], "{nothing}");
        }
    }

    #[test]
    fn a_page_that_does_not_say_what_it_asks_is_refused() -> Result<()> {
        let site = Site::new(1, &[])?;
        fs::create_dir_all(site.path(PAGE))?;
        for html in
            ["<p>", OPEN, &format!("{OPEN}short</script>"), &format!("{OPEN}{}<", "A".repeat(32))]
        {
            fs::write(site.path(PAGE).join("index.html"), html)?;
            assert!(retire(site.folder.path()).is_err(), "{html}");
        }
        Ok(())
    }
}
