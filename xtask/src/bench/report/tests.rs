use super::*;

const RUN: &str = r#"{"date":"2026-01-31","browser":"Chromium 150","node":"v20.1.0","machine":"2 × chip","versions":{"preact":"11.2.0"},"built":{"commit":"abc1234","rustc":"rustc 1.95.0","survey":"http://127.0.0.1:8760"}}
{"round":1,"load":0.5,"target":"bare","size":20,"profile":"none","mode":"look","values":{"first":40.4,"bytes":3177,"heap":1000000,"wasm":0},"problems":[]}
{"round":1,"load":0.5,"target":"page","size":20,"profile":"none","mode":"look","values":{"first":42,"live":60,"bytes":70000,"heap":1000000,"wasm":500000},"problems":[]}
{"round":1,"load":0.5,"target":"page","size":500,"profile":"none","mode":"look","values":{"first":50,"bytes":75000},"problems":[]}
{"round":1,"load":0.5,"target":"framed","size":20,"profile":"slow4g","mode":"look","values":{},"problems":["no \"first\" within 60 s"]}"#;

fn report() -> String {
    markdown(&Runs::parse(RUN).expect("well formed"))
}

#[test]
fn the_report_says_what_was_measured_with() {
    assert!(
        report().starts_with(
            "2026-01-31, commit `abc1234`. Chromium 150, rustc 1.95.0, Node.js 20.1.0, 2 × chip, \
             load average 0.5. 1 rounds. Compared with: preact 11.2.0.\n"
        ),
        "{}",
        report()
    );
}

#[test]
fn a_machine_that_was_not_quiet_is_told() {
    let warning = "Something else ran on this machine meanwhile";
    assert!(!report().contains(warning), "{}", report());
    let busy = RUN.replace("\"load\":0.5", "\"load\":2.6");
    let report = markdown(&Runs::parse(&busy).expect("well formed"));
    assert!(report.contains(warning) && report.contains("load average was 2.6,"), "{report}");
}

#[test]
fn a_table_has_a_row_for_each_target_and_no_empty_column() {
    let expected = "### Unthrottled, 20 questions

| target | first question ms | wasm ready ms | wire kB |
|---|--:|--:|--:|
| bare HTML | 40 | – | 3.2 |
| **our own page** | 42 | 60 | 70.0 |

| target | memory MB | of it wasm MB |
|---|--:|--:|
| bare HTML | 1.00 | 0.00 |
| **our own page** | 1.50 | 0.50 |

### Unthrottled, 100 and 500 questions

| target | first question ms | wire kB |
|---|--:|--:|
| **our own page**, 500 | 50 | 75.0 |
";
    assert!(report().contains(expected), "{}", report());
}

#[test]
fn visits_with_problems_are_listed() {
    let line = "- 1 × framed, 20 questions, slow4g: no \"first\" within 60 s\n";
    assert!(report().ends_with(line), "{}", report());
}

#[test]
fn the_tables_of_a_document_are_replaced() -> anyhow::Result<()> {
    let document = format!("# Speed\n\n{START}\nold\n{END}\n\nMore.\n");
    let once = put_into(&document, "new\n")?;
    assert_eq!(once, format!("# Speed\n\n{START}\n\nnew\n\n{END}\n\nMore.\n"));
    assert_eq!(put_into(&once, "new\n")?, once);
    Ok(())
}

#[test]
fn a_document_without_a_place_for_tables_is_left_alone() {
    let error = put_into("# Speed\n", "new").expect_err("there is no place");
    assert!(error.to_string().contains(END), "{error}");
}
