//! The program comes at once, late, or very late, and in the middle of everything.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use e2e::{File, Obstacle, Place, Questions, SurveyPage, World};
use fantoccini::key::Key;
use serde_json::json;

use super::{finish, open};

const LINE: &str = "Nobody rang me back, and I had to ask for it four times before they did";

async fn with_a_program_after(delay: Duration, kind: &'static str) -> Result<World> {
    let world = World::start(Questions::BeginningWith(kind)).await?;
    world.line.obstruct(File::Program, [Obstacle::Late(delay)]);
    Ok(world)
}

/// Chooses and continues as soon as that is possible.
async fn choose(delay: Duration) -> Result<()> {
    let world = with_a_program_after(delay, "single").await?;
    let page = world.open_early(Place::Frame).await?;
    page.mark("radio", "Yes").await?;
    page.press("Continue").await?;
    finish(&world, &page, "Single?", "Yes", json!(1)).await?;
    world.end().await
}

/// Types a letter at a time, from before the program until after: each is there, in its place.
async fn write(delay: Duration) -> Result<()> {
    let world = with_a_program_after(delay, "long_text").await?;
    let page = world.open_early(Place::Frame).await?;
    let browser = page.browser().await?;
    page.point_at("Long text?").await?;
    let start = Instant::now();
    let mut letters = LINE.chars();
    // As many as it takes: the last ones come when the program has long been there.
    let pause = (delay + Duration::from_secs(1)) / u32::try_from(LINE.len())?;
    for (number, letter) in (1..).zip(letters.by_ref()) {
        browser.press_keys([letter]).await?;
        tokio::time::sleep((start + pause * number).saturating_duration_since(Instant::now()))
            .await;
    }
    page.taken_over().await?;
    assert_eq!(page.value("textbox", "Long text?").await?, LINE);
    page.press("Continue").await?;
    finish(&world, &page, "Long text?", LINE, json!(LINE)).await?;
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_choice_is_kept_when_the_program_comes_at_once() -> Result<()> {
    choose(Duration::ZERO).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_choice_is_kept_when_the_program_comes_after_a_second() -> Result<()> {
    choose(Duration::from_secs(1)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_choice_is_kept_when_the_program_comes_after_three_seconds() -> Result<()> {
    choose(Duration::from_secs(3)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn typing_goes_on_when_the_program_comes_at_once() -> Result<()> {
    write(Duration::ZERO).await
}

#[tokio::test(flavor = "multi_thread")]
async fn typing_goes_on_when_the_program_comes_after_a_second() -> Result<()> {
    write(Duration::from_secs(1)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn typing_goes_on_when_the_program_comes_after_three_seconds() -> Result<()> {
    write(Duration::from_secs(3)).await
}

/// Longer than the loader waits for a document that says nothing: this one has long said that it
/// can be answered, so the partner's page does not give up.
#[tokio::test(flavor = "multi_thread")]
async fn half_a_minute_without_a_program_loses_nothing() -> Result<()> {
    let delay = Duration::from_secs(30);
    let world = with_a_program_after(delay, "single").await?;
    let start = Instant::now();
    let page = open(&world).await?;
    page.mark("radio", "No").await?;
    page.press("Continue").await?;
    tokio::time::sleep(delay.saturating_sub(start.elapsed() + Duration::from_secs(3))).await;
    ensure!(!page.is_live().await?, "the program was not as late as it should be");
    assert_eq!(world.partner_heard().await?, ["survey-ready", "survey-started"]);
    page.at("Single?").await?;
    assert_eq!(page.marked().await?, ["No"]);
    page.mark("radio", "Yes").await?;
    finish(&world, &page, "Single?", "Yes", json!(1)).await?;
    assert!(start.elapsed() > delay);
    world.end().await
}

/// Presses that fall shortly before, in and shortly after the moment of taking over.
#[tokio::test(flavor = "multi_thread")]
async fn a_press_in_the_very_moment_counts_once() -> Result<()> {
    let world = World::start(Questions::EveryType).await?;
    let (mut early, mut late) = (0, 0);
    for wait in (0..12).map(|step| Duration::from_millis(step * 12)) {
        world.line.hold(File::Program);
        let page = open(&world).await?;
        page.mark("radio", "Yes").await?;
        note_whether_the_program_runs(&page).await?;
        let button = page.browser().await?.find("button", "Continue").await?;
        let come = async {
            tokio::time::sleep(wait).await;
            world.line.let_go(File::Program);
        };
        tokio::join!(button.click(), come).0?;
        page.turned_to("Multiple?").await?;
        page.taken_over().await?;
        let live = page.browser().await?.run("return pressedLive", Vec::new()).await?;
        if live == json!(true) {
            late += 1
        } else {
            early += 1
        }
        page.browser().await?.press_keys([Key::Tab.into()]).await?;
        page.at("Multiple?").await?;
        page.back("Multiple?").await?;
        page.turned_to("Single?").await?;
        assert_eq!(page.marked().await?, ["Yes"], "the program came {wait:?} later");
    }
    assert!(early > 0 && late > 0, "{early} presses before, {late} after");
    world.end().await
}

async fn note_whether_the_program_runs(page: &SurveyPage<'_>) -> Result<()> {
    let script = "addEventListener('click', () => {
            globalThis.pressedLive ??= 'live' in document.documentElement.dataset;
        }, true)";
    page.browser().await?.run(script, Vec::new()).await.map(drop)
}

/// Boxes are ticked and cleared all the while: what is shown in the end is what counts.
#[tokio::test(flavor = "multi_thread")]
async fn what_the_boxes_show_is_what_counts() -> Result<()> {
    let world = with_a_program_after(Duration::from_millis(600), "multiple").await?;
    let page = world.open_early(Place::Frame).await?;
    let browser = page.browser().await?;
    let this = browser.find("checkbox", "This").await?;
    let that = browser.find("checkbox", "That").await?;
    let mut rounds = 0;
    // On, and some rounds more.
    while !page.is_live().await? || rounds % 8 != 5 {
        for control in [&this, &that, &that] {
            control.click().await?;
        }
        rounds += 1;
    }
    // An odd number of times, and an even one.
    assert_eq!(page.marked().await?, ["This"]);
    page.press("Continue").await?;
    finish(&world, &page, "Multiple?", "This", json!([1])).await?;
    world.end().await
}
