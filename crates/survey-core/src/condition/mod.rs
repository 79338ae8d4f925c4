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
    /// Whether the context name at the first place has the value at the second.
    Context(usize, u8),
    /// A test of the answer to an earlier page.
    Test(PageIndex, Test),
}

/// What an answer is tested for. No answer passes no test.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Test {
    Answered,
    /// The option chosen, or one of them, is among these.
    AnyOf(Vec<Code>),
    /// A number or the code of an option, from the first to the second.
    Between(u8, u8),
}

impl Test {
    fn passes(&self, answer: &Answer) -> bool {
        match (self, answer) {
            (Self::Answered, _) => true,
            (Self::AnyOf(codes), Answer::Code(given)) => codes.contains(given),
            (Self::AnyOf(codes), Answer::Codes(given)) => given.iter().any(|c| codes.contains(c)),
            (Self::Between(least, most), Answer::Code(given)) => {
                (*least..=*most).contains(&given.get())
            }
            (Self::Between(least, most), Answer::Number(given)) => (least..=most).contains(&given),
            _ => false,
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
        answer: &dyn Fn(PageIndex) -> Option<&'a Answer>,
        context: &Context,
    ) -> bool {
        self.truth(&|page| answer(page).into(), context) == Some(true)
    }

    /// Whether the condition holds; `None` if that hangs on a page that the person did not reach
    /// (three-valued logic after Kleene).
    pub(crate) fn truth<'a>(
        &self,
        known: &dyn Fn(PageIndex) -> Known<'a>,
        context: &Context,
    ) -> Option<bool> {
        self.0.truth(known, context)
    }
}

impl Node {
    fn truth<'a>(&self, known: &dyn Fn(PageIndex) -> Known<'a>, context: &Context) -> Option<bool> {
        match self {
            Self::Any(nodes) | Self::All(nodes) => {
                // What decides wherever it turns up; else the opposite, unless something is open.
                let decisive = matches!(self, Self::Any(_));
                let mut truth = Some(!decisive);
                for node in nodes {
                    match node.truth(known, context) {
                        None => truth = None,
                        Some(one) if one == decisive => return Some(decisive),
                        Some(_) => {}
                    }
                }
                truth
            }
            Self::Not(node) => node.truth(known, context).map(|truth| !truth),
            Self::Context(name, value) => Some(context.0.get(*name) == Some(&Some(*value))),
            Self::Test(page, test) => match known(*page) {
                Known::Answer(answer) => Some(test.passes(answer)),
                Known::NoAnswer => Some(false),
                Known::Open => None,
            },
        }
    }
}
