//! Which held tag goes next.
//!
//! I-2: a tag is released at most once. Within a category ordered tags go one after another, in
//! document order; one that hangs is waited for no longer than its patience. An `async` tag waits for
//! nobody but the inline scripts before it, which a parser would have run first, too (a vendor's stub
//! stands before its loader). Categories do not wait for each other.

use super::session::Session;
use super::verdict::{Kind, Request, Verdict};
use crate::fields::owned;

/// How long the next ordered tag waits for one that has not settled, in milliseconds. Ours: longer
/// than a slow script usually takes, shorter than a visitor gives up.
pub const PATIENCE_MS: u32 = 3000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    Held,
    Running,
}

/// A tag that the traps hold, or one that runs and that others wait for.
#[derive(Debug)]
pub(super) struct Tag {
    /// The number under which the traps keep it; later tags have greater ones.
    pub id: u32,
    /// What it is, as [`Request::read`] takes it: whose grant it needs is worked out each time.
    pub request: String,
    pub stage: Stage,
}

impl Session<'_> {
    /// Takes a tag in; one that is known already is left as it is. `request` is text for [`Request::read`].
    pub fn hold(&mut self, id: u32, request: &str) {
        if self.tags.last().is_none_or(|last| last.id < id) {
            self.tags.push(Tag {
                id,
                request: owned(request),
                stage: Stage::Held,
            });
        }
    }

    /// A held tag is gone from the page: there is nothing to release any more.
    pub fn forget(&mut self, id: u32) {
        self.take_tag(id);
    }

    /// Takes a held tag out; whether it was there.
    pub(super) fn take_tag(&mut self, id: u32) -> bool {
        self.remove(id, Stage::Held)
    }

    /// A tag has run, failed, or outlasted its patience; whether somebody may have waited for it.
    pub(super) fn settle_tag(&mut self, id: u32) -> bool {
        self.remove(id, Stage::Running)
    }

    fn remove(&mut self, id: u32, stage: Stage) -> bool {
        let before = self.tags.len();
        self.tags.retain(|tag| tag.id != id || tag.stage != stage);
        self.tags.len() < before
    }

    /// Takes the next tag to release: the first held one that is allowed and that has nobody to wait for.
    /// Its number, and whether it is ordered.
    pub(super) fn next_tag(&mut self) -> Option<(u32, bool)> {
        // A bit a category: an ordered tag, an inline tag before this one is not done yet.
        let (mut ordered, mut inline) = (0u64, 0u64);
        for at in 0..self.tags.len() {
            let tag = &self.tags[at];
            let request = Request::read(&tag.request);
            let finding = self.request(Kind::Element, &request);
            let lane = match finding.vendor {
                Some(vendor) => self.config.vendors[vendor].category,
                None => self.config.category(request.category),
            };
            let bit = 1 << (lane.unwrap_or(0) & 63);
            let (is_ordered, is_inline) = (request.flags.has(b'o'), request.flags.has(b'i'));
            if tag.stage == Stage::Held {
                if finding.verdict != Verdict::Allow {
                    continue;
                }
                if (if is_ordered { ordered } else { inline }) & bit == 0 {
                    let id = tag.id;
                    for vendor in self.claimants(&request) {
                        self.seen(vendor);
                    }
                    if is_ordered || is_inline {
                        self.tags[at].stage = Stage::Running;
                    } else {
                        self.tags.remove(at); // Nobody waits for it.
                    }
                    return Some((id, is_ordered));
                }
            }
            if is_ordered {
                ordered |= bit;
            }
            if is_inline {
                inline |= bit;
            }
        }
        None
    }
}
