//! A small phone: 320 pixels, and a thumb that shakes.

use anyhow::{Result, ensure};
use e2e::{Browser, Measure, Place, Questions, Screen, SurveyPage, World, tour, until};
use serde_json::json;

use crate::ways::{OVERALL, TEXT};

#[tokio::test(flavor = "multi_thread")]
async fn every_page_fits_a_small_phone() -> Result<()> {
    let world = World::start(Questions::EveryType).await?;
    world.use_small_phone().await?;
    tour(&world, Place::Frame, async |stop, page| fits(&world, page, &stop.heading).await).await?;
    world.end().await
}

/// The longest words there are, in both directions, on small screens and in large letters.
#[tokio::test(flavor = "multi_thread")]
async fn the_longest_words_fit_every_screen() -> Result<()> {
    let world = World::start(Questions::LongWords).await?;
    let phone = Screen::of_width(320);
    // Screen, direction, size of letters; spaced as WCAG 2.2 has it (1.4.12).
    let cases = [
        (phone, "ltr", "100%", false),
        (phone, "rtl", "100%", false),
        (phone, "ltr", "200%", false),
        (phone, "ltr", "100%", true),
        (Screen::ZOOMED, "ltr", "100%", false),
        (Screen::of_width(1280), "ltr", "200%", false),
        (Screen::of_width(1280), "rtl", "100%", true),
    ];
    tour(&world, Place::Top, async |_, page| {
        let browser = page.browser().await?;
        for (screen, direction, letters, spaced) in cases {
            set(browser, screen, direction, letters, spaced).await?;
            for what in [Measure::Width, Measure::Targets] {
                let wrong = browser.measure(what).await?;
                let how = format!("{screen:?}, {direction}, {letters}, spaced: {spaced}");
                ensure!(wrong.is_empty(), "{how}: {wrong:#?}");
            }
        }
        set(browser, Screen::of_width(1000), "ltr", "100%", false).await
    })
    .await?;
    world.end().await
}

/// Puts the tab on a screen, and the text into a direction, a size and a spacing.
async fn set(
    browser: &Browser,
    screen: Screen,
    direction: &str,
    letters: &str,
    spaced: bool,
) -> Result<()> {
    browser.use_screen(screen).await?;
    let script = "
        const [direction, letters, spaced] = arguments;
        const { documentElement: root } = document;
        [root.dir, root.style.fontSize] = [direction, letters];
        const sheet = new CSSStyleSheet();
        sheet.replaceSync('* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important } p { margin-block-end: 2em !important }');
        document.adoptedStyleSheets = spaced ? [sheet] : [];";
    browser.run(script, vec![json!(direction), json!(letters), json!(spaced)]).await?;
    browser.draw().await
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
        return {
            wide: root.scrollWidth - innerWidth,
            high: root.scrollHeight - innerHeight,
            content: document.getElementById('views').getBoundingClientRect().height,
            frame: innerHeight,
        }";
    until(&format!("a frame as high as the page `{heading}`"), async || {
        let seen = browser.run(measure, Vec::new()).await?;
        ensure!(seen["wide"] == json!(0), "{} px too wide", seen["wide"]);
        ensure!(seen["high"] == json!(0), "{} px too high for the frame", seen["high"]);
        let (content, frame) = (seen["content"].as_f64(), seen["frame"].as_f64());
        let spare = frame.unwrap_or_default() - content.unwrap_or_default();
        // A step of what is told, and one by which the frame need not shrink.
        ensure!(spare <= 64.0, "{spare} px of nothing below the page");
        for what in [Measure::Width, Measure::Targets] {
            let wrong = browser.measure(what).await?;
            ensure!(wrong.is_empty(), "{wrong:#?}");
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
