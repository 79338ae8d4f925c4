//! WebKit: how its small browser is started, on a screen that nobody sees.

use std::{fs, path::Path, process::Command};

use anyhow::Result;
use serde_json::json;

use crate::{
    driver::{Recipe, Wish},
    patience::until,
    places::Places,
    program::Program,
};

/// WebKitGTK's MiniBrowser, driven by WebKitWebDriver. Driven, it keeps its session in memory (what
/// it calls ephemeral): its folder shows what the engine writes even so.
///
/// # Errors
///
/// One of them is not installed, or there is no screen.
pub(crate) async fn recipe(places: &Places, wish: Wish<'_>) -> Result<Recipe> {
    let (program, xvfb) = places.webkit()?;
    let profile = wish.folder.join("profile");
    fs::create_dir_all(profile.join("run"))?;
    let (display, number) = display(&xvfb, wish.folder).await?;
    let mut driver = Command::new(program);
    // Whatever asks for a folder of the person's gets one in the profile.
    for (variable, folder) in [
        ("HOME", ""),
        ("XDG_CACHE_HOME", "cache"),
        ("XDG_CONFIG_HOME", "config"),
        ("XDG_DATA_HOME", "data"),
        ("XDG_RUNTIME_DIR", "run"),
    ] {
        driver.env(variable, profile.join(folder));
    }
    driver.env("DISPLAY", format!(":{number}")).env("GDK_BACKEND", "x11").env("LANG", "C.UTF-8");
    // No bus and no graphics card: without these it looks for both, and says so.
    driver.env("NO_AT_BRIDGE", "1").env("GIO_USE_VFS", "local").env("GSETTINGS_BACKEND", "memory");
    driver.env("LIBGL_ALWAYS_SOFTWARE", "1").env("WEBKIT_DISABLE_DMABUF_RENDERER", "1");
    driver.arg("--host=127.0.0.1");
    let mut arguments: Vec<String> =
        ["--automation", "--enable-write-console-messages-to-stdout=true"]
            .map(str::to_owned)
            .into();
    // Not by WebDriver's own capability: it takes what HTTPS goes through for a proxy that itself
    // speaks HTTPS.
    arguments.push(format!("--proxy=http://{}", wish.proxy));
    if !wish.javascript {
        arguments.push("--enable-javascript=false".to_owned());
    }
    arguments.extend(wish.switches.iter().map(ToString::to_string));
    Ok(Recipe {
        driver,
        port: "--port=",
        capabilities: vec![
            ("browserName", json!("MiniBrowser")),
            ("webkitgtk:browserOptions", json!({ "args": arguments })),
        ],
        process: None,
        display: Some(display),
    })
}

/// A screen that nobody sees, and its number.
async fn display(xvfb: &Path, folder: &Path) -> Result<(Program, u32)> {
    let mut command = Command::new(xvfb);
    // It takes a number that is free, and says which.
    command.args(["-displayfd", "1", "-nolisten", "tcp", "-screen", "0", "1024x3000x24"]);
    let screen = Program::start("screen", &mut command, &folder.join("display.log"))?;
    let number = until("a screen", async || {
        Ok(screen.said().lines().find_map(|line| line.trim().parse().ok()))
    })
    .await?;
    Ok((screen, number))
}
