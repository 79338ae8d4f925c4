//! A small phone: 320 pixels, and a thumb that shakes.

use anyhow::{Result, ensure};
use e2e::{Place, Questions, SurveyPage, World, until};
use serde_json::json;

use crate::ways::{OVERALL, TEXT};

/// The least side of anything that is touched, in CSS pixels (WCAG 2.2, 2.5.5).
const TARGET: f64 = 44.0;

#[tokio::test(flavor = "multi_thread")]
async fn every_type_of_page_fits_a_small_phone() -> Result<()> {
    let world = World::start(Questions::EveryType).await?;
    world.use_small_phone().await?;
    let page = world.open_survey().await?;
    fits(&world, &page, "Single?").await?;
    page.choose("Single?", "Yes").await?;
    fits(&world, &page, "Multiple?").await?;
    page.tick("Multiple?", &["This"]).await?;
    fits(&world, &page, "Scale?").await?;
    page.choose("Scale?", "Bad").await?;
    fits(&world, &page, "Select?").await?;
    page.pick("Select?", "Place 12").await?;
    fits(&world, &page, "Rating?").await?;
    page.choose("Rating?", "10 (Fully)").await?;
    fits(&world, &page, "Text?").await?;
    page.write("Text?", "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch").await?;
    page.browser().await?.find("group", "There is a problem").await?;
    fits(&world, &page, "Text?").await?;
    page.write("Text?", "Llanfairpwllgwyngyll").await?;
    fits(&world, &page, "Long text?").await?;
    page.write("Long text?", "gogerychwyrndrobwllllantysiliogogogochgogerychwyrn").await?;
    fits(&world, &page, "Month?").await?;
    page.skip("Month?").await?;
    fits(&world, &page, "Go on?").await?;
    page.decide("Go on?", "Go on").await?;
    fits(&world, &page, "A word").await?;
    page.read("A word").await?;
    page.choose("Last?", "No").await?;
    fits(&world, &page, "Check your answers").await?;
    world.collector.stop().await?;
    page.send().await?;
    page.hear("Not sent yet").await?;
    fits(&world, &page, "Sending your answers").await?;
    world.collector.start().await?;
    page.try_until("Sent").await?;
    fits(&world, &page, "Sent").await?;
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_model_surveys_words_fit_a_small_phone() -> Result<()> {
    let world = World::start(Questions::Model).await?;
    world.use_small_phone().await?;
    let page = world.open_survey().await?;
    fits(&world, &page, OVERALL).await?;
    page.choose(OVERALL, "I had no contact with the police").await?;
    let why_not = "Why did the police not hear about it?";
    fits(&world, &page, why_not).await?;
    page.tick(why_not, &["I was afraid of what the person would do"]).await?;
    let crime = "What kind of crime was it?";
    fits(&world, &page, crime).await?;
    page.skip(crime).await?;
    page.skip(TEXT).await?;
    let about = "A few questions about you";
    fits(&world, &page, about).await?;
    page.decide(about, "Skip them all").await?;
    fits(&world, &page, "Check your answers").await?;
    page.send().await?;
    fits(&world, &page, "Your answers were sent").await?;
    world.end().await
}

/// Nothing of the page `heading` lies beside the screen, the frame is as high as what is in it, and
/// everything that is touched is large enough.
async fn fits(world: &World, page: &SurveyPage<'_>, heading: &str) -> Result<()> {
    page.at(heading).await?;
    let browser = page.browser().await?;
    let measure = "
        const root = document.scrollingElement;
        const box = (element) => {
            const boxes = [element, ...(element.labels ?? [])].filter((e) => e.matches('input[type=radio], input[type=checkbox], label') || e === element);
            const all = boxes.map((e) => e.getBoundingClientRect());
            const least = (pick) => Math.min(...all.map(pick));
            const most = (pick) => Math.max(...all.map(pick));
            return [element.computedName, most((b) => b.right) - least((b) => b.left), most((b) => b.bottom) - least((b) => b.top)];
        };
        const touched = ['button', 'radio', 'checkbox', 'combobox', 'textbox'].flatMap((role) => find(role, null));
        return {
            wide: root.scrollWidth - innerWidth,
            high: root.scrollHeight - innerHeight,
            content: document.getElementById('views').getBoundingClientRect().height,
            frame: innerHeight,
            targets: touched.map(box),
        }";
    until(&format!("a frame as high as the page `{heading}`"), async || {
        let seen = browser.run(measure, Vec::new()).await?;
        ensure!(seen["wide"] == json!(0), "{} px too wide", seen["wide"]);
        ensure!(seen["high"] == json!(0), "{} px too high for the frame", seen["high"]);
        let (content, frame) = (seen["content"].as_f64(), seen["frame"].as_f64());
        let spare = frame.unwrap_or_default() - content.unwrap_or_default();
        // A step of what is told, and one by which the frame need not shrink.
        ensure!(spare <= 64.0, "{spare} px of nothing below the page");
        let targets = seen["targets"].as_array().cloned().unwrap_or_default();
        ensure!(!targets.is_empty(), "nothing can be touched");
        for target in targets {
            let side = |at: usize| target[at].as_f64().unwrap_or_default();
            ensure!(side(1).min(side(2)) >= TARGET, "{target} is too small");
        }
        Ok(Some(()))
    })
    .await?;
    world.browser().go_to(Place::Top).await?;
    let script = "return document.scrollingElement.scrollWidth - innerWidth";
    let wide = world.browser().run(script, Vec::new()).await?;
    ensure!(wide == json!(0), "the partner's page is {wide} px too wide at `{heading}`");
    Ok(())
}
