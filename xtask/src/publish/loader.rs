//! `embed.js` as it is published: without comments, and with the names of the documents that are
//! published with it, so that browsers may keep them.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use survey_wire::Manifest;

use super::{short_hash, strip};
use crate::workspace;

/// The name of the loader, which stands on partners' pages.
pub(super) const LOADER: &str = "embed.js";

/// How the line starts that holds the table.
const LINE: &str = "const DOCUMENTS = ";

/// By page code and language, where nothing stands for the source language.
type Documents = BTreeMap<String, BTreeMap<String, String>>;

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
    let loader = with_table(&source, &documents(site, manifest)?)?;
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

/// The loader with this table in place of the one that it has.
fn with_table(loader: &str, documents: &Documents) -> Result<String> {
    let mut lines = loader.lines().filter(|line| line.trim_start().starts_with(LINE));
    let (Some(line), None) = (lines.next(), lines.next()) else {
        bail!("embed.js has not one line `{LINE}{{}};`, where its table of documents goes");
    };
    let surveys = documents.iter().map(|(code, names)| {
        let names = names.iter().map(|(language, name)| format!("\"{language}\":\"{name}\""));
        format!("\"{code}\":{{{}}}", names.collect::<Vec<_>>().join(","))
    });
    let table = format!("{LINE}{{{}}};", surveys.collect::<Vec<_>>().join(","));
    Ok(loader.replacen(line, &table, 1))
}

#[cfg(test)]
mod tests {
    use super::*;

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
        fs::write(site.join("embed.js"), "/*! L */\n  // x\n  const DOCUMENTS = {};\n  go();\n")?;
        fs::write(site.join("s/48b33f92/index.html"), "abc")?;
        let manifest = manifest()?;
        let message = write(site, &manifest).expect_err("no copy").to_string();
        assert!(message.contains("views-ba7816bf8f01cfea.html"), "{message}");

        fs::write(site.join("s/48b33f92/views-ba7816bf8f01cfea.html"), "abc")?;
        fs::write(site.join("embed.js.br"), "stale")?;
        let table = r#"const DOCUMENTS = {"48b33f92":{"":"views-ba7816bf8f01cfea.html"}};"#;
        for _ in ["first", "again"] {
            write(site, &manifest)?;
            let loader = fs::read_to_string(site.join("embed.js"))?;
            assert_eq!(loader, format!("/*! L */\n{table}\ngo();\n"));
            let copy = format!("embed-{}.js", short_hash(loader.as_bytes()));
            assert_eq!(fs::read_to_string(site.join(copy))?, loader);
            assert!(!site.join("embed.js.br").exists());
        }

        fs::write(site.join("s/48b33f92/cy/index.html"), "")?;
        fs::write(site.join("s/48b33f92/views-e3b0c44298fc1c14.html"), "")?;
        write(site, &manifest)?;
        let loader = fs::read_to_string(site.join("embed.js"))?;
        assert!(loader.contains(r#","cy":"views-e3b0c44298fc1c14.html"}"#), "{loader}");

        fs::remove_file(site.join("s/48b33f92/index.html"))?;
        assert!(write(site, &manifest).is_err());
        Ok(())
    }

    #[test]
    fn a_loader_without_a_place_for_the_table_is_refused() {
        for loader in ["", "const DOCUMENTS = {};\nconst DOCUMENTS = {};\n"] {
            assert!(with_table(loader, &Documents::new()).is_err());
        }
    }
}
