//! What the tests in `tests/it` are made of: a [`World`] with everything that takes part, and the
//! [`SurveyPage`] as a person meets it.
//!
//! Black box: nothing of the widget is linked here. The site, the collector and the analyst's tool
//! are the real ones, built before (`cargo xtask test e2e` does it all); the browser is one of three
//! [engines](Engine), without a window, driven over WebDriver. Controls are found by role and
//! accessible name, as the browser computes them for assistive technology, so a label that is lost
//! fails a test.

mod access_tree;
mod analyst;
mod axe;
mod browser;
mod chromium;
mod collector;
mod driver;
mod ending;
mod engine;
mod file;
mod firefox;
mod http;
mod line;
mod measure;
mod partner;
mod patience;
mod places;
mod program;
mod screen;
mod seen;
mod setup;
mod survey_page;
mod tongues;
mod tour;
mod trace;
mod watch;
mod webkit;
mod words;
mod world;

pub use analyst::{Analyst, Findings};
pub use axe::Examined;
pub use browser::{Browser, Entry, Place};
pub use collector::Collector;
pub use engine::Engine;
pub use file::File;
pub use line::{Call, Line, Mishap, Obstacle, Point};
pub use measure::Measure;
pub use partner::{Partner, PartnerPage};
pub use patience::{PATIENCE, until};
pub use screen::{Scheme, Screen};
pub use seen::Seen;
pub use setup::{Questions, Setup};
pub use survey_page::{Outside, SurveyPage};
pub use tour::{State, Stop, stops, tour};
pub use trace::{Secret, traces};
pub use words::Words;
pub use world::World;
