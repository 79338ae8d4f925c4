//! One sealed response, as it travels and as it is stored.

use std::{borrow::Cow, fmt, marker::PhantomData, ops::Deref};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor, value::MapAccessDeserializer},
};

use crate::{
    DefinitionHash, EnvelopeId, KeyId, MAX_BODY, MAX_WRAPS, Problem, ProblemType, SIZE_CLASSES,
    SurveyId, TAG_LEN, VERSION, WRAP_LEN, ids::decode_exact,
};

#[cfg(test)]
mod tests;

/// One sealed response.
///
/// Every value of this type is one that a backend takes: the parts with rules have types that keep
/// them. Only holders of a recipient's secret key can tell what is inside.
#[derive(Clone, PartialEq, Eq)]
pub struct Envelope {
    /// Which survey it answers.
    pub survey: SurveyId,
    /// Which published definition it answers, questions and recipients included.
    pub def: DefinitionHash,
    /// Its own random name. The same envelope sent again keeps it.
    pub id: EnvelopeId,
    /// How many recipients it takes to open it.
    pub mode: Mode,
    /// The content key, sealed to each recipient.
    pub wraps: Wraps,
    /// Commitment to the content key: all recipients see the same response.
    pub kc: [u8; 32],
    /// The padded response, sealed with the content key.
    pub ct: Ciphertext,
    /// SHA-256 of the withdrawal secret; random bytes when there is none.
    pub del: [u8; 32],
    /// What shows that this response may be given.
    pub auth: Auth,
}

/// How many recipients it takes to open an envelope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Mode {
    /// Each recipient opens it alone.
    Any,
}

impl Mode {
    /// The spelling in JSON and in what sealing binds.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Any => "any",
        }
    }
}

/// What shows that a response may be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Auth {
    /// Nothing: anybody may answer.
    None,
}

/// The content key, sealed to one recipient.
#[derive(Clone, PartialEq, Eq)]
pub struct Wrap {
    /// Whose key.
    pub kid: KeyId,
    /// HPKE encapsulation and ciphertext, one after the other.
    pub w: [u8; WRAP_LEN],
}

/// The wraps of an envelope: 1 to [`MAX_WRAPS`], no recipient twice, in the definition's order.
#[derive(Clone, PartialEq, Eq)]
pub struct Wraps(Vec<Wrap>);

impl Wraps {
    /// Takes the wraps of an envelope.
    ///
    /// # Errors
    ///
    /// [`ProblemType::Malformed`] for none, too many, or two for one recipient.
    pub fn new(wraps: Vec<Wrap>) -> Result<Self, Problem> {
        if !(1..=MAX_WRAPS).contains(&wraps.len()) {
            return Err(Problem::malformed("`wraps` must hold 1 to 10 wraps"));
        }
        let again = |(i, wrap): (usize, &Wrap)| wraps[..i].iter().any(|w| w.kid == wrap.kid);
        if wraps.iter().enumerate().any(again) {
            return Err(Problem::malformed(
                "two members of `wraps` have the same `kid`; seal once to each recipient",
            ));
        }
        Ok(Self(wraps))
    }

    /// The wraps themselves.
    pub fn into_inner(self) -> Vec<Wrap> {
        self.0
    }
}

impl Deref for Wraps {
    type Target = [Wrap];

    fn deref(&self) -> &[Wrap] {
        &self.0
    }
}

/// A sealed and padded response: as long as one of [`SIZE_CLASSES`] and the tag.
#[derive(Clone, PartialEq, Eq)]
pub struct Ciphertext(Vec<u8>);

impl Ciphertext {
    /// Takes sealed bytes.
    ///
    /// # Errors
    ///
    /// [`ProblemType::Malformed`] for a length that is not a size class and [`TAG_LEN`] bytes.
    pub fn new(bytes: Vec<u8>) -> Result<Self, Problem> {
        if SIZE_CLASSES.iter().any(|class| class + TAG_LEN == bytes.len()) {
            Ok(Self(bytes))
        } else {
            Err(Problem::malformed(
                "`ct` must hold 4112, 16400 or 32784 bytes: pad to 4096, 16384 or 32768, then seal",
            ))
        }
    }

    /// The sealed bytes themselves.
    pub fn into_inner(self) -> Vec<u8> {
        self.0
    }
}

impl Deref for Ciphertext {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl Envelope {
    /// Reads a request body, and nothing but an envelope: no member that the protocol does not
    /// name, none twice, none missing, every value of its exact length and spelling.
    ///
    /// # Errors
    ///
    /// [`ProblemType::TooLarge`] above [`MAX_BODY`] bytes, else [`ProblemType::Malformed`] with a
    /// detail that names the member.
    pub fn parse(body: &[u8]) -> Result<Self, Problem> {
        if body.len() > MAX_BODY {
            return Err(Problem::new(
                ProblemType::TooLarge,
                "an envelope has at most 65536 bytes; use a smaller size class or fewer recipients",
            ));
        }
        let raw: Object<RawEnvelope<'_>> = serde_json::from_slice(body).map_err(|error| {
            // The parser's own message quotes the input; its category does not.
            Problem::malformed(match error.classify() {
                serde_json::error::Category::Data => {
                    "a member is missing, unknown, given twice or not of its type; an envelope has \
                     exactly `ssp`, `survey`, `def`, `id`, `mode`, `wraps`, `kc`, `ct`, `del`, `auth`"
                }
                _ => "the body is not one JSON object in UTF-8",
            })
        })?;
        raw.0.check()
    }

    /// The envelope as JSON: members in the order of the specification, no spaces. This is what
    /// to send, and to send again byte for byte.
    ///
    /// Its length depends on the number of recipients, the size class and the survey's name only.
    pub fn to_json(&self) -> Vec<u8> {
        // By hand: every value is plain ASCII that JSON does not escape, and the widget, which
        // has to be small, needs no serializer for it.
        let mut json = String::with_capacity(MAX_BODY);
        let text = |json: &mut String, before: &str, value: &str| {
            json.push_str(before);
            json.push_str(value);
        };
        let bytes = |json: &mut String, before: &str, value: &[u8]| {
            json.push_str(before);
            URL_SAFE_NO_PAD.encode_string(value, json);
        };
        text(&mut json, "{\"ssp\":", &VERSION.to_string());
        text(&mut json, ",\"survey\":\"", self.survey.as_str());
        bytes(&mut json, "\",\"def\":\"", &self.def.0);
        bytes(&mut json, "\",\"id\":\"", &self.id.0);
        text(&mut json, "\",\"mode\":\"", self.mode.as_str());
        json.push_str("\",\"wraps\":[");
        for (i, wrap) in self.wraps.iter().enumerate() {
            let before = if i == 0 { "{\"kid\":\"" } else { ",{\"kid\":\"" };
            text(&mut json, before, &wrap.kid.to_string());
            bytes(&mut json, "\",\"w\":\"", &wrap.w);
            json.push_str("\"}");
        }
        bytes(&mut json, "],\"kc\":\"", &self.kc);
        bytes(&mut json, "\",\"ct\":\"", &self.ct);
        bytes(&mut json, "\",\"del\":\"", &self.del);
        let auth = match self.auth {
            Auth::None => "none",
        };
        text(&mut json, "\",\"auth\":{\"t\":\"", auth);
        json.push_str("\"}}");
        json.into_bytes()
    }
}

/// An envelope is 8 kB and more of noise; its shape is what a developer wants to see.
impl fmt::Debug for Envelope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Envelope")
            .field("survey", &self.survey)
            .field("def", &self.def)
            .field("mode", &self.mode)
            .field("wraps", &self.wraps.len())
            .field("ct", &self.ct.len())
            .field("auth", &self.auth)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Wrap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wrap").field("kid", &self.kid).finish_non_exhaustive()
    }
}

impl fmt::Debug for Wraps {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.0).finish()
    }
}

impl fmt::Debug for Ciphertext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Ciphertext({} bytes)", self.0.len())
    }
}

/// A JSON object. Derived readers of structs take arrays as well, which the protocol does not.
struct Object<T>(T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ObjectVisitor<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for ObjectVisitor<T> {
            type Value = Object<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Object<T>, A::Error> {
                T::deserialize(MapAccessDeserializer::new(map)).map(Object)
            }
        }

        deserializer.deserialize_map(ObjectVisitor(PhantomData))
    }
}

/// An envelope with its members there and of the right JSON type, and no more than that.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawEnvelope<'a> {
    ssp: u64,
    #[serde(borrow)]
    survey: Cow<'a, str>,
    #[serde(borrow)]
    def: Cow<'a, str>,
    #[serde(borrow)]
    id: Cow<'a, str>,
    #[serde(borrow)]
    mode: Cow<'a, str>,
    #[serde(borrow)]
    wraps: Vec<Object<RawWrap<'a>>>,
    #[serde(borrow)]
    kc: Cow<'a, str>,
    #[serde(borrow)]
    ct: Cow<'a, str>,
    #[serde(borrow)]
    del: Cow<'a, str>,
    #[serde(borrow)]
    auth: Object<RawAuth<'a>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawWrap<'a> {
    #[serde(borrow)]
    kid: Cow<'a, str>,
    #[serde(borrow)]
    w: Cow<'a, str>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawAuth<'a> {
    #[serde(borrow)]
    t: Cow<'a, str>,
}

impl RawEnvelope<'_> {
    fn check(self) -> Result<Envelope, Problem> {
        let require = |ok: bool, detail| ok.then_some(()).ok_or(Problem::malformed(detail));
        require(self.ssp == u64::from(VERSION), "`ssp` must be 1: this backend speaks ssp/1")?;
        require(self.mode == Mode::Any.as_str(), "`mode` must be \"any\"")?;
        require(self.auth.0.t == "none", "`auth` must be {\"t\":\"none\"}")?;
        let wraps = self.wraps.into_iter().map(|wrap| wrap.0.check()).collect::<Result<_, _>>()?;
        let ct = URL_SAFE_NO_PAD
            .decode(&*self.ct)
            .map_err(|_| Problem::malformed("`ct` must be base64url without padding"))?;
        Ok(Envelope {
            survey: self.survey.parse().map_err(|_| {
                Problem::malformed(
                    "`survey` must be 1 to 64 of a-z, 0-9 and -, not starting with -",
                )
            })?,
            def: self.def.parse().map_err(|_| {
                Problem::malformed("`def` must be 32 bytes as base64url without padding")
            })?,
            id: self.id.parse().map_err(|_| {
                Problem::malformed("`id` must be 16 bytes as base64url without padding")
            })?,
            mode: Mode::Any,
            wraps: Wraps::new(wraps)?,
            kc: decode_exact(self.kc.as_bytes())
                .ok_or(Problem::malformed("`kc` must be 32 bytes as base64url without padding"))?,
            ct: Ciphertext::new(ct)?,
            del: decode_exact(self.del.as_bytes())
                .ok_or(Problem::malformed("`del` must be 32 bytes as base64url without padding"))?,
            auth: Auth::None,
        })
    }
}

impl RawWrap<'_> {
    fn check(self) -> Result<Wrap, Problem> {
        Ok(Wrap {
            kid: self.kid.parse().map_err(|_| {
                Problem::malformed("`kid` must be 16 lower-case hexadecimal digits")
            })?,
            w: decode_exact(self.w.as_bytes())
                .ok_or(Problem::malformed("`w` must be 1169 bytes as base64url without padding"))?,
        })
    }
}
