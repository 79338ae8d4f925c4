//! Why an envelope is not among the responses.

use survey_core::Invalid;
use survey_seal::OpenError;
use survey_wire::{DefinitionHash, Problem};

/// What became of an envelope that is listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// It is not open.
    Failed,
    /// It is open, and what it holds does not fit the survey.
    Quarantined,
}

impl Outcome {
    /// As in `reasons.csv` and `account.json`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Failed => "failed",
            Self::Quarantined => "quarantined",
        }
    }
}

/// Why an envelope failed or is in quarantine. Holds names of keys, questions and definitions,
/// never anything of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// Not a line of an export.
    NotALine,
    /// A line longer than any envelope.
    TooLong,
    /// The envelope was changed after the collector stored it.
    Changed,
    /// What was stored is no envelope of this protocol.
    NotAnEnvelope(Problem),
    /// It is sealed for other keys.
    NotForTheseKeys,
    /// It answers a definition that was not given.
    UnknownDefinition(DefinitionHash),
    /// It does not open, though it is sealed for a key that was given.
    DoesNotOpen(OpenError),
    /// The definition it names is of another survey than the one it names.
    OtherSurvey,
    /// Its plaintext is not a response to its survey.
    Invalid(Invalid),
    /// Another response has its id and revision and says something else.
    OtherContent,
}

impl Reason {
    /// Which of the two it leads to.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        match self {
            Self::OtherSurvey | Self::Invalid(_) | Self::OtherContent => Outcome::Quarantined,
            _ => Outcome::Failed,
        }
    }

    /// A stable name, as in `reasons.csv`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::NotALine => "not-an-export-line",
            Self::TooLong => "line-too-long",
            Self::Changed => "digest-mismatch",
            Self::NotAnEnvelope(_) => "not-an-envelope",
            Self::NotForTheseKeys => "not-for-these-keys",
            Self::UnknownDefinition(_) => "unknown-definition",
            Self::DoesNotOpen(OpenError::Wrap) => "tampered-wrap",
            Self::DoesNotOpen(OpenError::Commitment) => "tampered-commitment",
            Self::DoesNotOpen(OpenError::Body) => "tampered-body",
            Self::DoesNotOpen(error) => error.name(),
            Self::OtherSurvey => "definition-of-another-survey",
            Self::Invalid(invalid) => invalid.name(),
            Self::OtherContent => "same-response-other-content",
        }
    }

    /// Which question or definition it is about; empty when it is about none.
    #[must_use]
    pub fn about(&self) -> String {
        match self {
            Self::UnknownDefinition(hash) => hash.to_string(),
            Self::Invalid(Invalid::Answer { key } | Invalid::NotAsked { key }) => key.clone(),
            _ => String::new(),
        }
    }

    /// What is wrong and what to do.
    #[must_use]
    pub fn message(&self) -> String {
        match self {
            Self::NotALine => "the line is no part of an export; fetch the day again".to_owned(),
            Self::TooLong => {
                "the line is longer than any envelope; look into the input file".to_owned()
            }
            Self::Changed => "the envelope does not match its digest, so it was changed after it \
                              was stored; fetch the day again"
                .to_owned(),
            Self::NotAnEnvelope(problem) => format!(
                "the collector stored no envelope of this version ({}); ask its operator, or use \
                 a newer survey-analyst",
                problem.detail()
            ),
            Self::NotForTheseKeys => {
                "sealed for other keys; give the key that `account.json` names with --key"
                    .to_owned()
            }
            Self::UnknownDefinition(hash) => format!(
                "unknown definition {hash}; fetch it from SITE/d/{hash}.json and pass --definition"
            ),
            Self::DoesNotOpen(error) => error.to_string(),
            Self::OtherSurvey => "the envelope names one survey and the definition of another; no \
                                  program of ours makes such, so somebody made it by hand"
                .to_owned(),
            Self::Invalid(invalid) => format!(
                "{invalid}; no program of ours sends that, so judge it by hand in quarantine.jsonl"
            ),
            Self::OtherContent => "another response has the same id and revision and says \
                                   something else; the first by day was kept, compare the two"
                .to_owned(),
        }
    }
}
