//! Takes a picture of every page in every state, on three screens and in two schemes of colours,
//! for somebody to look at: `cargo xtask gallery`.
#![allow(clippy::print_stdout, reason = "a command-line tool answers on standard output")]

use std::{
    env,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use e2e::{Place, Questions, Scheme, Screen, World, tour};

/// A small phone, a tablet, a desk.
const WIDTHS: [u32; 3] = [320, 768, 1280];

/// In plain words, and with the longest ones.
const SURVEYS: [(&str, Questions); 2] =
    [("plain", Questions::EveryType), ("long-words", Questions::LongWords)];

#[tokio::main]
async fn main() -> Result<()> {
    let out = env::args_os().nth(1).map(PathBuf::from).context("name the folder to write to")?;
    let mut page = String::from(HEAD);
    for (name, questions) in SURVEYS {
        let mut stops = Vec::new();
        for width in WIDTHS {
            stops = take(&out, name, questions, width).await?;
        }
        list(&mut page, name, &stops);
    }
    fs::write(out.join("index.html"), page)?;
    println!("{}", out.join("index.html").display());
    Ok(())
}

/// Goes on the tour with a screen of this width; hands back where it stopped.
async fn take(out: &Path, name: &str, survey: Questions, width: u32) -> Result<Vec<String>> {
    let folder = out.join(name);
    fs::create_dir_all(&folder)?;
    let world = World::start(survey).await?;
    let stops = tour(&world, Place::Top, async |stop, page| {
        let browser = page.browser().await?;
        let screen = Screen::of_width(width);
        for scheme in [Scheme::Light, Scheme::Dark] {
            browser.use_scheme(scheme).await?;
            let picture = STANDARD.decode(browser.whole_picture(screen).await?)?;
            fs::write(folder.join(format!("{stop}-{width}-{}.png", scheme.name())), picture)?;
        }
        browser.use_scheme(Scheme::Light).await
    })
    .await?;
    world.end().await?;
    Ok(stops)
}

const HEAD: &str = "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
    <title>Every page in every state</title>\n\
    <style>body { font-family: sans-serif; background: #888 } img { border: 1px solid #444; \
    vertical-align: top; margin: 4px; max-width: 100% }</style>\n";

/// A heading and the pictures of each stop.
fn list(page: &mut String, name: &str, stops: &[String]) {
    // Writing to a string does not fail.
    for stop in stops {
        let _ = writeln!(page, "<h2>{name}: {stop}</h2>");
        for width in WIDTHS {
            for scheme in [Scheme::Light, Scheme::Dark] {
                let scheme = scheme.name();
                let _ = writeln!(
                    page,
                    "<img loading=\"lazy\" src=\"{name}/{stop}-{width}-{scheme}.png\" \
                     alt=\"{stop}, {width} px, {scheme}\">"
                );
            }
        }
    }
}
