//! Plaintexts and files that were damaged on the way, or made up.

use serde_json::Value as Json;

use crate::dice::Dice;

/// `bytes` with some of them changed, taken out or put in.
pub(crate) fn changed_bytes(bytes: &[u8], changes: &[u8]) -> Vec<u8> {
    let (mut bytes, mut dice) = (bytes.to_vec(), Dice(changes));
    let common = b"0123456789\"{}[]:,. \\atrue-e\n";
    while !dice.0.is_empty() && !bytes.is_empty() {
        let at = (dice.below(256) * 256 + dice.below(256)) % bytes.len();
        match dice.below(4) {
            0 => drop(bytes.remove(at)),
            1 => bytes.insert(at, *dice.pick(common)),
            2 => bytes[at] = *dice.pick(common),
            _ => bytes[at] = bytes[dice.below(bytes.len())],
        }
    }
    bytes
}

/// A plaintext with some of its members changed, taken out, put in, given twice or moved.
pub(crate) fn changed_members(json: &[u8], changes: &[u8]) -> Vec<u8> {
    let mut dice = Dice(changes);
    let json: Json = serde_json::from_slice(json).unwrap();
    let mut members: Vec<(String, Json)> = json.as_object().unwrap().clone().into_iter().collect();
    let answers = members.iter().position(|(name, _)| name == "answers").unwrap();
    let mut inner: Vec<(String, Json)> =
        members.remove(answers).1.as_object().unwrap().clone().into_iter().collect();
    while !dice.0.is_empty() {
        let list = if dice.one_in(4) { &mut members } else { &mut inner };
        let at = dice.below(list.len().max(1));
        let value = some_value(&mut dice);
        match dice.below(6) {
            0 if !list.is_empty() => drop(list.remove(at)),
            1 | 2 if !list.is_empty() => list[at].1 = value,
            3 if !list.is_empty() => list.push(list[at].clone()),
            4 if !list.is_empty() => list.swap(0, at),
            _ => list.push((format!("p{}", dice.below(13)), value)),
        }
    }
    let written = |list: &[(String, Json)]| {
        let parts: Vec<String> =
            list.iter().map(|(name, value)| format!("\"{name}\" : {value}")).collect();
        parts.join(" ,\n")
    };
    format!("{{{},\"answers\":{{{}}}}}", written(&members), written(&inner)).into_bytes()
}

fn some_value(dice: &mut Dice<'_>) -> Json {
    let values = [
        "1",
        "8",
        "2",
        "3",
        "97",
        "-1",
        "1.0",
        "true",
        "null",
        "[1]",
        "[1,8]",
        "[8,1]",
        "[1,1]",
        "[]",
        "\"\"",
        "\"a\"",
        "\" a\"",
        "\"2024-11\"",
        "\"2024-1\"",
        "\"go_on\"",
        "\"finish\"",
        "\"pl\"",
        "{\"missing\":\"skipped\"}",
        "{\"missing\":\"declined\"}",
        "{\"missing\":\"dont_know\"}",
        "{\"missing\":\"not_asked\"}",
        "{}",
        "{\"name0\":\"v-0\"}",
    ];
    serde_json::from_str(dice.word(&values)).unwrap()
}
