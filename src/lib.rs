//! The survey widget: asks one thing a page, validates and seals in the browser, and sends.
//!
//! Glue and views only. What a survey is and where a person is in it lives in `survey-core`, how a
//! response is sealed in `survey-sealer`, what goes over HTTP in `survey-wire`. Reading order:
//! `app` (the root), `state` (the one reactive cell), `node` (what views are made of), `page`,
//! `part` and `question` (views), `load` (what the document holds), `deliver` (sealing and
//! sending), `shell` (what `start.js` does before and for the program).

#[cfg(all(feature = "ssr", target_arch = "wasm32"))]
compile_error!("`ssr` writes documents on the host; it has no place in the browser");

mod app;
mod browser;
mod deliver;
#[cfg(feature = "ssr")]
pub mod document;
mod entropy;
mod load;
mod node;
mod page;
mod part;
mod question;
mod shell;
mod state;
mod text;

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests;

pub use app::start;
