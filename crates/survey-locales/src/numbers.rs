//! How a language counts and writes numbers, in a table that a widget can read.

use icu_decimal::{DecimalFormatter, input::Decimal};
use icu_locale_core::Locale as Tag;
use icu_plurals::{PluralCategory, PluralRuleType, PluralRules};

/// The highest number that tables are compared with the library for. Surveys count characters,
/// of which an answer has at most 5,000.
pub const HIGHEST: usize = 5_000;

/// The order of the plural forms, as CLDR has it.
const FORMS: [(PluralCategory, &str); 6] = [
    (PluralCategory::Zero, "zero"),
    (PluralCategory::One, "one"),
    (PluralCategory::Two, "two"),
    (PluralCategory::Few, "few"),
    (PluralCategory::Many, "many"),
    (PluralCategory::Other, "other"),
];

/// How a language counts and writes whole numbers up to [`HIGHEST`] and, by the same rules, beyond.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Numbers {
    zero: char,
    forms: Vec<PluralCategory>,
    first: Vec<u8>,
    again: Vec<u8>,
    /// How many numbers have each of the forms.
    counts: Vec<usize>,
}

impl Numbers {
    /// Those of a language.
    ///
    /// # Errors
    ///
    /// `tag` is no language tag, or the language counts in a way that the table cannot say.
    pub fn of(tag: &str) -> Result<Self, String> {
        let locale: Tag =
            tag.parse().map_err(|error| format!("`{tag}` is no language tag: {error}"))?;
        let rules = PluralRules::try_new((&locale).into(), PluralRuleType::Cardinal.into());
        let rules = rules.map_err(|error| format!("no plural rules for `{tag}`: {error}"))?;
        let categories: Vec<PluralCategory> =
            (0..=HIGHEST).map(|number| rules.category_for(number)).collect();
        let forms = FORMS.iter().map(|(form, _)| *form);
        let forms: Vec<PluralCategory> = forms.filter(|form| categories.contains(form)).collect();
        let place = |category| forms.iter().position(|form| *form == category);
        let places: Vec<u8> = categories
            .iter()
            .map(|category| place(*category).and_then(|at| u8::try_from(at).ok()))
            .collect::<Option<_>>()
            .unwrap_or_default();
        let (first, again) = shortest(&places).ok_or_else(|| {
            format!(
                "the plural forms of `{tag}` do not come again every 100 numbers; give \
                     `Numbers` a form that can say how they do"
            )
        })?;
        let counts = forms.iter().map(|form| categories.iter().filter(|c| *c == form).count());
        let counts = counts.collect();
        Ok(Self { zero: zero(&locale)?, forms, first, again, counts })
    }

    /// The digit that stands for nothing; the other nine follow it in Unicode.
    #[must_use]
    pub fn zero(&self) -> char {
        self.zero
    }

    /// The plural forms that whole numbers have in this language, in CLDR's order.
    #[must_use]
    pub fn forms(&self) -> &[PluralCategory] {
        &self.forms
    }

    /// Whether a form stands for one number only, which a text may then spell out.
    #[must_use]
    pub fn is_of_one_number(&self, form: PluralCategory) -> bool {
        let at = self.forms.iter().position(|known| *known == form);
        at.is_some_and(|at| self.counts[at] == 1)
    }

    /// The place in [`Numbers::forms`] for each of the first numbers, from 0.
    #[must_use]
    pub fn first(&self) -> &[u8] {
        &self.first
    }

    /// The same for all numbers after these, over and over.
    #[must_use]
    pub fn again(&self) -> &[u8] {
        &self.again
    }
}

/// CLDR's name of a plural form.
pub(crate) fn name(form: PluralCategory) -> &'static str {
    FORMS.iter().find(|(known, _)| *known == form).map_or("other", |(_, name)| name)
}

/// The plural form that CLDR calls so.
pub(crate) fn form(name: &str) -> Option<PluralCategory> {
    FORMS.iter().find(|(_, known)| *known == name).map(|(form, _)| *form)
}

/// Splits a row into a beginning and a part of at most 100 that comes again until its end, in the
/// shortest way; each number is compared.
fn shortest(row: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    let splits = (1..=100).filter_map(|period| {
        // The beginning ends where the row last differs from what stands one period on.
        let differs = |at: &usize| row[*at] != row[at + period];
        let first = (0..row.len() - period).rev().find(differs).map_or(0, |at| at + 1);
        (first <= 200).then_some((first, period))
    });
    let (first, period) = splits.min_by_key(|(first, period)| first + period)?;
    Some((row[..first].to_vec(), row[first..first + period].to_vec()))
}

/// The digit zero of a language, if the other nine follow it.
fn zero(locale: &Tag) -> Result<char, String> {
    let digits = DecimalFormatter::try_new(locale.into(), Default::default());
    let digits = digits.map_err(|error| format!("no digits for `{locale}`: {error}"))?;
    let digit = |number: u32| digits.format(&Decimal::from(number)).to_string();
    let zero = digit(0).chars().next().unwrap_or('0');
    let follows = |number: &u32| char::from_u32(zero as u32 + number).map(String::from);
    if (0..=9).all(|number| follows(&number) == Some(digit(number))) {
        Ok(zero)
    } else {
        Err(format!("the digits of `{locale}` do not follow each other in Unicode"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The form by the table, as the widget reads it.
    fn counted(numbers: &Numbers, number: usize) -> &'static str {
        let again = || numbers.again[(number - numbers.first.len()) % numbers.again.len()];
        let at = numbers.first.get(number).copied().unwrap_or_else(again);
        name(numbers.forms[usize::from(at)])
    }

    /// Forms from CLDR's chart "Language Plural Rules".
    #[test]
    fn numbers_have_the_forms_that_the_charts_say() {
        for (tag, row) in [
            ("en", "0 other, 1 one, 2 other, 21 other"),
            ("cy", "0 zero, 1 one, 2 two, 3 few, 4 other, 5 other, 6 many, 7 other, 100 other"),
            (
                "pl",
                "0 many, 1 one, 2 few, 4 few, 5 many, 12 many, 21 many, 22 few, 112 many, 122 few",
            ),
            ("ro", "0 few, 1 one, 2 few, 19 few, 20 other, 100 other, 101 few, 119 few, 120 other"),
            ("bn", "0 one, 1 one, 2 other"),
            ("ur", "0 other, 1 one, 2 other"),
            (
                "ar",
                "0 zero, 1 one, 2 two, 3 few, 10 few, 11 many, 99 many, 100 other, 102 other, 103 few, 111 many",
            ),
            ("es", "0 other, 1 one, 2 other"),
            ("pt", "0 one, 1 one, 2 other"),
            ("tr", "0 other, 1 one, 2 other"),
            (
                "uk",
                "0 many, 1 one, 2 few, 5 many, 11 many, 14 many, 21 one, 24 few, 111 many, 121 one",
            ),
            ("so", "0 other, 1 one, 2 other"),
        ] {
            let numbers = Numbers::of(tag).expect(tag);
            for case in row.split(", ") {
                let (number, form) = case.split_once(' ').expect(case);
                assert_eq!(counted(&numbers, number.parse().expect(case)), form, "{tag} {number}");
            }
        }
    }

    #[test]
    fn tables_are_short_and_say_what_the_library_says() {
        for tag in
            ["en", "cy", "pl", "ro", "bn", "ur", "ar", "es", "pt", "tr", "uk", "so", "ga", "br"]
        {
            let numbers = Numbers::of(tag).unwrap_or_else(|why| panic!("{why}"));
            let locale: Tag = tag.parse().expect(tag);
            let rules = PluralRules::try_new((&locale).into(), PluralRuleType::Cardinal.into());
            let rules = rules.expect(tag);
            for number in 0..=HIGHEST {
                assert_eq!(
                    counted(&numbers, number),
                    name(rules.category_for(number)),
                    "{tag} {number}"
                );
            }
            assert!(numbers.first.len() + numbers.again.len() <= 220, "{tag}: {numbers:?}");
        }
    }

    #[test]
    fn digits_are_those_that_the_language_is_written_with() {
        for (tag, zero) in [
            ("en", '0'),
            ("cy", '0'),
            ("ar", '0'),
            ("ar-EG", '٠'),
            ("bn", '০'),
            ("ur", '0'),
            ("fa", '۰'),
        ] {
            assert_eq!(Numbers::of(tag).expect(tag).zero(), zero, "{tag}");
        }
    }

    #[test]
    fn a_row_that_does_not_come_again_is_refused() {
        let row: Vec<u8> = (0..=HIGHEST).map(|number| u8::from(number % 1_000 == 0)).collect();
        assert_eq!(shortest(&row), None);
        assert!(Numbers::of("no tag").is_err());
    }
}
