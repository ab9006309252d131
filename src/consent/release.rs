//! Which held tag goes next.
//!
//! I-2: a tag is released at most once. Within a category ordered tags go one after another, in
//! document order; one that hangs is waited for no longer than its patience. An `async` tag waits for
//! nobody but the inline scripts before it, which a parser would have run first, too (a vendor's stub
//! stands before its loader). Categories do not wait for each other.

use super::verdict::Reason;
use crate::matching::VendorIndex;

/// How long the next ordered tag waits for one that has not settled, in milliseconds. Ours: longer
/// than a slow script usually takes, shorter than a visitor gives up.
pub const PATIENCE_MS: u32 = 3000;

/// Whose grant a tag needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// Any of these vendors; nobody's, if empty.
    Claimants(Vec<VendorIndex>),
    /// A category as a whole.
    Category(usize),
    /// It is never released, for this reason.
    Never(Reason),
}

/// A tag that the traps hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag {
    /// The number under which the traps keep it; later tags have greater ones.
    pub id: u32,
    /// Whose grant it needs.
    pub target: Target,
    /// It runs in document order (a script without `async`).
    pub ordered: bool,
    /// It is a script with its text in it.
    pub inline: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Held,
    Running,
    Settled,
}

/// All tags seen in this document.
#[derive(Debug, Default)]
pub(super) struct Releases {
    tags: Vec<(Tag, Stage)>,
}

impl Releases {
    /// Takes a tag in; one that is known already is left as it is.
    pub fn hold(&mut self, tag: Tag) {
        if !self.tags.iter().any(|(known, _)| known.id == tag.id) {
            self.tags.push((tag, Stage::Held));
        }
    }

    /// The tag has run, failed, or outlasted its patience.
    pub fn settle(&mut self, id: u32) {
        for (tag, stage) in &mut self.tags {
            if tag.id == id && *stage == Stage::Running {
                *stage = Stage::Settled;
            }
        }
    }

    /// Takes the next tag to release: the first held one that `allowed` admits and that has nobody
    /// to wait for. `lane` is the category of a target.
    pub fn next(
        &mut self,
        allowed: impl Fn(&Target) -> bool,
        lane: impl Fn(&Target) -> usize,
    ) -> Option<&Tag> {
        // A bit a category: an ordered tag, an inline tag before this one is not done yet.
        let (mut ordered, mut inline) = (0u64, 0u64);
        let at = self.tags.iter().position(|(tag, stage)| {
            let bit = 1 << (lane(&tag.target) & 63);
            match stage {
                Stage::Settled => return false,
                Stage::Held if !allowed(&tag.target) => return false,
                Stage::Held if (if tag.ordered { ordered } else { inline }) & bit == 0 => {
                    return true;
                }
                Stage::Held | Stage::Running => {}
            }
            if tag.ordered {
                ordered |= bit;
            }
            if tag.inline {
                inline |= bit;
            }
            false
        })?;
        let (tag, stage) = self.tags.get_mut(at)?;
        *stage = Stage::Running;
        Some(tag)
    }

    /// Whether a tag of this vendor has been released.
    pub fn has_run(&self, vendor: VendorIndex) -> bool {
        self.tags.iter().any(|(tag, stage)| {
            *stage != Stage::Held
                && matches!(&tag.target, Target::Claimants(of) if of.contains(&vendor))
        })
    }
}
