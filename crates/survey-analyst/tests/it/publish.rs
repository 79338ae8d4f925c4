use std::{fs, io::Read};

use survey_core::Definition;
use survey_seal::SecretKey;
use survey_wire::DefinitionHash;

use crate::common::desk::{DRAFT, Desk, files};

#[test]
fn publishing_writes_a_site_that_a_collector_takes() {
    let desk = Desk::bare();
    let ran = desk.publish("probe.json", "").code(0).out_has(&[
        "published      probe 1.2.0",
        "its own page   http://127.0.0.1:8080/s/",
        "size class     4096 bytes",
        "cargo xtask pages --site site",
        "<script src=\"http://127.0.0.1:8080/embed.js\" data-survey=\"probe\" async></script>",
    ]);
    let manifest = desk.manifest();
    let survey = &manifest.surveys[0];
    assert_eq!(manifest.surveys.len(), 1);
    assert_eq!(survey.submit[0].as_str(), "http://127.0.0.1:8080");
    let hash = survey.definitions[0];
    assert!(ran.out.contains(&format!("d/{hash}.json")));

    let bytes = desk.definition_bytes(hash);
    assert_eq!(DefinitionHash::of(&bytes), hash);
    let definition = Definition::parse(&bytes).unwrap();
    assert_eq!(definition.recipients()[0].kid(), desk.key.kid().to_bytes());
    assert_eq!(definition.submit().collect::<Vec<_>>(), ["http://127.0.0.1:8080/ssp"]);

    // The pages are somebody else's to write.
    assert_eq!(files(&desk.path("site")), ["d", "surveys.json"]);
}

#[test]
fn compressed_files_hold_the_same() {
    let desk = Desk::new();
    let hash = desk.hash("probe");
    let name = format!("site/d/{hash}.json");
    let plain = fs::read(desk.path(&name)).unwrap();
    let mut unpacked = Vec::new();
    let br = fs::read(desk.path(&format!("{name}.br"))).unwrap();
    brotli::Decompressor::new(&br[..], 4096).read_to_end(&mut unpacked).unwrap();
    assert_eq!(unpacked, plain, "{name}.br");
    unpacked.clear();
    let gz = fs::read(desk.path(&format!("{name}.gz"))).unwrap();
    flate2::read::GzDecoder::new(&gz[..]).read_to_end(&mut unpacked).unwrap();
    assert_eq!(unpacked, plain, "{name}.gz");
    #[cfg(unix)]
    assert_eq!(crate::common::mode(&desk.path(&format!("{name}.br"))), 0o644);
}

#[test]
fn the_same_draft_gives_the_same_bytes_however_it_is_spaced() {
    let desk = Desk::new();
    let before: Vec<_> = [files(&desk.path("site/d")), files(&desk.path("site"))].concat();
    let first = desk.read("site/surveys.json");
    let spaced = DRAFT.replace("\": ", "\"\t:\r\n   ").replace("}", " }\n");
    desk.write("spaced.json", spaced);
    desk.publish("spaced.json", "").code(0);
    assert_eq!(desk.read("site/surveys.json"), first);
    assert_eq!([files(&desk.path("site/d")), files(&desk.path("site"))].concat(), before);
    // Members keep the draft's order; `$schema` names a file that is not on the site.
    let text = String::from_utf8(desk.definition_bytes(desk.hash("probe"))).unwrap();
    assert!(
        text.starts_with(r#"{"format":1,"id":"probe","version":"1.2.0","languages":["en","pl"],"#)
    );
}

#[test]
fn earlier_definitions_stay_unless_they_are_retired() {
    let desk = Desk::new();
    let first = desk.hash("probe");
    desk.write("probe2.json", DRAFT.replace("1.2.0", "1.2.1").replace("Satisfied?", "Happy?"));
    desk.publish("probe2.json", "").code(0).out_has(&["also taken     1 earlier"]);
    let second = desk.hash("probe");
    assert_ne!(first, second);
    assert_eq!(desk.manifest().surveys[0].definitions, [second, first]);

    desk.publish("probe.json", "").code(0);
    assert_eq!(desk.manifest().surveys[0].definitions, [first, second]);
    desk.publish("probe2.json", "--retire-previous --closes 2026-12-31")
        .code(0)
        .out_has(&["retired        1 earlier, once the pages are written"]);
    let survey = desk.manifest().surveys.remove(0);
    assert_eq!(survey.closes.unwrap().to_string(), "2026-12-31");
    // Taken all the same: the pages ask for it until they are written anew.
    assert_eq!(survey.definitions, [second, first]);
    assert_eq!(survey.retiring, [first]);
    // Said once is enough, and what is published again does not end.
    desk.publish("probe2.json", "").code(0).out_has(&["retired        1 earlier"]);
    assert_eq!(desk.manifest().surveys[0].retiring, [first]);
    desk.publish("probe.json", "").code(0).out_has(&["also taken     1 earlier"]);
    assert_eq!(desk.manifest().surveys[0].retiring, []);
    // Its bytes stay: envelopes of before are opened with them.
    assert!(desk.path(&format!("site/d/{first}.json")).exists());
}

#[test]
fn pages_of_before_may_still_send_to_their_own_address() {
    let desk = Desk::new();
    let submit = || {
        let survey = desk.manifest().surveys.remove(0);
        survey.submit.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(submit(), ["http://127.0.0.1:8080"]);
    let elsewhere = "publish probe.json --recipient analyst.pub.json --site site \
                     --submit https://forms.example/ssp";
    for _ in ["first", "again"] {
        desk.run(elsewhere).code(0);
        assert_eq!(submit(), ["https://forms.example", "http://127.0.0.1:8080"]);
    }
}

#[test]
fn a_list_that_was_compressed_is_not_left_behind() {
    let desk = Desk::new();
    desk.write("site/surveys.json.br", "of before");
    desk.write("site/surveys.json.gz", "of before");
    desk.publish("probe.json", "").code(0);
    assert_eq!(files(&desk.path("site")), ["d", "surveys.json"]);
}

#[test]
fn a_second_survey_stands_behind_the_first_one() {
    let desk = Desk::new();
    desk.write("other.json", DRAFT.replace("\"id\": \"probe\"", "\"id\": \"other\""));
    desk.publish("other.json", "--public-url https://forms.example/")
        .code(0)
        .out_has(&["https://forms.example/s/", "https://forms.example/embed.js"]);
    let manifest = desk.manifest();
    let ids: Vec<_> = manifest.surveys.iter().map(|survey| survey.id.as_str()).collect();
    assert_eq!(ids, ["probe", "other"]);
}

#[test]
fn only_verified_support_lines_are_published() {
    let desk = Desk::bare();
    desk.write("helplines.json", include_str!("../../../../surveys/helplines.json"));
    desk.publish("probe.json", "").code(0).err_has(&["a page shows support lines"]);
    let ran = desk.publish("probe.json", "--support-lines helplines.json").code(0);
    let warnings: Vec<&str> = ran.err.lines().collect();
    let [missing, lines] = warnings[..] else { panic!("{ran:?}") };
    assert!(missing.starts_with("warning: pl: 1 of 32 texts"), "{ran:?}");
    assert!(lines.starts_with("warning: no support lines in pl:"), "{ran:?}");
    let text = String::from_utf8(desk.definition_bytes(desk.hash("probe"))).unwrap();
    assert!(text.contains("08 08 16 89 111") && !text.contains("\"verified\":false"));
    assert!(!desk.definition().support_lines().is_empty());
}

#[test]
fn the_model_survey_can_be_published() {
    let desk = Desk::bare();
    desk.write("model.json", include_str!("../../../../surveys/victim-voice.json"));
    desk.write("helplines.json", include_str!("../../../../surveys/helplines.json"));
    desk.run("check model.json").code(0).out_has(&["no faults", "victim-voice 1.0.0", "a draft"]);
    desk.publish("model.json", "--support-lines helplines.json")
        .code(0)
        .out_has(&["its own page   http://127.0.0.1:8080/s/48b33f92/", "size class     4096 bytes"])
        .err_has(&["no `owner`"]);
}

/// Nothing is published; the code and the message say why.
#[track_caller]
fn refused(desk: &Desk, line: &str, code: i32, parts: &[&str]) {
    let before = files(&desk.path("site"));
    desk.run(line).code(code).err_has(parts);
    assert_eq!(files(&desk.path("site")), before, "{line}");
}

#[test]
fn what_is_not_right_is_refused_before_anything_is_written() {
    let desk = Desk::bare();
    let good = "publish probe.json --recipient analyst.pub.json --submit https://forms.example/ssp \
                --site site";
    let with = |from: &str, to: &str| good.replacen(from, to, 1);
    desk.write("faulty.json", DRAFT.replace("overall != 95", "overal != 95"));
    refused(
        &desk,
        &with("probe.json", "faulty.json"),
        1,
        &["faulty.json: 1 fault", "pages[1].ask_if", "did you mean `overall`?"],
    );
    desk.run("check faulty.json").code(1).err_has(&["pages[1].ask_if", "`overall`"]);

    let public = desk.read("analyst.pub.json");
    let kid = desk.key.kid().to_string();
    desk.write("forged.json", public.replace(&kid, "0123456789abcdef"));
    refused(&desk, &with("analyst.pub.json", "forged.json"), 1, &["forged.json", &kid]);
    refused(&desk, &with("analyst.pub.json", "analyst.key"), 1, &["must not be published"]);
    refused(&desk, &with("analyst.pub.json", "probe.json"), 1, &["not a public key file"]);
    let twice = "analyst.pub.json --recipient analyst.pub.json";
    refused(&desk, &with("analyst.pub.json", twice), 1, &["given twice"]);
    desk.write("old.json", public.replace("\"kid\"", "\"not_after\":\"2020-01-31\",\"kid\""));
    refused(&desk, &with("analyst.pub.json", "old.json"), 1, &["until 2020-01-31", "keys new"]);

    refused(&desk, &with("https://forms.example/ssp", "http://forms.example/ssp"), 2, &["https"]);
    refused(&desk, &with("https://forms.example/ssp", "forms.example"), 2, &["https://forms"]);
    refused(&desk, &with("forms.example/ssp", "forms.example/ssp/"), 1, &["without a slash"]);
    refused(&desk, "publish probe.json --site site --recipient analyst.pub.json", 2, &["--submit"]);

    let published = Desk::new();
    desk.write("published.json", published.definition_bytes(published.hash("probe")));
    refused(&desk, &with("probe.json", "published.json"), 1, &["has `recipients`"]);

    desk.run(&with("--site site", "--site elsewhere"))
        .code(1)
        .err_has(&["elsewhere: is no folder", "cargo xtask publish"]);
}

#[test]
fn what_the_list_says_of_the_documents_is_kept() {
    let desk = Desk::bare();
    let inline = r#"{"script":["sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng="],"style":[]}"#;
    desk.write("site/surveys.json", format!(r#"{{"surveys":[],"inline":{inline}}}"#));
    let before = desk.manifest().inline;
    desk.publish("probe.json", "").code(0);
    assert_eq!(desk.manifest().inline, before);
    assert!(!before.is_empty());
}

#[test]
fn another_content_under_the_same_version_is_told() {
    let desk = Desk::new();
    desk.write("changed.json", DRAFT.replace("Satisfied?", "Happy?"));
    desk.publish("changed.json", "").code(0).err_has(&["1.2.0 was published before", "raise"]);
    // Other keys are no other content.
    let desk = Desk::new();
    desk.write_key("second", &SecretKey::from_seed(&[2; 32]));
    let ran = desk.publish("probe.json", "--recipient second.pub.json").code(0);
    assert!(!ran.err.contains("published before"), "{ran:?}");
    assert_eq!(desk.definition().recipients().len(), 2);
}
