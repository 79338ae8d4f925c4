//! Definitions at random: every type of page, conditions on earlier pages and on the context.
//!
//! Beside each definition stands its routing in a form of its own, so that what the crate makes of
//! the text of a condition is held against something that never saw the crate.

use serde_json::{Map, Value, json};

use crate::dice::Dice;

/// A definition, and what it says about routing.
pub(crate) struct Survey {
    pub(crate) json: Value,
    pub(crate) pages: Vec<Page>,
    pub(crate) contexts: Vec<(String, Vec<String>)>,
}

pub(crate) struct Page {
    pub(crate) key: String,
    pub(crate) kind: &'static str,
    ask_if: Option<Test>,
    /// Code and condition of each option, in the order in which they are offered.
    options: Vec<(u64, Option<Test>)>,
}

/// A condition as a tree.
enum Test {
    Any(Vec<Test>),
    All(Vec<Test>),
    Not(Box<Test>),
    /// Key, sign, number.
    Compare(String, &'static str, u64),
    In(String, Vec<u64>),
    Has(String, Vec<u64>),
    Answered(String),
    Context(String, &'static str, String),
}

impl Page {
    /// Whether the page is asked, given the answers of a response: the rules of
    /// `docs/definition.md`, said once more.
    pub(crate) fn is_asked(&self, answers: &Map<String, Value>, context: &Value) -> bool {
        let asked = self.ask_if.as_ref().is_none_or(|test| test.holds(answers, context));
        asked && (self.options.is_empty() || !self.offered(answers, context).is_empty())
    }

    pub(crate) fn offered(&self, answers: &Map<String, Value>, context: &Value) -> Vec<u64> {
        let options = self.options.iter();
        let offered =
            options.filter(|(_, test)| test.as_ref().is_none_or(|t| t.holds(answers, context)));
        offered.map(|(code, _)| *code).collect()
    }
}

impl Test {
    fn holds(&self, answers: &Map<String, Value>, context: &Value) -> bool {
        let number = |key: &String| answers.get(key).and_then(Value::as_u64);
        match self {
            Self::Any(tests) => tests.iter().any(|test| test.holds(answers, context)),
            Self::All(tests) => tests.iter().all(|test| test.holds(answers, context)),
            Self::Not(test) => !test.holds(answers, context),
            Self::Compare(key, "!=", right) => number(key) != Some(*right),
            Self::Compare(key, sign, right) => number(key).is_some_and(|left| match *sign {
                "==" => left == *right,
                "<" => left < *right,
                "<=" => left <= *right,
                ">" => left > *right,
                _ => left >= *right,
            }),
            Self::In(key, codes) => number(key).is_some_and(|code| codes.contains(&code)),
            Self::Has(key, codes) => {
                answers.get(key).and_then(Value::as_array).is_some_and(|given| {
                    given.iter().any(|code| codes.contains(&code.as_u64().unwrap()))
                })
            }
            Self::Answered(key) => answers.get(key).is_some_and(|answer| !answer.is_object()),
            Self::Context(name, sign, value) => (context[name] == **value) == (*sign == "=="),
        }
    }

    fn text(&self) -> String {
        let join = |tests: &[Test], word: &str| {
            let parts: Vec<String> =
                tests.iter().map(|test| format!("({})", test.text())).collect();
            parts.join(word)
        };
        let list = |codes: &[u64]| codes.iter().map(u64::to_string).collect::<Vec<_>>().join(", ");
        match self {
            Self::Any(tests) => join(tests, " or "),
            Self::All(tests) => join(tests, " and "),
            Self::Not(test) => format!("not ({})", test.text()),
            Self::Compare(key, sign, number) => format!("{key} {sign} {number}"),
            Self::In(key, codes) => format!("{key} in ({})", list(codes)),
            Self::Has(key, codes) if codes.len() == 1 => format!("{key} has {}", codes[0]),
            Self::Has(key, codes) => format!("{key} has any({})", list(codes)),
            Self::Answered(key) => format!("answered({key})"),
            Self::Context(name, sign, value) => format!("context.{name}{sign}\"{value}\""),
        }
    }
}

const KINDS: [&str; 10] = [
    "single",
    "multiple",
    "scale",
    "select",
    "rating",
    "text",
    "long_text",
    "month",
    "statement",
    "gate",
];
const LANGUAGES: [&str; 3] = ["en", "pl", "ur-PK"];
/// What texts are made of: characters that take one to four bytes, those that JSON escapes,
/// and those that are taken out.
pub(crate) const CHARACTERS: [char; 10] =
    ['a', 'ż', '€', '😀', '"', '\\', '\n', ' ', '\0', '\u{85}'];

/// A definition made of `bytes`.
pub(crate) fn survey(bytes: &[u8]) -> Survey {
    let mut maker =
        Maker { dice: Dice(bytes), languages: 1, contexts: Vec::new(), pages: Vec::new() };
    let json = maker.definition();
    Survey { json, pages: maker.pages, contexts: maker.contexts }
}

struct Maker<'a> {
    dice: Dice<'a>,
    languages: usize,
    contexts: Vec<(String, Vec<String>)>,
    pages: Vec<Page>,
}

impl Maker<'_> {
    fn definition(&mut self) -> Value {
        self.languages = 1 + self.dice.below(LANGUAGES.len());
        for i in 0..self.dice.below(3) {
            let values = (0..=self.dice.below(3)).map(|v| format!("v-{v}")).collect();
            self.contexts.push((format!("name{i}"), values));
        }
        let sections: Vec<Value> = (0..self.dice.below(3))
            .map(|i| json!({"id": format!("s{i}"), "title": self.text()}))
            .collect();
        // Shared options can only hang on the context: the pages that use them come later.
        let (shared, shared_tests) = self.options(false);
        let count = 1 + self.dice.below(12);
        let pages: Vec<Value> =
            (0..count).map(|i| self.page(i, sections.len(), &shared_tests)).collect();
        let context: Map<String, Value> =
            self.contexts.iter().map(|(name, values)| (name.clone(), json!(values))).collect();
        json!({
            "format": 1, "id": "random", "version": "1.0.0", "languages": LANGUAGES[..self.languages],
            "title": self.text(), "exit_url": "https://a.example", "context": context,
            "lists": {"shared": shared}, "sections": sections, "start": {"body": [self.text()]},
            "pages": pages, "end": {"heading": self.text(), "body": []},
        })
    }

    fn text(&mut self) -> Value {
        if self.dice.below(4) > 0 || self.languages == 1 {
            return json!("T");
        }
        LANGUAGES[..1 + self.dice.below(self.languages)]
            .iter()
            .map(|l| (l.to_string(), json!("T")))
            .collect()
    }

    fn page(&mut self, i: usize, sections: usize, shared: &[(u64, Option<String>)]) -> Value {
        let kind = self.dice.word(&KINDS);
        let key = format!("p{i}");
        let mut page = json!({"type": kind, "key": key});
        if sections > 0 && self.dice.one_in(2) {
            page["section"] = json!(format!("s{}", self.dice.below(sections)));
        }
        let ask_if = self.dice.one_in(2).then(|| self.test(2)).flatten();
        if let Some(test) = &ask_if {
            page["ask_if"] = json!(test.text());
        }
        let mut options = Vec::new();
        match kind {
            "statement" | "gate" => page["heading"] = self.text(),
            _ => {
                page["text"] = self.text();
                page["declined"] = json!(self.dice.one_in(2));
                page["dont_know"] = json!(self.dice.one_in(2));
            }
        }
        match kind {
            "statement" => page["body"] = json!([]),
            "gate" => {
                page["go_on"] = self.text();
                page["finish"] = self.text();
            }
            "rating" => {
                page["min"] = json!(self.dice.below(3));
                page["max"] = json!(3 + self.dice.below(94));
                page["min_label"] = self.text();
                page["max_label"] = self.text();
            }
            "text" | "long_text" => page["max_length"] = json!(1 + self.dice.below(60)),
            "month" => {
                page["from"] = json!("2024-11");
                page["to"] = json!(["2024-11", "2025-02"][self.dice.below(2)]);
            }
            // The first page has no condition, and the options of the list may have some.
            "single" | "scale" | "select" if i > 0 && self.dice.one_in(4) => {
                page["options"] = json!({"list": "shared"});
                options = shared
                    .iter()
                    .map(|(code, name)| (*code, name.clone().map(first_value)))
                    .collect();
            }
            "single" | "scale" | "select" | "multiple" => {
                let (json, _) = self.options(kind == "multiple");
                (page["options"], options) = self.conditions(json);
                if matches!(kind, "single" | "scale") && self.dice.one_in(2) {
                    let (also, tests) = self.conditions(json!([{"code": 96, "label": "T"}]));
                    page["also"] = also;
                    options.extend(tests);
                }
            }
            _ => {}
        }
        self.pages.push(Page { key, kind, ask_if, options });
        page
    }

    /// Options without conditions on pages; some hang on the first value of a context name, which
    /// is given beside their code.
    fn options(&mut self, exclusive: bool) -> (Value, Vec<(u64, Option<String>)>) {
        let count = 2 + self.dice.below(11);
        let mut tests = Vec::new();
        let options = (0..count).map(|i| {
            let code = 2 + 7 * i as u64;
            let mut option = json!({"code": code, "label": "T"});
            if exclusive && self.dice.one_in(4) {
                option["exclusive"] = json!(true);
            }
            let name = self.contexts.first().map(|(name, _)| name.clone());
            let name = name.filter(|_| !exclusive && self.dice.one_in(8));
            if let Some(name) = &name {
                option["if"] = json!(first_value(name.clone()).text());
            }
            tests.push((code, name));
            option
        });
        (options.collect::<Vec<_>>().into(), tests)
    }

    /// Puts conditions on some of the options.
    fn conditions(&mut self, mut options: Value) -> (Value, Vec<(u64, Option<Test>)>) {
        let mut tests = Vec::new();
        for option in options.as_array_mut().unwrap() {
            let code = option["code"].as_u64().unwrap();
            let mut test = None;
            option.as_object_mut().unwrap().remove("if");
            if self.dice.one_in(3) {
                test = self.test(1);
            }
            if let Some(test) = &test {
                option["if"] = json!(test.text());
            }
            tests.push((code, test));
        }
        (options, tests)
    }

    fn test(&mut self, depth: usize) -> Option<Test> {
        if self.pages.is_empty() {
            return None;
        }
        match self.dice.below(8) {
            0 if depth > 0 => Some(Test::Any(vec![self.test(depth - 1)?, self.test(depth - 1)?])),
            1 if depth > 0 => Some(Test::All(vec![self.test(depth - 1)?, self.test(depth - 1)?])),
            2 if depth > 0 => Some(Test::Not(Box::new(self.test(depth - 1)?))),
            3 if !self.contexts.is_empty() => {
                let (name, values) = self.dice.pick(&self.contexts);
                let sign = self.dice.word(&["==", "!="]);
                Some(Test::Context(name.clone(), sign, self.dice.pick(values).clone()))
            }
            _ => self.test_of_page(),
        }
    }

    fn test_of_page(&mut self) -> Option<Test> {
        let questions: Vec<&Page> =
            self.pages.iter().filter(|page| !matches!(page.kind, "statement" | "gate")).collect();
        if questions.is_empty() {
            return None;
        }
        let page = *self.dice.pick(&questions);
        let key = page.key.clone();
        if self.dice.one_in(4) {
            return Some(Test::Answered(key));
        }
        let codes: Vec<u64> = page.options.iter().map(|(code, _)| *code).collect();
        let signs = ["==", "!=", "<", "<=", ">", ">="];
        let several =
            |dice: &mut Dice<'_>| (0..=dice.below(2)).map(|_| *dice.pick(&codes)).collect();
        Some(match page.kind {
            "multiple" => Test::Has(key, several(&mut self.dice)),
            "single" | "select" | "scale" if self.dice.one_in(2) => {
                Test::In(key, several(&mut self.dice))
            }
            "single" | "select" => {
                Test::Compare(key, self.dice.word(&signs[..2]), *self.dice.pick(&codes))
            }
            "scale" => Test::Compare(key, self.dice.word(&signs), *self.dice.pick(&codes)),
            // Every rating holds 2 and 3.
            "rating" => Test::Compare(key, self.dice.word(&signs), 2 + self.dice.below(2) as u64),
            _ => Test::Answered(key),
        })
    }
}

fn first_value(name: String) -> Test {
    Test::Context(name, "==", "v-0".to_owned())
}
