//! From the shapes of a file to a definition, or to everything that is wrong with it.

mod forms;
mod options;
mod page;
mod question;
#[cfg(test)]
pub(crate) mod tests;

use std::collections::BTreeMap;

pub(crate) use self::forms::shown;
use crate::{
    Definition, FORMAT, Key, Language, LanguageIndex, MAX_DEFINITION, MAX_PAGES, SurveyId, Text,
    Version,
    definition::{Ending, Recipient, Section, SupportLine},
    error::{DefinitionError, Fault},
    raw::{RawDefinition, RawRecipient, RawText, SupportLineFile},
    response,
};

pub(crate) fn parse(json: &[u8]) -> Result<Definition, Vec<DefinitionError>> {
    let one = |path: String, fault| vec![DefinitionError { path, fault }];
    if json.len() > MAX_DEFINITION {
        let fault = Fault::Count { what: "bytes", found: json.len(), allowed: (1, MAX_DEFINITION) };
        return Err(one(String::new(), fault));
    }
    let raw = read(json).map_err(|error| vec![error])?;
    let mut checker = Checker::default();
    let definition = checker.definition(raw);
    match definition {
        Some(definition) if checker.errors.is_empty() => Ok(definition),
        _ => Err(checker.errors),
    }
}

/// The shapes of the file, or the first thing that is not of the right one.
fn read(json: &[u8]) -> Result<RawDefinition, DefinitionError> {
    let mut deserializer = serde_json::Deserializer::from_slice(json);
    let shape = |path: String, error: serde_json::Error| DefinitionError {
        path,
        fault: Fault::Shape(error.to_string()),
    };
    let raw = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        let path = Some(error.path().to_string()).filter(|path| path != ".");
        shape(path.unwrap_or_default(), error.into_inner())
    })?;
    deserializer.end().map_err(|error| shape(String::new(), error))?;
    Ok(raw)
}

const LANGUAGE_TAG: &str = "a language tag such as en or pt-BR";

/// Walks the file and collects faults. Each method gives `None` after it reported one.
#[derive(Default)]
struct Checker {
    languages: Vec<Language>,
    context: Vec<(Box<str>, Vec<Box<str>>)>,
    errors: Vec<DefinitionError>,
}

impl Checker {
    fn report(&mut self, path: impl Into<String>, fault: Fault) {
        self.errors.push(DefinitionError { path: path.into(), fault });
    }

    /// The value, or the report that `found` has not the form `expected`.
    fn form<T>(
        &mut self,
        path: &str,
        value: Option<T>,
        found: &str,
        expected: &'static str,
    ) -> Option<T> {
        if value.is_none() {
            let found = found.chars().take(80).collect();
            self.report(path, Fault::Form { found, expected });
        }
        value
    }

    fn count(&mut self, path: &str, what: &'static str, found: usize, allowed: (usize, usize)) {
        if found < allowed.0 || found > allowed.1 {
            self.report(path, Fault::Count { what, found, allowed });
        }
    }

    fn twice<'n>(&mut self, path: &str, what: &'static str, names: impl Iterator<Item = &'n str>) {
        let mut seen = std::collections::BTreeSet::new();
        for name in names {
            if !seen.insert(name) {
                self.report(path, Fault::Twice { what, name: name.to_owned() });
            }
        }
    }

    fn definition(&mut self, raw: RawDefinition) -> Option<Definition> {
        if raw.format.0 != i64::from(FORMAT) {
            let found = raw.format.0.to_string();
            self.report(
                "format",
                Fault::Form { found, expected: "1, the format that this version reads" },
            );
            return None;
        }
        // Languages and context first: texts and conditions are read against them.
        self.read_languages(&raw.languages)?;
        self.read_context(&raw.context);
        let id = self.form(
            "id",
            SurveyId::new(&raw.id),
            &raw.id,
            "lower-case letters, digits and hyphens, at most 64",
        );
        let version = self.form(
            "version",
            Version::new(&raw.version),
            &raw.version,
            "three numbers such as 1.0.0",
        );
        let title = self.text("title", raw.title);
        let owner = raw.owner.map(|owner| self.text("owner", owner));
        let exit_url = forms::https(&raw.exit_url).then(|| raw.exit_url.as_str().into());
        let exit_url = self.form("exit_url", exit_url, &raw.exit_url, "an https: address");
        let sections = self.sections(raw.sections);
        let start = self.texts("start.body", raw.start.body);
        self.count("pages", "pages", raw.pages.len(), (1, MAX_PAGES));
        let lists = self.lists(raw.lists);
        let pages = self.pages(raw.pages, &lists, &sections);
        let heading = self.text("end.heading", raw.end.heading);
        let end_body = self.texts("end.body", raw.end.body);
        let support_lines = self.support_lines(raw.support_lines);
        let recipients = self.recipients(raw.recipients);
        let submit = self.submit(raw.submit);
        let mut definition = Definition {
            id: id?,
            version: version?,
            languages: self.languages.clone(),
            start_language: LanguageIndex::default(),
            title: title?,
            owner: owner.flatten(),
            exit_url: exit_url?,
            context: self.context.clone(),
            sections,
            start,
            pages: pages?,
            end: Ending { heading: heading?, body: end_body },
            support_lines,
            recipients,
            submit,
            longest_response: 0,
        };
        let longest = response::longest(&definition);
        if longest > crate::MAX_PLAINTEXT {
            self.report("pages", Fault::TooLong { found: longest });
        }
        definition.longest_response = longest;
        Some(definition)
    }

    fn read_languages(&mut self, raw: &[String]) -> Option<()> {
        self.count("languages", "languages", raw.len(), (1, 100));
        self.twice("languages", "language", raw.iter().map(String::as_str));
        for (i, tag) in raw.iter().enumerate() {
            let language = Language::new(tag);
            let language = self.form(&format!("languages[{i}]"), language, tag, LANGUAGE_TAG);
            self.languages.extend(language);
        }
        self.errors.is_empty().then_some(())
    }

    fn read_context(&mut self, raw: &BTreeMap<String, Vec<String>>) {
        self.count("context", "context names", raw.len(), (0, 10));
        for (name, values) in raw {
            let path = format!("context.{name}");
            self.form(
                &path,
                Key::new(name),
                name,
                "a name of lower-case letters, digits and underscores",
            );
            self.count(&path, "values", values.len(), (1, 200));
            self.twice(&path, "value", values.iter().map(String::as_str));
            for (i, value) in values.iter().enumerate() {
                let value_form = SurveyId::new(value);
                self.form(
                    &format!("{path}[{i}]"),
                    value_form,
                    value,
                    "lower-case letters, digits and hyphens",
                );
            }
            let values = values.iter().map(|v| v.as_str().into()).collect();
            self.context.push((name.as_str().into(), values));
        }
    }

    fn text(&mut self, path: &str, raw: RawText) -> Option<Text> {
        let before = self.errors.len();
        let mut by_language = vec![None; self.languages.len()];
        match raw {
            RawText::Source(text) => {
                self.text_form(path, &text);
                by_language[0] = Some(text.into());
            }
            RawText::ByLanguage(texts) => {
                for (tag, text) in texts {
                    let path = format!("{path}.{tag}");
                    self.text_form(&path, &text);
                    match self.languages.iter().position(|l| l.as_str() == tag) {
                        Some(place) => by_language[place] = Some(text.into()),
                        None if Language::new(&tag).is_none() => {
                            self.form::<()>(&path, None, &tag, LANGUAGE_TAG);
                        }
                        None => {
                            let languages = self.languages.iter().map(Language::as_str);
                            let near = crate::error::nearest(&tag, languages);
                            self.report(path, Fault::Unknown { what: "language", name: tag, near });
                        }
                    }
                }
                if by_language[0].is_none() {
                    let expected = "a text in the first of `languages`";
                    self.report(path, Fault::Conflict { found: "no text".to_owned(), expected });
                }
            }
        }
        (self.errors.len() == before).then(|| Text::new(by_language))
    }

    fn text_form(&mut self, path: &str, text: &str) {
        let shown = forms::shown(text);
        self.form(path, shown.then_some(()), text, "a text on one line that is not empty");
        let length = text.chars().count();
        if length > crate::MAX_TEXT {
            self.count(path, "characters", length, (1, crate::MAX_TEXT));
        }
    }

    fn texts(&mut self, path: &str, raw: Vec<RawText>) -> Vec<Text> {
        self.count(path, "paragraphs", raw.len(), (0, 50));
        let texts = raw.into_iter().enumerate();
        texts.filter_map(|(i, text)| self.text(&format!("{path}[{i}]"), text)).collect()
    }

    fn sections(&mut self, raw: Vec<crate::raw::RawSection>) -> Vec<Section> {
        self.count("sections", "sections", raw.len(), (0, 50));
        self.twice("sections", "section", raw.iter().map(|s| s.id.as_str()));
        let mut sections = Vec::with_capacity(raw.len());
        for (i, section) in raw.into_iter().enumerate() {
            let path = format!("sections[{i}]");
            let id = Key::new(&section.id);
            let id = self.form(
                &format!("{path}.id"),
                id,
                &section.id,
                "lower-case letters, digits and underscores",
            );
            let title = self.text(&format!("{path}.title"), section.title);
            sections.extend(id.zip(title).map(|(id, title)| Section { id, title }));
        }
        sections
    }

    fn support_lines(&mut self, raw: Vec<SupportLineFile>) -> Vec<SupportLine> {
        self.count("support_lines", "support lines", raw.len(), (0, 50));
        self.twice("support_lines", "support line", raw.iter().map(|l| l.id.as_str()));
        let mut lines = Vec::new();
        for (i, line) in raw.into_iter().enumerate() {
            let path = format!("support_lines[{i}]");
            let id = Key::new(&line.id);
            self.form(
                &format!("{path}.id"),
                id,
                &line.id,
                "lower-case letters, digits and underscores",
            );
            if let Some(phone) = &line.phone {
                let form = forms::phone(phone).then_some(());
                self.form(
                    &format!("{path}.phone"),
                    form,
                    phone,
                    "digits and spaces, as people write it",
                );
            }
            if let Some(url) = &line.url {
                self.form(
                    &format!("{path}.url"),
                    forms::https(url).then_some(()),
                    url,
                    "an https: address",
                );
            }
            let name = self.text(&format!("{path}.name"), line.name);
            let hours = line.hours.and_then(|text| self.text(&format!("{path}.hours"), text));
            let note = line.note.and_then(|text| self.text(&format!("{path}.note"), text));
            // A number that nobody checked is worse than none.
            if let Some(name) = name.filter(|_| line.verified) {
                let (phone, url) = (line.phone.map(Into::into), line.url.map(Into::into));
                lines.push(SupportLine { name, phone, url, hours, note });
            }
        }
        lines
    }

    fn recipients(&mut self, raw: Vec<RawRecipient>) -> Vec<Recipient> {
        self.count("recipients", "recipients", raw.len(), (0, 10));
        self.twice("recipients", "recipient", raw.iter().map(|r| r.kid.as_str()));
        let raw = raw.into_iter().enumerate();
        raw.filter_map(|(i, recipient)| self.recipient(&format!("recipients[{i}]"), recipient))
            .collect()
    }

    fn recipient(&mut self, path: &str, raw: RawRecipient) -> Option<Recipient> {
        let expected = "a key id of 16 hexadecimal digits";
        let kid = self.form(&format!("{path}.kid"), forms::kid(&raw.kid), &raw.kid, expected);
        let expected = "an X-Wing public key: 1,216 bytes in base64url";
        let key = self.form(&format!("{path}.key"), forms::public_key(&raw.key), "…", expected);
        if let Some(label) = &raw.label {
            let form = forms::line(label).then_some(());
            self.form(&format!("{path}.label"), form, label, "one line of 1 to 200 characters");
        }
        if let Some(day) = &raw.not_after {
            let form = forms::day(day).then_some(());
            self.form(&format!("{path}.not_after"), form, day, "a day such as 2027-03-31");
        }
        Some(Recipient {
            kid: kid?,
            key: key?,
            label: raw.label.map(Into::into),
            not_after: raw.not_after.map(Into::into),
        })
    }

    fn submit(&mut self, raw: Vec<String>) -> Vec<Box<str>> {
        self.count("submit", "addresses", raw.len(), (0, 5));
        for (i, url) in raw.iter().enumerate() {
            let form = forms::submit(url).then_some(());
            let expected =
                "an https: address without a slash at the end (http: only on this machine)";
            self.form(&format!("submit[{i}]"), form, url, expected);
        }
        raw.into_iter().map(Into::into).collect()
    }
}
