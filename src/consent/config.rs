//! The compiled config: the one compact text that is all the gate reads of what a site declares.
//!
//! One line a thing, fields separated by tabs, lists by spaces:
//!
//! ```text
//! p  format  revision  regime  unclassified  valid-days  own-hosts  markup  nonce(1|0)
//! c  id  flags(a s)
//! v  id  category  flags(d g r s S l L)  since  carries  needs  hosts  names
//! ```
//!
//! Words are those of the site's config, empty for its defaults. `regime`: `auto` is the region's. `nonce`: our
//! own script carries one.
//! Category flags: `a` always active, `s` sale or sharing. Vendor flags: `d` starts on demand, `g`
//! obeys Google Consent Mode, `r` can be resumed, `s`/`S` is/is not sale or sharing whatever its
//! category says, `l` claims a legitimate interest, `lL` nothing else. Names are cookies, and storage keys as
//! `local:key` and `session:key`.
//! What cannot be read is noticed and left out; the rest works.

use crate::fields::{fields, find, members, number, split};
use crate::matching::{Claim, ClaimIndex};

/// The version of the text that this module reads.
const FORMAT: &str = "1";

/// How long a choice holds where the config does not say, in days. Ours: the six months that the
/// CNIL recommends (guidelines of 17 September 2020) in whole days.
const DEFAULT_VALID_DAYS: u32 = 180;

/// The legal model in force. Its number is the letter that stands for it in records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Regime {
    /// Nothing runs before the visitor allows it.
    OptIn = b'i',
    /// It runs until the visitor, or Global Privacy Control, says no.
    OptOut = b'o',
    /// It runs, and the visitor is told.
    Notice = b'n',
}

impl Regime {
    /// The model that a word stands for; the strictest for any other word.
    pub fn read(word: &str) -> Self {
        match word {
            "opt-out" => Self::OptOut,
            "notice" => Self::Notice,
            _ => Self::OptIn,
        }
    }

    /// Whether nothing runs before the visitor allows it.
    pub fn asks_first(self) -> bool {
        matches!(self, Self::OptIn)
    }
}

/// What happens to a third party that no vendor claims.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unclassified {
    /// Let through and logged.
    Allow,
    /// Held and logged.
    Hold,
}

/// Which marked or found scripts of the page's HTML are released.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Markup {
    /// All of them.
    Page,
    /// Those that carried the nonce of our own script.
    Nonce,
    /// None.
    Off,
}

/// Words with spaces between them. They are few and seldom read: looking through the text weighs less
/// than keeping them apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct List<'t>(&'t str);

impl<'t> List<'t> {
    /// The words.
    pub fn iter(self) -> impl Iterator<Item = &'t str> {
        members(self.0, b' ')
    }

    /// Whether there are none.
    pub fn is_empty(self) -> bool {
        self.0.is_empty()
    }
}

/// Letters, each of which says something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flags<'t>(pub &'t str);

impl Flags<'_> {
    /// Whether a letter is among them.
    pub fn has(self, letter: u8) -> bool {
        find(self.0, letter).is_some()
    }
}

/// What the visitor chooses about.
#[derive(Clone, Copy, Debug)]
pub struct Category<'t> {
    /// Its id, for example `performance`.
    pub id: &'t str,
    /// `a` and `s`: see the top of the file.
    pub flags: Flags<'t>,
}

impl Category<'_> {
    /// Runs without being asked.
    pub fn is_always_active(&self) -> bool {
        self.flags.has(b'a')
    }

    /// Switched off by Global Privacy Control in an opt-out regime.
    pub fn is_sale(&self) -> bool {
        self.flags.has(b's')
    }
}

/// A third party that the site uses.
#[derive(Clone, Copy, Debug)]
pub struct Vendor<'t> {
    /// Its id, for example `linkedin-insight`.
    pub id: &'t str,
    /// Its category's place in the config; `None` if the config does not have it: never granted.
    pub category: Option<usize>,
    /// `d g r s S l L`: see the top of the file.
    pub flags: Flags<'t>,
    /// The config revision that brought it.
    pub since: u32,
    /// Ids of the categories that a container brings. Empty for every other vendor.
    pub carries: List<'t>,
    /// Vendors that must have loaded before.
    pub needs: List<'t>,
}

impl Vendor<'_> {
    /// Starts only when the page asks for it.
    pub fn is_on_demand(&self) -> bool {
        self.flags.has(b'd')
    }

    /// Obeys Google Consent Mode.
    pub fn has_consent_mode(&self) -> bool {
        self.flags.has(b'g')
    }

    /// Can be told to go on in the document in which it was switched off.
    pub fn is_resumable(&self) -> bool {
        self.flags.has(b'r')
    }

    /// Brings others, and has no purpose of its own.
    pub fn is_container(&self) -> bool {
        !self.carries.is_empty()
    }
}

/// Everything the gate knows of a site.
#[derive(Debug)]
pub struct Config<'t> {
    /// Counts up when what visitors are asked changes.
    pub revision: u32,
    /// The legal model in force.
    pub regime: Regime,
    /// It is the region's, and the strictest until that is known.
    pub is_auto: bool,
    /// What happens to a third party that no vendor claims.
    pub unclassified: Unclassified,
    /// Which scripts of the HTML are released.
    pub markup: Markup,
    /// A choice is asked again after so many days.
    pub valid_days: u32,
    /// The page's host and further hosts of the site's own.
    pub own_hosts: List<'t>,
    /// In the site's order.
    pub categories: Vec<Category<'t>>,
    /// In the site's order.
    pub vendors: Vec<Vendor<'t>>,
    /// Who claims which addresses.
    pub(crate) claims: ClaimIndex<'t>,
    /// Who declares which cookies and storage keys.
    pub names: ClaimIndex<'t>,
}

impl Default for Config<'_> {
    fn default() -> Self {
        Self::new()
    }
}

impl<'t> Config<'t> {
    /// A config that says nothing: the strictest there is.
    pub const fn new() -> Self {
        Self {
            revision: 1,
            regime: Regime::OptIn,
            is_auto: false,
            unclassified: Unclassified::Allow,
            markup: Markup::Off,
            valid_days: DEFAULT_VALID_DAYS,
            own_hosts: List(""),
            categories: Vec::new(),
            vendors: Vec::new(),
            claims: ClaimIndex::new(),
            names: ClaimIndex::new(),
        }
    }

    /// Reads compiled text, or more of it. What cannot be read is left out, and every default is the one
    /// that holds; `false` says that there was something.
    pub fn read(&mut self, text: &'t str) -> bool {
        let mut readable = true;
        for line in fields(text, b'\n') {
            readable &= self.read_line(line);
        }
        readable
    }

    /// Reads one line; `false` if something in it could not be used.
    fn read_line(&mut self, line: &'t str) -> bool {
        let mut parts = [""; 9];
        split(line, b'\t', &mut parts);
        let [
            kind,
            first,
            second,
            third,
            fourth,
            fifth,
            sixth,
            seventh,
            eighth,
        ] = parts;
        match kind.as_bytes() {
            b"p" => {
                self.revision = number(second, 1) as u32;
                self.regime = Regime::read(third);
                self.is_auto = third == "auto";
                self.unclassified = match fourth {
                    "" | "allow" => Unclassified::Allow,
                    _ => Unclassified::Hold,
                };
                self.valid_days = number(fifth, DEFAULT_VALID_DAYS.into()) as u32;
                self.own_hosts = List(sixth);
                self.markup = match (seventh, eighth) {
                    ("page", _) | ("", "0") => Markup::Page,
                    ("nonce", _) | ("", "1") => Markup::Nonce,
                    _ => Markup::Off,
                };
                first == FORMAT
            }
            b"c" => {
                self.categories.push(Category {
                    id: first,
                    flags: Flags(second),
                });
                !first.is_empty()
            }
            b"v" => {
                if first.is_empty() || self.vendor(first).is_some() {
                    return false;
                }
                let vendor = Vendor {
                    id: first,
                    category: self.category(second),
                    flags: Flags(third),
                    since: number(fourth, 0) as u32,
                    carries: List(fifth),
                    needs: List(sixth),
                };
                let at = self.vendors.len();
                self.vendors.push(vendor);
                let mut readable = vendor.category.is_some();
                for id in vendor.carries.iter() {
                    readable &= self.category(id).is_some();
                }
                for host in members(seventh, b' ') {
                    match Claim::read(host, at) {
                        Some(claim) => self.claims.add(claim),
                        None => readable = false,
                    }
                }
                for name in members(eighth, b' ') {
                    self.names.declare(name, at);
                }
                readable
            }
            other => other.is_empty(),
        }
    }

    /// A category's place.
    pub fn category(&self, id: &str) -> Option<usize> {
        self.categories
            .iter()
            .position(|category| category.id == id)
    }

    /// A vendor's place.
    pub fn vendor(&self, id: &str) -> Option<usize> {
        self.vendors.iter().position(|vendor| vendor.id == id)
    }

    /// Whether a host is the site's own: one of its hosts, or below one.
    pub(crate) fn is_own_host(&self, host: &str) -> bool {
        // A trailing dot names the same host (RFC 1034, 3.1).
        let host = host.strip_suffix('.').unwrap_or(host);
        self.own_hosts.iter().any(|own| {
            host.strip_suffix(own)
                .is_some_and(|before| before.is_empty() || before.ends_with('.'))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "p\t1\t4\topt-out\thold\t90\tacme.example cdn.example\tpage\t0\nc\tperformance\t\nc\tnecessary\ta\n\
         v\tgood\tperformance\tdr\t3\t\t\ta.example b.example/x\t_a _b_*";

    #[test]
    fn a_config_says_what_it_says() {
        let mut config = Config::new();
        assert!(config.read(HEAD));
        assert_eq!(config.revision, 4);
        assert_eq!(config.regime, Regime::OptOut);
        assert_eq!(config.unclassified, Unclassified::Hold);
        assert_eq!(config.vendors[0].since, 3);
        assert!(config.vendors[0].is_on_demand() && config.vendors[0].is_resumable());
        assert_eq!(config.names.declarers("_b_1"), [0]);
        assert!(config.names.declarers("_a_1").is_empty());
    }

    #[test]
    fn an_unreadable_line_is_noticed_and_the_rest_works() {
        for (line, vendors) in [
            ("v\tstray\tnowhere\t\t\t\t\tc.example\t", 2),
            ("v\tgood\tperformance\t\t\t\t\t\t", 1),
            ("v\t\tperformance\t\t\t\t\t\t", 1),
            ("what\tis this", 1),
            ("v\tbox\tnecessary\tg\t\tperformance gone\t\t\t", 2),
            ("v\tstar\tnecessary\tg\t\t\t\t*\t", 2),
            ("c\t", 1),
            ("p\t2", 1),
        ] {
            let mut config = Config::new();
            assert!(config.read(HEAD));
            assert!(!config.read(line), "{line}");
            assert_eq!(config.vendors.len(), vendors, "{line}");
            assert_eq!(config.vendors[0].id, "good");
        }
        let mut config = Config::new();
        config.read("v\tstray\tnowhere");
        assert_eq!(config.vendors[0].category, None);
    }

    #[test]
    fn nothing_readable_is_the_strictest_config() {
        for text in ["", "\u{0}\n\t\t", "p", "p\t9\tx\ty\tz"] {
            let mut config = Config::new();
            config.read(text);
            assert_eq!(config.regime, Regime::OptIn, "{text:?}");
            assert_eq!(config.markup, Markup::Off, "{text:?}");
        }
    }

    #[test]
    fn words_are_those_of_the_sites_config_and_empty_for_its_defaults() {
        let read = |rest: &'static str| {
            let mut config = Config::new();
            assert!(config.read(rest), "{rest}");
            config
        };
        for (text, regime, is_auto) in [
            ("p\t1\t1\tauto", Regime::OptIn, true),
            ("p\t1\t1\topt-in", Regime::OptIn, false),
            ("p\t1\t1\topt-out", Regime::OptOut, false),
            ("p\t1\t1\tnotice", Regime::Notice, false),
        ] {
            let config = read(text);
            assert_eq!((config.regime, config.is_auto), (regime, is_auto), "{text}");
        }
        for (text, unclassified) in [
            ("p\t1\t1\t\t", Unclassified::Allow),
            ("p\t1\t1\t\tallow", Unclassified::Allow),
            ("p\t1\t1\t\thold", Unclassified::Hold),
            ("p\t1\t1\t\tanything", Unclassified::Hold),
        ] {
            assert_eq!(read(text).unclassified, unclassified, "{text}");
        }
        for (text, markup) in [
            ("p\t1\t1\t\t\t\t\t\t0", Markup::Page),
            ("p\t1\t1\t\t\t\t\t\t1", Markup::Nonce),
            ("p\t1\t1\t\t\t\t\tpage\t1", Markup::Page),
            ("p\t1\t1\t\t\t\t\tnonce\t0", Markup::Nonce),
            ("p\t1\t1\t\t\t\t\toff\t0", Markup::Off),
        ] {
            assert_eq!(read(text).markup, markup, "{text}");
        }
        assert_eq!(read("p\t1\t1\t\t\t90").valid_days, 90);
        assert_eq!(read("p\t1\t1").valid_days, DEFAULT_VALID_DAYS);
    }

    #[test]
    fn a_letter_says_one_thing() {
        let mut config = Config::new();
        config.read("c\ta\ta\nc\ts\ts\nv\td\ta\td\nv\tg\ta\tg\nv\tr\ta\tr\nv\tbox\ta\t\t0\ts");
        let categories = &config.categories;
        let said = |category: &Category| (category.is_always_active(), category.is_sale());
        assert_eq!(said(&categories[0]), (true, false));
        assert_eq!(said(&categories[1]), (false, true));
        for (at, vendor) in config.vendors.iter().enumerate() {
            let said = [
                vendor.is_on_demand(),
                vendor.has_consent_mode(),
                vendor.is_resumable(),
                vendor.is_container(),
            ];
            assert_eq!(said, [0, 1, 2, 3].map(|of| of == at), "{}", vendor.id);
        }
    }

    #[test]
    fn own_hosts_are_whole_labels() {
        let mut config = Config::new();
        config.read("p\t1\t1\topt-in\tallow\t\tacme.example\tpage\t0");
        for own in ["acme.example", "www.acme.example", "acme.example."] {
            assert!(config.is_own_host(own));
        }
        for other in ["evilacme.example", "example", "acme.example.evil", ""] {
            assert!(!config.is_own_host(other), "{other:?}");
        }
    }
}
