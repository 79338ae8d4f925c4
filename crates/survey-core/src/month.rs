//! A month of a year: the finest date that a survey asks for.

use std::fmt::{self, Write as _};

/// A month of a year, 1900-01 to 2999-12, written `YYYY-MM` (ISO 8601).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Month {
    year: u16,
    month: u8,
}

impl Month {
    /// The first month there is.
    pub(crate) const FIRST: Self = Self { year: 1900, month: 1 };

    /// `None` outside 1900-01 to 2999-12.
    #[must_use]
    pub fn new(year: u16, month: u8) -> Option<Self> {
        ((1900..=2999).contains(&year) && (1..=12).contains(&month)).then_some(Self { year, month })
    }

    /// Reads `YYYY-MM`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (year, month) = text.as_bytes().split_at_checked(4)?;
        let month = month.strip_prefix(b"-").filter(|month| month.len() == 2)?;
        Self::new(number(year)?, number(month)? as u8)
    }

    /// The month as it is written.
    pub(crate) fn ascii(self) -> [u8; 7] {
        let digit = |number: u16| b'0' + (number % 10) as u8;
        let (year, month) = (self.year, u16::from(self.month));
        [
            digit(year / 1000),
            digit(year / 100),
            digit(year / 10),
            digit(year),
            b'-',
            digit(month / 10),
            digit(month),
        ]
    }

    /// The year, 1900 to 2999.
    #[must_use]
    pub fn year(self) -> u16 {
        self.year
    }

    /// The month, 1 to 12.
    #[must_use]
    pub fn month(self) -> u8 {
        self.month
    }
}

/// The number that digits stand for, unless it is too large for a year; of none it is 0.
pub(crate) fn number(digits: &[u8]) -> Option<u16> {
    digits.iter().try_fold(0_u16, |number, digit| {
        let digit = digit.is_ascii_digit().then(|| digit - b'0')?;
        number.checked_mul(10)?.checked_add(digit.into())
    })
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.ascii().iter().try_for_each(|&byte| f.write_char(char::from(byte)))
    }
}

/// By hand: a month may be an answer.
impl fmt::Debug for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Month(_)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_written_one_way() {
        assert_eq!(Month::parse("2025-03").unwrap().to_string(), "2025-03");
        for text in
            ["2025-3", "2025-13", "2025-00", "25-03", "1899-12", "2025-03-01", "+025-03", "2025"]
        {
            assert!(Month::parse(text).is_none(), "{text:?}");
        }
        assert!(Month::parse("2024-12") < Month::parse("2025-01"));
    }
}
