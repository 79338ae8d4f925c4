use survey_core::{Definition, Language, LanguageIndex};

use crate::common::desk::Desk;

/// A file of translations; `texts` as path, source and text.
pub(crate) fn file(tag: &str, reviewed: bool, texts: &[(&str, &str, &str)]) -> String {
    let texts: serde_json::Map<String, serde_json::Value> = texts
        .iter()
        .map(|(path, source, text)| {
            ((*path).to_owned(), serde_json::json!({ "source": source, "text": text }))
        })
        .collect();
    serde_json::json!({ "format": 1, "language": tag, "reviewed": reviewed, "texts": texts })
        .to_string()
}

pub(crate) const TEXTS: [(&str, &str, &str); 4] = [
    ("pages.overall.text", "Satisfied?", "Bodlon?"),
    ("pages.overall.options.2.label", "So, \"so\"", "Go \"lew\""),
    ("pages.word.body.0", "One.", "Un."),
    ("end.heading", "Sent", "Wedi’i anfon"),
];

fn tags(definition: &Definition) -> Vec<&str> {
    definition.languages().iter().map(Language::as_str).collect()
}

/// The heading of the last page in a language, and whether it is a fallback.
pub(crate) fn end<'a>(definition: &'a Definition, tag: &str) -> (&'a str, bool) {
    let place = definition.find_language(tag).unwrap();
    let said = definition.end().heading.get(place);
    (said.text, said.fallback.is_some())
}

#[test]
fn translations_beside_a_definition_are_published_with_it() {
    let desk = Desk::bare();
    desk.write("probe.so.json", file("so", true, &[("end.heading", "Sent", "La diray")]));
    desk.write("probe.cy.json", file("cy", false, &TEXTS));
    let ran = desk.publish("probe.json", "").code(0).out_has(&[
        "languages      en\n",
        "               pl: 1 of 32 texts, 31 missing\n",
        "               cy: 4 of 32 texts, 28 missing, not reviewed\n",
        "               so: 1 of 32 texts, 31 missing, reviewed\n",
    ]);
    assert!(ran.err.contains("no native speaker reviewed the survey in cy;"), "{ran:?}");
    let definition = desk.definition();
    // The draft's own first, then by tag.
    assert_eq!(tags(&definition), ["en", "pl", "cy", "so"]);
    assert_eq!(end(&definition, "cy"), ("Wedi’i anfon", false));
    assert_eq!(end(&definition, "so"), ("La diray", false));
    assert_eq!(end(&definition, "pl"), ("Sent", true));
    let text = String::from_utf8(desk.definition_bytes(desk.hash("probe"))).unwrap();
    assert!(text.contains(r#"{"en":"So, \"so\"","cy":"Go \"lew\""}"#), "{text}");
    assert!(text.contains(r#""languages":["en","pl","cy","so"]"#), "{text}");
    // The same files give the same bytes.
    let hash = desk.hash("probe");
    desk.publish("probe.json", "").code(0);
    assert_eq!(desk.hash("probe"), hash);
}

#[test]
fn stale_translations_fall_back_and_are_counted() {
    let desk = Desk::bare();
    let mut texts = TEXTS;
    texts[3].1 = "Was sent";
    desk.write("probe.cy.json", file("cy", true, &texts));
    desk.publish("probe.json", "")
        .code(0)
        .out_has(&["cy: 3 of 32 texts, 28 missing and 1 stale, reviewed"])
        .err_has(&["1 stale, reviewed; the rest is shown in en"]);
    assert_eq!(end(&desk.definition(), "cy"), ("Sent", true));
    desk.run("check probe.json").code(0).out_has(&[
        "probe.json: no faults: probe 1.2.0, 7 questions, 3 languages, a draft",
        "cy: 3 of 32 texts, 28 missing and 1 stale, reviewed",
    ]);
}

#[test]
fn languages_can_be_chosen() {
    let desk = Desk::bare();
    for tag in ["cy", "so", "ur"] {
        desk.write(&format!("probe.{tag}.json"), file(tag, tag == "so", &TEXTS));
    }
    desk.publish("probe.json", "--languages ur,en,cy").code(0);
    assert_eq!(tags(&desk.definition()), ["en", "ur", "cy"]);
    assert!(!String::from_utf8_lossy(&desk.definition_bytes(desk.hash("probe"))).contains("Twoja"));

    let ran = desk.publish("probe.json", "--reviewed-only").code(0).out_has(&["so: 4 of 32 texts"]);
    for tag in ["cy", "ur"] {
        let left_out = format!("warning: {tag}: left out, because no native speaker reviewed it");
        assert!(ran.err.contains(&left_out), "{ran:?}");
    }
    assert!(!ran.err.contains("reviewed the survey"), "{ran:?}");
    assert_eq!(tags(&desk.definition()), ["en", "pl", "so"]);
    desk.publish("probe.json", "--reviewed-only --languages cy").code(0);
    assert_eq!(tags(&desk.definition()), ["en"]);

    // A file of a language that is not chosen is not read.
    desk.write("probe.cy.json", "broken");
    desk.publish("probe.json", "--languages so").code(0);
    assert_eq!(tags(&desk.definition()), ["en", "so"]);
    desk.run("check probe.json --languages so").code(0);
    desk.run("check probe.json").code(1).err_has(&["probe.cy.json: not a file of translations"]);
}

#[test]
fn what_is_no_translation_of_this_survey_is_refused() {
    let texts = |change: (&'static str, &'static str, &'static str)| {
        let texts: Vec<_> = TEXTS.into_iter().chain([change]).collect();
        file("cy", false, &texts)
    };
    let foreign: Vec<_> = ["a", "b", "c", "d", "e"].map(|x| (x, "x", "y")).into();
    for (name, content, parts) in [
        (
            "probe.cy.json",
            texts(("pages.overal.text", "Satisfied?", "Bodlon?")),
            &["probe.cy.json: 1 fault", "pages.overal.text: no such text", "`pages.overall.text`"]
                [..],
        ),
        (
            "probe.cy.json",
            texts(("pages.gone.text", "Gone?", "Wedi mynd?")),
            &["pages.gone.text: no such text", "texts prune"],
        ),
        ("probe.cy.json", texts(("title", "Your views", "")), &["title: the translation is empty"]),
        (
            "probe.cy.json",
            texts(("title", "Your views", "Eich\nbarn")),
            &["title: a translation stands on one line"],
        ),
        (
            "probe.cy.json",
            file("cy", false, &TEXTS).replace("\"Un.\"", "{\"cy\":\"Un.\"}"),
            &["not a file of translations: invalid type", "docs/translate.md"],
        ),
        (
            "probe.cy.json",
            file("pl", false, &TEXTS),
            &["probe.cy.json", "named for `cy`", "\"language\": \"pl\""],
        ),
        (
            "probe.cymraeg.json",
            file("cy", false, &TEXTS),
            &["probe.cymraeg.json", "`cymraeg` is no language tag"],
        ),
        (
            "probe.cy.json",
            file("cy", false, &foreign),
            &["probe.cy.json", "5 of its 5 places are not there, `a`", "another file"],
        ),
        (
            "probe.en.json",
            file("en", false, &TEXTS),
            &["probe.en.json", "the survey is written in en"],
        ),
        (
            "probe.pl.json",
            file("pl", false, &[("title", "Your views", "Wasze opinie")]),
            &["probe.pl.json", "title: ", "a text in pl of its own"],
        ),
        (
            "probe.cy.json",
            file("cy", false, &TEXTS).replace("\"format\":1", "\"format\":2"),
            &["`format` is 2, this version reads 1"],
        ),
        (
            "probe.cy.json",
            file("cy", false, &TEXTS).replace("\"reviewed\":false,", ""),
            &["missing field `reviewed`"],
        ),
        (
            "probe.cy.json",
            r#"{"format":1,"language":"cy","reviewed":false,"texts":{
                "title":{"source":"a","text":"b"},"title":{"source":"a","text":"b"}}}"#
                .to_owned(),
            &["`title` is there twice"],
        ),
    ] {
        let desk = Desk::bare();
        desk.write(name, content);
        desk.run("check probe.json").code(1).err_has(parts);
        desk.publish("probe.json", "").code(1).err_has(parts);
        assert!(!desk.path("site/surveys.json").exists(), "{name}: something was published");
    }
    let desk = Desk::bare();
    desk.run("check probe.json --languages cymraeg").code(2).err_has(&["cymraeg: no language tag"]);
    desk.run("check probe.json --languages cy").code(2).err_has(&["there is no probe.cy.json"]);
}

pub(crate) const HELPLINES: &str = r#"{ "format": 1, "lines": [
  { "id": "emergency", "name": "Danger now", "phone": "999", "note": "Call 999.", "verified": true, "source": "s" },
  { "id": "later", "name": "Later", "verified": false, "source": "none" } ] }"#;

#[test]
fn support_lines_have_translations_of_their_own() {
    let desk = Desk::bare();
    desk.write("lines.json", HELPLINES);
    desk.write("probe.cy.json", file("cy", true, &TEXTS));
    desk.write("probe.so.json", file("so", true, &TEXTS));
    let lines = [
        ("lines.emergency.name", "Danger now", "Perygl nawr"),
        ("lines.emergency.note", "Call 999.", "Ffoniwch 999."),
        ("lines.later.name", "Later", "Wedyn"),
    ];
    desk.write("lines.cy.json", file("cy", false, &lines));
    // Nobody asks for the survey in Urdu, so nobody is told about the lines in it.
    desk.write("lines.ur.json", "broken");
    let publish = "--support-lines lines.json --languages cy,so";
    let ran = desk.publish("probe.json", publish).code(0).out_has(&[
        "support lines in cy: 2 of 2 texts, not reviewed",
        "support lines in so: 0 of 2 texts, 2 missing",
    ]);
    assert!(ran.err.contains("no support lines in so:"), "{ran:?}");
    assert!(ran.err.contains("reviewed the support lines in cy"), "{ran:?}");
    assert!(!ran.err.contains("emergency"), "{ran:?}");
    let definition = desk.definition();
    let [line] = definition.support_lines() else { panic!("one line is verified") };
    let cy: LanguageIndex = definition.find_language("cy").unwrap();
    assert_eq!(line.name().get(cy).text, "Perygl nawr");
    assert_eq!(line.note().unwrap().get(cy).text, "Ffoniwch 999.");

    desk.publish("probe.json", &format!("{publish} --reviewed-only"))
        .code(0)
        .err_has(&["no support lines in cy, so:"]);

    desk.write(
        "lines.cy.json",
        file("cy", false, &[("lines.emergency.note", "Call 999.", "Ffoniwch.")]),
    );
    desk.publish("probe.json", publish).code(1).err_has(&[
        "lines.cy.json",
        "lines.emergency.note: the number 999 of the source is missing",
    ]);
    desk.write("lines.cy.json", file("cy", false, &[("lines.emergensy.note", "Call 999.", "999")]));
    desk.run("check probe.json --support-lines lines.json")
        .code(1)
        .err_has(&["lines.cy.json", "did you mean `lines.emergency.note`?"]);
}

#[test]
fn a_survey_without_the_emergency_line_is_told_of() {
    let desk = Desk::bare();
    let warning = "no support line `emergency` that somebody verified";
    desk.publish("probe.json", "").code(0).err_has(&[warning]);
    desk.write("lines.json", HELPLINES.replacen("\"verified\": true", "\"verified\": false", 1));
    desk.publish("probe.json", "--support-lines lines.json").code(0).err_has(&[warning]);
    desk.write("lines.json", HELPLINES);
    let ran = desk.publish("probe.json", "--support-lines lines.json").code(0);
    assert!(!ran.err.contains(warning), "{ran:?}");
}

#[test]
fn checking_a_survey_says_what_is_hard_to_read() {
    let desk = Desk::bare();
    let hard =
        "Nevertheless we would be grateful to know in which of these ways you were helped by us.";
    desk.write("hard.json", desk.read("probe.json").replace("A survey for tests.", hard));
    desk.write("lines.json", HELPLINES.replace("Call 999.", "Utilise 999."));
    desk.run("check hard.json --support-lines lines.json").code(0).err_has(&[
        "warning: hard.json: start.body.0: a sentence of 17 words; make two of it",
        "warning: hard.json: start.body.0: `Nevertheless` is no common word",
        "warning: lines.json: lines.emergency.note: `Utilise` is no common word",
    ]);
    // Only English is looked at: nobody counted the words of other languages.
    desk.write("cy.json", desk.read("hard.json").replace("\"en\"", "\"cy\""));
    let ran = desk.run("check cy.json").code(0);
    assert!(!ran.err.contains("common word"), "{ran:?}");
}
