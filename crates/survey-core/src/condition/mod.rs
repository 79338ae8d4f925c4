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
//! test   = key ("==" | "!=") code
//!        | key "in" "(" code { "," code } ")"
//!        | key "has" code
//!        | key "has" "any" "(" code { "," code } ")"
//!        | key ("==" | "!=" | "<" | "<=" | ">" | ">=") number
//!        | "answered" "(" key ")"
//!        | "context" "." name ("==" | "!=") '"' value '"'
//! ```
//!
//! A comparison with an answer that was not given is false; `!=` is `not ==`, so it is true then.

mod compiled;
#[cfg(feature = "authoring")]
mod parse;
#[cfg(all(test, feature = "authoring"))]
mod tests;

#[cfg(feature = "authoring")]
pub(crate) use parse::{Scope, names, parse};

use crate::{Code, Context, PageIndex, reply::Answer};

/// Longest condition in characters.
#[cfg(feature = "authoring")]
pub(crate) const MAX_LENGTH: usize = 1_000;

/// Words that conditions are written with; no page may be called by one, so that `not == 1` does
/// not have to be explained.
#[cfg(feature = "authoring")]
pub(crate) const WORDS: [&str; 8] = ["and", "or", "not", "in", "has", "any", "answered", "context"];

/// Deepest nesting of parentheses and `not`.
#[cfg(feature = "authoring")]
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

/// What is known of the answer to a page.
#[derive(Clone, Copy)]
pub(crate) enum Known<'a> {
    /// It is there.
    Answer(&'a Answer),
    /// There is none: skipped, declined or not asked.
    NoAnswer,
    /// The person stopped before it.
    Open,
}

impl<'a> From<Option<&'a Answer>> for Known<'a> {
    fn from(answer: Option<&'a Answer>) -> Self {
        answer.map_or(Self::NoAnswer, Self::Answer)
    }
}

impl Condition {
    /// Whether the condition holds, given the answers that count so far.
    pub(crate) fn holds<'a>(
        &self,
        answer: &impl Fn(PageIndex) -> Option<&'a Answer>,
        context: &Context,
    ) -> bool {
        self.truth(&|page| answer(page).into(), context) == Some(true)
    }

    /// Whether the condition holds; `None` if that hangs on a page that the person did not reach
    /// (three-valued logic after Kleene).
    pub(crate) fn truth<'a>(
        &self,
        known: &impl Fn(PageIndex) -> Known<'a>,
        context: &Context,
    ) -> Option<bool> {
        self.0.truth(known, context)
    }
}

impl Node {
    fn truth<'a>(
        &self,
        known: &impl Fn(PageIndex) -> Known<'a>,
        context: &Context,
    ) -> Option<bool> {
        let test = |page: PageIndex, holds: &dyn Fn(&Answer) -> bool| match known(page) {
            Known::Answer(answer) => Some(holds(answer)),
            Known::NoAnswer => Some(false),
            Known::Open => None,
        };
        match self {
            Self::Any(nodes) => first(nodes, true, |node| node.truth(known, context)),
            Self::All(nodes) => first(nodes, false, |node| node.truth(known, context)),
            Self::Not(node) => node.truth(known, context).map(|truth| !truth),
            Self::CodeIn(page, codes) => {
                test(*page, &|answer| matches!(answer, Answer::Code(code) if codes.contains(code)))
            }
            Self::HasAny(page, codes) => test(
                *page,
                &|answer| matches!(answer, Answer::Codes(given) if given.iter().any(|c| codes.contains(c))),
            ),
            Self::Compare(page, comparison, number) => test(*page, &|answer| match answer {
                Answer::Code(code) => comparison.holds(code.get(), *number),
                Answer::Number(given) => comparison.holds(*given, *number),
                _ => false,
            }),
            Self::Answered(page) => test(*page, &|_| true),
            Self::Context(name, value) => Some(context.0.get(*name) == Some(&Some(*value))),
        }
    }
}

/// `decisive` if one of `nodes` is; open if one is open; else the opposite.
fn first(nodes: &[Node], decisive: bool, truth: impl Fn(&Node) -> Option<bool>) -> Option<bool> {
    let mut open = false;
    for node in nodes {
        match truth(node) {
            Some(truth) if truth == decisive => return Some(decisive),
            Some(_) => {}
            None => open = true,
        }
    }
    (!open).then_some(!decisive)
}
