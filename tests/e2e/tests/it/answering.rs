//! The main path, whole.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};
use e2e::{Entry, PartnerPage, Place, Questions, Secret, SurveyPage, World, traces};
use expect_test::expect;
use serde_json::{Value, json};
use survey_wire::Envelope;

use crate::ways::{OVERALL, TEXT};

/// What somebody writes. Not all of it ASCII, and over more than one line.
const WRITTEN: &str =
    "Ring back when you say you will – “soon” is not a day.\n雨: canary-1847-sparrow";

/// Every question of the model survey under the strictest policy that a partner can have: the
/// answers reach the analyst, mean nothing to anybody else and leave no trace in the browser.
#[tokio::test(flavor = "multi_thread")]
async fn a_person_answers_the_whole_survey_and_only_the_analyst_learns_what() -> Result<()> {
    let mut world = World::start(Questions::Model).await?;
    for line in WRITTEN.lines() {
        world.keep_secret(line);
    }
    let page = world.open_survey().await?;
    let asked_before = world.partner.asked_for();

    answer_the_main_questions(&page).await?;
    answer_the_further_questions(&page).await?;
    answer_the_questions_about_oneself(&page).await?;

    check_what_the_check_page_lists(&page).await?;
    // One answer is changed, and what it opened goes with it.
    page.change(CONDITION).await?;
    page.turned_to(CONDITION).await?;
    page.choose(CONDITION, "No").await?;
    let answers = page.answers().await?;
    assert!(answers.contains(&(CONDITION.to_owned(), "No".to_owned())));
    assert!(answers.iter().all(|(question, _)| question != LIMITS));
    page.send().await?;
    page.turned_to("Your answers were sent").await?;
    let support = page.browser().await?.names("heading").await?;
    assert!(support.contains(&"People who can help".to_owned()), "{support:?}");

    the_browser_keeps_nothing(&world, &page).await?;

    // No network beyond loader, frame document, its files and the post with its preflight.
    expect![[r#"
        [
            "partner GET /before",
            "partner GET /contact",
            "partner GET /style.css",
            "survey GET the document",
            "survey GET the loader",
            "survey GET the program",
            "survey GET the program's glue",
            "survey GET the sealer",
            "survey OPTIONS /ssp/responses",
            "survey POST /ssp/responses",
        ]
    "#]]
    .assert_debug_eq(&world.traffic());
    // All that the page around it hears.
    assert_eq!(world.partner_heard().await?, ["survey-ready", "survey-started", "survey-finished"]);
    assert_eq!(world.partner.asked_for(), asked_before, "the survey told the partner something");

    the_collector_cannot_know(&world).await?;
    the_analyst_learns(&world)?;
    world.end().await
}

const WHY_NOT: &str = "Why did the police not hear about it?";
const CHANNEL: &str = "How did the police first hear about it?";
const CRIME: &str = "What kind of crime was it?";
const FLAGS: &str = "Was any of this true?";
const CONDITION: &str = "Do you have a long-term physical or mental health condition or illness?";
const LIMITS: &str = "Do any of your conditions or illnesses limit what you can do each day?";

async fn answer_the_main_questions(page: &SurveyPage<'_>) -> Result<()> {
    // A wrong turn: what was said on it must not be sent.
    page.choose(OVERALL, "I had no contact with the police").await?;
    page.turned_to(WHY_NOT).await?;
    page.tick(WHY_NOT, &["I did not trust the police", "It seemed too small"]).await?;
    page.turned_to(CRIME).await?;
    page.back(CRIME).await?;
    page.turned_to(WHY_NOT).await?;
    assert_eq!(page.marked().await?, ["I did not trust the police", "It seemed too small"]);
    page.back(WHY_NOT).await?;
    page.turned_to(OVERALL).await?;
    assert_eq!(page.marked().await?, ["I had no contact with the police"]);

    page.choose(OVERALL, "Very dissatisfied").await?;
    page.turned_to(CHANNEL).await?;
    page.skip(CHANNEL).await?;
    let how = |what: &str| format!("How satisfied are you with {what}?");
    let reach = how("how easy it was to reach someone who could help");
    page.choose(&reach, "This does not apply to me").await?;
    page.choose(&how("what the police did"), "Fairly dissatisfied").await?;
    page.choose(&how("how well you were kept informed"), "It is too early to say").await?;
    let treatment = how("how the officers and staff treated you");
    page.choose(&treatment, "Completely satisfied").await?;
    page.decline(CRIME).await?;
    page.not_know("When did you last have contact with the police about it?").await?;
    page.decide("Those were the main questions", "Go on").await
}

async fn answer_the_further_questions(page: &SurveyPage<'_>) -> Result<()> {
    // "None of these" gives way to what is ticked after it.
    page.turned_to(FLAGS).await?;
    page.mark("checkbox", "None of these").await?;
    page.tick(FLAGS, &["It was because of who I am", "It happened online"]).await?;
    page.tick("Which of these were true of the police?", &["None of these"]).await?;
    let did = "Did the police do any of these?";
    page.turned_to(did).await?;
    let offered = page.browser().await?.names("checkbox").await?;
    let closed = "Told me when the case was closed or someone was charged";
    assert!(!offered.iter().any(|option| option == closed), "too early for `{closed}`");
    page.tick(did, &["Told me what would happen next", "Told me how to complain"]).await?;
    let understood = "Could you understand the police, and could they understand you?";
    page.choose(understood, "I needed help to understand, and got it").await?;
    let support = "Did you get help from a support service?";
    page.choose(support, "It was offered, but I did not want it").await?;
    let safer = "After the contact, did you feel safer, less safe or the same?";
    page.choose(safer, "Less safe").await?;
    page.read("If you want to talk to someone").await?;
    page.choose("Would you report to the police again?", "Probably not").await?;
    page.write(TEXT, WRITTEN).await?;
    page.decide("A few questions about you", "Go on").await
}

async fn answer_the_questions_about_oneself(page: &SurveyPage<'_>) -> Result<()> {
    page.choose("How old are you?", "35 to 44").await?;
    page.choose("What is your sex?", "Female").await?;
    let gender = "Is the gender you identify with the same as your sex registered at birth?";
    page.choose(gender, "Yes").await?;
    page.choose("What is your ethnic group?", "Asian or Asian British").await?;
    page.choose("Which of these describes you best?", "Pakistani").await?;
    page.choose(CONDITION, "Yes").await?;
    page.choose(LIMITS, "Yes, a little").await?;
    page.pick("Where did it happen?", "Hackney").await
}

async fn check_what_the_check_page_lists(page: &SurveyPage<'_>) -> Result<()> {
    let answers: BTreeMap<_, _> = page.answers().await?.into_iter().collect();
    let said = |question: &str| answers.get(question).map(String::as_str);
    assert_eq!(said(OVERALL), Some("Very dissatisfied"));
    assert_eq!(said(CHANNEL), Some("Not answered"));
    assert_eq!(said(CRIME), Some("I would rather not say"));
    assert_eq!(said(FLAGS), Some("It was because of who I am\nIt happened online"));
    assert_eq!(said(TEXT), Some(WRITTEN));
    assert_eq!(said(LIMITS), Some("Yes, a little"));
    assert_eq!(said("Where did it happen?"), Some("Hackney"));
    assert_eq!(said(WHY_NOT), None, "what is not asked is not listed");
    assert_eq!(answers.len(), 24);
    Ok(())
}

/// One entry in the history, with the partner's own title, and nothing stored. At every page that
/// was turned to, `SurveyPage` saw address, title and history as they were at first.
async fn the_browser_keeps_nothing(world: &World, page: &SurveyPage<'_>) -> Result<()> {
    let origin = page.browser().await?.run("return window.origin", Vec::new()).await?;
    assert_eq!(origin, json!("null"), "an origin that has something to store in");
    let browser = world.browser();
    browser.go_to(Place::Top).await?;
    let stored = "return [localStorage.length, sessionStorage.length, document.cookie]";
    assert_eq!(browser.run(stored, Vec::new()).await?, json!([0, 0, ""]));
    let snippet = PartnerPage::Snippet;
    let entry = Entry { url: world.partner.url(snippet), title: snippet.title().to_owned() };
    let history = browser.history().await?;
    let of_survey = history.iter().filter(|entry| entry.url.contains("/s/")).count();
    assert_eq!((history.last(), of_survey), (Some(&entry), 0));
    assert_eq!(history.iter().filter(|other| **other == entry).count(), 1);
    Ok(())
}

/// The collector's files hold nothing of what was said, by whom, with what or from where.
async fn the_collector_cannot_know(world: &World) -> Result<()> {
    let script = "return navigator.userAgent";
    let agent = world.browser().run(script, Vec::new()).await?;
    let agent = agent.as_str().context("a browser has a name")?.to_owned();
    let partner = world.partner.origin();
    let secrets = [
        "Very dissatisfied",
        "This does not apply to me",
        "I would rather not say",
        "It happened online",
        "Told me how to complain",
        "Pakistani",
        "Hackney, ",
        "\"answers\"",
        "declined",
        &agent,
        "HeadlessChrome",
        "Mozilla/",
        &partner,
        "localhost:",
    ]
    .map(Secret::new);
    let files = world.collector.files()?;
    let names: Vec<_> = files.iter().map(|(name, _)| name.as_str()).collect();
    assert!(names.contains(&"views.sqlite") && names.contains(&"log"), "{names:?}");
    let bytes = files.iter().map(|(name, bytes)| (name.as_str(), &**bytes));
    assert_eq!(traces(&secrets, bytes), [""; 0]);
    // What is looked for would be found: the envelope's own id is.
    let stored = world.collector.stored().await?;
    let [line] = &stored[..] else { panic!("{} envelopes are stored", stored.len()) };
    let id = Envelope::parse(line.envelope.as_bytes())?.id.to_string();
    let bytes = files.iter().map(|(name, bytes)| (name.as_str(), &**bytes));
    assert!(!traces(&[Secret::new(&id)], bytes).is_empty(), "the envelope is not in the files");
    Ok(())
}

fn the_analyst_learns(world: &World) -> Result<()> {
    let found = world.find_out()?;
    let [response] = &found.responses[..] else { panic!("{} responses", found.responses.len()) };
    assert_eq!(response["context"], json!({ "site": "met" }), "and no case number");
    let answers = response["answers"].as_object().context("a response has answers")?;
    for not_asked in ["whynot", "limits", "under_16"] {
        assert!(!answers.contains_key(not_asked), "`{not_asked}` was routed away");
    }
    assert_eq!(answers["text"], Value::from(WRITTEN));
    assert_eq!(found.texts, [("text".to_owned(), WRITTEN.to_owned())]);

    let [row] = &found.coded[..] else { panic!("{} rows", found.coded.len()) };
    let codes: Vec<String> = row
        .iter()
        .filter(|(column, _)| column != "day")
        .map(|(column, code)| format!("{column} {code}"))
        .collect();
    expect![[r#"
        response 1
        survey_version 1.0.0
        lang en
        context_site met
        disposition 1
        overall 6
        whynot_1 -1
        whynot_2 -1
        whynot_3 -1
        whynot_4 -1
        whynot_5 -1
        whynot_6 -1
        whynot_7 -1
        channel 99
        contact 96
        actions 5
        followup 94
        treatment 1
        crime 98
        when 97
        more 1
        flags_1 0
        flags_2 1
        flags_3 0
        flags_4 1
        flags_93 0
        manner_1 0
        manner_2 0
        manner_3 0
        manner_4 0
        manner_5 0
        manner_6 0
        manner_93 1
        code_1 0
        code_2 1
        code_3 0
        code_4 0
        code_5 0
        code_6 0
        code_7 -1
        code_8 0
        code_9 1
        code_93 0
        understood 4
        support 3
        safer 4
        again 3
        text 1
        equal 1
        age 5
        sex 1
        gender 1
        ethnic_group 3
        ethnic 11
        condition 2
        limits -1
        area 12"#]]
    .assert_eq(&codes.join("\n"));
    Ok(())
}
