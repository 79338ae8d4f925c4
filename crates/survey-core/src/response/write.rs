//! From a response to its plaintext.

use zeroize::Zeroizing;

use super::{Response, json};
use crate::{
    Definition,
    reply::{Answer, Reply},
};

impl Response {
    /// The plaintext that is sealed: JSON, at most [`crate::MAX_PLAINTEXT`] bytes.
    #[must_use]
    pub fn to_json(&self, definition: &Definition) -> Zeroizing<Vec<u8>> {
        // All the room at once: a buffer that grows leaves copies of what was said behind.
        let mut json = Zeroizing::new(Vec::with_capacity(definition.longest_response()));
        json.extend_from_slice(b"{\"v\":1,\"rid\":\"");
        for byte in self.id.0 {
            json.extend([byte >> 4, byte & 0xf].map(json::hex_digit));
        }
        json.extend_from_slice(b"\",\"rev\":");
        json::number(&mut json, self.revision);
        json.extend_from_slice(b",\"final\":");
        json.extend_from_slice(if self.is_final { b"true" } else { b"false" });
        json.extend_from_slice(b",\"lang\":");
        json::string(&mut json, definition.language(self.language).as_str());
        json.extend_from_slice(b",\"context\":");
        json::members(&mut json, definition.context_pairs(&self.context), json::string);
        json.extend_from_slice(b",\"answers\":");
        let answers = self.replies.iter();
        let answers = answers.map(|(page, reply)| (definition.page(*page).key.as_str(), reply));
        json::members(&mut json, answers, write);
        json.push(b'}');
        json
    }
}

fn write(json: &mut Vec<u8>, reply: &Reply) {
    match reply.said() {
        Err(missing) => {
            json::members(json, [("missing", missing.name())].into_iter(), json::string);
        }
        Ok(Answer::Code(code)) => json::number(json, code.get().into()),
        Ok(Answer::Codes(codes)) => {
            json::several(json, b"[]", codes.iter(), |json, code| {
                json::number(json, code.get().into());
            });
        }
        Ok(Answer::Number(number)) => json::number(json, (*number).into()),
        Ok(Answer::Text(text)) => json::string(json, text),
        Ok(Answer::Month(month)) => {
            json.push(b'"');
            json.extend_from_slice(&month.ascii());
            json.push(b'"');
        }
        Ok(Answer::Gate(choice)) => json::string(json, choice.name()),
    }
}
