//! Support lines are links, and what they open is on a list that was published.

use anyhow::{Result, ensure};
use e2e::{Place, Questions, World, until};
use serde_json::{Value, json};

/// Notes where the present document is asked to go, and goes nowhere.
const WATCH: &str = "globalThis.gone = [];
    open = (url, target, features) => { gone.push(['open', url, target, features].join(' ')); };
    navigation.addEventListener('navigate', (event) => {
        gone.push('go ' + event.destination.url);
        if (event.cancelable) event.preventDefault();
    });";

#[tokio::test(flavor = "multi_thread")]
async fn the_page_around_opens_what_is_on_its_list_and_nothing_else() -> Result<()> {
    let world = World::start(Questions::Model).await?;
    world.open_survey().await?;
    let tell = async |message: Value| -> Result<()> {
        world.browser().go_to(Place::Frame).await?;
        world.browser().run("parent.postMessage(arguments[0], '*')", vec![message]).await?;
        world.browser().go_to(Place::Top).await
    };
    world.browser().go_to(Place::Top).await?;
    world.browser().run(WATCH, Vec::new()).await?;

    let made_up =
        [json!(1), json!(999), json!(-2), json!("0"), json!("length"), json!([0]), json!(null)];
    for i in made_up {
        tell(json!({ "v": 1, "t": "link", "i": i, "url": "tel:1", "href": "https://a.example" }))
            .await?;
    }
    tell(json!({ "v": 1, "t": "link", "url": "https://a.example" })).await?;
    // From a frame of the page's own that says what the survey's would.
    let other = "const other = document.createElement('iframe');
        document.body.append(other);
        const ask = `parent.postMessage({ v: 1, t: 'link', i: 0 }, '*')`;
        try { other.contentWindow.eval(ask) } catch { other.contentWindow.parent.postMessage({ v: 1, t: 'link', i: 0 }, '*') }
        postMessage({ v: 1, t: 'link', i: 0 }, '*')";
    world.browser().run(other, Vec::new()).await?;
    // Messages come in the order in which they were sent: what they opened is open by now.
    for i in [0, 5] {
        tell(json!({ "v": 1, "t": "link", "i": i })).await?;
    }
    until("what is on the list", async || {
        let gone = world.browser().run("return gone", Vec::new()).await?;
        ensure!(
            gone == json!([
                "go tel:999",
                "open https://www.victimsupport.org.uk _blank noopener,noreferrer"
            ]),
            "{gone}"
        );
        Ok(Some(()))
    })
    .await?;
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_click_on_a_line_tells_its_number_and_opens_nothing_in_the_frame() -> Result<()> {
    let world = World::start(Questions::Model).await?;
    let page = world.open_survey().await?;
    world.browser().go_to(Place::Top).await?;
    world.browser().run(WATCH, Vec::new()).await?;
    let link = "const link = document.createElement('a');
        Object.assign(link, { href: 'tel:1', textContent: 'A line' });
        link.dataset.link = '0';
        document.querySelector('.v-page h1').before(link)";
    page.browser().await?.run(link, Vec::new()).await?;
    page.browser().await?.find("link", "A line").await?.click().await?;
    world.browser().go_to(Place::Top).await?;
    until("the number to be dialled", async || {
        let gone = world.browser().run("return gone", Vec::new()).await?;
        Ok((gone == json!(["go tel:999"])).then_some(()))
    })
    .await?;
    page.browser().await?.find("link", "A line").await?;
    world.end().await
}

/// The document's own policy lets it, and the sandbox of a frame does not.
#[tokio::test(flavor = "multi_thread")]
async fn on_the_surveys_own_page_links_open_by_themselves() -> Result<()> {
    let mut world = World::start(Questions::Model).await?;
    world.expect_request_to("help.example:443");
    let page = world.open_own_page().await?;
    let browser = page.browser().await?;
    let links = "for (const [i, href] of ['tel:999', 'https://help.example/'].entries()) {
            const link = document.createElement('a');
            Object.assign(link, { href, textContent: 'Line ' + i });
            link.dataset.link = i;
            link.style.display = 'block';
            document.querySelector('.v-page h1').before(link);
        }";
    browser.run(links, Vec::new()).await?;
    let tabs = browser.client().windows().await?.len();
    browser.find("link", "Line 1").await?.click().await?;
    until("a tab of its own", async || {
        let asked = world.line.calls().iter().any(|call| call.url == "help.example:443");
        Ok((asked && browser.client().windows().await?.len() == tabs + 1).then_some(()))
    })
    .await?;
    // Who dials is asked by the device, in a dialog that no test sees. A document that may not dial
    // says so in the console, where `end` looks.
    let note = "addEventListener('click', ({ target, defaultPrevented }) =>
        { globalThis.clicked = [target.protocol, target.target, defaultPrevented] })";
    browser.run(note, Vec::new()).await?;
    browser.find("link", "Line 0").await?.click().await?;
    let clicked = browser.run("return clicked", Vec::new()).await?;
    assert_eq!(clicked, json!(["tel:", "", false]));
    world.end().await
}
