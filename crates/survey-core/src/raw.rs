//! The definition as it stands in the file: shapes only, nothing checked but types and names.
//!
//! `check` turns these into the types of `definition`. `docs/definition.schema.json` describes the
//! same shapes; a test changes a full definition node by node and sees that both agree.

use std::{collections::BTreeMap, fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, Unexpected, Visitor, value::MapAccessDeserializer},
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawDefinition {
    #[serde(rename = "$schema", default, deserialize_with = "present")]
    _schema: Option<String>,
    pub(crate) format: Whole,
    pub(crate) id: String,
    pub(crate) version: String,
    pub(crate) languages: Vec<String>,
    pub(crate) title: RawText,
    #[serde(default, deserialize_with = "present")]
    pub(crate) owner: Option<RawText>,
    pub(crate) exit_url: String,
    #[serde(default, deserialize_with = "unique")]
    pub(crate) context: BTreeMap<String, Vec<String>>,
    #[serde(default, deserialize_with = "unique")]
    pub(crate) lists: BTreeMap<String, Vec<RawOption>>,
    #[serde(default)]
    pub(crate) sections: Vec<RawSection>,
    pub(crate) start: RawStart,
    pub(crate) pages: Vec<RawPage>,
    pub(crate) end: RawEnd,
    #[serde(default)]
    pub(crate) support_lines: Vec<SupportLineFile>,
    #[serde(default)]
    pub(crate) recipients: Vec<RawRecipient>,
    #[serde(default)]
    pub(crate) submit: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawSection {
    pub(crate) id: String,
    pub(crate) title: RawText,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawStart {
    pub(crate) body: Vec<RawText>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawEnd {
    pub(crate) heading: RawText,
    pub(crate) body: Vec<RawText>,
}

/// A page of any type. Flat, because a message that says "`min` does not belong to a `single`
/// question" helps an author more than "did not match any variant".
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawPage {
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) key: String,
    #[serde(default, deserialize_with = "present")]
    pub(crate) section: Option<String>,
    #[serde(default, deserialize_with = "present")]
    pub(crate) ask_if: Option<String>,
    #[serde(default, deserialize_with = "present")]
    pub(crate) text: Option<RawText>,
    #[serde(default, deserialize_with = "present")]
    pub(crate) hint: Option<RawText>,
    #[serde(default, deserialize_with = "present")]
    pub(crate) body: Option<Vec<RawText>>,
    #[serde(default, deserialize_with = "present")]
    pub(crate) sensitivity: Option<String>,
    #[serde(default, deserialize_with = "present")]
    pub(crate) declined: Option<bool>,
    #[serde(default, deserialize_with = "present")]
    pub(crate) dont_know: Option<bool>,
    #[serde(default, deserialize_with = "present")]
    pub(crate) options: Option<RawOptions>,
    #[serde(default, deserialize_with = "present")]
    pub(crate) also: Option<Vec<RawOption>>,
    #[serde(default, deserialize_with = "present")]
    pub(crate) min: Option<Whole>,
    #[serde(default, deserialize_with = "present")]
    pub(crate) max: Option<Whole>,
    #[serde(default, deserialize_with = "present")]
    pub(crate) min_label: Option<RawText>,
    #[serde(default, deserialize_with = "present")]
    pub(crate) max_label: Option<RawText>,
    #[serde(default, deserialize_with = "present")]
    pub(crate) max_length: Option<Whole>,
    #[serde(default, deserialize_with = "present")]
    pub(crate) from: Option<String>,
    #[serde(default, deserialize_with = "present")]
    pub(crate) to: Option<String>,
    #[serde(default, deserialize_with = "present")]
    pub(crate) heading: Option<RawText>,
    #[serde(default, deserialize_with = "present")]
    pub(crate) support: Option<bool>,
    #[serde(default, deserialize_with = "present")]
    pub(crate) go_on: Option<RawText>,
    #[serde(default, deserialize_with = "present")]
    pub(crate) finish: Option<RawText>,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawOption {
    pub(crate) code: Whole,
    pub(crate) label: RawText,
    #[serde(default, deserialize_with = "present")]
    pub(crate) hint: Option<RawText>,
    #[serde(default, deserialize_with = "present")]
    pub(crate) exclusive: Option<bool>,
    #[serde(rename = "if", default, deserialize_with = "present")]
    pub(crate) condition: Option<String>,
    #[serde(default, deserialize_with = "unique")]
    pub(crate) maps: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawRecipient {
    pub(crate) kid: String,
    pub(crate) key: String,
    #[serde(default, deserialize_with = "present")]
    pub(crate) label: Option<String>,
    #[serde(default, deserialize_with = "present")]
    pub(crate) not_after: Option<String>,
}

/// `surveys/helplines.json`: the support lines that publishing puts into a definition.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HelplinesFile {
    #[serde(rename = "$schema", default, deserialize_with = "present")]
    _schema: Option<String>,
    /// Version of the file's form; 1.
    pub format: u32,
    /// The lines in the order in which they are shown.
    pub lines: Vec<SupportLineFile>,
}

/// A support line as it stands in a file.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SupportLineFile {
    pub(crate) id: String,
    pub(crate) name: RawText,
    #[serde(default, deserialize_with = "present")]
    pub(crate) phone: Option<String>,
    #[serde(default, deserialize_with = "present")]
    pub(crate) url: Option<String>,
    #[serde(default, deserialize_with = "present")]
    pub(crate) hours: Option<RawText>,
    #[serde(default, deserialize_with = "present")]
    pub(crate) note: Option<RawText>,
    /// Whether somebody checked the number against its source; others are never shown.
    pub verified: bool,
    #[serde(rename = "source")]
    pub(crate) _source: String,
}

/// A whole number. JSON has one type of number, so `1.0` is one as well; one too large for any
/// member is kept as the largest.
#[derive(Clone, Copy)]
pub(crate) struct Whole(pub(crate) i64);

/// A text: in the source language alone, or by language tag.
#[derive(Clone)]
pub(crate) enum RawText {
    Source(String),
    ByLanguage(BTreeMap<String, String>),
}

/// The options of a question: written there, or a named list.
pub(crate) enum RawOptions {
    Here(Vec<RawOption>),
    List(RawListName),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawListName {
    pub(crate) list: String,
}

/// Reads a member that may be left out. `null` is not a way to leave it out: one way is enough.
fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// Reads an object whose members have names of the author's own, each of them once: of two with
/// one name JSON parsers keep whichever they like.
fn unique<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<BTreeMap<String, T>, D::Error> {
    let Pairs(pairs) = Pairs::deserialize(deserializer)?;
    let mut members = BTreeMap::new();
    for (name, value) in pairs {
        if members.contains_key(&name) {
            return Err(D::Error::custom(format_args!("`{name}` is there twice; remove one")));
        }
        members.insert(name, value);
    }
    Ok(members)
}

/// The members of an object in the order of the file, with those that are there twice.
pub(crate) struct Pairs<T>(pub(crate) Vec<(String, T)>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Pairs<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct PairsVisitor<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for PairsVisitor<T> {
            type Value = Pairs<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Pairs<T>, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Pairs(pairs))
            }
        }
        deserializer.deserialize_map(PairsVisitor(PhantomData))
    }
}

impl<'de> Deserialize<'de> for Whole {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct WholeVisitor;
        impl Visitor<'_> for WholeVisitor {
            type Value = Whole;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a whole number")
            }

            fn visit_i64<E>(self, number: i64) -> Result<Whole, E> {
                Ok(Whole(number))
            }

            fn visit_u64<E>(self, number: u64) -> Result<Whole, E> {
                Ok(Whole(i64::try_from(number).unwrap_or(i64::MAX)))
            }

            fn visit_f64<E: Error>(self, number: f64) -> Result<Whole, E> {
                if number.fract() == 0.0 {
                    // Too large for an i64 gives its largest, which is out of every range.
                    return Ok(Whole(number as i64));
                }
                Err(E::invalid_type(Unexpected::Float(number), &self))
            }
        }
        deserializer.deserialize_i64(WholeVisitor)
    }
}

// By hand, because serde's `untagged` says only "did not match any variant" and loses the path.
impl<'de> Deserialize<'de> for RawText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextVisitor;
        impl<'de> Visitor<'de> for TextVisitor {
            type Value = RawText;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text, or an object of texts by language such as {\"en\": \"Yes\"}")
            }

            fn visit_str<E>(self, text: &str) -> Result<RawText, E> {
                Ok(RawText::Source(text.to_owned()))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<RawText, A::Error> {
                unique(MapAccessDeserializer::new(map)).map(RawText::ByLanguage)
            }
        }
        deserializer.deserialize_any(TextVisitor)
    }
}

impl<'de> Deserialize<'de> for RawOptions {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OptionsVisitor;
        impl<'de> Visitor<'de> for OptionsVisitor {
            type Value = RawOptions;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an array of options, or {\"list\": \"name of a list\"}")
            }

            fn visit_seq<A: serde::de::SeqAccess<'de>>(
                self,
                mut seq: A,
            ) -> Result<RawOptions, A::Error> {
                let mut options = Vec::new();
                while let Some(option) = seq.next_element()? {
                    options.push(option);
                }
                Ok(RawOptions::Here(options))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<RawOptions, A::Error> {
                Deserialize::deserialize(MapAccessDeserializer::new(map)).map(RawOptions::List)
            }
        }
        deserializer.deserialize_any(OptionsVisitor)
    }
}
