//! `docs/accessibility.md` is made here, from the list of what proves what: it cannot name a test
//! that is not there, or a page that no test stops at. `UPDATE_EXPECT=1` writes it anew.
//!
//! It is long because of one table: WCAG 2.2's criteria of levels A and AA.

use std::{fmt::Write as _, fs, path::Path};

use anyhow::{Context as _, Result, ensure};
use e2e::{Scheme, stops};
use expect_test::expect_file;
use serde_json::Value;

/// How well a criterion is proven.
enum Proof {
    /// These tests fail where it is not met.
    Tests(&'static [&'static str]),
    /// These tests fail where part of it is not met; a person has to judge the rest.
    Part(&'static [&'static str], &'static str),
    /// Only a person can tell.
    Person(&'static str),
    /// There is nothing that it is about.
    Nothing(&'static str),
    /// It follows from how the survey is made; no test says so.
    Built(&'static str),
}

use Proof::{Built, Nothing, Part, Person, Tests};

const AXE: &str = "axe::nothing_is_found_in_any_scheme";
const AXE_FRAME: &str = "axe::nothing_is_found_in_a_partners_page";
const TREE: &str = "accessibility::every_page_is_read_as_it_is_meant";
const KEYS: &str = "keyboard::every_type_of_question_can_be_answered_with_keys_alone";
const TAB: &str = "keyboard::tab_leads_through_every_page";
const TAB_OUT: &str = "keyboard::tab_leads_out_of_the_frame";
const LEAVE: &str = "keyboard::the_first_key_stop_of_the_survey_leaves_the_page";
const CONTRAST: &str = "looks::everything_stands_out_from_what_it_stands_on";
const STILL: &str = "looks::nothing_moves";
const PRINT: &str = "looks::pages_can_be_printed";
const PHONE: &str = "narrow::every_page_fits_a_small_phone";
const WORDS: &str = "narrow::the_longest_words_fit_every_screen";

const NO_MEDIA: Proof = Nothing("no sound and no video");

/// Number, name, level, proof.
const CRITERIA: &[(&str, &str, &str, Proof)] = &[
    (
        "1.1.1",
        "Non-text Content",
        "A",
        Nothing("no picture; the arrow of Back is drawn by the style sheet"),
    ),
    ("1.2.1", "Audio-only and Video-only (Prerecorded)", "A", NO_MEDIA),
    ("1.2.2", "Captions (Prerecorded)", "A", NO_MEDIA),
    ("1.2.3", "Audio Description or Media Alternative", "A", NO_MEDIA),
    ("1.2.4", "Captions (Live)", "AA", NO_MEDIA),
    ("1.2.5", "Audio Description (Prerecorded)", "AA", NO_MEDIA),
    ("1.3.1", "Info and Relationships", "A", Tests(&[TREE, AXE])),
    ("1.3.2", "Meaningful Sequence", "A", Tests(&[TREE, TAB])),
    (
        "1.3.3",
        "Sensory Characteristics",
        "A",
        Person("whether a survey's own texts point at shapes or places"),
    ),
    ("1.3.4", "Orientation", "AA", Tests(&[PHONE, WORDS])),
    ("1.3.5", "Identify Input Purpose", "AA", Nothing("no field asks who somebody is")),
    ("1.4.1", "Use of Color", "A", Part(&[TREE], "whether anything is said by colour alone")),
    ("1.4.2", "Audio Control", "A", NO_MEDIA),
    ("1.4.3", "Contrast (Minimum)", "AA", Tests(&[CONTRAST, AXE])),
    ("1.4.4", "Resize Text", "AA", Tests(&[WORDS])),
    ("1.4.5", "Images of Text", "AA", Nothing("no picture")),
    ("1.4.10", "Reflow", "AA", Tests(&[WORDS, PHONE])),
    (
        "1.4.11",
        "Non-text Contrast",
        "AA",
        Part(
            &[CONTRAST, TAB],
            "radio buttons and boxes, which the browser draws in colours of its own",
        ),
    ),
    ("1.4.12", "Text Spacing", "AA", Tests(&[WORDS])),
    ("1.4.13", "Content on Hover or Focus", "AA", Nothing("nothing appears on hover or focus")),
    ("2.1.1", "Keyboard", "A", Tests(&[KEYS, TAB])),
    ("2.1.2", "No Keyboard Trap", "A", Tests(&[TAB_OUT])),
    (
        "2.1.4",
        "Character Key Shortcuts",
        "A",
        Nothing("no shortcut is a letter, a digit or a sign"),
    ),
    ("2.2.1", "Timing Adjustable", "A", Built("no question and no page has a time limit")),
    ("2.2.2", "Pause, Stop, Hide", "A", Tests(&[STILL])),
    ("2.3.1", "Three Flashes or Below Threshold", "A", Tests(&[STILL])),
    ("2.4.1", "Bypass Blocks", "A", Tests(&[TREE, AXE])),
    ("2.4.2", "Page Titled", "A", Tests(&[AXE, AXE_FRAME])),
    ("2.4.3", "Focus Order", "A", Tests(&[TAB, KEYS])),
    ("2.4.4", "Link Purpose (In Context)", "A", Tests(&[TREE, KEYS])),
    ("2.4.5", "Multiple Ways", "AA", Nothing("the pages are steps of one process")),
    (
        "2.4.6",
        "Headings and Labels",
        "AA",
        Part(&[TREE], "whether a survey's own texts say what is asked"),
    ),
    ("2.4.7", "Focus Visible", "AA", Tests(&[TAB])),
    ("2.4.11", "Focus Not Obscured (Minimum)", "AA", Tests(&[TAB])),
    ("2.5.1", "Pointer Gestures", "A", Nothing("everything takes one tap")),
    (
        "2.5.2",
        "Pointer Cancellation",
        "A",
        Built("controls act on the browser's click event alone"),
    ),
    ("2.5.3", "Label in Name", "A", Tests(&[TREE, AXE])),
    ("2.5.4", "Motion Actuation", "A", Nothing("no motion is read")),
    ("2.5.7", "Dragging Movements", "AA", Nothing("nothing is dragged")),
    ("2.5.8", "Target Size (Minimum)", "AA", Tests(&[PHONE, WORDS])),
    ("3.1.1", "Language of Page", "A", Tests(&[AXE])),
    (
        "3.1.2",
        "Language of Parts",
        "AA",
        Part(&[AXE], "whether every foreign word of a survey's own texts is marked"),
    ),
    ("3.2.1", "On Focus", "A", Tests(&[TAB])),
    ("3.2.2", "On Input", "A", Tests(&[KEYS])),
    ("3.2.3", "Consistent Navigation", "AA", Tests(&[TREE, TAB])),
    ("3.2.4", "Consistent Identification", "AA", Tests(&[TREE])),
    ("3.2.6", "Consistent Help", "A", Tests(&[TREE])),
    ("3.3.1", "Error Identification", "A", Tests(&[KEYS, TREE])),
    ("3.3.2", "Labels or Instructions", "A", Tests(&[TREE, AXE])),
    ("3.3.3", "Error Suggestion", "AA", Tests(&[KEYS, TREE])),
    ("3.3.4", "Error Prevention (Legal, Financial, Data)", "AA", Tests(&[TREE])),
    ("3.3.7", "Redundant Entry", "A", Nothing("nothing is asked twice")),
    ("3.3.8", "Accessible Authentication (Minimum)", "AA", Nothing("nobody signs in")),
    ("4.1.2", "Name, Role, Value", "A", Tests(&[TREE, AXE])),
    ("4.1.3", "Status Messages", "AA", Tests(&[KEYS, TREE])),
];

/// What is promised beyond WCAG's level AA.
const BEYOND: &[(&str, &str)] = &[
    ("everything that is touched is at least 44 by 44 CSS pixels (2.5.5, AAA)", PHONE),
    ("texts have a contrast of at least 4.5 to 1 at any size, also with forced colours", CONTRAST),
    ("nothing moves, whether somebody asked for less motion or not", STILL),
    (
        "questions, answers and support lines print in dark ink; what can only be pressed does not",
        PRINT,
    ),
    ("\"Leave this page\" is the first stop of Tab", LEAVE),
    ("a problem takes the focus once and is announced once", KEYS),
];

#[test]
fn the_report_says_what_the_tests_prove() -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let named = CRITERIA.iter().flat_map(|(_, _, _, proof)| match proof {
        Tests(tests) | Part(tests, _) => *tests,
        Person(_) | Nothing(_) | Built(_) => &[],
    });
    for test in named.chain(BEYOND.iter().map(|(_, test)| test)) {
        exists(test)?;
    }
    let lock = fs::read_to_string(root.join("tests/e2e/axe/package-lock.json"))?;
    let lock: Value = serde_json::from_str(&lock)?;
    let axe = lock["packages"]["node_modules/axe-core"]["version"].as_str().context("no axe")?;
    expect_file![root.join("docs/accessibility.md")].assert_eq(&report(axe)?);
    Ok(())
}

/// Whether there is a test of this name.
fn exists(test: &str) -> Result<()> {
    let (module, name) = test.split_once("::").context("a test is named with its module")?;
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/it/{module}.rs"));
    let text = fs::read_to_string(&file).with_context(|| format!("no {}", file.display()))?;
    let is_test = text.contains(&format!("]\nasync fn {name}()"));
    ensure!(is_test, "the report names `{test}`, which is no test");
    Ok(())
}

fn report(axe: &str) -> Result<String> {
    let mut text = String::from(HEAD);
    let schemes = Scheme::ALL.map(Scheme::name).join(", ");
    writeln!(text, "- Engine: Chromium. Language: English. Colours: {schemes}.")?;
    writeln!(
        text,
        "- axe-core {axe}: all rules tagged WCAG 2.0, 2.1 and 2.2 A and AA, and best practice."
    )?;
    writeln!(text, "- Pages: {}.", stops().join(", "))?;
    text += TABLE;
    for (number, name, level, proof) in CRITERIA {
        let list =
            |tests: &[&str]| tests.iter().map(|t| format!("`{t}`")).collect::<Vec<_>>().join(", ");
        let (verdict, why) = match proof {
            Tests(tests) => ("tested", list(tests)),
            Part(tests, rest) => {
                ("tested in part", format!("{}; for a person: {rest}", list(tests)))
            }
            Person(what) => ("not tested", format!("for a person: {what}")),
            Nothing(why) => ("nothing to meet", (*why).to_owned()),
            Built(why) => ("by design, not tested", (*why).to_owned()),
        };
        writeln!(text, "| {number} | {name} | {level} | {verdict} | {why} |")?;
    }
    text += "\n## Beyond level AA\n\n";
    for (what, test) in BEYOND {
        writeln!(text, "- {what}: `{test}`")?;
    }
    text += FOOT;
    Ok(text)
}

const HEAD: &str = "\
# Accessibility

What was tested of the survey against WCAG 2.2, levels A and AA, and what was not. This page is written by a test
(`tests/e2e/tests/it/conformance.rs`), which fails when the page is not current or names a test that does not exist.
Each test that is named here runs with `cargo xtask test e2e` and fails where its criterion is not met. It is not a
statement that a version conforms: automatic tests cannot tell that, and the section at the end says what is missing.

## How it was tested

";

const TABLE: &str = "
Names of tests are those of `tests/e2e/tests/it`. \"Tested\" means: on every page above, in every state, without a
person.

| | criterion | level | | by |
|---|---|---|---|---|
";

const FOOT: &str = "
## What no test can tell, and nobody has done yet

- **Screen readers.** Roles, names, descriptions and states are compared with what was meant, as the browser computes
  them. Nobody has listened: not with NVDA, JAWS, VoiceOver, TalkBack or Narrator.
- **Other input.** Voice control (Dragon, Voice Access), switches, eye tracking and screen magnifiers were not tried.
- **Other engines.** The tests above run in Chromium alone.
- **Other languages.** The tests above run in English; long words of German, Welsh, Bengali and Arabic, and the
  direction from right to left, were measured with texts made for it, in the fonts of the machine that tested.
- **Radio buttons and boxes** are the browser's own. Their contrast was not measured.
- **People.** Nobody with a disability has answered the survey for us.
- **A survey's own words.** Whether a question can be understood is for whoever writes it, and for the people asked.
";
