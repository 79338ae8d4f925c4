//! How a person has set up screen and system: size, zoom, colours, motion, paper.

use anyhow::{Context as _, Result};
use serde_json::json;

use crate::browser::Browser;

/// The colours that a person's system asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
    /// The person's own few colours, as in Windows' contrast themes.
    Forced,
}

impl Scheme {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Light, Self::Dark, Self::Forced];

    /// A name for files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
            Self::Forced => "forced colours",
        }
    }
}

/// The size of a screen in CSS pixels, and how many of its own make one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Screen {
    /// Wide.
    pub width: u32,
    /// High.
    pub height: u32,
    /// Device pixels to a CSS pixel.
    pub scale: f32,
}

impl Screen {
    /// 1280 by 1024 at 400 %, the case that WCAG 2.2 names (1.4.10).
    pub const ZOOMED: Self = Self { width: 320, height: 256, scale: 4.0 };

    /// A screen on which a CSS pixel is one of its own.
    #[must_use]
    pub fn of_width(width: u32) -> Self {
        Self { width, height: if width < 600 { 640 } else { 900 }, scale: 1.0 }
    }
}

impl Browser {
    /// Shows the tab's document in these colours.
    ///
    /// # Errors
    ///
    /// The browser refuses.
    pub async fn use_scheme(&self, scheme: Scheme) -> Result<()> {
        self.emulate("screen", scheme).await
    }

    /// Shows the tab's document as it would be printed by somebody with these colours.
    ///
    /// # Errors
    ///
    /// The browser refuses.
    pub async fn use_paper(&self, scheme: Scheme) -> Result<()> {
        self.emulate("print", scheme).await
    }

    async fn emulate(&self, media: &str, scheme: Scheme) -> Result<()> {
        let colours = if scheme == Scheme::Dark { "dark" } else { "light" };
        let forced = if scheme == Scheme::Forced { "active" } else { "none" };
        let features = json!([
            { "name": "prefers-color-scheme", "value": colours },
            { "name": "forced-colors", "value": forced },
        ]);
        let media = json!({ "media": media, "features": features });
        self.command("Emulation.setEmulatedMedia", media).await?;
        self.draw().await
    }

    /// Shows the tab on such a screen.
    ///
    /// # Errors
    ///
    /// The browser refuses.
    pub async fn use_screen(&self, screen: Screen) -> Result<()> {
        let Screen { width, height, scale } = screen;
        let metrics = json!({
            "width": width, "height": height, "deviceScaleFactor": scale, "mobile": false,
        });
        self.command("Emulation.setDeviceMetricsOverride", metrics).await?;
        self.draw().await
    }

    /// The whole of the tab's document on a screen of this width, however high it is: an encoded
    /// picture.
    ///
    /// # Errors
    ///
    /// The browser refuses.
    pub async fn whole_picture(&self, screen: Screen) -> Result<String> {
        self.use_screen(screen).await?;
        let height = "return document.documentElement.scrollHeight";
        let height = self.run(height, Vec::new()).await?.as_u64().context("no height")?;
        // A picture of more than the screen shows lies beside a page from right to left.
        self.use_screen(Screen { height: u32::try_from(height)?, ..screen }).await?;
        let picture = self.picture().await?;
        self.use_screen(screen).await?;
        Ok(picture)
    }
}
