//! Places in a text, such as `{count}`: where the widget puts something in.

/// The names of the places of a text, sorted.
///
/// # Errors
///
/// A brace that belongs to no place, or a place that stands twice.
pub(crate) fn places(text: &str) -> Result<Vec<&str>, String> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}']) {
        let name = rest[at..].strip_prefix('{').and_then(|after| after.split_once('}'));
        let Some((name, after)) = name.filter(|(name, _)| is_name(name)) else {
            return Err(format!("`{text}` has a brace that belongs to no place such as {{count}}"));
        };
        if found.contains(&name) {
            return Err(format!("`{text}` has the place {{{name}}} twice; it is filled once"));
        }
        found.push(name);
        rest = after;
    }
    found.sort_unstable();
    Ok(found)
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_found_whatever_stands_around_them() {
        assert_eq!(places("{section}: {at} of {of}"), Ok(vec!["at", "of", "section"]));
        assert_eq!(places("ولديك {count}."), Ok(vec!["count"]));
        assert_eq!(places("nothing"), Ok(Vec::new()));
    }

    #[test]
    fn a_brace_without_a_place_is_refused() {
        for text in ["{", "}", "{}", "{count", "count}", "{Count}", "{a b}", "{{a}}", "{a} {a}"] {
            assert!(places(text).is_err(), "{text}");
        }
    }
}
