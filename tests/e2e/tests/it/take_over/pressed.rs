//! What is pressed before the program runs is done as soon as it does, and once.

use anyhow::Result;
use e2e::{File, Place, Questions, SurveyPage, World};
use fantoccini::{
    actions::{InputSource as _, MOUSE_BUTTON_LEFT, MouseActions, PointerAction},
    elements::Element,
    key::Key,
};
use serde_json::json;

use super::{before_the_program, finish, open, take_over};

const WAIT: &str = "One moment. Your answer is kept, and the next question is loading.";

/// The page `to` comes, the words that asked to wait go, and nothing else comes by itself.
async fn turns_once_to(world: &World, page: &SurveyPage<'_>, to: &str) -> Result<()> {
    page.hear(WAIT).await?;
    take_over(world, page).await?;
    page.turned_to(to).await?;
    stays(page, to).await
}

async fn stays(page: &SurveyPage<'_>, heading: &str) -> Result<()> {
    let browser = page.browser().await?;
    // A second press that was kept as well would be done by then.
    browser.run("return new Promise((done) => setTimeout(done, 300))", Vec::new()).await?;
    page.at(heading).await?;
    let said = "return find('status', null).some((line) => text(line) === arguments[0])";
    let waits = browser.run(said, vec![json!(WAIT)]).await?;
    assert_eq!(waits, json!(false), "it still asks to wait");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn continue_leads_to_the_second_page_once() -> Result<()> {
    let world = World::start(Questions::EveryType).await?;
    for presses in [1, 2, 5] {
        world.line.hold(File::Program);
        let page = open(&world).await?;
        page.mark("radio", "Yes").await?;
        for _ in 0..presses {
            page.press("Continue").await?;
        }
        turns_once_to(&world, &page, "Multiple?").await?;
        page.back("Multiple?").await?;
        page.turned_to("Single?").await?;
        assert_eq!(page.marked().await?, ["Yes"], "pressed {presses} times");
    }
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn continue_without_an_answer_leads_on_as_it_always_does() -> Result<()> {
    let world = World::start(Questions::EveryType).await?;
    world.line.hold(File::Program);
    let page = open(&world).await?;
    page.press("Continue").await?;
    turns_once_to(&world, &page, "Multiple?").await?;
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_is_changed_after_continue_is_the_one_that_counts() -> Result<()> {
    let world = before_the_program("single").await?;
    let page = open(&world).await?;
    page.mark("radio", "Yes").await?;
    page.press("Continue").await?;
    page.mark("radio", "No").await?;
    turns_once_to(&world, &page, "Last?").await?;
    finish(&world, &page, "Single?", "No", json!(2)).await?;
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn skipping_skips_even_what_was_chosen() -> Result<()> {
    let world = before_the_program("single").await?;
    let page = open(&world).await?;
    page.mark("radio", "Yes").await?;
    page.press("Continue").await?;
    page.press("Skip this question").await?;
    turns_once_to(&world, &page, "Last?").await?;
    finish(&world, &page, "Single?", "Not answered", json!({ "missing": "skipped" })).await?;
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_answers_after_skipping_did_not_mean_to_skip() -> Result<()> {
    let world = before_the_program("single").await?;
    let page = open(&world).await?;
    page.press("Skip this question").await?;
    page.mark("radio", "Yes").await?;
    take_over(&world, &page).await?;
    stays(&page, "Single?").await?;
    page.press("Continue").await?;
    finish(&world, &page, "Single?", "Yes", json!(1)).await?;
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn that_a_press_is_kept_is_announced() -> Result<()> {
    let world = before_the_program("single").await?;
    let page = open(&world).await?;
    // An announcement is a change of a line that was there before.
    let silent = "return find('status', null).map((line) => line.innerText)";
    assert_eq!(page.browser().await?.run(silent, Vec::new()).await?, json!([""]));
    page.press("Continue").await?;
    page.hear("Your answer is kept, and the next question is loading.").await?;
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn enter_in_a_field_of_one_line_is_continue() -> Result<()> {
    let world = before_the_program("text").await?;
    let page = open(&world).await?;
    let browser = page.browser().await?;
    page.point_at("Text?").await?;
    browser.press_keys("few words".chars().chain([Key::Enter.into(); 2])).await?;
    turns_once_to(&world, &page, "Last?").await?;
    finish(&world, &page, "Text?", "few words", json!("few words")).await?;
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn enter_in_a_field_of_several_lines_is_a_new_line() -> Result<()> {
    let world = before_the_program("long_text").await?;
    let page = open(&world).await?;
    let browser = page.browser().await?;
    page.point_at("Long text?").await?;
    browser.press_keys(['a', Key::Enter.into(), 'b']).await?;
    take_over(&world, &page).await?;
    stays(&page, "Long text?").await?;
    page.press("Continue").await?;
    finish(&world, &page, "Long text?", "a\nb", json!("a\nb")).await?;
    world.end().await
}

/// What is wrong with an answer is said as usual, by the program.
#[tokio::test(flavor = "multi_thread")]
async fn a_text_that_is_too_long_is_kept_and_the_problem_named() -> Result<()> {
    let world = before_the_program("text").await?;
    let page = open(&world).await?;
    let browser = page.browser().await?;
    page.point_at("Text?").await?;
    browser.press_keys("just a few words too many".chars().chain([Key::Enter.into()])).await?;
    take_over(&world, &page).await?;
    browser.find("group", "There is a problem").await?;
    assert_eq!(page.value("textbox", "Text?").await?, "just a few words too many");
    page.write("Text?", "few words").await?;
    finish(&world, &page, "Text?", "few words", json!("few words")).await?;
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_press_buttons_too() -> Result<()> {
    let world = World::start(Questions::EveryType).await?;
    for key in [' ', Key::Enter.into()] {
        world.line.hold(File::Program);
        let page = open(&world).await?;
        page.mark("radio", "Does not apply").await?;
        let browser = page.browser().await?;
        let focus = "find('button', 'Continue')[0].focus()";
        browser.run(focus, Vec::new()).await?;
        browser.press_keys([key]).await?;
        turns_once_to(&world, &page, "Multiple?").await?;
    }
    world.end().await
}

/// The finger is down when the program takes over, and up afterwards.
#[tokio::test(flavor = "multi_thread")]
async fn a_press_that_begins_before_and_ends_after_counts_once() -> Result<()> {
    let world = World::start(Questions::EveryType).await?;
    world.line.hold(File::Program);
    // In a frame, the driver takes every place for one outside the window.
    let page = world.open_early(Place::Top).await?;
    page.mark("radio", "Yes").await?;
    let browser = page.browser().await?;
    let button = browser.find("button", "Continue").await?;
    let show = "find('button', 'Continue')[0].scrollIntoView()";
    browser.run(show, Vec::new()).await?;
    let mouse = || MouseActions::new("mouse".to_owned());
    let down = PointerAction::Down { button: MOUSE_BUTTON_LEFT };
    browser.client().perform_actions(mouse().then(over(button)).then(down)).await?;
    take_over(&world, &page).await?;
    stays(&page, "Single?").await?;
    let up = PointerAction::Up { button: MOUSE_BUTTON_LEFT };
    browser.client().perform_actions(mouse().then(up)).await?;
    page.turned_to("Multiple?").await?;
    stays(&page, "Multiple?").await?;
    world.end().await
}

fn over(element: Element) -> PointerAction {
    PointerAction::MoveToElement { element, duration: None, x: 0.0, y: 0.0 }
}

/// A first page that offers two ways: the one that was pressed is the one that is taken.
#[tokio::test(flavor = "multi_thread")]
async fn a_way_that_is_taken_early_is_the_way_that_is_gone() -> Result<()> {
    let world = before_the_program("gate").await?;
    let page = open(&world).await?;
    page.press("Finish now").await?;
    page.press("Go on").await?;
    turns_once_to(&world, &page, "Last?").await?;
    world.line.hold(File::Program);
    let page = open(&world).await?;
    page.press("Finish now").await?;
    turns_once_to(&world, &page, "Check your answers").await?;
    world.end().await
}
