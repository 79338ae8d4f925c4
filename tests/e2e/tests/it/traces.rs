//! What a device keeps of a visit: in the frame, in the page, in the tab, on the disk. In every
//! engine, as far as its driver tells; what is kept is listed here and in docs/embedding.md.

use std::{collections::BTreeSet, time::Duration};

use anyhow::{Result, ensure};
use e2e::{Engine, PartnerPage, Place, Questions, Secret, SurveyPage, World, traces};
use serde_json::json;

use crate::{
    engines::{expect_a_frame_to_be_cut_off, has_title, in_every_engine, world},
    ways::{OVERALL, TEXT, answer_shortly},
};

in_every_engine![
    nothing_can_be_stored_in_the_frame_and_nothing_is_in_the_page,
    reloading_and_coming_back_show_no_answer,
    a_device_keeps_the_visit_and_no_answer,
];

/// Typed, and looked for in all that the browser wrote.
const TYPED: &str = "nobody else reads this: canary-5521-dunlin";

async fn nothing_can_be_stored_in_the_frame_and_nothing_is_in_the_page(
    engine: Engine,
) -> Result<()> {
    let world = world(engine, Questions::Model).await?;
    let page = world.open_survey().await?;
    let attempts = "const attempts = {
            cookie: () => document.cookie,
            localStorage: () => localStorage.length,
            sessionStorage: () => sessionStorage.length,
            indexedDB: () => new Promise((done, failed) => {
                const request = indexedDB.open('x');
                request.onsuccess = done;
                request.onerror = failed;
            }),
            caches: () => caches.open('x'),
            serviceWorker: () => navigator.serviceWorker.register('/x.js'),
        };
        const went = Object.entries(attempts).map(async ([name, attempt]) => {
            try {
                await attempt();
                return name;
            } catch {
                return '';
            }
        });
        return Promise.all(went).then((names) => [origin, ...names.filter((name) => name)])";
    let went = page.browser().await?.run(attempts, Vec::new()).await?;
    assert_eq!(went, json!(["null"]), "an origin of nobody, and nothing can be stored");
    answer_shortly(&page, TYPED).await?;
    page.send().await?;
    page.turned_to("Your answers were sent").await?;

    let browser = world.browser();
    browser.go_to(Place::Top).await?;
    assert_eq!(browser.run("return document.cookie", Vec::new()).await?, json!(""));
    // Firefox makes room for these as soon as a page asks; `World::end` asks its own scripts.
    if engine != Engine::Firefox {
        let stored = "const lists = [
                indexedDB.databases(),
                caches.keys(),
                navigator.serviceWorker?.getRegistrations() ?? [],
                localStorage,
                sessionStorage,
            ];
            return Promise.all(lists).then((lists) => lists.map((list) => list.length))";
        assert_eq!(browser.run(stored, Vec::new()).await?, json!([0, 0, 0, 0, 0]));
    }
    let downloads = world.line.calls().into_iter().filter(|call| {
        let answer = call.answer.as_ref();
        answer.is_some_and(|(_, headers)| headers.contains_key("content-disposition"))
    });
    assert_eq!(downloads.count(), 0, "something to keep as a file");
    world.end().await
}

/// Whoever has the device next and presses "Reload" or "Back", with the tab still open.
async fn reloading_and_coming_back_show_no_answer(engine: Engine) -> Result<()> {
    let mut world = world(engine, Questions::Model).await?;
    world.keep_secret(TYPED);
    expect_a_frame_to_be_cut_off(&mut world);
    let page = world.open_survey().await?;
    // Chosen on the first page, and never continued from: the browser's to restore.
    page.mark("radio", "I had no contact with the police").await?;
    reload(&world).await?;
    shows_nothing(&world, Place::Frame).await?;
    let page = world.wait_for_survey(Place::Frame).await?;
    page.mark("radio", "I had no contact with the police").await?;
    there_and_back(&world).await?;
    shows_nothing(&world, Place::Frame).await?;

    let page = world.wait_for_survey(Place::Frame).await?;
    half_way(&page).await?;
    there_and_back(&world).await?;
    shows_nothing(&world, Place::Frame).await?;
    let page = world.wait_for_survey(Place::Frame).await?;
    half_way(&page).await?;
    reload(&world).await?;
    shows_nothing(&world, Place::Frame).await?;

    let page = world.open_own_page().await?;
    half_way(&page).await?;
    there_and_back(&world).await?;
    shows_nothing(&world, Place::Top).await?;
    world.end().await
}

async fn reload(world: &World) -> Result<()> {
    world.browser().go_to(Place::Top).await?;
    Ok(world.browser().client().refresh().await?)
}

/// A browser may have kept the page as it was (WebKit does so here), or load it anew.
async fn there_and_back(world: &World) -> Result<()> {
    let browser = world.browser();
    browser.go_to(Place::Top).await?;
    browser.run("window.stayed = true", Vec::new()).await?;
    let title = browser.client().title().await?;
    browser.open(&world.partner.url(PartnerPage::Before)).await?;
    browser.back().await?;
    has_title(world, &title).await?;
    let stayed = browser.run("return window.stayed === true", Vec::new()).await?;
    eprintln!("{} had kept `{title}`: {stayed}", browser.engine());
    Ok(())
}

/// The first question stands, and nothing is chosen in it.
async fn shows_nothing(world: &World, place: Place) -> Result<()> {
    // What was there before may still be going.
    tokio::time::sleep(Duration::from_millis(500)).await;
    let page = world.wait_for_survey(place).await?;
    page.at(OVERALL).await?;
    ensure!(page.marked().await? == [""; 0], "an answer is still chosen");
    let texts = "return [...document.querySelectorAll('textarea, input[type=text]')]
        .map((field) => field.value).join('')";
    let typed = page.browser().await?.run(texts, Vec::new()).await?;
    ensure!(typed == json!(""), "a text is still there");
    Ok(())
}

async fn half_way(page: &SurveyPage<'_>) -> Result<()> {
    page.choose(OVERALL, "I had no contact with the police").await?;
    page.skip("Why did the police not hear about it?").await?;
    page.skip("What kind of crime was it?").await?;
    page.at(TEXT).await?;
    page.point_at(TEXT).await?;
    page.browser().await?.press_keys(TYPED.chars()).await
}

/// What is kept is named, by where it lies. Nothing of it is an answer.
async fn a_device_keeps_the_visit_and_no_answer(engine: Engine) -> Result<()> {
    let mut world = world(engine, Questions::Model).await?;
    world.keep_secret(TYPED);
    expect_a_frame_to_be_cut_off(&mut world);
    let page = world.open_survey().await?;
    half_way(&page).await?;
    // Browsers write down what is open, and what is typed there, every few seconds.
    tokio::time::sleep(Duration::from_secs(4)).await;
    let secret = [Secret::new(TYPED)];
    let files = world.device()?;
    let found = traces(&secret, files.iter().map(|(name, bytes)| (name.as_str(), &**bytes)));
    ensure!(found.is_empty(), "while it stands on the page: {found:?}");

    page.leave().await?;
    world.partner.let_go();
    has_title(&world, PartnerPage::Elsewhere.title()).await?;
    if engine != Engine::WebKit {
        let history = world.browser().history().await?;
        let of_partner = history.iter().filter(|entry| entry.url.starts_with("http"));
        let shown: Vec<_> =
            of_partner.map(|entry| (entry.url.as_str(), entry.title.as_str())).collect();
        let url = |page| world.partner.url(page);
        let (before, elsewhere) = (PartnerPage::Before, PartnerPage::Elsewhere);
        assert_eq!(
            shown,
            [(url(before).as_str(), before.title()), (url(elsewhere).as_str(), elsewhere.title())]
        );
    }
    let snippet = world.partner.url(PartnerPage::Snippet);
    let survey = world.survey_url().to_owned();
    let files = world.end_with_the_device().await?;
    let kept = |text: &str| {
        let secret = Secret::new(text);
        let places = files.iter().filter(|(_, bytes)| secret.is_in(bytes));
        let kinds: BTreeSet<_> = places.map(|(name, _)| kind_of(name)).collect();
        // By the day, for itself.
        kinds.into_iter().filter(|kind| *kind != "statistics").collect::<Vec<_>>()
    };
    // Chromium's list of open tabs is written on and on, and made anew now and then. It lists frames.
    // The address of the survey says "views" and a number, and its document lies in the cache packed.
    let (page, title, address): (&[&str], &[&str], &[&str]) = match engine {
        Engine::Chromium => (&["history", "open tabs"], &["open tabs"], &["cache", "open tabs"]),
        Engine::Firefox => (&["history", "open tabs"], &[], &["cache"]),
        // Driven, it writes nothing: what a browser made of it keeps is up to that browser.
        Engine::WebKit => (&[], &[], &[]),
    };
    assert_eq!(kept(&snippet), page, "the address of the partner's page");
    assert_eq!(kept(PartnerPage::Snippet.title()), title, "its title");
    assert_eq!(kept(&survey), address, "the address of the survey");
    for said in [
        "victim-voice",
        "Thinking about everything",
        "What kind of crime was it",
        "I had no contact with the police",
    ] {
        assert_eq!(kept(said), [""; 0], "`{said}`");
    }
    Ok(())
}

/// What a file of a profile is for, by its path; the path itself, if that is not known.
fn kind_of(path: &str) -> &str {
    let path = path.split("/browser/profile/").last().unwrap_or(path);
    let kinds = [
        ("Default/Cache/", "cache"),
        ("Default/History", "history"),
        ("Default/Sessions/", "open tabs"),
        ("segmentation_platform/", "statistics"),
        ("cache2/", "cache"),
        ("places.sqlite", "history"),
        ("sessionstore", "open tabs"),
    ];
    let kind = kinds.into_iter().find(|(start, _)| path.starts_with(start));
    kind.map_or(path, |(_, kind)| kind)
}
