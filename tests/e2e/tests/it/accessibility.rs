//! Every type of page as assistive technology gets it: roles, names, descriptions and states.
//!
//! Taken on the survey's own page: the driver reads the tree of the tab's document alone, and it is
//! the same document as in a frame. After a change, look at what is different before taking it
//! with `UPDATE_EXPECT=1`: each of these lines is what somebody hears.

use std::path::Path;

use anyhow::Result;
use e2e::{Questions, SurveyPage, World, until};
use expect_test::expect_file;

#[tokio::test(flavor = "multi_thread")]
async fn every_type_of_page_is_read_as_it_is_meant() -> Result<()> {
    let world = World::start(Questions::EveryType).await?;
    let page = world.open_own_page().await?;
    page.at("Single?").await?;
    is_read_as(&world, "single").await?;
    page.choose("Single?", "Yes").await?;
    page.turned_to("Multiple?").await?;
    page.mark("checkbox", "This").await?;
    is_read_as(&world, "multiple").await?;
    page.press("Continue").await?;
    page.turned_to("Scale?").await?;
    is_read_as(&world, "scale").await?;
    page.choose("Scale?", "Bad").await?;
    page.turned_to("Select?").await?;
    is_read_as(&world, "select").await?;
    page.pick("Select?", "Place 12").await?;
    page.turned_to("Rating?").await?;
    is_read_as(&world, "rating").await?;
    page.choose("Rating?", "10 (Fully)").await?;
    page.write("Text?", "just a few words too many").await?;
    page.browser().await?.find("group", "There is a problem").await?;
    is_read_as(&world, "text-with-a-problem").await?;
    page.write("Text?", "just a few words").await?;
    page.turned_to("Long text?").await?;
    is_read_as(&world, "long-text").await?;
    page.write("Long text?", "one line").await?;
    page.turned_to("Month?").await?;
    is_read_as(&world, "month").await?;
    page.skip("Month?").await?;
    page.turned_to("Go on?").await?;
    is_read_as(&world, "gate").await?;
    page.decide("Go on?", "Go on").await?;
    page.turned_to("A word").await?;
    is_read_as(&world, "statement").await?;
    page.read("A word").await?;
    page.choose("Last?", "No").await?;
    page.checking().await?;
    is_read_as(&world, "check").await?;

    world.collector.stop().await?;
    page.send().await?;
    give_up(&page).await?;
    is_read_as(&world, "not-sent").await?;
    world.collector.start().await?;
    page.try_until("Sent").await?;
    is_read_as(&world, "done").await?;
    assert_eq!(world.collector.stored().await?.len(), 1);
    world.end().await
}

/// Tries until the protocol's tries are used up.
async fn give_up(page: &SurveyPage<'_>) -> Result<()> {
    let browser = page.browser().await?;
    until("the widget to give up", async || {
        if !browser.names("heading").await?.contains(&"People who can help".to_owned()) {
            browser.find("button", "Try now").await?.click().await?;
            return Ok(None);
        }
        Ok(Some(()))
    })
    .await
}

async fn is_read_as(world: &World, name: &str) -> Result<()> {
    let tree = world.browser().accessibility_tree().await?;
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/read_as");
    expect_file![folder.join(format!("{name}.txt"))].assert_eq(&tree);
    Ok(())
}
