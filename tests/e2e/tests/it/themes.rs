//! The survey in a partner's colours, and never in colours that nobody can read.

use anyhow::Result;
use e2e::{File, Obstacle, PartnerPage, Place, Point, Questions, World, until};
use serde_json::{Value, json};

/// What the frame's document looks like to whoever looks at it.
const LOOK: &str = "const style = getComputedStyle(document.body);
    const leave = getComputedStyle(document.querySelector('.v-leave') ?? document.body);
    return [style.color, style.backgroundColor, getComputedStyle(document.documentElement).colorScheme,
        leave.backgroundColor, leave.borderRadius, style.fontFamily.split(',')[0]]";

#[tokio::test(flavor = "multi_thread")]
async fn the_survey_wears_the_partners_colours_before_its_first_picture() -> Result<()> {
    let world = World::start(Questions::Model).await?;
    world.open_survey().await?;
    let usual = look(&world).await?;
    assert_eq!(usual[0], json!("rgb(22, 32, 42)"));
    assert_eq!(usual[2], json!("light"));

    // The head alone: nothing can have been said to the frame yet.
    let rest = Obstacle::RestHeld(Point::Before("<noscript>"));
    world.line.obstruct(File::Document, [rest]);
    let uncached = json!({ "cacheDisabled": true });
    world.browser().command("Network.setCacheDisabled", uncached).await?;
    wear(
        &world,
        &[
            ("ink", "#102030"),
            ("paper", "rgb(255 253 240)"),
            ("leave", "#600"),
            ("radius", "9px"),
            ("font", "serif"),
        ],
    )
    .await?;
    until("the head of the document", async || {
        let look = look(&world).await?;
        Ok((look[0] == json!("rgb(16, 32, 48)") && look[1] == json!("rgb(255, 253, 240)"))
            .then_some(()))
    })
    .await?;
    world.line.let_go(File::Document);
    let page = world.wait_for_survey(Place::Frame).await?;
    page.browser().await?;
    let now = look(&world).await?;
    assert_eq!(
        now,
        json!(["rgb(16, 32, 48)", "rgb(255, 253, 240)", "light", "rgb(102, 0, 0)", "9px", "serif"])
    );
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn colours_that_nobody_can_read_are_refused_and_the_developer_is_told() -> Result<()> {
    let mut world = World::start(Questions::Model).await?;
    world.expect_in_console("--survey-ink on --survey-paper: contrast 1.61, needs 4.5");
    world.open_survey().await?;
    wear(&world, &[("ink", "#cccccc"), ("radius", "9px")]).await?;
    world.wait_for_survey(Place::Frame).await?;
    let now = look(&world).await?;
    assert_eq!((&now[0], &now[4]), (&json!("rgb(22, 32, 42)"), &json!("9px")));
    world.end().await
}

/// A frame takes from whatever page it is in only what it knows.
#[tokio::test(flavor = "multi_thread")]
async fn a_page_cannot_make_the_frame_wear_anything_else() -> Result<()> {
    let world = World::start(Questions::Model).await?;
    world.open_survey().await?;
    let usual = look(&world).await?;
    world.browser().go_to(Place::Top).await?;
    let tell = "const { contentWindow } = document.querySelector('survey-frame').shadowRoot.querySelector('iframe');
        for (const theme of [7, null, {}, 'ink:red', 'ink:url(https://a.example)', 'background:#000000',
            'ink:#000000}', 'radius:900px', 'font:Comic', 'display:none', 'ink:#00000'])
            contentWindow.postMessage({ v: 1, t: 'hello', theme: theme, context: {} }, '*');";
    world.browser().run(tell, Vec::new()).await?;
    world.browser().draw().await?;
    let now = look(&world).await?;
    assert_eq!((&now[0], &now[4], &now[5]), (&usual[0], &usual[4], &usual[5]));
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_light_page_has_a_light_survey_on_a_dark_device() -> Result<()> {
    let world = World::start(Questions::Model).await?;
    let dark = json!({ "features": [{ "name": "prefers-color-scheme", "value": "dark" }] });
    world.browser().command("Emulation.setEmulatedMedia", dark).await?;
    world.open_survey().await?;
    assert_eq!(look(&world).await?[1], json!("rgb(255, 255, 255)"));

    let scheme = "document.documentElement.style.colorScheme = 'light dark'";
    world.browser().go_to(Place::Top).await?;
    world.browser().run(scheme, Vec::new()).await?;
    wear(&world, &[]).await?;
    world.wait_for_survey(Place::Frame).await?;
    let now = look(&world).await?;
    assert_eq!((&now[1], &now[2]), (&json!("rgb(20, 25, 30)"), &json!("dark")));

    // On its own page there is nobody but the device to ask.
    world.browser().open(world.survey_url()).await?;
    world.wait_for_survey(Place::Top).await?;
    let now = world.browser().run(LOOK, Vec::new()).await?;
    assert_eq!(now[1], json!("rgb(20, 25, 30)"));
    world.browser().open(&world.partner.url(PartnerPage::Before)).await?;
    world.end().await
}

/// Sets properties of the page and mounts the survey anew, as a page would that had them before.
async fn wear(world: &World, properties: &[(&str, &str)]) -> Result<()> {
    world.browser().go_to(Place::Top).await?;
    let properties: Vec<Value> =
        properties.iter().map(|(name, value)| json!([name, value])).collect();
    let script = "for (const [name, value] of arguments[0])
            document.documentElement.style.setProperty('--survey-' + name, value);
        const survey = document.querySelector('survey-frame');
        survey.replaceWith(survey.cloneNode(true))";
    world.browser().run(script, vec![json!(properties)]).await.map(drop)
}

async fn look(world: &World) -> Result<Value> {
    world.browser().go_to(Place::Top).await?;
    world.browser().go_to(Place::Frame).await?;
    world.browser().run(LOOK, Vec::new()).await
}
