//! "Leave this page" stays in view, however far somebody has scrolled.

use anyhow::{Result, ensure};
use e2e::{PartnerPage, Place, Questions, World, until};
use fantoccini::key::Key;
use serde_json::{Value, json};

use crate::ways::OVERALL;

const LEAVE: &str = "Leave this page";

/// The buttons to leave that can be pressed in the present document: in view, and with nothing
/// over them. Of each its place on the screen.
const IN_VIEW: &str = "return find('button', 'Leave this page').flatMap((button) => {
        const { left, top, right, bottom, width, height } = button.getBoundingClientRect();
        let over = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
        if (over?.shadowRoot) over = over.shadowRoot.elementFromPoint((left + right) / 2, (top + bottom) / 2);
        return over === button && top >= 0 && bottom <= innerHeight && left >= 0 && right <= innerWidth
            ? [{ left, top, width, height }] : [];
    })";

#[tokio::test(flavor = "multi_thread")]
async fn a_button_of_the_page_around_is_there_while_that_of_the_survey_is_not() -> Result<()> {
    let world = World::start(Questions::Model).await?;
    world.use_small_phone().await?;
    let page = world.open_survey().await?;
    page.at(OVERALL).await?;
    world.browser().go_to(Place::Top).await?;
    assert_eq!(in_view(&world).await?, json!([]), "the survey's own is in view");

    scroll(&world, "document.querySelector('survey-frame').offsetTop + 200").await?;
    let shown = until("a way out", async || {
        let shown = in_view(&world).await?;
        Ok((shown != json!([])).then_some(shown))
    })
    .await?;
    let side = |name: &str| shown[0][name].as_f64().unwrap_or_default();
    assert!(side("height") >= 44.0 && side("width") >= 44.0, "{shown}");
    assert!(side("top") < 16.0, "{shown}");

    for place in ["0", "document.body.scrollHeight"] {
        scroll(&world, "document.querySelector('survey-frame').offsetTop + 200").await?;
        world.browser().find("button", LEAVE).await?;
        if place == "0" {
            scroll(&world, place).await?;
        } else {
            // Below the survey there is nothing of it to see.
            let script = "document.querySelector('survey-frame').style.marginBlockEnd = '2000px'";
            world.browser().run(script, Vec::new()).await?;
            scroll(&world, place).await?;
        }
        until("no way out twice", async || {
            Ok(world.browser().find_all("button", Some(LEAVE)).await?.is_empty().then_some(()))
        })
        .await?;
    }

    scroll(&world, "document.querySelector('survey-frame').offsetTop + 200").await?;
    world.browser().find("button", LEAVE).await?.click().await?;
    until("the survey to be gone", async || {
        Ok(world.browser().frames().await?.is_empty().then_some(()))
    })
    .await?;
    world.partner.let_go();
    until("the page to leave to", async || {
        Ok((world.browser().client().title().await? == PartnerPage::Elsewhere.title())
            .then_some(()))
    })
    .await?;
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_before_the_survey_in_the_order_of_the_tab_key() -> Result<()> {
    let world = World::start(Questions::Model).await?;
    world.use_small_phone().await?;
    world.open_survey().await?;
    world.browser().go_to(Place::Top).await?;
    // From the last thing before the survey; the focus does not scroll the page back to it.
    let focus = "document.querySelector('a').focus({ preventScroll: true })";
    world.browser().run(focus, Vec::new()).await?;
    scroll(&world, "document.querySelector('survey-frame').offsetTop + 200").await?;
    world.browser().find("button", LEAVE).await?;
    world.browser().run(focus, Vec::new()).await?;
    world.browser().press_keys([Key::Tab.into()]).await?;
    assert_eq!(world.browser().focus().await?, ("button".to_owned(), LEAVE.to_owned()));
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn on_the_surveys_own_page_it_sticks_and_covers_nothing_that_has_the_focus() -> Result<()> {
    let world = World::start(Questions::Model).await?;
    world.use_small_phone().await?;
    let page = world.open_own_page().await?;
    page.at(OVERALL).await?;
    let browser = page.browser().await?;
    for place in ["0", "200", "document.body.scrollHeight"] {
        scroll(&world, place).await?;
        until("a way out", async || Ok((in_view(&world).await? != json!([])).then_some(())))
            .await?;
    }
    // Up through all that takes the focus, which is where a thing at the top gets in the way.
    let last =
        "const all = document.querySelectorAll('button, input'); all[all.length - 1].focus()";
    browser.run(last, Vec::new()).await?;
    let covered =
        "const { left, top, right, bottom } = document.activeElement.getBoundingClientRect();
        const way = find('button', 'Leave this page')[0];
        const over = way.getBoundingClientRect();
        return document.activeElement !== way
            && left < over.right && right > over.left && top < over.bottom && bottom > over.top";
    let mut stops = Vec::new();
    for _ in 0..40 {
        browser.press_with(Key::Shift.into(), Key::Tab.into()).await?;
        browser.draw().await?;
        let (role, name) = browser.focus().await?;
        let is_covered = browser.run(covered, Vec::new()).await?;
        ensure!(is_covered == json!(false), "{role} `{name}` has the focus and is covered");
        stops.push(name.clone());
        if name == LEAVE {
            break;
        }
    }
    ensure!(stops.len() > 2 && stops.last().is_some_and(|name| name == LEAVE), "{stops:?}");
    world.end().await
}

async fn scroll(world: &World, to: &str) -> Result<()> {
    world.browser().run(&format!("scrollTo(0, {to})"), Vec::new()).await?;
    world.browser().draw().await
}

async fn in_view(world: &World) -> Result<Value> {
    world.browser().run(IN_VIEW, Vec::new()).await
}
