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

/// As [`number`], of digits in any script, as people type them; and how many they are.
pub(crate) fn typed(text: &str) -> Option<(u16, usize)> {
    let number = text.chars().try_fold(0_u16, |number, digit| {
        number.checked_mul(10)?.checked_add(value(u32::from(digit))?)
    });
    Some((number?, text.chars().count()))
}

/// What a decimal digit stands for.
fn value(digit: u32) -> Option<u16> {
    let zero = ZEROS.iter().rev().find(|zero| **zero <= digit)?;
    Some(digit - zero).filter(|value| *value <= 9).map(|value| value as u16)
}

/// The digits zero of scripts in use today, ascending; the other nine follow each (Unicode 17,
/// general category Nd).
const ZEROS: [u32; 43] = [
    0x30, 0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66,
    0xde6, 0xe50, 0xed0, 0xf20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90,
    0x1b50, 0x1bb0, 0x1c40, 0x1c50, 0xa620, 0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0, 0xff10,
    0x10d30, 0x11136, 0x16ac0, 0x1e140, 0x1e2f0, 0x1e950,
];

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

    #[test]
    fn digits_of_any_script_are_read() {
        for text in ["2026", "٢٠٢٦", "۲۰۲۶", "২০২৬", "२०२६", "２０２６", "2٠۲6"]
        {
            assert_eq!(typed(text), Some((2026, 4)), "{text}");
        }
        for text in ["２０２６年", "-1", "1.5", "Ⅳ", "四", "½", "x", "99999", "\u{2e955}"]
        {
            assert_eq!(typed(text), None, "{text}");
        }
        assert!(ZEROS.is_sorted());
        for zero in ZEROS {
            for digit in zero..zero + 10 {
                let numeric = char::from_u32(digit).is_some_and(char::is_numeric);
                assert_eq!(
                    (numeric, value(digit)),
                    (true, Some((digit - zero) as u16)),
                    "{digit:x}"
                );
            }
            // Where the next script begins at once, its zero is one of these.
            let after = char::from_u32(zero + 10).filter(|_| !ZEROS.contains(&(zero + 10)));
            assert_eq!(after.and_then(|after| value(after as u32)), None, "{zero:x}");
        }
    }
}
