//! `embed.js` as it is published: without comments, and with two tables. One names the documents
//! that are published with it, so that browsers may keep them. The other says what links to support
//! lines open: a sandboxed frame may neither dial nor open a page, and it names no address either.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use serde::Serialize;
use serde_json::Value;
use survey_wire::Manifest;

use super::{short_hash, strip};
use crate::workspace;

/// The name of the loader, which stands on partners' pages.
pub(super) const LOADER: &str = "embed.js";

/// How the lines start that hold the tables.
const DOCUMENTS: &str = "const DOCUMENTS = ";
const LINKS: &str = "const LINKS = ";

/// By page code and language, where nothing stands for the source language.
type Documents = BTreeMap<String, BTreeMap<String, String>>;

/// By page code: the address of a line's number, to call or to send a text to, at twice its place among the support
/// lines, that of its site one further; nothing where there is none.
type Links = BTreeMap<String, Vec<String>>;

/// Writes the loader anew, and a copy that is named after its contents. The documents of every
/// survey have to be there.
///
/// # Errors
///
/// When a document is not there under the name that follows from its contents, when the loader has
/// no line for the table, or when a file cannot be read or written.
pub(super) fn write(site: &Path, manifest: &Manifest) -> Result<()> {
    let path = site.join(LOADER);
    let source =
        fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let source = strip::script(&source).context("embed.js cannot be shipped")?;
    let loader = with_table(&source, DOCUMENTS, &documents(site, manifest)?)?;
    let loader = with_table(&loader, LINKS, &links(site, manifest)?)?;
    super::replace(&path, loader.as_bytes())?;
    let copy = format!("embed-{}.js", short_hash(loader.as_bytes()));
    super::replace(&site.join(copy), loader.as_bytes())
}

fn documents(site: &Path, manifest: &Manifest) -> Result<Documents> {
    let mut documents = Documents::new();
    for survey in &manifest.surveys {
        let folder = site.join("s").join(survey.page.to_string());
        let names = documents.entry(survey.page.to_string()).or_default();
        for file in workspace::files_below(&folder)? {
            let Some(language) = file.strip_suffix("index.html") else { continue };
            let path = folder.join(&file);
            let html =
                fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
            let name = format!("views-{}.html", short_hash(&html));
            if !fs::read(folder.join(&name)).is_ok_and(|copy| copy == html) {
                bail!(
                    "{} stands nowhere as {name}, the name that its contents give it; `views-page` \
                     writes both",
                    path.display()
                );
            }
            names.insert(language.trim_end_matches('/').to_owned(), name);
        }
        if !names.contains_key("") {
            bail!("survey `{}` has no page s/{}/index.html", survey.id, survey.page);
        }
    }
    Ok(documents)
}

/// What the support lines of the newest definitions link to.
fn links(site: &Path, manifest: &Manifest) -> Result<Links> {
    let mut links = Links::new();
    for survey in &manifest.surveys {
        let Some(newest) = survey.definitions.first() else { continue };
        let path = site.join("d").join(format!("{newest}.json"));
        let json = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let definition: Value = serde_json::from_slice(&json)
            .with_context(|| format!("{} is no definition", path.display()))?;
        let lines = definition["support_lines"].as_array().map_or(&[][..], Vec::as_slice);
        let addresses = lines.iter().flat_map(|line| {
            let number =
                ["tel:", "sms:"].into_iter().zip(["phone", "sms"]).find_map(|(to, member)| {
                    let number = line[member].as_str()?.chars();
                    let digits: String = number.filter(char::is_ascii_digit).collect();
                    (!digits.is_empty()).then(|| format!("{to}{digits}"))
                });
            let url = line["url"].as_str().filter(|url| url.starts_with("https://"));
            [number.unwrap_or_default(), url.unwrap_or_default().to_owned()]
        });
        links.insert(survey.page.to_string(), addresses.collect());
    }
    Ok(links)
}

/// The loader with this table in place of the one that it has.
fn with_table(loader: &str, line: &str, table: &impl Serialize) -> Result<String> {
    let mut lines = loader.lines().filter(|candidate| candidate.trim_start().starts_with(line));
    let (Some(old), None) = (lines.next(), lines.next()) else {
        bail!("embed.js has not one line `{line}{{}};`, where a table goes");
    };
    let table = serde_json::to_string(table)?;
    Ok(loader.replacen(old, &format!("{line}{table};"), 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOADER_SOURCE: &str =
        "/*! L */\n  // x\n  const DOCUMENTS = {};\n  const LINKS = {};\n  go();\n";

    fn manifest() -> Result<Manifest> {
        let def = "A".repeat(43);
        let json = format!(
            r#"{{"surveys":[{{"id":"victim-voice","page":"48b33f92","definitions":["{def}"],"submit":[]}}]}}"#
        );
        Ok(Manifest::parse(json.as_bytes())?)
    }

    #[test]
    fn the_loader_names_each_document() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let site = folder.path();
        fs::create_dir_all(site.join("s/48b33f92/cy"))?;
        fs::write(site.join("embed.js"), LOADER_SOURCE)?;
        fs::create_dir_all(site.join("d"))?;
        let definition = site.join(format!("d/{}.json", "A".repeat(43)));
        fs::write(
            &definition,
            r#"{"support_lines":[{"phone":"08 08 1"},{"url":"https://a.example"},{"phone":"","url":"javascript:x"},{"sms":"85 258"}]}"#,
        )?;
        fs::write(site.join("s/48b33f92/index.html"), "abc")?;
        let manifest = manifest()?;
        let message = write(site, &manifest).expect_err("no copy").to_string();
        assert!(message.contains("views-ba7816bf8f01cfea.html"), "{message}");

        fs::write(site.join("s/48b33f92/views-ba7816bf8f01cfea.html"), "abc")?;
        fs::write(site.join("embed.js.br"), "stale")?;
        let table = r#"const DOCUMENTS = {"48b33f92":{"":"views-ba7816bf8f01cfea.html"}};"#;
        let links = r#"const LINKS = {"48b33f92":["tel:08081","","","https://a.example","","","sms:85258",""]};"#;
        for _ in ["first", "again"] {
            write(site, &manifest)?;
            let loader = fs::read_to_string(site.join("embed.js"))?;
            assert_eq!(loader, format!("/*! L */\n{table}\n{links}\ngo();\n"));
            let copy = format!("embed-{}.js", short_hash(loader.as_bytes()));
            assert_eq!(fs::read_to_string(site.join(copy))?, loader);
            assert!(!site.join("embed.js.br").exists());
        }

        fs::write(site.join("s/48b33f92/cy/index.html"), "")?;
        fs::write(site.join("s/48b33f92/views-e3b0c44298fc1c14.html"), "")?;
        write(site, &manifest)?;
        let loader = fs::read_to_string(site.join("embed.js"))?;
        assert!(loader.contains(r#","cy":"views-e3b0c44298fc1c14.html"}"#), "{loader}");

        fs::write(&definition, "{}")?;
        write(site, &manifest)?;
        let loader = fs::read_to_string(site.join("embed.js"))?;
        assert!(loader.contains(r#"const LINKS = {"48b33f92":[]};"#), "{loader}");

        fs::remove_file(site.join("s/48b33f92/index.html"))?;
        assert!(write(site, &manifest).is_err());
        Ok(())
    }

    #[test]
    fn a_loader_without_a_place_for_the_table_is_refused() {
        for loader in ["", "const DOCUMENTS = {};\nconst DOCUMENTS = {};\n"] {
            assert!(with_table(loader, DOCUMENTS, &Documents::new()).is_err());
        }
    }
}
