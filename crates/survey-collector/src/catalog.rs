//! Which surveys are taken, and what their pages may do.

use std::{
    collections::HashMap,
    fmt, io,
    path::{Path, PathBuf},
    str::FromStr,
};

use axum::http::HeaderValue;
use serde::Deserialize;
use survey_wire::{Inline, InlineHash, Manifest, ManifestError, Origin, PageCode, ParseError};

mod surveys;
#[cfg(test)]
mod tests;

pub use surveys::Surveys;
pub(crate) use surveys::log_surveys;

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
    #[error(
        "there is no built site in {site}; build it with: cargo xtask publish --out {site} \
         --recipient KEY.pub.json --submit URL", site = .0.display()
    )]
    Missing(PathBuf),
    /// No page was written into it.
    #[error(
        "{site} has no index.html; write the pages with: cargo xtask pages --site {site}, or build \
         the site with: cargo xtask publish", site = .0.display()
    )]
    NoIndex(PathBuf),
    /// No survey was published into it.
    #[error("{} has no surveys.json; build the site with: cargo xtask publish", .0.display())]
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
async fn read_manifest(site: &Path) -> Result<Vec<u8>, SiteError> {
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
        let policy = |submit: &[_]| frame_policy(public, submit, partners, &manifest.inline);
        let policies =
            manifest.surveys.iter().map(|survey| (survey.page, policy(&survey.submit))).collect();
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
/// an opaque origin, which is nobody's self. Styles come from the document alone.
fn frame_policy(
    public: &Origin,
    submit: &[Origin],
    partners: &Partners,
    inline: &Inline,
) -> HeaderValue {
    let mut connect = vec![public];
    for origin in submit {
        if !connect.contains(&origin) {
            connect.push(origin);
        }
    }
    let connect = connect.iter().map(|origin| origin.as_str()).collect::<Vec<_>>().join(" ");
    let sources =
        |hashes: &[InlineHash]| hashes.iter().map(|hash| format!(" '{hash}'")).collect::<String>();
    let scripts = sources(&inline.script);
    let styles = match &*inline.style {
        [] => " 'none'".to_owned(),
        hashes => sources(hashes),
    };
    let policy = format!(
        "default-src 'none'; script-src {public} 'wasm-unsafe-eval'{scripts}; style-src{styles}; \
         img-src data:; connect-src {connect}; base-uri 'none'; form-action 'none'; \
         frame-ancestors {partners}; require-trusted-types-for 'script'; trusted-types 'none'; \
         sandbox allow-scripts allow-popups allow-popups-to-escape-sandbox"
    );
    // Cannot fail: origins and hashes are made of characters that headers and policies allow.
    HeaderValue::from_str(&policy).expect("origins and hashes are plain ASCII")
}
