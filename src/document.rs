//! Documents as text: the first page of a survey, drawn by the views that the browser runs, around
//! it the template that the build made, and in it all that the program needs to go on.

use std::fmt;

use leptos::prelude::{Owner, RenderHtml as _};
use survey_core::{Definition, LanguageIndex};
use survey_wire::{DefinitionHash, PageCode};

use crate::{
    app,
    load::{self, Published},
    state::Ui,
    text::{Sentence, Sentences},
};

/// Where something goes in a template.
const PLACES: [&str; 9] = [
    "__LANG__",
    "__DIR__",
    "__EXIT__",
    "__ENTRY__",
    "<!--page-->",
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
}

impl fmt::Display for DocumentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Place(place) => write!(
                f,
                "the template has no `{place}`; build the site again with `cargo xtask publish`"
            ),
            Self::Definition(fault) => write!(f, "{fault}; publish the survey again"),
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

    /// The documents of a published definition, one for each of its languages, the source
    /// language first.
    ///
    /// # Errors
    ///
    /// [`DocumentError::Definition`] if it has faults, [`DocumentError::Draft`] if it cannot be
    /// answered.
    pub fn documents(&self, page: PageCode, json: &[u8]) -> Result<Vec<Document>, DocumentError> {
        let definition = Definition::parse(json).map_err(|faults| {
            DocumentError::Definition(faults.first().map(ToString::to_string).unwrap_or_default())
        })?;
        if definition.recipients().is_empty() || definition.submit().len() == 0 {
            return Err(DocumentError::Draft);
        }
        let hash = DefinitionHash::of(json);
        let tags = definition.languages().iter().enumerate();
        let documents = tags.filter_map(|(i, tag)| {
            let language = definition.find_language(tag.as_str())?;
            let folder = match i {
                0 => format!("s/{page}/"),
                _ => format!("s/{page}/{tag}/"),
            };
            let html = self.document(&definition, hash, language, &folder)?;
            Some(Document { folder, html })
        });
        Ok(documents.collect())
    }

    /// `None` cannot happen: what was compiled a line before can be read.
    fn document(
        &self,
        definition: &Definition,
        hash: DefinitionHash,
        language: LanguageIndex,
        folder: &str,
    ) -> Option<String> {
        let sentences = Sentences::english()?;
        let block = load::data_block(definition, hash, language, &sentences);
        // Read back, so that what is drawn is what the browser will have.
        let published = Published::of_document(&block)?;
        let page = Owner::new().with(|| app::survey(Ui::new(published)).to_html());
        let tag = definition.language(language);
        let direction = if tag.is_right_to_left() { "rtl" } else { "ltr" };
        let values = [
            tag.as_str(),
            direction,
            &escaped(definition.exit_url()),
            &format!("/{folder}"),
            &page,
            &escaped(sentences.get(Sentence::Wait)),
            &escaped(sentences.get(Sentence::NotLoaded)),
            &escaped(sentences.get(Sentence::TryNow)),
            &block,
        ];
        let filled = PLACES.iter().zip(values);
        Some(filled.fold(self.0.clone(), |html, (place, value)| html.replace(place, value)))
    }
}

/// A text for an attribute, or between two tags.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;")
}
