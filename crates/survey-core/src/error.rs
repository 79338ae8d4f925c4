//! Why a definition was refused. Read by survey authors, so every message names the place, what
//! is wrong and what to change. Holds parts of the definition, never anything a respondent typed.

use std::fmt;

/// One thing wrong with a definition, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DefinitionError {
    /// Place in the file, as in `pages[3].options[1].code`; empty for the file as a whole.
    pub path: String,
    /// What is wrong and what to change.
    pub fault: Fault,
}

impl fmt::Display for DefinitionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.is_empty() {
            write!(f, "{}", self.fault)
        } else {
            write!(f, "{}: {}", self.path, self.fault)
        }
    }
}

impl std::error::Error for DefinitionError {}

/// What is wrong with a definition.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// Not JSON, a member of the wrong type, a member missing, or one that is not known.
    Shape(String),
    /// A value that is of the right type but not of the right form.
    Form {
        /// What was found.
        found: String,
        /// What it has to be.
        expected: &'static str,
    },
    /// Values that are each of the right form but do not go together.
    Conflict {
        /// What was found.
        found: String,
        /// What it has to be.
        expected: &'static str,
    },
    /// A member that this type of page has to have.
    Missing {
        /// The page's type.
        kind: &'static str,
        /// The member.
        member: &'static str,
    },
    /// A member that this type of page does not have.
    Foreign {
        /// The page's type.
        kind: &'static str,
        /// The member.
        member: &'static str,
    },
    /// Two things with one name or number.
    Twice {
        /// What they are: "key", "code", ….
        what: &'static str,
        /// The name or number.
        name: String,
    },
    /// A name that stands for nothing.
    Unknown {
        /// What it should name: "question", "list", ….
        what: &'static str,
        /// The name as written.
        name: String,
        /// The nearest name that exists.
        near: Option<String>,
    },
    /// A condition that names a page which comes later, or the page itself.
    NotEarlier {
        /// The page named.
        name: String,
    },
    /// A test that does not fit the page it names.
    WrongTest {
        /// The page named.
        name: String,
        /// Its type.
        kind: &'static str,
        /// What can be tested there.
        expected: &'static str,
    },
    /// A condition that does not read as one.
    Syntax {
        /// Column in the condition, in characters from 1.
        column: usize,
        /// What was expected there.
        expected: &'static str,
    },
    /// A number of things outside what is possible.
    Count {
        /// What is counted.
        what: &'static str,
        /// How many there are.
        found: usize,
        /// The least and the most that there may be.
        allowed: (usize, usize),
    },
    /// A longest possible response that no envelope holds.
    TooLong {
        /// Bytes of the longest possible response.
        found: usize,
    },
}

impl Fault {
    /// Whether `docs/definition.schema.json` sees this fault too: wrong shape, not wrong meaning.
    /// A schema sees no name that stands elsewhere in the file, so it cannot compare.
    #[must_use]
    pub fn is_shape(&self) -> bool {
        matches!(
            self,
            Self::Shape(_)
                | Self::Form { .. }
                | Self::Missing { .. }
                | Self::Foreign { .. }
                | Self::Count { .. }
                | Self::Unknown { what: "type", .. }
        )
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Shape(message) => f.write_str(message),
            Self::Form { found, expected } | Self::Conflict { found, expected } => {
                write!(f, "found `{found}`, expected {expected}")
            }
            Self::Missing { kind, member } => {
                write!(f, "a `{kind}` page needs `{member}`; add it")
            }
            Self::Foreign { kind, member } => {
                write!(f, "`{member}` does not belong to a `{kind}` page; remove it")
            }
            Self::Twice { what, name } => {
                write!(f, "{what} `{name}` is used twice; give each its own")
            }
            Self::Unknown { what, name, near: Some(near) } => {
                write!(f, "unknown {what} `{name}`; did you mean `{near}`?")
            }
            Self::Unknown { what, name, near: None } => {
                write!(f, "unknown {what} `{name}`; add it or use one that exists")
            }
            Self::NotEarlier { name } => write!(
                f,
                "`{name}` is not asked before this; a condition may only name earlier pages, so move \
                 the page or drop the test"
            ),
            Self::WrongTest { name, kind, expected } => {
                write!(f, "`{name}` is a `{kind}` page; {expected}")
            }
            Self::Syntax { column, expected } => {
                write!(f, "condition, column {column}: expected {expected}")
            }
            Self::Count { what, found, allowed: (least, most) } => {
                write!(f, "found {found} {what}, allowed are {least} to {most}")
            }
            Self::TooLong { found } => write!(
                f,
                "the longest possible response has {found} bytes, an envelope holds {}; shorten \
                 `max_length` of long texts or ask fewer questions",
                crate::MAX_PLAINTEXT
            ),
        }
    }
}

/// The nearest of `names` to `name`, if it is near enough to be a slip of the finger.
pub(crate) fn nearest<'a>(name: &str, names: impl Iterator<Item = &'a str>) -> Option<String> {
    names
        .map(|candidate| (strsim::levenshtein(name, candidate), candidate))
        .min_by_key(|(distance, _)| *distance)
        .filter(|(distance, candidate)| *distance <= (candidate.len() / 3).max(1))
        .map(|(_, candidate)| candidate.to_owned())
}
