use std::collections::HashMap;

use crate::common::{
    desk::{DRAFT, Desk, line},
    people::{
        DECLINES, DOES_NOT_KNOW, FINISHES, GOES_ON, Person, SKIPS, code, codes, talkative, text,
    },
    read_csv,
};

/// A table as one map a row.
fn table(desk: &Desk, name: &str) -> Vec<HashMap<String, String>> {
    let (head, rows) = read_csv(&desk.path(&format!("csv/{name}.csv")));
    rows.into_iter().map(|row| head.iter().cloned().zip(row).collect()).collect()
}

/// Answers are sealed, opened and exported.
fn desk_with(people: &[Person]) -> Desk {
    let desk = Desk::new();
    store(&desk, people);
    desk.open().code(0);
    desk
}

fn store(desk: &Desk, people: &[Person]) {
    let definition = desk.definition();
    let said = people.iter().map(|person| person.answers(&definition));
    let lines = said.zip(1..).map(|(said, number)| line(&desk.seal(number, &said)));
    desk.store(&lines.collect::<Vec<_>>());
}

/// Cells of one column, row by row.
fn column(rows: &[HashMap<String, String>], name: &str) -> Vec<String> {
    rows.iter().map(|row| row.get(name).unwrap_or_else(|| panic!("no {name}")).clone()).collect()
}

fn everybody() -> Vec<Person> {
    vec![
        talkative(1, "More calls."),
        // In person, so one option of `flags` is not offered; declines, skips, stops at the gate.
        Person {
            lang: 1,
            ..Person::new(
                2,
                &[
                    ("overall", SKIPS),
                    ("channel", code(2)),
                    ("flags", codes(&[93])),
                    ("rate", Some(survey_core::Entry::Number(0))),
                    ("more", FINISHES),
                ],
            )
        },
        // No contact with the police.
        Person::new(
            3,
            &[
                ("overall", code(95)),
                ("flags", DECLINES),
                ("more", GOES_ON),
                ("month", DOES_NOT_KNOW),
                ("text", text("=HYPERLINK(\"https://x.example\")")),
            ],
        ),
        // Leaves on the third page.
        Person::new(4, &[("overall", code(1)), ("channel", DOES_NOT_KNOW), ("flags", None)]),
    ]
}

#[test]
fn coded_holds_numbers_and_says_why_there_is_none() {
    let desk = desk_with(&everybody());
    desk.export("").code(0).out_has(&["4 responses", "2 texts"]);
    let rows = table(&desk, "coded");
    for (name, expected) in [
        ("response", ["1", "2", "3", "4"]),
        ("day", ["2025-11-23"; 4]),
        ("survey_version", ["1.2.0"; 4]),
        ("lang", ["en", "pl", "en", "en"]),
        ("context_site", ["met", "", "", ""]),
        ("disposition", ["1", "1", "3", "3"]),
        ("overall", ["2", "99", "95", "1"]),
        ("channel", ["1", "2", "-1", "97"]),
        ("flags_1", ["1", "0", "98", "-2"]),
        ("flags_2", ["1", "-1", "98", "-2"]), // offered to those who telephoned
        ("flags_93", ["0", "1", "98", "-2"]),
        ("rate", ["10", "0", "99", "-2"]),
        ("more", ["1", "2", "1", "-2"]),
        ("month", ["202503", "-1", "97", "-2"]),
        ("area", ["2", "-1", "-1", "-2"]), // the fourth left before it was decided
        ("text", ["1", "-1", "1", "-2"]),
    ] {
        assert_eq!(column(&rows, name), expected, "{name}");
    }
    assert_eq!(rows[0].len(), 16, "no other column: {:?}", rows[0].keys());
    for cell in rows.iter().flat_map(HashMap::iter).filter(|(name, _)| {
        !["day", "survey_version", "lang", "context_site"].contains(&name.as_str())
    }) {
        assert!(cell.1.parse::<i32>().is_ok(), "{cell:?} is a number");
    }
}

#[test]
fn labelled_holds_words_that_no_spreadsheet_runs() {
    let desk = desk_with(&everybody());
    desk.export("").code(0);
    let rows = table(&desk, "labelled");
    for (name, expected) in [
        ("disposition", ["complete", "complete", "break_off", "break_off"]),
        ("overall", ["So, \"so\"", "skipped", "No contact", "Yes"]),
        ("channel", ["'-by telephone", "In person", "not_asked", "dont_know"]),
        ("flags", ["This; That", "None of these", "declined", "not_reached"]),
        ("flags_1", ["1", "0", "declined", "not_reached"]),
        ("flags_2", ["1", "not_asked", "declined", "not_reached"]),
        ("rate", ["10", "0", "skipped", "not_reached"]),
        ("more", ["Go on", "Finish now", "Go on", "not_reached"]),
        ("month", ["2025-03", "not_asked", "dont_know", "not_reached"]),
        ("area", ["South", "not_asked", "not_asked", "not_reached"]),
        ("text", ["given", "not_asked", "given", "not_reached"]),
    ] {
        assert_eq!(column(&rows, name), expected, "{name}");
    }
    for row in &rows {
        for cell in row.values() {
            assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{cell}");
        }
    }
}

#[test]
fn files_have_the_form_that_programs_and_spreadsheets_expect() {
    let desk = desk_with(&everybody());
    desk.export("--link-free-text").code(0);
    for name in ["coded", "labelled", "codebook", "free-text"] {
        let text = desk.read(&format!("csv/{name}.csv"));
        assert_eq!(text.starts_with('\u{feff}'), name == "labelled", "{name}");
        assert_eq!(text.matches('\n').count(), text.matches("\r\n").count(), "{name}");
        assert!(text.ends_with("\r\n"), "{name}");
    }
}

#[test]
fn texts_stand_apart_unless_they_are_asked_for() {
    let many: Vec<Person> = (1..=40).map(|rid| talkative(rid, &format!("Text {rid:02}"))).collect();
    let desk = desk_with(&many);
    desk.export("").code(0).out_has(&["40 texts"]);
    for name in ["coded", "labelled", "codebook"] {
        assert!(!desk.read(&format!("csv/{name}.csv")).contains("Text 0"), "{name}");
    }
    let texts = column(&table(&desk, "free-text"), "text");
    assert_eq!(texts.len(), 40);
    // Rows are in the order of `rid`, and so of these texts; the file is in another.
    assert!(!texts.is_sorted());
    let mut sorted = texts.clone();
    sorted.sort();
    assert_eq!(sorted[0], "Text 01");
    let before = desk.read("csv/free-text.csv");
    desk.export("").code(0);
    assert_eq!(desk.read("csv/free-text.csv"), before);

    desk.export("--link-free-text").code(0);
    for name in ["coded", "labelled"] {
        assert_eq!(column(&table(&desk, name), "text_text"), sorted, "{name}");
    }
}

#[test]
fn a_text_that_looks_like_a_formula_is_only_text() {
    let formulas = ["=1+1", "+44 20", "-", "@SUM(A1)", "＝1", "'quoted'", "a\n=1"];
    let people: Vec<Person> =
        formulas.iter().zip(1..).map(|(formula, rid)| talkative(rid, formula)).collect();
    let desk = desk_with(&people);
    desk.export("--link-free-text").code(0);
    let guarded = ["'=1+1", "'+44 20", "'-", "'@SUM(A1)", "'＝1", "'quoted'", "a\n=1"];
    assert_eq!(column(&table(&desk, "labelled"), "text_text"), guarded);
    assert_eq!(column(&table(&desk, "coded"), "text_text"), guarded);
    let mut apart = column(&table(&desk, "free-text"), "text");
    apart.sort();
    let mut expected = guarded.map(str::to_owned);
    expected.sort();
    assert_eq!(apart, expected);
}

#[test]
fn the_codebook_explains_every_column_and_every_code() {
    let desk = desk_with(&everybody());
    desk.export("--link-free-text").code(0);
    let book = table(&desk, "codebook");
    let explained = column(&book, "column");
    for name in ["coded", "labelled"] {
        for column in read_csv(&desk.path(&format!("csv/{name}.csv"))).0 {
            assert!(explained.contains(&column), "{column} of {name}");
        }
    }
    // Every code of a question in the coded table has its row.
    for row in table(&desk, "coded") {
        for (name, cell) in row {
            let of_column = |entry: &&HashMap<String, String>| entry["column"] == name;
            let codes: Vec<_> =
                book.iter().filter(of_column).map(|entry| entry["code"].clone()).collect();
            let open = ["", "month", "text_text"].contains(&name.as_str()) || codes == [""];
            assert!(open || codes.contains(&cell), "{name} = {cell}");
        }
    }
    let rows_of = |name: &str| -> Vec<&HashMap<String, String>> {
        book.iter().filter(|row| row["column"] == name).collect()
    };
    let channel = rows_of("channel");
    assert_eq!(channel[0]["text"], "How?");
    assert_eq!(channel[0]["type"], "single");
    assert_eq!(channel[0]["section"], "core");
    assert_eq!(channel[0]["ask_if"], "overall != 95");
    assert_eq!(channel[0]["label"], "-by telephone");
    assert_eq!(channel[0]["maps"], "group=A; way=remote");
    let codes: Vec<_> = channel.iter().map(|row| (&*row["code"], &*row["missing"])).collect();
    // "I would rather not say" is not offered there.
    assert_eq!(codes, [("1", "0"), ("2", "0"), ("97", "1"), ("99", "1"), ("-1", "1"), ("-2", "1")]);
    assert_eq!(rows_of("flags_2")[1]["offered_if"], "channel == 1");
    assert_eq!(rows_of("flags")[0]["files"], "labelled");
    assert_eq!(rows_of("flags_1")[0]["sensitivity"], "trauma");
    assert_eq!(rows_of("rate").len(), 11 + 3);
    assert_eq!(rows_of("rate")[10]["label"], "Fully");
    assert_eq!(rows_of("month")[0]["label"], "year and month, 201501 to 202612");
    assert_eq!(rows_of("disposition").len(), 3);
}

#[test]
fn the_model_survey_comes_through_to_the_last_column() {
    let desk = Desk::bare();
    desk.write("model.json", include_str!("../../../../surveys/victim-voice.json"));
    desk.publish("model.json", "").code(0);
    let hash = desk.hash("victim-voice");
    let definition = survey_core::Definition::parse(&desk.definition_bytes(hash)).unwrap();
    let people = [
        Person::new(
            1,
            &[
                ("overall", code(2)),
                ("channel", code(1)),
                ("contact", code(96)),
                ("actions", code(3)),
                ("followup", code(94)),
                ("treatment", SKIPS),
                ("crime", DECLINES),
                ("when", code(1)),
                ("more", GOES_ON),
                ("code", codes(&[1, 2])),
                ("equal", FINISHES),
            ],
        ),
        Person::new(
            2,
            &[
                ("overall", code(95)),
                ("whynot", codes(&[1, 7])),
                ("crime", code(11)),
                ("equal", FINISHES),
            ],
        ),
    ];
    let said = people.iter().map(|person| person.answers(&definition));
    let lines: Vec<_> = said
        .zip(1..)
        .map(|(said, n)| line(&desk.seal_for(n, &said, "victim-voice", hash, &desk.key)))
        .collect();
    desk.store(&lines);
    desk.open().code(0);
    desk.run("export csv opened --out csv").code(0).out_has(&["2 responses"]);
    let rows = table(&desk, "coded");
    for (name, expected) in [
        ("disposition", ["1", "1"]), // 6 of 8, and 2 of the 2 that were asked
        ("overall", ["2", "95"]),
        ("crime", ["98", "11"]),
        ("treatment", ["99", "-1"]),
        ("whynot_7", ["-1", "1"]),
        ("code_1", ["1", "-1"]),
        ("code_7", ["-1", "-1"]), // "too early to say": not offered, and so no "no"
        ("age", ["-1", "-1"]),
    ] {
        assert_eq!(column(&rows, name), expected, "{name}");
    }
}

#[test]
fn responses_of_another_version_are_exported_where_they_fit_and_counted_where_not() {
    let desk = desk_with(&everybody()[..2]);
    let first = desk.hash("probe");
    let said = talkative(7, "later").answers(&desk.definition());
    let old = desk.seal(90, &said);

    // One option and one question more: the old responses fit, and nobody was asked those.
    let newer = DRAFT
        .replace("1.2.0", "1.3.0")
        .replace(
            r#"{ "code": 1, "label": "This" },"#,
            r#"{ "code": 1, "label": "This" }, { "code": 3, "label": "New" },"#,
        )
        .replace(
            r#""type": "statement", "key": "word""#,
            r#""type": "rating", "key": "extra", "text": "More?", "min": 0, "max": 5,
               "min_label": "l", "max_label": "h" },
               { "type": "statement", "key": "word""#,
        );
    desk.write("newer.json", &newer);
    desk.publish("newer.json", "").code(0);
    let new = desk.seal(91, &talkative(8, "new").answers(&desk.definition()));
    // A question gone, under a new major version.
    let major = DRAFT.replace("1.2.0", "2.0.0").replace("\"key\": \"area\"", "\"key\": \"place\"");
    desk.write("major.json", major);
    let newer_hash = desk.hash("probe");
    desk.publish("major.json", "").code(0);
    let apart = desk.seal(92, &talkative(9, "apart").answers(&desk.definition()));
    desk.store(&[line(&old), line(&new), line(&apart)]);
    desk.open().code(0);

    let export =
        |hash| desk.run(&format!("export csv opened --definition site/d/{hash}.json --out csv"));
    export(newer_hash)
        .code(3)
        .out_has(&["2 responses in", "left out: 1 responses of version 2.0.0"]);
    let rows = table(&desk, "coded");
    assert_eq!(column(&rows, "survey_version"), ["1.2.0", "1.3.0"]);
    assert_eq!(column(&rows, "extra"), ["-1", "99"]);
    assert_eq!(column(&rows, "flags_3"), ["-1", "0"]);
    assert_eq!(column(&rows, "flags_1"), ["1", "1"]);
    // The columns of the older version: what the newer one has more does not matter here.
    export(first).code(3).out_has(&["left out: 1 responses of version 1.3.0 that do not fit"]);
    // None given: the highest version.
    desk.run("export csv opened --out csv").code(3).out_has(&["1 responses in csv/coded.csv"]);
    std::fs::remove_file(desk.path(&format!("opened/definitions/{first}.json"))).unwrap();
    export(newer_hash).code(3).out_has(&[&format!("of the definition {first}, which is not in")]);
}

#[test]
fn which_survey_has_to_be_clear() {
    let desk = desk_with(&everybody()[..1]);
    desk.write("other.json", DRAFT.replace("\"id\": \"probe\"", "\"id\": \"other\""));
    desk.publish("other.json", "").code(0);
    desk.open().code(0);
    desk.run("export csv opened --out csv").code(1).err_has(&["--survey other or probe"]);
    desk.run("export csv opened --survey probe --out csv").code(0).out_has(&["1 responses"]);
    desk.run("export csv opened --survey other --out csv")
        .code(3)
        .out_has(&["0 responses", "left out: 1 responses of the survey probe"]);
    desk.write("changed.json", DRAFT.replace("Satisfied?", "Happy?"));
    desk.publish("changed.json", "").code(0);
    desk.run("export csv opened --definition site/d --survey probe --out csv")
        .code(1)
        .err_has(&["two definitions of version 1.2.0 that differ"]);
    desk.run("export csv absent --definition probe.json --out csv")
        .code(1)
        .err_has(&["the folder that `open --out` filled"])
        .err_has(&["a draft"]);
    let mut lines = desk.read("opened/responses.jsonl");
    lines.push_str("{\"day\":\"2025-11-23\"}\n");
    desk.write("opened/responses.jsonl", lines);
    desk.export("").code(3).out_has(&["did not write"]);
}
