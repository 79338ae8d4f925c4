//! JSON as text: taken apart and put together without changing the spelling or order of anything.
//!
//! A published definition is known by the hash of its bytes, so the same draft has to give the
//! same bytes on every machine. Going through `serde_json::Value` would not: whether it keeps the
//! order of members depends on a feature that any crate of a build can switch on for all. So what
//! goes into a published definition is cut out of the draft as it stands there.
//!
//! Every function takes JSON that a parser accepted before; with other text the result is some
//! other text, never a panic.

/// `json` without white space between its tokens. Strings stay as they are.
pub(crate) fn compact(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    let mut scan = Scan::default();
    for c in json.chars() {
        scan.step(c);
        if scan.in_string || !c.is_ascii_whitespace() {
            out.push(c);
        }
    }
    out
}

/// The members of a compact object: name as written between the quotes, and value.
pub(crate) fn members(object: &str) -> Vec<(&str, &str)> {
    let member = |text| {
        let mut parts = split(text, ':');
        let (name, value) = (parts.next()?, parts.next()?);
        Some((name.strip_prefix('"')?.strip_suffix('"')?, value))
    };
    split(inside(object), ',').filter_map(member).collect()
}

/// The elements of a compact array.
pub(crate) fn elements(array: &str) -> Vec<&str> {
    split(inside(array), ',').collect()
}

/// A compact object of these members, in this order.
pub(crate) fn object<'a>(members: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let members = members.into_iter().map(|(name, value)| format!("\"{name}\":{value}"));
    format!("{{{}}}", members.collect::<Vec<_>>().join(","))
}

/// What stands between the outermost brackets.
fn inside(json: &str) -> &str {
    let mut chars = json.chars();
    chars.next();
    chars.next_back();
    chars.as_str()
}

/// The parts of `json` between separators that are not inside of anything; none of empty text.
fn split(json: &str, separator: char) -> impl Iterator<Item = &str> {
    let mut scan = Scan::default();
    let mut parts = json.split(move |c| {
        let here = !scan.in_string && scan.depth == 0 && c == separator;
        scan.step(c);
        here
    });
    let first = parts.next().filter(|_| !json.is_empty());
    first.into_iter().chain(parts)
}

/// Where in a JSON text a reader is.
#[derive(Default)]
struct Scan {
    in_string: bool,
    escaped: bool,
    depth: usize,
}

impl Scan {
    fn step(&mut self, c: char) {
        match c {
            _ if self.escaped => self.escaped = false,
            '\\' if self.in_string => self.escaped = true,
            '"' => self.in_string = !self.in_string,
            _ if self.in_string => {}
            '{' | '[' => self.depth += 1,
            '}' | ']' => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn white_space_goes_and_strings_stay() {
        let spaced = "{ \"a b\" :\n [1, 2,\t{ } ] , \"c\\\" \\\\\": \" , : { [ \" }\r\n";
        assert_eq!(compact(spaced), "{\"a b\":[1,2,{}],\"c\\\" \\\\\":\" , : { [ \"}");
    }

    #[test]
    fn members_and_elements_keep_order_and_spelling() {
        let text = r#"{"z":{"a":[1,2]},"a":"x,\"y\":{","m":1.50}"#;
        assert_eq!(
            members(text),
            [("z", r#"{"a":[1,2]}"#), ("a", r#""x,\"y\":{""#), ("m", "1.50")]
        );
        assert_eq!(elements(r#"[{"a":1},[2,3],"4,5"]"#), [r#"{"a":1}"#, "[2,3]", r#""4,5""#]);
        assert!(members("{}").is_empty() && elements("[]").is_empty());
        assert_eq!(object(members(text)), text);
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i32>().prop_map(Value::from),
            "[ -~\u{e9}\n\t]{0,12}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 40, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                prop::collection::btree_map("[a-z\"\\\\{,: ]{0,6}", inner, 0..6)
                    .prop_map(|map| json!(map)),
            ]
        })
    }

    proptest! {
        #[test]
        fn compacting_changes_no_value(value in any_json()) {
            let pretty = serde_json::to_string_pretty(&value).unwrap();
            prop_assert_eq!(compact(&pretty), serde_json::to_string(&value).unwrap());
        }

        #[test]
        fn nothing_panics_on_text_that_is_not_json(text in "\\PC{0,40}") {
            let compact = compact(&text);
            let _ = (members(&compact), elements(&compact));
        }
    }
}
