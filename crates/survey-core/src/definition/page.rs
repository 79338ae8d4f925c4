//! The parts of a definition: pages, questions, options, support lines, recipients.
//!
//! This file is long because it is one list of plain data types; there is no logic to split.

use crate::{Code, Condition, Key, Month, Text};

/// Place of a page in its definition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PageIndex(pub(crate) u16);

impl PageIndex {
    /// The place, from 0.
    #[must_use]
    pub fn get(self) -> usize {
        usize::from(self.0)
    }
}

/// Place of a section in its definition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SectionIndex(pub(crate) u16);

impl SectionIndex {
    /// The place, from 0.
    #[must_use]
    pub fn get(self) -> usize {
        usize::from(self.0)
    }
}

/// A part of the survey.
#[derive(Clone, Debug)]
pub struct Section {
    pub(crate) id: Key,
    pub(crate) title: Text,
}

impl Section {
    /// Names the section.
    #[must_use]
    pub fn id(&self) -> &Key {
        &self.id
    }

    /// What it is called on the page.
    #[must_use]
    pub fn title(&self) -> &Text {
        &self.title
    }
}

/// What is shown after the response was sent.
#[derive(Clone, Debug)]
pub struct Ending {
    /// Its heading.
    pub heading: Text,
    /// Its paragraphs.
    pub body: Vec<Text>,
}

/// One page: one thing asked or said.
#[derive(Clone, Debug)]
pub struct Page {
    pub(crate) key: Key,
    pub(crate) section: Option<SectionIndex>,
    pub(crate) ask_if: Option<Condition>,
    pub(crate) kind: PageKind,
}

impl Page {
    /// Names the page for good.
    #[must_use]
    pub fn key(&self) -> &Key {
        &self.key
    }

    /// The part of the survey that the page counts towards.
    #[must_use]
    pub fn section(&self) -> Option<SectionIndex> {
        self.section
    }

    /// What the page is.
    #[must_use]
    pub fn kind(&self) -> &PageKind {
        &self.kind
    }

    /// The question, if the page is one.
    #[must_use]
    pub fn question(&self) -> Option<&Question> {
        match &self.kind {
            PageKind::Question(question) => Some(question),
            PageKind::Statement(_) | PageKind::Gate(_) => None,
        }
    }
}

/// What a page is.
#[derive(Clone, Debug)]
pub enum PageKind {
    /// Asks something.
    Question(Question),
    /// Says something.
    Statement(Statement),
    /// Offers to finish now or to go on.
    Gate(Gate),
}

/// A page that says something.
#[derive(Clone, Debug)]
pub struct Statement {
    /// Its heading.
    pub heading: Text,
    /// Its paragraphs.
    pub body: Vec<Text>,
    /// Whether the support lines are shown here.
    pub support: bool,
}

/// A page that offers to finish now or to go on.
#[derive(Clone, Debug)]
pub struct Gate {
    /// Its heading.
    pub heading: Text,
    /// Its paragraphs.
    pub body: Vec<Text>,
    /// On the button that goes on.
    pub go_on: Text,
    /// On the button after which nothing more is asked.
    pub finish: Text,
}

/// A question. There is no "required": a forced answer makes people leave (Stieger, Reips and
/// Voracek 2007), so every question can be skipped.
#[derive(Clone, Debug)]
pub struct Question {
    pub(crate) text: Text,
    pub(crate) hint: Option<Text>,
    pub(crate) body: Vec<Text>,
    #[cfg(feature = "authoring")]
    pub(crate) sensitivity: Sensitivity,
    pub(crate) offers_declined: bool,
    pub(crate) offers_dont_know: bool,
    pub(crate) kind: QuestionKind,
}

impl Question {
    /// The question: legend or label, and the page's heading.
    #[must_use]
    pub fn text(&self) -> &Text {
        &self.text
    }

    /// Help with answering.
    #[must_use]
    pub fn hint(&self) -> Option<&Text> {
        self.hint.as_ref()
    }

    /// Paragraphs between the heading and the control.
    #[must_use]
    pub fn body(&self) -> &[Text] {
        &self.body
    }

    /// How much the answer could harm in the wrong hands.
    #[cfg(feature = "authoring")]
    #[must_use]
    pub fn sensitivity(&self) -> Sensitivity {
        self.sensitivity
    }

    /// Whether "I would rather not say" is offered.
    #[must_use]
    pub fn offers_declined(&self) -> bool {
        self.offers_declined
    }

    /// Whether "I do not know" is offered.
    #[must_use]
    pub fn offers_dont_know(&self) -> bool {
        self.offers_dont_know
    }

    /// What kind of answer it takes.
    #[must_use]
    pub fn kind(&self) -> &QuestionKind {
        &self.kind
    }
}

/// What kind of answer a question takes.
#[derive(Clone, Debug)]
pub enum QuestionKind {
    /// One of a few options.
    Single(Choices),
    /// Any of a few options.
    Multiple(Choices),
    /// A point on a labelled scale.
    Scale(Choices),
    /// One of many options.
    Select(Choices),
    /// A number between two labelled ends.
    Rating(Rating),
    /// One line.
    Text {
        /// Longest answer in characters (Unicode scalar values).
        max_length: u16,
    },
    /// Several lines.
    LongText {
        /// Longest answer in characters (Unicode scalar values).
        max_length: u16,
    },
    /// A month of a year.
    Month {
        /// The first month that can be given.
        from: Month,
        /// The last month that can be given.
        to: Month,
    },
}

impl QuestionKind {
    /// The options, if the answer is among some.
    #[must_use]
    pub fn choices(&self) -> Option<&Choices> {
        match self {
            Self::Single(c) | Self::Multiple(c) | Self::Scale(c) | Self::Select(c) => Some(c),
            Self::Rating(_) | Self::Text { .. } | Self::LongText { .. } | Self::Month { .. } => {
                None
            }
        }
    }
}

/// A number between two labelled ends.
#[derive(Clone, Debug)]
pub struct Rating {
    /// The lowest number, at least 0.
    pub min: u8,
    /// The highest number, at most 96.
    pub max: u8,
    /// What the lowest number means.
    pub min_label: Text,
    /// What the highest number means.
    pub max_label: Text,
}

/// The options of a question: at least two, no code twice.
#[derive(Clone, Debug)]
pub struct Choices {
    pub(crate) all: Vec<Choice>,
    pub(crate) main: usize,
    /// Whether any option has a condition; most questions offer the same to everybody.
    pub(crate) conditional: bool,
}

impl Choices {
    /// Options, then those that are offered after an "or".
    #[must_use]
    pub fn all(&self) -> &[Choice] {
        &self.all
    }

    /// The options proper; of a scale, its points in order.
    #[must_use]
    pub fn main(&self) -> &[Choice] {
        &self.all[..self.main]
    }

    /// What is offered after an "or": does not apply, no contact, too early to say.
    #[must_use]
    pub fn also(&self) -> &[Choice] {
        &self.all[self.main..]
    }

    /// The option with this code.
    #[must_use]
    pub fn find(&self, code: Code) -> Option<&Choice> {
        self.all.iter().find(|choice| choice.code == code)
    }
}

/// An option of a question.
#[derive(Clone, Debug)]
pub struct Choice {
    pub(crate) code: Code,
    pub(crate) label: Text,
    pub(crate) hint: Option<Text>,
    pub(crate) exclusive: bool,
    pub(crate) condition: Option<Condition>,
    #[cfg(feature = "authoring")]
    pub(crate) maps: Vec<(Box<str>, Box<str>)>,
}

impl Choice {
    /// The number that exports hold.
    #[must_use]
    pub fn code(&self) -> Code {
        self.code
    }

    /// What it is called on the page.
    #[must_use]
    pub fn label(&self) -> &Text {
        &self.label
    }

    /// Help with choosing it.
    #[must_use]
    pub fn hint(&self) -> Option<&Text> {
        self.hint.as_ref()
    }

    /// Whether it excludes all others, as "none of these" does.
    #[must_use]
    pub fn is_exclusive(&self) -> bool {
        self.exclusive
    }

    /// What it is called in classifications of others: pairs of classification and value.
    #[cfg(feature = "authoring")]
    pub fn maps(&self) -> impl Iterator<Item = (&str, &str)> {
        self.maps.iter().map(|(classification, value)| (&**classification, &**value))
    }
}

/// How much an answer could harm in the wrong hands.
#[cfg(feature = "authoring")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sensitivity {
    /// Not at all.
    #[default]
    None,
    /// Says something about the person.
    Personal,
    /// Could single the person out.
    Identifying,
    /// Touches what happened to them.
    Trauma,
}

#[cfg(feature = "authoring")]
impl Sensitivity {
    /// As written in definitions and codebooks.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Personal => "personal",
            Self::Identifying => "identifying",
            Self::Trauma => "trauma",
        }
    }
}

/// Somebody who helps.
#[derive(Clone, Debug)]
pub struct SupportLine {
    pub(crate) name: Text,
    pub(crate) phone: Option<Box<str>>,
    pub(crate) url: Option<Box<str>>,
    pub(crate) hours: Option<Text>,
    pub(crate) note: Option<Text>,
}

impl SupportLine {
    /// What it is called.
    #[must_use]
    pub fn name(&self) -> &Text {
        &self.name
    }

    /// Its number as people write it: digits and spaces.
    #[must_use]
    pub fn phone(&self) -> Option<&str> {
        self.phone.as_deref()
    }

    /// Its page; an `https:` address.
    #[must_use]
    pub fn url(&self) -> Option<&str> {
        self.url.as_deref()
    }

    /// When it answers.
    #[must_use]
    pub fn hours(&self) -> Option<&Text> {
        self.hours.as_ref()
    }

    /// What else to know.
    #[must_use]
    pub fn note(&self) -> Option<&Text> {
        self.note.as_ref()
    }
}

/// A public key that responses are sealed for.
#[derive(Clone, Debug)]
pub struct Recipient {
    pub(crate) kid: [u8; 8],
    pub(crate) key: Box<[u8]>,
    #[cfg(feature = "authoring")]
    pub(crate) label: Option<Box<str>>,
    #[cfg(feature = "authoring")]
    pub(crate) not_after: Option<Box<str>>,
}

impl Recipient {
    /// Bytes of a public key.
    pub const KEY_LEN: usize = 1_216;

    /// Key id; files hold it as 16 lower-case hexadecimal digits.
    #[must_use]
    pub fn kid(&self) -> [u8; 8] {
        self.kid
    }

    /// The public key, [`Recipient::KEY_LEN`] bytes; whether it is one is for the code that seals
    /// to say. Files hold it in base64url without padding (RFC 4648 section 5).
    #[must_use]
    pub fn key(&self) -> &[u8] {
        &self.key
    }

    /// Whose key it is.
    #[cfg(feature = "authoring")]
    #[must_use]
    pub fn label(&self) -> Option<&str> {
        self.label.as_deref()
    }

    /// Last day on which it should be used, `YYYY-MM-DD`.
    #[cfg(feature = "authoring")]
    #[must_use]
    pub fn not_after(&self) -> Option<&str> {
        self.not_after.as_deref()
    }
}

impl PageKind {
    /// The `type` of the page in definitions and codebooks.
    #[must_use]
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::Statement(_) => "statement",
            Self::Gate(_) => "gate",
            Self::Question(question) => match question.kind {
                QuestionKind::Single(_) => "single",
                QuestionKind::Multiple(_) => "multiple",
                QuestionKind::Scale(_) => "scale",
                QuestionKind::Select(_) => "select",
                QuestionKind::Rating(_) => "rating",
                QuestionKind::Text { .. } => "text",
                QuestionKind::LongText { .. } => "long_text",
                QuestionKind::Month { .. } => "month",
            },
        }
    }
}
