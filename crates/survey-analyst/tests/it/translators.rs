//! Texts go to translators and come back.

use crate::{
    common::desk::Desk,
    texts::{HELPLINES, TEXTS, end, file},
};

#[test]
fn what_is_missing_is_listed_and_told_by_the_exit_code() {
    let desk = Desk::bare();
    desk.write("lines.json", HELPLINES);
    let mut texts = TEXTS;
    texts[3].1 = "Was sent";
    desk.write("probe.cy.json", file("cy", true, &texts));
    desk.run("texts missing probe.json lines.json").code(3).out_has(&[
        "cy  probe.json: 3 of 32 texts, reviewed\n",
        "  stale    end.heading\n           now: Sent\n           was: Was sent\n",
        "  missing  title\n           Your views\n",
        "cy  lines.json: 0 of 3 texts, no file\n",
        "pl  probe.json: 1 of 32 texts\n",
    ]);
    let only = desk.run("texts missing probe.json --language pl").code(3);
    assert!(!only.out.contains("cy  "), "{only:?}");
    // A whole translation leaves nothing to say.
    let lines = [
        ("lines.emergency.name", "Danger now", "Perygl nawr"),
        ("lines.emergency.note", "Call 999.", "Ffoniwch 999."),
        ("lines.later.name", "Later", "Wedyn"),
    ];
    desk.write("lines.cy.json", file("cy", false, &lines));
    desk.run("texts missing lines.json")
        .code(0)
        .out_has(&["cy  lines.json: 3 of 3 texts, not reviewed\n", "nothing is missing"]);

    desk.run("texts missing probe.cy.json").code(1).err_has(&["is a translation"]);
    desk.run("texts missing analyst.pub.json").code(1).err_has(&["is no survey"]);
    desk.run("texts missing probe.json --language english").code(2).err_has(&["no language tag"]);
    desk.run("texts missing probe.json probe.json").code(2).err_has(&["are both `survey.probe`"]);
}

/// What a translator does with an exported file: a translation for each text, in a state.
fn translate(xliff: &str, state: &str, say: impl Fn(&str) -> String) -> String {
    let mut out = String::new();
    for line in xliff.lines() {
        let source = line.trim().strip_prefix("<source>");
        let source = source.and_then(|rest| rest.strip_suffix("</source>"));
        if line.trim().starts_with("<target>") {
            continue;
        }
        out.push_str(&line.replace("state=\"initial\"", &format!("state=\"{state}\"")));
        out.push('\n');
        if let Some(source) = source {
            out.push_str(&format!("        <target>{}</target>\n", say(source)));
        }
    }
    out
}

#[test]
fn texts_go_to_a_translator_and_come_back() {
    let desk = Desk::bare();
    desk.write("lines.json", HELPLINES);
    desk.run("texts export probe.json lines.json --language ur --out ur.xlf")
        .code(0)
        .out_has(&["ur.xlf: 35 texts in ur, 35 of them to translate"]);
    let exported = desk.read("ur.xlf");
    for part in [
        "<xliff xmlns=\"urn:oasis:names:tc:xliff:document:2.0\" version=\"2.1\" srcLang=\"en\" trgLang=\"ur\">",
        "<file id=\"survey.probe\" original=\"probe.json\">",
        "<file id=\"lines.lines\" original=\"lines.json\">",
        "<unit id=\"pages.overall.options.2.label\" canResegment=\"no\">",
        "<note>An answer to: Satisfied?</note>",
        "<note>A point of a scale:",
        "<note>Keep as it is, in these characters: 999</note>",
        "<source>So, &quot;so&quot;</source>",
        "They may be frightened",
    ] {
        assert!(exported.contains(part), "no {part} in {exported}");
    }
    desk.write("ur.xlf", translate(&exported, "translated", |source| format!("آپ {source}")));
    desk.run("texts import ur.xlf probe.json lines.json").code(0).out_has(&[
        "probe.ur.json: 32 texts taken over, 32 of 32 translated, not reviewed",
        "lines.ur.json: 3 texts taken over, 3 of 3 translated, not reviewed",
    ]);
    desk.run("texts missing probe.json lines.json --language ur").code(0);
    desk.publish("probe.json", "--languages ur --support-lines lines.json")
        .code(0)
        .out_has(&["ur: 32 of 32 texts, not reviewed"]);
    assert_eq!(end(&desk.definition(), "ur"), ("آپ Sent", false));
    let text = String::from_utf8(desk.definition_bytes(desk.hash("probe"))).unwrap();
    assert!(text.contains(r#""ur":"آپ So, \"so\"""#), "{text}");

    // Out and back again changes no byte.
    let before = [desk.read("probe.ur.json"), desk.read("lines.ur.json")];
    desk.run("texts export probe.json lines.json --language ur --out again.xlf")
        .code(0)
        .out_has(&["35 texts in ur, 0 of them to translate"]);
    desk.run("texts import again.xlf probe.json lines.json")
        .code(0)
        .out_has(&["probe.ur.json: 0 texts taken over"]);
    assert_eq!([desk.read("probe.ur.json"), desk.read("lines.ur.json")], before);
}

#[test]
fn reviewed_is_said_by_somebody_or_not_at_all() {
    let desk = Desk::bare();
    desk.run("texts export probe.json --language so --out so.xlf").code(0);
    let exported = desk.read("so.xlf");
    let say = |source: &str| format!("so {source}");
    // One unit is only translated: nobody can call the whole reviewed.
    let nearly = translate(&exported, "final", say).replacen("\"final\"", "\"translated\"", 1);
    desk.write("so.xlf", nearly);
    desk.run("texts import so.xlf probe.json --reviewed-by interpreter").code(1).err_has(&[
        "so.xlf: 1 fault",
        "1 texts are not in the state `reviewed` or `final`, `title`",
    ]);
    assert!(!desk.path("probe.so.json").exists());
    desk.write("so.xlf", translate(&exported, "reviewed", say));
    desk.run("texts import so.xlf probe.json").code(0).out_has(&["not reviewed"]);
    desk.run("texts import so.xlf probe.json --reviewed-by interpreter")
        .code(0)
        .out_has(&["32 of 32 translated, reviewed"]);
    let file = desk.read("probe.so.json");
    assert!(file.contains("\"reviewed\": true,\n  \"reviewed_by\": \"interpreter\","), "{file}");
    desk.publish("probe.json", "--reviewed-only")
        .code(0)
        .out_has(&["so: 32 of 32 texts, reviewed"]);
    // It goes out as reviewed, and what changes afterwards is not.
    desk.run("texts export probe.json --language so --out so.xlf").code(0);
    let again = desk.read("so.xlf");
    assert_eq!(again.matches("state=\"reviewed\"").count(), 32);
    desk.write("so.xlf", again.replace("<target>so Sent</target>", "<target>La diray</target>"));
    desk.run("texts import so.xlf probe.json")
        .code(0)
        .out_has(&["1 texts taken over", "not reviewed"])
        .err_has(&["probe.so.json was reviewed and is not any more"]);
    assert!(desk.read("probe.so.json").contains("\"reviewed\": false,\n  \"texts\""));
}

#[test]
fn what_a_translator_sends_is_checked_before_anything_is_written() {
    let desk = Desk::bare();
    desk.write("lines.json", HELPLINES);
    desk.run("texts export probe.json lines.json --language cy --out out.xlf").code(0);
    let good = translate(&desk.read("out.xlf"), "translated", |source| format!("cy {source}"));
    for (from, to, parts) in [
        (
            "<target>cy Call 999.</target>",
            "<target>cy</target>",
            &["lines.emergency.note: the number 999 of the source is missing"][..],
        ),
        (
            "<target>cy Sent</target>",
            "<target>cy <ph id=\"1\"/></target>",
            &["end.heading: <ph> in <target>; texts have no markup"],
        ),
        (
            "survey.probe",
            "survey.other",
            &["<file id=\"survey.other\">: it is none of survey.probe, lines.lines"],
        ),
        ("lines.lines", "survey.probe", &["<file id=\"survey.probe\"> is there twice"]),
        ("srcLang=\"en\"", "srcLang=\"fr\"", &["srcLang fr: probe.json is written in en"]),
        ("trgLang=\"cy\"", "trgLang=\"welsh\"", &["trgLang welsh: no language tag"]),
        (
            "unit id=\"end.heading\"",
            "unit id=\"title\"",
            &["title: there are two units with this id"],
        ),
        ("</xliff>", "", &["it ends inside of <xliff>"]),
        ("document:2.0", "document:1.2", &["XLIFF 1; save it as XLIFF 2"]),
    ] {
        assert!(good.contains(from), "{from}");
        desk.write("in.xlf", good.replace(from, to));
        let parts: Vec<&str> = ["in.xlf: "].iter().chain(parts).copied().collect();
        desk.run("texts import in.xlf probe.json lines.json").code(1).err_has(&parts);
        assert!(!desk.path("probe.cy.json").exists() && !desk.path("lines.cy.json").exists());
    }
    desk.write("in.xlf", good);
    desk.run("texts import in.xlf probe.json").code(1).err_has(&["lines.lines", "lines.json"]);
    desk.run("texts import none.xlf probe.json").code(1).err_has(&["none.xlf: cannot read"]);
}

#[test]
fn a_text_that_was_changed_since_the_export_is_put_aside() {
    let desk = Desk::bare();
    desk.run("texts export probe.json --language cy --out cy.xlf").code(0);
    let sent = translate(&desk.read("cy.xlf"), "translated", |source| format!("cy {source}"));
    desk.write("cy.xlf", sent.replace("pages.word.body.0", "pages.word.body.7"));
    desk.write("probe.json", desk.read("probe.json").replace("\"Sent\"", "\"Was sent\""));
    desk.run("texts import cy.xlf probe.json")
        .code(3)
        .out_has(&["probe.cy.json: 30 texts taken over, 30 of 32 translated"])
        .err_has(&[
            "end.heading: the source was changed since it was exported",
            "pages.word.body.7: no such text in probe.json",
        ]);
    desk.run("texts missing probe.json --language cy").code(3).out_has(&["missing  end.heading"]);
    // The next export says what it was.
    desk.write("probe.json", desk.read("probe.json").replace("\"Satisfied?\"", "\"Happy?\""));
    desk.run("texts export probe.json --language cy --out cy.xlf").code(0);
    let note = "<note>The source was changed. Before: Satisfied? Its translation was: cy Satisfied?</note>";
    assert!(desk.read("cy.xlf").contains(note));
}

#[test]
fn translations_of_texts_that_are_gone_can_be_taken_out() {
    let desk = Desk::bare();
    let texts: Vec<_> = TEXTS.into_iter().chain([("pages.gone.text", "Gone?", "?")]).collect();
    desk.write("probe.cy.json", file("cy", false, &texts));
    desk.run("check probe.json").code(1);
    desk.run("texts prune probe.json").code(0).out_has(&["probe.cy.json: 1 taken out"]);
    desk.run("check probe.json").code(0).out_has(&["cy: 4 of 32 texts"]);
    desk.run("texts prune probe.json").code(0).out_has(&["probe.cy.json: 0 taken out"]);
}

const WIDGET: &str = r#"{"format":1,"language":"en","name":"English","reviewed":true,"sentences":{
    "leave":"Leave this page",
    "progress":"{section}: {at} of {of}",
    "left":{"one":"{count} character","other":"{count} characters"}}}"#;

#[test]
fn the_widgets_own_sentences_go_out_in_the_forms_of_the_language() {
    let desk = Desk::bare();
    desk.write("locales/en.json", WIDGET);
    desk.run("texts export locales/en.json --language pl --out pl.xlf")
        .code(0)
        .out_has(&["6 texts in pl, 6 of them to translate"]);
    let exported = desk.read("pl.xlf");
    for part in [
        "<file id=\"widget\" original=\"en.json\">",
        "<unit id=\"name\"",
        "<unit id=\"sentences.left.few\" canResegment=\"no\">",
        "Plural form `few`, as with the number 2. The forms of your language: one, few, many.",
        "<note>In English this form is: {count} character</note>",
        "leave {count} out",
        "<note>Keep as it is, in these characters: {at}, {of}, {section}</note>",
    ] {
        assert!(exported.contains(part), "no {part} in {exported}");
    }
    let polish = |source: &str| match source {
        "{count} characters" => "{count} znaków".to_owned(),
        "{section}: {at} of {of}" => "{section}: {at} z {of}".to_owned(),
        "English" => "Polski".to_owned(),
        _ => "Opuść".to_owned(),
    };
    let good = translate(&exported, "final", polish);
    desk.write("pl.xlf", &good);
    desk.run("texts import pl.xlf locales/en.json --reviewed-by interpreter")
        .code(0)
        .out_has(&["locales/pl.json: 6 texts taken over, 6 of 6 translated, reviewed"]);
    let written = desk.read("locales/pl.json");
    for part in [
        " \"name\": \"Polski\",\n \"reviewed\": true,\n \"reviewed_by\": \"interpreter\",\n",
        "  \"leave\": { \"source\": \"Leave this page\", \"text\": \"Opuść\" },\n",
        "    \"few\": \"{count} znaków\",\n",
    ] {
        assert!(written.contains(part), "no {part} in {written}");
    }
    desk.run("texts missing locales/en.json")
        .code(0)
        .out_has(&["pl  locales/en.json: 6 of 6 texts, reviewed"]);
    desk.run("texts export locales/en.json --language pl --out again.xlf").code(0);
    desk.run("texts import again.xlf locales/en.json").code(0).out_has(&["0 texts taken over"]);
    assert_eq!(desk.read("locales/pl.json"), written);

    // English changes: what was made from it is stale, the rest stays.
    desk.write("locales/en.json", WIDGET.replace("{count} characters", "{count} letters"));
    desk.run("texts missing locales/en.json")
        .code(3)
        .out_has(&["pl  locales/en.json: 3 of 6 texts", "stale    sentences.left.many"]);
    // A sentence goes: the file does not fit any more until it is taken out.
    desk.write("locales/en.json", WIDGET.replace("\"leave\":\"Leave this page\",", ""));
    desk.run("texts missing locales/en.json").code(1).err_has(&["pl.json", "sentence `leave`"]);
    desk.run("texts prune locales/en.json").code(0).out_has(&["pl.json: 1 taken out"]);
    desk.run("texts missing locales/en.json").code(0);
}

#[test]
fn half_a_sentence_of_the_widget_is_not_taken() {
    let desk = Desk::bare();
    desk.write("locales/en.json", WIDGET);
    desk.run("texts export locales/en.json --language so --out so.xlf").code(0);
    let so = |source: &str| match source {
        "{count} characters" => "{count} xaraf".to_owned(),
        "{section}: {at} of {of}" => "{section}: {at} / {of}".to_owned(),
        _ => "Soomaali".to_owned(),
    };
    let good = translate(&desk.read("so.xlf"), "translated", so);
    let first = good.replacen("<target>{count} xaraf</target>", "", 1);
    desk.write("so.xlf", &first);
    desk.run("texts import so.xlf locales/en.json")
        .code(3)
        .out_has(&["locales/so.json: 3 texts taken over, 3 of 5 translated"])
        .err_has(&["sentences.left: one of its plural forms is not translated"]);
    desk.write("so.xlf", good.replace("{section}: {at} / {of}", "{section}: {at}"));
    desk.run("texts import so.xlf locales/en.json").code(1).err_has(&[
        "so.json: 1 fault",
        "sentence `progress`",
        "{of}",
    ]);
    desk.write("so.xlf", good.replace("<target>Soomaali</target>", ""));
    std::fs::remove_file(desk.path("locales/so.json")).unwrap();
    desk.run("texts import so.xlf locales/en.json")
        .code(1)
        .err_has(&["name: the language's own name is missing"]);
}
