//! axe-core, which looks for what automatic tests can find of WCAG's rules (and best practice).
//!
//! It is fetched from npm by `cargo xtask test e2e`, in the version and with the digest that
//! `axe/package-lock.json` names, and is handed to the document over WebDriver, past its policy.

use std::{env, fs, path::PathBuf};

use anyhow::{Context as _, Result};
use serde_json::{Value, json};

use crate::browser::Browser;

/// What is looked for: WCAG 2.2 A and AA, and best practice.
const TAGS: [&str; 6] = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/// What axe-core found.
#[derive(Clone, Debug, Default)]
pub struct Examined {
    /// The rules that found something to look at, and found it well.
    pub passed: Vec<String>,
    /// What is wrong: rule, why, where.
    pub violations: Vec<String>,
    /// What axe-core could not tell: rule, why, where.
    pub undecided: Vec<String>,
}

impl Browser {
    /// Has axe-core look at `root`, a CSS selector, in the present document.
    ///
    /// # Errors
    ///
    /// axe-core is not there, or does not run.
    pub async fn examine(&self, root: &str) -> Result<Examined> {
        if self.run("return typeof axe", Vec::new()).await? == json!("undefined") {
            let path = place()?;
            let source = fs::read_to_string(&path)
                .with_context(|| format!("cannot read {}", path.display()))?;
            self.run(&source, Vec::new()).await?;
        }
        let script = "
            const [root, tags] = arguments;
            const options = { runOnly: { type: 'tag', values: tags }, iframes: false };
            const lines = (results) => results.flatMap(({ id, help, nodes }) => nodes.map((node) =>
                `${id}: ${help}: ${node.target} ${node.html.slice(0, 160)} ${[...node.any, ...node.all, ...node.none].map(({ message }) => message)}`));
            return axe.run(document.querySelector(root), options).then(({ passes, violations, incomplete }) =>
                ({ passed: passes.map(({ id }) => id), violations: lines(violations), undecided: lines(incomplete) }))";
        let found = self.run(script, vec![json!(root), json!(TAGS)]).await?;
        let list = |of: &Value| crate::browser::strings(of);
        Ok(Examined {
            passed: list(&found["passed"])?,
            violations: list(&found["violations"])?,
            undecided: list(&found["undecided"])?,
        })
    }
}

/// `AXE` names the file; otherwise it is where `cargo xtask test e2e` puts it.
fn place() -> Result<PathBuf> {
    if let Some(named) = env::var_os("AXE") {
        return Ok(named.into());
    }
    // target/debug/deps/it-… → target
    let program = env::current_exe().context("cannot tell where this program is")?;
    let target = program.ancestors().nth(3).context("not in a target folder")?;
    let path = target.join("axe/node_modules/axe-core/axe.min.js");
    path.exists().then_some(path).context("no axe-core: `cargo xtask test e2e` fetches it")
}
