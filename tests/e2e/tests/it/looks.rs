//! What is seen of every page: contrast in every scheme of colours, stillness, paper.

use anyhow::{Result, ensure};
use e2e::{Browser, Measure, Place, Questions, Scheme, Stop, World, tour};
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn everything_stands_out_from_what_it_stands_on() -> Result<()> {
    let world = World::start(Questions::EveryType).await?;
    tour(&world, Place::Top, async |_, page| {
        let browser = page.browser().await?;
        for scheme in Scheme::ALL {
            browser.use_scheme(scheme).await?;
            for what in [Measure::Texts, Measure::Edges] {
                let wrong = browser.measure(what).await?;
                ensure!(wrong.is_empty(), "{}: {wrong:#?}", scheme.name());
            }
        }
        browser.use_scheme(Scheme::Light).await
    })
    .await?;
    world.end().await
}

/// Neither for those who asked for less motion, nor for anybody else.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_moves() -> Result<()> {
    let world = World::start(Questions::EveryType).await?;
    tour(&world, Place::Top, async |_, page| {
        let wrong = page.browser().await?.measure(Measure::Stillness).await?;
        ensure!(wrong.is_empty(), "{wrong:#?}");
        Ok(())
    })
    .await?;
    world.end().await
}

/// Printed are questions, answers and support lines, in dark ink whatever the screen shows; not
/// what can only be pressed.
#[tokio::test(flavor = "multi_thread")]
async fn pages_can_be_printed() -> Result<()> {
    let world = World::start(Questions::EveryType).await?;
    tour(&world, Place::Top, async |stop, page| {
        let browser = page.browser().await?;
        for scheme in [Scheme::Light, Scheme::Dark] {
            browser.use_scheme(scheme).await?;
            let on_screen = texts(browser).await?;
            browser.use_paper(scheme).await?;
            prints_well(browser, stop, &on_screen).await?;
        }
        browser.use_scheme(Scheme::Light).await
    })
    .await?;
    world.end().await
}

async fn prints_well(browser: &Browser, stop: &Stop, on_screen: &[String]) -> Result<()> {
    let wrong = browser.measure(Measure::TextsOnPaper).await?;
    ensure!(wrong.is_empty(), "on paper: {wrong:#?}");
    let buttons = browser.names("button").await?;
    ensure!(buttons.is_empty(), "paper has no use for {buttons:?}");
    let printed = texts(browser).await?;
    let lost: Vec<_> = on_screen.iter().filter(|text| !printed.contains(text)).collect();
    ensure!(lost.is_empty(), "not printed: {lost:?}");
    ensure!(printed.contains(&stop.heading), "the heading is not printed: {printed:?}");
    Ok(())
}

/// Every text that is shown and is not that of a button.
async fn texts(browser: &Browser) -> Result<Vec<String>> {
    let script =
        "return [...shown()].filter((e) => !e.closest('button, .v-hidden') && !e.matches('option'))
        .flatMap((e) => [...e.childNodes]).filter((n) => n.nodeType === Node.TEXT_NODE)
        .map((n) => n.data.trim()).filter((text) => text !== '')";
    let texts = browser.run(script, vec![json!(null)]).await?;
    Ok(serde_json::from_value(texts)?)
}
