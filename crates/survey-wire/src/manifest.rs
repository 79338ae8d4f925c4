//! Which surveys a built site carries.

use std::{collections::HashSet, fmt, str::FromStr};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};

use crate::{
    Day, DefinitionHash, Origin, PageCode, ParseError, SurveyId, digest, ids::serde_as_text,
    page_code,
};

#[cfg(test)]
mod tests;

/// The surveys of a site: its file `surveys.json`, written by whoever publishes a survey and read
/// by whoever serves it.
///
/// A backend needs no more than this to know which envelopes to take. It never reads a definition.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The surveys; none twice.
    pub surveys: Vec<ManifestSurvey>,
    /// What stands in the documents themselves; absent when nothing does.
    #[serde(default, skip_serializing_if = "Inline::is_empty")]
    pub inline: Inline,
}

/// What a `Content-Security-Policy` has to let pass because it stands in the documents themselves
/// and not in a file of its own. Whoever serves a site puts the hashes into the policy of its
/// documents, each in single quotes.
///
/// Those of documents of before are listed as well, for as long as they are kept on the site.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Inline {
    /// The scripts: for `script-src`.
    pub script: Vec<InlineHash>,
    /// The style sheets: for `style-src`.
    pub style: Vec<InlineHash>,
}

impl Inline {
    /// Does nothing stand in the documents?
    pub fn is_empty(&self) -> bool {
        self.script.is_empty() && self.style.is_empty()
    }
}

/// The SHA-256 of what stands between `<script>` and `</script>`, or `<style>` and `</style>`, the
/// way a policy names it: `sha256-` and 44 characters of base64 (CSP level 3, section 2.3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct InlineHash([u8; 32]);

impl InlineHash {
    /// The hash of a script or a style sheet, to the byte.
    pub fn of(text: &str) -> Self {
        Self(digest(text.as_bytes()))
    }
}

impl fmt::Display for InlineHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "sha256-{}", STANDARD.encode(self.0))
    }
}

impl FromStr for InlineHash {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let decode = |text: &str| {
            let bytes = STANDARD.decode(text.strip_prefix("sha256-")?).ok()?;
            bytes.try_into().ok().map(Self)
        };
        let expected = "the hash of a script or style: `sha256-` and 44 characters of base64";
        decode(text).ok_or(ParseError::expected(expected))
    }
}

serde_as_text!(InlineHash);

/// One survey of a site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ManifestSurvey {
    /// Its name.
    pub id: SurveyId,
    /// The folder of its own page, `s/<page>/`; always [`page_code`] of the name.
    pub page: PageCode,
    /// Its published definitions, newest first; at least one. Envelopes of any of them are taken.
    pub definitions: Vec<DefinitionHash>,
    /// Those of `definitions` that end as soon as the documents ask for the newest one: whoever
    /// writes the documents then takes them out of both lists. Until then they are taken as any
    /// other, or who answers the documents of before could send nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub retiring: Vec<DefinitionHash>,
    /// Where its answers are posted: the origins that its pages must be allowed to connect to,
    /// those of documents of before as long as they are kept on the site.
    pub submit: Vec<Origin>,
    /// The last day (UTC) on which answers are taken; absent when it stays open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closes: Option<Day>,
}

/// Why a `surveys.json` is refused. Read by the operator of a site.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ManifestError {
    /// Not JSON of this form; the text says where.
    Form(String),
    /// One survey is listed twice.
    DuplicateSurvey(SurveyId),
    /// Two surveys would share one page.
    SamePage(SurveyId, SurveyId),
    /// The page is not the one that `embed.js` will ask for.
    WrongPage(SurveyId),
    /// A survey without a definition.
    NoDefinition(SurveyId),
    /// A survey whose newest definition is to end.
    NewestRetires(SurveyId),
}

impl fmt::Display for ManifestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Form(what) => write!(f, "{what}; publish the survey again to write it anew"),
            Self::DuplicateSurvey(id) => write!(f, "survey `{id}` is listed twice; remove one"),
            Self::SamePage(a, b) => write!(
                f,
                "surveys `{a}` and `{b}` have the same page code; give one of them another id"
            ),
            Self::WrongPage(id) => write!(
                f,
                "`page` of survey `{id}` must be `{}`; publish the survey again to put it right",
                page_code(id)
            ),
            Self::NoDefinition(id) => {
                write!(f, "survey `{id}` has no definition; publish it again or remove it")
            }
            Self::NewestRetires(id) => write!(
                f,
                "the newest definition of survey `{id}` is under `retiring`; publish the survey \
                 again to put it right"
            ),
        }
    }
}

impl std::error::Error for ManifestError {}

impl Manifest {
    /// Reads a `surveys.json`.
    ///
    /// # Errors
    ///
    /// [`ManifestError`], each kind with what to do about it.
    pub fn parse(json: &[u8]) -> Result<Self, ManifestError> {
        // The file is the operator's own, so the parser's message may quote it.
        let manifest: Self =
            serde_json::from_slice(json).map_err(|error| ManifestError::Form(error.to_string()))?;
        let mut seen = HashSet::new();
        for survey in &manifest.surveys {
            if !seen.insert(&survey.id) {
                return Err(ManifestError::DuplicateSurvey(survey.id.clone()));
            }
            if survey.page != page_code(&survey.id) {
                return Err(ManifestError::WrongPage(survey.id.clone()));
            }
            if survey.definitions.is_empty() {
                return Err(ManifestError::NoDefinition(survey.id.clone()));
            }
            if survey.definitions.first().is_some_and(|newest| survey.retiring.contains(newest)) {
                return Err(ManifestError::NewestRetires(survey.id.clone()));
            }
        }
        for (i, survey) in manifest.surveys.iter().enumerate() {
            if let Some(other) = manifest.surveys[..i].iter().find(|s| s.page == survey.page) {
                return Err(ManifestError::SamePage(other.id.clone(), survey.id.clone()));
            }
        }
        Ok(manifest)
    }

    /// The file's contents, for people to read and for `git diff` to compare.
    pub fn to_json(&self) -> String {
        // Cannot fail: names, hashes and origins are all text.
        serde_json::to_string_pretty(self).expect("a manifest is plain data") + "\n"
    }

    /// The survey of this name.
    pub fn survey(&self, id: &SurveyId) -> Option<&ManifestSurvey> {
        self.surveys.iter().find(|survey| survey.id == *id)
    }

    /// The survey whose page is in this folder.
    pub fn page(&self, page: PageCode) -> Option<&ManifestSurvey> {
        self.surveys.iter().find(|survey| survey.page == page)
    }
}
