//! The same journeys in every engine that people have: Chromium, Firefox and WebKit.
//!
//! Everything here is done over WebDriver as its standard has it, with the driver's own clicks and
//! keys, never a script's; what only Chromium's driver can do is in the other files. `cargo xtask test e2e --engines chromium`
//! leaves the others out, by the names of the modules that the macro makes.

use std::fs;

use anyhow::{Context as _, Result, ensure};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use e2e::{Browser, Engine, File, PartnerPage, Place, Questions, Setup, World, until};
use fantoccini::key::Key;
use serde_json::{Value, json};
use survey_wire::Envelope;

use crate::ways::{OVERALL, TEXT, answer_shortly};

/// One test for each journey in each engine.
macro_rules! in_every_engine {
    ($($journey:ident),+ $(,)?) => {
        $crate::engines::in_every_engine!(@ chromium Chromium [$($journey)+]);
        $crate::engines::in_every_engine!(@ firefox Firefox [$($journey)+]);
        $crate::engines::in_every_engine!(@ webkit WebKit [$($journey)+]);
    };
    (@ $module:ident $engine:ident [$($journey:ident)+]) => {
        mod $module {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $journey() -> anyhow::Result<()> {
                super::$journey(e2e::Engine::$engine).await
            })+
        }
    };
}

pub(crate) use in_every_engine;

in_every_engine![
    a_partners_page_leads_to_a_response_that_only_the_analyst_opens,
    the_surveys_own_page_leads_to_a_response_that_only_the_analyst_opens,
    every_type_of_question_can_be_answered_changed_and_gone_back_to,
    leaving_a_partners_page_blanks_it_at_once_and_back_does_not_return,
    leaving_the_own_page_goes_elsewhere,
    what_is_entered_and_pressed_before_the_program_runs_counts,
    the_sealer_gives_the_known_answer,
];

/// What somebody writes. Not all of it ASCII, and over more than one line.
const WRITTEN: &str = "Ring back when you say – “soon” is not a day.\n雨: canary-3316-plover";

/// Firefox ends a script in a frame when the page around goes. What then wipes the answers a second
/// time (`pagehide`) may be cut off, and says so.
pub(crate) fn expect_a_frame_to_be_cut_off(world: &mut World) {
    if world.browser().engine() == Engine::Firefox {
        world.expect_in_console("closure invoked recursively or after being dropped");
        world.expect_in_console("Script terminated by timeout");
    }
}

/// A world with this browser.
pub(crate) async fn world(engine: Engine, questions: Questions) -> Result<World> {
    World::start_with(Setup { engine, questions, ..Setup::default() }).await
}

async fn a_partners_page_leads_to_a_response_that_only_the_analyst_opens(
    engine: Engine,
) -> Result<()> {
    let mut world = world(engine, Questions::Model).await?;
    for line in WRITTEN.lines() {
        world.keep_secret(line);
    }
    let page = world.open_survey().await?;
    answer_shortly(&page, WRITTEN).await?;
    page.change(OVERALL).await?;
    page.turned_to(OVERALL).await?;
    assert_eq!(page.marked().await?, ["I had no contact with the police"]);
    page.press("Continue").await?;
    let answers = page.answers().await?;
    assert!(answers.contains(&(TEXT.to_owned(), WRITTEN.to_owned())), "{answers:?}");
    page.send().await?;
    page.turned_to("Your answers were sent").await?;

    let mut of_survey = world.traffic();
    of_survey.retain(|request| request.starts_with("survey "));
    assert_eq!(
        of_survey,
        [
            "survey GET the document",
            "survey GET the loader",
            "survey GET the program",
            "survey GET the program's glue",
            "survey GET the sealer",
            "survey OPTIONS /ssp/responses",
            "survey POST /ssp/responses",
        ]
    );
    assert_eq!(world.partner_heard().await?, ["survey-ready", "survey-started", "survey-finished"]);
    is_stored(&world, WRITTEN, &json!({ "site": "met" })).await?;
    world.end().await
}

async fn the_surveys_own_page_leads_to_a_response_that_only_the_analyst_opens(
    engine: Engine,
) -> Result<()> {
    let mut world = world(engine, Questions::Model).await?;
    for line in WRITTEN.lines() {
        world.keep_secret(line);
    }
    let page = world.open_own_page().await?;
    answer_shortly(&page, WRITTEN).await?;
    page.send().await?;
    page.turned_to("Your answers were sent").await?;
    is_stored(&world, WRITTEN, &json!({})).await?;
    world.end().await
}

/// One envelope is stored, nothing of the text is in it, and the analyst opens it.
async fn is_stored(world: &World, text: &str, context: &Value) -> Result<()> {
    let stored = world.collector.stored().await?;
    let [line] = &stored[..] else { panic!("{} envelopes are stored", stored.len()) };
    Envelope::parse(line.envelope.as_bytes())?;
    let found = world.find_out()?;
    let [response] = &found.responses[..] else { panic!("{} responses", found.responses.len()) };
    assert_eq!(&response["context"], context);
    assert_eq!(response["answers"]["text"], Value::from(text));
    Ok(())
}

/// With a problem on the way, and keys in place of a finger.
async fn every_type_of_question_can_be_answered_changed_and_gone_back_to(
    engine: Engine,
) -> Result<()> {
    let world = world(engine, Questions::EveryType).await?;
    let page = world.open_survey().await?;
    let browser = page.browser().await?;
    page.choose("Single?", "Yes").await?;
    page.turned_to("Multiple?").await?;
    page.mark("checkbox", "None of these").await?;
    page.tick("Multiple?", &["This"]).await?;
    page.turned_to("Scale?").await?;
    page.back("Scale?").await?;
    page.turned_to("Multiple?").await?;
    assert_eq!(page.marked().await?, ["This"], "one option excludes the others");
    page.press("Continue").await?;
    page.choose("Scale?", "Bad").await?;
    page.pick("Select?", "Place 12").await?;
    page.turned_to("Rating?").await?;
    page.choose("Rating?", "10 (Fully)").await?;
    page.turned_to("Text?").await?;
    page.write("Text?", "just a few words too many").await?;
    browser.find("group", "There is a problem").await?;
    assert_eq!(page.value("textbox", "Text?").await?, "just a few words too many");
    page.point_at("Text?").await?;
    browser.press_with(Key::Control.into(), 'a').await?;
    browser.press_keys("few words".chars().chain([Key::Enter.into()])).await?;
    page.turned_to("Long text?").await?;
    page.write("Long text?", "two\nlines").await?;
    page.turned_to("Month?").await?;
    page.point_at("Month").await?;
    browser.press_keys(['3', Key::Tab.into(), '2', '0', '2', '5']).await?;
    page.press("Continue").await?;
    page.decide("Go on?", "Go on").await?;
    page.read("A word").await?;
    page.choose("Last?", "Yes").await?;
    page.change("Rating?").await?;
    page.turned_to("Rating?").await?;
    page.choose("Rating?", "8").await?;
    page.checking().await?;
    let answers = page.answers().await?;
    let said = |question: &str| {
        answers.iter().find(|(asked, _)| asked == question).map(|(_, answer)| answer.as_str())
    };
    assert_eq!(said("Multiple?"), Some("This"));
    assert_eq!(said("Select?"), Some("Place 12"));
    assert_eq!(said("Rating?"), Some("8 / 10"));
    assert_eq!(said("Text?"), Some("few words"));
    assert!(said("Month?").is_some_and(|said| said.contains("2025")), "{answers:?}");
    page.send().await?;
    page.turned_to("Sent").await?;
    let found = world.find_out()?;
    let answers = found.responses[0]["answers"].as_object().context("answers")?;
    assert_eq!(answers["one"], 1);
    assert_eq!(answers["many"], json!([1]));
    assert_eq!(answers["list"], 12);
    assert!(answers.values().any(|reply| reply == "two\nlines"), "{answers:?}");
    assert!(answers.values().any(|reply| reply == "2025-03"), "{answers:?}");
    world.end().await
}

async fn leaving_a_partners_page_blanks_it_at_once_and_back_does_not_return(
    engine: Engine,
) -> Result<()> {
    let mut world = world(engine, Questions::Model).await?;
    world.keep_secret(HALF_A_THOUGHT);
    expect_a_frame_to_be_cut_off(&mut world);
    let page = world.open_survey().await?;
    let history = page.outside().history;
    page.choose(OVERALL, "I had no contact with the police").await?;
    page.skip("Why did the police not hear about it?").await?;
    page.skip("What kind of crime was it?").await?;
    page.at(TEXT).await?;
    page.point_at(TEXT).await?;
    page.browser().await?.press_keys(HALF_A_THOUGHT.chars()).await?;
    page.leave().await?;

    let browser = world.browser();
    browser.go_to(Place::Top).await?;
    // The page that is to come is slow.
    until("a blank page", async || {
        let seen = what_is_left(browser).await?;
        ensure!(seen == ("Loading".to_owned(), 0), "there is {seen:?}");
        Ok(Some(()))
    })
    .await?;
    world.partner.let_go();
    has_title(&world, PartnerPage::Elsewhere.title()).await?;
    let length = browser.run("return history.length", Vec::new()).await?;
    assert_eq!(length, json!(history), "the page was replaced, not followed by another");
    browser.back().await?;
    has_title(&world, PartnerPage::Before.title()).await?;
    assert_eq!(world.line.posts().len(), 0, "nothing unsent is sent");
    world.end().await
}

/// Title and number of elements of a page that waits for the next one.
async fn what_is_left(browser: &Browser) -> Result<(String, u64)> {
    if browser.engine() == Engine::Chromium {
        // Its driver runs no script between two documents.
        let history = browser.history().await?;
        let last = history.last().context("an empty history")?;
        return Ok((last.title.clone(), u64::try_from(browser.frames().await?.len())?));
    }
    let script = "return [document.title, document.querySelectorAll('body *').length]";
    let seen = browser.client().execute(script, Vec::new()).await?;
    Ok(serde_json::from_value(seen)?)
}

const HALF_A_THOUGHT: &str = "half a thought: canary-7730-crane";

async fn leaving_the_own_page_goes_elsewhere(engine: Engine) -> Result<()> {
    let mut world = world(engine, Questions::Model).await?;
    // The line lets nothing out, so the browser says that it cannot show what it was sent to.
    let weather = "www.bbc.co.uk:443";
    world.expect_request_to(weather);
    let page = world.open_own_page().await?;
    page.choose(OVERALL, "I had no contact with the police").await?;
    page.at("Why did the police not hear about it?").await?;
    page.leave().await?;
    until("the browser to ask for the weather", async || {
        Ok(world.line.calls().iter().any(|call| call.url == weather).then_some(()))
    })
    .await?;
    assert_eq!(world.line.posts().len(), 0, "nothing unsent is sent");
    world.end().await
}

/// The program is slow: the first page stands, is answered and left before it comes.
async fn what_is_entered_and_pressed_before_the_program_runs_counts(engine: Engine) -> Result<()> {
    let world = world(engine, Questions::EveryType).await?;
    world.line.hold(File::Program);
    let page = world.open_early(Place::Frame).await?;
    page.mark("radio", "Yes").await?;
    page.press("Continue").await?;
    page.hear("Your answer is kept").await?;
    page.mark("radio", "No").await?;
    ensure!(!page.is_live().await?, "the program runs already");
    world.line.let_go(File::Program);
    page.taken_over().await?;
    page.turned_to("Multiple?").await?;
    page.back("Multiple?").await?;
    page.turned_to("Single?").await?;
    assert_eq!(page.marked().await?, ["No"]);
    world.end().await
}

/// The listed randomness gives the listed envelope, to the byte, in this engine as well.
async fn the_sealer_gives_the_known_answer(engine: Engine) -> Result<()> {
    let vectors = concat!(env!("CARGO_MANIFEST_DIR"), "/../../vectors/envelope-v1.json");
    let vectors: Value = serde_json::from_slice(&fs::read(vectors)?)?;
    let cases = vectors["valid"].as_array().context("no valid cases")?;
    let world = world(engine, Questions::BeginningWith("single")).await?;
    let page = world.open_own_page().await?;
    let mut sealed = 0;
    for case in cases.iter().filter(|case| case["plaintext"].is_string()) {
        let request = request(&vectors, case)?;
        let script = "return views.seal(new Uint8Array(arguments[0])).then((reply) => [...reply])";
        let reply = page.browser().await?.run(script, vec![json!(request)]).await?;
        let reply: Vec<u8> = serde_json::from_value(reply)?;
        ensure!(reply.first() == Some(&0), "the sealer refused {}", case["name"]);
        let envelope: Value = serde_json::from_slice(&reply[49..])?;
        for member in ["survey", "def", "id", "wraps", "kc", "ct"] {
            assert_eq!(envelope[member], case["envelope"][member], "{member} of {}", case["name"]);
        }
        sealed += 1;
    }
    ensure!(sealed >= 3, "{sealed} of the vectors were used");
    world.end().await
}

/// A request to the sealer, laid out as `survey-seal-request` says.
fn request(vectors: &Value, case: &Value) -> Result<Vec<u8>> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let decoded = |value: &Value| URL_SAFE_NO_PAD.decode(text(value)).context("no base64url");
    let (envelope, plaintext) = (&case["envelope"], text(&case["plaintext"]));
    let recipients = case["recipients"].as_array().context("no recipients")?;
    let survey = text(&envelope["survey"]);
    let mut request = vec![1, u8::try_from(recipients.len())?, u8::try_from(survey.len())?];
    request.extend(u32::try_from(plaintext.len())?.to_le_bytes());
    request.extend(decoded(&envelope["def"])?);
    request.extend(survey.bytes());
    for name in recipients {
        let mut keys = vectors["keys"].as_array().context("no keys")?.iter();
        let key = keys.find(|key| key["name"] == *name).context("no such key")?;
        request.extend(unhex(&text(&key["kid"]))?);
        request.extend(decoded(&key["key"])?);
    }
    request.extend(decoded(&envelope["id"])?);
    // The vectors have zeros for `del`, which the sealer refuses as randomness.
    request.extend(13..45);
    request.extend(unhex(&text(&case["cek"]))?);
    for encapsulation in case["encapsulation"].as_array().context("no encapsulation")? {
        request.extend(unhex(&text(encapsulation))?);
    }
    request.extend(plaintext.bytes());
    Ok(request)
}

fn unhex(text: &str) -> Result<Vec<u8>> {
    let byte = |at| Ok(u8::from_str_radix(text.get(at..at + 2).context("half a byte")?, 16)?);
    (0..text.len()).step_by(2).map(byte).collect()
}

pub(crate) async fn has_title(world: &World, title: &str) -> Result<()> {
    until(&format!("the page `{title}`"), async || {
        Ok((world.browser().client().title().await? == title).then_some(()))
    })
    .await
}
