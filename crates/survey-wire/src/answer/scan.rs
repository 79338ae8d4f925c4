//! Finds members of a JSON object.

/// Puts the text of each member of the object `json` that `members` names beside its name.
///
/// `None` if `json` is not one JSON object, a member is there twice, or it is not a text. A text
/// of another member that is not Unicode is passed over, as are members that are there twice.
pub(super) fn members(json: &[u8], members: &mut [(&str, Option<String>)]) -> Option<()> {
    let mut scanner = Scanner { rest: json };
    scanner.expect(b'{')?;
    let mut before = scanner.token()?;
    while before != b'}' {
        if before != b'"' {
            return None;
        }
        let name = scanner.string()??;
        scanner.expect(b':')?;
        match members.iter_mut().find(|(member, _)| *member == name) {
            Some((_, value)) => {
                scanner.expect(b'"')?;
                if value.replace(scanner.string()??).is_some() {
                    return None;
                }
            }
            None => scanner.skip_value()?,
        }
        before = match scanner.token()? {
            b',' => scanner.token().filter(|token| *token != b'}')?,
            end => Some(end).filter(|end| *end == b'}')?,
        };
    }
    scanner.token().is_none().then_some(())
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

    /// The next byte that is not white space.
    fn token(&mut self) -> Option<u8> {
        while let Some(byte) = self.next() {
            if !matches!(byte, b' ' | b'\t' | b'\n' | b'\r') {
                return Some(byte);
            }
        }
        None
    }

    fn expect(&mut self, token: u8) -> Option<()> {
        (self.token()? == token).then_some(())
    }

    /// Takes the next byte if it is one of `bytes`.
    fn next_if(&mut self, is_wanted: fn(&u8) -> bool) -> bool {
        let wanted = self.rest.first().is_some_and(is_wanted);
        if wanted {
            self.rest = &self.rest[1..];
        }
        wanted
    }

    /// The rest of a string whose first quote was taken; within, `None` if it is not Unicode.
    fn string(&mut self) -> Option<Option<String>> {
        let mut text = Vec::new();
        let mut is_text = true;
        loop {
            match self.next()? {
                b'"' => break,
                b'\\' => match self.escape()? {
                    Some(character) => {
                        text.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
                    }
                    None => is_text = false,
                },
                0..b' ' => return None,
                byte => text.push(byte),
            }
        }
        Some(String::from_utf8(text).ok().filter(|_| is_text))
    }

    /// The character of an escape; within, `None` for half of a surrogate pair.
    fn escape(&mut self) -> Option<Option<char>> {
        let character = match self.next()? {
            byte @ (b'"' | b'\\' | b'/') => char::from(byte),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let first = self.hex()?;
                if first & 0xfc00 != 0xd800 || !self.rest.starts_with(b"\\u") {
                    return Some(char::from_u32(first));
                }
                self.rest = &self.rest[2..];
                let second = self.hex()?;
                let pair = 0x1_0000 + ((first & 0x3ff) << 10 | second & 0x3ff);
                return Some(char::from_u32(pair).filter(|_| second & 0xfc00 == 0xdc00));
            }
            _ => return None,
        };
        Some(Some(character))
    }

    fn hex(&mut self) -> Option<u32> {
        let mut number = 0;
        for _ in 0..4 {
            number = number << 4 | char::from(self.next()?).to_digit(16)?;
        }
        Some(number)
    }

    /// Passes over a value, however deep: what is open is on a stack of our own.
    fn skip_value(&mut self) -> Option<()> {
        let mut open = Vec::new();
        let mut token = self.token()?;
        loop {
            match token {
                b'[' => {
                    token = self.token()?;
                    if token != b']' {
                        open.push(b']');
                        continue;
                    }
                }
                b'{' => {
                    token = self.token()?;
                    if token != b'}' {
                        open.push(b'}');
                        token = self.member(token)?;
                        continue;
                    }
                }
                b'"' => drop(self.string()?),
                _ => self.word(token)?,
            }
            // A value ends here, and with it whatever ends behind it.
            loop {
                let Some(end) = open.last() else { return Some(()) };
                token = self.token()?;
                if token == b',' {
                    break;
                }
                if token != *end {
                    return None;
                }
                open.pop();
            }
            token = self.token()?;
            if open.last() == Some(&b'}') {
                token = self.member(token)?;
            }
        }
    }

    /// Passes over the name of a member that begins with `token`; the first token of its value.
    fn member(&mut self, token: u8) -> Option<u8> {
        if token != b'"' {
            return None;
        }
        self.string()?;
        self.expect(b':')?;
        self.token()
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
        if self.next_if(|byte| *byte == b'.') && !self.digits() {
            return None;
        }
        if self.next_if(|byte| matches!(byte, b'e' | b'E')) {
            self.next_if(|byte| matches!(byte, b'+' | b'-'));
            return self.digits().then_some(());
        }
        Some(())
    }

    /// Passes over digits; whether there were any.
    fn digits(&mut self) -> bool {
        let mut any = false;
        while self.next_if(u8::is_ascii_digit) {
            any = true;
        }
        any
    }
}
