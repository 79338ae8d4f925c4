//! "Leave this page": at once, and without a way back.

use anyhow::Result;
use e2e::{PartnerPage, Place, Questions, World, until};
use serde_json::json;

use crate::ways::{OVERALL, TEXT};

#[tokio::test(flavor = "multi_thread")]
async fn leaving_blanks_the_partners_page_at_once_and_back_does_not_return() -> Result<()> {
    let world = World::start(Questions::Model).await?;
    let page = world.open_survey().await?;
    page.choose(OVERALL, "Completely dissatisfied").await?;
    page.turned_to("How did the police first hear about it?").await?;
    let history = page.outside().history;
    page.leave().await?;

    // The page that is to come is slow; nothing of this one is left by then.
    let browser = world.browser();
    browser.go_to(Place::Top).await?;
    until("a blank page", async || {
        let tree = browser.accessibility_tree().await?;
        Ok((tree.trim() == "RootWebArea \"Loading\"").then_some(()))
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
    world.keep_secret("half a thought: canary-7730-crane");
    let page = world.open_own_page().await?;
    page.choose(OVERALL, "I had no contact with the police").await?;
    page.skip("Why did the police not hear about it?").await?;
    page.skip("What kind of crime was it?").await?;
    page.at(TEXT).await?;
    let field = page.browser().await?.find("textbox", TEXT).await?;
    field.send_keys("half a thought: canary-7730-crane").await?;
    page.leave().await?;
    until("the browser to ask for the weather", async || {
        Ok(world.line.calls().iter().any(|call| call.url == weather).then_some(()))
    })
    .await?;

    let browser = world.browser();
    until("the survey to be gone from the history", async || {
        let history = browser.command("Page.getNavigationHistory", json!({})).await?;
        let survey = world.survey_url();
        let entries = history["entries"].as_array().cloned().unwrap_or_default();
        Ok(entries.iter().all(|entry| entry["url"] != survey).then_some(()))
    })
    .await?;
    browser.back().await?;
    has_title(&world, PartnerPage::Before.title()).await?;
    world.end().await
}

async fn has_title(world: &World, title: &str) -> Result<()> {
    until(&format!("the page `{title}`"), async || {
        Ok((world.browser().client().title().await? == title).then_some(()))
    })
    .await
}
