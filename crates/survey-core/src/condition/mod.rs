//! Conditions: when a page is asked, when an option is offered.
//!
//! A small typed language without loops, functions of the author's own or side effects, so every
//! condition ends and gives true or false. Names are resolved when the definition is read: what
//! evaluates holds places and codes, never text. A condition may only name earlier pages, so a
//! survey can only go forward and every path through it ends.
//!
//! ```text
//! any    = all { "or" all }
//! all    = not { "and" not }
//! not    = "not" not | "(" any ")" | test
//! test   = key ("==" | "!=") code                    choice questions
//!        | key "in" "(" code { "," code } ")"
//!        | key "has" code                             multiple choice
//!        | key "has" "any" "(" code { "," code } ")"
//!        | key ("<" | "<=" | ">" | ">=" | "==" | "!=") number   rating; scale
//!        | "answered" "(" key ")"                     any question
//!        | "context" "." name ("==" | "!=") '"' value '"'
//! ```
//!
//! A comparison with an answer that was not given is false; `!=` is `not ==`, so it is true then.

mod parse;
#[cfg(test)]
mod tests;

pub(crate) use parse::{Scope, names, parse};

use crate::{Code, Context, PageIndex, reply::Answer};

/// Longest condition in bytes.
pub(crate) const MAX_LENGTH: usize = 1_000;

/// Deepest nesting of parentheses and `not`.
pub(crate) const MAX_DEPTH: usize = 16;

/// A condition with its names resolved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition(Node);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Node {
    Any(Vec<Node>),
    All(Vec<Node>),
    Not(Box<Node>),
    CodeIn(PageIndex, Vec<Code>),
    HasAny(PageIndex, Vec<Code>),
    Compare(PageIndex, Comparison, u8),
    Answered(PageIndex),
    Context(usize, u8),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Comparison {
    Less,
    LessOrEqual,
    Equal,
    GreaterOrEqual,
    Greater,
}

impl Comparison {
    fn holds(self, left: u8, right: u8) -> bool {
        match self {
            Self::Less => left < right,
            Self::LessOrEqual => left <= right,
            Self::Equal => left == right,
            Self::GreaterOrEqual => left >= right,
            Self::Greater => left > right,
        }
    }
}

impl Condition {
    /// Whether the condition holds, given the answers that count so far.
    pub(crate) fn holds<'a>(
        &self,
        answer: &impl Fn(PageIndex) -> Option<&'a Answer>,
        context: &Context,
    ) -> bool {
        self.0.holds(answer, context)
    }
}

impl Node {
    fn holds<'a>(
        &self,
        answer: &impl Fn(PageIndex) -> Option<&'a Answer>,
        context: &Context,
    ) -> bool {
        match self {
            Self::Any(nodes) => nodes.iter().any(|node| node.holds(answer, context)),
            Self::All(nodes) => nodes.iter().all(|node| node.holds(answer, context)),
            Self::Not(node) => !node.holds(answer, context),
            Self::CodeIn(page, codes) => {
                matches!(answer(*page), Some(Answer::Code(code)) if codes.contains(code))
            }
            Self::HasAny(page, codes) => matches!(
                answer(*page),
                Some(Answer::Codes(given)) if given.iter().any(|code| codes.contains(code))
            ),
            Self::Compare(page, comparison, number) => match answer(*page) {
                Some(Answer::Code(code)) => comparison.holds(code.get(), *number),
                Some(Answer::Number(given)) => comparison.holds(*given, *number),
                _ => false,
            },
            Self::Answered(page) => answer(*page).is_some(),
            Self::Context(name, value) => context.0.get(*name) == Some(&Some(*value)),
        }
    }
}
