//! The survey without a mouse or a finger.

use anyhow::{Result, bail, ensure};
use e2e::{
    Browser, Measure, PartnerPage, Place, Questions, Screen, SurveyPage, World, tour, until,
};
use fantoccini::key::Key;

#[tokio::test(flavor = "multi_thread")]
async fn every_type_of_question_can_be_answered_with_keys_alone() -> Result<()> {
    let world = World::start(Questions::EveryType).await?;
    let page = world.open_survey().await?;
    let hands = Hands(&page);

    // From the partner's page into the survey, in the order in which things stand.
    world.browser().go_to(Place::Top).await?;
    world.browser().press_keys([Key::Tab.into()]).await?;
    assert_eq!(world.browser().focus().await?, ("link".to_owned(), "Home".to_owned()));
    world.browser().press_keys([Key::Tab.into()]).await?;
    hands.holds("button", "Leave this page").await?;

    hands.tab_to("radio", "Yes").await?;
    hands.press(&[Key::Down.into()]).await?;
    assert_eq!(page.marked().await?, ["No"]);
    // Radio buttons cannot be cleared: whoever wants nothing chosen skips.
    hands.tab_to("button", "Skip this question").await?;
    hands.press(&[Key::Enter.into()]).await?;
    page.turned_to("Multiple?").await?;
    hands.go_back("Single?").await?;
    assert_eq!(page.marked().await?, [""; 0], "skipped, and chosen all the same");
    hands.tab_to("radio", "Yes").await?;
    hands.press(&[' ']).await?;
    assert_eq!(page.marked().await?, ["Yes"]);
    hands.go_on().await?;

    page.turned_to("Multiple?").await?;
    hands.tab_to("checkbox", "That").await?;
    hands.press(&[' ']).await?;
    hands.tab_to("checkbox", "None of these").await?;
    hands.press(&[' ']).await?;
    assert_eq!(page.marked().await?, ["None of these"], "it excludes the others");
    hands.tab_back_to("checkbox", "This").await?;
    hands.press(&[' ']).await?;
    assert_eq!(page.marked().await?, ["This"]);
    hands.press(&[' ']).await?;
    assert_eq!(page.marked().await?, [""; 0], "cleared, and ticked all the same");
    hands.press(&[' ']).await?;
    hands.go_on().await?;

    page.turned_to("Scale?").await?;
    hands.tab_to("radio", "Good").await?;
    hands.press(&[Key::Down.into()]).await?;
    hands.go_on().await?;

    page.turned_to("Select?").await?;
    hands.tab_to("combobox", "Select?").await?;
    hands.press(&[Key::End.into()]).await?;
    assert_eq!(page.value("combobox", "Select?").await?, "Place 12");
    hands.press(&[Key::Home.into()]).await?;
    assert_eq!(page.value("combobox", "Select?").await?, "Choose from the list");
    hands.press(&[Key::Down.into(), Key::Down.into(), Key::Down.into()]).await?;
    hands.go_on().await?;

    page.turned_to("Rating?").await?;
    hands.tab_to("radio", "0 (Not at all)").await?;
    hands.press(&[Key::Right.into(); 8]).await?;
    assert_eq!(page.marked().await?, ["8"]);
    hands.press(&[Key::Left.into()]).await?;
    hands.go_on().await?;

    too_long_a_text_is_mended(&world, &page, &hands).await?;

    page.turned_to("Long text?").await?;
    hands.tab_to("textbox", "Long text?").await?;
    hands.type_text("one line").await?;
    hands.press(&[Key::Enter.into()]).await?;
    hands.type_text("and another").await?;
    hands.clear().await?;
    assert_eq!(page.value("textbox", "Long text?").await?, "");
    hands.type_text("one line").await?;
    hands.press(&[Key::Enter.into()]).await?;
    hands.type_text("and another").await?;
    hands.go_on().await?;

    page.turned_to("Month?").await?;
    hands.tab_to("textbox", "Month").await?;
    hands.type_text("13").await?;
    hands.tab_to("textbox", "Year").await?;
    hands.type_text("2025").await?;
    hands.meets("The month must be a number from 1 to 12.", ("textbox", "Month")).await?;
    hands.clear().await?;
    hands.type_text("3").await?;
    hands.press(&[Key::Enter.into()]).await?;

    page.turned_to("Go on?").await?;
    hands.tab_to("button", "Go on").await?;
    hands.press(&[Key::Enter.into()]).await?;
    page.turned_to("A word").await?;
    hands.go_on().await?;
    page.turned_to("Last?").await?;
    hands.tab_to("radio", "Yes").await?;
    hands.press(&[' ']).await?;
    hands.go_on().await?;

    page.checking().await?;
    going_back_finds_every_answer(&page, &hands).await?;
    world.end().await
}

async fn too_long_a_text_is_mended(
    world: &World,
    page: &SurveyPage<'_>,
    hands: &Hands<'_>,
) -> Result<()> {
    page.turned_to("Text?").await?;
    hands.tab_to("textbox", "Text?").await?;
    hands.type_text("just a few words too many").await?;
    let problem = "Your answer is 5 characters too long. Nothing was lost: make it shorter, then press \
                   Continue.";
    hands.meets(problem, ("textbox", "Text?")).await?;
    // Address and history as before: `at` looks.
    page.at("Text?").await?;
    assert_eq!(page.value("textbox", "Text?").await?, "just a few words too many");
    hands.press(&[Key::End.into()]).await?;
    hands.press(&[Key::Backspace.into(); 9]).await?;
    hands.press(&[Key::Enter.into()]).await?;
    assert!(world.line.posts().is_empty());
    Ok(())
}

async fn going_back_finds_every_answer(page: &SurveyPage<'_>, hands: &Hands<'_>) -> Result<()> {
    hands.go_back("Last?").await?;
    assert_eq!(page.marked().await?, ["Yes"]);
    hands.go_back("A word").await?;
    hands.go_back("Go on?").await?;
    hands.go_back("Month?").await?;
    assert_eq!(page.value("textbox", "Month").await?, "3");
    assert_eq!(page.value("textbox", "Year").await?, "2025");
    hands.go_back("Long text?").await?;
    assert_eq!(page.value("textbox", "Long text?").await?, "one line\nand another");
    hands.go_back("Text?").await?;
    assert_eq!(page.value("textbox", "Text?").await?, "just a few words");
    hands.go_back("Rating?").await?;
    assert_eq!(page.marked().await?, ["7"]);
    hands.go_back("Select?").await?;
    assert_eq!(page.value("combobox", "Select?").await?, "Place 3");
    hands.go_back("Scale?").await?;
    assert_eq!(page.marked().await?, ["Neither"]);
    hands.go_back("Multiple?").await?;
    assert_eq!(page.marked().await?, ["This"]);
    hands.go_back("Single?").await?;
    assert_eq!(page.marked().await?, ["Yes"]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_key_stop_of_the_survey_leaves_the_page() -> Result<()> {
    let world = World::start(Questions::EveryType).await?;
    let page = world.open_survey().await?;
    Hands(&page).tab_to("button", "Leave this page").await?;
    page.browser().await?.hold_key(Key::Enter.into()).await?;
    world.partner.let_go();
    until("the page to leave to", async || {
        Ok((world.browser().client().title().await? == PartnerPage::Elsewhere.title())
            .then_some(()))
    })
    .await?;
    world.end().await
}

/// Tab reaches everything that can be used, "Leave this page" first, in the order in which it
/// stands, and back; and what has the focus is seen, also where the screen shows only a little.
#[tokio::test(flavor = "multi_thread")]
async fn tab_leads_through_every_page() -> Result<()> {
    let world = World::start(Questions::EveryType).await?;
    tour(&world, Place::Top, async |_, page| {
        let browser = page.browser().await?;
        browser.use_screen(Screen::ZOOMED).await?;
        let stops = browser.tab_stops().await?;
        ensure!(stops[0] == "button Leave this page", "first comes {}", stops[0]);
        browser.stand_at(0).await?;
        for at in 1..stops.len() {
            browser.press_keys([Key::Tab.into()]).await?;
            stands_at(browser, &stops, at).await?;
        }
        for at in (0..stops.len() - 1).rev() {
            browser.press_with(Key::Shift.into(), Key::Tab.into()).await?;
            stands_at(browser, &stops, at).await?;
        }
        browser.use_screen(Screen::of_width(1000)).await
    })
    .await?;
    world.end().await
}

/// No page holds the focus: from its last control Tab leads to what comes after the survey on the
/// partner's page, and back from its first to what came before.
#[tokio::test(flavor = "multi_thread")]
async fn tab_leads_out_of_the_frame() -> Result<()> {
    let world = World::start(Questions::EveryType).await?;
    tour(&world, Place::Frame, async |_, page| {
        let browser = world.browser();
        browser.go_to(Place::Top).await?;
        let after = "document.getElementById('after')
            ?? document.body.insertAdjacentHTML('beforeend', '<a id=after href=/before>After</a>')";
        browser.run(after, Vec::new()).await?;
        let last = page.browser().await?.tab_stops().await?.len() - 1;
        for (stop, shift, beyond) in [(last, false, "After"), (0, true, "Home")] {
            page.browser().await?.stand_at(stop).await?;
            // While the survey's own way out is out of view, the page around has one before it.
            browser.go_to(Place::Top).await?;
            until("one way out", async || {
                let others = browser.find_all("button", Some("Leave this page")).await?;
                Ok((!shift || others.is_empty()).then_some(()))
            })
            .await?;
            page.browser().await?;
            if shift {
                browser.press_with(Key::Shift.into(), Key::Tab.into()).await?;
            } else {
                browser.press_keys([Key::Tab.into()]).await?;
            }
            browser.go_to(Place::Top).await?;
            until(&format!("the focus on `{beyond}`"), async || {
                Ok((browser.focus().await? == ("link".to_owned(), beyond.to_owned())).then_some(()))
            })
            .await?;
        }
        Ok(())
    })
    .await?;
    world.end().await
}

async fn stands_at(browser: &Browser, stops: &[String], expected: usize) -> Result<()> {
    let mut last = None;
    let arrived = until("the focus to move on", async || {
        last = browser.tab_stop().await?;
        Ok((last == Some(expected)).then_some(()))
    });
    if arrived.await.is_err() {
        let name = |at: Option<usize>| at.map_or("nothing", |at| &*stops[at]);
        bail!("the focus is on {}, not on {}; of {stops:?}", name(last), stops[expected]);
    }
    let wrong = browser.measure(Measure::Focus).await?;
    ensure!(wrong.is_empty(), "{wrong:#?}");
    Ok(())
}

/// A person at a keyboard.
struct Hands<'w>(&'w SurveyPage<'w>);

impl Hands<'_> {
    async fn press(&self, keys: &[char]) -> Result<()> {
        self.0.browser().await?.press_keys(keys.iter().copied()).await
    }

    async fn type_text(&self, text: &str) -> Result<()> {
        self.0.browser().await?.press_keys(text.chars()).await
    }

    /// Empties the field that has the focus.
    async fn clear(&self) -> Result<()> {
        self.0.browser().await?.press_with(Key::Control.into(), 'a').await?;
        self.press(&[Key::Backspace.into()]).await
    }

    /// Goes on with "Enter" and is told what is wrong, once; the link leads to where it is.
    async fn meets(&self, problem: &str, (role, field): (&str, &str)) -> Result<()> {
        let browser = self.0.browser().await?;
        browser.listen().await?;
        // Again, as people do who did not see it.
        for _ in 0..2 {
            self.press(&[Key::Enter.into()]).await?;
            self.holds("group", "There is a problem").await?;
            // The summary takes the focus and is read for it: nothing else may say it as well.
            let (said, focused) = browser.heard().await?;
            ensure!(!said.iter().any(|line| line.contains(problem)), "announced twice: {said:?}");
            assert_eq!(focused, ["group There is a problem"], "read more than once");
            self.press(&[Key::Tab.into()]).await?;
            self.holds("link", problem).await?;
            self.press(&[Key::Enter.into()]).await?;
            self.holds(role, field).await?;
            browser.listen().await?;
        }
        Ok(())
    }

    /// Waits until something has the focus.
    async fn holds(&self, role: &str, name: &str) -> Result<()> {
        let browser = self.0.browser().await?;
        let mut last = Default::default();
        let held = until(&format!("the focus on the {role} `{name}`"), async || {
            last = browser.focus().await?;
            Ok((last.0 == role && last.1 == name).then_some(()))
        })
        .await;
        held.map_err(|error| error.context(format!("the focus is on {last:?}")))
    }

    /// Presses Tab until something has the focus.
    async fn tab_to(&self, role: &str, name: &str) -> Result<()> {
        self.tab(role, name, false).await
    }

    async fn tab_back_to(&self, role: &str, name: &str) -> Result<()> {
        self.tab(role, name, true).await
    }

    async fn tab(&self, role: &str, name: &str, back: bool) -> Result<()> {
        let browser = self.0.browser().await?;
        let mut passed = Vec::new();
        for _ in 0..20 {
            if back {
                browser.press_with(Key::Shift.into(), Key::Tab.into()).await?;
            } else {
                browser.press_keys([Key::Tab.into()]).await?;
            }
            let focus = browser.focus().await?;
            if focus.0 == role && focus.1 == name {
                return Ok(());
            }
            passed.push(focus);
        }
        bail!("Tab does not lead to the {role} `{name}`; it leads to {passed:?}")
    }

    async fn go_on(&self) -> Result<()> {
        self.tab_to("button", "Continue").await?;
        self.press(&[Key::Enter.into()]).await
    }

    /// From a page whose heading has the focus, to the page before, whose heading is `to`.
    async fn go_back(&self, to: &str) -> Result<()> {
        self.tab_back_to("button", "Back").await?;
        self.press(&[Key::Enter.into()]).await?;
        self.0.turned_to(to).await
    }
}
