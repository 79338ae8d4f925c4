//! Files that several tests read.

use serde_json::Value;

/// One page of every type and one of everything else that a definition may hold.
pub(crate) const EVERY_PAGE: &str = include_str!("../fixtures/every-page.json");

/// The model survey.
pub(crate) const MODEL: &str = include_str!("../../../../surveys/victim-voice.json");

/// The support lines.
pub(crate) const HELPLINES: &str = include_str!("../../../../surveys/helplines.json");

pub(crate) fn json(text: &str) -> Value {
    serde_json::from_str(text).expect("the file is JSON")
}
