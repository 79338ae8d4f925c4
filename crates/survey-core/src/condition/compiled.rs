//! Conditions in the compiled form of a definition: each node before what hangs on it.

use super::{Condition, Node, Test};
#[cfg(feature = "authoring")]
use crate::compiled::Writer;
use crate::{PageIndex, compiled::Reader};

const NONE: u8 = 0;
const ANY: u8 = 1;
const ALL: u8 = 2;
const NOT: u8 = 3;
const CONTEXT: u8 = 4;
const ANSWERED: u8 = 5;
const ANY_OF: u8 = 6;
const BETWEEN: u8 = 7;

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
                let test = match tag {
                    ANY_OF => Test::AnyOf(reader.codes()),
                    BETWEEN => Test::Between(reader.byte(), reader.byte()),
                    _ => {
                        reader.require(tag == ANSWERED);
                        Test::Answered
                    }
                };
                Self::Test(PageIndex(place as u16), test)
            }
        }
    }

    #[cfg(feature = "authoring")]
    fn write(&self, writer: &mut Writer) {
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
            Self::Context(name, value) => {
                writer.byte(CONTEXT);
                writer.number(*name);
                writer.byte(*value);
            }
            Self::Test(page, test) => {
                writer.byte(match test {
                    Test::Answered => ANSWERED,
                    Test::AnyOf(_) => ANY_OF,
                    Test::Between(..) => BETWEEN,
                });
                writer.number(page.get());
                match test {
                    Test::Answered => {}
                    Test::AnyOf(codes) => {
                        writer.list(codes.iter(), |writer, code| writer.byte(code.get()));
                    }
                    Test::Between(least, most) => {
                        writer.byte(*least);
                        writer.byte(*most);
                    }
                }
            }
        }
    }
}
