//! A survey definition that was checked: whatever is here can be asked.

mod page;

#[cfg(feature = "authoring")]
use crate::error::DefinitionError;
use crate::{Language, LanguageIndex, SurveyId, Text, Version};

pub use page::*;

/// A survey: what is asked, in which order, in which languages, and for whom it is sealed.
///
/// Invariants, so that nothing past [`Definition::parse`] checks them again: every key is used
/// once; every condition names earlier pages and codes that exist; every text is there in the
/// source language; the longest possible response fits into an envelope. [`Definition::compile`]
/// hands a checked definition on to the widget, in one language.
#[derive(Clone, Debug)]
pub struct Definition {
    pub(crate) id: SurveyId,
    pub(crate) version: Version,
    pub(crate) languages: Vec<Language>,
    pub(crate) start_language: LanguageIndex,
    pub(crate) title: Text,
    pub(crate) owner: Option<Text>,
    pub(crate) exit_url: Box<str>,
    pub(crate) context: Vec<(Box<str>, Vec<Box<str>>)>,
    pub(crate) sections: Vec<Section>,
    pub(crate) start: Vec<Text>,
    pub(crate) pages: Vec<Page>,
    pub(crate) end: Ending,
    pub(crate) support_lines: Vec<SupportLine>,
    pub(crate) recipients: Vec<Recipient>,
    pub(crate) submit: Vec<Box<str>>,
    /// Bytes that no response exceeds.
    pub(crate) longest_response: usize,
}

impl Definition {
    /// Reads a definition of format 1 (`docs/definition.md`).
    ///
    /// # Errors
    ///
    /// Every fault that was found, each with its place. A file that is not JSON or has members of
    /// the wrong type gives one fault, since what follows could not be read.
    #[cfg(feature = "authoring")]
    pub fn parse(json: &[u8]) -> Result<Self, Vec<DefinitionError>> {
        crate::check::parse(json)
    }

    /// Identifies the survey.
    #[must_use]
    pub fn id(&self) -> &SurveyId {
        &self.id
    }

    /// Version of the content.
    #[must_use]
    pub fn version(&self) -> Version {
        self.version
    }

    /// The languages; the first is the source language.
    #[must_use]
    pub fn languages(&self) -> &[Language] {
        &self.languages
    }

    /// The places of all languages in order.
    pub fn language_indices(&self) -> impl Iterator<Item = LanguageIndex> + use<> {
        // At most 100 languages, so the number fits.
        (0..self.languages.len()).map(|i| LanguageIndex(i as u8))
    }

    /// The language that a session starts in: the one that the definition was compiled for, or the
    /// source language.
    #[must_use]
    pub fn start_language(&self) -> LanguageIndex {
        self.start_language
    }

    /// A language of the definition by its place.
    #[must_use]
    pub fn language(&self, index: LanguageIndex) -> &Language {
        // Out of range only for an index of another definition; the source language then serves.
        self.languages.get(usize::from(index.0)).unwrap_or(&self.languages[0])
    }

    /// The place of the language that serves `tag` best: the same, or the same without script
    /// and region.
    #[must_use]
    pub fn find_language(&self, tag: &str) -> Option<LanguageIndex> {
        let base = |tag: &str| tag.bytes().position(|byte| byte == b'-').unwrap_or(tag.len());
        let same = |a: &[u8], b: &[u8]| a.eq_ignore_ascii_case(b);
        let whole = |l: &Language| same(l.as_str().as_bytes(), tag.as_bytes());
        let near = |l: &Language| {
            let (l, tag) = (l.as_str(), tag);
            same(&l.as_bytes()[..base(l)], &tag.as_bytes()[..base(tag)])
        };
        let place = self.languages.iter().position(whole);
        let place = place.or_else(|| self.languages.iter().position(near));
        place.and_then(|place| u8::try_from(place).ok()).map(LanguageIndex)
    }

    pub(crate) fn find_exact_language(&self, tag: &str) -> Option<LanguageIndex> {
        let place = self.languages.iter().position(|language| language.as_str() == tag);
        place.and_then(|place| u8::try_from(place).ok()).map(LanguageIndex)
    }

    /// Neutral name of the survey, shown above it.
    #[must_use]
    pub fn title(&self) -> &Text {
        &self.title
    }

    /// Who runs the survey, in one sentence.
    #[must_use]
    pub fn owner(&self) -> Option<&Text> {
        self.owner.as_ref()
    }

    /// Where "Leave this page" goes; an `https:` address.
    #[must_use]
    pub fn exit_url(&self) -> &str {
        &self.exit_url
    }

    /// The parts of the survey, for "Main questions: 3 of 8".
    #[must_use]
    pub fn sections(&self) -> &[Section] {
        &self.sections
    }

    /// Paragraphs above the first page.
    #[must_use]
    pub fn start(&self) -> &[Text] {
        &self.start
    }

    /// All pages in order.
    #[must_use]
    pub fn pages(&self) -> &[Page] {
        &self.pages
    }

    /// A page by its place.
    #[must_use]
    pub fn page(&self, index: PageIndex) -> &Page {
        &self.pages[index.get()]
    }

    /// The places of all pages in order.
    pub fn page_indices(&self) -> impl DoubleEndedIterator<Item = PageIndex> + use<> {
        // At most MAX_PAGES pages, so the number fits.
        (0..self.pages.len()).map(|i| PageIndex(i as u16))
    }

    /// The place of the page with this key.
    #[must_use]
    pub fn find(&self, key: &str) -> Option<PageIndex> {
        self.page_indices().find(|&i| self.page(i).key.as_str() == key)
    }

    /// What is shown after the response was sent.
    #[must_use]
    pub fn end(&self) -> &Ending {
        &self.end
    }

    /// Support lines that somebody checked, in the order in which they are shown.
    #[must_use]
    pub fn support_lines(&self) -> &[SupportLine] {
        &self.support_lines
    }

    /// For whom responses are sealed. Empty in a draft, which must not be answered.
    #[must_use]
    pub fn recipients(&self) -> &[Recipient] {
        &self.recipients
    }

    /// Protocol bases to which responses are posted, first choice first. Empty in a draft.
    #[must_use]
    pub fn submit(&self) -> impl ExactSizeIterator<Item = &str> {
        self.submit.iter().map(AsRef::as_ref)
    }

    /// Bytes that no response to this survey exceeds; the size class of its envelopes follows, so
    /// that the length of what is sent says nothing about what was said.
    #[must_use]
    pub fn longest_response(&self) -> usize {
        self.longest_response
    }

    /// Takes what the page around the survey said of itself, as far as the definition allows it.
    ///
    /// Only declared names with declared values pass, so that nobody can smuggle a name, an
    /// address or a token into a response.
    #[must_use]
    pub fn accept_context<'a>(
        &self,
        pairs: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Context {
        let mut context = Context(vec![None; self.context.len()]);
        for (name, value) in pairs {
            self.accept(&mut context, name, value);
        }
        context
    }

    fn accept(&self, context: &mut Context, name: &str, value: &str) {
        let declared = self.context.iter().zip(&mut context.0);
        for ((declared, values), place) in declared {
            if **declared == *name {
                let value = values.iter().position(|declared| **declared == *value);
                *place = value.and_then(|value| u8::try_from(value).ok());
            }
        }
    }

    /// The names and values of `context`.
    pub fn context_pairs<'a>(
        &'a self,
        context: &'a Context,
    ) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.context.iter().zip(&context.0).filter_map(|((name, values), value)| {
            let value = values.get(usize::from((*value)?))?;
            Some((&**name, &**value))
        })
    }

    /// The names that a page around the survey may set, each with its values.
    pub fn context_names(&self) -> impl Iterator<Item = (&str, impl Iterator<Item = &str>)> {
        self.context.iter().map(|(name, values)| (&**name, values.iter().map(AsRef::as_ref)))
    }
}

/// Where the survey is embedded, as far as the definition allows it to be known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Context(pub(crate) Vec<Option<u8>>);
