//! What the page around and the survey say to each other, and leaving, before the program runs.

use anyhow::{Result, ensure};
use e2e::{File, PartnerPage, Place, Questions, World, until};
use serde_json::json;

use super::{before_the_program, open, take_over};
use crate::ways::{OVERALL, TEXT};

const HALF_A_THOUGHT: &str = "half a thought: canary-4402-plover";

#[tokio::test(flavor = "multi_thread")]
async fn the_partners_page_shows_the_first_question_without_a_program() -> Result<()> {
    let world = before_the_program("single").await?;
    open(&world).await?;
    assert_eq!(world.partner_heard().await?, ["survey-ready"]);
    let browser = world.browser();
    let links = browser.names("link").await?;
    assert_eq!(links, ["Home"], "the words for when there is no survey are still there");
    let frame = "const { height } = document.querySelector('survey-frame').getBoundingClientRect();
        return height";
    let height =
        || async { Ok::<_, anyhow::Error>(browser.run(frame, Vec::new()).await?.as_f64()) };
    let page = world.wait_for_first_page(Place::Frame).await?;
    let inside = "return document.body.getBoundingClientRect().height";
    let content = page.browser().await?.run(inside, Vec::new()).await?.as_f64();
    browser.go_to(Place::Top).await?;
    until("a frame as high as the page", async || Ok((height().await? >= content).then_some(())))
        .await?;
    // And it stays so: nothing of the partner's page moves again.
    let before = height().await?;
    take_over(&world, &page).await?;
    browser.go_to(Place::Top).await?;
    browser.run("return new Promise((done) => setTimeout(done, 400))", Vec::new()).await?;
    assert_eq!(height().await?, before);
    world.end().await
}

/// Where the survey stands is known, although it was told before there was a program.
#[tokio::test(flavor = "multi_thread")]
async fn the_context_arrives_although_it_is_told_early() -> Result<()> {
    let world = World::start(Questions::Model).await?;
    world.line.hold(File::Program);
    let page = open(&world).await?;
    page.mark("radio", "I had no contact with the police").await?;
    page.press("Continue").await?;
    take_over(&world, &page).await?;
    on_to_the_end(&world, &page).await?;
    world.end().await
}

/// The partner's page is busy, as many are: the program is there before it says anything.
#[tokio::test(flavor = "multi_thread")]
async fn the_context_arrives_although_it_is_told_late() -> Result<()> {
    let world = World::start(Questions::Model).await?;
    let busy = "addEventListener('message', ({ data }) => {
            if (data?.t !== 'ready') return;
            const end = Date.now() + 1500;
            while (Date.now() < end);
        })";
    world.browser().run_first(busy).await?;
    let page = world.open_survey().await?;
    page.mark("radio", "I had no contact with the police").await?;
    page.press("Continue").await?;
    on_to_the_end(&world, &page).await?;
    world.end().await
}

/// From the second page of the model survey on.
async fn on_to_the_end(world: &World, page: &e2e::SurveyPage<'_>) -> Result<()> {
    page.skip("Why did the police not hear about it?").await?;
    page.skip("What kind of crime was it?").await?;
    page.skip(TEXT).await?;
    page.decide("A few questions about you", "Skip them all").await?;
    page.send().await?;
    page.turned_to("Your answers were sent").await?;
    let found = world.find_out()?;
    assert_eq!(found.responses[0]["context"], json!({ "site": "met" }));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn leaving_works_without_a_program() -> Result<()> {
    let mut world = before_the_program("long_text").await?;
    world.keep_secret(HALF_A_THOUGHT);
    let page = open(&world).await?;
    page.browser().await?.find("textbox", "Long text?").await?.send_keys(HALF_A_THOUGHT).await?;
    page.press("Continue").await?;
    page.leave().await?;
    let browser = world.browser();
    browser.go_to(Place::Top).await?;
    until("the partner's page to be gone", async || {
        ensure!(browser.frames().await? == [""; 0], "the frame is there");
        let history = browser.history().await?;
        ensure!(history.last().is_some_and(|entry| entry.title == "Loading"), "the title is there");
        Ok(Some(()))
    })
    .await?;
    world.line.let_go(File::Program);
    world.partner.let_go();
    has_title(&world, PartnerPage::Elsewhere.title()).await?;
    browser.back().await?;
    has_title(&world, PartnerPage::Before.title()).await?;
    assert_eq!(world.line.posts().len(), 0, "nothing is sent");
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn leaving_the_surveys_own_page_works_without_a_program() -> Result<()> {
    let mut world = before_the_program("long_text").await?;
    let weather = "www.bbc.co.uk:443";
    world.expect_request_to(weather);
    world.keep_secret(HALF_A_THOUGHT);
    let page = world.open_early(Place::Top).await?;
    page.browser().await?.find("textbox", "Long text?").await?.send_keys(HALF_A_THOUGHT).await?;
    page.leave().await?;
    until("the browser to ask for the weather", async || {
        Ok(world.line.calls().iter().any(|call| call.url == weather).then_some(()))
    })
    .await?;
    world.line.let_go(File::Program);
    let browser = world.browser();
    until("the survey to be gone from the history", async || {
        let history = browser.history().await?;
        Ok(history.iter().all(|entry| entry.url != world.survey_url()).then_some(()))
    })
    .await?;
    browser.back().await?;
    has_title(&world, PartnerPage::Before.title()).await?;
    assert_eq!(world.line.posts().len(), 0, "nothing is sent");
    world.end().await
}

/// Whoever has the device next and presses "Back", while the program never came.
#[tokio::test(flavor = "multi_thread")]
async fn back_finds_no_answer_of_somebody_for_whom_the_program_did_not_come() -> Result<()> {
    let mut world = World::start(Questions::Model).await?;
    world.keep_secret(HALF_A_THOUGHT);
    for place in [Place::Top, Place::Frame] {
        world.line.hold(File::Program);
        let page = world.open_early(place).await?;
        page.mark("radio", "Very dissatisfied").await?;
        page.press("Continue").await?;
        let elsewhere = world.partner.url(PartnerPage::Before);
        world.browser().open(&elsewhere).await?;
        world.browser().back().await?;
        let page = world.wait_for_first_page(place).await?;
        page.at(OVERALL).await?;
        assert_eq!(page.marked().await?, [""; 0]);
        world.line.let_go(File::Program);
        page.taken_over().await?;
        page.at(OVERALL).await?;
        assert_eq!(page.marked().await?, [""; 0]);
    }
    world.end().await
}

async fn has_title(world: &World, title: &str) -> Result<()> {
    until(&format!("the page `{title}`"), async || {
        Ok((world.browser().client().title().await? == title).then_some(()))
    })
    .await
}
