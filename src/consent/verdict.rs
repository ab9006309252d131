//! What the traps are told about one request, cookie or script of the page's markup, and why.

use super::config::{Config, Markup, Unclassified};
use super::policy::{Grant, Standing};
use super::release::Target;
use crate::matching::{Address, VendorIndex, name_matches};

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

/// Why. The order is that of `REASONS` in `js/gate.ts`.
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

/// How a request leaves the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An element that can be held and released: script, frame, image.
    Element,
    /// A call that must be answered: fetch, XMLHttpRequest, sendBeacon.
    Call,
}

/// A verdict with its reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What to do.
    pub verdict: Verdict,
    /// Why.
    pub reason: Reason,
    /// The vendor that the reason is about.
    pub vendor: Option<VendorIndex>,
}

impl Finding {
    pub(super) fn allow(reason: Reason) -> Self {
        Self {
            verdict: Verdict::Allow,
            reason,
            vendor: None,
        }
    }

    /// One number for the boundary: verdict in bits 0–1, reason in bits 2–7, vendor + 1 above.
    pub fn packed(self) -> u32 {
        let vendor = self.vendor.map_or(0, |at| u32::from(at) + 1);
        vendor << 8 | (self.reason as u32) << 2 | self.verdict as u32
    }
}

/// Who is asked about: config, visitor, and which vendors must wait for the next page.
pub(super) struct Bench<'a, 't> {
    pub config: &'a Config<'t>,
    pub standing: &'a Standing,
    pub dormant: &'a [bool],
}

impl Bench<'_, '_> {
    /// I-1, for one vendor.
    pub fn vendor(&self, at: usize) -> Reason {
        let grant = self.standing.vendor(self.config, at);
        if grant.is_granted() && self.dormant.get(at) == Some(&true) {
            return Reason::NextPage;
        }
        reason(grant)
    }

    /// I-1: among the vendors with the most specific claims one granted is enough.
    pub fn request(&self, kind: Kind, address: Address) -> Finding {
        if address.host.is_empty() {
            return Finding::allow(Reason::NotARequest);
        }
        let claimants = self.config.claims.claimants(address);
        if !claimants.is_empty() {
            return self.any_of(kind, &claimants);
        }
        if self.config.is_own_host(address.host) {
            return Finding::allow(Reason::FirstParty);
        }
        Finding {
            verdict: match self.config.unclassified {
                Unclassified::Allow => Verdict::Allow,
                Unclassified::Hold => keep(kind),
            },
            reason: Reason::Unclassified,
            vendor: None,
        }
    }

    /// What is marked or was found: may it be released now?
    pub fn target(&self, target: &Target) -> Finding {
        match target {
            Target::Claimants(claimants) if claimants.is_empty() => Finding {
                verdict: Verdict::Hold,
                reason: Reason::Unclassified,
                vendor: None,
            },
            Target::Claimants(claimants) => self.any_of(Kind::Element, claimants),
            Target::Category(at) => {
                let reason = reason(self.standing.category(self.config, *at));
                Finding {
                    verdict: verdict(Kind::Element, reason),
                    reason,
                    vendor: None,
                }
            }
            Target::Never(reason) => Finding {
                verdict: Verdict::Hold,
                reason: *reason,
                vendor: None,
            },
        }
    }

    /// Whether a page's script may write a cookie or storage key: not our record, and not a name
    /// that only vendors declare who are not granted.
    pub fn name(&self, name: &str, is_record: bool) -> Finding {
        if is_record {
            return Finding {
                verdict: Verdict::Refuse,
                reason: Reason::RecordCookie,
                vendor: None,
            };
        }
        let declares = |at: &usize| {
            let names = &self.config.vendors[*at].names;
            names.iter().any(|declared| name_matches(declared, name))
        };
        let vendors = 0..self.config.vendors.len();
        let claimants: Vec<_> = vendors
            .filter(declares)
            .map(|at| at as VendorIndex)
            .collect();
        if claimants.is_empty() {
            return Finding::allow(Reason::FirstParty);
        }
        self.any_of(Kind::Call, &claimants)
    }

    fn any_of(&self, kind: Kind, claimants: &[VendorIndex]) -> Finding {
        let mut found = Finding::allow(Reason::Unclassified);
        for (n, &at) in claimants.iter().enumerate() {
            let reason = self.vendor(usize::from(at));
            let verdict = verdict(kind, reason);
            if n == 0 || verdict == Verdict::Allow {
                found = Finding {
                    verdict,
                    reason,
                    vendor: Some(at),
                };
            }
            if verdict == Verdict::Allow {
                break;
            }
        }
        found
    }
}

/// DESIGN, "Power": a script of the markup is released only where the site's rule admits it.
pub(super) fn markup_bar(config: &Config, has_our_nonce: bool) -> Option<Reason> {
    match config.markup {
        Markup::Page => None,
        Markup::Nonce if has_our_nonce => None,
        Markup::Nonce => Some(Reason::NoNonce),
        Markup::Off => Some(Reason::MarkupOff),
    }
}

fn reason(grant: Grant) -> Reason {
    match grant {
        Grant::Granted => Reason::Granted,
        Grant::AlwaysActive => Reason::AlwaysActive,
        Grant::Refused => Reason::NotGranted,
        Grant::NotAsked => Reason::NotAskedYet,
        Grant::Gpc => Reason::Gpc,
    }
}

fn verdict(kind: Kind, reason: Reason) -> Verdict {
    match reason {
        Reason::Granted | Reason::AlwaysActive => Verdict::Allow,
        _ => keep(kind),
    }
}

fn keep(kind: Kind) -> Verdict {
    match kind {
        Kind::Element => Verdict::Hold,
        Kind::Call => Verdict::Refuse,
    }
}
