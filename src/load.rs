//! Gets the definition that the document names, and a newer one when a backend asks for it.

use std::sync::Arc;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use leptos::prelude::window;
use survey_core::Definition;
use survey_wire::DefinitionHash;

use crate::{browser, deliver};

/// The attribute that holds the address of the definition.
const ATTRIBUTE: &str = "data-definition";

/// A definition that can be answered, with the hash of its bytes.
#[derive(Clone)]
pub(crate) struct Published {
    pub(crate) definition: Arc<Definition>,
    pub(crate) hash: DefinitionHash,
}

/// Why there is no survey.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Failure {
    /// It could not be had, or is not what its name says.
    Broken,
    /// It has no keys or nowhere to send to: it must not be answered.
    Draft,
}

/// The definition that the element with this id names.
pub(crate) async fn named_by(element: &str) -> Result<Published, Failure> {
    let url = browser::attribute(element, ATTRIBUTE).ok_or(Failure::Broken)?;
    published(&url).await
}

/// The definition that the document would name if it were loaded now.
///
/// After a backend said that the present one is outdated: its keys may have been withdrawn.
pub(crate) async fn newest() -> Result<Published, Failure> {
    let document = window().location().href().map_err(|_| Failure::Broken)?;
    let document = deliver::get(&document).await.ok_or(Failure::Broken)?;
    let document = String::from_utf8_lossy(&document);
    published(attribute_in(&document).ok_or(Failure::Broken)?).await
}

/// The address in the first `data-definition="…"` of a document.
fn attribute_in(document: &str) -> Option<&str> {
    let (_, rest) = document.split_once(ATTRIBUTE)?;
    rest.strip_prefix("=\"")?.split_once('"').map(|(url, _)| url)
}

async fn published(url: &str) -> Result<Published, Failure> {
    let bytes = deliver::get(url).await.ok_or(Failure::Broken)?;
    let hash = DefinitionHash::of(&bytes);
    // A published definition is named after its bytes: anything else was changed on the way.
    if hash_in(url).is_some_and(|named| named != hash) {
        return Err(Failure::Broken);
    }
    let definition = Definition::parse(&bytes).map_err(|_| Failure::Broken)?;
    if definition.recipients().is_empty() || definition.submit().len() == 0 {
        return Err(Failure::Draft);
    }
    Ok(Published { definition: Arc::new(definition), hash })
}

/// The hash in the name of a published definition, `…/<43 base64url>.json`; a developer's file
/// has another name and goes unchecked.
fn hash_in(url: &str) -> Option<DefinitionHash> {
    let name = url.rsplit('/').next()?.strip_suffix(".json")?;
    let bytes = URL_SAFE_NO_PAD.decode(name).ok()?;
    bytes.try_into().ok().map(DefinitionHash)
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;

    #[test]
    fn the_document_names_its_definition() {
        let document = include_str!("../index.html");
        assert_eq!(attribute_in(document), Some("/definition.json"));
        assert_eq!(attribute_in("<div data-definition='/d'>"), None);
    }

    #[test]
    fn a_published_name_holds_the_hash() {
        let hash = DefinitionHash::of(b"definition");
        assert_eq!(hash_in(&format!("/d/{hash}.json")), Some(hash));
        assert_eq!(hash_in("/definition.json"), None);
    }
}
