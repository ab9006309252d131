//! Which legal model is in force where, from `regimes/`: by the region that the site's server knows, else by
//! the time zone that the browser is set to. What is not known comes out as the strictest.

use crate::fields::{cut_bytes, field};

/// A line for each row of `regimes/jurisdictions.tsv` that differs from the strictest: regions, model,
/// days, link, and the time zones of each of its countries behind the code. Written by `build.rs`.
const TABLE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/regimes.tsv"));

/// What holds where nothing is known.
const STRICTEST: &[u8] = b"opt-in\t180\t\t";

/// What is in force in a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Jurisdiction<'r> {
    /// ISO 3166-1 code of the country, or ISO 3166-2 code of the state; empty if it is not known, and
    /// where a time zone says no more than that the strictest holds.
    pub region: &'r [u8],
    /// Model, days and link, with a tab behind each.
    pub terms: &'static [u8],
}

impl Jurisdiction<'_> {
    /// `opt-in`, `opt-out` or `notice`.
    pub fn model(&self) -> &'static str {
        self.term(0)
    }

    /// For how long a choice holds, in days.
    pub fn days(&self) -> &'static str {
        self.term(1)
    }

    /// What the way to say no is called: `sell`, `opt-out`, or empty.
    pub fn link(&self) -> &'static str {
        self.term(2)
    }

    fn term(&self, at: usize) -> &'static str {
        let terms = std::str::from_utf8(self.terms).unwrap_or_default();
        field(terms, b'\t', at)
    }
}

/// What is in force in a region; where none is given, in the place of a time zone (a name of the IANA
/// database). An unknown one of either is under the strictest model, whatever the other says.
pub fn jurisdiction<'r>(region: &'r [u8], zone: &[u8]) -> Jurisdiction<'r> {
    let mut lines = TABLE;
    while !lines.is_empty() {
        let line;
        (line, lines) = cut_bytes(lines, b'\n');
        let (regions, rest) = cut_bytes(line, b'\t');
        // Three terms, and behind their tabs the zones.
        let mut zones = rest;
        for _ in 0..3 {
            zones = cut_bytes(zones, b'\t').1;
        }
        let found = if region.is_empty() {
            find(zones, zone)
        } else {
            find(regions, region).map(|_| region)
        };
        if let Some(region) = found {
            let terms = &rest[..rest.len() - zones.len()];
            return Jurisdiction { region, terms };
        }
    }
    let terms = STRICTEST;
    Jurisdiction { region, terms }
}

/// Looks for a name among words; gives the code before it: `JP:Asia/Tokyo Japan US:America/Adak …`. A word
/// that ends in `*` stands for all that begin so.
#[inline(never)]
fn find(mut words: &'static [u8], name: &[u8]) -> Option<&'static [u8]> {
    let mut code: &[u8] = b"";
    while !words.is_empty() {
        let mut word;
        (word, words) = cut_bytes(words, b' ');
        let (before, after) = cut_bytes(word, b':');
        if before.len() < word.len() {
            (code, word) = (before, after);
        }
        let mut at = 0;
        while at < name.len() && word.get(at) == Some(&name[at]) {
            at += 1;
        }
        let is_all = at == name.len() && at == word.len();
        if is_all || at < name.len() && &word[at..] == b"*" {
            return Some(code);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn by_zone(zone: &str) -> (&'static str, &'static str) {
        let found = jurisdiction(b"", zone.as_bytes());
        let region = std::str::from_utf8(found.region).expect("ASCII");
        (region.to_owned().leak(), found.model())
    }

    #[test]
    fn a_region_that_is_given_decides_alone() {
        for (region, zone, model, days, link) in [
            ("US-CA", "Europe/Berlin", "opt-out", "365", "sell"),
            ("US", "", "opt-out", "365", "sell"),
            ("US-TX", "", "opt-out", "365", "opt-out"),
            ("DE", "America/New_York", "opt-in", "180", ""),
            ("CA", "", "opt-in", "180", ""),
            ("CA-QC", "", "opt-in", "180", ""),
            ("CA-ON", "", "opt-out", "365", "opt-out"),
            ("JP", "", "notice", "365", "opt-out"),
            ("KR", "", "opt-in", "365", ""),
            ("AU", "", "notice", "365", ""),
            ("XX", "America/New_York", "opt-in", "180", ""),
            ("US-", "America/New_York", "opt-in", "180", ""),
        ] {
            let found = jurisdiction(region.as_bytes(), zone.as_bytes());
            assert_eq!(
                (found.region, found.model(), found.days(), found.link()),
                (region.as_bytes(), model, days, link)
            );
        }
    }

    #[test]
    fn a_time_zone_tells_the_country_or_nothing() {
        for (zone, found) in [
            ("America/Los_Angeles", ("US", "opt-out")),
            ("America/Indiana/Knox", ("US", "opt-out")),
            ("US/Pacific", ("US", "opt-out")),
            ("Australia/Perth", ("AU", "notice")),
            ("Asia/Calcutta", ("IN", "opt-in")),
            ("America/Toronto", ("", "opt-in")),
            ("Europe/Kyiv", ("", "opt-in")),
            ("America/Indiana", ("", "opt-in")),
            ("America/Indiana/", ("", "opt-in")),
            ("america/new_york", ("", "opt-in")),
            ("UTC", ("", "opt-in")),
            ("Etc/GMT+5", ("", "opt-in")),
            ("*", ("", "opt-in")),
            ("", ("", "opt-in")),
        ] {
            assert_eq!(by_zone(zone), found, "{zone}");
        }
    }
}
