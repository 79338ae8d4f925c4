//! Writes JSON (RFC 8259), as much of it as a response has: everywhere the same few functions, so
//! that the widget needs no serialiser.

pub(super) fn number(json: &mut Vec<u8>, number: u16) {
    if number >= 10 {
        self::number(json, number / 10);
    }
    json.push(b'0' + (number % 10) as u8);
}

/// Escapes what must be (section 7), in its short form where there is one, and nothing else.
pub(super) fn string(json: &mut Vec<u8>, text: &str) {
    json.push(b'"');
    for &byte in text.as_bytes() {
        let short = match byte {
            b'"' | b'\\' => byte,
            b'\n' => b'n',
            b'\r' => b'r',
            b'\t' => b't',
            0x08 => b'b',
            0x0c => b'f',
            0x20.. => {
                json.push(byte);
                continue;
            }
            _ => {
                json.extend_from_slice(b"\\u00");
                json.extend([byte >> 4, byte & 0xf].map(hex_digit));
                continue;
            }
        };
        json.extend([b'\\', short]);
    }
    json.push(b'"');
}

/// The lower-case digit of a number below 16.
pub(super) fn hex_digit(number: u8) -> u8 {
    if number < 10 { b'0' + number } else { b'a' + number - 10 }
}

/// An object whose members have names that need no escapes.
pub(super) fn members<'a, T>(
    json: &mut Vec<u8>,
    members: impl Iterator<Item = (&'a str, T)>,
    value: impl Fn(&mut Vec<u8>, T),
) {
    several(json, b"{}", members, |json, (name, member)| {
        string(json, name);
        json.push(b':');
        value(json, member);
    });
}

/// Values with commas between them, in `brackets`.
pub(super) fn several<T>(
    json: &mut Vec<u8>,
    brackets: &[u8; 2],
    values: impl Iterator<Item = T>,
    write: impl Fn(&mut Vec<u8>, T),
) {
    let mut before = brackets[0];
    for value in values {
        json.push(before);
        write(json, value);
        before = b',';
    }
    if before != b',' {
        json.push(before);
    }
    json.push(brackets[1]);
}
