//! A page that wants to know what is answered in it: what its scripts get, and what they do not.

use anyhow::Result;
use e2e::{Place, Questions, SurveyPage, World, until};
use serde_json::{Value, json};

const SECRET: &str = "Written in sight: canary-5521-heron";

/// Everything that a script of the page can listen to.
const SPY: &str = "
    globalThis.spied = { keys: 0, input: 0, pointers: 0, messages: [], heights: [], refused: 0, seen: [] };
    for (const type of ['keydown', 'keyup', 'keypress', 'beforeinput', 'input', 'change', 'paste', 'copy', 'compositionupdate', 'selectionchange'])
        addEventListener(type, () => type.startsWith('key') ? spied.keys++ : spied.input++, true);
    for (const type of ['pointerdown', 'mousedown', 'click', 'touchstart'])
        addEventListener(type, () => spied.pointers++, true);
    addEventListener('message', ({ data }) => spied.messages.push(JSON.stringify(data)));
    const host = document.querySelector('survey-frame');
    const frame = host.shadowRoot.querySelector('iframe');
    new ResizeObserver(() => {
        const height = host.offsetHeight;
        if (spied.heights.at(-1) !== height) spied.heights.push(height);
    }).observe(host);
    for (const look of [() => frame.contentDocument, () => frame.contentWindow.document, () => frame.contentWindow.location.href,
        () => frame.contentWindow.views, () => frame.contentWindow.history.length, () => frame.contentWindow.name]) {
        try { spied.seen.push(String(look())) } catch { spied.refused++ }
    }";

#[tokio::test(flavor = "multi_thread")]
async fn scripts_of_the_page_hear_the_same_whatever_is_answered() -> Result<()> {
    let mut heard = Vec::new();
    for (choice, text) in [("Good", SECRET), ("Bad", "short")] {
        let mut world = World::start(Questions::EveryType).await?;
        world.keep_secret(SECRET);
        let page = world.open_survey().await?;
        world.browser().go_to(Place::Top).await?;
        world.browser().run(SPY, Vec::new()).await?;
        answer(&page, choice, text).await?;
        world.browser().go_to(Place::Top).await?;
        let spied = until("the height of the last page", async || {
            // The frame shrinks after a quiet moment.
            let script = "return new Promise((done) => setTimeout(done, 600)).then(() => spied)";
            Ok(Some(world.browser().run(script, Vec::new()).await?))
        })
        .await?;
        for what in ["keys", "input", "pointers"] {
            assert_eq!(spied[what], json!(0), "{what}: {spied}");
        }
        assert_eq!(spied["refused"], json!(5), "{spied}");
        assert_eq!(spied["seen"], json!(["null"]), "an opaque document: {spied}");
        let text = spied.to_string();
        assert!(!text.contains("canary") && !text.contains(choice), "{text}");
        for height in spied["heights"].as_array().into_iter().flatten() {
            assert_eq!(height.as_u64().unwrap_or(1) % 32, 0, "{height} is no step");
        }
        for message in spied["messages"].as_array().into_iter().flatten() {
            let message: Value = serde_json::from_str(message.as_str().unwrap_or_default())?;
            let names: Vec<&str> =
                message.as_object().into_iter().flatten().map(|(name, _)| name.as_str()).collect();
            assert!(
                ["height", "started"].contains(&message["t"].as_str().unwrap_or_default()),
                "{message}"
            );
            assert!(names.iter().all(|name| ["v", "t", "px"].contains(name)), "{message}");
        }
        // The heights that the frame was given follow from these, and from how fast somebody types.
        heard.push(spied["messages"].clone());
        world.end().await?;
    }
    assert_eq!(heard[0], heard[1], "what is answered shows in what the page hears");
    Ok(())
}

/// Through questions of several kinds, where every answer leads to the same next question: one that
/// did not would show, as another height.
async fn answer(page: &SurveyPage<'_>, choice: &str, text: &str) -> Result<()> {
    let is_good = choice == "Good";
    page.choose("Single?", "Yes").await?;
    page.tick("Multiple?", &[if is_good { "This" } else { "That" }]).await?;
    page.choose("Scale?", choice).await?;
    page.skip("Select?").await?;
    page.choose("Rating?", if is_good { "7" } else { "2" }).await?;
    page.skip("Text?").await?;
    page.at("Long text?").await?;
    page.point_at("Long text?").await?;
    page.browser().await?.press_keys(text.chars()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_page_lays_over_the_survey_learns_where_was_pressed_and_no_more() -> Result<()> {
    let world = World::start(Questions::EveryType).await?;
    let page = world.open_survey().await?;
    page.mark("radio", "Yes").await?;
    world.browser().go_to(Place::Top).await?;
    world.browser().run(SPY, Vec::new()).await?;
    let overlay = "const cover = document.createElement('div');
        Object.assign(cover.style, { position: 'fixed', inset: 0, zIndex: 2147483647 });
        cover.id = 'cover';
        document.body.append(cover)";
    world.browser().run(overlay, Vec::new()).await?;
    let press =
        "const { left, top } = document.querySelector('survey-frame').getBoundingClientRect();
        return document.elementFromPoint(left + 60, top + 200).id";
    assert_eq!(world.browser().run(press, Vec::new()).await?, json!("cover"));
    world.browser().find("heading", "Contact us - Eastmere").await?;
    // Under it the survey is as it was, and above it the way out stands once it is needed.
    let scroll = "document.body.style.paddingBlockEnd = '2000px';
        scrollTo(0, document.querySelector('survey-frame').offsetTop + 150)";
    world.browser().run(scroll, Vec::new()).await?;
    let way = world.browser().find("button", "Leave this page").await?;
    let (x, y, width, height) = way.rectangle().await?;
    let over = "return document.elementFromPoint(arguments[0], arguments[1]).localName";
    let point = vec![json!(x + width / 2.0), json!(8.0 + height / 2.0)];
    let _ = y;
    assert_eq!(world.browser().run(over, point).await?, json!("survey-frame"));
    assert_eq!(page.marked().await?, ["Yes"]);
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_frame_that_the_page_replaces_finds_nothing_of_the_one_before() -> Result<()> {
    let mut world = World::start(Questions::BeginningWith("text")).await?;
    world.keep_secret(SECRET);
    world.expect_in_console("Content Security Policy");
    let page = world.open_survey().await?;
    page.point_at("Text?").await?;
    page.browser().await?.press_keys("Written in sight: canary".chars()).await?;
    world.browser().go_to(Place::Top).await?;
    world.browser().run(SPY, Vec::new()).await?;
    let replace = "const old = document.querySelector('survey-frame').shadowRoot.querySelector('iframe');
        const mine = document.createElement('iframe');
        mine.name = old.name;
        old.replaceWith(mine);
        return new Promise((done) => setTimeout(done, 500)).then(() =>
            JSON.stringify([mine.name, mine.contentWindow.name, mine.contentDocument.body.innerHTML, spied]))";
    let found = world.browser().run(replace, Vec::new()).await?.to_string();
    assert!(!found.contains("canary"), "{found}");
    assert!(found.contains("light;ink:"), "the name says what the survey looks like: {found}");
    assert!(world.line.posts().is_empty(), "nothing is sent");
    world.end().await
}
