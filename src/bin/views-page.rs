//! Writes the documents of a site: `views-page --site DIR --locales DIR`.
//!
//! For each survey of `DIR/surveys.json`, in each of its languages, from `DIR/template.html` and
//! the newest published definition. Each document is written under the address that stays
//! (`s/48b33f92/index.html`; that of the first survey as `index.html` too) and under a name that
//! changes with what is in it, which may be cached for ever. Says what is not translated.

use std::{
    error::Error,
    fs, io,
    path::{Path, PathBuf},
    process::ExitCode,
};

use survey_wire::Manifest;
use victim_voice::document::{self, Document, Languages, Template};

const USAGE: &str = "usage: views-page --site DIR --locales DIR [--reviewed-only]
Writes the documents of a site that `cargo xtask publish` built, after `survey-analyst publish`
changed a definition in it.
--locales         the folder of the widget's own sentences, one file a language
--reviewed-only   leave out languages whose file there says \"reviewed\": false";

struct Arguments {
    site: PathBuf,
    locales: PathBuf,
    which: Languages,
}

impl Arguments {
    /// `None` unless both folders are there, and nothing that is unknown.
    fn read(mut words: impl Iterator<Item = String>) -> Option<Self> {
        let (mut site, mut locales, mut which) = (None, None, Languages::All);
        while let Some(word) = words.next() {
            match &*word {
                "--site" => site = Some(words.next()?.into()),
                "--locales" => locales = Some(words.next()?.into()),
                "--reviewed-only" => which = Languages::Reviewed,
                _ => return None,
            }
        }
        Some(Self { site: site?, locales: locales?, which })
    }
}

fn main() -> ExitCode {
    let Some(arguments) = Arguments::read(std::env::args().skip(1)) else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    match write_site(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Every document is made before the first one is written.
fn write_site(Arguments { site, locales, which }: &Arguments) -> Result<(), Box<dyn Error>> {
    let template = site.join("template.html");
    let html = fs::read_to_string(&template).map_err(|error| named(&template, &error))?;
    let template = Template::new(html).map_err(|error| named(&template, &error))?;
    let manifest = site.join("surveys.json");
    let json = fs::read(&manifest).map_err(|error| named(&manifest, &error))?;
    let manifest = Manifest::parse(&json).map_err(|error| named(&manifest, &error))?;
    let locales = document::locales(locales)
        .map_err(|faults| format!("{}: {}", locales.display(), faults.join("\n       ")))?;

    let mut files: Vec<(PathBuf, String)> = Vec::new();
    let mut folders = Vec::new();
    for (i, survey) in manifest.surveys.iter().enumerate() {
        let Some(newest) = survey.definitions.first() else { continue };
        let definition = site.join(format!("d/{newest}.json"));
        let json = fs::read(&definition).map_err(|error| named(&definition, &error))?;
        let written = template.documents(survey.page, &json, &locales, *which);
        let written = written.map_err(|error| named(&definition, &error))?;
        for note in written.notes {
            eprintln!("{}: {note}", survey.id);
        }
        if let (0, Some(first)) = (i, written.documents.first()) {
            files.push((site.join("index.html"), first.html.clone()));
        }
        folders.push(site.join(format!("s/{}", survey.page)));
        for document in written.documents {
            files.extend(places(site, survey.page, document));
        }
    }
    for folder in folders {
        remove_others(&folder, &files).map_err(|error| named(&folder, &error))?;
    }
    for (path, html) in files {
        write(&path, &html).map_err(|error| named(&path, &error))?;
    }
    Ok(())
}

/// Takes away the entry pages of languages that the survey is no longer in, as loaders and people
/// would still find them.
fn remove_others(survey: &Path, files: &[(PathBuf, String)]) -> io::Result<()> {
    let entries = match fs::read_dir(survey) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries?,
    };
    for entry in entries {
        let page = entry?.path().join("index.html");
        if page.is_file() && !files.iter().any(|(path, _)| *path == page) {
            remove_compressed(&page)?;
            fs::remove_file(page)?;
        }
    }
    Ok(())
}

/// Where a document goes: the immutable ones of all languages lie side by side.
fn places(site: &Path, page: survey_wire::PageCode, document: Document) -> [(PathBuf, String); 2] {
    let hashed = site.join(format!("s/{page}")).join(document.hashed_name());
    let entry = site.join(&document.folder).join("index.html");
    [(hashed, document.html.clone()), (entry, document.html)]
}

/// Writes a file in one step, and removes the compressed forms of the one before.
fn write(path: &Path, html: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    remove_compressed(path)?;
    let draft = with_ending(path, ".new");
    fs::write(&draft, html)?;
    fs::rename(draft, path)
}

fn remove_compressed(path: &Path) -> io::Result<()> {
    for ending in [".br", ".gz"] {
        match fs::remove_file(with_ending(path, ending)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

fn named(path: &Path, error: &dyn std::fmt::Display) -> String {
    format!("{}: {error}", path.display())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_that_is_gone_leaves_no_page() -> io::Result<()> {
        let folder = tempfile::tempdir()?;
        let path = |name: &str| folder.path().join(name);
        for language in ["cy", "pl"] {
            fs::create_dir_all(path(language))?;
        }
        let files = [
            "index.html",
            "cy/index.html",
            "cy/index.html.br",
            "pl/index.html",
            "pl/index.html.br",
            "pl/index.html.gz",
            "views-0123456789abcdef.html",
        ];
        for file in files {
            fs::write(path(file), file)?;
        }
        let written = ["index.html", "cy/index.html"].map(|name| (path(name), String::new()));
        remove_others(folder.path(), &written)?;
        for file in files {
            assert_eq!(path(file).exists(), !file.starts_with("pl/"), "{file}");
        }
        remove_others(&path("never"), &written)
    }
}
