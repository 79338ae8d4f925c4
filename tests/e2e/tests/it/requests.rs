//! What a browser has to get before a response is sent, in which order, and what it may keep.

use anyhow::{Context as _, Result};
use e2e::{Call, File, PartnerPage, Place, Questions, World, until};
use expect_test::expect;

const FILES: [File; 5] = [File::Loader, File::Document, File::Glue, File::Program, File::Sealer];
const FOR_GOOD: &str = "public, max-age=31536000, immutable";
/// A document is kept with the policy that says who may show it.
const A_MONTH: &str = "public, max-age=2592000, immutable";
const SHORT: &str = "public, max-age=300";

/// Six, and the question before the last whether it may be posted, which browsers ask by
/// themselves (CORS) and remember.
#[tokio::test(flavor = "multi_thread")]
async fn six_requests_are_enough_to_send_a_response() -> Result<()> {
    let world = World::start(Questions::BeginningWith("single")).await?;
    let page = world.open_survey().await?;
    page.choose("Single?", "Yes").await?;
    page.choose("Last?", "Yes").await?;
    page.send().await?;
    page.turned_to("Sent").await?;
    let mut of_survey = world.traffic();
    of_survey.retain(|request| request.starts_with("survey "));
    expect![[r#"
        [
            "survey GET the document",
            "survey GET the loader",
            "survey GET the program",
            "survey GET the program's glue",
            "survey GET the sealer",
            "survey OPTIONS /ssp/responses",
            "survey POST /ssp/responses",
        ]
    "#]]
    .assert_debug_eq(&of_survey);
    world.end().await
}

/// While the document is still coming, and whether or not there is an answer to the other.
#[tokio::test(flavor = "multi_thread")]
async fn no_file_waits_for_one_that_it_does_not_need() -> Result<()> {
    let world = World::start(Questions::BeginningWith("single")).await?;
    world.line.hold(File::Glue);
    world.line.hold(File::Program);
    let rest = e2e::Obstacle::RestHeld(e2e::Point::Before("id=\"views\""));
    world.line.obstruct(File::Document, [rest]);
    world.open_partner_page(PartnerPage::Snippet).await?;
    until("the program and its glue to be asked for", async || {
        let asked = |file| world.line.calls_for(file).len() == 1;
        Ok((asked(File::Glue) && asked(File::Program)).then_some(()))
    })
    .await?;
    world.line.let_go(File::Document);
    let page = world.wait_for_first_page(Place::Frame).await?;
    assert_eq!(world.line.calls_for(File::Sealer).len(), 0, "before the program");
    world.line.let_go(File::Program);
    world.line.let_go(File::Glue);
    page.taken_over().await?;
    until("the sealer to be asked for", async || {
        Ok((world.line.calls_for(File::Sealer).len() == 1).then_some(()))
    })
    .await?;
    for file in FILES {
        assert_eq!(world.line.calls_for(file).len(), 1, "{file:?}");
    }
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn files_are_kept_for_as_long_as_their_names_are_good() -> Result<()> {
    let world = World::start(Questions::BeginningWith("single")).await?;
    let page = world.open_survey().await?;
    sealer_has_come(&world, 1).await?;
    drop(page);
    for file in FILES {
        let call = the_call(&world, file)?;
        let expected = match file {
            File::Loader => SHORT,
            File::Document => A_MONTH,
            _ => FOR_GOOD,
        };
        assert_eq!(header(&call, "cache-control"), expected, "{file:?}");
        assert_eq!(header(&call, "content-encoding"), "br", "{file:?}");
    }
    // The loader knows the very document; a link leads to a name that stays.
    let of_frame = the_call(&world, File::Document)?;
    assert!(of_frame.url.contains("/views-"), "{}", of_frame.url);
    world.open_own_page().await?;
    let calls = world.line.calls_for(File::Document);
    let [_, entry] = &calls[..] else { panic!("{} documents", calls.len()) };
    assert_eq!(entry.url, world.survey_url());
    assert_eq!(header(entry, "cache-control"), SHORT);
    for call in &calls {
        let policy = header(call, "content-security-policy");
        let directive = |name: &str| {
            let mut all = policy.split(';').map(str::trim);
            all.find(|directive| directive.starts_with(name)).unwrap_or_default().to_owned()
        };
        let script = directive("script-src");
        assert!(script.contains("'wasm-unsafe-eval'") && script.contains("'sha256-"), "{policy}");
        assert!(directive("style-src").contains("'sha256-"), "{policy}");
        assert!(
            !policy.contains("'unsafe-inline'") && !policy.contains("'unsafe-eval'"),
            "{policy}"
        );
    }
    world.end().await
}

/// Nothing with a hashed name, as far as the browser lets us: Chromium keeps documents and the
/// loader, but gives documents of an opaque origin, which ours are for other good reasons, no
/// cache for what they load (its network isolation key is transient; seen with version 156).
#[tokio::test(flavor = "multi_thread")]
async fn a_second_visit_asks_for_less() -> Result<()> {
    let world = World::start(Questions::BeginningWith("single")).await?;
    world.open_survey().await?;
    sealer_has_come(&world, 1).await?;
    let first = world.traffic().len();
    world.open_survey().await?;
    sealer_has_come(&world, 2).await?;
    let calls = world.line.calls();
    let mut again: Vec<_> = calls[first..].iter().filter_map(Call::file).collect();
    again.sort_by_key(|file| format!("{file:?}"));
    assert_eq!(again, [File::Glue, File::Program, File::Sealer]);
    world.end().await
}

async fn sealer_has_come(world: &World, times: usize) -> Result<()> {
    until("the sealer", async || {
        let calls = world.line.calls_for(File::Sealer);
        let come = calls.iter().filter(|call| call.answer.is_some()).count();
        Ok((come == times).then_some(()))
    })
    .await
}

fn the_call(world: &World, file: File) -> Result<Call> {
    world.line.calls_for(file).into_iter().next().with_context(|| format!("no {file:?}"))
}

fn header(call: &Call, name: &str) -> String {
    let value = call.answer.as_ref().and_then(|(_, headers)| headers.get(name));
    value.and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
}
