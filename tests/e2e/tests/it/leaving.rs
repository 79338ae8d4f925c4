//! "Leave this page": at once, and without a way back.

use anyhow::{Result, ensure};
use e2e::{PartnerPage, Place, Questions, SurveyPage, World, until};
use serde_json::json;

use crate::ways::{OVERALL, TEXT};

#[tokio::test(flavor = "multi_thread")]
async fn leaving_blanks_the_partners_page_at_once_and_back_does_not_return() -> Result<()> {
    let world = World::start(Questions::Model).await?;
    let browser = world.browser();
    browser.open("about:blank").await?;
    let blank = browser.picture().await?;
    let page = world.open_survey().await?;
    page.choose(OVERALL, "Completely dissatisfied").await?;
    page.turned_to("How did the police first hear about it?").await?;
    let history = page.outside().history;
    let frames = browser.frames().await?;
    assert!(frames.len() == 1 && frames[0].starts_with(world.survey_url()), "{frames:?}");
    page.leave().await?;

    // The page that is to come is slow. Nothing of this one is left by then: not the frame with the
    // answers, not the title in the history, nothing to see.
    browser.go_to(Place::Top).await?;
    until("a blank page", async || {
        let history = browser.history().await?;
        let title = history.last().map(|entry| entry.title.as_str());
        ensure!(browser.frames().await? == [""; 0], "the frame is there");
        ensure!(title == Some("Loading"), "the history shows {title:?}");
        ensure!(browser.picture().await? == blank, "there is something to see");
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

#[tokio::test(flavor = "multi_thread")]
async fn leaving_the_surveys_own_page_goes_elsewhere_and_back_does_not_return() -> Result<()> {
    let mut world = World::start(Questions::Model).await?;
    // The line lets nothing out, so the browser says that it cannot show what it was sent to.
    let weather = "www.bbc.co.uk:443";
    world.expect_request_to(weather);
    world.keep_secret(HALF_A_THOUGHT);
    let page = world.open_own_page().await?;
    half_way(&page).await?;
    page.leave().await?;
    until("the browser to ask for the weather", async || {
        Ok(world.line.calls().iter().any(|call| call.url == weather).then_some(()))
    })
    .await?;

    let browser = world.browser();
    until("the survey to be gone from the history", async || {
        let history = browser.history().await?;
        Ok(history.iter().all(|entry| entry.url != world.survey_url()).then_some(()))
    })
    .await?;
    browser.back().await?;
    has_title(&world, PartnerPage::Before.title()).await?;
    world.end().await
}

/// Whoever has the device next and presses "Back".
#[tokio::test(flavor = "multi_thread")]
async fn back_finds_no_answer_of_somebody_who_went_elsewhere() -> Result<()> {
    let mut world = World::start(Questions::Model).await?;
    world.keep_secret(HALF_A_THOUGHT);
    let page = world.open_own_page().await?;
    half_way(&page).await?;
    world.browser().open(&world.partner.url(PartnerPage::Before)).await?;
    world.browser().back().await?;
    let page = world.wait_for_survey(Place::Top).await?;
    page.at(OVERALL).await?;
    assert_eq!(page.marked().await?, [""; 0]);
    page.skip(OVERALL).await?;

    let page = world.open_survey().await?;
    half_way(&page).await?;
    world.browser().open(&world.partner.url(PartnerPage::Before)).await?;
    world.browser().back().await?;
    let page = world.wait_for_survey(Place::Frame).await?;
    page.at(OVERALL).await?;
    assert_eq!(page.marked().await?, [""; 0]);
    world.end().await
}

const HALF_A_THOUGHT: &str = "half a thought: canary-7730-crane";

/// Answers a question and writes something without going on from there.
async fn half_way(page: &SurveyPage<'_>) -> Result<()> {
    page.choose(OVERALL, "I had no contact with the police").await?;
    page.skip("Why did the police not hear about it?").await?;
    page.skip("What kind of crime was it?").await?;
    page.at(TEXT).await?;
    let field = page.browser().await?.find("textbox", TEXT).await?;
    Ok(field.send_keys(HALF_A_THOUGHT).await?)
}

async fn has_title(world: &World, title: &str) -> Result<()> {
    until(&format!("the page `{title}`"), async || {
        Ok((world.browser().client().title().await? == title).then_some(()))
    })
    .await
}
