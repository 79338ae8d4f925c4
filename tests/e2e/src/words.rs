//! The widget's own sentences, as `locales/` has them.

use std::{collections::HashMap, fs};

use anyhow::{Context as _, Result};
use serde_json::Value;

use crate::places::workspace;

/// The sentences of one language.
#[derive(Clone, Debug)]
pub struct Words(HashMap<String, Value>);

impl Words {
    /// Reads `locales/<language>.json`.
    ///
    /// # Errors
    ///
    /// There is no such file, or it is not as expected.
    pub fn read(language: &str) -> Result<Self> {
        let path = workspace().join(format!("locales/{language}.json"));
        let text =
            fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let mut file: Value = serde_json::from_str(&text)?;
        let sentences = file["sentences"].take();
        Ok(Self(serde_json::from_value(sentences).context("not a file of sentences")?))
    }

    /// One of them, by its name.
    ///
    /// # Errors
    ///
    /// There is none of this name.
    pub fn get(&self, name: &str) -> Result<&str> {
        let sentence = self.0.get(name).and_then(Value::as_str);
        sentence.with_context(|| format!("no sentence is called `{name}`"))
    }
}
