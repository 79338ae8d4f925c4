//! Writes JSON (RFC 8259), as much of it as a response has, so that the widget needs no serialiser.

/// Begins the next member of an object, whose name needs no escapes.
pub(super) fn member(json: &mut Vec<u8>, name: &str) {
    separate(json);
    string(json, name);
    json.push(b':');
}

/// Puts a comma where something stands before in the same object or array.
pub(super) fn separate(json: &mut Vec<u8>) {
    if !matches!(json.last(), Some(b'{' | b'[')) {
        json.push(b',');
    }
}

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
        let escaped = match byte {
            b'"' | b'\\' => byte,
            b'\n' => b'n',
            b'\r' => b'r',
            b'\t' => b't',
            0x08 => b'b',
            0x0c => b'f',
            b' '.. => {
                json.push(byte);
                continue;
            }
            _ => b'u',
        };
        json.push(b'\\');
        json.push(escaped);
        if escaped == b'u' {
            json.extend_from_slice(b"00");
            hex(json, byte);
        }
    }
    json.push(b'"');
}

/// Two lower-case hexadecimal digits.
pub(super) fn hex(json: &mut Vec<u8>, byte: u8) {
    for digit in [byte >> 4, byte & 0xf] {
        json.push(if digit < 10 { b'0' + digit } else { b'a' - 10 + digit });
    }
}
