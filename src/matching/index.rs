//! From an address to the claims that decide about it, without looking at the others.
//!
//! Claims are kept sorted by a number made of their host. An address asks once for each of its host's
//! suffixes (at most a handful), by binary search: the cost grows with the labels of the host, not with the
//! vendors.

use super::{Address, Claim, VendorIndex};
use crate::fields::{cut, fnv1a};

/// All claims of a config.
#[derive(Debug, Default)]
pub struct ClaimIndex<'t> {
    /// Sorted by key, so that those of a host stand together.
    claims: Vec<(u32, Claim<'t>)>,
}

impl<'t> ClaimIndex<'t> {
    /// No claims.
    pub const fn new() -> Self {
        Self { claims: Vec::new() }
    }

    /// Adds a claim.
    pub fn add(&mut self, claim: Claim<'t>) {
        let key = key(claim.host());
        self.claims.insert(self.first_at(key), (key, claim));
    }

    /// The vendors whose claims decide about an address: those of the most specific claims that fit.
    /// Empty if nobody claims it.
    pub fn claimants(&self, address: Address) -> Vec<VendorIndex> {
        let mut best = 0;
        let mut found = Vec::new();
        // A trailing dot names the same host (RFC 1034, 3.1).
        let host = address.host.strip_suffix(".").unwrap_or(address.host);
        let [stem, short] = country_stems(host);
        for &text in &[host, stem, short] {
            let mut suffix = text;
            while !suffix.is_empty() {
                let wanted = key(suffix);
                for (key, claim) in self.claims.iter().skip(self.first_at(wanted)) {
                    if *key != wanted {
                        break;
                    }
                    let weight = claim.specificity();
                    if weight >= best && claim.host() == suffix && claim.fits(address) {
                        if weight > best {
                            best = weight;
                            found.clear();
                        }
                        found.push(claim.vendor);
                    }
                }
                suffix = cut(suffix, b'.').1;
            }
        }
        found
    }

    fn first_at(&self, wanted: u32) -> usize {
        self.claims.partition_point(|(key, _)| *key < wanted)
    }
}

/// What claims are sorted by. Two hosts may have the same.
fn key(host: &str) -> u32 {
    fnv1a(host.bytes())
}

/// `www.google.` for `www.google.de`, and also for `www.google.co.uk` and `www.google.com.au`: what a claim
/// that ends in `.*` is kept under. A longer rest is no country domain but somebody else's host.
fn country_stems(host: &str) -> [&str; 2] {
    let dot = host.as_bytes().iter().rposition(|&byte| byte == b'.');
    let stem = dot.and_then(|dot| host.get(..=dot)).unwrap_or("");
    let before = stem.strip_suffix("co.").or(stem.strip_suffix("com."));
    let short = before.filter(|before| before.ends_with('.')).unwrap_or("");
    [stem, short]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index(patterns: &[&'static str]) -> ClaimIndex<'static> {
        let mut index = ClaimIndex::default();
        for (vendor, pattern) in patterns.iter().enumerate() {
            index.add(Claim::read(pattern, vendor).expect(pattern));
        }
        index
    }

    fn claimants(patterns: &[&'static str], host: &str, path_and_query: &str) -> Vec<usize> {
        let mut found = index(patterns).claimants(Address {
            host,
            path_and_query,
        });
        found.sort_unstable();
        found
    }

    #[test]
    fn a_host_claims_itself_and_its_subdomains_and_nobody_else() {
        let hosts = ["x.com", "t.co"];
        assert_eq!(claimants(&hosts, "x.com", "/"), [0]);
        assert_eq!(claimants(&hosts, "api.x.com", "/"), [0]);
        assert_eq!(claimants(&hosts, "x.com.", "/"), [0]);
        assert!(claimants(&hosts, "netflix.com", "/").is_empty());
        assert!(claimants(&hosts, "t.company", "/").is_empty());
        assert!(claimants(&hosts, "", "/").is_empty());
    }

    #[test]
    fn the_most_specific_claims_decide_and_equals_share() {
        let gtag = [
            "googletagmanager.com",
            "www.googletagmanager.com/gtag/js?id=G-",
            "www.googletagmanager.com/gtag/js",
            "www.googletagmanager.com/gtag/js",
        ];
        let host = "www.googletagmanager.com";
        assert_eq!(claimants(&gtag, host, "/gtm.js?id=GTM-1"), [0]);
        assert_eq!(claimants(&gtag, host, "/gtag/js?id=G-1"), [1]);
        assert_eq!(claimants(&gtag, host, "/gtag/js?id=AW-1"), [2, 3]);
    }

    #[test]
    fn a_country_domain_is_one_or_two_known_labels() {
        let google = ["www.google.*/ads/"];
        for host in [
            "www.google.de",
            "www.google.co.uk",
            "www.google.com.au",
            "www.google.com",
        ] {
            assert_eq!(claimants(&google, host, "/ads/x"), [0], "{host}");
        }
        for host in [
            "www.google.evil.com",
            "google.de",
            "www.google.de.evil.com",
            "www.google.",
        ] {
            assert!(claimants(&google, host, "/ads/x").is_empty(), "{host}");
        }
        assert!(claimants(&google, "www.google.de", "/search").is_empty());
        let shop = ["shop.com.*", "shop.*"];
        assert_eq!(claimants(&shop, "www.shop.com.au", "/"), [0]);
        assert_eq!(claimants(&shop, "www.shop.com", "/"), [1]);
    }
}
