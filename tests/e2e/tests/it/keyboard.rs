//! The survey without a mouse or a finger.

use anyhow::{Result, bail};
use e2e::{PartnerPage, Place, Questions, SurveyPage, World, until};
use fantoccini::key::Key;
use serde_json::json;

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
    hands.press(&[Key::Down.into(), Key::Up.into()]).await?;
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
    hands.go_on().await?;

    page.turned_to("Scale?").await?;
    hands.tab_to("radio", "Good").await?;
    hands.press(&[Key::Down.into()]).await?;
    hands.go_on().await?;

    page.turned_to("Select?").await?;
    hands.tab_to("combobox", "Select?").await?;
    hands.press(&[Key::Down.into(), Key::Down.into(), Key::Down.into()]).await?;
    hands.go_on().await?;

    page.turned_to("Rating?").await?;
    hands.tab_to("radio", "0 (Not at all)").await?;
    hands.press(&[Key::Right.into(); 7]).await?;
    hands.go_on().await?;

    too_long_a_text_is_mended(&world, &page, &hands).await?;

    page.turned_to("Long text?").await?;
    hands.tab_to("textbox", "Long text?").await?;
    hands.type_text("one line").await?;
    hands.press(&[Key::Enter.into()]).await?;
    hands.type_text("and another").await?;
    hands.go_on().await?;

    page.turned_to("Month?").await?;
    hands.tab_to("textbox", "Month").await?;
    hands.type_text("3").await?;
    hands.tab_to("textbox", "Year").await?;
    hands.type_text("2025").await?;
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
    hands.press(&[Key::Enter.into()]).await?;

    // The summary takes the focus and is read for it: so nothing else may announce it as well.
    hands.holds("group", "There is a problem").await?;
    let problem = "Your answer is too long. It can have 20 characters, and it has 25. Nothing was \
                   lost: make it shorter, then press Continue.";
    let announced = "return ['alert', 'status', 'log'].flatMap((role) => find(role, null))
        .filter((region) => text(region).includes(arguments[0])).length";
    let announced = page.browser().await?.run(announced, vec![json!(problem)]).await?;
    assert_eq!(announced, json!(0), "announced twice");

    hands.press(&[Key::Tab.into()]).await?;
    hands.holds("link", problem).await?;
    hands.press(&[Key::Enter.into()]).await?;
    hands.holds("textbox", "Text?").await?;
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

/// A person at a keyboard.
struct Hands<'w>(&'w SurveyPage<'w>);

impl Hands<'_> {
    async fn press(&self, keys: &[char]) -> Result<()> {
        self.0.browser().await?.press_keys(keys.iter().copied()).await
    }

    async fn type_text(&self, text: &str) -> Result<()> {
        self.0.browser().await?.press_keys(text.chars()).await
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
