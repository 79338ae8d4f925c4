//! What a translator has to know of a text: where it stands, who reads it, what has to stay.

use serde_json::Value;

/// For the whole of a file.
pub(crate) const GENERAL: &str = "These texts are read by people who were hurt by a crime. They \
    may be frightened, in a hurry, and watched. Use the words of daily life, short sentences, and \
    the polite form that a doctor would use. No blame, no praise, no \"please\", no \"sorry\". Do \
    not say \"victim\" unless the source does. Write each text on one line, without markup.";

const FRIGHTENED: &str = "Spoken to somebody who may be frightened: calm, plain, no blame.";

const SCALE: &str = "A point of a scale: it has to be as far from its neighbours as the source is, \
    or the figures of this language cannot be compared.";

/// The notes for the text at `path` of a survey or of a file of support lines.
pub(crate) fn of(file: &Value, path: &str, source: &str) -> Vec<String> {
    let parts: Vec<&str> = path.split('.').collect();
    let mut notes = match parts[..] {
        ["title"] => vec![
            "Name of the survey. Somebody may look over the shoulder: it says nothing of a crime."
                .to_owned(),
        ],
        ["owner"] => vec!["Who runs the survey.".to_owned()],
        ["start", ..] => vec!["On the first page, above the first question.".to_owned(), spoken()],
        ["end", ..] => vec!["Shown after the answers were sent.".to_owned(), spoken()],
        ["sections", ..] => {
            vec!["Name of a part, as in \"Main questions: 3 of 8\". Keep it short.".to_owned()]
        }
        ["lines" | "support_lines", _, member] => {
            let what = match member {
                "name" => "Name of a service that helps. Keep the service's own name.",
                "hours" => "When the service can be reached.",
                _ => "Below a telephone number that helps.",
            };
            vec![what.to_owned(), spoken()]
        }
        ["lists", list, code, member] => {
            let mut notes = option(file["lists"][list].as_array(), code, member);
            let users = pages(file).filter(|page| page["options"]["list"] == *list);
            for page in users {
                notes.push(format!("An answer to: {}", text(&page["text"])));
                scale(page, &mut notes);
            }
            // Once, and last: questions that share a list are scales together.
            let scales = notes.iter().any(|note| note == SCALE);
            notes.retain(|note| note != SCALE);
            notes.extend(scales.then(|| SCALE.to_owned()));
            notes
        }
        ["pages", key, ref rest @ ..] => match pages(file).find(|page| page["key"] == *key) {
            Some(page) => of_page(page, rest),
            None => Vec::new(),
        },
        _ => Vec::new(),
    };
    notes.extend(kept(source));
    notes
}

fn of_page(page: &Value, rest: &[&str]) -> Vec<String> {
    let mut notes = match *rest {
        ["text"] => vec!["A question.".to_owned()],
        ["hint"] => vec![format!("Help with answering: {}", text(&page["text"]))],
        ["heading"] => vec!["Heading of a page without a question.".to_owned()],
        ["body", _] => match page["text"].is_null() {
            true => vec![format!("Below the heading: {}", text(&page["heading"]))],
            false => vec![format!("Between question and answer: {}", text(&page["text"]))],
        },
        ["go_on" | "finish"] => vec![format!(
            "On a button, below: {}. Keep it short, about 25 characters.",
            text(&page["heading"])
        )],
        ["min_label"] => vec![format!("The lowest number means this: {}", text(&page["text"]))],
        ["max_label"] => vec![format!("The highest number means this: {}", text(&page["text"]))],
        ["options" | "also", code, member] => {
            let mut notes = option(page[rest[0]].as_array(), code, member);
            notes.push(format!("An answer to: {}", text(&page["text"])));
            if rest[0] == "options" {
                scale(page, &mut notes);
            }
            notes
        }
        _ => Vec::new(),
    };
    let hard = matches!(page["sensitivity"].as_str(), Some("trauma" | "identifying"));
    if hard || page["support"] == true {
        notes.push(spoken());
    }
    notes
}

/// An option: its label, or what its hint helps with, and what it is called officially.
fn option(options: Option<&Vec<Value>>, code: &str, member: &str) -> Vec<String> {
    let Some(option) = with_code(options, code) else { return Vec::new() };
    let mut notes = Vec::new();
    if member == "hint" {
        notes.push(format!("Help with the answer: {}", text(&option["label"])));
    }
    let names = official_names(option).filter(|_| member == "label");
    notes.extend(names.map(|name| {
        format!(
            "The official name in a classification ({name}). Use the official translation, if \
             there is one."
        )
    }));
    notes
}

/// The option with a code, which a place spells as a number without more.
fn with_code<'a>(options: Option<&'a Vec<Value>>, code: &str) -> Option<&'a Value> {
    let mut options = options.into_iter().flatten();
    options.find(|option| option["code"].as_f64().is_some_and(|found| found.to_string() == code))
}

/// The classifications of which an option has the label, or the code of a place (E09000001).
fn official_names(option: &Value) -> impl Iterator<Item = &str> {
    let label = text(&option["label"]);
    let maps = option["maps"].as_object().into_iter().flatten();
    maps.filter(move |(_, value)| {
        let value = value.as_str().unwrap_or_default();
        let is_place = value.len() == 9
            && value.starts_with(|c: char| c.is_ascii_uppercase())
            && value[1..].bytes().all(|b| b.is_ascii_digit());
        value == label || is_place
    })
    .map(|(name, _)| &**name)
}

/// Whether the text at `path` is a name that nobody is free to say in other words.
pub(crate) fn is_official(file: &Value, path: &str) -> bool {
    let parts: Vec<&str> = path.split('.').collect();
    let option = match parts[..] {
        ["lines" | "support_lines", _, "name"] => return true,
        ["lists", list, code, "label"] => with_code(file["lists"][list].as_array(), code),
        ["pages", key, member, code, "label"] => {
            let page = pages(file).find(|page| page["key"] == *key);
            page.and_then(|page| with_code(page[member].as_array(), code))
        }
        _ => None,
    };
    option.is_some_and(|option| official_names(option).next().is_some())
}

fn scale(page: &Value, notes: &mut Vec<String>) {
    if page["type"] == "scale" {
        notes.push(SCALE.to_owned());
    }
}

/// Numbers and blanks that have to stay.
pub(crate) fn kept(source: &str) -> Option<String> {
    let kept: Vec<&str> =
        super::file::blanks(source).into_iter().chain(super::file::numbers(source)).collect();
    match &kept[..] {
        [] => None,
        kept => Some(format!("Keep as it is, in these characters: {}", kept.join(", "))),
    }
}

fn spoken() -> String {
    FRIGHTENED.to_owned()
}

fn pages(file: &Value) -> impl Iterator<Item = &Value> {
    file["pages"].as_array().into_iter().flatten()
}

/// A text, in whichever language comes first where there are several.
fn text(value: &Value) -> String {
    let first = || value.as_object()?.get("en").or_else(|| value.as_object()?.values().next());
    value.as_str().or_else(|| first()?.as_str()).unwrap_or_default().to_owned()
}
