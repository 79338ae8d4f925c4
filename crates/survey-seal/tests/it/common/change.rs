//! A defect of a negative vector: what to change in the JSON of a valid envelope.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    envelope::{decode, encode},
    unhex,
};

/// One change. `at`, `and` and `to` are JSON pointers (RFC 6901); bytes are counted in what the
/// base64url string there decodes to.
#[derive(Clone, Deserialize, Serialize)]
#[serde(tag = "op", rename_all = "lowercase", deny_unknown_fields)]
pub(crate) enum Change {
    /// Puts another string.
    Set { at: String, value: String },
    /// Flips the bits of `with` in one byte.
    Xor { at: String, byte: usize, with: u8 },
    /// Cuts bytes off the end.
    Cut { at: String, bytes: usize },
    /// Puts bytes behind the end.
    Extend { at: String, hex: String },
    /// Exchanges two values.
    Swap { at: String, and: String },
    /// Removes an item of an array.
    Remove { at: String },
    /// Puts a copy of the array item at the end of the array.
    Repeat { at: String },
}

impl Change {
    pub(crate) fn apply(&self, envelope: &mut Value) {
        match self {
            Self::Set { at, value } => *find(envelope, at) = Value::from(value.as_str()),
            Self::Xor { at, byte, with } => edit(envelope, at, |bytes| bytes[*byte] ^= with),
            Self::Cut { at, bytes: cut } => {
                edit(envelope, at, |bytes| bytes.truncate(bytes.len() - cut));
            }
            Self::Extend { at, hex } => edit(envelope, at, |bytes| bytes.extend(unhex(hex))),
            Self::Swap { at, and } => {
                let first = find(envelope, at).take();
                let second = std::mem::replace(find(envelope, and), first);
                *find(envelope, at) = second;
            }
            Self::Remove { at } => {
                let (items, index) = item(envelope, at);
                items.remove(index);
            }
            Self::Repeat { at } => {
                let (items, index) = item(envelope, at);
                items.push(items[index].clone());
            }
        }
    }
}

fn find<'a>(envelope: &'a mut Value, at: &str) -> &'a mut Value {
    envelope.pointer_mut(at).unwrap_or_else(|| panic!("nothing at {at}"))
}

fn item<'a>(envelope: &'a mut Value, at: &str) -> (&'a mut Vec<Value>, usize) {
    let (array, index) = at.rsplit_once('/').expect("a pointer to an array's item");
    let items = find(envelope, array).as_array_mut().expect("an array");
    (items, index.parse().expect("an array index"))
}

fn edit(envelope: &mut Value, at: &str, change: impl FnOnce(&mut Vec<u8>)) {
    let value = find(envelope, at);
    let mut bytes = value.as_str().and_then(decode).expect("base64url");
    change(&mut bytes);
    *value = Value::from(encode(&bytes));
}
