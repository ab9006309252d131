//! One claim: `host`, `host/path` or `host/path?key=prefix`, and what it fits.

use super::VendorIndex;
use crate::fields::{cut, fields, find};

/// A request's address, cut by the browser's own parser: host in lower case without port; path and
/// query as sent, for example `/gtag/js?id=G-1`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Address<'a> {
    /// Host name, lower case, no port. Empty for what is no network request (`data:`, `blob:`).
    pub host: &'a str,
    /// Path with its leading slash, and the query with its question mark.
    pub path_and_query: &'a str,
}

impl<'a> Address<'a> {
    fn path(&self) -> &'a str {
        cut(self.path_and_query, b'?').0
    }

    fn query(&self) -> &'a str {
        cut(self.path_and_query, b'?').1
    }
}

/// A pattern of a vendor's endpoints.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claim<'t> {
    /// The vendor that claims it.
    pub vendor: VendorIndex,
    /// Host suffix in whole labels. `www.google.` stands for `www.google.` and any country domain.
    host: &'t str,
    /// Path prefix with its leading slash, `*` for any run of characters; empty for any path. Or a whole name.
    path: &'t str,
    /// `key=prefix` that the query must hold; empty for any query.
    query: &'t str,
}

impl<'t> Claim<'t> {
    /// Reads a pattern; `None` if it names no host, or one that no address has.
    pub fn read(pattern: &'t str, vendor: VendorIndex) -> Option<Self> {
        let (address, query) = cut(pattern, b'?');
        let slash = find(address, b'/').unwrap_or(address.len());
        let (host, path) = address.split_at(slash);
        // `www.google.*` is kept as `www.google.`: the index looks it up by that text.
        let stem = host.strip_suffix("*").unwrap_or(host);
        // A star is a whole label, and only before one does a dot end what is kept.
        let has_star = stem.len() < host.len();
        let is_sound = find(stem, b'*').is_none() && stem.ends_with('.') == has_star;
        if !is_sound || matches!(stem, "" | ".") {
            return None;
        }
        Some(Self {
            vendor,
            host: stem,
            path,
            query,
        })
    }

    /// A claim on names of cookies or storage keys.
    pub fn named(name: &'t str, vendor: VendorIndex) -> Self {
        Self {
            vendor,
            host: "",
            path: name,
            query: "",
        }
    }

    /// The declared name: see [`Claim::named`].
    pub fn name(&self) -> &'t str {
        self.path
    }

    /// The host as written, under which the index finds the claim.
    pub fn host(&self) -> &'t str {
        self.host
    }

    /// The path prefix, `*` for any run of characters; empty for any path.
    pub(crate) fn path(&self) -> &'t str {
        self.path
    }

    /// `key=prefix` that the query must hold; empty for any query.
    pub(crate) fn query(&self) -> &'t str {
        self.query
    }

    /// Whether path and query fit; that the host does is the index's business.
    pub fn fits(&self, address: Address) -> bool {
        glob_prefix(self.path, address.path())
            && (self.query.is_empty()
                || fields(address.query(), b'&').any(|pair| pair.starts_with(self.query)))
    }

    /// How narrow the claim is: of two that fit, the greater decides. A query outweighs a path, a
    /// longer path a shorter one, a longer host a shorter one.
    pub fn specificity(&self) -> u32 {
        (self.query.len() as u32) << 20 | (self.path.len() as u32) << 10 | self.host.len() as u32
    }
}

/// Whether `text` begins with `pattern`, where `*` stands for any run of characters.
fn glob_prefix(pattern: &str, text: &str) -> bool {
    glob(pattern.as_bytes(), text.as_bytes(), true)
}

/// Matches a glob. On a mismatch only the latest `*` is widened, since an earlier
/// one can never help where the latest cannot.
pub(super) fn glob(pattern: &[u8], text: &[u8], prefix: bool) -> bool {
    let (mut p, mut t) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    loop {
        if p == pattern.len() && (prefix || t == text.len()) {
            return true;
        }
        match (pattern.get(p), text.get(t)) {
            (Some(b'*'), _) => {
                star = Some((p, t));
                p += 1;
            }
            (Some(a), Some(b)) if a == b => {
                p += 1;
                t += 1;
            }
            (_, None) => return false,
            _ => match star {
                Some((star_p, star_t)) => {
                    star = Some((star_p, star_t + 1));
                    p = star_p + 1;
                    t = star_t + 1;
                }
                None => return false,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fits(pattern: &str, path_and_query: &str) -> bool {
        let address = Address {
            host: "",
            path_and_query,
        };
        Claim::read(pattern, 0).is_some_and(|claim| claim.fits(address))
    }

    #[test]
    fn a_path_is_a_prefix_and_a_star_any_run() {
        assert!(fits("a.example", "/anything?x=1"));
        assert!(fits("a.example/tr", "/tr/?id=1"));
        assert!(!fits("a.example/tr", "/t"));
        assert!(fits("a.example/*/fbevents.js", "/en_US/fbevents.js?v=2"));
        assert!(fits("a.example/*/*/c", "/a/b/b/c"));
        assert!(!fits("a.example/*/fbevents.js", "/en_US/sdk.js"));
    }

    #[test]
    fn a_query_is_a_whole_key_with_the_beginning_of_its_value() {
        assert!(fits("a.example/js?id=G-", "/js?l=x&id=G-1"));
        assert!(!fits("a.example/js?id=G-", "/js?xid=G-1"));
        assert!(!fits("a.example/js?id=G-", "/js?id=AW-1"));
        assert!(!fits("a.example/js?id=G-", "/js"));
    }

    #[test]
    fn a_claim_needs_a_host_and_allows_a_star_only_as_its_last_label() {
        for bad in [
            "",
            "/path",
            "*",
            ".*",
            "*.example.com",
            "a.*.com",
            "a.com.",
            "a.com*",
        ] {
            assert_eq!(Claim::read(bad, 0), None, "{bad:?}");
        }
        assert_eq!(
            Claim::read("www.google.*/ads/", 0).map(|c| c.host),
            Some("www.google.")
        );
    }

    #[test]
    fn query_outweighs_path_and_path_outweighs_host() {
        let weight = |pattern| Claim::read(pattern, 0).map(|c| c.specificity());
        assert!(weight("a.b/x?k=v") > weight("a.b/xxxxxxxxxxxxxxxxxx"));
        assert!(weight("a.b/x") > weight("a.very.long.host.example"));
        assert!(weight("c.a.b") > weight("a.b"));
    }

    #[test]
    fn many_stars_cost_no_more_than_the_text_is_long() {
        let pattern = "a*".repeat(400) + "b";
        assert!(!glob(
            pattern.as_bytes(),
            "a".repeat(20_000).as_bytes(),
            false
        ));
    }
}
