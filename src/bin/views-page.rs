//! Writes the documents of a site: `views-page --site DIR`.
//!
//! For each survey of `DIR/surveys.json`, in each of its languages, from `DIR/template.html` and
//! the newest published definition. Each document is written under the address that stays
//! (`s/48b33f92/index.html`; that of the first survey as `index.html` too) and under a name that
//! changes with what is in it, which may be cached for ever.

use std::{
    error::Error,
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use survey_wire::Manifest;
use victim_voice::document::{Document, Template};

const USAGE: &str = "usage: views-page --site DIR
Writes the documents of a site that `cargo xtask publish` built, after `survey-analyst publish`
changed a definition in it.";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [flag, site] = &*arguments else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    if flag != "--site" {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    }
    match write_site(Path::new(site)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Every document is made before the first one is written.
fn write_site(site: &Path) -> Result<(), Box<dyn Error>> {
    let template = site.join("template.html");
    let html = fs::read_to_string(&template).map_err(|error| named(&template, &error))?;
    let template = Template::new(html).map_err(|error| named(&template, &error))?;
    let manifest = site.join("surveys.json");
    let json = fs::read(&manifest).map_err(|error| named(&manifest, &error))?;
    let manifest = Manifest::parse(&json).map_err(|error| named(&manifest, &error))?;

    let mut files: Vec<(PathBuf, String)> = Vec::new();
    for (i, survey) in manifest.surveys.iter().enumerate() {
        let Some(newest) = survey.definitions.first() else { continue };
        let definition = site.join(format!("d/{newest}.json"));
        let json = fs::read(&definition).map_err(|error| named(&definition, &error))?;
        let documents = template.documents(survey.page, &json);
        let documents = documents.map_err(|error| named(&definition, &error))?;
        if let (0, Some(first)) = (i, documents.first()) {
            files.push((site.join("index.html"), first.html.clone()));
        }
        for document in documents {
            files.extend(places(site, survey.page, document));
        }
    }
    for (path, html) in files {
        write(&path, &html).map_err(|error| named(&path, &error))?;
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
fn write(path: &Path, html: &str) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let with = |ending: &str| {
        let mut name = path.as_os_str().to_owned();
        name.push(ending);
        PathBuf::from(name)
    };
    for ending in [".br", ".gz"] {
        match fs::remove_file(with(ending)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    let draft = with(".new");
    fs::write(&draft, html)?;
    fs::rename(draft, path)
}

fn named(path: &Path, error: &dyn std::fmt::Display) -> String {
    format!("{}: {error}", path.display())
}
