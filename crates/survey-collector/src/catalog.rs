//! Which surveys are taken, and what their pages may do.

use std::{
    collections::HashMap,
    fmt, io,
    path::{Path, PathBuf},
    str::FromStr,
    sync::{Arc, PoisonError, RwLock},
};

use axum::http::HeaderValue;
use serde::Deserialize;
use survey_wire::{Manifest, ManifestError, Origin, PageCode, ParseError};

#[cfg(test)]
mod tests;

/// Whose pages may show the survey in a frame.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Partners {
    /// No page may.
    #[default]
    Nobody,
    /// Any page may.
    Anybody,
    /// Pages of these origins may.
    Only(Vec<Origin>),
}

/// One `--partner`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum Partner {
    /// `*`
    Anybody,
    /// One origin.
    Origin(Origin),
    /// Nothing between two commas, or a variable of the environment that is set and empty.
    Nobody,
}

impl FromStr for Partner {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        match text {
            "*" => Ok(Self::Anybody),
            "" => Ok(Self::Nobody),
            _ => text.parse().map(Self::Origin),
        }
    }
}

impl TryFrom<String> for Partner {
    type Error = ParseError;

    fn try_from(text: String) -> Result<Self, ParseError> {
        text.parse()
    }
}

impl FromIterator<Partner> for Partners {
    fn from_iter<I: IntoIterator<Item = Partner>>(partners: I) -> Self {
        let mut origins = Vec::new();
        for partner in partners {
            match partner {
                Partner::Anybody => return Self::Anybody,
                Partner::Origin(origin) => origins.push(origin),
                Partner::Nobody => {}
            }
        }
        if origins.is_empty() { Self::Nobody } else { Self::Only(origins) }
    }
}

/// The sources of a `frame-ancestors` directive (CSP level 3, section 6.4.2).
impl fmt::Display for Partners {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nobody => f.write_str("'none'"),
            Self::Anybody => f.write_str("*"),
            Self::Only(origins) => write_list(f, origins),
        }
    }
}

fn write_list(f: &mut fmt::Formatter<'_>, origins: &[Origin]) -> fmt::Result {
    for (i, origin) in origins.iter().enumerate() {
        write!(f, "{}{origin}", if i == 0 { "" } else { " " })?;
    }
    Ok(())
}

/// Why a built site cannot be served. Read by the operator at start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SiteError {
    /// No such folder.
    #[error("there is no built site in {}; build it with: cargo xtask site", .0.display())]
    Missing(PathBuf),
    /// The widget was not built into it.
    #[error("{} has no index.html; build the site with: cargo xtask site", .0.display())]
    NoIndex(PathBuf),
    /// No survey was published into it.
    #[error(
        "{site} has no surveys.json; publish a survey into it with: survey-analyst publish DEFINITION \
         --recipient KEY.pub.json --submit URL --site {site}", site = .0.display()
    )]
    NoManifest(PathBuf),
    /// A file of it cannot be read.
    #[error("cannot read {}: {error}; check the permissions", path.display())]
    File {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// Its `surveys.json` is wrong.
    #[error("{}: {error}", path.display())]
    Manifest {
        /// Which file.
        path: PathBuf,
        /// What is wrong and what to do.
        error: ManifestError,
    },
}

/// Checks that a folder holds a site that can be served.
///
/// # Errors
///
/// [`SiteError::Missing`], [`SiteError::NoIndex`] and what [`read_manifest`] finds.
pub(crate) async fn check_site(site: &Path) -> Result<Vec<u8>, SiteError> {
    if !site.is_dir() {
        return Err(SiteError::Missing(site.to_owned()));
    }
    if !site.join("index.html").is_file() {
        return Err(SiteError::NoIndex(site.to_owned()));
    }
    read_manifest(site).await
}

/// The bytes of a site's `surveys.json`.
///
/// # Errors
///
/// [`SiteError::NoManifest`] and [`SiteError::File`].
pub(crate) async fn read_manifest(site: &Path) -> Result<Vec<u8>, SiteError> {
    let path = site.join("surveys.json");
    tokio::fs::read(&path).await.map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => SiteError::NoManifest(site.to_owned()),
        _ => SiteError::File { path, error },
    })
}

/// The surveys that are taken, with the security policy of each survey's page.
#[derive(Clone, Debug)]
pub struct Catalog {
    /// The surveys.
    pub manifest: Manifest,
    policies: HashMap<PageCode, HeaderValue>,
}

impl Catalog {
    /// Works out the policies for the surveys of a manifest. `public` is the origin that serves
    /// the site; `partners` may show it in a frame.
    pub fn new(manifest: Manifest, public: &Origin, partners: &Partners) -> Self {
        let policies = manifest
            .surveys
            .iter()
            .map(|survey| (survey.page, frame_policy(public, &survey.submit, partners)))
            .collect();
        Self { manifest, policies }
    }

    /// The `Content-Security-Policy` of a survey's page; `None` if there is no such survey. The
    /// page without a code is the first survey's.
    pub fn policy(&self, page: Option<PageCode>) -> Option<&HeaderValue> {
        let page = match page {
            Some(page) => page,
            None => self.manifest.surveys.first()?.page,
        };
        self.policies.get(&page)
    }
}

/// The policy of a frame document. It names hosts, never `'self'`: the sandbox gives the document
/// an opaque origin, which is nobody's self.
fn frame_policy(public: &Origin, submit: &[Origin], partners: &Partners) -> HeaderValue {
    let mut connect = vec![public];
    for origin in submit {
        if !connect.contains(&origin) {
            connect.push(origin);
        }
    }
    let connect = connect.iter().map(|origin| origin.as_str()).collect::<Vec<_>>().join(" ");
    let policy = format!(
        "default-src 'none'; script-src {public} 'wasm-unsafe-eval'; style-src {public}; \
         img-src data:; connect-src {connect}; base-uri 'none'; form-action 'none'; \
         frame-ancestors {partners}; require-trusted-types-for 'script'; trusted-types 'none'; \
         sandbox allow-scripts"
    );
    // Cannot fail: an origin is made of characters that headers and policies allow.
    HeaderValue::from_str(&policy).expect("origins are plain ASCII")
}

/// The catalog as it is now. Publishing a survey changes it under running requests.
pub(crate) struct Live(RwLock<Arc<Catalog>>);

impl Live {
    pub(crate) fn new(catalog: Catalog) -> Self {
        Self(RwLock::new(Arc::new(catalog)))
    }

    pub(crate) fn get(&self) -> Arc<Catalog> {
        // A panic cannot leave the catalog half written: it is replaced as one pointer.
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn set(&self, catalog: Catalog) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(catalog);
    }
}
