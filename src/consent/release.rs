//! Which held tag goes next.
//!
//! I-2: a tag is released at most once. Ordered tags go one after another in document order; one
//! that hangs is waited for no longer than its patience. Others wait for nobody.

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
    /// to wait for.
    pub fn next(&mut self, allowed: impl Fn(&Target) -> bool) -> Option<&Tag> {
        let busy = |(tag, stage): &(Tag, Stage)| tag.ordered && *stage == Stage::Running;
        let lane_free = !self.tags.iter().any(busy);
        let (tag, stage) = self.tags.iter_mut().find(|(tag, stage)| {
            *stage == Stage::Held && (lane_free || !tag.ordered) && allowed(&tag.target)
        })?;
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
