//! The example pages, served as the demo serves them.

use anyhow::Result;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use e2e::{Place, Questions, World, until};
use serde_json::json;

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
    press_in_app(&world, "Render again").await?;
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

/// A style sheet for every element, and a page builder around: the survey is as it is anywhere, in
/// the charity's colours, and the way out stays in view.
#[tokio::test(flavor = "multi_thread")]
async fn the_example_of_a_hostile_style_sheet_does_not_reach_the_survey() -> Result<()> {
    let world = World::start(Questions::Model).await?;
    world.use_small_phone().await?;
    world.come_from_elsewhere().await?;
    let page = format!("{}/examples/charity.html", world.collector.demo_origin());
    world.browser().open(&page).await?;
    let survey = world.wait_for_survey(Place::Frame).await?;
    let colours = "const style = getComputedStyle(document.body); return [style.color, style.backgroundColor, innerWidth]";
    let colours = survey.browser().await?.run(colours, Vec::new()).await?;
    assert_eq!(colours, json!(["rgb(51, 36, 15)", "rgb(253, 247, 239)", 288]));
    answer_shortly(&survey, "from the charity").await?;

    world.browser().go_to(Place::Top).await?;
    let scroll = "const frame = document.querySelector('survey-frame');
        scrollTo(0, frame.getBoundingClientRect().top + scrollY + 150)";
    world.browser().run(scroll, Vec::new()).await?;
    let way = world.browser().find("button", "Leave this page").await?;
    let seen = "const { left, top, right, bottom, height } = arguments[0].getBoundingClientRect();
        const over = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
        const style = getComputedStyle(arguments[0]);
        return [over.localName, top, right <= innerWidth && left >= 0, height >= 44, style.fontSize, style.visibility]";
    let seen = world.browser().run(seen, vec![serde_json::to_value(&way)?]).await?;
    assert_eq!(seen, json!(["survey-frame", 8, true, true, "18px", "visible"]));

    survey.send().await?;
    survey.turned_to("Your answers were sent").await?;
    assert_eq!(world.find_out()?.texts, [("text".to_owned(), "from the charity".to_owned())]);
    world.end().await
}

/// Under a policy that allows the survey and nothing else, not even a style.
#[tokio::test(flavor = "multi_thread")]
async fn the_example_of_a_strict_page_works_without_any_style() -> Result<()> {
    let world = World::start(Questions::Model).await?;
    world.line.take_out_of_policies("style-src 'self'");
    world.come_from_elsewhere().await?;
    let page = format!("{}/examples/strict.html", world.collector.demo_origin());
    world.browser().open(&page).await?;
    let survey = world.wait_for_survey(Place::Frame).await?;
    answer_shortly(&survey, "from the strict page").await?;
    survey.send().await?;
    survey.turned_to("Your answers were sent").await?;
    world.browser().go_to(Place::Top).await?;
    world.browser().run("scrollTo(0, 250)", Vec::new()).await?;
    world.browser().find("button", "Leave this page").await?;
    world.end().await
}

/// A sheet to print fits one page and shows the address twice: as a code, and to type.
#[tokio::test(flavor = "multi_thread")]
async fn the_example_of_a_letter_fits_one_sheet() -> Result<()> {
    let world = World::start(Questions::Model).await?;
    let page = format!("{}/examples/letter.html", world.collector.demo_origin());
    world.browser().open(&page).await?;
    world.browser().find("image", "The address below, for the camera of a phone").await?;
    let paper = json!({ "paperWidth": 8.27, "paperHeight": 11.69 });
    let pdf = world.browser().command("Page.printToPDF", paper).await?;
    let pdf = STANDARD.decode(pdf["data"].as_str().unwrap_or_default())?;
    let pages = String::from_utf8_lossy(&pdf).matches("/Type /Page\n").count();
    assert_eq!(pages, 1);
    world.end().await
}

async fn press_in_app(world: &World, button: &str) -> Result<()> {
    world.browser().go_to(Place::Top).await?;
    Ok(world.browser().find("button", button).await?.click().await?)
}
