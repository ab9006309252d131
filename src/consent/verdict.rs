//! What the traps are told about one request, cookie or element of the page's markup, and why.

use super::config::{Config, Flags, Markup, Unclassified};
use super::policy::Grant;
use super::session::Session;
use crate::fields::split;
use crate::matching::{Address, VendorIndex};

/// What a trap shall do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Let it pass.
    Allow = 0,
    /// Keep it until it is granted.
    Hold = 1,
    /// Fail it, as a content blocker would.
    Refuse = 2,
}

/// Why. The order is that of `REASONS` in `js/core.ts`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Nothing leaves the page (`data:`, `blob:`).
    NotARequest = 0,
    /// The site's own host, claimed by no vendor.
    FirstParty = 1,
    /// The visitor, or the regime, allows it.
    Granted = 2,
    /// The site declares it always active.
    AlwaysActive = 3,
    /// The visitor refused it.
    NotGranted = 4,
    /// The visitor has not been asked about it yet.
    NotAskedYet = 5,
    /// Global Privacy Control opts out of it.
    Gpc = 6,
    /// Granted again, but its script can only come back on the next page.
    NextPage = 7,
    /// No vendor claims it.
    Unclassified = 8,
    /// Marked with a vendor that the config does not have.
    UnknownVendor = 9,
    /// Marked with a category that the config does not have.
    UnknownCategory = 10,
    /// The site releases no script of its markup.
    MarkupOff = 11,
    /// A script of the markup that did not carry the page's nonce.
    NoNonce = 12,
    /// The cookie is our own record.
    RecordCookie = 13,
}

impl Reason {
    /// Whether it is a reason to let something pass.
    pub fn permits(self) -> bool {
        self as u8 <= Self::AlwaysActive as u8
    }
}

/// How a request leaves the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An element that can be held and released: script, frame, image.
    Element = 1,
    /// A call that must be answered: fetch, XMLHttpRequest, sendBeacon; a cookie that is written.
    Call = 2,
}

/// What is asked about: an address, and what markup says beside it.
///
/// As text, fields separated by tabs: `flags  host  path  category  vendor`. Flags: `o` ordered (a script
/// without `async`), `m` a script of the HTML, `n` it carries our own nonce, `i` its text is in it.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// See above.
    pub flags: Flags<'a>,
    /// Where it goes.
    pub address: Address<'a>,
    /// The category that it is marked with; empty if it is not.
    pub category: &'a str,
    /// The vendor that it is marked with; empty if it is not.
    pub vendor: &'a str,
}

impl<'a> Request<'a> {
    /// Reads the text. What is left out is empty.
    pub fn read(text: &'a str) -> Self {
        let mut parts = [""; 5];
        split(text, b'\t', &mut parts);
        let [flags, host, path_and_query, category, vendor] = parts;
        Self {
            flags: Flags(flags),
            address: Address {
                host,
                path_and_query,
            },
            category,
            vendor,
        }
    }
}

/// A verdict with its reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What to do.
    pub verdict: Verdict,
    /// Why.
    pub reason: Reason,
    /// The vendor that the reason is about.
    pub vendor: Option<usize>,
}

impl Finding {
    fn new(kind: Kind, reason: Reason, vendor: Option<usize>) -> Self {
        let verdict = match kind {
            _ if reason.permits() => Verdict::Allow,
            Kind::Element => Verdict::Hold,
            Kind::Call => Verdict::Refuse,
        };
        Self {
            verdict,
            reason,
            vendor,
        }
    }

    /// One number for the boundary: verdict in bits 0–1, reason in bits 2–7, vendor + 1 above.
    pub fn packed(self) -> u32 {
        let vendor = self.vendor.map_or(0, |at| at as u32 + 1);
        vendor << 8 | (self.reason as u32) << 2 | self.verdict as u32
    }
}

impl Session<'_> {
    /// The verdict on a request, or on an element that is held.
    ///
    /// Of several vendors that claim an address the most specific claims decide, and among those one
    /// granted vendor is enough (I-1). What markup says counts where nobody claims the address: it must
    /// not grant what a vendor was refused. A marked vendor outweighs a marked category.
    pub fn request(&self, kind: Kind, request: &Request) -> Finding {
        if request.flags.has(b'm')
            && let Some(reason) = markup_bar(&self.config, request.flags.has(b'n'))
        {
            return Finding::new(kind, reason, None);
        }
        if let Some(found) = self.any_of(kind, &self.claimants(request)) {
            return found;
        }
        let host = request.address.host;
        let reason = if !request.vendor.is_empty() {
            Reason::UnknownVendor
        } else if !request.category.is_empty() {
            match self.config.category(request.category) {
                Some(at) => reason(self.standing.category(&self.config, at)),
                None => Reason::UnknownCategory,
            }
        } else if host.is_empty() {
            Reason::NotARequest
        } else if self.config.is_own_host(host) {
            Reason::FirstParty
        } else {
            Reason::Unclassified
        };
        let mut found = Finding::new(kind, reason, None);
        if reason == Reason::Unclassified && self.config.unclassified == Unclassified::Allow {
            found.verdict = Verdict::Allow;
        }
        found
    }

    /// The vendors of whom one grant is enough: those that claim the address, or of them the marked one;
    /// unclaimed, the marked one.
    pub(super) fn claimants(&self, request: &Request) -> Vec<VendorIndex> {
        let mut claimants = self.config.claims.claimants(request.address);
        if !request.vendor.is_empty()
            && let Some(at) = self.config.vendor(request.vendor)
            && (claimants.is_empty() || claimants.iter().copied().any(|of| of == at))
        {
            claimants.clear();
            claimants.push(at);
        }
        claimants
    }

    /// Whether a page's script may write a cookie or storage key: not our record, and not a name that
    /// only vendors declare who are not granted.
    pub fn name(&self, name: &str) -> Finding {
        if name == "__Host-portcullis" || name == "portcullis" {
            return Finding::new(Kind::Call, Reason::RecordCookie, None);
        }
        let found = self.any_of(Kind::Call, &self.config.names.declarers(name));
        found.unwrap_or(Finding::new(Kind::Call, Reason::FirstParty, None))
    }

    /// The first of these vendors that may run, else the first.
    fn any_of(&self, kind: Kind, vendors: &[VendorIndex]) -> Option<Finding> {
        let mut found = None;
        for &at in vendors {
            let reason = self.vendor(at);
            if found.is_none() || reason.permits() {
                found = Some(Finding::new(kind, reason, Some(at)));
            }
            if reason.permits() {
                break;
            }
        }
        found
    }
}

/// DESIGN, "Power": a script of the markup is released only where the site's rule admits it.
fn markup_bar(config: &Config, has_our_nonce: bool) -> Option<Reason> {
    match config.markup {
        Markup::Page => None,
        Markup::Nonce if has_our_nonce => None,
        Markup::Nonce => Some(Reason::NoNonce),
        Markup::Off => Some(Reason::MarkupOff),
    }
}

/// The reason that a grant is.
pub(super) fn reason(grant: Grant) -> Reason {
    match grant {
        Grant::Granted => Reason::Granted,
        Grant::AlwaysActive => Reason::AlwaysActive,
        Grant::Refused => Reason::NotGranted,
        Grant::NotAsked => Reason::NotAskedYet,
        Grant::Gpc => Reason::Gpc,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::consent::{Event, Record};

    /// Two that share an address, one that claims a part of it, and one of a category that is refused.
    const SITE: &str = "c\tperformance\t\nc\ttargeting\t\n\
        v\tstats\tperformance\td\t0\t\t\tshared.example stats.example\t_s _both\n\
        v\tads\ttargeting\td\t0\t\t\tshared.example ads.example\t_a _both\n\
        v\tpixel\ttargeting\td\t0\t\t\tshared.example/pixel\t_p";
    const STATS: Option<usize> = Some(0);
    const ADS: Option<usize> = Some(1);
    const PIXEL: Option<usize> = Some(2);

    fn text(rest: &str) -> String {
        format!("p\t1\t1\topt-in\t{rest}\n{SITE}")
    }

    /// A page whose visitor allowed `performance` alone.
    fn session(text: &str) -> Session<'_> {
        let answers = "performance~!targeting";
        let record = format!("1.0123456789abcdef.1.1764000000.1.i.0.p.en.00000000.{answers}..");
        let mut session = Session::new();
        assert!(session.configure(text));
        session.handle(Event::Started {
            record: Some(Record::finish(record)),
            gpc: false,
            now: 1_764_000_000,
            prerendering: false,
        });
        session
    }

    fn asked(session: &Session, request: &str) -> (Verdict, Reason, Option<usize>) {
        let found = session.request(Kind::Element, &Request::read(request));
        (found.verdict, found.reason, found.vendor)
    }

    #[test]
    fn one_number_holds_verdict_reason_and_vendor() {
        let packed = |kind, reason, vendor| Finding::new(kind, reason, vendor).packed();
        assert_eq!(packed(Kind::Call, Reason::NotARequest, None), 0);
        assert_eq!(packed(Kind::Element, Reason::Granted, Some(0)), 0x108);
        assert_eq!(packed(Kind::Call, Reason::NotGranted, Some(2)), 0x312);
        assert_eq!(packed(Kind::Element, Reason::RecordCookie, None), 0x35);
        assert_eq!(packed(Kind::Element, Reason::Gpc, Some(300)), 0x12d19);
    }

    #[test]
    fn what_nobody_claims_is_what_it_is_marked_with_or_where_it_goes() {
        let text = text("hold\t180\tacme.example\tpage\t0");
        let session = session(&text);
        let (allow, hold) = (Verdict::Allow, Verdict::Hold);
        for (request, verdict, reason) in [
            ("\t\t", allow, Reason::NotARequest),
            ("\twww.acme.example\t/", allow, Reason::FirstParty),
            ("\tstray.example\t/", hold, Reason::Unclassified),
            ("\tstray.example\t/\tperformance", allow, Reason::Granted),
            ("\tacme.example\t/\ttargeting", hold, Reason::NotGranted),
            ("\tacme.example\t/\tnone", hold, Reason::UnknownCategory),
            // A marked vendor outweighs a marked category.
            (
                "\tacme.example\t/\tperformance\tnone",
                hold,
                Reason::UnknownVendor,
            ),
            ("\t\t\t\tnone", hold, Reason::UnknownVendor),
        ] {
            assert_eq!(
                asked(&session, request),
                (verdict, reason, None),
                "{request}"
            );
        }
        let marked = asked(&session, "\tacme.example\t/\tperformance\tads");
        assert_eq!(marked, (hold, Reason::NotGranted, ADS));
    }

    #[test]
    fn only_what_nobody_knows_is_let_through_where_the_site_says_so() {
        let text = text("allow\t180\tacme.example\tpage\t0");
        let session = session(&text);
        let unclassified = (Verdict::Allow, Reason::Unclassified, None);
        assert_eq!(asked(&session, "\tstray.example\t/"), unclassified);
        for request in [
            "\tads.example\t/",
            "\tstray.example\t/\tnone",
            "\t\t\t\tnone",
        ] {
            assert_eq!(asked(&session, request).0, Verdict::Hold, "{request}");
        }
        // What has no vendor leaves no vendor that may be running.
        let mut session = session;
        session.pass(Kind::Element, &Request::read("\tstray.example\t/"));
        assert!((0..3).all(|at| !session.has_run(at)));
        // Of what passes, whoever is granted may be running.
        session.pass(Kind::Call, &Request::read("\tads.example\t/"));
        session.pass(Kind::Call, &Request::read("\tshared.example\t/"));
        assert_eq!(
            [0, 1, 2].map(|at| session.has_run(at)),
            [true, false, false]
        );
    }

    #[test]
    fn a_mark_picks_among_those_that_claim_the_address_and_no_other() {
        let text = text("hold\t180\tacme.example\tpage\t0");
        let session = session(&text);
        let granted = (Verdict::Allow, Reason::Granted, STATS);
        let refused = |vendor| (Verdict::Hold, Reason::NotGranted, vendor);
        assert_eq!(asked(&session, "\tshared.example\t/"), granted);
        assert_eq!(asked(&session, "\tshared.example\t/\t\tads"), refused(ADS));
        assert_eq!(asked(&session, "\tshared.example\t/\t\tstats"), granted);
        // The mark of somebody else grants nothing that the address was refused, and takes nothing.
        assert_eq!(asked(&session, "\tads.example\t/\t\tstats"), refused(ADS));
        assert_eq!(asked(&session, "\tstats.example\t/\t\tads"), granted);
        assert_eq!(asked(&session, "\tstats.example\t/\t\tnone"), granted);
        assert_eq!(asked(&session, "\tshared.example\t/pixel"), refused(PIXEL));
        assert_eq!(asked(&session, "\t\t\t\tstats"), granted);
    }

    #[test]
    fn a_script_of_the_markup_needs_what_the_site_asks_of_it() {
        let (bar, off) = (Reason::NoNonce, Reason::MarkupOff);
        for (rule, flags, reason) in [
            ("page", "m", Reason::Granted),
            ("page", "mn", Reason::Granted),
            ("nonce", "mn", Reason::Granted),
            ("nonce", "m", bar),
            ("nonce", "", Reason::Granted),
            ("off", "mn", off),
            ("off", "m", off),
            ("off", "n", Reason::Granted),
        ] {
            let text = text(&format!("hold\t180\tacme.example\t{rule}\t0"));
            let found = asked(&session(&text), &format!("{flags}\tstats.example\t/"));
            let vendor = STATS.filter(|_| reason == Reason::Granted);
            assert_eq!((found.1, found.2), (reason, vendor), "{rule} {flags}");
        }
    }

    #[test]
    fn a_name_is_written_by_whoever_declares_it_and_the_record_by_nobody() {
        let text = text("hold\t180\tacme.example\tpage\t0");
        let session = session(&text);
        for (name, verdict, reason, vendor) in [
            ("portcullis", Verdict::Refuse, Reason::RecordCookie, None),
            (
                "__Host-portcullis",
                Verdict::Refuse,
                Reason::RecordCookie,
                None,
            ),
            ("portcullis2", Verdict::Allow, Reason::FirstParty, None),
            ("_s", Verdict::Allow, Reason::Granted, STATS),
            ("_a", Verdict::Refuse, Reason::NotGranted, ADS),
            ("_both", Verdict::Allow, Reason::Granted, STATS),
        ] {
            let found = session.name(name);
            let found = (found.verdict, found.reason, found.vendor);
            assert_eq!(found, (verdict, reason, vendor), "{name}");
        }
    }
}
