//! Sending when something is in the way: nothing is lost, and nothing counts twice.

use anyhow::Result;
use e2e::{File, Mishap, Obstacle, Questions, World, until};

use crate::ways::answer_shortly;

const WRITTEN: &str = "Please keep this: canary-2210-heron";
const SENT: &str = "Your answers were sent";

#[tokio::test(flavor = "multi_thread")]
async fn answers_wait_while_the_collector_is_down_and_arrive_once() -> Result<()> {
    let mut world = World::start(Questions::Model).await?;
    world.keep_secret(WRITTEN);
    let page = world.open_survey().await?;
    answer_shortly(&page, WRITTEN).await?;
    world.collector.stop().await?;
    page.send().await?;
    page.turned_to("Sending your answers").await?;
    page.hear("Not sent yet. Keep this page open.").await?;
    world.collector.start().await?;
    page.try_until(SENT).await?;

    assert_eq!(world.collector.stored().await?.len(), 1);
    let found = world.find_out()?;
    assert_eq!(found.responses[0]["answers"]["text"], WRITTEN);
    world.end().await
}

/// First a hotel's Wi-Fi answers in place of the collector. Then the collector stores the response
/// and dies before anybody hears of it.
#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_got_lost_and_a_crash_do_not_make_two_of_one() -> Result<()> {
    let mut world = World::start(Questions::Model).await?;
    world.keep_secret(WRITTEN);
    let page = world.open_survey().await?;
    answer_shortly(&page, WRITTEN).await?;
    world.line.expect_mishaps([Mishap::Portal, Mishap::AnswerLost]);
    page.send().await?;
    until("the answer to get lost", async || Ok(world.line.is_cut().then_some(()))).await?;
    world.collector.kill()?;
    world.collector.start().await?;
    let stored = world.collector.stored().await?;
    assert_eq!(stored.len(), 1, "stored before it was answered");
    page.hear("Not sent yet").await?;
    world.line.mend();
    page.try_until(SENT).await?;

    let posts = world.line.posts();
    assert!(posts.len() > 2, "portal, lost, and again: {} posts", posts.len());
    assert!(posts.iter().all(|post| post.body == posts[0].body), "not the same bytes again");
    assert_eq!(world.collector.stored().await?, stored);
    assert_eq!(world.find_out()?.responses.len(), 1);
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_survey_that_has_closed_says_so_and_who_helps() -> Result<()> {
    let mut world = World::start(Questions::Model).await?;
    world.keep_secret(WRITTEN);
    let page = world.open_survey().await?;
    answer_shortly(&page, WRITTEN).await?;
    world.line.expect_mishaps([Mishap::Closed]);
    page.send().await?;
    page.hear("This survey has closed. Your answers were not sent.").await?;
    let headings = page.browser().await?.names("heading").await?;
    assert_eq!(headings, ["Your answers were not sent", "People who can help"]);
    assert_eq!(page.browser().await?.names("button").await?, ["Leave this page"]);
    assert_eq!(world.collector.stored().await?.len(), 0);
    world.end().await
}

/// The survey was published anew for another key while somebody answered: the answers are sealed
/// for that key, and the old one, which may be in the wrong hands, opens nothing.
#[tokio::test(flavor = "multi_thread")]
async fn answers_are_sealed_anew_for_a_key_that_was_changed_meanwhile() -> Result<()> {
    let mut world = World::start(Questions::Model).await?;
    world.keep_secret(WRITTEN);
    let page = world.open_survey().await?;
    answer_shortly(&page, WRITTEN).await?;
    let second = world.change_analysts(Questions::Model).await?;
    page.send().await?;
    page.turned_to(SENT).await?;

    let posts = world.line.posts();
    assert_eq!(posts.len(), 2, "once for the old key and once for the new one");
    assert_ne!(posts[0].body, posts[1].body);
    assert_eq!(world.collector.stored().await?.len(), 1);
    let found = second.find_out(&world.collector.admin_origin())?;
    assert_eq!(found.texts, [("text".to_owned(), WRITTEN.to_owned())]);
    assert!(world.find_out().is_err(), "the old key opens it");
    world.end().await
}

/// The collector has heard of another definition, and the survey's page has not, or cannot be had.
#[tokio::test(flavor = "multi_thread")]
async fn answers_wait_until_the_page_is_there_that_they_can_be_sealed_for() -> Result<()> {
    let mut world = World::start(Questions::BeginningWith("single")).await?;
    world.expect_in_console("404");
    let page = world.open_survey().await?;
    page.choose("Single?", "Yes").await?;
    page.choose("Last?", "Yes").await?;
    world.line.expect_mishaps([Mishap::Outdated, Mishap::Outdated]);
    page.send().await?;
    page.hear("Your answers are still here.").await?;
    assert_eq!(world.line.posts().len(), 1);

    world.line.obstruct(File::Document, [Obstacle::Missing]);
    page.press("Try now").await?;
    until("a second try", async || Ok((world.line.posts().len() == 2).then_some(()))).await?;
    page.hear("Your answers are still here.").await?;
    page.press("Try now").await?;
    page.turned_to("Sent").await?;
    assert_eq!(world.collector.stored().await?.len(), 1);
    world.end().await
}
