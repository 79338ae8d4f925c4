use std::fs;

use survey_seal::SecretKey;
use survey_wire::{DefinitionHash, Envelope};

use crate::common::{
    desk::{DAY, DRAFT, Desk, files, line, line_of_day, seal},
    people::{Person, code, codes, talkative},
};

fn answers(desk: &Desk, rid: u8) -> Vec<u8> {
    talkative(rid, "More calls.").answers(&desk.definition())
}

#[test]
fn what_people_answered_comes_out_as_they_answered_it() {
    let desk = Desk::new();
    let definition = desk.definition();
    let people =
        [talkative(9, "More \"calls\".\nPlease."), Person::new(3, &[("overall", code(1))])];
    let said: Vec<_> = people.iter().map(|person| person.answers(&definition)).collect();
    desk.store(&[line(&desk.seal(1, &said[0])), line(&desk.seal(2, &said[1]))]);
    desk.open().code(0).out_has(&["2 + 0 + 0 + 0 = 2", "2  responses to probe 1.2.0"]);

    let opened = desk.lines("opened/responses.jsonl");
    assert_eq!(opened.len(), 2);
    // By response id, whatever the order of envelopes was.
    for (line, said) in opened.iter().zip([&said[1], &said[0]]) {
        assert_eq!(line["day"], DAY);
        assert_eq!(line["survey"], "probe");
        assert_eq!(line["def"], desk.hash("probe").to_string());
        assert_eq!(line["response"], serde_json::from_slice::<serde_json::Value>(said).unwrap());
        assert_eq!(line.as_object().unwrap().len(), 4, "nothing leads back to an envelope");
    }
    for name in ["quarantine.jsonl", "failed.jsonl", "superseded.jsonl"] {
        assert_eq!(desk.read(&format!("opened/{name}")), "", "{name}");
    }
    assert_eq!(desk.read("opened/reasons.csv"), "outcome,reason,about,count,what_to_do\r\n");
}

#[cfg(unix)]
#[test]
fn what_was_opened_is_for_its_owner_only() {
    let desk = Desk::new();
    desk.store(&[line(&desk.seal(1, &answers(&desk, 1)))]);
    assert_eq!(desk.open().code(0).err, "");
    desk.export("--link-free-text").code(0);
    for folder in ["opened", "csv"] {
        assert_eq!(crate::common::mode(&desk.path(folder)), 0o700, "{folder}");
        for name in files(&desk.path(folder)) {
            let path = desk.path(&format!("{folder}/{name}"));
            if path.is_file() {
                assert_eq!(crate::common::mode(&path), 0o600, "{}", path.display());
            }
        }
    }
    assert_eq!(files(&desk.path("opened")).len(), 7, "no temporary file stays");

    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(desk.path("opened"), fs::Permissions::from_mode(0o755)).unwrap();
    desk.open().code(0).err_has(&["chmod 700 opened"]);
}

#[test]
fn the_same_again_is_counted_once() {
    let desk = Desk::new();
    let one = desk.seal(1, &answers(&desk, 1));
    let two = desk.seal(2, &answers(&desk, 2));
    // Sealed again, as after publishing anew: another envelope of the same response.
    let again = desk.seal(3, &answers(&desk, 1));
    desk.store(&[line(&one), line(&one), line(&two), line(&again)]);
    desk.write("copy.ndjson", line(&two));
    desk.run("open --key analyst.key --definition site/d envelopes copy.ndjson --out opened")
        .code(0)
        .out_has(&["2 + 3 + 0 + 0 = 5"]);
    assert_eq!(desk.lines("opened/responses.jsonl").len(), 2);
}

#[test]
fn the_highest_revision_counts_and_earlier_saves_are_kept() {
    let desk = Desk::new();
    let definition = desk.definition();
    let save = |rev, overall| {
        let person = Person { rev, ..Person::new(1, &[("overall", code(overall))]) };
        person.answers(&definition)
    };
    let saves = [save(1, 2), save(2, 3), save(0, 1)];
    let lines = saves.iter().zip(1..).map(|(said, number)| line(&desk.seal(number, said)));
    desk.store(&lines.collect::<Vec<_>>());
    desk.open().code(0).out_has(&["1 + 2 + 0 + 0 = 3", "2 of them earlier saves"]);
    assert_eq!(desk.lines("opened/responses.jsonl")[0]["response"]["answers"]["overall"], 3);
    let superseded = desk.lines("opened/superseded.jsonl");
    assert_eq!(superseded.iter().map(|line| &line["response"]["rev"]).collect::<Vec<_>>(), [1, 0]);
    assert_eq!(desk.account("superseded"), 2);
}

#[test]
fn two_contents_under_one_response_id_are_both_kept() {
    let desk = Desk::new();
    let definition = desk.definition();
    let said = |overall| Person::new(1, &[("overall", code(overall))]).answers(&definition);
    let later = desk.seal(2, &said(2));
    let later = line_of_day("2025-11-24", &String::from_utf8(later.to_json()).unwrap());
    desk.store(&[later, line(&desk.seal(1, &said(1)))]);
    desk.open().code(3).out_has(&["1 + 0 + 1 + 0 = 2", "same-response-other-content"]);
    assert_eq!(desk.lines("opened/responses.jsonl")[0]["response"]["answers"]["overall"], 1);
    let other = &desk.lines("opened/quarantine.jsonl")[0];
    assert_eq!(other["day"], "2025-11-24");
    assert_eq!(other["plaintext"], String::from_utf8(said(2)).unwrap());
}

/// One envelope that does not make it, beside one that does.
#[track_caller]
fn fails(desk: &Desk, bad: String, reason: &str, message: &str) {
    desk.store(&[bad.clone(), line(&desk.seal(1, &answers(desk, 1)))]);
    desk.open().code(3).out_has(&["1 + 0 + 0 + 1 = 2", reason, message]);
    let failed = desk.lines("opened/failed.jsonl");
    assert_eq!(failed.len(), 1);
    assert_eq!(failed[0]["reason"], reason);
    assert_eq!(failed[0]["line"], bad.trim(), "the line is kept as it is");
    assert!(desk.read("opened/reasons.csv").contains(&format!("failed,{reason},")));
}

#[test]
fn what_cannot_be_opened_is_kept_with_its_reason() {
    let desk = Desk::new();
    let good = desk.seal(2, &answers(&desk, 2));
    let change = |change: &dyn Fn(&mut Envelope)| {
        let mut envelope = good.clone();
        change(&mut envelope);
        line(&envelope)
    };
    fails(&desk, "no JSON".to_owned(), "not-an-export-line", "fetch the day again");
    fails(&desk, "{\"day\":1}".to_owned(), "not-an-export-line", "fetch the day again");
    let text = line(&good);
    fails(&desk, text.replace("\\\"any\\\"", "\\\"all\\\""), "digest-mismatch", "changed after");
    let two = String::from_utf8(good.to_json()).unwrap().replace("\"ssp\":1", "\"ssp\":2");
    fails(&desk, line_of_day(DAY, &two), "not-an-envelope", "newer survey-analyst");

    let wrap = change(&|envelope| {
        let mut wraps = envelope.wraps.to_vec();
        wraps[0].w[1120] ^= 1;
        envelope.wraps = survey_wire::Wraps::new(wraps).unwrap();
    });
    fails(&desk, wrap, "tampered-wrap", "does not open");
    fails(&desk, change(&|envelope| envelope.kc[0] ^= 1), "tampered-commitment", "commitment");
    let body = change(&|envelope| {
        let mut body = envelope.ct.to_vec();
        body[9] ^= 1;
        envelope.ct = survey_wire::Ciphertext::new(body).unwrap();
    });
    fails(&desk, body, "tampered-body", "changed or cut");
    // Moved to another id, and to another survey.
    fails(&desk, change(&|envelope| envelope.id.0[0] ^= 1), "tampered-wrap", "id were changed");
    let moved = change(&|envelope| envelope.survey = "another".parse().unwrap());
    fails(&desk, moved, "tampered-wrap", "survey");

    let stranger = SecretKey::from_seed(&[7; 32]);
    let foreign = desk.seal_for(3, b"{}", "foreign", DefinitionHash([3; 32]), &stranger);
    fails(&desk, line(&foreign), "not-for-these-keys", "sealed for other keys");
    let unknown = DefinitionHash([3; 32]);
    let envelope = desk.seal_for(3, b"{}", "probe", unknown, &desk.key);
    let advice = format!("unknown definition {unknown}; fetch it from SITE/d/{unknown}.json");
    fails(&desk, line(&envelope), "unknown-definition", &advice);
}

#[test]
fn a_line_too_long_for_an_envelope_is_named_by_its_number() {
    let desk = Desk::new();
    desk.store(&[line(&desk.seal(1, &answers(&desk, 1))), "x".repeat(300_000)]);
    desk.open().code(3).out_has(&["1 + 0 + 0 + 1 = 2", "line-too-long"]);
    let failed = &desk.lines("opened/failed.jsonl")[0];
    assert_eq!(failed["number"], 2);
    assert_eq!(failed["file"], "envelopes/2025-11-23.ndjson");
}

/// One plaintext that is no response, beside one that is.
#[track_caller]
fn quarantines(desk: &Desk, plaintext: &[u8], reason: &str, about: &str) {
    desk.store(&[line(&desk.seal(1, &answers(desk, 1))), line(&desk.seal(2, plaintext))]);
    desk.open().code(3).out_has(&["1 + 0 + 1 + 0 = 2", reason]);
    let kept = &desk.lines("opened/quarantine.jsonl")[0];
    assert_eq!(kept["reason"], reason);
    match str::from_utf8(plaintext) {
        Ok(text) => assert_eq!(kept["plaintext"], text),
        Err(_) => assert!(kept["plaintext_base64"].is_string()),
    }
    let row = format!("quarantined,{reason},{about},1,");
    assert!(desk.read("opened/reasons.csv").contains(&row), "{}", desk.read("opened/reasons.csv"));
}

#[test]
fn what_does_not_validate_is_quarantined_with_its_reason() {
    let desk = Desk::new();
    let said = String::from_utf8(answers(&desk, 2)).unwrap();
    let with = |from: &str, to: &str| {
        assert!(said.contains(from), "{said}");
        said.replacen(from, to, 1).into_bytes()
    };
    quarantines(&desk, b"not JSON", "malformed", "");
    quarantines(&desk, b"\xff\xfe", "malformed", "");
    quarantines(&desk, &with("\"v\":1", "\"v\":2"), "unknown-version", "");
    quarantines(&desk, &with("\"lang\":\"en\"", "\"lang\":\"tlh\""), "unknown-language", "");
    quarantines(&desk, &with("\"met\"", "\"leeds\""), "undeclared-context", "");
    quarantines(&desk, &with("\"rate\":", "\"rat\":"), "unknown-question", "");
    quarantines(&desk, &with("\"rate\":10", "\"rate\":11"), "answer-does-not-fit", "rate");
    // Routing: no contact with the police, and yet an answer on how it went.
    let routed = with("\"overall\":2", "\"overall\":95");
    quarantines(&desk, &routed, "answer-to-question-not-asked", "channel");
}

#[test]
fn an_envelope_of_one_survey_under_another_ones_definition_is_quarantined() {
    let desk = Desk::new();
    let said = answers(&desk, 1);
    let envelope = desk.seal_for(1, &said, "another", desk.hash("probe"), &desk.key);
    desk.store(&[line(&envelope)]);
    desk.open().code(3).out_has(&["0 + 0 + 1 + 0 = 1", "definition-of-another-survey"]);
}

#[test]
fn the_wrong_key_is_told_by_both_names_and_takes_nothing_away() {
    let desk = Desk::new();
    desk.store(&[line(&desk.seal(1, &answers(&desk, 1))), line(&desk.seal(2, &answers(&desk, 2)))]);
    desk.open().code(0);
    let before = desk.read("opened/responses.jsonl");

    let other = SecretKey::from_seed(&[2; 32]);
    desk.write_key("other", &other);
    let open = "open --key other.key --definition site/d envelopes --out";
    let (right, wrong) = (desk.key.kid().to_string(), other.kid().to_string());
    let message = [right.as_str(), "(2 envelopes)", &wrong, "other.key", "keys show"];
    desk.run(&format!("{open} opened"))
        .code(4)
        .out_has(&["0 + 0 + 0 + 2 = 2"])
        .err_has(&message)
        .err_has(&["an earlier result; it was left as it is"]);
    assert_eq!(desk.read("opened/responses.jsonl"), before);
    desk.run(&format!("{open} fresh")).code(4).err_has(&message);
    assert_eq!(desk.lines("fresh/failed.jsonl").len(), 2);

    // With both keys everything opens, in whichever order they are given.
    desk.run("open --key other.key --key analyst.key --definition site/d envelopes --out both")
        .code(0);
}

#[test]
fn every_recipient_opens_alone() {
    let desk = Desk::new();
    let other = SecretKey::from_seed(&[2; 32]);
    desk.write_key("other", &other);
    let keys = [desk.key.public_key().clone(), other.public_key().clone()];
    let envelope = seal(1, &answers(&desk, 1), "probe", desk.hash("probe"), &keys);
    desk.store(&[line(&envelope)]);
    desk.open().code(0).out_has(&["1 + 0 + 0 + 0 = 1"]);
    desk.run("open --key other.key --definition site/d envelopes --out alone").code(0);
    assert_eq!(desk.read("opened/responses.jsonl"), desk.read("alone/responses.jsonl"));
}

#[test]
fn envelopes_to_an_earlier_definition_open_beside_those_to_the_newest() {
    let desk = Desk::new();
    let first = desk.seal(1, &answers(&desk, 1));
    desk.write("probe2.json", DRAFT.replace("1.2.0", "1.2.1").replace("Satisfied?", "Happy?"));
    desk.publish("probe2.json", "").code(0);
    desk.store(&[line(&first), line(&desk.seal(2, &answers(&desk, 2)))]);
    desk.open().code(0).out_has(&["1  responses to probe 1.2.0", "1  responses to probe 1.2.1"]);
    // Only the newest given: the other is told by its hash.
    let (old, new) = (first.def, desk.hash("probe"));
    desk.run(&format!("open --key analyst.key --definition site/d/{new}.json envelopes --out o"))
        .code(3)
        .out_has(&[&format!("fetch it from SITE/d/{old}.json and pass --definition")]);
}

#[test]
fn arguments_that_do_not_fit_are_told() {
    let desk = Desk::new();
    desk.store(&[]);
    desk.open().code(0).err_has(&["no envelope in the input"]).out_has(&["0 + 0 + 0 + 0 = 0"]);
    let hash = desk.hash("probe");
    desk.run(&format!("open --key analyst.key --definition site/d/{hash}.json x.json --out o"))
        .code(2)
        .err_has(&["write --definition before each one"]);
    desk.run("open --key analyst.key --definition site/d absent --out o")
        .code(1)
        .err_has(&["absent: cannot read"]);
    desk.run("open --key analyst.key --definition envelopes envelopes --out o")
        .code(1)
        .err_has(&["holds no definition"]);
    desk.run("open --key analyst.key --definition probe.json envelopes --out o")
        .code(0)
        .err_has(&["probe 1.2.0 is given as a draft"]);
    desk.run("open --key analyst.pub.json --definition site/d envelopes --out o")
        .code(1)
        .err_has(&["public key file cannot open"]);
    desk.run("open").code(2).err_has(&["--key", "--definition"]);
    desk.run("").code(2);
    let help = desk.run("--help").code(0).out_has(&["Exit codes:", "fetch --from"]);
    assert_eq!(help.err, "");
    for command in ["keys new", "publish", "fetch", "open", "export csv"] {
        desk.run(&format!("{command} --help")).code(0).out_has(&["Example"]);
    }
}

#[test]
fn nothing_given_leads_back_to_the_order_of_arrival() {
    let desk = Desk::new();
    let definition = desk.definition();
    let lines: Vec<String> = (1..=6)
        .map(|n| {
            let person = Person::new(n * 37, &[("flags", codes(&[1]))]);
            line(&desk.seal(n.into(), &person.answers(&definition)))
        })
        .collect();
    desk.store(&lines);
    desk.open().code(0);
    let first = desk.read("opened/responses.jsonl");
    let reversed: Vec<String> = lines.into_iter().rev().collect();
    desk.store(&reversed);
    desk.open().code(0);
    assert_eq!(desk.read("opened/responses.jsonl"), first);
}
