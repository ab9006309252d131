//! The words in which a [`Session`](super::Session) is spoken to, and answers.

use super::config::Regime;
use super::record::{Record, Source};

/// What happens to a session. Times are in seconds since 1970.
#[derive(Clone, Debug)]
pub enum Event {
    /// The page begins: what is stored under our name, and what the browser says.
    Started {
        /// What is stored, if it can be read: see [`Record::read_all`].
        record: Option<Record>,
        /// Global Privacy Control.
        gpc: bool,
        /// The time.
        now: u64,
        /// Nobody sees the page yet.
        prerendering: bool,
    },
    /// Another tab wrote a record, or the page came back from the back/forward cache.
    RecordChanged {
        /// What is stored, if it can be read: see [`Record::read_all`].
        record: Option<Record>,
        /// The time.
        now: u64,
    },
    /// A prerendered page is shown.
    Activated,
    /// It is worked out which legal model is in force. Counts where the site leaves it to the region.
    RegionKnown {
        /// The model.
        regime: Regime,
        /// For how long a choice holds under it, in days.
        valid_days: u32,
        /// The time.
        now: u64,
    },
    /// The visitor, or the page's code, decided: what [`choose`](super::choose) made of it.
    Chosen {
        /// The record that holds from now on.
        record: Record,
        /// The time.
        now: u64,
    },
    /// The page asks for a vendor that starts on demand.
    Demanded(usize),
    /// A vendor's loader has run or failed.
    VendorSettled(usize),
    /// A released tag has run or failed, or its patience is over.
    TagSettled(u32),
    /// The visitor asks for one held tag, this once; nothing is granted by it.
    TagWanted(u32),
    /// The page is ready for the next start.
    Turn,
}

/// What the shell shall do, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Write the record, [`Standing::record`](super::Standing::record), for so many seconds.
    Persist(u32),
    /// `gtag("consent", "default" or "update", …)`.
    ConsentMode {
        /// The first of the document is the default.
        is_default: bool,
        /// A bit for each key that is granted: see [`google_consent_mode`](crate::signals::google_consent_mode).
        granted: u8,
    },
    /// A vendor's off-switch.
    SwitchOff(usize),
    /// A vendor is not granted any more: its stub forgets and swallows calls, what it stored goes.
    Withdrawn(usize),
    /// A vendor is granted now: its stub passes calls on.
    Granted(usize),
    /// A vendor is refused, and was not granted before: its stub forgets and swallows calls.
    Refused(usize),
    /// Tell a vendor to go on.
    Resume(usize),
    /// Start a vendor: its calls and its loader.
    Start(usize),
    /// Release a held tag; an ordered one settles within its patience.
    Release {
        /// The tag's number.
        id: u32,
        /// Others wait for it.
        ordered: bool,
    },
    /// The choice does not cover this vendor. Comes before [`Effect::Ask`].
    New(usize),
    /// The visitor is to be asked.
    Ask(Pending),
    /// There is nothing to ask (any more).
    Asked,
    /// Tell the page what changed, and where the change came from.
    Notify(Source),
    /// More is waiting: send [`Event::Turn`] when the page is ready.
    Continue,
}

/// Why the visitor is to be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pending {
    /// There is no choice.
    First,
    /// The choice is too old, or was made under a laxer regime.
    Expired,
    /// Some vendors are not covered by the choice.
    New,
}
