//! A survey in several languages: chosen by name, changed at any time, and nothing is lost.

use anyhow::{Context as _, Result, ensure};
use e2e::{File, Obstacle, Place, Questions, Setup, SurveyPage, World, until};
use fantoccini::{Locator, key::Key};
use serde_json::{Value, json};

const WELSH: &str = "Cymraeg";
const ARABIC: &str = "العربية";
const ENGLISH: &str = "English";

/// What somebody writes and has not continued from when the language changes.
const WRITTEN: &str = "half a sentence, canary-5521-dunnock";

async fn begin() -> Result<World> {
    World::start(Questions::Tongues).await
}

/// Opens the line that names the languages and presses one of them.
async fn choose(page: &SurveyPage<'_>, language: &str) -> Result<()> {
    let browser = page.browser().await?;
    let is_open = "return document.getElementById('language').parentNode.open";
    if browser.run(is_open, Vec::new()).await? == json!(false) {
        browser.client().find(Locator::Id("language")).await?.click().await?;
    }
    page.press(language).await
}

/// `lang` and `dir` of the document, and `lang` and `dir` around the first element whose text this is.
async fn marked(page: &SurveyPage<'_>, words: &str) -> Result<[String; 4]> {
    let script = "
        const { lang, dir } = document.documentElement;
        const all = [...shown()].filter((e) => e.textContent.trim() === arguments[0]);
        const own = all[all.length - 1];
        return [lang, dir, own?.closest('[lang]').lang ?? '', own?.closest('[dir]').dir ?? '']";
    let found = page.browser().await?.run(script, vec![json!(words)]).await?;
    serde_json::from_value(found).context("no four words")
}

async fn language(page: &SurveyPage<'_>) -> Result<(String, String)> {
    let [lang, dir, ..] = marked(page, "").await?;
    Ok((lang, dir))
}

fn is(language: (String, String), lang: &str, dir: &str) -> bool {
    language == (lang.to_owned(), dir.to_owned())
}

/// How often each document was asked for, by the end of its address.
fn asked_for(world: &World, end: &str) -> usize {
    world.line.calls_for(File::Document).iter().filter(|call| call.url.ends_with(end)).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_changes_the_language_in_the_middle_and_loses_nothing() -> Result<()> {
    let mut world = begin().await?;
    world.keep_secret(WRITTEN);
    let page = world.open_survey().await?;
    assert!(is(language(&page).await?, "en", "ltr"));
    page.choose("One?", "No").await?;
    page.turned_to("Words?").await?;
    page.point_at("Words?").await?;
    let browser = page.browser().await?;
    browser.press_keys(WRITTEN.chars()).await?;
    assert_eq!(world.line.calls_for(File::Document).len(), 1, "nobody chose a language yet");

    choose(&page, WELSH).await?;
    page.at("Geiriau?").await?;
    assert!(is(language(&page).await?, "cy", "ltr"));
    assert_eq!(page.value("textbox", "Geiriau?").await?, WRITTEN);
    // What was pressed is gone; the line that names the languages is where somebody was.
    until("the focus on the line of languages", async || {
        let focused = "return document.activeElement.id";
        Ok((browser.run(focused, Vec::new()).await? == json!("language")).then_some(()))
    })
    .await?;
    browser.find("button", "Gadael y dudalen hon").await?;
    page.press("Yn ôl").await?;
    page.turned_to("Un?").await?;
    assert_eq!(page.marked().await?, ["Nac oes"]);
    page.press("Parhau").await?;
    page.turned_to("Geiriau?").await?;
    page.press("Parhau").await?;
    page.turned_to("Pryd?").await?;

    // And once more, with a month that is half typed: the problem is named in the new language.
    page.point_at("Blwyddyn").await?;
    browser.press_keys("٢٠٢٥".chars()).await?;
    page.press("Parhau").await?;
    browser.find("link", "Rhowch y mis hefyd.").await?;
    choose(&page, ARABIC).await?;
    page.at("متى؟").await?;
    assert!(is(language(&page).await?, "ar", "rtl"));
    browser.find("link", "أعطِ الشهر أيضًا.").await?;
    assert_eq!(page.value("textbox", "السنة").await?, "٢٠٢٥");
    page.point_at("الشهر").await?;
    browser.press_keys("۳".chars()).await?;
    page.press("متابعة").await?;
    page.turned_to("التقييم؟").await?;
    page.press("متابعة").await?;
    page.turned_to("تحقق من إجاباتك").await?;
    page.press("إرسال إجاباتي").await?;
    page.turned_to("أُرسلت").await?;

    assert_eq!((asked_for(&world, "/cy/"), asked_for(&world, "/ar/")), (1, 1));
    assert_eq!(world.line.calls_for(File::Document).len(), 3);
    let found = world.find_out()?;
    let response = &found.responses[0];
    assert_eq!(response["lang"], json!("ar"), "{response}");
    let answers = &response["answers"];
    assert_eq!((&answers["one"], &answers["words"]), (&json!(2), &json!(WRITTEN)), "{response}");
    assert_eq!(answers["when"], json!("2025-03"), "{response}");
    world.end().await
}

/// What is typed in keeps the focus, as somebody may go on before the language comes.
#[tokio::test(flavor = "multi_thread")]
async fn whoever_goes_on_typing_meanwhile_stays_in_the_field() -> Result<()> {
    let world = begin().await?;
    let page = world.open_survey().await?;
    page.choose("One?", "Yes").await?;
    page.turned_to("Words?").await?;
    world.line.hold(File::Document);
    choose(&page, WELSH).await?;
    page.hear("One moment. The language is loading.").await?;
    page.point_at("Words?").await?;
    page.browser().await?.press_keys("word".chars()).await?;
    world.line.let_go(File::Document);
    page.at("Geiriau?").await?;
    let browser = page.browser().await?;
    until("the focus in the field", async || {
        Ok((browser.focus().await?.0 == "textbox").then_some(()))
    })
    .await?;
    browser.press_keys([Key::End.into(), 's']).await?;
    assert_eq!(page.value("textbox", "Geiriau?").await?, "words");
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_language_that_does_not_come_is_said_and_can_be_chosen_again() -> Result<()> {
    let mut world = begin().await?;
    world.expect_in_console("404");
    let page = world.open_survey().await?;
    page.mark("radio", "Yes").await?;
    world.line.obstruct(File::Document, [Obstacle::Missing]);
    choose(&page, WELSH).await?;
    page.hear("The language did not load. Nothing was lost.").await?;
    page.at("One?").await?;
    assert!(is(language(&page).await?, "en", "ltr"));
    assert_eq!(page.marked().await?, ["Yes"]);
    choose(&page, WELSH).await?;
    page.at("Un?").await?;
    assert_eq!(page.marked().await?, ["Oes"]);
    world.end().await
}

/// The words of one survey must not stand over the answers to another.
#[tokio::test(flavor = "multi_thread")]
async fn a_survey_that_was_changed_meanwhile_keeps_its_language() -> Result<()> {
    let world = begin().await?;
    let page = world.open_survey().await?;
    page.mark("radio", "Yes").await?;
    let _second = world.change_analysts(Questions::Tongues).await?;
    choose(&page, WELSH).await?;
    page.hear("This survey has changed, so its language cannot change now.").await?;
    page.at("One?").await?;
    assert!(is(language(&page).await?, "en", "ltr"));
    page.press("Continue").await?;
    page.turned_to("Words?").await?;
    let said = "return find('status', null).map(text).join('')";
    assert_eq!(page.browser().await?.run(said, Vec::new()).await?, json!(""), "said once");
    world.end().await
}

/// The last language counts, however long an earlier one takes.
#[tokio::test(flavor = "multi_thread")]
async fn of_two_languages_the_one_chosen_last_is_shown() -> Result<()> {
    let world = begin().await?;
    let page = world.open_survey().await?;
    world.line.hold(File::Document);
    choose(&page, ARABIC).await?;
    choose(&page, WELSH).await?;
    world.line.let_go(File::Document);
    page.at("Un?").await?;
    page.browser()
        .await?
        .run("return new Promise((done) => setTimeout(done, 500))", Vec::new())
        .await?;
    page.at("Un?").await?;
    assert!(is(language(&page).await?, "cy", "ltr"));
    world.end().await
}

/// The choice is kept while the program loads, and so is what was pressed besides.
#[tokio::test(flavor = "multi_thread")]
async fn a_language_chosen_before_the_program_runs_is_shown_when_it_does() -> Result<()> {
    let world = begin().await?;
    world.line.hold(File::Program);
    let page = world.open_early(Place::Frame).await?;
    page.mark("radio", "No").await?;
    choose(&page, WELSH).await?;
    page.press("Continue").await?;
    world.line.let_go(File::Program);
    page.at("Geiriau?").await?;
    page.press("Yn ôl").await?;
    page.turned_to("Un?").await?;
    assert_eq!(page.marked().await?, ["Nac oes"]);
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_runs_from_right_to_left_but_numbers_of_telephones() -> Result<()> {
    let world = begin().await?;
    world.use_small_phone().await?;
    let page = world.open_survey().await?;
    let browser = page.browser().await?;
    browser.run("document.getElementById('language').click()", Vec::new()).await?;
    let small = "const side = (e) => Math.min(e.getBoundingClientRect().width, e.getBoundingClientRect().height);
        const line = document.getElementById('language');
        return [...document.querySelectorAll('.v-languages button'), line].filter((e) => side(e) < 44).length";
    assert_eq!(browser.run(small, Vec::new()).await?, json!(0), "too small for a thumb");
    choose(&page, ARABIC).await?;
    page.at("واحد؟").await?;
    let narrow = async |heading: &str| -> Result<()> {
        page.at(heading).await?;
        let wide = "const beside = ({ left, right }) => left < -0.5 || right > innerWidth + 0.5;
            return document.scrollingElement.scrollWidth === innerWidth ? [] :
                [...document.body.querySelectorAll('*')].filter((e) => beside(e.getBoundingClientRect()))
                    .map((e) => e.outerHTML.slice(0, 120))";
        let beside = browser.run(wide, Vec::new()).await?;
        ensure!(beside == json!([]), "too wide at {heading}: {beside}");
        Ok(())
    };
    narrow("واحد؟").await?;
    // The control stands to the right of its label.
    let sides =
        "const box = (e) => e.getBoundingClientRect(); const radio = find('radio', null)[0];
        return box(radio).left > box(radio.labels[0]).left";
    assert_eq!(browser.run(sides, Vec::new()).await?, json!(true));
    page.press("متابعة").await?;
    narrow("كلمات؟").await?;
    // The arrow of "Back" points to where the language begins.
    let arrow = "return getComputedStyle(document.querySelector('.v-back'), '::before').transform";
    let arrow = browser.run(arrow, Vec::new()).await?;
    let back =
        "return document.querySelector('.v-back').getBoundingClientRect().right > innerWidth / 2";
    assert_eq!(browser.run(back, Vec::new()).await?, json!(true));
    // Free text runs the way that it is written.
    page.point_at("كلمات؟").await?;
    browser.press_keys("English".chars()).await?;
    let runs = "return getComputedStyle(find('textbox', null)[0]).direction";
    assert_eq!(browser.run(runs, Vec::new()).await?, json!("ltr"));
    page.press("متابعة").await?;
    narrow("متى؟").await?;
    page.press("متابعة").await?;
    narrow("التقييم؟").await?;
    // The scale begins at the right, and so do the words under it.
    let mirrored = "const x = (e) => e.getBoundingClientRect().left;
        const [first, second] = document.querySelectorAll('.v-rating__point');
        const [low, high] = document.querySelectorAll('.v-rating__ends > *');
        return [x(first) > x(second), x(low) > x(high) || low.getBoundingClientRect().top < high.getBoundingClientRect().top]";
    assert_eq!(browser.run(mirrored, Vec::new()).await?, json!([true, true]));
    page.press("متابعة").await?;
    narrow("تحقق من إجاباتك").await?;
    let said = marked(&page, "English").await?;
    assert_eq!(
        said,
        ["ar", "rtl", "", "auto"],
        "what somebody wrote is in nobody knows which language"
    );
    page.press("إرسال إجاباتي").await?;
    page.turned_to("أُرسلت").await?;
    narrow("أُرسلت").await?;
    let number = marked(&page, "08 08 16 89 111").await?;
    assert_eq!(number[3], "ltr");
    // As the same page has it in a language that runs the other way.
    choose(&page, ENGLISH).await?;
    page.at("Sent").await?;
    assert!(is(language(&page).await?, "en", "ltr"));
    assert_ne!(arrow, json!("none"));
    world.end().await
}

/// Screen readers have to change their voice, and nobody is left without a question.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_translated_is_english_and_marked_so() -> Result<()> {
    let world = begin().await?;
    let page = world.open_survey().await?;
    choose(&page, ARABIC).await?;
    page.at("واحد؟").await?;
    // A text of the survey, and one of the widget's own sentences.
    let english = ["ar", "rtl", "en", "auto"].map(str::to_owned);
    assert_eq!(marked(&page, "Run by nobody, for tests.").await?, english);
    assert_eq!(marked(&page, "What this does not hide").await?, english);
    choose(&page, WELSH).await?;
    page.at("Un?").await?;
    for (from, button) in [("Un?", "Parhau"), ("Geiriau?", "Parhau"), ("Pryd?", "Parhau")] {
        page.at(from).await?;
        page.press(button).await?;
    }
    page.at("Rate?").await?;
    assert_eq!(marked(&page, "Rate?").await?, ["cy", "ltr", "en", "auto"]);
    // The languages' own names are in those languages, wherever they stand.
    assert_eq!(marked(&page, WELSH).await?[2], "cy");
    choose(&page, ENGLISH).await?;
    page.at("Rate?").await?;
    let open = "document.getElementById('language').click()";
    page.browser().await?.run(open, Vec::new()).await?;
    assert_eq!(marked(&page, ARABIC).await?[2..], ["ar", "auto"]);
    world.end().await
}

/// Without script nothing can be answered, but what to do instead can be read.
#[tokio::test(flavor = "multi_thread")]
async fn without_script_plain_links_lead_to_the_other_languages() -> Result<()> {
    let setup = Setup { questions: Questions::Tongues, javascript: false, ..Setup::default() };
    let world = World::start_with(setup).await?;
    world.browser().open(world.survey_url()).await?;
    let page = until("the links", async || {
        let page = world.browser().accessibility_tree().await?;
        Ok(page.contains("link ").then_some(page))
    })
    .await?;
    // Scripts of a test run no more than those of a page.
    let tree = world.browser().command("DOM.getDocument", json!({ "depth": -1 })).await?;
    let code = world.survey_url().split("/s/").nth(1).unwrap_or_default();
    let mut expected = Vec::new();
    for (name, tag) in [(WELSH, "cy"), (ARABIC, "ar")] {
        assert!(page.contains(&format!("link \"{name}\"")), "{page}");
        expected.push((format!("/s/{code}{tag}/"), tag.to_owned()));
    }
    let mut found = Vec::new();
    links(&tree["root"], &mut found);
    assert_eq!(found, expected);
    world.end().await
}

/// `href` and `lang` of every link of a document.
fn links(node: &Value, found: &mut Vec<(String, String)>) {
    if node["nodeName"] == "A" {
        let attributes = node["attributes"].as_array().cloned().unwrap_or_default();
        let value = |name: &str| {
            let at = attributes.iter().position(|attribute| attribute == name);
            let value = at.and_then(|at| attributes.get(at + 1)).and_then(Value::as_str);
            value.unwrap_or_default().to_owned()
        };
        found.push((value("href"), value("lang")));
    }
    node["children"].as_array().into_iter().flatten().for_each(|child| links(child, found));
}

/// Who has nothing to choose is not asked to.
#[tokio::test(flavor = "multi_thread")]
async fn a_survey_in_one_language_offers_none() -> Result<()> {
    let world = World::start(Questions::BeginningWith("single")).await?;
    let page = world.open_survey().await?;
    let line = "return document.getElementById('language')";
    assert_eq!(page.browser().await?.run(line, Vec::new()).await?, json!(null));
    world.end().await
}
