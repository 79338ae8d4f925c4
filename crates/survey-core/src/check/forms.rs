//! Forms of strings that a definition holds but does not look into.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::Recipient;

/// Longest address in characters.
const MAX_URL: usize = 500;

pub(super) fn https(url: &str) -> bool {
    url.strip_prefix("https://").is_some_and(|rest| {
        rest.starts_with(|c: char| c.is_ascii_alphanumeric())
            && rest.bytes().all(printable)
            && url.len() <= MAX_URL
    })
}

/// An `https:` base, or `http:` on this machine (for development), without a slash at the end.
///
/// Its origin goes into a Content Security Policy, so nothing that separates there may pass.
pub(super) fn submit(url: &str) -> bool {
    let loopback = ["http://127.0.0.1", "http://localhost", "http://[::1]"]
        .iter()
        .filter_map(|host| url.strip_prefix(host))
        .any(|rest| {
            let (port, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
            let port = port.is_empty() || port.strip_prefix(':').is_some_and(is_port);
            port && path.bytes().all(printable) && url.len() <= MAX_URL
        });
    (https(url) || loopback)
        && !url.ends_with('/')
        && !url.contains(['?', '#', '@', '\'', ';', ',', '*'])
}

fn is_port(port: &str) -> bool {
    (1..=5).contains(&port.len()) && port.bytes().all(|b| b.is_ascii_digit())
}

fn printable(byte: u8) -> bool {
    byte.is_ascii_graphic() && !matches!(byte, b'"' | b'<' | b'>' | b'\\' | b'`')
}

/// Shows something, on one line. U+FEFF is white space for JSON Schema, though not for Unicode.
pub(crate) fn shown(text: &str) -> bool {
    text.chars().any(|c| !c.is_whitespace() && c != '\u{feff}')
        && !text.chars().any(char::is_control)
}

/// A short line that is not shown to respondents.
pub(super) fn line(text: &str) -> bool {
    shown(text) && text.chars().count() <= 200
}

pub(super) fn phone(number: &str) -> bool {
    (2..=20).contains(&number.len())
        && number.bytes().all(|b| b.is_ascii_digit() || b == b' ')
        && number.trim() == number
}

/// A key id: 16 lower-case hexadecimal digits.
pub(super) fn kid(text: &str) -> Option<[u8; 8]> {
    let digit = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
    let form = text.len() == 16 && text.bytes().all(digit);
    u64::from_str_radix(text, 16).ok().filter(|_| form).map(u64::to_be_bytes)
}

/// Length and spelling only: whether it is a key is for the code that seals to say.
pub(super) fn public_key(text: &str) -> Option<Box<[u8]>> {
    let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
    (bytes.len() == Recipient::KEY_LEN).then(|| bytes.into())
}

pub(super) fn day(day: &str) -> bool {
    let number = |range| day.get(range).and_then(|part: &str| part.parse::<u8>().ok());
    let digits = day
        .bytes()
        .enumerate()
        .all(|(i, b)| if i == 4 || i == 7 { b == b'-' } else { b.is_ascii_digit() });
    day.len() == 10
        && digits
        && number(5..7).is_some_and(|m| (1..=12).contains(&m))
        && number(8..10).is_some_and(|d| (1..=31).contains(&d))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_form_has_its_edge() {
        for (url, good) in [
            ("https://forms.example/ssp", true),
            ("http://127.0.0.1:8080/ssp", true),
            ("http://localhost", true),
            ("http://[::1]:8080/a", true),
            ("http://localhost:", false),
            ("http://localhost:80a/ssp", false),
            ("http://localhost.example/ssp", false),
            ("http://forms.example/ssp", false),
            ("https://forms.example/", false),
            ("https://u@forms.example", false),
            ("https://forms.example/?a", false),
            ("https://forms.example; script-src *", false),
            ("https://f*.example", false),
            ("javascript:alert(1)", false),
        ] {
            assert_eq!(submit(url), good, "{url}");
        }
        assert!(
            https("https://www.bbc.co.uk/weather") && !https("https://") && !https("https://a b")
        );
        assert!(phone("08 08 16 89 111") && phone("999") && !phone("0800-1111") && !phone(" 999"));
        assert!(day("2027-03-31") && !day("2027-13-01") && !day("2027-3-1") && !day("2027-03-00"));
        assert_eq!(kid("0123456789abcdef"), Some([0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef]));
        for text in ["0123456789ABCDEF", "0", "+123456789abcdef"] {
            assert_eq!(kid(text), None, "{text}");
        }
        assert_eq!(public_key(&"A".repeat(1622)), Some([0; 1216].into()));
        // Too short, a character of another alphabet, and bits left over that belong to no byte.
        for text in ["A".repeat(1621), "+".repeat(1622), "B".repeat(1622)] {
            assert_eq!(public_key(&text), None, "{text}");
        }
    }
}
