//! The catalog as it is now. Publishing changes it under running requests.

use std::{
    fmt,
    path::{Path, PathBuf},
    sync::{Arc, PoisonError, RwLock},
};

use survey_wire::{Manifest, Origin};
use tokio::sync::Mutex;

use super::{Catalog, Partners, SiteError, check_site, read_manifest};

/// The surveys that are taken now: as they were given, or as a site's `surveys.json` lists them.
pub struct Surveys {
    catalog: RwLock<Arc<Catalog>>,
    source: Option<Source>,
}

/// Where the list is, and what is made of it.
struct Source {
    site: PathBuf,
    public: Origin,
    partners: Partners,
    last: Mutex<Last>,
}

/// What was found the last time.
struct Last {
    /// The list. Comparing the bytes of a small file beats its time stamp, which two changes in a
    /// row can share.
    bytes: Vec<u8>,
    /// Was it missing, and was that said?
    missing: bool,
}

impl fmt::Debug for Surveys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Surveys").field("catalog", &self.get()).finish_non_exhaustive()
    }
}

impl From<Catalog> for Surveys {
    /// These surveys, whatever is on disk.
    fn from(catalog: Catalog) -> Self {
        Self { catalog: RwLock::new(Arc::new(catalog)), source: None }
    }
}

impl Surveys {
    /// Reads the list of a site, once; [`Published::follow`] makes surveys of it.
    ///
    /// # Errors
    ///
    /// What is wrong with the site, and what to do about it.
    pub(crate) async fn published(site: &Path) -> Result<Published, SiteError> {
        let bytes = check_site(site).await?;
        let manifest = parse(site, &bytes)?;
        Ok(Published { site: site.to_owned(), bytes, manifest })
    }

    /// The surveys as they were found last.
    pub fn get(&self) -> Arc<Catalog> {
        // A panic cannot leave the catalog half written: it is replaced as one pointer.
        self.catalog.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Takes other surveys from now on.
    pub fn set(&self, catalog: Catalog) {
        *self.catalog.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(catalog);
    }

    /// Looks whether the list has changed. One that cannot be used is reported once, and the one
    /// before stays.
    pub async fn refresh(&self) {
        let Some(source) = &self.source else { return };
        let mut last = source.last.lock().await;
        match read_manifest(&source.site).await {
            Ok(bytes) => {
                last.missing = false;
                if bytes != last.bytes {
                    self.take(source, &bytes);
                    last.bytes = bytes;
                }
            }
            Err(error) => {
                if !std::mem::replace(&mut last.missing, true) {
                    tracing::error!("{error}; going on with the surveys before");
                }
            }
        }
    }

    fn take(&self, source: &Source, bytes: &[u8]) {
        match parse(&source.site, bytes) {
            Ok(manifest) => {
                tracing::info!("the surveys have changed");
                log_surveys(&manifest);
                self.set(Catalog::new(manifest, &source.public, &source.partners));
            }
            Err(error) => tracing::error!("{error}; going on with the surveys before"),
        }
    }
}

/// The list of a site, found to be right.
#[derive(Debug)]
pub(crate) struct Published {
    site: PathBuf,
    bytes: Vec<u8>,
    manifest: Manifest,
}

impl Published {
    /// Its surveys, now and after every change. `public` is the origin that serves the site;
    /// `partners` may show it in a frame.
    pub(crate) fn follow(self, public: Origin, partners: Partners) -> Surveys {
        let catalog = Catalog::new(self.manifest, &public, &partners);
        let last = Mutex::new(Last { bytes: self.bytes, missing: false });
        Surveys {
            source: Some(Source { site: self.site, public, partners, last }),
            ..Surveys::from(catalog)
        }
    }
}

fn parse(site: &Path, bytes: &[u8]) -> Result<Manifest, SiteError> {
    Manifest::parse(bytes)
        .map_err(|error| SiteError::Manifest { path: site.join("surveys.json"), error })
}

/// Says what is taken, as an operator wants to know it.
pub(crate) fn log_surveys(manifest: &Manifest) {
    if manifest.surveys.is_empty() {
        tracing::warn!("no survey is published; publish one with: cargo xtask publish");
    }
    for survey in &manifest.surveys {
        let closes = survey.closes.map(|day| format!(", open until {day}")).unwrap_or_default();
        tracing::info!(
            "survey {} at /s/{}/, {} definitions{closes}",
            survey.id,
            survey.page,
            survey.definitions.len()
        );
    }
}
