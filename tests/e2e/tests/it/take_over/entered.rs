//! What is chosen and typed, on each type of page that a survey may begin with.

use anyhow::Result;
use e2e::{File, Place, Questions, SurveyPage, World, until};
use fantoccini::key::Key;
use serde_json::{Value, json};

use super::{before_the_program, is_answered, open, take_over};

/// Nobody touches the page: the same elements stay in the same places, and are read the same.
async fn untouched(kind: &'static str) -> Result<World> {
    let world = before_the_program(kind).await?;
    stands_still(&world).await?;
    world.line.hold(File::Program);
    Ok(world)
}

async fn stands_still(world: &World) -> Result<()> {
    let page = world.open_early(Place::Top).await?;
    let read = world.browser().accessibility_tree().await?;
    assert!(read.contains("button \"Leave this page\"") && read.contains("heading"), "{read}");
    page.watch().await?;
    take_over(world, &page).await?;
    assert_eq!(page.happened().await?, [""; 0]);
    assert_eq!(world.browser().accessibility_tree().await?, read);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_model_survey_is_taken_over_as_it_stands() -> Result<()> {
    let world = World::start(Questions::Model).await?;
    world.line.hold(File::Program);
    stands_still(&world).await?;
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_without_an_answer_are_taken_over_as_they_stand() -> Result<()> {
    for kind in ["statement", "gate"] {
        untouched(kind).await?.end().await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chosen_answer_stays_chosen() -> Result<()> {
    let world = untouched("single").await?;
    let page = open(&world).await?;
    page.watch().await?;
    page.mark("radio", "No").await?;
    page.mark("radio", "Yes").await?;
    take_over(&world, &page).await?;
    assert_eq!(page.happened().await?, ["<input id=q0-1> lost the focus"], "to the other answer");
    assert_eq!(page.marked().await?, ["Yes"]);
    // From where the focus is.
    page.browser().await?.press_keys([Key::Down.into(), Key::Up.into()]).await?;
    is_answered(&world, &page, "Single?", "Yes", json!(1)).await?;
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn of_boxes_that_exclude_each_other_the_last_one_counts() -> Result<()> {
    let world = untouched("multiple").await?;
    for (ticked, left) in [
        (&["This", "That"][..], &["This", "That"][..]),
        (&["This", "None of these"], &["None of these"]),
        (&["None of these", "That"], &["That"]),
        (&["This", "I would rather not say"], &["I would rather not say"]),
        (&["None of these", "I would rather not say", "This"], &["This"]),
    ] {
        world.line.hold(File::Program);
        let page = open(&world).await?;
        for option in ticked {
            page.mark("checkbox", option).await?;
        }
        take_over(&world, &page).await?;
        page.press("Continue").await?;
        page.turned_to("Last?").await?;
        page.back("Last?").await?;
        page.turned_to("Multiple?").await?;
        assert_eq!(page.marked().await?, left, "{ticked:?}");
    }
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn boxes_show_at_once_which_of_them_count() -> Result<()> {
    let world = before_the_program("multiple").await?;
    let page = open(&world).await?;
    for option in ["None of these", "This", "That"] {
        page.mark("checkbox", option).await?;
    }
    take_over(&world, &page).await?;
    until("the boxes", async || Ok((page.marked().await? == ["This", "That"]).then_some(())))
        .await?;
    is_answered(&world, &page, "Multiple?", "This\nThat", json!([1, 2])).await?;
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_chosen_from_a_list_stays_chosen() -> Result<()> {
    let world = untouched("select").await?;
    let page = open(&world).await?;
    let list = page.browser().await?.find("combobox", "Select?").await?;
    list.select_by_label("Place 7").await?;
    page.watch().await?;
    take_over(&world, &page).await?;
    assert_eq!(page.happened().await?, [""; 0]);
    assert_eq!(page.value("combobox", "Select?").await?, "Place 7");
    is_answered(&world, &page, "Select?", "Place 7", json!(7)).await?;
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_stays_chosen() -> Result<()> {
    let world = untouched("rating").await?;
    let page = open(&world).await?;
    page.mark("radio", "8").await?;
    page.watch().await?;
    take_over(&world, &page).await?;
    assert_eq!(page.happened().await?, [""; 0]);
    is_answered(&world, &page, "Rating?", "8 / 10", json!(8)).await?;
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_month_stays_and_so_does_the_caret_in_the_year() -> Result<()> {
    let world = untouched("month").await?;
    let page = open(&world).await?;
    let browser = page.browser().await?;
    page.point_at("Month").await?;
    browser.press_keys(['3', Key::Tab.into(), '2', '0', '5', Key::Left.into()]).await?;
    half_way(&world, &page, &SKIP_GOES).await?;
    browser.press_keys(['2']).await?;
    is_answered(&world, &page, "Month?", "3 / 2025", json!("2025-03")).await?;
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_half_typed_word_stays_with_its_caret() -> Result<()> {
    let world = untouched("long_text").await?;
    typed_half_way(&world, "Long text?", json!("ab cd\nxy")).await?;
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_half_typed_word_of_one_line_stays_with_its_caret() -> Result<()> {
    let world = untouched("text").await?;
    typed_half_way(&world, "Text?", json!("ab cdxy")).await?;
    world.end().await
}

/// Types some of it before and some of it after, in the middle of what was typed before.
async fn typed_half_way(world: &World, question: &str, reply: Value) -> Result<()> {
    let page = open(world).await?;
    let browser = page.browser().await?;
    page.point_at(question).await?;
    browser.press_keys("ab ".chars()).await?;
    let lines = question == "Long text?";
    if lines {
        browser.press_keys([Key::Enter.into(), 'x', 'y', Key::Up.into(), Key::End.into()]).await?;
    } else {
        browser.press_keys(['x', 'y', Key::Left.into(), Key::Left.into()]).await?;
    }
    let room = if lines { [200, 194] } else { [20, 15] };
    let [before, after] = room.map(|room| format!("“You have {room} characters left.”"));
    let seen = [
        &format!("{before} went"),
        SKIP_GOES[0],
        SKIP_GOES[1],
        &format!("it says {after}"),
        &format!("it no longer says {before}"),
        SKIP_GOES[2],
    ];
    half_way(world, &page, &seen).await?;
    browser.press_keys("cd".chars()).await?;
    let answer = reply.as_str().unwrap_or_default().to_owned();
    is_answered(world, &page, question, &answer, reply).await
}

/// As soon as something is typed, the program no longer offers to throw it away.
const SKIP_GOES: [&str; 3] = [
    "<button>: hidden was null, is ",
    "<button> is no longer shown",
    "it no longer says “Skip this question”",
];

/// The program takes over while somebody types, and nothing but this is seen of it.
async fn half_way(world: &World, page: &SurveyPage<'_>, seen: &[&str]) -> Result<()> {
    let caret = "const { value, selectionStart, selectionEnd } = document.activeElement;
        document.activeElement.mine = true;
        return [value, selectionStart, selectionEnd]";
    let before = page.browser().await?.run(caret, Vec::new()).await?;
    page.watch().await?;
    take_over(world, page).await?;
    let after = page.browser().await?.run(caret, Vec::new()).await?;
    assert_eq!(after, before);
    assert_ne!(before[0], json!(null), "nothing is typed into");
    assert_eq!(page.happened().await?, seen);
    Ok(())
}

/// A word that an input method is composing: Japanese, Chinese, Korean, and every on-screen
/// keyboard that suggests words.
#[tokio::test(flavor = "multi_thread")]
async fn a_word_that_is_being_composed_is_not_broken_off() -> Result<()> {
    let world = before_the_program("text").await?;
    // The driver's commands for this reach the tab's document alone.
    let page = world.open_early(Place::Top).await?;
    let browser = page.browser().await?;
    page.point_at("Text?").await?;
    let listen = "globalThis.composed = [];
        for (const kind of ['compositionstart', 'compositionend'])
            addEventListener(kind, ({ type, data }) => composed.push(type + ' ' + data), true)";
    browser.run(listen, Vec::new()).await?;
    browser.compose("に").await?;
    browser.compose("にほ").await?;
    take_over(&world, &page).await?;
    // Whatever the program does with what stands there has happened by then.
    browser.run("return new Promise((done) => setTimeout(done, 200))", Vec::new()).await?;
    browser.compose("にほん").await?;
    assert_eq!(page.value("textbox", "Text?").await?, "にほん");
    browser.settle("日本").await?;
    let composed = browser.run("return composed", Vec::new()).await?;
    assert_eq!(composed, json!(["compositionstart ", "compositionend 日本"]));
    is_answered(&world, &page, "Text?", "日本", json!("日本")).await?;
    world.end().await
}

/// Not answering is an answer that is kept as well, and takes the place of what was typed.
#[tokio::test(flavor = "multi_thread")]
async fn a_text_that_one_would_rather_not_give_after_all_is_not_sent() -> Result<()> {
    let mut world = before_the_program("text").await?;
    world.keep_secret("not this");
    let page = open(&world).await?;
    let browser = page.browser().await?;
    page.point_at("Text?").await?;
    browser.press_keys("not this".chars()).await?;
    page.mark("checkbox", "I would rather not say").await?;
    take_over(&world, &page).await?;
    let declined = json!({ "missing": "declined" });
    is_answered(&world, &page, "Text?", "I would rather not say", declined).await?;
    world.end().await
}

/// What these tests look for would be found.
#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_is_drawn_anew_would_be_noticed() -> Result<()> {
    let world = World::start(Questions::BeginningWith("single")).await?;
    let page = world.open_own_page().await?;
    page.watch().await?;
    let anew = "const main = document.querySelector('main');
        main.replaceWith(main.cloneNode(true));
        document.getElementById('views').prepend(Object.assign(document.createElement('p'), { textContent: 'More' }))";
    page.browser().await?.run(anew, Vec::new()).await?;
    let happened = page.happened().await?;
    for what in ["<main> went", "<main> came", "<p> came", "the page shifted by"] {
        assert!(happened.iter().any(|note| note.starts_with(what)), "no `{what}`: {happened:#?}");
    }
    world.end().await
}
