//! Pages: which member belongs to which type, options, conditions.

use super::{Checker, options::Lists};
use crate::{
    Condition, Key, PageKind,
    condition::{self, Scope},
    definition::{Gate, Page, Section, SectionIndex, Statement},
    error::{Fault, nearest},
    raw::RawPage,
};

/// Which members a type of page has beside `type`, `key`, `section` and `ask_if`.
struct Members {
    kind: &'static str,
    needed: &'static [&'static str],
    allowed: &'static [&'static str],
}

const QUESTION: &[&str] = &["hint", "body", "sensitivity", "declined", "dont_know"];

/// The one list of types and their members; `docs/definition.schema.json` is tested against it.
const TYPES: &[Members] = &[
    Members { kind: "single", needed: &["text", "options"], allowed: &["also"] },
    Members { kind: "multiple", needed: &["text", "options"], allowed: &[] },
    Members { kind: "scale", needed: &["text", "options"], allowed: &["also"] },
    Members { kind: "select", needed: &["text", "options"], allowed: &[] },
    Members {
        kind: "rating",
        needed: &["text", "min", "max", "min_label", "max_label"],
        allowed: &[],
    },
    Members { kind: "text", needed: &["text", "max_length"], allowed: &[] },
    Members { kind: "long_text", needed: &["text", "max_length"], allowed: &[] },
    Members { kind: "month", needed: &["text", "from", "to"], allowed: &[] },
    Members { kind: "statement", needed: &["heading", "body"], allowed: &["support"] },
    Members { kind: "gate", needed: &["heading", "go_on", "finish"], allowed: &["body"] },
];

/// What a condition of the first page is told: the page is published as HTML, the same for everybody.
const FIRST: &str = "no condition on the first page: it stands before anything is known of the \
                     page around; ask something else first";

impl Checker {
    pub(super) fn pages(
        &mut self,
        raw: Vec<RawPage>,
        lists: &Lists,
        sections: &[Section],
    ) -> Option<Vec<Page>> {
        let all_keys: Vec<String> = raw.iter().map(|page| page.key.clone()).collect();
        self.twice("pages", "key", all_keys.iter().map(String::as_str));
        let before = self.errors.len();
        let count = raw.len();
        let mut earlier: Vec<(Key, PageKind)> = Vec::with_capacity(count);
        let mut rest = Vec::with_capacity(count);
        let mut unreadable: Vec<String> = Vec::new();
        for (i, page) in raw.into_iter().enumerate() {
            let path = format!("pages[{i}]");
            let reader = PageReader {
                path: &path,
                lists,
                all_keys: &all_keys,
                earlier: &earlier,
                unreadable: &unreadable,
            };
            let section = self.section(&reader, page.section.as_deref(), sections);
            let ask_if_path = reader.member("ask_if");
            let ask_if = page.ask_if.as_deref();
            let ask_if = ask_if.and_then(|text| self.condition(&reader, &ask_if_path, text));
            let key_text = page.key.clone();
            let key = Key::new(&key_text);
            let key = self.form(
                &format!("{path}.key"),
                key,
                &key_text,
                "a letter, then letters, digits and underscores, lower case, at most 32",
            );
            let free = !condition::WORDS.contains(&key_text.as_str());
            let expected = "a key that is not a word of conditions (and, or, not, in, has, any, \
                            answered, context)";
            self.form(&format!("{path}.key"), free.then_some(()), &key_text, expected);
            let kind = self.kind(&reader, page);
            // Later pages are read against this one, so a page that is wrong keeps its place; what
            // names it is not read, since one fault must not be reported again by each condition.
            let kind = kind.unwrap_or_else(|| {
                unreadable.push(key_text);
                placeholder(&self.languages)
            });
            earlier.push((
                key.unwrap_or_else(|| Key::new("unreadable").expect("has the form of a key")),
                kind,
            ));
            rest.push((section, ask_if));
        }
        if self.errors.len() > before {
            return None;
        }
        let pages = earlier.into_iter().zip(rest);
        Some(
            pages
                .map(|((key, kind), (section, ask_if))| Page { key, section, ask_if, kind })
                .collect(),
        )
    }

    fn section(
        &mut self,
        at: &PageReader<'_>,
        id: Option<&str>,
        sections: &[Section],
    ) -> Option<SectionIndex> {
        let id = id?;
        let Some(place) = sections.iter().position(|s| s.id.as_str() == id) else {
            let near = nearest(id, sections.iter().map(|s| s.id.as_str()));
            let fault = Fault::Unknown { what: "section", name: id.to_owned(), near };
            self.report(format!("{}.section", at.path), fault);
            return None;
        };
        u16::try_from(place).ok().map(SectionIndex)
    }

    pub(super) fn condition(
        &mut self,
        at: &PageReader<'_>,
        path: &str,
        text: &str,
    ) -> Option<Condition> {
        if at.unreadable.iter().any(|key| condition::names(text, key)) {
            return None;
        }
        let scope = Scope { earlier: at.earlier, all_keys: at.all_keys, context: &self.context };
        match condition::parse(text, &scope) {
            Ok(_) if at.earlier.is_empty() => {
                self.report(path, Fault::Conflict { found: text.to_owned(), expected: FIRST });
                None
            }
            Ok(condition) => Some(condition),
            Err(fault) => {
                self.report(path, fault);
                None
            }
        }
    }

    fn kind(&mut self, at: &PageReader<'_>, mut raw: RawPage) -> Option<PageKind> {
        let Some(members) = TYPES.iter().find(|t| t.kind == raw.kind) else {
            let near = nearest(&raw.kind, TYPES.iter().map(|t| t.kind));
            let fault = Fault::Unknown { what: "type", name: raw.kind, near };
            self.report(format!("{}.type", at.path), fault);
            return None;
        };
        self.members(at, &raw, members)?;
        match members.kind {
            "statement" => Some(PageKind::Statement(Statement {
                heading: self.member_text(at, "heading", raw.heading.take())?,
                body: self.texts(&at.member("body"), raw.body.unwrap_or_default()),
                support: raw.support.unwrap_or_default(),
            })),
            "gate" => {
                let heading = self.member_text(at, "heading", raw.heading.take());
                let body = self.texts(&at.member("body"), raw.body.take().unwrap_or_default());
                let go_on = self.member_text(at, "go_on", raw.go_on.take());
                let finish = self.member_text(at, "finish", raw.finish.take());
                Some(PageKind::Gate(Gate {
                    heading: heading?,
                    body,
                    go_on: go_on?,
                    finish: finish?,
                }))
            }
            kind => self.question(at, kind, raw).map(PageKind::Question),
        }
    }

    /// Reports members that are missing or that belong to other types.
    fn members(&mut self, at: &PageReader<'_>, raw: &RawPage, members: &Members) -> Option<()> {
        let is_question = !matches!(members.kind, "statement" | "gate");
        let before = self.errors.len();
        for (member, there) in present(raw) {
            let needed = members.needed.contains(&member);
            let known = needed
                || members.allowed.contains(&member)
                || (is_question && QUESTION.contains(&member));
            match (there, needed, known) {
                (false, true, _) => {
                    self.report(at.path, Fault::Missing { kind: members.kind, member })
                }
                (true, _, false) => {
                    self.report(at.member(member), Fault::Foreign { kind: members.kind, member });
                }
                _ => {}
            }
        }
        (self.errors.len() == before).then_some(())
    }

    /// A text that [`Checker::members`] saw to be there.
    pub(super) fn member_text(
        &mut self,
        at: &PageReader<'_>,
        member: &str,
        raw: Option<crate::raw::RawText>,
    ) -> Option<crate::Text> {
        self.text(&at.member(member), raw?)
    }
}

/// Where a page stands and what it may refer to.
pub(super) struct PageReader<'a> {
    pub(super) path: &'a str,
    pub(super) lists: &'a Lists,
    all_keys: &'a [String],
    earlier: &'a [(Key, PageKind)],
    /// Keys of earlier pages that could not be read.
    unreadable: &'a [String],
}

impl PageReader<'_> {
    pub(super) fn member(&self, member: &str) -> String {
        format!("{}.{member}", self.path)
    }
}

/// Stands for a page that could not be read.
fn placeholder(languages: &[crate::Language]) -> PageKind {
    let mut heading = vec![None; languages.len()];
    heading[0] = Some("…".into());
    PageKind::Statement(Statement {
        heading: crate::Text::new(heading),
        body: Vec::new(),
        support: false,
    })
}

/// Every member that some types have and others have not, and whether it is there.
fn present(raw: &RawPage) -> [(&'static str, bool); 19] {
    [
        ("text", raw.text.is_some()),
        ("hint", raw.hint.is_some()),
        ("body", raw.body.is_some()),
        ("sensitivity", raw.sensitivity.is_some()),
        ("declined", raw.declined.is_some()),
        ("dont_know", raw.dont_know.is_some()),
        ("options", raw.options.is_some()),
        ("also", raw.also.is_some()),
        ("min", raw.min.is_some()),
        ("max", raw.max.is_some()),
        ("min_label", raw.min_label.is_some()),
        ("max_label", raw.max_label.is_some()),
        ("max_length", raw.max_length.is_some()),
        ("from", raw.from.is_some()),
        ("to", raw.to.is_some()),
        ("heading", raw.heading.is_some()),
        ("support", raw.support.is_some()),
        ("go_on", raw.go_on.is_some()),
        ("finish", raw.finish.is_some()),
    ]
}
