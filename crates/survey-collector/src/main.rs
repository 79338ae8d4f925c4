//! `survey-collector`: the reference backend as a program. See the library of the same name.

use std::{io::IsTerminal, path::PathBuf, process::ExitCode};

use clap::Parser;
use survey_collector::{Collector, LogLevel, Settings};
use tokio::{
    signal::unix::{SignalKind, signal},
    sync::watch,
};
use tracing::level_filters::LevelFilter;
use tracing_subscriber::{
    filter::Targets, layer::SubscriberExt as _, util::SubscriberInitExt as _,
};

/// Serves a survey, stores the sealed answers, hands them to the analyst.
///
/// The collector cannot read an answer: only the analyst's key can. It keeps the sealed answer and
/// the day, and neither address, browser nor time. It logs no requests.
#[derive(Parser)]
#[command(name = "survey-collector", version, after_long_help = EXAMPLES)]
struct Cli {
    #[command(flatten)]
    settings: Settings,

    /// A TOML file with the same settings, such as: listen = "127.0.0.1:8080"
    ///
    /// A flag beats the environment, the environment beats the file, the file beats the default.
    #[arg(long, env = "VIEWS_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
}

const EXAMPLES: &str = "\
Examples:
  Try it on this machine, with a page to embed it in (open http://localhost:8080/examples/):
    survey-collector --site dist --demo-pages examples --partner http://localhost:8080

  Behind a proxy that speaks HTTPS for forms.example, embedded by one partner:
    survey-collector --public-url https://forms.example --partner https://www.police.example \\
                     --site /srv/views --database /var/lib/views/views.sqlite

  The same in a file, and started with: survey-collector --config /etc/views.toml
    public-url = \"https://forms.example\"
    partner = [\"https://www.police.example\"]
    site = \"/srv/views\"
    database = \"/var/lib/views/views.sqlite\"

  Is it well? What came in? (on the same machine)
    curl http://127.0.0.1:9090/readyz
    curl http://127.0.0.1:9090/export/days
    curl 'http://127.0.0.1:9090/export?day=2026-11-23' > 2026-11-23.ndjson

Signals: SIGTERM and SIGINT finish what was begun, then stop. SIGHUP looks for newly published
surveys at once; without it that takes two seconds.";

fn main() -> ExitCode {
    let cli = Cli::parse();
    let given = cli.settings.log;
    let file = cli.config.as_deref().map_or(Ok(Settings::default()), Settings::from_file);
    let settings = file.map(|file| cli.settings.or(file));
    // A file that cannot be read is reported, too.
    let level = settings.as_ref().map_or(given, |settings| settings.log);
    log_to_stderr(level.unwrap_or_default());
    match settings.map_err(Into::into).and_then(run) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("{error}");
            ExitCode::FAILURE
        }
    }
}

#[tokio::main]
async fn run(settings: Settings) -> Result<(), Box<dyn std::error::Error>> {
    let collector = Collector::start(settings.check()?).await?;

    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut hang_up = signal(SignalKind::hangup())?;
    let (reload, reloads) = watch::channel(());
    tokio::spawn(async move { while hang_up.recv().await.is_some() && reload.send(()).is_ok() {} });
    let stop = async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    };
    Ok(collector.run(stop, reloads).await?)
}

/// Only this program's own lines, at every level: what a library would log of a request, it cannot.
fn log_to_stderr(level: LogLevel) {
    let level = match level {
        LogLevel::Error => LevelFilter::ERROR,
        LogLevel::Warn => LevelFilter::WARN,
        LogLevel::Info => LevelFilter::INFO,
    };
    tracing_subscriber::registry()
        .with(
            tracing_subscriber::fmt::layer()
                .with_writer(std::io::stderr)
                .with_ansi(std::io::stderr().is_terminal())
                .with_target(false),
        )
        .with(Targets::new().with_target("survey_collector", level))
        .init();
}
