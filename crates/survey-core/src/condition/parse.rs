//! From the text of a condition to places and codes.

use super::{Condition, MAX_DEPTH, MAX_LENGTH, Node, Test};
use crate::{
    Code, Key, PageIndex, PageKind, QuestionKind,
    error::{Fault, nearest},
};

/// What a condition may name.
pub(crate) struct Scope<'a> {
    /// The pages that come before, in order.
    pub(crate) earlier: &'a [(Key, PageKind)],
    /// The keys of all pages, to tell a later page from one that does not exist.
    pub(crate) all_keys: &'a [String],
    /// What the page around the survey may say: names and their values.
    pub(crate) context: &'a [(Box<str>, Vec<Box<str>>)],
}

pub(crate) fn parse(text: &str, scope: &Scope<'_>) -> Result<Condition, Fault> {
    let length = text.chars().count();
    if length > MAX_LENGTH {
        let what = "characters of condition";
        return Err(Fault::Count { what, found: length, allowed: (1, MAX_LENGTH) });
    }
    let tokens = tokens(text)?;
    let mut parser = Parser { tokens: &tokens, end: length + 1, scope };
    let node = parser.any(0)?;
    match parser.tokens.first() {
        None => Ok(Condition(node)),
        Some(_) => Err(parser.expected("`and`, `or` or the end")),
    }
}

/// Whether `text` names the page `key`.
pub(crate) fn names(text: &str, key: &str) -> bool {
    tokens(text).is_ok_and(|tokens| tokens.iter().any(|(_, token)| *token == Token::Word(key)))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Token<'a> {
    Word(&'a str),
    Number(i64),
    Quoted(&'a str),
    Sign(&'static str),
}

const SIGNS: [&str; 10] = ["==", "!=", "<=", ">=", "<", ">", "(", ")", ",", "."];

/// The tokens of `text`, each with its column from 1.
fn tokens(text: &str) -> Result<Vec<(usize, Token<'_>)>, Fault> {
    let mut tokens = Vec::new();
    let mut rest = text;
    loop {
        rest = rest.trim_start();
        let Some(first) = rest.chars().next() else {
            return Ok(tokens);
        };
        let column = text[..text.len() - rest.len()].chars().count() + 1;
        let run = |keep: fn(char) -> bool| rest.find(|c| !keep(c)).unwrap_or(rest.len());
        let (token, length) = if first.is_ascii_alphabetic() {
            let length = run(|c| c.is_ascii_alphanumeric() || c == '_');
            (Token::Word(&rest[..length]), length)
        } else if first.is_ascii_digit() {
            let length = run(|c| c.is_ascii_digit());
            // More digits than an i64 holds are out of every range as well.
            (Token::Number(rest[..length].parse().unwrap_or(i64::MAX)), length)
        } else if let Some(quoted) = rest.strip_prefix('"') {
            let length =
                quoted.find('"').ok_or(Fault::Syntax { column, expected: "a closing `\"`" })?;
            (Token::Quoted(&quoted[..length]), length + 2)
        } else if let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
            (Token::Sign(sign), sign.len())
        } else {
            return Err(Fault::Syntax {
                column,
                expected: "a name, a number or a sign such as `==`",
            });
        };
        tokens.push((column, token));
        rest = &rest[length..];
    }
}

struct Parser<'a> {
    tokens: &'a [(usize, Token<'a>)],
    end: usize,
    scope: &'a Scope<'a>,
}

impl<'a> Parser<'a> {
    fn expected(&self, expected: &'static str) -> Fault {
        let column = self.tokens.first().map_or(self.end, |(column, _)| *column);
        Fault::Syntax { column, expected }
    }

    fn take_if(&mut self, wanted: Token<'_>) -> bool {
        let found = self.tokens.first().is_some_and(|(_, token)| *token == wanted);
        if found {
            self.tokens = &self.tokens[1..];
        }
        found
    }

    fn take(&mut self, wanted: Token<'_>, expected: &'static str) -> Result<(), Fault> {
        if self.take_if(wanted) { Ok(()) } else { Err(self.expected(expected)) }
    }

    fn any(&mut self, depth: usize) -> Result<Node, Fault> {
        let mut nodes = vec![self.all(depth)?];
        while self.take_if(Token::Word("or")) {
            nodes.push(self.all(depth)?);
        }
        Ok(one_or(nodes, Node::Any))
    }

    fn all(&mut self, depth: usize) -> Result<Node, Fault> {
        let mut nodes = vec![self.not(depth)?];
        while self.take_if(Token::Word("and")) {
            nodes.push(self.not(depth)?);
        }
        Ok(one_or(nodes, Node::All))
    }

    fn not(&mut self, depth: usize) -> Result<Node, Fault> {
        if depth > MAX_DEPTH {
            return Err(self.expected("less nesting (at most 16 levels)"));
        }
        if self.take_if(Token::Word("not")) {
            return Ok(Node::Not(Box::new(self.not(depth + 1)?)));
        }
        if self.take_if(Token::Sign("(")) {
            let node = self.any(depth + 1)?;
            self.take(Token::Sign(")"), "`)`")?;
            return Ok(node);
        }
        self.test()
    }

    fn test(&mut self) -> Result<Node, Fault> {
        let word = self.word("the key of an earlier question, `not` or `(`")?;
        match (word, self.tokens.first()) {
            ("answered", Some((_, Token::Sign("(")))) => self.answered(),
            ("context", Some((_, Token::Sign(".")))) => self.context(),
            _ => self.comparison(word),
        }
    }

    fn answered(&mut self) -> Result<Node, Fault> {
        self.take(Token::Sign("("), "`(`")?;
        let key = self.word("the key of an earlier question")?;
        let (page, kind) = self.page(key)?;
        let PageKind::Question(_) = kind else {
            return Err(wrong(key, kind, "only questions are answered"));
        };
        self.take(Token::Sign(")"), "`)`")?;
        Ok(Node::Test(page, Test::Answered))
    }

    fn context(&mut self) -> Result<Node, Fault> {
        self.take(Token::Sign("."), "`.`")?;
        let name = self.word("a name that `context` declares")?;
        let names = || self.scope.context.iter().map(|(name, _)| &**name);
        let Some(place) = names().position(|n| n == name) else {
            return Err(unknown("context name", name, names()));
        };
        let negated = self.equal_or_not()?;
        let Some((_, Token::Quoted(value))) = self.tokens.first() else {
            return Err(self.expected("a value in double quotes"));
        };
        self.tokens = &self.tokens[1..];
        let values = &self.scope.context[place].1;
        let index = values.iter().position(|v| &**v == *value).and_then(|i| u8::try_from(i).ok());
        let Some(index) = index else {
            return Err(unknown("context value", value, values.iter().map(AsRef::as_ref)));
        };
        Ok(negate_if(negated, Node::Context(place, index)))
    }

    fn equal_or_not(&mut self) -> Result<bool, Fault> {
        if self.take_if(Token::Sign("==")) {
            return Ok(false);
        }
        self.take(Token::Sign("!="), "`==` or `!=`").map(|()| true)
    }

    fn comparison(&mut self, key: &str) -> Result<Node, Fault> {
        let (page, kind) = self.page(key)?;
        let PageKind::Question(question) = kind else {
            return Err(wrong(key, kind, "it has no answer that could be compared"));
        };
        match &question.kind {
            QuestionKind::Multiple(_) => {
                self.take(Token::Word("has"), "`has`, since several options may be chosen")?;
                let codes = if self.take_if(Token::Word("any")) {
                    self.codes(key, kind)?
                } else {
                    vec![self.code(key, kind)?]
                };
                Ok(Node::Test(page, Test::AnyOf(codes)))
            }
            QuestionKind::Single(_) | QuestionKind::Select(_) | QuestionKind::Scale(_)
                if self.take_if(Token::Word("in")) =>
            {
                Ok(Node::Test(page, Test::AnyOf(self.codes(key, kind)?)))
            }
            QuestionKind::Single(_) | QuestionKind::Select(_) => {
                let negated = self.equal_or_not()?;
                let code = self.code(key, kind)?;
                Ok(negate_if(negated, Node::Test(page, Test::AnyOf(vec![code]))))
            }
            QuestionKind::Scale(_) | QuestionKind::Rating(_) => {
                let (sign, negated) = self.compared()?;
                let number = match &question.kind {
                    QuestionKind::Rating(rating) => {
                        let number = self.number()?;
                        u8::try_from(number)
                            .ok()
                            .filter(|n| (rating.min..=rating.max).contains(n))
                            .ok_or_else(|| {
                                unknown("number", &number.to_string(), std::iter::empty())
                            })?
                    }
                    _ => self.code(key, kind)?.get(),
                };
                Ok(negate_if(negated, Node::Test(page, between(sign, number))))
            }
            QuestionKind::Text { .. }
            | QuestionKind::LongText { .. }
            | QuestionKind::Month { .. } => {
                Err(wrong(key, kind, "only `answered(…)` can be tested there"))
            }
        }
    }

    /// A sign that compares, without the "not" in it.
    fn compared(&mut self) -> Result<(&'static str, bool), Fault> {
        let signs = ["==", "!=", "<", "<=", ">", ">="];
        match signs.into_iter().find(|sign| self.take_if(Token::Sign(sign))) {
            Some("!=") => Ok(("==", true)),
            Some(sign) => Ok((sign, false)),
            None => Err(self.expected("`==`, `!=`, `<`, `<=`, `>` or `>=`")),
        }
    }

    fn codes(&mut self, key: &str, kind: &PageKind) -> Result<Vec<Code>, Fault> {
        self.take(Token::Sign("("), "`(`")?;
        let mut codes = vec![self.code(key, kind)?];
        while self.take_if(Token::Sign(",")) {
            codes.push(self.code(key, kind)?);
        }
        self.take(Token::Sign(")"), "`,` or `)`")?;
        Ok(codes)
    }

    fn code(&mut self, key: &str, kind: &PageKind) -> Result<Code, Fault> {
        let number = self.number()?;
        let choices = match kind {
            PageKind::Question(question) => question.kind.choices(),
            PageKind::Statement(_) | PageKind::Gate(_) => None,
        };
        Code::new(number)
            .filter(|code| choices.is_some_and(|c| c.find(*code).is_some()))
            .ok_or_else(|| Fault::Unknown {
                what: "code",
                name: format!("{key} == {number}"),
                near: None,
            })
    }

    fn number(&mut self) -> Result<i64, Fault> {
        let Some((_, Token::Number(number))) = self.tokens.first() else {
            return Err(self.expected("a number"));
        };
        self.tokens = &self.tokens[1..];
        Ok(*number)
    }

    fn word(&mut self, expected: &'static str) -> Result<&'a str, Fault> {
        let Some((_, Token::Word(word))) = self.tokens.first() else {
            return Err(self.expected(expected));
        };
        self.tokens = &self.tokens[1..];
        Ok(word)
    }

    fn page(&self, key: &str) -> Result<(PageIndex, &'a PageKind), Fault> {
        let found = self.scope.earlier.iter().enumerate().find(|(_, (k, _))| k.as_str() == key);
        if let Some((index, (_, kind))) = found {
            // At most MAX_PAGES pages, so the number fits.
            return Ok((PageIndex(index as u16), kind));
        }
        if self.scope.all_keys.iter().any(|k| k == key) {
            return Err(Fault::NotEarlier { name: key.to_owned() });
        }
        Err(unknown("question", key, self.scope.earlier.iter().map(|(k, _)| k.as_str())))
    }
}

fn one_or(mut nodes: Vec<Node>, several: fn(Vec<Node>) -> Node) -> Node {
    if nodes.len() == 1 { nodes.remove(0) } else { several(nodes) }
}

fn between(sign: &str, number: u8) -> Test {
    // No number is less than the least and none is greater than the greatest: from 1 to 0 is none.
    let (least, most) = match sign {
        "<" => (u8::from(number == 0), number.saturating_sub(1)),
        "<=" => (0, number),
        ">" => number.checked_add(1).map_or((1, 0), |least| (least, u8::MAX)),
        ">=" => (number, u8::MAX),
        _ => (number, number),
    };
    Test::Between(least, most)
}

fn negate_if(negated: bool, node: Node) -> Node {
    if negated { Node::Not(Box::new(node)) } else { node }
}

fn unknown<'n>(what: &'static str, name: &str, names: impl Iterator<Item = &'n str>) -> Fault {
    Fault::Unknown { what, name: name.to_owned(), near: nearest(name, names) }
}

fn wrong(key: &str, kind: &PageKind, expected: &'static str) -> Fault {
    Fault::WrongTest { name: key.to_owned(), kind: kind.type_name(), expected }
}
