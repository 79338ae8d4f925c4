//! Finds members of a JSON object.

/// A member that is asked for: its name in ASCII, and its text.
pub(super) type Member = (&'static str, Option<Vec<u8>>);

/// What stands for a character that is not ASCII, or that nobody asks for, where it is escaped.
const OTHER: u8 = 0xff;

/// Puts beside each name of `members` the text of the member of the object `json` that is called so.
///
/// `None` if `json` is not JSON in UTF-8 (RFC 8259 section 8.1), or if such a member is there twice or is not a text. Of a text that
/// is not ASCII it is only sure that it does not become one.
pub(super) fn members(json: &[u8], members: &mut [Member]) -> Option<()> {
    std::str::from_utf8(json).ok()?;
    let mut scanner = Scanner { rest: json };
    // What closes each object and array that is open, on a stack of our own: however deep they
    // are, they use up no other.
    let mut open = Vec::new();
    // The member whose value comes next, if it is asked for.
    let mut asked: Option<&mut Option<Vec<u8>>> = None;
    loop {
        let first = scanner.token()?;
        match first {
            b'{' | b'[' => {
                if asked.is_some() {
                    return None;
                }
                // Each bracket closes with the character after the next.
                let close = first + 2;
                open.push(close);
                if scanner.peek()? != close {
                    if close == b'}' {
                        asked = scanner.name(&open, members)?;
                    }
                    continue;
                }
            }
            b'"' => {
                let text = scanner.string()?;
                if asked.take().is_some_and(|value| value.replace(text).is_some()) {
                    return None;
                }
            }
            _ if asked.is_some() => return None,
            _ => scanner.word(first)?,
        }
        // A value ends here, and with it whatever is closed behind it.
        loop {
            let Some(close) = open.last() else {
                return scanner.peek().is_none().then_some(());
            };
            match scanner.token()? {
                b',' => break,
                token if token == *close => drop(open.pop()),
                _ => return None,
            }
        }
        if open.last() == Some(&b'}') {
            asked = scanner.name(&open, members)?;
        }
    }
}

struct Scanner<'a> {
    rest: &'a [u8],
}

impl Scanner<'_> {
    /// The next byte.
    fn next(&mut self) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }

    /// The next byte that is not white space, which is left there.
    fn peek(&mut self) -> Option<u8> {
        loop {
            let first = *self.rest.first()?;
            if !matches!(first, b' ' | b'\t' | b'\n' | b'\r') {
                return Some(first);
            }
            self.next();
        }
    }

    /// The next byte that is not white space.
    fn token(&mut self) -> Option<u8> {
        self.peek();
        self.next()
    }

    /// Passes over the name of a member; whose it is, if it is asked for.
    fn name<'m>(
        &mut self,
        open: &[u8],
        members: &'m mut [Member],
    ) -> Option<Option<&'m mut Option<Vec<u8>>>> {
        let start = self.token()?;
        let name = self.string()?;
        if start != b'"' || self.token()? != b':' {
            return None;
        }
        let named = |(member, _): &&mut Member| open.len() == 1 && member.as_bytes() == name;
        Some(members.iter_mut().find(named).map(|(_, value)| value))
    }

    /// The rest of a string whose first quote was taken.
    fn string(&mut self) -> Option<Vec<u8>> {
        let mut text = Vec::new();
        loop {
            text.push(match self.next()? {
                b'"' => return Some(text),
                b'\\' => self.escape()?,
                0..b' ' => return None,
                byte => byte,
            });
        }
    }

    fn escape(&mut self) -> Option<u8> {
        match self.next()? {
            byte @ (b'"' | b'\\' | b'/') => Some(byte),
            b'b' | b'f' | b'n' | b'r' | b't' => Some(OTHER),
            b'u' => {
                let mut unit = 0;
                for _ in 0..4 {
                    unit = unit << 4 | char::from(self.next()?).to_digit(16)?;
                }
                Some(if unit < 0x80 { unit as u8 } else { OTHER })
            }
            _ => None,
        }
    }

    /// Passes over a number or a name that begins with `first`.
    fn word(&mut self, first: u8) -> Option<()> {
        let rest: &[u8] = match first {
            b't' => b"rue",
            b'f' => b"alse",
            b'n' => b"ull",
            _ => return self.number(first),
        };
        self.rest = self.rest.strip_prefix(rest)?;
        Some(())
    }

    fn number(&mut self, first: u8) -> Option<()> {
        let first = if first == b'-' { self.next()? } else { first };
        let more = self.digits();
        if !first.is_ascii_digit() || (first == b'0' && more) {
            return None;
        }
        if self.next_is(b'.') && !self.digits() {
            return None;
        }
        if self.next_is(b'e') || self.next_is(b'E') {
            let _ = self.next_is(b'+') || self.next_is(b'-');
            return self.digits().then_some(());
        }
        Some(())
    }

    /// Passes over digits; whether there were any.
    fn digits(&mut self) -> bool {
        let mut any = false;
        while self.rest.first().is_some_and(u8::is_ascii_digit) {
            self.next();
            any = true;
        }
        any
    }

    /// Passes over `byte`, if it is the next.
    fn next_is(&mut self, byte: u8) -> bool {
        let is = self.rest.first() == Some(&byte);
        if is {
            self.next();
        }
        is
    }
}
