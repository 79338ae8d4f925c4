//! Bytes that are refused, and what of damaged ones is read all the same.

use crate::{Definition, LanguageIndex, check::tests::every_page};

fn definition() -> Definition {
    Definition::parse(every_page().to_string().as_bytes()).unwrap()
}

#[test]
fn damage_is_found() {
    let bytes = definition().compile(LanguageIndex(0));
    assert!(Definition::from_compiled(&bytes).is_some());
    for length in 0..bytes.len() {
        assert!(Definition::from_compiled(&bytes[..length]).is_none(), "cut off at {length}");
    }
    for place in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[place] ^= 1;
        assert!(Definition::from_compiled(&changed).is_none(), "byte {place}");
    }
}
