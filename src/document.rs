//! Documents as text: the first page of a survey, drawn by the views that the browser runs, around
//! it the template that the build made, and in it all that the program needs to go on.

use std::{fmt, path::Path};

use leptos::prelude::{Owner, RenderHtml as _};
use survey_core::{Definition, Language, LanguageIndex};
use survey_locales::{Locale, Locales, Source};
use survey_wire::{DefinitionHash, PageCode};

use crate::{
    app,
    load::{self, Published},
    node::{Node, el},
    state::Ui,
    text::{Said, Sentence, Sentences},
};

/// Where something goes in a template.
const PLACES: [&str; 11] = [
    "__LANG__",
    "__DIR__",
    "__EXIT__",
    "__ENTRY__",
    "<!--languages-->",
    "<!--page-->",
    "__WAITS__",
    "__WAIT__",
    "__LOST__",
    "__AGAIN__",
    "<!--definition-->",
];

/// The page that trunk built, with its places to fill.
#[derive(Clone, Debug)]
pub struct Template(String);

/// The document of a survey in one language.
#[derive(Clone, Debug)]
pub struct Document {
    /// Where it is served, from the root of the site: `s/48b33f92/`, `s/48b33f92/cy/`.
    pub folder: String,
    /// The document.
    pub html: String,
}

impl Document {
    /// A name for it that changes with what is in it: `views-<16 hexadecimal digits>.html`, from
    /// the first eight bytes of its SHA-256.
    #[must_use]
    pub fn hashed_name(&self) -> String {
        let DefinitionHash(hash) = DefinitionHash::of(self.html.as_bytes());
        let digits: String = hash[..8].iter().map(|byte| format!("{byte:02x}")).collect();
        format!("views-{digits}.html")
    }
}

/// The documents of a survey.
#[derive(Clone, Debug)]
pub struct Documents {
    /// One for each language, the source language first.
    pub documents: Vec<Document>,
    /// What somebody should know of them: what is not translated, and which languages are left out.
    pub notes: Vec<String>,
}

/// Which languages get a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Languages {
    /// All that the survey is in.
    All,
    /// Those whose sentences somebody has read whose language it is, and the source language.
    Reviewed,
}

/// The widget's own sentences, in English and in all languages of the folder `locales`.
///
/// # Errors
///
/// Everything that is wrong with the files in it, one line each.
pub fn locales(folder: &Path) -> Result<Locales, Vec<String>> {
    let source = Sentences::source();
    // Cannot fail: tests read the same bytes.
    let source =
        source.ok_or_else(|| vec!["en.json: built into this program broken".to_owned()])?;
    Locales::read(source, folder)
}

/// Why there is no document.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DocumentError {
    /// The template has no place for something.
    Place(&'static str),
    /// The definition has faults; the first of them.
    Definition(String),
    /// Nobody could open what is answered, or it could not be sent.
    Draft,
    /// A language that the widget cannot count in.
    Language(String),
}

impl fmt::Display for DocumentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Place(place) => write!(
                f,
                "the template has no `{place}`; build the site again with `cargo xtask publish`"
            ),
            Self::Definition(fault) => write!(f, "{fault}; publish the survey again"),
            Self::Language(tag) => write!(f, "no document can be written in `{tag}`"),
            Self::Draft => f.write_str(
                "the definition names no recipient or no address to send to, so it must not be \
                 answered; publish it with `survey-analyst publish`",
            ),
        }
    }
}

impl std::error::Error for DocumentError {}

impl Template {
    /// Takes a template.
    ///
    /// # Errors
    ///
    /// [`DocumentError::Place`] if something that a document needs has no place in it.
    pub fn new(html: String) -> Result<Self, DocumentError> {
        match PLACES.into_iter().find(|place| !html.contains(place)) {
            Some(place) => Err(DocumentError::Place(place)),
            None => Ok(Self(html)),
        }
    }

    /// The documents of a published definition, one for each of its languages.
    ///
    /// # Errors
    ///
    /// [`DocumentError::Definition`] if it has faults, [`DocumentError::Draft`] if it cannot be
    /// answered, [`DocumentError::Language`] for a language that the widget cannot count in.
    pub fn documents(
        &self,
        page: PageCode,
        json: &[u8],
        locales: &Locales,
        which: Languages,
    ) -> Result<Documents, DocumentError> {
        let definition = Definition::parse(json).map_err(|faults| {
            DocumentError::Definition(faults.first().map(ToString::to_string).unwrap_or_default())
        })?;
        if definition.recipients().is_empty() || definition.submit().len() == 0 {
            return Err(DocumentError::Draft);
        }
        let hash = DefinitionHash::of(json);
        let (mut names, mut notes) = (Vec::new(), Vec::new());
        for (i, tag) in definition.languages().iter().enumerate() {
            let (name, said) = offer(locales, tag.as_str());
            let is_offered = i == 0 || which == Languages::All || is_reviewed(locales, tag);
            if is_offered {
                names.push(name);
                notes.extend(said);
            } else {
                names.push(String::new());
                notes.push(format!("{tag}: left out, because nobody has reviewed it"));
            }
        }
        // A person with one language to choose from has nothing to choose.
        if names.iter().filter(|name| !name.is_empty()).count() < 2 {
            names.clear();
        }
        let mut documents = Vec::new();
        for (i, language) in definition.language_indices().enumerate() {
            let tag = definition.language(language);
            if i > 0 && names.get(i).is_none_or(String::is_empty) {
                continue;
            }
            let folder = folder(page, language, tag.as_str());
            let sentences = Sentences::of(locales, tag.as_str(), &names);
            let html = sentences.and_then(|sentences| {
                self.document(locales, &definition, hash, language, &sentences, page)
            });
            let html = html.ok_or_else(|| DocumentError::Language(tag.to_string()))?;
            documents.push(Document { folder, html });
        }
        Ok(Documents { documents, notes })
    }

    /// `None` cannot happen: what was compiled a line before can be read.
    fn document(
        &self,
        locales: &Locales,
        definition: &Definition,
        hash: DefinitionHash,
        language: LanguageIndex,
        sentences: &Sentences,
        page: PageCode,
    ) -> Option<String> {
        let block = load::data_block(definition, hash, language, sentences);
        // Read back, so that what is drawn is what the browser will have.
        let published = Published::of_document(&block)?;
        let first = Owner::new().with(|| app::survey(Ui::new(published)).to_html());
        let tag = definition.language(language);
        let links = links(definition, sentences, language, page);
        // Both are said by one element, which has one language.
        let waiting = |sentences: &Sentences| {
            [Sentence::Wait, Sentence::NotLoaded].map(|sentence| sentences.get(sentence))
        };
        let [mut wait, mut lost] = waiting(sentences);
        let mut waits = tag.as_str();
        if wait.lang.is_some() || lost.lang.is_some() {
            [wait, lost] = waiting(&Sentences::of(locales, Source::TAG, &[])?);
            waits = Source::TAG;
        }
        let mut again = String::new();
        Node::from(sentences.get(Sentence::TryNow)).write(&mut again);
        let values = [
            tag.as_str(),
            sentences.direction(),
            &escaped(definition.exit_url()),
            &format!("/s/{page}/"),
            &links,
            &first,
            waits,
            &escaped(&wait.text),
            &escaped(&lost.text),
            &again,
            &block,
        ];
        let filled = PLACES.iter().zip(values);
        Some(filled.fold(self.0.clone(), |html, (place, value)| html.replace(place, value)))
    }
}

/// Where the document in a language lies: that in the source language above the others.
fn folder(page: PageCode, language: LanguageIndex, tag: &str) -> String {
    if language == LanguageIndex::default() {
        format!("s/{page}/")
    } else {
        format!("s/{page}/{tag}/")
    }
}

/// Links to the documents in other languages, for whoever has no script to change the language.
fn links(
    definition: &Definition,
    sentences: &Sentences,
    present: LanguageIndex,
    page: PageCode,
) -> String {
    let languages = definition.language_indices().zip(sentences.languages());
    let others = languages.filter(|(language, name)| *language != present && !name.is_empty());
    let links = others.map(|(language, name)| {
        let tag = definition.language(language).to_string();
        let folder = folder(page, language, &tag);
        let link = el("a").class("v-languages__name").attribute("href", format!("/{folder}"));
        let name = Said { text: name.to_owned(), lang: Some(tag.clone()) };
        el("p").child(link.attribute("hreflang", tag).says(name)).into()
    });
    let links: Vec<Node> = links.collect();
    let mut html = String::new();
    if !links.is_empty() {
        Node::from(el("nav").class("v-survey").child(links)).write(&mut html);
    }
    html
}

/// The name of a language in itself, and what should be known of the sentences in it.
fn offer(locales: &Locales, tag: &str) -> (String, Vec<String>) {
    if is_source(tag) {
        return (locales.source().name().to_owned(), Vec::new());
    }
    let Some(locale) = locales.find(tag) else {
        let note = format!(
            "{tag}: there is no locales/{tag}.json, so buttons and messages are in English and \
             the language is listed as `{tag}`"
        );
        return (tag.to_owned(), vec![note]);
    };
    let in_english = |keys: &[String], why: &str| {
        (!keys.is_empty()).then(|| {
            format!("{tag}: {} sentences are in English, {why}: {}", keys.len(), keys.join(", "))
        })
    };
    let missing = in_english(locale.missing(), "not translated");
    let stale = in_english(locale.stale(), "changed since they were translated");
    (locale.name().to_owned(), missing.into_iter().chain(stale).collect())
}

fn is_reviewed(locales: &Locales, tag: &Language) -> bool {
    is_source(tag.as_str()) || locales.find(tag.as_str()).is_some_and(Locale::is_reviewed)
}

fn is_source(tag: &str) -> bool {
    tag.split('-').next() == Some(Source::TAG)
}

/// A text for an attribute.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;")
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    const EVERY_PAGE: &[u8] =
        include_bytes!("../crates/survey-core/tests/fixtures/every-page.json");

    /// The documents of a survey in English and Polish, where Polish is as `polish` says.
    fn documents(polish: Option<&str>, which: Languages) -> Documents {
        let folder = tempfile::tempdir().expect("a folder");
        if let Some(more) = polish {
            let json = format!(r#"{{"format":1,"language":"pl","name":"Polski",{more}}}"#);
            fs::write(folder.path().join("pl.json"), json).expect("it can be written");
        }
        let locales = locales(folder.path()).expect("nothing is wrong with it");
        let template = Template::new(PLACES.join("\n")).expect("it has all places");
        let page = "48b33f92".parse().expect("a page code");
        template.documents(page, EVERY_PAGE, &locales, which).expect("it can be answered")
    }

    fn folders(documents: &Documents) -> Vec<&str> {
        documents.documents.iter().map(|document| &*document.folder).collect()
    }

    const LEAVE: &str =
        r#""sentences":{"leave":{"source":"Leave this page","text":"Opuść tę stronę"}}"#;

    #[test]
    fn each_language_has_a_document_that_offers_the_others() {
        let written = documents(Some(&format!(r#""reviewed":false,{LEAVE}"#)), Languages::All);
        assert_eq!(folders(&written), ["s/48b33f92/", "s/48b33f92/pl/"]);
        let [english, polish] = &written.documents[..] else { panic!("two") };
        for (document, tag, leave) in
            [(english, "en", "Leave this page"), (polish, "pl", "Opuść tę stronę")]
        {
            let lines: Vec<&str> = document.html.lines().collect();
            assert_eq!(lines[..2], [tag, "ltr"]);
            assert!(document.html.contains(&format!("{leave}</button>")), "{}", document.html);
            for (tag, name) in [("en", "English"), ("pl", "Polski")] {
                let button =
                    document.html.split("<button").find(|b| b.contains(&format!(">{name}<")));
                let button = button.expect(name);
                let marked = format!("lang=\"{tag}\" dir=\"auto\"");
                assert!(button.contains(&marked), "{name} in {}", document.html);
            }
        }
        let link = "<a class=\"v-languages__name\" href=\"/s/48b33f92/pl/\" hreflang=\"pl\"";
        assert!(english.html.contains(link), "{}", english.html);
        assert!(polish.html.contains("href=\"/s/48b33f92/\" hreflang=\"en\""), "{}", polish.html);
        // What nobody has translated says in which language it is.
        assert!(polish.html.contains("lang=\"en\" dir=\"auto\">Continue</button>"));
        let [note] = &written.notes[..] else { panic!("{:?}", written.notes) };
        assert!(note.starts_with("pl: ") && note.contains("not translated: back, next"), "{note}");
    }

    #[test]
    fn a_language_without_sentences_is_listed_by_its_tag() {
        let written = documents(None, Languages::All);
        assert_eq!(folders(&written), ["s/48b33f92/", "s/48b33f92/pl/"]);
        assert!(written.documents[0].html.contains("lang=\"pl\" dir=\"auto\">pl<"));
        assert!(written.notes[0].starts_with("pl: there is no locales/pl.json"));
    }

    #[test]
    fn what_nobody_reviewed_can_be_left_out() {
        for polish in [Some(format!(r#""reviewed":false,{LEAVE}"#)), None] {
            let written = documents(polish.as_deref(), Languages::Reviewed);
            assert_eq!(folders(&written), ["s/48b33f92/"]);
            let html = &written.documents[0].html;
            assert!(!html.contains("Polski") && !html.contains("v-languages"), "{html}");
            assert_eq!(written.notes, ["pl: left out, because nobody has reviewed it"]);
        }
        let reviewed = format!(r#""reviewed":true,{LEAVE}"#);
        let written = documents(Some(&reviewed), Languages::Reviewed);
        assert_eq!(folders(&written), ["s/48b33f92/", "s/48b33f92/pl/"]);
    }
}
