//! What stands when the questions cannot: always somebody to call.

use anyhow::{Result, ensure};
use e2e::{PartnerPage, Questions, Setup, World, until};
use fantoccini::key::Key;

const NUMBER: &str = "08 08 16 89 111";
/// The link of the partner's own fallback, as the guide words it.
const LINK: &str = "open them on a page of their own";

#[tokio::test(flavor = "multi_thread")]
async fn without_javascript_every_page_says_whom_to_call() -> Result<()> {
    let world = World::start_with(Setup { javascript: false, ..Setup::default() }).await?;
    let number = format!("link \"{NUMBER}\"");
    world.open_partner_page(PartnerPage::Snippet).await?;
    shows(&world, &[&format!("link \"{LINK}\""), &number]).await?;
    world.open_partner_page(PartnerPage::Short).await?;
    shows(&world, &["link \"The questions on a page of their own\"", &number]).await?;
    world.browser().open(world.survey_url()).await?;
    shows(&world, &["The questions need JavaScript", NUMBER]).await?;
    // What cannot be sent cannot be answered.
    let page = world.browser().accessibility_tree().await?;
    assert!(!page.contains("radio") && !page.contains("button"), "{page}");
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn where_a_policy_refuses_wasm_the_partners_fallback_stays() -> Result<()> {
    let world = World::start(Questions::Model).await?;
    world.line.take_out_of_policies("'wasm-unsafe-eval'");
    world.open_partner_page(PartnerPage::Snippet).await?;
    until("the survey to give up", async || {
        let heard = world.partner_heard().await?;
        Ok((heard == ["survey-ready", "survey-failed"]).then_some(()))
    })
    .await?;
    fallback_is_shown(&world).await?;
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn where_a_policy_refuses_wasm_the_own_page_says_whom_to_call() -> Result<()> {
    let world = World::start(Questions::Model).await?;
    world.line.take_out_of_policies("'wasm-unsafe-eval'");
    world.browser().open(world.survey_url()).await?;
    // After a while in which the questions usually come.
    shows(&world, &["call Victim Support", NUMBER]).await?;
    assert!(world.traffic().contains(&"survey GET the program".to_owned()));
    let buttons = world.browser().names("button").await?;
    assert_eq!(buttons, ["Leave this page"], "there is a survey");
    world.end().await
}

/// A program that trapped hears no key and no press: the document does.
#[tokio::test(flavor = "multi_thread")]
async fn where_nothing_works_leaving_does() -> Result<()> {
    for by_key in [true, false] {
        let mut world = World::start(Questions::Model).await?;
        let weather = "www.bbc.co.uk:443";
        world.expect_request_to(weather);
        world.line.take_out_of_policies("'wasm-unsafe-eval'");
        world.browser().open(world.survey_url()).await?;
        shows(&world, &["call Victim Support", NUMBER]).await?;
        if by_key {
            world.browser().press_keys([Key::Escape.into(); 2]).await?;
            world.browser().hold_key(Key::Escape.into()).await?;
        } else {
            world.browser().find("button", "Leave this page").await?.click().await?;
        }
        until("the browser to ask for the weather", async || {
            Ok(world.line.calls().iter().any(|call| call.url == weather).then_some(()))
        })
        .await?;
        world.end().await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn where_the_operator_does_not_know_the_partner_the_fallback_stays() -> Result<()> {
    let setup = Setup { partner_is_known: false, ..Setup::default() };
    let mut world = World::start_with(setup).await?;
    world.expect_in_console("frame-ancestors");
    world.open_partner_page(PartnerPage::Snippet).await?;
    until("the browser to refuse the frame", async || {
        let console = world.browser().console()?;
        Ok(console.iter().any(|line| line.contains("frame-ancestors")).then_some(()))
    })
    .await?;
    fallback_is_shown(&world).await?;
    world.end().await
}

/// A browser without WebAssembly: one that is very old, or locked down.
#[tokio::test(flavor = "multi_thread")]
async fn where_there_is_no_wasm_whom_to_call_stands_at_once() -> Result<()> {
    let world = World::start(Questions::Model).await?;
    world.browser().run_first("delete globalThis.WebAssembly").await?;
    world.browser().open(world.survey_url()).await?;
    stands_alone(&world).await?;
    assert!(!world.traffic().contains(&"survey GET the program".to_owned()));
    world.end().await
}

/// A start script that a browser does not run: for its policy, or because it cannot read it.
#[tokio::test(flavor = "multi_thread")]
async fn where_the_start_script_does_not_run_whom_to_call_stands_at_once() -> Result<()> {
    let mut world = World::start(Questions::Model).await?;
    world.expect_in_console("Content Security Policy");
    // Not the hash of the styles, which comes after another word.
    world.line.take_out_of_policies("'wasm-unsafe-eval' 'sha256-");
    world.browser().open(world.survey_url()).await?;
    stands_alone(&world).await?;
    world.end().await
}

/// A browser that knows no cascade layers reads nothing of the sheet but what lies outside of them.
#[tokio::test(flavor = "multi_thread")]
async fn whom_to_call_is_legible_without_cascade_layers() -> Result<()> {
    let mut world = World::start(Questions::Model).await?;
    world.expect_in_console("Content Security Policy");
    world.line.take_out_of_policies("'wasm-unsafe-eval' 'sha256-");
    world.browser().open(world.survey_url()).await?;
    stands_alone(&world).await?;
    let forget = "const [sheet] = document.styleSheets;
        for (let i = sheet.cssRules.length - 1; i >= 0; i--)
            if (/^CSSLayer/.test(sheet.cssRules[i].constructor.name)) sheet.deleteRule(i);
        return sheet.cssRules.length";
    let left = world.browser().run(forget, Vec::new()).await?;
    assert_eq!(left, 2, "rules outside of layers");
    stands_alone(&world).await?;
    world.end().await
}

/// The tab says whom to call, in a column that can be read, and nothing can be answered in it.
async fn stands_alone(world: &World) -> Result<()> {
    shows(world, &["call Victim Support", NUMBER]).await?;
    let browser = world.browser();
    for role in ["button", "radio", "status"] {
        assert_eq!(browser.names(role).await?, [""; 0], "there is a {role}");
    }
    let script = "const { width, x } = document.getElementById('failed').getBoundingClientRect();
        const { fontSize, fontFamily, paddingLeft } = getComputedStyle(document.getElementById('failed'));
        return [width, x > 0, fontSize, fontFamily.endsWith('sans-serif'), paddingLeft]";
    let looks = browser.run(script, Vec::new()).await?;
    assert_eq!(looks, serde_json::json!([704, true, "18px", true, "16px"]));
    Ok(())
}

/// Waits until the tab's document says all of this.
async fn shows(world: &World, words: &[&str]) -> Result<()> {
    until(&format!("a page that says {words:?}"), async || {
        let page = world.browser().accessibility_tree().await?;
        ensure!(words.iter().all(|words| page.contains(words)), "the page says\n{page}");
        Ok(Some(()))
    })
    .await
}

async fn fallback_is_shown(world: &World) -> Result<()> {
    let browser = world.browser();
    let link = browser.find("link", LINK).await?;
    assert!(link.is_displayed().await?);
    assert!(browser.find("link", NUMBER).await?.is_displayed().await?);
    // The survey's place is not kept any more, or nothing is drawn over the words.
    let (_, top, _, height) = link.rectangle().await?;
    assert!(height > 0.0 && top >= 0.0);
    Ok(())
}
