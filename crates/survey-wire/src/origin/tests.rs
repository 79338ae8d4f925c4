use super::*;

#[track_caller]
fn check(text: &str, expected: Option<bool>) {
    let origin = text.parse::<Origin>().ok();
    assert_eq!(origin.as_ref().map(Origin::is_secure), expected, "`{text}`");
    if let Some(origin) = origin {
        assert_eq!(origin.to_string(), text);
    }
}

#[test]
fn origins_are_scheme_host_and_port() {
    check("https://forms.example", Some(true));
    check("https://forms.example:8443", Some(true));
    check("https://xn--bcher-kva.example", Some(true));
    check("http://localhost", Some(true));
    check("http://localhost:8080", Some(true));
    check("http://127.0.0.1:8080", Some(true));
    check("http://[::1]:8080", Some(true));
    check("http://[::1]", Some(true));
    check("https://[2001:db8::1]:8443", Some(true));
}

#[test]
fn plain_http_is_secure_on_this_machine_only() {
    check("http://forms.example", Some(false));
    check("http://192.168.1.5:8080", Some(false));
    check("http://localhost.example", Some(false));
    check("http://[2001:db8::1]", Some(false));
}

#[test]
fn other_spellings_are_refused() {
    for text in [
        "",
        "*",
        "null",
        "forms.example",
        "https://",
        "https://forms.example/",
        "https://FORMS.example",
        "HTTPS://forms.example",
        "https://forms.example:443",
        "http://forms.example:80",
        "https://forms.example:",
        "https://forms.example:0",
        "https://forms.example:08443",
        "https://forms.example:65536",
        "https://forms.example:+1",
        "https://user@forms.example",
        "https://forms.example?x",
        "https://forms.example#x",
        "https://bücher.example",
        "https://.example",
        "https://a..b",
        "https://-a.example",
        "https://a-.example",
        "https://[::1",
        "https://[::1]x",
        "https://[::1]:",
        "https://[0:0::1]",
        "https://[forms]",
        "ftp://forms.example",
        "https://*.example",
    ] {
        check(text, None);
    }
}

#[test]
fn nothing_that_ends_a_header_or_a_directive_gets_in() {
    for character in [' ', ';', ',', '\'', '"', '\r', '\n', '\t', '\0', '/', '\\'] {
        check(&format!("https://forms.example{character}"), None);
        check(&format!("https://forms{character}.example"), None);
        check(&format!("https://forms.example:80{character}80"), None);
    }
}
