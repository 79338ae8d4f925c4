//! The program does not come, or not whole: it is asked for again, and where it never comes that
//! is said.

use std::time::Duration;

use anyhow::Result;
use e2e::{File, Obstacle, PartnerPage, Place, Point, Questions, World, until};
use serde_json::json;

use super::finish;

const NUMBER: &str = "08 08 16 89 111";
/// The link of the partner's own fallback, as the guide words it.
const LINK: &str = "open them on a page of their own";
const ALWAYS: [Obstacle; 5] = [Obstacle::Missing; 5];

/// Opens a survey with something in the way, chooses "Yes" and continues.
async fn start(world: &World, file: File, obstacles: &[Obstacle]) -> Result<()> {
    world.line.obstruct(file, obstacles.iter().copied());
    let page = world.open_early(Place::Frame).await?;
    page.mark("radio", "Yes").await?;
    page.press("Continue").await
}

async fn begin(file: File, obstacles: &[Obstacle]) -> Result<World> {
    let mut world = World::start(Questions::BeginningWith("single")).await?;
    world.expect_in_console("404");
    world.expect_in_console("ERR_");
    start(&world, file, obstacles).await?;
    Ok(world)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_that_breaks_off_is_asked_for_again() -> Result<()> {
    let world =
        begin(File::Program, &[Obstacle::BrokenOff(Point::Half), Obstacle::Missing]).await?;
    let page = world.wait_for_survey(Place::Frame).await?;
    finish(&world, &page, "Single?", "Yes", json!(1)).await?;
    assert_eq!(world.line.calls_for(File::Program).len(), 3);
    assert_eq!(world.line.calls_for(File::Glue).len(), 1);
    assert_eq!(world.partner_heard().await?, ["survey-ready", "survey-started", "survey-finished"]);
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_glue_that_is_not_there_or_breaks_off_is_asked_for_again() -> Result<()> {
    let world = begin(File::Glue, &[Obstacle::Missing, Obstacle::BrokenOff(Point::Half)]).await?;
    let page = world.wait_for_survey(Place::Frame).await?;
    finish(&world, &page, "Single?", "Yes", json!(1)).await?;
    assert_eq!(world.line.calls_for(File::Glue).len(), 3);
    assert_eq!(world.line.calls_for(File::Program).len(), 1);
    world.end().await
}

/// A tunnel, a lift, a dead spot: nothing is taken away, it is said, and it can be tried again.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_answered_is_kept_until_the_program_comes() -> Result<()> {
    kept_until_it_comes(File::Program).await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_answered_is_kept_until_the_glue_comes() -> Result<()> {
    kept_until_it_comes(File::Glue).await
}

async fn kept_until_it_comes(file: File) -> Result<()> {
    // As often as it is tried before the person is told.
    let world = begin(file, &[Obstacle::Missing; 4]).await?;
    let page = world.wait_for_first_page(Place::Frame).await?;
    page.hear("The next question has not come yet. Your answer is kept.").await?;
    assert_eq!(world.line.calls_for(file).len(), 4);
    let browser = page.browser().await?;
    assert_eq!(page.marked().await?, ["Yes"]);
    browser.find("button", "Leave this page").await?;
    page.press("Try now").await?;
    finish(&world, &page, "Single?", "Yes", json!(1)).await?;
    assert_eq!(browser.find_all("button", Some("Try now")).await?.len(), 0);
    assert_eq!(world.line.calls_for(file).len(), 5);
    assert_eq!(world.partner_heard().await?, ["survey-ready", "survey-started", "survey-finished"]);
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_is_asked_for_when_there_is_signal_again() -> Result<()> {
    let world = begin(File::Program, &[Obstacle::Missing; 4]).await?;
    let page = world.wait_for_first_page(Place::Frame).await?;
    page.hear("The next question has not come yet.").await?;
    // Long before it would try by itself.
    page.browser().await?.run("dispatchEvent(new Event('online'))", Vec::new()).await?;
    finish(&world, &page, "Single?", "Yes", json!(1)).await?;
    world.end().await
}

/// A program that trapped does nothing any more: it says whom to call, and so does the partner's
/// page; leaving still works.
#[tokio::test(flavor = "multi_thread")]
async fn a_program_that_broke_says_whom_to_call() -> Result<()> {
    let world = World::start(Questions::BeginningWith("single")).await?;
    let page = world.open_survey().await?;
    let trap = "const error = new WebAssembly.RuntimeError('unreachable');
        dispatchEvent(new ErrorEvent('error', { error }))";
    page.browser().await?.run(trap, Vec::new()).await?;
    says_whom_to_call(&world).await?;
    let browser = world.browser();
    browser.go_to(Place::Top).await?;
    browser.find("link", LINK).await?;
    browser.find("link", NUMBER).await?;
    assert_eq!(world.partner_heard().await?, ["survey-ready", "survey-failed"]);
    world.end().await
}

/// Instead of questions that could be answered and never sent.
async fn says_whom_to_call(world: &World) -> Result<()> {
    let browser = world.browser();
    let says = "return document.body.innerText";
    let says = browser.run(says, Vec::new()).await?;
    let says = says.as_str().unwrap_or_default();
    assert!(says.contains("The questions cannot be shown here just now."), "{says}");
    assert!(says.contains(NUMBER), "{says}");
    assert!(!says.contains("Your answer is kept"), "{says}");
    assert_eq!(browser.names("radio").await?, [""; 0], "what cannot be sent can be answered");
    assert_eq!(browser.names("button").await?, ["Leave this page"]);
    Ok(())
}

/// The document itself breaks off, and no event tells a page that it did.
#[tokio::test(flavor = "multi_thread")]
async fn a_document_that_breaks_off_says_whom_to_call() -> Result<()> {
    let world = World::start(Questions::BeginningWith("single")).await?;
    world.line.hold(File::Document);
    world.line.obstruct(File::Document, [Obstacle::BrokenOff(Point::Before("id=\"wait\""))]);
    let page = world.open_early(Place::Top).await?;
    page.mark("radio", "Yes").await?;
    page.press("Continue").await?;
    world.line.let_go(File::Document);
    // It gives the line some time.
    tokio::time::sleep(Duration::from_secs(20)).await;
    until("the page to say whom to call", async || {
        Ok((!world.browser().find_all("alert", None).await?.is_empty()).then_some(()))
    })
    .await?;
    says_whom_to_call(&world).await?;
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn where_the_document_breaks_off_the_partners_fallback_stays() -> Result<()> {
    let world = World::start(Questions::BeginningWith("single")).await?;
    world.line.obstruct(File::Document, [Obstacle::BrokenOff(Point::Half)]);
    world.open_partner_page(PartnerPage::Snippet).await?;
    tokio::time::sleep(Duration::from_secs(10)).await;
    until("the loader to give up", async || {
        Ok((world.partner_heard().await? == ["survey-failed"]).then_some(()))
    })
    .await?;
    world.browser().find("link", LINK).await?;
    world.browser().find("link", NUMBER).await?;
    world.end().await
}

/// The rest of the document comes slowly: what is pressed meanwhile is done.
#[tokio::test(flavor = "multi_thread")]
async fn a_press_counts_while_the_document_is_still_coming() -> Result<()> {
    let world = World::start(Questions::BeginningWith("single")).await?;
    let rest = Obstacle::RestHeld(Point::Before("id=\"wait\""));
    world.line.obstruct(File::Document, [rest]);
    let page = world.open_early(Place::Top).await?;
    page.mark("radio", "Yes").await?;
    page.press("Continue").await?;
    world.line.let_go(File::Document);
    finish(&world, &page, "Single?", "Yes", json!(1)).await?;
    world.end().await
}

/// It came to a stop for so long that it was given up, and then went on after all.
#[tokio::test(flavor = "multi_thread")]
async fn a_document_that_goes_on_after_all_can_be_answered() -> Result<()> {
    let world = World::start(Questions::BeginningWith("single")).await?;
    let rest = Obstacle::RestHeld(Point::Before("id=\"wait\""));
    world.line.obstruct(File::Document, [rest]);
    let page = world.open_early(Place::Top).await?;
    page.mark("radio", "Yes").await?;
    tokio::time::sleep(Duration::from_secs(20)).await;
    until("the page to say whom to call", async || {
        Ok((!world.browser().find_all("alert", None).await?.is_empty()).then_some(()))
    })
    .await?;
    world.line.let_go(File::Document);
    page.at("Single?").await?;
    assert_eq!(page.marked().await?, ["Yes"]);
    page.press("Continue").await?;
    finish(&world, &page, "Single?", "Yes", json!(1)).await?;
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn leaving_works_while_the_document_is_still_coming() -> Result<()> {
    let mut world = World::start(Questions::BeginningWith("single")).await?;
    let weather = "www.bbc.co.uk:443";
    world.expect_request_to(weather);
    let rest = Obstacle::RestHeld(Point::Before("id=\"wait\""));
    world.line.obstruct(File::Document, [rest]);
    let page = world.open_early(Place::Top).await?;
    page.leave().await?;
    until("the browser to ask for the weather", async || {
        Ok(world.line.calls().iter().any(|call| call.url == weather).then_some(()))
    })
    .await?;
    world.end().await
}

/// The sealer is a file of its own; it is tried again when it is needed.
#[tokio::test(flavor = "multi_thread")]
async fn a_sealer_that_did_not_come_at_first_is_asked_for_again() -> Result<()> {
    let world = begin(File::Sealer, &[Obstacle::BrokenOff(Point::Half), Obstacle::Missing]).await?;
    let page = world.wait_for_survey(Place::Frame).await?;
    finish(&world, &page, "Single?", "Yes", json!(1)).await?;
    assert_eq!(world.line.calls_for(File::Sealer).len(), 3);
    world.end().await
}

/// Nothing leaves the device unsealed, and nothing is lost: it is said, and can be tried again.
#[tokio::test(flavor = "multi_thread")]
async fn without_a_sealer_the_answers_are_kept_until_it_comes() -> Result<()> {
    // Once ahead of time, then as often as it is tried before the person is told.
    let world = begin(File::Sealer, &ALWAYS).await?;
    let page = world.wait_for_survey(Place::Frame).await?;
    page.choose("Last?", "Yes").await?;
    page.send().await?;
    // It waits longer each time, 14 seconds in all.
    until("the sealer to be asked for as often as that", async || {
        Ok((world.line.calls_for(File::Sealer).len() == 5).then_some(()))
    })
    .await?;
    page.at("Your answers were not sent").await?;
    page.hear("Your answers are still here.").await?;
    page.browser().await?.find("heading", "People who can help").await?;
    assert_eq!(world.line.posts().len(), 0);
    page.press("Try now").await?;
    page.turned_to("Sent").await?;
    assert_eq!(world.line.posts().len(), 1);
    world.end().await
}
