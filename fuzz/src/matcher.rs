//! Which vendors claim an address. A page's scripts, and whoever writes into the page, choose the address.
//!
//! Input: host and path, with a tab between them; then patterns, one a line.

use std::collections::BTreeSet;

use portcullis::matching::{Address, Claim, ClaimIndex};

use crate::oracle;

/// Longer parts than these are in no config, and weigh no more than these.
const LENGTH_MAX: usize = 1000;

pub fn run(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let mut lines = text.split('\n');
    let (host, path_and_query) = lines
        .next()
        .unwrap_or("")
        .split_once('\t')
        .unwrap_or_default();
    let patterns: Vec<&str> = lines.collect();
    if patterns.iter().any(|pattern| pattern.len() > LENGTH_MAX) {
        return;
    }
    let mut index = ClaimIndex::new();
    let mut claims = Vec::new();
    for (vendor, pattern) in patterns.iter().enumerate() {
        let (read, known) = (Claim::read(pattern, vendor), oracle::Claim::read(pattern));
        assert_eq!(read.is_some(), known.is_some(), "{pattern:?}");
        if let Some(read) = read {
            index.add(read);
        }
        claims.extend(known.map(|claim| (vendor, claim)));
    }
    let address = Address {
        host,
        path_and_query,
    };
    let found: BTreeSet<usize> = index.claimants(address).into_iter().collect();

    // A claim is for its own host and those below it, whatever the host is made of.
    let plain = host.strip_suffix('.').unwrap_or(host);
    for &vendor in &found {
        let claimed = patterns[vendor].split(['/', '?']).next().unwrap_or("");
        let is_below = match claimed.strip_suffix('*') {
            Some(stem) => format!(".{plain}").contains(&format!(".{stem}")),
            None => format!(".{plain}").ends_with(&format!(".{claimed}")),
        };
        assert!(is_below, "{host:?} was taken for {claimed:?}");
    }

    // Who decides, and nobody else. The browser's parser gives no host with an empty label.
    if plain.split('.').any(str::is_empty) {
        return;
    }
    let fitting = || {
        claims
            .iter()
            .filter(|(_, claim)| claim.fits(host, path_and_query))
    };
    let best = fitting().map(|(_, claim)| claim.narrowness()).max();
    let expected: BTreeSet<usize> = fitting()
        .filter(|(_, claim)| Some(claim.narrowness()) == best)
        .map(|(vendor, _)| *vendor)
        .collect();
    assert_eq!(found, expected, "{text:?}");
}
