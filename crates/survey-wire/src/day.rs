//! The only time the protocol knows.

use std::{fmt, str::FromStr};

use crate::ids::{ParseError, serde_as_text};

#[cfg(test)]
mod tests;

/// A day in UTC, from 1970-01-01 to 9999-12-31; written `YYYY-MM-DD`.
///
/// Nothing in the protocol is finer than a day: a time of arrival, beside anybody's memory of when
/// somebody used a phone, names a person.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(u32);

const SECONDS_PER_DAY: u64 = 86_400;
const LAST: u32 = 2_932_896;

impl Day {
    /// The first day there is, 1970-01-01.
    pub const MIN: Self = Self(0);

    /// The last day there is, 9999-12-31.
    pub const MAX: Self = Self(LAST);

    /// The day of a moment, given as seconds since 1970-01-01T00:00:00Z. Later than
    /// [`Day::MAX`] gives [`Day::MAX`].
    pub fn from_unix_seconds(seconds: u64) -> Self {
        let days = u32::try_from(seconds / SECONDS_PER_DAY).unwrap_or(LAST);
        Self(days.min(LAST))
    }

    /// The day that is `number` days after 1970-01-01; none after [`Day::MAX`].
    pub fn from_number(number: u32) -> Option<Self> {
        (number <= LAST).then_some(Self(number))
    }

    /// Days since 1970-01-01, for storage and arithmetic.
    pub fn number(self) -> u32 {
        self.0
    }
}

// The two conversions below follow Howard Hinnant, "chrono-compatible low-level date algorithms"
// (days_from_civil, civil_from_days): years start on 1 March, so a leap day is a year's last, and
// 400 years (an era) always have 146,097 days. Unsigned throughout: there is no day before 1970.

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shifted = self.0 + 719_468;
        let era = shifted / 146_097;
        let day_of_era = shifted % 146_097;
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted_month = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
        let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
        let year = year_of_era + era * 400 + u32::from(month <= 2);
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl FromStr for Day {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        parse(text).ok_or(ParseError::expected("a day: YYYY-MM-DD, from 1970-01-01 to 9999-12-31"))
    }
}

fn parse(text: &str) -> Option<Day> {
    let &[y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = text.as_bytes() else {
        return None;
    };
    let year = digits(&[y1, y2, y3, y4])?;
    let month = digits(&[m1, m2])?;
    let day = digits(&[d1, d2])?;
    if year < 1970 || !(1..=12).contains(&month) || !(1..=days_in(year, month)).contains(&day) {
        return None;
    }
    let shifted_year = year - u32::from(month <= 2);
    let era = shifted_year / 400;
    let year_of_era = shifted_year % 400;
    let shifted_month = if month > 2 { month - 3 } else { month + 9 };
    let day_of_year = (153 * shifted_month + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    Some(Day(era * 146_097 + day_of_era - 719_468))
}

fn digits(text: &[u8]) -> Option<u32> {
    text.iter().try_fold(0, |number, byte| {
        byte.is_ascii_digit().then(|| number * 10 + u32::from(byte - b'0'))
    })
}

fn days_in(year: u32, month: u32) -> u32 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

impl fmt::Debug for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Day({self})")
    }
}

serde_as_text!(Day);
