//! Who decided what, and what follows from it.
//!
//! [`Session`] is the state machine: events in, effects out. It performs nothing; time, randomness
//! and what the browser stored enter as parts of events.

mod choices;
mod config;
mod policy;
mod record;
mod release;
mod session;
mod verdict;

pub use choices::{Answer, Answers, Decision};
pub use config::{Category, Config, Markup, Regime, Unclassified, Vendor};
pub use policy::{Grant, Standing};
pub use record::{Provenance, Record, Source, codec};
pub use release::{PATIENCE_MS, Tag, Target};
pub use session::{Effect, Event, Pending, Session};
pub use verdict::{Finding, Kind, Reason, Verdict};
