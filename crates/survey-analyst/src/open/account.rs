//! The account: every envelope that is listed, and what became of it.

use std::{collections::BTreeMap, fmt};

use serde::Serialize;
use survey_seal::KeyId;
use survey_wire::DefinitionHash;

use super::reason::{Outcome, Reason};

/// Most names of one kind that are counted apart. Anybody can post envelopes that name keys and
/// definitions at random, and the account has to stay readable.
const MOST_NAMES: usize = 200;

/// How many envelopes there were and what became of each. Always
/// `listed = opened + duplicates + quarantined + failed`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Account {
    /// Lines of the input that are not empty.
    pub listed: u64,
    /// Responses in `responses.jsonl`.
    pub opened: u64,
    /// Envelopes that add nothing: the same one again, the same response again, or an earlier save
    /// of a response that came again.
    pub duplicates: u64,
    /// Those of `duplicates` that are earlier saves; `superseded.jsonl` has them.
    pub superseded: u64,
    /// Opened, but not a valid response; `quarantine.jsonl` has them.
    pub quarantined: u64,
    /// Not opened; `failed.jsonl` has them.
    pub failed: u64,
    reasons: Vec<Count>,
    definitions: Vec<DefinitionCount>,
    /// Key ids that were given.
    keys: Vec<String>,
    /// Key ids that envelopes name which no given key opens, with their number.
    other_keys: BTreeMap<String, u64>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Count {
    outcome: &'static str,
    reason: &'static str,
    /// A question's key or a definition's hash; empty for others.
    about: String,
    count: u64,
    message: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct DefinitionCount {
    def: String,
    survey: String,
    version: String,
    opened: u64,
}

impl Account {
    pub(super) fn new(keys: impl Iterator<Item = KeyId>) -> Self {
        Self { keys: keys.map(|kid| kid.to_string()).collect(), ..Self::default() }
    }

    /// Counts an envelope that is not among the responses.
    pub(super) fn refuse(&mut self, reason: &Reason) {
        let outcome = reason.outcome();
        match outcome {
            Outcome::Failed => self.failed += 1,
            Outcome::Quarantined => self.quarantined += 1,
        }
        let (name, about) = (reason.name(), reason.about());
        let of_kind = self.reasons.iter().filter(|count| count.reason == name).count();
        let same = |count: &&mut Count| count.reason == name && count.about == about;
        if let Some(count) = self.reasons.iter_mut().find(same) {
            count.count += 1;
            return;
        }
        // All above the limit share one row, under a name that is no question's and no hash.
        let about = if of_kind < MOST_NAMES { about } else { "(others)".to_owned() };
        let same = |count: &&mut Count| count.reason == name && count.about == about;
        match self.reasons.iter_mut().find(same) {
            Some(count) => count.count += 1,
            None => self.reasons.push(Count {
                outcome: outcome.name(),
                reason: name,
                about,
                count: 1,
                message: reason.message(),
            }),
        }
    }

    /// Counts an envelope that is sealed for these keys and none that was given.
    pub(super) fn sealed_for(&mut self, kids: impl Iterator<Item = String>) {
        for kid in kids {
            let full = self.other_keys.len() >= MOST_NAMES;
            if !full || self.other_keys.contains_key(&kid) {
                *self.other_keys.entry(kid).or_default() += 1;
            }
        }
    }

    /// Counts a response.
    pub(super) fn accept(&mut self, hash: DefinitionHash, survey: &str, version: &str) {
        self.opened += 1;
        let def = hash.to_string();
        match self.definitions.iter_mut().find(|count| count.def == def) {
            Some(count) => count.opened += 1,
            None => self.definitions.push(DefinitionCount {
                def,
                survey: survey.to_owned(),
                version: version.to_owned(),
                opened: 1,
            }),
        }
    }

    /// Puts rows into an order that does not tell when envelopes came.
    pub(super) fn sort(&mut self) {
        self.reasons
            .sort_by(|a, b| (a.outcome, a.reason, &a.about).cmp(&(b.outcome, b.reason, &b.about)));
        self.definitions.sort_by(|a, b| (&a.survey, &a.def).cmp(&(&b.survey, &b.def)));
    }

    /// Whether what became of the envelopes adds up to what was listed. Anything else is a fault
    /// of this program.
    #[must_use]
    pub fn balances(&self) -> bool {
        self.listed == self.opened + self.duplicates + self.quarantined + self.failed
    }

    /// Whether there were envelopes and not one of them opened.
    #[must_use]
    pub fn nothing_opened(&self) -> bool {
        self.failed > 0 && self.opened == 0 && self.quarantined == 0
    }

    /// How many envelopes have this reason; for tests and other tools.
    #[must_use]
    pub fn count(&self, reason: &str) -> u64 {
        self.reasons.iter().filter(|row| row.reason == reason).map(|row| row.count).sum()
    }

    /// Key ids that envelopes name and nobody gave, most frequent first.
    pub(super) fn other_keys(&self) -> Vec<(&str, u64)> {
        let mut keys: Vec<_> = self.other_keys.iter().map(|(kid, n)| (kid.as_str(), *n)).collect();
        keys.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
        keys
    }

    /// The rows of `reasons.csv`.
    pub(super) fn rows(&self) -> impl Iterator<Item = [String; 5]> {
        self.reasons.iter().map(|row| {
            let [outcome, reason] = [row.outcome, row.reason].map(str::to_owned);
            [outcome, reason, row.about.clone(), row.count.to_string(), row.message.clone()]
        })
    }

    /// `account.json`, for people and programs.
    pub(super) fn to_json(&self) -> String {
        // Cannot fail: numbers and text.
        serde_json::to_string_pretty(self).expect("an account is plain data") + "\n"
    }
}

/// The table that is printed.
impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { listed, opened, duplicates, superseded, quarantined, failed, .. } = self;
        writeln!(f, "listed       {listed:>8}")?;
        writeln!(f, "opened       {opened:>8}")?;
        write!(f, "duplicates   {duplicates:>8}")?;
        match superseded {
            0 => writeln!(f)?,
            n => writeln!(f, "  ({n} of them earlier saves)")?,
        }
        writeln!(f, "quarantined  {quarantined:>8}")?;
        writeln!(f, "failed       {failed:>8}")?;
        let sum = opened + duplicates + quarantined + failed;
        writeln!(f, "{opened} + {duplicates} + {quarantined} + {failed} = {sum}")?;
        for row in &self.definitions {
            let DefinitionCount { def, survey, version, opened } = row;
            writeln!(f, "{opened:>8}  responses to {survey} {version} ({def})")?;
        }
        for row in &self.reasons {
            writeln!(f, "{:>8}  {}: {}: {}", row.count, row.outcome, row.reason, row.message)?;
        }
        Ok(())
    }
}
