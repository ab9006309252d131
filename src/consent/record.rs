//! A choice as the browser keeps it, and which of several to believe.
//!
//! Ids, not positions: a config may change between two visits. How a record is written as text is
//! [`codec`]'s business.

pub mod codec;

use super::choices::Answers;
use super::config::Regime;

/// Counters above this are damage (DESIGN, "The record").
pub const COUNTER_MAX: u64 = 1 << 31;

/// Where a choice came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// Accept All on the banner.
    BannerAccept,
    /// Reject All on the banner.
    BannerReject,
    /// The preference centre.
    Preferences,
    /// The browser's Global Privacy Control.
    Gpc,
    /// The page's own code, or a click that no person made.
    Api,
    /// Another consent tool's record.
    Imported,
}

impl Source {
    /// All sources, each with the letter that stands for it in texts.
    pub const ALL: [(Self, u8); 6] = [
        (Self::BannerAccept, b'a'),
        (Self::BannerReject, b'r'),
        (Self::Preferences, b'p'),
        (Self::Gpc, b'g'),
        (Self::Api, b'i'),
        (Self::Imported, b'm'),
    ];

    /// The letter that stands for it.
    pub fn letter(self) -> u8 {
        Self::ALL[self as usize].1
    }

    /// The source that a letter stands for.
    pub fn from_letter(letter: u8) -> Option<Self> {
        Self::ALL
            .iter()
            .find_map(|&(source, of)| (of == letter).then_some(source))
    }
}

/// Who decided, when, and what they had been shown: the part of a record that is evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provenance {
    /// How the choice was made.
    pub source: Source,
    /// BCP 47 tag of the texts shown; empty if nothing was shown.
    pub language: String,
    /// Digest of texts, layout and theme shown; 0 if nothing was shown.
    pub shown: u32,
}

/// A stored choice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Random; made after the choice, so that nobody is told apart before one.
    pub id: u64,
    /// Counts the choices of this browser: the higher one is the later one, whatever clocks say.
    pub counter: u64,
    /// When it was made, in seconds since 1970.
    pub at: u64,
    /// The config revision that was shown.
    pub revision: u32,
    /// The legal model under which it was made.
    pub regime: Regime,
    /// Global Privacy Control was on when the choice was made.
    pub gpc: bool,
    /// Who decided, and what was shown.
    pub provenance: Provenance,
    /// Every category asked about, and the answer.
    pub categories: Answers,
    /// Vendors answered differently from their category.
    pub vendors: Answers,
}

impl Record {
    /// What to believe of the texts stored under our name; `None` if none can be read (I-3). Of
    /// several, what all of them grant: a sibling subdomain can plant one beside ours.
    pub fn read<'t>(stored: impl Iterator<Item = &'t str>) -> Option<Self> {
        let mut found: Option<Self> = None;
        for text in stored {
            if let Ok(record) = codec::decode(text) {
                found = Some(match found {
                    Some(other) => other.least(record),
                    None => record,
                });
            }
        }
        found
    }

    /// The record of two that grants less, without what the other one does not grant.
    pub(super) fn least(self, other: Self) -> Self {
        let (mut least, other) = if other.grants() < self.grants() {
            (other, self)
        } else {
            (self, other)
        };
        let both = |ours: &Answers, theirs: &Answers| {
            ours.map(|id, granted| granted && theirs.get(id) == Some(true))
        };
        least.categories = both(&least.categories, &other.categories);
        least.vendors = both(&least.vendors, &other.vendors);
        for (id, granted) in other.vendors.iter() {
            if !granted && least.vendors.get(id).is_none() {
                least.vendors.push(id, false);
            }
        }
        least.counter = least.counter.max(other.counter);
        least
    }

    /// How many things it grants.
    fn grants(&self) -> usize {
        let all = self.categories.iter().chain(self.vendors.iter());
        all.filter(|(_, granted)| *granted).count()
    }
}
