//! Settings: flags, environment, a file.

use std::{
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
};

use clap::{Args, ValueEnum};
use serde::Deserialize;
use survey_wire::Origin;

use crate::{
    catalog::{Partner, Partners},
    server::Limits,
};

#[cfg(test)]
mod tests;

/// What can be set, each by flag, by environment and in a file. Absent: the next one, in that
/// order, and then the default.
// The comments below are the text of `--help`, where an address in angle brackets would look odd.
#[allow(rustdoc::bare_urls)]
#[derive(Clone, Debug, Default, PartialEq, Eq, Args, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Settings {
    /// Address for browsers: the site and the protocol [default: 127.0.0.1:8080]
    ///
    /// Put a proxy that speaks HTTPS in front of it, and switch that proxy's access log off.
    #[arg(long, env = "VIEWS_LISTEN", value_name = "ADDRESS:PORT")]
    pub listen: Option<SocketAddr>,

    /// Address for the operator: health checks and the export [default: 127.0.0.1:9090]
    ///
    /// It asks for no password, so it has to stay on this machine; reach it through a tunnel.
    #[arg(long, env = "VIEWS_ADMIN_LISTEN", value_name = "ADDRESS:PORT")]
    pub admin_listen: Option<SocketAddr>,

    /// The address that browsers use, if it is not that of --listen
    ///
    /// Scheme, host and port only. It goes into the security policy of the survey's pages, so
    /// they do not load when it is wrong.
    #[arg(long, env = "VIEWS_PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<Origin>,

    /// The SQLite file; made on first start [default: views.sqlite]
    #[arg(long, env = "VIEWS_DATABASE", value_name = "FILE")]
    pub database: Option<String>,

    /// The folder of the built site, with the surveys published into it [default: dist]
    #[arg(long, env = "VIEWS_SITE", value_name = "FOLDER")]
    pub site: Option<PathBuf>,

    /// A web site whose pages may show the survey, such as https://www.police.example
    ///
    /// Give it once for each site, or separate them with commas. `*` allows every site. Without
    /// any, or with an empty one, the survey works only in a tab of its own.
    #[arg(long = "partner", env = "VIEWS_PARTNER", value_name = "ORIGIN", value_delimiter = ',')]
    pub partner: Option<Vec<Partner>>,

    /// A folder of partner pages to try the survey in, shown under /examples/
    ///
    /// They are served as a partner would serve them. Open them by the machine's other name
    /// (localhost in place of 127.0.0.1), so that they are another web site to the browser.
    #[arg(long, env = "VIEWS_DEMO_PAGES", value_name = "FOLDER")]
    pub demo_pages: Option<PathBuf>,

    /// Allow --admin-listen on an address that others can reach. Dangerous
    ///
    /// Whoever reaches it learns how many people answered on which day, and can fetch every
    /// sealed response. Only for a network that does this protection itself.
    #[arg(long, env = "VIEWS_ADMIN_INSECURE_ANYWHERE", num_args = 0..=1, default_missing_value = "true", require_equals = true, value_name = "BOOL")]
    pub admin_insecure_anywhere: Option<bool>,

    /// How much to log [default: info]
    #[arg(long, env = "VIEWS_LOG", value_name = "LEVEL")]
    pub log: Option<LogLevel>,
}

/// How much to log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LogLevel {
    /// What went wrong
    Error,
    /// And what may go wrong
    Warn,
    /// And what was started, changed and stopped
    #[default]
    Info,
}

/// Settings that make sense together.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where browsers connect.
    pub listen: SocketAddr,
    /// Where the operator connects.
    pub admin_listen: SocketAddr,
    /// Whether `admin_listen` may be reached under any name.
    pub admin_any_host: bool,
    /// The origin that browsers use; `None` for that of `listen`, once its port is known.
    pub public_url: Option<Origin>,
    /// The SQLite file.
    pub database: PathBuf,
    /// The folder of the built site.
    pub site: PathBuf,
    /// Who may show the survey in a frame.
    pub partners: Partners,
    /// The folder of partner pages, if any.
    pub demo_pages: Option<PathBuf>,
    /// Deadlines and counts.
    pub limits: Limits,
}

/// Why the settings cannot be used. Read by the operator at start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// The file is not there, or not readable.
    #[error("cannot read {}: {error}", path.display())]
    File {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        error: std::io::Error,
    },
    /// The file is not TOML, or sets what there is not.
    #[error("{}: {error}\nThe settings are the long flags of --help, without the dashes", path.display())]
    Toml {
        /// Which file.
        path: PathBuf,
        /// Where and what.
        error: Box<toml::de::Error>,
    },
    /// A database that this program has no code for.
    #[error("--database must name a SQLite file; other databases are not supported")]
    Database,
    /// The export would be open to others.
    #[error(
        "--admin-listen {0} can be reached from other machines, and the export asks for no \
         password; use 127.0.0.1 and a tunnel (ssh -L), or, if a firewall really keeps everybody \
         else out, add --admin-insecure-anywhere"
    )]
    AdminNotLoopback(SocketAddr),
    /// Browsers cannot connect to "any address".
    #[error(
        "--listen {0} does not say which address browsers use; add --public-url, for instance \
         --public-url https://forms.example"
    )]
    PublicUrl(SocketAddr),
}

impl Settings {
    /// Reads a TOML file.
    ///
    /// # Errors
    ///
    /// [`ConfigError::File`] and [`ConfigError::Toml`].
    pub fn from_file(path: &Path) -> Result<Self, ConfigError> {
        let path = path.to_owned();
        match std::fs::read_to_string(&path) {
            Ok(text) => toml::from_str(&text)
                .map_err(|error| ConfigError::Toml { path, error: Box::new(error) }),
            Err(error) => Err(ConfigError::File { path, error }),
        }
    }

    /// These settings where they are set, the others elsewhere.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self {
            listen: self.listen.or(other.listen),
            admin_listen: self.admin_listen.or(other.admin_listen),
            public_url: self.public_url.or(other.public_url),
            database: self.database.or(other.database),
            site: self.site.or(other.site),
            partner: self.partner.or(other.partner),
            demo_pages: self.demo_pages.or(other.demo_pages),
            admin_insecure_anywhere: self.admin_insecure_anywhere.or(other.admin_insecure_anywhere),
            log: self.log.or(other.log),
        }
    }

    /// Fills in the defaults and checks that it all makes sense together. [`Settings::log`] is for
    /// whoever owns the process and is not part of the result.
    ///
    /// # Errors
    ///
    /// [`ConfigError`], each kind with what to do about it.
    pub fn check(self) -> Result<Config, ConfigError> {
        let local = |port| SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let listen = self.listen.unwrap_or(local(8080));
        let admin_listen = self.admin_listen.unwrap_or(local(9090));
        let anywhere = self.admin_insecure_anywhere.unwrap_or(false);
        if !admin_listen.ip().is_loopback() && !anywhere {
            return Err(ConfigError::AdminNotLoopback(admin_listen));
        }
        if self.public_url.is_none() && !listen.ip().is_loopback() {
            return Err(ConfigError::PublicUrl(listen));
        }
        Ok(Config {
            listen,
            admin_listen,
            admin_any_host: anywhere,
            public_url: self.public_url,
            database: sqlite_file(self.database.as_deref().unwrap_or("views.sqlite"))?,
            site: self.site.unwrap_or_else(|| "dist".into()),
            partners: self.partner.unwrap_or_default().into_iter().collect(),
            demo_pages: self.demo_pages,
            limits: Limits::default(),
        })
    }
}

/// The file of `views.sqlite`, `sqlite:views.sqlite` or `sqlite://views.sqlite`.
fn sqlite_file(database: &str) -> Result<PathBuf, ConfigError> {
    let path = match database.strip_prefix("sqlite:") {
        Some(rest) => rest.strip_prefix("//").unwrap_or(rest),
        None => database,
    };
    // Options after `?` could switch off what durability rests on; and a database in memory is
    // gone with the process.
    if path.is_empty() || path.contains("://") || path.contains('?') || path.starts_with(':') {
        return Err(ConfigError::Database);
    }
    Ok(path.into())
}
