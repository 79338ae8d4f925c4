//! The reference backend of `ssp/1`: it takes sealed envelopes, stores them for good and hands them
//! to the analyst. It cannot open one and does not know what a question is.
//!
//! Two listeners:
//!
//! * the public one serves the built site and the protocol ([`app`]),
//! * the admin one, on loopback, serves the export and the health checks ([`admin`]).
//!
//! An envelope is acknowledged only after the transaction that holds it is on disk ([`Writer`]).
//! What is kept of a request is the envelope and the day ([`store`]): no address, no user agent, no
//! referrer, no time finer than the day, and there are no log lines for requests at all.

// A test that unwraps says where it failed; that is what it is for.
#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod admin;
mod app;
mod catalog;
mod clock;
mod config;
mod forget;
mod run;
mod server;
pub mod store;
mod writer;

pub use app::{AppState, Parts, app};
pub use catalog::{Catalog, Partners, SiteError, Surveys};
pub use clock::{Clock, FixedClock, SystemClock};
pub use config::{Config, ConfigError, LogLevel, Settings};
pub use run::{Collector, RunError};
pub use server::{Limits, serve};
pub use writer::{Refusal, Stored, Writer};
