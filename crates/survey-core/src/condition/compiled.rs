//! Conditions in the compiled form of a definition: each node before what hangs on it.

use super::{Comparison, Condition, Node};
#[cfg(feature = "authoring")]
use crate::compiled::Writer;
use crate::{PageIndex, compiled::Reader};

const NONE: u8 = 0;
const ANY: u8 = 1;
const ALL: u8 = 2;
const NOT: u8 = 3;
const CODE_IN: u8 = 4;
const HAS_ANY: u8 = 5;
const LESS: u8 = 6;
const LESS_OR_EQUAL: u8 = 7;
const EQUAL: u8 = 8;
const GREATER_OR_EQUAL: u8 = 9;
const GREATER: u8 = 10;
const ANSWERED: u8 = 11;
const CONTEXT: u8 = 12;

/// Deepest nesting that is read. The parser's own limit of parentheses and `not` comes to at most
/// three nodes a level.
const MAX_DEPTH: u8 = 64;

impl Condition {
    /// Reads a condition of `page`, or none.
    pub(crate) fn read(reader: &mut Reader<'_>, page: PageIndex) -> Option<Self> {
        let tag = reader.byte();
        (tag != NONE).then(|| Self(Node::read(reader, tag, page, MAX_DEPTH)))
    }

    /// Writes a condition, or none.
    #[cfg(feature = "authoring")]
    pub(crate) fn write(condition: Option<&Self>, writer: &mut Writer) {
        match condition {
            Some(Self(node)) => node.write(writer),
            None => writer.byte(NONE),
        }
    }
}

impl Node {
    /// Reads what follows `tag`. `page` is where the condition stands: it may only name earlier
    /// ones.
    fn read(reader: &mut Reader<'_>, tag: u8, page: PageIndex, depth: u8) -> Self {
        let within = |reader: &mut Reader<'_>| {
            let tag = reader.byte();
            Self::read(reader, tag, page, depth - 1)
        };
        match tag {
            ANY if depth > 0 => Self::Any(reader.list(usize::MAX, within)),
            ALL if depth > 0 => Self::All(reader.list(usize::MAX, within)),
            NOT if depth > 0 => Self::Not(Box::new(within(reader))),
            CONTEXT => {
                let (name, value) = (reader.number(), reader.byte());
                reader.require(reader.has_context(name, value));
                Self::Context(name, value)
            }
            _ => {
                let place = reader.number();
                reader.require(place < page.get());
                let earlier = PageIndex(place as u16);
                let comparison = match tag {
                    CODE_IN => return Self::CodeIn(earlier, reader.codes()),
                    HAS_ANY => return Self::HasAny(earlier, reader.codes()),
                    LESS => Comparison::Less,
                    LESS_OR_EQUAL => Comparison::LessOrEqual,
                    EQUAL => Comparison::Equal,
                    GREATER_OR_EQUAL => Comparison::GreaterOrEqual,
                    GREATER => Comparison::Greater,
                    _ => {
                        reader.require(tag == ANSWERED);
                        return Self::Answered(earlier);
                    }
                };
                Self::Compare(earlier, comparison, reader.byte())
            }
        }
    }

    #[cfg(feature = "authoring")]
    fn write(&self, writer: &mut Writer) {
        let of_page = |writer: &mut Writer, tag, page: &PageIndex| {
            writer.byte(tag);
            writer.number(page.get());
        };
        match self {
            Self::Any(nodes) => {
                writer.byte(ANY);
                writer.list(nodes.iter(), |writer, node| node.write(writer));
            }
            Self::All(nodes) => {
                writer.byte(ALL);
                writer.list(nodes.iter(), |writer, node| node.write(writer));
            }
            Self::Not(node) => {
                writer.byte(NOT);
                node.write(writer);
            }
            Self::CodeIn(page, codes) => {
                of_page(writer, CODE_IN, page);
                writer.list(codes.iter(), |writer, code| writer.byte(code.get()));
            }
            Self::HasAny(page, codes) => {
                of_page(writer, HAS_ANY, page);
                writer.list(codes.iter(), |writer, code| writer.byte(code.get()));
            }
            Self::Compare(page, comparison, number) => {
                let tag = match comparison {
                    Comparison::Less => LESS,
                    Comparison::LessOrEqual => LESS_OR_EQUAL,
                    Comparison::Equal => EQUAL,
                    Comparison::GreaterOrEqual => GREATER_OR_EQUAL,
                    Comparison::Greater => GREATER,
                };
                of_page(writer, tag, page);
                writer.byte(*number);
            }
            Self::Answered(page) => of_page(writer, ANSWERED, page),
            Self::Context(name, value) => {
                writer.byte(CONTEXT);
                writer.number(*name);
                writer.byte(*value);
            }
        }
    }
}
