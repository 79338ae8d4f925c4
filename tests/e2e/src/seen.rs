//! What is shown, by role and accessible name, as the browser computes them for assistive technology.

use anyhow::{Context as _, Result, bail, ensure};
use fantoccini::elements::{Element, ElementRef};
use serde_json::{Value, json};

use crate::{
    browser::{Browser, strings},
    engine::Engine,
    http,
    patience::until,
};

/// The key of an element in WebDriver's JSON (W3C WebDriver, 12.3 "Elements").
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// An element that is shown.
#[derive(Debug)]
pub struct Seen {
    /// The element.
    pub element: Element,
    /// Its accessible name.
    pub name: String,
    /// Its tag.
    pub tag: String,
}

impl Browser {
    /// The elements of a role that are shown now, each with its accessible name.
    ///
    /// # Errors
    ///
    /// The document is just being replaced.
    pub async fn seen(&self, role: &str) -> Result<Vec<Seen>> {
        if self.engine() != Engine::Chromium {
            return self.seen_by_the_driver(role).await;
        }
        let script = "return find(arguments[0], null).map((e) => [e, e.computedName, e.localName])";
        let found = self.run(script, vec![json!(role)]).await?;
        let found = found.as_array().context("no list of elements")?.iter();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        found
            .map(|found| {
                let (name, tag) = (text(&found[1]), text(&found[2]));
                Ok(Seen { element: self.element(&found[0])?, name, tag })
            })
            .collect()
    }

    /// As [`Browser::seen`]: elements that may have the role, of each of which the driver tells
    /// what the browser computed.
    async fn seen_by_the_driver(&self, role: &str) -> Result<Vec<Seen>> {
        let script = "return candidates(arguments[0]).map((e) => [e, e.localName])";
        let found = self.run(script, vec![json!(role)]).await?;
        let mut seen = Vec::new();
        for found in found.as_array().context("no list of elements")? {
            let element = self.element(&found[0])?;
            let tag = found[1].as_str().unwrap_or_default().to_owned();
            let computed = self.computed(&element, "role").await?;
            // What WebKitGTK 2.50 calls a list that is folded up.
            let is_folded_list = self.engine() == Engine::WebKit
                && (role, tag.as_str(), computed.as_str()) == ("combobox", "select", "button");
            if computed == role || is_folded_list {
                let name = self.computed(&element, "label").await?;
                seen.push(Seen { element, name, tag });
            }
        }
        Ok(seen)
    }

    /// What the browser computed of an element for assistive technology: `role`, or `label`.
    async fn computed(&self, element: &Element, what: &str) -> Result<String> {
        let id = element.element_id();
        let answer = http::get(&self.driver().at(&format!("element/{id}/computed{what}"))).await?;
        let answer: Value = serde_json::from_slice(&answer)?;
        Ok(answer["value"].as_str().unwrap_or_default().to_owned())
    }

    fn element(&self, found: &Value) -> Result<Element> {
        let id = found[ELEMENT].as_str().context("no element")?.to_owned();
        Ok(Element::from_element_id(self.client().clone(), ElementRef::from(id)))
    }

    /// The elements of a role, and of a name if one is given, that are shown now.
    ///
    /// # Errors
    ///
    /// The document is just being replaced.
    pub async fn find_all(&self, role: &str, name: Option<&str>) -> Result<Vec<Element>> {
        let seen = self.seen(role).await?.into_iter();
        let seen = seen.filter(|seen| name.is_none_or(|name| seen.name == name));
        Ok(seen.map(|seen| seen.element).collect())
    }

    /// The one element of a role and a name, as soon as it is shown.
    ///
    /// # Errors
    ///
    /// There is none, or there are several; with what else has that role.
    pub async fn find(&self, role: &str, name: &str) -> Result<Element> {
        let found = until(&format!("one {role} `{name}`"), async || {
            let mut found = self.find_all(role, Some(name)).await?;
            ensure!(found.len() < 2, "there are {}", found.len());
            Ok(found.pop())
        })
        .await;
        match found {
            Ok(found) => Ok(found),
            Err(error) => bail!("{error:#}; there is {:?}", self.names(role).await?),
        }
    }

    /// The names of all elements of a role that are shown now.
    ///
    /// # Errors
    ///
    /// The document is just being replaced.
    pub async fn names(&self, role: &str) -> Result<Vec<String>> {
        Ok(self.seen(role).await?.into_iter().map(|seen| seen.name).collect())
    }

    /// Role and name of what has the focus.
    ///
    /// # Errors
    ///
    /// The document is just being replaced.
    pub async fn focus(&self) -> Result<(String, String)> {
        if self.engine() != Engine::Chromium {
            // Not by the driver's own command: WebKit's gives an element that it does not know then.
            let element = self.run("return focusedElement()", Vec::new()).await?;
            let element = self.element(&element)?;
            let role = self.computed(&element, "role").await?;
            return Ok((role, self.computed(&element, "label").await?));
        }
        let focus = strings(&self.run("return focused()", Vec::new()).await?)?;
        let [role, name] = <[String; 2]>::try_from(focus).ok().context("no role and name")?;
        Ok((role, name))
    }
}
