//! Which vendor a request, cookie or storage key belongs to.
//!
//! Knows patterns and an index over them; knows nothing of consent. A claim is a pattern and the
//! number of the vendor that wrote it.

mod index;
mod name;
mod pattern;

pub use index::ClaimIndex;
pub use name::name_matches;
pub use pattern::{Address, Claim};

/// A vendor's number within one page: its place in the config.
pub type VendorIndex = usize;
