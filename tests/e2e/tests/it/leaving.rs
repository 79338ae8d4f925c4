//! "Leave this page": at once, and without a way back.

use anyhow::{Result, ensure};
use e2e::{File, Obstacle, PartnerPage, Place, Point, Questions, SurveyPage, World, until};
use fantoccini::key::Key;
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

#[tokio::test(flavor = "multi_thread")]
async fn three_presses_of_escape_or_shift_leave_from_the_survey_and_from_the_page_around()
-> Result<()> {
    for place in [Place::Frame, Place::Top] {
        for key in [Key::Escape, Key::Shift] {
            let world = World::start(Questions::EveryType).await?;
            let page = world.open_survey().await?;
            page.mark("radio", "Yes").await?;
            put_focus(&world, place).await?;
            remember_events(&world).await?;
            world.browser().press_keys([key.into(); 2]).await?;
            page.at("Single?").await?;
            world.browser().go_to(place).await?;
            press_last(&world, key).await?;
            is_left(&world).await?;
            assert_eq!(remembered(&world).await?, json!("survey-left"), "{place:?} {key:?}");
            world.browser().back().await?;
            has_title(&world, PartnerPage::Before.title()).await?;
            world.end().await?;
        }
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_leave_while_the_survey_is_still_loading() -> Result<()> {
    // No program yet.
    let world = World::start(Questions::EveryType).await?;
    world.line.hold(File::Program);
    let page = world.open_early(Place::Frame).await?;
    page.mark("radio", "Yes").await?;
    world.browser().press_keys([Key::Escape.into(); 2]).await?;
    press_last(&world, Key::Escape).await?;
    is_left(&world).await?;
    world.end().await?;

    // Half a document: nobody is let into the frame yet, so keys are pressed in the page around.
    let world = World::start(Questions::EveryType).await?;
    world.line.obstruct(File::Document, [Obstacle::RestHeld(Point::Before("id=\"wait\""))]);
    world.open_partner_page(PartnerPage::Snippet).await?;
    until("half a document", async || {
        Ok((world.browser().frames().await?.len() == 1).then_some(()))
    })
    .await?;
    put_focus(&world, Place::Top).await?;
    world.browser().press_keys([Key::Escape.into(); 2]).await?;
    press_last(&world, Key::Escape).await?;
    is_left(&world).await?;
    world.end().await?;

    // The same on the survey's own page.
    let mut world = World::start(Questions::BeginningWith("single")).await?;
    let weather = "www.bbc.co.uk:443";
    world.expect_request_to(weather);
    world.line.obstruct(File::Document, [Obstacle::RestHeld(Point::Before("id=\"wait\""))]);
    let page = world.open_early(Place::Top).await?;
    page.mark("radio", "Yes").await?;
    world.browser().press_keys([Key::Escape.into(); 2]).await?;
    press_last(&world, Key::Escape).await?;
    until("the browser to ask for the weather", async || {
        Ok(world.line.calls().iter().any(|call| call.url == weather).then_some(()))
    })
    .await?;
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn typing_never_leaves() -> Result<()> {
    let world = World::start(Questions::BeginningWith("text")).await?;
    let page = world.open_survey().await?;
    page.point_at("Text?").await?;
    let browser = page.browser().await?;
    for letter in ['a', 'b', 'c', 'd'] {
        browser.press_with(Key::Shift.into(), letter).await?;
    }
    for _ in 0..2 {
        browser.press_keys([Key::Shift.into(), Key::Shift.into(), 'x']).await?;
        browser.press_keys([Key::Escape.into(), Key::Escape.into(), 'y']).await?;
        browser.press_keys([Key::Shift.into(), Key::Escape.into()]).await?;
    }
    for _ in 0..4 {
        browser.press_with(Key::Shift.into(), Key::Tab.into()).await?;
        browser.press_keys([Key::Tab.into()]).await?;
    }
    assert_eq!(page.value("textbox", "Text?").await?.to_lowercase(), "abcdxyxy");
    page.at("Text?").await?;
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn where_the_site_leaves_by_one_escape_one_is_enough_in_the_survey() -> Result<()> {
    for place in [Place::Frame, Place::Top] {
        let world = World::start(Questions::EveryType).await?;
        world.open_survey().await?;
        world.browser().go_to(Place::Top).await?;
        let again = "const survey = document.querySelector('survey-frame');
            survey.setAttribute('data-escape', '1');
            survey.replaceWith(survey.cloneNode(true))";
        world.browser().run(again, Vec::new()).await?;
        let page = world.wait_for_survey(Place::Frame).await?;
        page.mark("radio", "Yes").await?;
        put_focus(&world, place).await?;
        press_last(&world, Key::Escape).await?;
        is_left(&world).await?;
        world.end().await?;
    }
    Ok(())
}

/// In a tab of its own the document stays until the next one comes, so what it holds has to go.
#[tokio::test(flavor = "multi_thread")]
async fn leaving_wipes_what_was_entered_before_it_goes() -> Result<()> {
    let mut world = World::start(Questions::Model).await?;
    world.expect_request_to("www.bbc.co.uk:443");
    world.keep_secret(HALF_A_THOUGHT);
    let page = world.open_own_page().await?;
    half_way(&page).await?;
    let script = "const kept = [...document.querySelectorAll('input, textarea')];
        const before = kept.map((field) => field.value + field.checked);
        find('button', 'Leave this page')[0].click();
        return [before.length, before.join() === kept.map((field) => field.value + field.checked).join(),
            kept.some((field) => field.value || field.checked), document.body.childNodes.length,
            document.documentElement.checkVisibility()]";
    let seen = page.browser().await?.run(script, Vec::new()).await?;
    assert_eq!(seen, json!([1, false, false, 0, false]));
    world.end().await
}

/// Moves the focus to where keys are to be pressed: into the survey, or out of it.
async fn put_focus(world: &World, place: Place) -> Result<()> {
    let browser = world.browser();
    match place {
        Place::Top => {
            browser.go_to(Place::Top).await?;
            browser.run("document.querySelector('h1').tabIndex = -1; document.querySelector('h1').focus()", Vec::new()).await?;
        }
        Place::Frame => {
            browser.go_to(Place::Top).await?;
            browser.go_to(Place::Frame).await?;
            browser.find("radio", "Yes").await?.click().await?;
        }
    }
    Ok(())
}

/// A press that ends the document which hears of it, so that nobody may be there to answer.
async fn press_last(world: &World, key: Key) -> Result<()> {
    match key {
        Key::Shift => {
            let _ = world.browser().press_keys([key.into()]).await;
            Ok(())
        }
        _ => world.browser().hold_key(key.into()).await,
    }
}

/// The name of a window outlives its documents.
async fn remember_events(world: &World) -> Result<()> {
    world.browser().go_to(Place::Top).await?;
    let script = "addEventListener('survey-left', ({ type }) => { name = type })";
    world.browser().run(script, Vec::new()).await.map(drop)
}

async fn remembered(world: &World) -> Result<serde_json::Value> {
    world.browser().run("return name", Vec::new()).await
}

/// The page goes blank, and then another comes in its place.
async fn is_left(world: &World) -> Result<()> {
    world.browser().go_to(Place::Top).await?;
    until("a frame that has gone", async || {
        Ok(world.browser().frames().await?.is_empty().then_some(()))
    })
    .await?;
    world.partner.let_go();
    has_title(world, PartnerPage::Elsewhere.title()).await
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
