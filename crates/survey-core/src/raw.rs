//! The definition as it stands in the file: shapes only, nothing checked but types and names.
//!
//! `check` turns these into the types of `definition`. `docs/definition.schema.json` describes the
//! same shapes; a test changes a full definition node by node and sees that both agree.

use std::{collections::BTreeMap, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor, value::MapAccessDeserializer},
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawDefinition {
    #[serde(rename = "$schema")]
    _schema: Option<String>,
    pub(crate) format: u32,
    pub(crate) id: String,
    pub(crate) version: String,
    pub(crate) languages: Vec<String>,
    pub(crate) title: RawText,
    pub(crate) owner: Option<RawText>,
    pub(crate) exit_url: String,
    #[serde(default)]
    pub(crate) context: BTreeMap<String, Vec<String>>,
    #[serde(default)]
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
    pub(crate) section: Option<String>,
    pub(crate) ask_if: Option<String>,
    pub(crate) text: Option<RawText>,
    pub(crate) hint: Option<RawText>,
    pub(crate) body: Option<Vec<RawText>>,
    pub(crate) sensitivity: Option<String>,
    pub(crate) declined: Option<bool>,
    pub(crate) dont_know: Option<bool>,
    pub(crate) options: Option<RawOptions>,
    pub(crate) also: Option<Vec<RawOption>>,
    pub(crate) min: Option<i64>,
    pub(crate) max: Option<i64>,
    pub(crate) min_label: Option<RawText>,
    pub(crate) max_label: Option<RawText>,
    pub(crate) max_length: Option<u32>,
    pub(crate) from: Option<String>,
    pub(crate) to: Option<String>,
    pub(crate) heading: Option<RawText>,
    pub(crate) support: Option<bool>,
    pub(crate) go_on: Option<RawText>,
    pub(crate) finish: Option<RawText>,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawOption {
    pub(crate) code: i64,
    pub(crate) label: RawText,
    pub(crate) hint: Option<RawText>,
    pub(crate) exclusive: Option<bool>,
    #[serde(rename = "if")]
    pub(crate) condition: Option<String>,
    #[serde(default)]
    pub(crate) maps: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawRecipient {
    pub(crate) kid: String,
    pub(crate) key: String,
    pub(crate) label: Option<String>,
    pub(crate) not_after: Option<String>,
}

/// `surveys/helplines.json`: the support lines that publishing puts into a definition.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HelplinesFile {
    #[serde(rename = "$schema")]
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
    pub(crate) phone: Option<String>,
    pub(crate) url: Option<String>,
    pub(crate) hours: Option<RawText>,
    pub(crate) note: Option<RawText>,
    /// Whether somebody checked the number against its source; others are never shown.
    pub verified: bool,
    #[serde(rename = "source")]
    pub(crate) _source: String,
}

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
                Deserialize::deserialize(MapAccessDeserializer::new(map)).map(RawText::ByLanguage)
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
