//! Who decided what, and what follows from it.
//!
//! [`Session`] is the state machine: events in, effects out. It performs nothing; time, randomness
//! and what the browser stored enter as parts of events.

mod choices;
mod choose;
mod config;
mod early;
mod event;
mod mark;
mod policy;
mod record;
mod release;
mod session;
mod verdict;

pub use choices::Answers;
pub use choose::choose;
pub use config::{Category, Config, Flags, Markup, Regime, Unclassified, Vendor};
pub use early::{EarlyClaim, EarlyTable};
pub use event::{Effect, Event, Pending};
pub use mark::{Mark, mark};
pub use policy::{Grant, Standing};
pub use record::{Record, Source};
pub use release::PATIENCE_MS;
pub use session::Session;
pub use verdict::{Finding, Kind, Reason, Request, Verdict};
