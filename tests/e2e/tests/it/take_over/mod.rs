//! The first page stands, and can be answered, before there is a program. What was chosen, typed
//! or pressed by then counts, and nobody sees the moment in which the program takes over.

mod at_any_moment;
mod entered;
mod lost;
mod pressed;
mod told;

use anyhow::{Result, ensure};
use e2e::{File, Place, Questions, SurveyPage, World};
use serde_json::Value;

/// A survey whose first page has this type, and no program yet.
async fn before_the_program(kind: &'static str) -> Result<World> {
    let world = World::start(Questions::BeginningWith(kind)).await?;
    world.line.hold(File::Program);
    Ok(world)
}

/// Opens the survey in a partner's page, while the program is held.
async fn open(world: &World) -> Result<SurveyPage<'_>> {
    let page = world.open_early(Place::Frame).await?;
    ensure!(!page.is_live().await?, "the program runs already");
    Ok(page)
}

/// Lets the program come.
async fn take_over(world: &World, page: &SurveyPage<'_>) -> Result<()> {
    ensure!(!page.is_live().await?, "the program runs already");
    world.line.let_go(File::Program);
    page.taken_over().await
}

/// Goes on from the first page of a survey that was made for this, to the end; the answer to the
/// first question is listed as `answer` by the way, and is `reply` where the analyst opens it.
async fn is_answered(
    world: &World,
    page: &SurveyPage<'_>,
    question: &str,
    answer: &str,
    reply: Value,
) -> Result<()> {
    page.press("Continue").await?;
    finish(world, page, question, answer, reply).await
}

/// As [`is_answered`], from the second page on.
async fn finish(
    world: &World,
    page: &SurveyPage<'_>,
    question: &str,
    answer: &str,
    reply: Value,
) -> Result<()> {
    page.turned_to("Last?").await?;
    page.choose("Last?", "Yes").await?;
    let answers = page.answers().await?;
    assert_eq!(answers[0], (question.to_owned(), answer.to_owned()));
    page.send().await?;
    page.turned_to("Sent").await?;
    let found = world.find_out()?;
    let [response] = &found.responses[..] else { panic!("{} responses", found.responses.len()) };
    let answers = response["answers"].as_object().expect("a response has answers");
    assert_eq!(answers["last"], 1);
    let first: Vec<_> = answers.iter().filter(|(key, _)| *key != "last").collect();
    assert_eq!(first.iter().map(|(_, reply)| *reply).collect::<Vec<_>>(), [&reply], "{first:?}");
    Ok(())
}
