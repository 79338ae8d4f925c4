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
        self.id.0.iter().for_each(|byte| json::hex(&mut json, *byte));
        json.extend_from_slice(b"\",\"rev\":");
        json::number(&mut json, self.revision);
        json.extend_from_slice(b",\"final\":");
        json.extend_from_slice(if self.is_final { b"true" } else { b"false" });
        json::member(&mut json, "lang");
        json::string(&mut json, definition.language(self.language).as_str());
        json.extend_from_slice(b",\"context\":{");
        for (name, value) in definition.context_pairs(&self.context) {
            json::member(&mut json, name);
            json::string(&mut json, value);
        }
        json.extend_from_slice(b"},\"answers\":{");
        for (page, reply) in &self.replies {
            json::member(&mut json, definition.page(*page).key.as_str());
            write(&mut json, reply);
        }
        json.extend_from_slice(b"}}");
        json
    }
}

fn write(json: &mut Vec<u8>, reply: &Reply) {
    match reply.said() {
        Err(missing) => {
            json.extend_from_slice(b"{\"missing\":");
            json::string(json, missing.name());
            json.push(b'}');
        }
        Ok(Answer::Code(code)) => json::number(json, code.get().into()),
        Ok(Answer::Codes(codes)) => {
            json.push(b'[');
            for code in codes {
                json::separate(json);
                json::number(json, code.get().into());
            }
            json.push(b']');
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
