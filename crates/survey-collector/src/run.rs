//! Putting it together: start, run, stop.

use std::{fmt, future::Future, io, net::SocketAddr, path::PathBuf, sync::Arc, time::Duration};

use survey_wire::Origin;
use tokio::{
    net::TcpListener,
    sync::watch,
    task::{JoinError, JoinHandle, JoinSet},
    time::sleep,
};

use crate::{
    admin::{AdminState, admin, probe},
    app::{AppState, Parts, app},
    catalog::{Partners, SiteError, Surveys, log_surveys},
    clock::{Clock, SystemClock},
    config::Config,
    forget::{forget_daily, through},
    server::{Limits, serve},
    store::{
        Store, StoreError,
        sqlite::{OpenError, SqliteStore},
    },
    writer::Writer,
};

/// How often the collector looks whether a survey was published.
const RELOAD_EVERY: Duration = Duration::from_secs(2);

/// Connections to the admin listener at the same time.
const ADMIN_CONNECTIONS: usize = 64;

/// A collector with its database open and its listeners bound, not yet answering.
pub struct Collector {
    public: TcpListener,
    admin: TcpListener,
    public_url: Origin,
    state: AppState,
    clock: Arc<dyn Clock>,
    store: Arc<dyn Store>,
    writer: Writer,
    writer_task: JoinHandle<()>,
    config: Config,
}

impl fmt::Debug for Collector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Collector").field("public_url", &self.public_url).finish_non_exhaustive()
    }
}

/// Why the collector does not start, or stopped by itself. Read by the operator.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RunError {
    /// The built site is not usable.
    #[error(transparent)]
    Site(#[from] SiteError),
    /// The database is not usable.
    #[error(transparent)]
    Database(#[from] OpenError),
    /// A folder of demo pages that is not there.
    #[error("there is no folder {}; give --demo-pages the folder of the partner pages", .0.display())]
    DemoPages(PathBuf),
    /// An address is taken, or not ours.
    #[error("cannot listen on {address}: {error}; stop what listens there, or give another {flag}")]
    Listen {
        /// Which address.
        address: SocketAddr,
        /// The flag that sets it.
        flag: &'static str,
        /// What the system said.
        error: io::Error,
    },
    /// The task that writes has panicked.
    #[error("the task that stores envelopes has failed ({0}); please report it, and start again")]
    Writer(JoinError),
    /// The database could not be left in order. Nothing acknowledged is lost.
    #[error("the database was not closed in order: {0}")]
    Close(StoreError),
}

impl Collector {
    /// Checks the site, opens the database and binds both listeners.
    ///
    /// # Errors
    ///
    /// [`RunError`], each kind with what to do about it.
    pub async fn start(config: Config) -> Result<Self, RunError> {
        Self::start_with(config, Arc::new(SystemClock)).await
    }

    /// Like [`Collector::start`], with another clock.
    ///
    /// # Errors
    ///
    /// As [`Collector::start`].
    pub async fn start_with(config: Config, clock: Arc<dyn Clock>) -> Result<Self, RunError> {
        let published = Surveys::published(&config.site).await?;
        if let Some(pages) = config.demo_pages.as_ref().filter(|pages| !pages.is_dir()) {
            return Err(RunError::DemoPages(pages.clone()));
        }
        let public = bind(config.listen, "--listen").await?;
        let admin = bind(config.admin_listen, "--admin-listen").await?;
        let public_url = match config.public_url.clone() {
            Some(url) => url,
            None => origin_of(&public, config.listen)?,
        };
        let store: Arc<dyn Store> = Arc::new(SqliteStore::open(&config.database).await?);
        let (writer, writer_task) = Writer::start(store.clone());
        let state = AppState::new(Parts {
            store: store.clone(),
            writer: writer.clone(),
            clock: clock.clone(),
            surveys: published.follow(public_url.clone(), config.partners.clone()),
            limits: config.limits,
            public_url: public_url.clone(),
            site: config.site.clone(),
            demo_pages: config.demo_pages.clone(),
        });
        Ok(Self { public, admin, public_url, state, clock, store, writer, writer_task, config })
    }

    /// The address that browsers connect to.
    ///
    /// # Errors
    ///
    /// What the system says of a socket that is gone.
    pub fn addr(&self) -> io::Result<SocketAddr> {
        self.public.local_addr()
    }

    /// The address of the admin listener.
    ///
    /// # Errors
    ///
    /// What the system says of a socket that is gone.
    pub fn admin_addr(&self) -> io::Result<SocketAddr> {
        self.admin.local_addr()
    }

    /// Answers requests until `stop` is ready, then finishes what was begun and closes the
    /// database. Looks for newly published surveys every few seconds, and at once when `reload`
    /// says so.
    ///
    /// # Errors
    ///
    /// [`RunError::Writer`] and [`RunError::Close`]. Nothing acknowledged is lost by either.
    pub async fn run(
        mut self,
        stop: impl Future<Output = ()>,
        reload: watch::Receiver<()>,
    ) -> Result<(), RunError> {
        self.announce();
        let (stopping, stopped) = watch::channel(false);
        let stopped = || {
            let mut stopped = stopped.clone();
            async move { drop(stopped.wait_for(|stop| *stop).await) }
        };
        let (ready, is_ready) = watch::channel(false);
        let admin_state = AdminState::new(self.store.clone(), is_ready, self.config.admin_any_host);
        let limits = self.config.limits;
        let admin_limits = Limits { connections: ADMIN_CONNECTIONS, ..limits };

        let mut background = JoinSet::new();
        background.spawn(probe(self.store.clone(), self.writer.clone(), ready));
        background.spawn(forget_daily(self.clock, through(self.writer.clone())));
        background.spawn(follow(self.state.clone(), reload));
        let public = tokio::spawn(serve(self.public, app(self.state), limits, stopped()));
        let admin = tokio::spawn(serve(self.admin, admin(admin_state), admin_limits, stopped()));

        let failed = tokio::select! {
            () = stop => None,
            // It ends only when it is told to, or by a panic.
            ended = &mut self.writer_task => ended.err(),
        };
        tracing::info!("stopping: finishing what was begun");
        let _ = stopping.send(true);
        // A panic in there has been reported by the panic hook; what matters is below.
        let _ = tokio::join!(public, admin);
        background.shutdown().await;
        if let Some(error) = failed {
            return Err(RunError::Writer(error));
        }
        self.writer.stop().await;
        self.writer_task.await.map_err(RunError::Writer)?;
        self.store.close().await.map_err(RunError::Close)?;
        tracing::info!("stopped: everything acknowledged is on disk");
        Ok(())
    }

    /// What an operator wants to see before looking elsewhere.
    fn announce(&self) {
        let show = |addr: io::Result<SocketAddr>| addr.map_or("?".into(), |addr| addr.to_string());
        tracing::info!("survey and protocol on {} as {}", show(self.addr()), self.public_url);
        tracing::info!("health checks and export on {}", show(self.admin_addr()));
        tracing::info!("database {}", self.config.database.display());
        log_surveys(&self.state.catalog().manifest);
        match &self.config.partners {
            Partners::Nobody => tracing::warn!(
                "no web site may show the survey in its pages; allow one with --partner ORIGIN"
            ),
            Partners::Anybody => tracing::info!("every web site may show the survey in its pages"),
            Partners::Only(origins) => {
                tracing::info!("{} web sites may show the survey in their pages", origins.len());
            }
        }
        if !self.public_url.is_secure() {
            tracing::warn!(
                "{} is not HTTPS: anybody on the way can change the survey before it is sealed",
                self.public_url
            );
        }
        if !self.config.admin_listen.ip().is_loopback() {
            tracing::warn!("the admin listener is open to whoever can reach it");
        }
    }
}

async fn bind(address: SocketAddr, flag: &'static str) -> Result<TcpListener, RunError> {
    TcpListener::bind(address).await.map_err(|error| RunError::Listen { address, flag, error })
}

/// The origin of a loopback listener, with the port that the system gave it.
fn origin_of(listener: &TcpListener, address: SocketAddr) -> Result<Origin, RunError> {
    let failed = |error| RunError::Listen { address, flag: "--public-url", error };
    let address = listener.local_addr().map_err(failed)?;
    let text = match address.port() {
        80 => format!("http://{}", address.ip()),
        _ => format!("http://{address}"),
    };
    text.parse().map_err(|error| failed(io::Error::other(error)))
}

/// Takes what is published while nobody asks for a page. Never ends.
async fn follow(state: AppState, mut reload: watch::Receiver<()>) {
    loop {
        tokio::select! {
            () = sleep(RELOAD_EVERY) => {}
            Ok(()) = reload.changed() => {}
        }
        state.refresh().await;
    }
}
