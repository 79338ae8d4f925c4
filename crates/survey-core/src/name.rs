//! Small names and numbers with one way in each.

use std::fmt;

/// Identifies a survey: `^[a-z0-9][a-z0-9-]{0,63}$`.
///
/// Travels in clear on the envelope, so it names the survey and nothing else.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SurveyId(Box<str>);

impl SurveyId {
    /// `None` if `id` does not have the form above.
    #[must_use]
    pub fn new(id: &str) -> Option<Self> {
        let first = id.bytes().next()?;
        let form = id.len() <= 64
            && (first.is_ascii_lowercase() || first.is_ascii_digit())
            && id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        form.then(|| Self(id.into()))
    }

    /// One that was checked before it was compiled.
    pub(crate) fn checked(id: Box<str>) -> Self {
        Self(id)
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Names a page for good: `^[a-z][a-z0-9_]{0,31}$`. Exports use it as the column name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(Box<str>);

impl Key {
    /// `None` if `key` does not have the form above.
    #[must_use]
    pub fn new(key: &str) -> Option<Self> {
        let form = key.len() <= 32
            && key.bytes().next()?.is_ascii_lowercase()
            && key.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
        form.then(|| Self(key.into()))
    }

    /// One that was checked before it was compiled.
    pub(crate) fn checked(key: Box<str>) -> Self {
        Self(key)
    }

    /// The key as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Number of an option, 1 to 96. The numbers above are kept for missing values.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(u8);

impl Code {
    /// The lowest number.
    pub(crate) const LEAST: Self = Self(1);

    /// `None` outside 1 to 96.
    #[must_use]
    pub fn new(code: i64) -> Option<Self> {
        u8::try_from(code).ok().filter(|c| (1..=96).contains(c)).map(Self)
    }

    /// All of them, ascending.
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        (1..=96).map(Self)
    }

    /// The number.
    #[must_use]
    pub fn get(self) -> u8 {
        self.0
    }
}

/// By hand: a code is what a person answered, so no log or panic message may hold it.
impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Code(_)")
    }
}

/// Version of a survey's content, `MAJOR.MINOR.PATCH` as in semver.org.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    /// Raised when answers before and after cannot be compared.
    pub major: u16,
    /// Raised when questions or options are added.
    pub minor: u16,
    /// Raised when only wording or translation changes.
    pub patch: u16,
}

impl Version {
    /// `None` unless `text` is three plain numbers from 0 to 9999 joined by dots.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let mut parts = text.split('.').map(|part| {
            let plain = part.len() <= 4
                && part.bytes().all(|b| b.is_ascii_digit())
                && (part.len() == 1 || !part.starts_with('0'));
            part.parse::<u16>().ok().filter(|_| plain)
        });
        let version = Self { major: parts.next()??, minor: parts.next()??, patch: parts.next()?? };
        parts.next().is_none().then_some(version)
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_one_form() {
        for (text, id, key) in [
            ("victim-voice", true, false),
            ("a", true, true),
            ("a_1", false, true),
            ("1a", true, false),
            ("-a", false, false),
            ("", false, false),
            ("Ä", false, false),
            (&"a".repeat(32), true, true),
            (&"a".repeat(33), true, false),
            (&"a".repeat(65), false, false),
        ] {
            assert_eq!(SurveyId::new(text).is_some(), id, "survey id {text:?}");
            assert_eq!(Key::new(text).is_some(), key, "key {text:?}");
        }
    }

    #[test]
    fn codes_leave_room_for_missing_values() {
        assert!(Code::new(0).is_none());
        assert!(Code::new(97).is_none());
        assert_eq!(Code::new(96).map(Code::get), Some(96));
    }

    #[test]
    fn versions_are_three_plain_numbers() {
        assert_eq!(Version::new("1.20.3").unwrap().to_string(), "1.20.3");
        for text in ["1.2", "1.2.3.4", "1.02.3", "a.b.c", "+1.2.3", "", "1.2.", "1.2.10000"] {
            assert!(Version::new(text).is_none(), "{text:?}");
        }
    }
}
