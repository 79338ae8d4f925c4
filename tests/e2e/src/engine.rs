//! The three browser engines that a survey has to work in.

use std::fmt;

/// A browser engine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Engine {
    /// Chrome, Edge, Samsung Internet. The whole suite runs in it.
    #[default]
    Chromium,
    /// Firefox: its release with extended support.
    Firefox,
    /// Safari, and every browser on an iPhone: its port to GTK, in WebKit's own small browser.
    WebKit,
}

impl fmt::Display for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Chromium => "Chromium",
            Self::Firefox => "Firefox",
            Self::WebKit => "WebKit",
        })
    }
}
