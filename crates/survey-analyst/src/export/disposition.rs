//! How far a person got: complete, partial or break-off.
//!
//! The principle is AAPOR's (*Standard Definitions*): say by a rule who counts as complete, and
//! report all three. The rule looks at the core questions, those of the section `core` or, where
//! there is none, all of them; and of these at the ones that routing asked this person. Somebody
//! without contact with the police is asked two of the eight and can complete those.
//!
//! | | |
//! |---|---|
//! | complete | the last core question asked was reached, and at least 60 % of those asked were answered (5 of 8) |
//! | partial | the first core question was answered, and at least 2 in all |
//! | break_off | less |
//!
//! "I would rather not say" and "I do not know" are no answers here. Whether the person pressed
//! the last button does not matter: who answered the main questions has been heard.

use survey_core::{Definition, MissingValue, PageIndex, Value};

/// How far a person got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Disposition {
    /// Answered most of the core.
    Complete,
    /// Answered some of it.
    Partial,
    /// Answered next to nothing.
    BreakOff,
}

impl Disposition {
    /// All of them, in the order of their codes.
    pub(super) const ALL: [Self; 3] = [Self::Complete, Self::Partial, Self::BreakOff];

    /// From what a response holds for the core questions, in their order.
    pub(super) fn of<'v>(core: impl IntoIterator<Item = Value<'v>>) -> Self {
        let asked = |value: &Value<'_>| *value != Value::Missing(MissingValue::NotAsked);
        let core: Vec<Value<'_>> = core.into_iter().filter(asked).collect();
        let is_answer = |value: &Value<'_>| matches!(value, Value::Given(_));
        let answered = core.iter().filter(|value| is_answer(value)).count();
        let reached =
            core.last().is_some_and(|last| *last != Value::Missing(MissingValue::NotReached));
        if reached && answered * 100 >= core.len() * 60 {
            Self::Complete
        } else if core.first().is_some_and(is_answer) && answered >= 2 {
            Self::Partial
        } else {
            Self::BreakOff
        }
    }

    /// The number in `coded.csv`.
    pub(super) fn code(self) -> u8 {
        match self {
            Self::Complete => 1,
            Self::Partial => 2,
            Self::BreakOff => 3,
        }
    }

    /// The word in `labelled.csv`.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Complete => "complete",
            Self::Partial => "partial",
            Self::BreakOff => "break_off",
        }
    }
}

/// The core questions of a survey, in their order.
pub(super) fn core(definition: &Definition) -> Vec<PageIndex> {
    let questions =
        || definition.page_indices().filter(|page| definition.page(*page).question().is_some());
    let is_core = |page: &PageIndex| {
        let section = definition.page(*page).section();
        section.is_some_and(|s| definition.sections()[s.get()].id().as_str() == "core")
    };
    let core: Vec<PageIndex> = questions().filter(is_core).collect();
    if core.is_empty() { questions().collect() } else { core }
}

#[cfg(test)]
mod tests {
    use survey_core::{Answer, Code};

    use super::*;

    /// `a`: answered, `d`: declined, `s`: skipped, `-`: not asked, `.`: not reached.
    #[track_caller]
    fn check(core: &str, expected: Disposition) {
        let answer = Answer::Code(Code::new(1).unwrap());
        let values = core.chars().map(|c| match c {
            'a' => Value::Given(&answer),
            'd' => Value::Missing(MissingValue::Declined),
            's' => Value::Missing(MissingValue::Skipped),
            '-' => Value::Missing(MissingValue::NotAsked),
            _ => Value::Missing(MissingValue::NotReached),
        });
        assert_eq!(Disposition::of(values), expected, "{core}");
    }

    #[test]
    fn complete_partial_and_break_off_have_their_edges() {
        check("aaaaaaaa", Disposition::Complete);
        check("aaaaasss", Disposition::Complete); // 5 of 8, the last reached
        check("saaaaass", Disposition::Complete); // the first need not be among them
        check("aaaasssd", Disposition::Partial); // 4 of 8
        check("aaaaaaa.", Disposition::Partial); // the last not reached
        check("as.a....", Disposition::Partial);
        check("a.......", Disposition::BreakOff);
        check("saaa....", Disposition::BreakOff); // the first not answered
        check("ssssssss", Disposition::BreakOff);
        check("", Disposition::BreakOff);
    }

    #[test]
    fn who_was_asked_less_can_complete_what_was_asked() {
        check("a-----a-", Disposition::Complete); // no contact with the police
        check("a-----s-", Disposition::BreakOff); // 1 of 2
        check("a-----.-", Disposition::BreakOff); // left before the second
    }
}
