//! Web origins, as they go into headers.

use std::{fmt, str::FromStr};

use crate::ids::{ParseError, serde_as_text};

#[cfg(test)]
mod tests;

/// A web origin: `https://host` or `http://host`, with a port unless it is the scheme's own.
///
/// One spelling each (lower case, no path, no trailing slash), as browsers send and compare it
/// (RFC 6454 section 6.2). An origin holds nothing that could end a header or a CSP directive
/// early, so it can be written into both as it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Origin(String);

impl Origin {
    /// The origin as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether browsers treat pages from here as safe from the network: HTTPS, or this machine.
    pub fn is_secure(&self) -> bool {
        match self.0.strip_prefix("http://") {
            None => true,
            Some(rest) => {
                let host = rest.rsplit_once(':').map_or(rest, |(host, port)| {
                    // The colon of an address in brackets is not that of a port.
                    if port.ends_with(']') { rest } else { host }
                });
                matches!(host, "localhost" | "127.0.0.1" | "[::1]")
            }
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Origin {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        if is_origin(text) {
            Ok(Self(text.to_owned()))
        } else {
            Err(ParseError::expected(
                "an origin such as https://forms.example or http://127.0.0.1:8080: \
                 lower case, no path, no slash at the end, no default port",
            ))
        }
    }
}

fn is_origin(text: &str) -> bool {
    let (default_port, authority) =
        match (text.strip_prefix("https://"), text.strip_prefix("http://")) {
            (Some(rest), _) => ("443", rest),
            (_, Some(rest)) => ("80", rest),
            _ => return false,
        };
    let (host, port) = match authority.strip_prefix('[') {
        Some(rest) => match rest.split_once(']') {
            Some((address, after)) => {
                let port = if after.is_empty() {
                    None
                } else {
                    Some(after.strip_prefix(':').unwrap_or(""))
                };
                return address
                    .parse::<std::net::Ipv6Addr>()
                    .is_ok_and(|ip| ip.to_string() == address)
                    && is_port(port, default_port);
            }
            None => return false,
        },
        None => match authority.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (authority, None),
        },
    };
    is_host(host) && is_port(port, default_port)
}

fn is_host(host: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
    };
    host.len() <= 253 && host.split('.').all(label)
}

fn is_port(port: Option<&str>, default: &str) -> bool {
    port.is_none_or(|port| {
        port != default
            && !port.starts_with('0')
            && port.bytes().all(|b| b.is_ascii_digit())
            && port.parse::<u16>().is_ok()
    })
}

serde_as_text!(Origin);
