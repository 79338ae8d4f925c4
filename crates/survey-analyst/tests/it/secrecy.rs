//! No answer in anything that is printed, and none in a file that is not for answers.

use crate::common::{
    Ran,
    desk::{Desk, files, line},
    people::talkative,
};

const MARKER: &str = "Marker-7f3a";

#[track_caller]
fn silent(desk: &Desk, ran: &Ran) {
    let key = desk.read("analyst.key");
    let seed = key.split(':').nth(1).unwrap();
    for text in [&ran.out, &ran.err] {
        for secret in [MARKER, seed, "\"overall\"", "\"rid\""] {
            assert!(!text.contains(secret), "{secret} in {ran:#?}");
        }
    }
}

#[test]
fn no_message_holds_an_answer_whatever_goes_wrong() {
    let desk = Desk::new();
    let definition = desk.definition();
    let said = String::from_utf8(talkative(1, MARKER).answers(&definition)).unwrap();
    let again =
        String::from_utf8(talkative(1, &format!("{MARKER}!")).answers(&definition)).unwrap();
    assert!(said.contains(MARKER));
    let broken = [
        said.clone(),
        again,
        said.replace("\"v\":1", "\"v\":9"),
        said.replace("\"met\"", &format!("\"{MARKER}\"")),
        said.replace("\"lang\":\"en\"", &format!("\"lang\":\"{MARKER}\"")),
        said.replace("\"rate\"", &format!("\"{MARKER}\"")),
        said.replace("\"rate\":10", &format!("\"rate\":\"{MARKER}\"")),
        said.replace("\"overall\":2", "\"overall\":95"),
        said[..said.len() / 2].to_owned(),
        format!("{MARKER} is no JSON"),
    ];
    let mut lines: Vec<String> = broken
        .iter()
        .zip(1..)
        .map(|(plaintext, number)| line(&desk.seal(number, plaintext.as_bytes())))
        .collect();
    lines.push(lines[0].replace("any", "none"));
    desk.store(&lines);
    let opened = desk.open().code(3).out_has(&["1 + 0 + 9 + 1 = 11"]);
    silent(&desk, &opened);
    // An account is for everybody in the room; only the files for answers hold them.
    for name in files(&desk.path("opened")) {
        if desk.path("opened").join(&name).is_dir() {
            continue;
        }
        let holds = desk.read(&format!("opened/{name}")).contains(MARKER);
        assert_eq!(holds, ["responses.jsonl", "quarantine.jsonl"].contains(&&*name), "{name}");
    }

    silent(&desk, &desk.export("").code(0));
    for name in ["coded", "labelled", "codebook"] {
        assert!(!desk.read(&format!("csv/{name}.csv")).contains(MARKER), "{name}");
    }
    // Lines that are no longer what `open` wrote.
    let text = desk.read("opened/responses.jsonl");
    desk.write("opened/responses.jsonl", text.replace("\"overall\":2", "\"overall\":77"));
    silent(&desk, &desk.export("").code(3));
    desk.write("opened/responses.jsonl", &text[..text.len() - 9]);
    silent(&desk, &desk.export("").code(3));
    // Files of answers given where something else belongs.
    desk.write("opened/responses.jsonl", &text);
    let definition = "--definition site/d";
    for wrong in [
        format!("open --key opened/responses.jsonl {definition} envelopes --out o"),
        "open --key analyst.key --definition opened/responses.jsonl envelopes --out o".to_owned(),
        format!("open --key analyst.key {definition} opened/responses.jsonl --out o"),
        "check opened/responses.jsonl".to_owned(),
        "fetch opened/responses.jsonl --into e".to_owned(),
        "publish opened/responses.jsonl --recipient opened/responses.jsonl \
         --submit https://forms.example --site site"
            .to_owned(),
        "export csv opened --definition opened/responses.jsonl --out csv".to_owned(),
        "keys show opened/responses.jsonl".to_owned(),
    ] {
        let ran = desk.run(&wrong);
        assert_ne!(ran.code, 0, "{ran:?}");
        silent(&desk, &ran);
    }
}
