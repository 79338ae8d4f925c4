//! The form of a file of `locales/`, and what every text in it is.

use std::{fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer,
    de::{Error as _, MapAccess, Visitor},
};

use crate::{Fault, Numbers, Wording, numbers, places::places};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct File<T> {
    format: u32,
    language: String,
    pub(crate) name: String,
    pub(crate) reviewed: bool,
    /// Who that was: a role, never a name.
    #[serde(rename = "reviewed_by", default)]
    _reviewed_by: Option<String>,
    #[serde(bound = "T: Deserialize<'de>")]
    pub(crate) sentences: Members<T>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Translation {
    pub(crate) source: String,
    pub(crate) text: Raw,
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "expected a text, or an object with a text for each plural form")]
pub(crate) enum Raw {
    Plain(String),
    Counted(Members<String>),
}

impl<T: for<'de> Deserialize<'de>> File<T> {
    pub(crate) fn read(tag: &str, json: &[u8]) -> Result<Self, Vec<Fault>> {
        let file: Self =
            serde_json::from_slice(json).map_err(|error| of_file(error.to_string()))?;
        if file.format != 1 {
            return Err(of_file("`format` is not 1, which this version reads".to_owned()));
        }
        if file.language != tag {
            let what = format!("`language` is `{}`; a file is named after it", file.language);
            return Err(of_file(what));
        }
        text(&file.name).map_err(|what| of_file(format!("`name`: {what}")))?;
        Ok(file)
    }
}

pub(crate) fn of_file(what: String) -> Vec<Fault> {
    vec![Fault { key: None, what }]
}

/// The members of an object in their order, each name once.
pub(crate) struct Members<T>(pub(crate) Vec<(String, T)>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Members<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Read<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for Read<T> {
            type Value = Members<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members<T>, A::Error> {
                let mut members: Vec<(String, T)> = Vec::new();
                while let Some((name, value)) = map.next_entry()? {
                    if members.iter().any(|(known, _)| *known == name) {
                        return Err(A::Error::custom(format!("`{name}` stands there twice")));
                    }
                    members.push((name, value));
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(Read(PhantomData))
    }
}

/// A wording with the forms that the language has and the places that English has.
pub(crate) fn wording(
    raw: Raw,
    numbers: &Numbers,
    english: Option<&Wording>,
) -> Result<Wording, String> {
    let expected = english.map(|english| places(english.source())).transpose()?;
    let agree = |text: &str, may_leave_out_count: bool| {
        let found = places(text)?;
        let Some(expected) = &expected else { return Ok(()) };
        let without = |places: &[&str]| {
            places.iter().filter(|p| **p != "count").map(|p| (*p).to_owned()).collect::<Vec<_>>()
        };
        if found == *expected || (may_leave_out_count && without(&found) == without(expected)) {
            return Ok(());
        }
        let list = |places: &[&str]| places.iter().map(|p| format!("{{{p}}}")).collect::<String>();
        Err(format!("`{text}` has the places {}, and English has {}", list(&found), list(expected)))
    };
    let agrees = |text: &str, may_leave_out_count: bool| {
        let source = english.map_or("", Wording::source);
        if let Some(number) = numbers_in(source).find(|number| !text.contains(number)) {
            return Err(format!("`{text}` lacks the number {number}; write it in 0 to 9"));
        }
        agree(text, may_leave_out_count)
    };
    match (raw, english) {
        (Raw::Plain(plain), None | Some(Wording::Plain(_))) => {
            text(&plain)?;
            agrees(&plain, false)?;
            Ok(Wording::Plain(plain))
        }
        (Raw::Counted(members), None | Some(Wording::Counted(_))) => {
            let mut forms = Vec::new();
            for (name, counted) in members.0 {
                let form = numbers::form(&name).filter(|form| numbers.forms().contains(form));
                let form = form.ok_or_else(|| {
                    let known: Vec<&str> =
                        numbers.forms().iter().map(|form| numbers::name(*form)).collect();
                    format!(
                        "`{name}` is no plural form of this language; it has {}",
                        known.join(", ")
                    )
                })?;
                text(&counted)?;
                agrees(&counted, numbers.is_of_one_number(form))?;
                forms.push((form, counted));
            }
            for form in numbers.forms() {
                if !forms.iter().any(|(known, _)| known == form) {
                    let name = numbers::name(*form);
                    return Err(format!("the plural form `{name}` of this language is missing"));
                }
            }
            forms.sort_by_key(|(form, _)| numbers.forms().iter().position(|known| known == form));
            if !forms.iter().any(|(_, counted)| counted.contains("{count}")) {
                return Err("counts, so one of its forms has the place {count}".to_owned());
            }
            Ok(Wording::Counted(forms))
        }
        (Raw::Plain(_), Some(Wording::Counted(_))) => {
            Err("counts: give an object with a text for each plural form".to_owned())
        }
        (Raw::Counted(_), Some(Wording::Plain(_))) => {
            Err("does not count: give one text".to_owned())
        }
    }
}

/// Runs of at least three digits: telephone numbers and years, which people copy off the screen.
fn numbers_in(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_digit()).filter(|run| run.len() >= 3)
}

/// What every text is: one line that says something, without marks that turn the writing round,
/// which belong to elements.
fn text(text: &str) -> Result<(), String> {
    let turns = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    if text.is_empty() || text != text.trim() {
        Err(format!("`{text}` is empty, or has a space at its beginning or end"))
    } else if let Some(bad) = text.chars().find(|c| c.is_control() || turns(*c)) {
        Err(format!("`{text}` holds the character U+{:04X}; take it out", bad as u32))
    } else {
        Ok(())
    }
}
