//! From an address or a name to the claims that decide about it, without looking at the others.
//!
//! Claims are kept sorted by a number made of their host, or of the beginning of their name. An address asks
//! once for each of its host's suffixes, a name once for each of its first beginnings, by binary search: the
//! cost grows with what is asked about, not with the vendors.

use super::{Address, Claim, VendorIndex, name_matches};
use crate::fields::{cut, find, fnv1a, fnv1a_step};

/// How many bytes of a name's beginning tell it from others. Names that are alike for longer share a place.
const BEGINNING_MAX: usize = 12;

/// All claims of a config, either on addresses or on names.
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

    /// Adds a claim on addresses.
    pub fn add(&mut self, claim: Claim<'t>) {
        self.insert(key(claim.host(), usize::MAX), claim);
    }

    /// Adds a declared name: a cookie's or a storage key's, `*` for any run of characters.
    pub fn declare(&mut self, name: &'t str, vendor: VendorIndex) {
        let star = find(name, b'*').unwrap_or(BEGINNING_MAX);
        self.insert(
            key(name, star.min(BEGINNING_MAX)),
            Claim::named(name, vendor),
        );
    }

    fn insert(&mut self, key: u32, claim: Claim<'t>) {
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
                for claim in self.under(key(suffix, usize::MAX)) {
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

    /// The vendors that declare a name.
    pub fn declarers(&self, name: &str) -> Vec<VendorIndex> {
        let mut found = Vec::new();
        let mut wanted = key("", 0);
        let mut bytes = name.bytes().take(BEGINNING_MAX);
        loop {
            for claim in self.under(wanted) {
                if name_matches(claim.name(), name) {
                    found.push(claim.vendor);
                }
            }
            match bytes.next() {
                Some(byte) => wanted = fnv1a_step(wanted, byte),
                None => return found,
            }
        }
    }

    /// All claims, in no order.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Claim<'t>> {
        self.claims.iter().map(|(_, claim)| claim)
    }

    /// The names that a vendor declares, in no order.
    pub fn declared_by(&self, vendor: VendorIndex) -> impl Iterator<Item = &'t str> {
        let of = self
            .claims
            .iter()
            .filter(move |(_, claim)| claim.vendor == vendor);
        of.map(|(_, claim)| claim.name())
    }

    fn under(&self, wanted: u32) -> impl Iterator<Item = &Claim<'t>> {
        let from = self.claims.iter().skip(self.first_at(wanted));
        from.take_while(move |(key, _)| *key == wanted)
            .map(|(_, claim)| claim)
    }

    fn first_at(&self, wanted: u32) -> usize {
        self.claims.partition_point(|(key, _)| *key < wanted)
    }
}

/// What claims are sorted by, of the first so many bytes of their text. Two texts may have the same.
fn key(text: &str, length: usize) -> u32 {
    fnv1a(text.bytes().take(length))
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
    fn names_are_found_by_their_beginning_whatever_follows() {
        let declared = [
            "_ga",
            "_ga_*",
            "*",
            "local:long-key-of-a-vendor",
            "local:long-key-*",
            "ключключ*",
            "_*_id",
        ];
        let mut index = ClaimIndex::default();
        for (vendor, name) in declared.iter().enumerate() {
            index.declare(name, vendor);
        }
        for name in [
            "_ga",
            "_ga_1",
            "_gat",
            "",
            "_",
            "__id",
            "local:long-key-of-a-vendor",
            "local:long-key-",
            "ключ",
            "ключключи",
            "ключключ",
        ] {
            let mut found = index.declarers(name);
            found.sort_unstable();
            let fitting = (0..declared.len()).filter(|&at| name_matches(declared[at], name));
            assert!(found.into_iter().eq(fitting), "{name}");
        }
    }

    #[test]
    fn a_vendor_declares_its_own_names_and_no_others() {
        let mut index = ClaimIndex::default();
        for (name, vendor) in [("_a", 0), ("_b_*", 1), ("local:c", 0), ("_a", 2)] {
            index.declare(name, vendor);
        }
        let declared = |vendor| {
            let mut names: Vec<_> = index.declared_by(vendor).collect();
            names.sort_unstable();
            names
        };
        assert_eq!(declared(0), ["_a", "local:c"]);
        assert_eq!(declared(1), ["_b_*"]);
        assert_eq!(declared(2), ["_a"]);
        assert!(declared(3).is_empty());
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
