//! The example pages, served as the demo serves them.

use anyhow::Result;
use e2e::{Place, Questions, World, until};

use crate::ways::{OVERALL, answer_shortly};

const NEXT: &str = "How did the police first hear about it?";

#[tokio::test(flavor = "multi_thread")]
async fn the_example_of_a_partners_page_works() -> Result<()> {
    let world = World::start(Questions::Model).await?;
    world.come_from_elsewhere().await?;
    let page = format!("{}/examples/partner.html", world.collector.demo_origin());
    world.browser().open(&page).await?;
    let survey = world.wait_for_survey(Place::Frame).await?;
    answer_shortly(&survey, "from the example").await?;
    survey.send().await?;
    survey.turned_to("Your answers were sent").await?;
    assert_eq!(world.find_out()?.responses[0]["context"]["site"], "other");
    world.end().await
}

/// An app that hides the survey, moves it, takes it out and puts it back.
#[tokio::test(flavor = "multi_thread")]
async fn the_example_of_a_single_page_app_keeps_answers_as_long_as_it_keeps_the_element()
-> Result<()> {
    let world = World::start(Questions::Model).await?;
    world.come_from_elsewhere().await?;
    let page = format!("{}/examples/spa.html", world.collector.demo_origin());
    world.browser().open(&page).await?;
    let survey = world.wait_for_survey(Place::Frame).await?;
    survey.choose(OVERALL, "Fairly satisfied").await?;
    survey.turned_to(NEXT).await?;

    press_in_app(&world, "Contact us").await?;
    press_in_app(&world, "Your views").await?;
    survey.at(NEXT).await?;
    press_in_app(&world, "Move it").await?;
    survey.at(NEXT).await?;
    press_in_app(&world, "Take it out").await?;
    // A frame that is just going is not the one that comes next.
    until("the survey to be out", async || {
        Ok(world.browser().frames().await?.is_empty().then_some(()))
    })
    .await?;
    press_in_app(&world, "Put it back").await?;
    let survey = world.wait_for_survey(Place::Frame).await?;
    survey.at(OVERALL).await?;
    assert_eq!(survey.marked().await?, [""; 0]);
    world.end().await
}

async fn press_in_app(world: &World, button: &str) -> Result<()> {
    world.browser().go_to(Place::Top).await?;
    Ok(world.browser().find("button", button).await?.click().await?)
}
