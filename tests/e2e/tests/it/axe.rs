//! axe-core finds nothing: on every page, in every state, in every scheme of colours.

use anyhow::{Result, ensure};
use e2e::{Place, Questions, Scheme, World, tour};

/// What axe-core cannot tell and leaves to a person, and what the person said.
const LOOKED_AT: [&str; 1] = [
    // The other test of this file looks into the frame.
    "frame-tested",
];

/// With forced colours axe-core reads a colour that the browser does not use (the computed
/// `-webkit-text-fill-color`); `looks` measures the ones that it does.
const CONTRAST: &str = "color-contrast";

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_found_in_any_scheme() -> Result<()> {
    let world = World::start(Questions::EveryType).await?;
    tour(&world, Place::Top, async |_, page| {
        for scheme in Scheme::ALL {
            page.browser().await?.use_scheme(scheme).await?;
            nothing_is_found(&world, Place::Top, ":root", scheme.name()).await?;
        }
        page.browser().await?.use_scheme(Scheme::Light).await
    })
    .await?;
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_found_in_a_partners_page() -> Result<()> {
    let world = World::start(Questions::EveryType).await?;
    tour(&world, Place::Frame, async |_, _| {
        nothing_is_found(&world, Place::Frame, ":root", "in the frame").await?;
        nothing_is_found(&world, Place::Top, "survey-frame", "around the frame").await
    })
    .await?;
    world.end().await
}

async fn nothing_is_found(world: &World, place: Place, root: &str, how: &str) -> Result<()> {
    world.browser().go_to(place).await?;
    let found = world.browser().examine(root).await?;
    ensure!(!found.passed.is_empty(), "axe-core found nothing to look at, {how}");
    ensure!(found.violations.is_empty(), "{how}: {:#?}", found.violations);
    let looked_at = |line: &String| {
        let is_forced = how == Scheme::Forced.name();
        LOOKED_AT.iter().any(|known| line.starts_with(known))
            || (is_forced && line.starts_with(CONTRAST))
    };
    let open: Vec<_> = found.undecided.iter().filter(|line| !looked_at(line)).collect();
    ensure!(open.is_empty(), "axe-core cannot tell, {how}; look yourself: {open:#?}");
    Ok(())
}
