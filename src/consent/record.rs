//! A choice as the browser keeps it, and which of several to believe.
//!
//! Ids, not positions: a config may change between two visits. How a record is written as text is
//! [`codec`]'s business.

pub mod codec;

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
    pub categories: Vec<(String, bool)>,
    /// Vendors answered differently from their category.
    pub vendors: Vec<(String, bool)>,
}

/// The answer for an id, if there is one.
pub(super) fn answer(answers: &[(String, bool)], id: &str) -> Option<bool> {
    answers
        .iter()
        .find_map(|(of, answer)| (of == id).then_some(*answer))
}

impl Record {
    /// How many things it grants.
    fn grants(&self) -> usize {
        let all = self.categories.iter().chain(&self.vendors);
        all.filter(|(_, granted)| *granted).count()
    }

    /// Of several records under our name, what all of them grant: a sibling subdomain can plant one
    /// beside ours. The record that grants least leads, and loses what another refuses.
    pub fn least(records: Vec<Self>) -> Option<Self> {
        let counter = records.iter().map(|record| record.counter).max()?;
        let mut least = records.iter().min_by_key(|record| record.grants())?.clone();
        for other in &records {
            for (id, granted) in &mut least.categories {
                *granted &= answer(&other.categories, id) == Some(true);
            }
            for (id, granted) in &mut least.vendors {
                *granted &= answer(&other.vendors, id) == Some(true);
            }
            for (id, granted) in &other.vendors {
                if !granted && answer(&least.vendors, id).is_none() {
                    least.vendors.push((id.clone(), false));
                }
            }
        }
        least.counter = counter;
        Some(least)
    }
}
