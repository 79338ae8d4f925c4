//! The page that documents are made from, and the files that it names.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use survey_wire::{Inline, InlineHash};

use super::{Quality, shrink, strip};
use crate::{wasm, workspace};

/// The script as trunk writes it, by `pattern_script` of Trunk.toml.
const SCRIPT: (&str, &str) = ("<script data-glue=\"", "\"></script>");
const NO_SCRIPT: &str = "the page that trunk built does not name its program the way that \
    `pattern_script` in Trunk.toml and xtask/src/publish/template.rs agree on";

/// Makes `template.html` of the page that trunk built: with styles and start script in it, and
/// with files that are named after their contents. Says what stands in it.
///
/// # Errors
///
/// When index.html lacks a place, or a file cannot be read, renamed or written.
pub(super) fn make(site: &Path, sealer: &Path, quality: Quality) -> Result<Inline> {
    let index = site.join("index.html");
    let page =
        fs::read_to_string(&index).with_context(|| format!("cannot read {}", index.display()))?;
    let [glue, program] = built_names(&page)?;
    let mut glue = take(&site.join(glue))?;
    let mut program = take(&site.join(program))?;
    let mut sealer = read(sealer)?;
    if quality == Quality::Shipped {
        let text = String::from_utf8(glue).context("the program's glue is no text")?;
        let (text, module) = shrink::names(&text, &program).context("cannot ship the program")?;
        glue = strip::script(&text).context("the program's glue cannot be shipped")?.into_bytes();
        program = wasm::without_custom_sections(&module)?;
        sealer = wasm::without_custom_sections(&sealer).context("cannot ship the sealer")?;
    }
    let glue = place(site, "views-", ".js", &glue)?;
    let program = place(site, "views-", "_bg.wasm", &program)?;
    let sealer = place(site, "seal-", ".wasm", &sealer)?;

    let start = workspace::root().join("src").join("start.js");
    let start =
        fs::read_to_string(&start).with_context(|| format!("cannot read {}", start.display()))?;
    let (page, inline) = fill(&page, &start, [&glue, &program, &sealer])?;
    write(&site.join("template.html"), page)?;
    fs::remove_file(&index).with_context(|| format!("cannot remove {}", index.display()))?;
    Ok(inline)
}

/// What stands before, between and after the first two of these.
fn split<'a>(text: &'a str, from: &str, to: &str) -> Option<[&'a str; 3]> {
    let (before, rest) = text.split_once(from)?;
    let (between, after) = rest.split_once(to)?;
    Some([before, between, after])
}

/// The files that trunk built, as the page names them.
fn built_names(page: &str) -> Result<[String; 2]> {
    let [_, names, _] = split(page, SCRIPT.0, SCRIPT.1).context(NO_SCRIPT)?;
    let (glue, program) = names.split_once("\" data-wasm=\"").context(NO_SCRIPT)?;
    let name = |name: &str| name.strip_prefix('/').map(str::to_owned).context(NO_SCRIPT);
    Ok([name(glue)?, name(program)?])
}

fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("cannot read {}", path.display()))
}

/// Reads a file of the site and removes it: it comes back under another name.
fn take(path: &Path) -> Result<Vec<u8>> {
    let content = read(path)?;
    fs::remove_file(path).with_context(|| format!("cannot remove {}", path.display()))?;
    Ok(content)
}

/// Puts a file into the site under the name that follows from its contents, and hands that back.
fn place(site: &Path, prefix: &str, suffix: &str, content: &[u8]) -> Result<String> {
    let name = format!("{prefix}{}{suffix}", super::short_hash(content));
    write(&site.join(&name), content)?;
    Ok(name)
}

/// The template: the page without what no browser reads, its styles the same way, and its script.
/// The places that `views-page` fills in stay.
fn fill(page: &str, start: &str, names: [&str; 3]) -> Result<(String, Inline)> {
    let page = strip::page(page);
    let [before, style, after] = split(&page, "<style>", "</style>")
        .context("the page that trunk built holds no styles: index.html has to inline them")?;
    let style = strip::style(style).context("style/ cannot be shipped")?;
    let page = format!("{before}<style>{style}</style>{after}");

    let script = strip::script(start).context("src/start.js cannot be shipped")?;
    for end in ["</script", "<!--"] {
        if script.contains(end) {
            bail!("src/start.js holds `{end}`, which ends it or hides its end: split the word");
        }
    }
    let [before, _, after] = split(&page, SCRIPT.0, SCRIPT.1).context(NO_SCRIPT)?;
    let [glue, program, sealer] = names;
    let page = format!(
        "{before}<script data-glue=\"/{glue}\" data-wasm=\"/{program}\" \
         data-seal=\"/{sealer}\" data-exit=\"__EXIT__\">{script}</script>{after}"
    );
    let inline =
        Inline { script: vec![InlineHash::of(&script)], style: vec![InlineHash::of(&style)] };
    Ok((page, inline))
}

fn write(path: &Path, content: impl AsRef<[u8]>) -> Result<()> {
    fs::write(path, content).with_context(|| format!("cannot write {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = r#"<!doctype html>
<html lang="__LANG__" dir="__DIR__">
  <head>
    <style>
      /* colours */
      p { color: red; }
    </style>
    <script data-glue="/views.js" data-wasm="/views_bg.wasm"></script>
  </head>
  <body><div><!--page--></div><!--definition--></body>
</html>
"#;

    #[test]
    fn the_template_holds_what_the_first_question_needs() -> Result<()> {
        assert_eq!(built_names(PAGE)?, ["views.js", "views_bg.wasm"]);
        let (page, inline) = fill(PAGE, "go(); // now\n", ["g.js", "p.wasm", "s.wasm"])?;
        assert_eq!(
            page,
            r#"<!doctype html>
<html lang="__LANG__" dir="__DIR__">
<head>
<style>p{color:red}</style>
<script data-glue="/g.js" data-wasm="/p.wasm" data-seal="/s.wasm" data-exit="__EXIT__">go();
</script>
</head>
<body><div><!--page--></div><!--definition--></body>
</html>
"#
        );
        assert_eq!(inline.script, [InlineHash::of("go();\n")]);
        assert_eq!(inline.style, [InlineHash::of("p{color:red}")]);
        Ok(())
    }

    #[test]
    fn a_page_that_lacks_something_is_refused() {
        for part in ["<style>", "</style>", "data-glue=", "data-wasm=", "></script>"] {
            let page = PAGE.replace(part, "");
            let made = built_names(&page).and_then(|_| fill(&page, "", ["a", "b", "c"]));
            assert!(made.is_err(), "{part}");
        }
        for start in ["x = '</script>'", "x = '<!--'"] {
            assert!(fill(PAGE, start, ["a", "b", "c"]).is_err(), "{start}");
        }
    }

    #[test]
    fn files_are_named_after_their_contents() -> Result<()> {
        let folder = tempfile::tempdir()?;
        fs::write(folder.path().join("views.js"), "abc")?;
        let content = take(&folder.path().join("views.js"))?;
        // FIPS 180-4's own example.
        let name = place(folder.path(), "views-", ".js", &content)?;
        assert_eq!(name, "views-ba7816bf8f01cfea.js");
        assert_eq!(workspace::files_below(folder.path())?, [name]);
        Ok(())
    }
}
