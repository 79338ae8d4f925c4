//! The survey's own page: what a link in a letter opens, in a tab and without a frame.

use anyhow::Result;
use e2e::{Questions, World};
use serde_json::json;

use crate::ways::answer_shortly;

const WRITTEN: &str = "From a letter: canary-0914-wren";

#[tokio::test(flavor = "multi_thread")]
async fn a_person_answers_on_the_surveys_own_page() -> Result<()> {
    let mut world = World::start(Questions::Model).await?;
    world.keep_secret(WRITTEN);
    let page = world.open_own_page().await?;
    // As in a frame: an origin of nobody, so there is nothing to store anything in.
    let script = "const refused = (use) => { try { use(); return false } catch { return true } };
        return [window.origin, refused(() => document.cookie), refused(() => localStorage)]";
    let origin = page.browser().await?.run(script, Vec::new()).await?;
    assert_eq!(origin, json!(["null", true, true]));

    answer_shortly(&page, WRITTEN).await?;
    page.send().await?;
    page.turned_to("Your answers were sent").await?;
    let found = world.find_out()?;
    assert_eq!(found.responses.len(), 1);
    assert_eq!(found.responses[0]["context"], json!({}), "nobody said where it stood");
    assert_eq!(found.texts, [("text".to_owned(), WRITTEN.to_owned())]);
    world.end().await
}
