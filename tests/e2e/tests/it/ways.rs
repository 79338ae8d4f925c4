//! Ways through the model survey that several tests take.

use anyhow::Result;
use e2e::SurveyPage;

/// The first question of the model survey.
pub(crate) const OVERALL: &str =
    "Thinking about everything, how satisfied are you with the service from the police?";

/// The question of the model survey that takes text.
pub(crate) const TEXT: &str = "What one thing should the police do differently, or keep doing?";

/// The shortest way to "check your answers" on which something is written: `text`.
pub(crate) async fn answer_shortly(page: &SurveyPage<'_>, text: &str) -> Result<()> {
    page.choose(OVERALL, "I had no contact with the police").await?;
    page.skip("Why did the police not hear about it?").await?;
    page.skip("What kind of crime was it?").await?;
    page.write(TEXT, text).await?;
    page.decide("A few questions about you", "Skip them all").await?;
    page.checking().await
}
