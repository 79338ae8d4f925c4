//! Scripts and styles that stand in a document: its policy names each by hash.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use survey_wire::{Inline, InlineHash};

use crate::workspace;

/// The hashes of what a browser would run and apply, were it allowed to.
pub(super) fn found_in(html: &str) -> Inline {
    let hashes = |texts: Vec<&str>| texts.into_iter().map(InlineHash::of).collect();
    Inline { script: hashes(elements(html, "script")), style: hashes(elements(html, "style")) }
}

/// What stands in the elements of this name, without data, which is not run.
fn elements<'a>(html: &'a str, name: &str) -> Vec<&'a str> {
    // Only letters change, so every place is the same in both.
    let small = html.to_ascii_lowercase();
    let (start, end) = (format!("<{name}"), format!("</{name}"));
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(tag) = small.get(at..).and_then(|rest| rest.find(&start)).map(|to| at + to) {
        let rest = small.get(tag..).unwrap_or_default();
        let open = rest.find('>').map_or(rest.len(), |to| to + 1);
        let close = rest.get(open..).and_then(|rest| rest.find(&end));
        let close = close.map_or(rest.len(), |to| open + to);
        let attributes = rest.get(..open).unwrap_or_default();
        let data = ["text/plain", "application/json"];
        if !data.iter().any(|kind| attributes.contains(&format!("type=\"{kind}\""))) {
            found.extend(html.get(tag + open..tag + close));
        }
        at = tag + close;
    }
    found
}

/// Refuses a site with a document that holds what its own policy blocks.
///
/// # Errors
///
/// When there is such a document; or when one cannot be read.
pub(super) fn check(site: &Path, listed: &Inline) -> Result<()> {
    for file in workspace::files_below(site)? {
        if !file.ends_with(".html") || file == "template.html" {
            continue;
        }
        let path = site.join(&file);
        let html =
            fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let found = found_in(&html);
        for (element, found, listed) in
            [("script", found.script, &listed.script), ("style", found.style, &listed.style)]
        {
            if let Some(hash) = found.iter().find(|hash| !listed.contains(hash)) {
                bail!(
                    "{file} holds a <{element}> that its own Content-Security-Policy blocks \
                     ({hash} is not in surveys.json): only src/start.js and style/ may stand in a \
                     document"
                );
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_runs_is_told_from_data() {
        for (html, scripts) in [
            ("<p>", vec![]),
            (r#"<script data-glue="/v.js">go()</script>"#, vec!["go()"]),
            (r#"<script type="text/plain" id="definition">"<script>"</script>"#, vec![]),
            (r#"<script type="application/json">{}</script>"#, vec![]),
            ("<SCRIPT>a</script><script type=module>b</SCRIPT >", vec!["a", "b"]),
            (r#"<script src="/x.js"></script>"#, vec![""]),
            ("<script>never ends", vec!["never ends"]),
        ] {
            assert_eq!(elements(html, "script"), scripts, "row `{html}`");
        }
        assert_eq!(elements("<style media=print>p{}</style>", "style"), ["p{}"]);
    }

    #[test]
    fn a_document_may_not_hold_what_its_policy_blocks() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let html = "<style>p{}</style><script>go()</script>";
        fs::write(folder.path().join("index.html"), html)?;
        let listed = found_in(html);
        check(folder.path(), &listed)?;
        for listed in [
            Inline { script: vec![], ..listed.clone() },
            Inline { style: vec![], ..listed.clone() },
        ] {
            assert!(check(folder.path(), &listed).is_err());
        }
        fs::rename(folder.path().join("index.html"), folder.path().join("template.html"))?;
        check(folder.path(), &Inline::default())
    }
}
