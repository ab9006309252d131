//! Banner and preference centre as trees: what is known and the texts go in, nodes come out.
//!
//! A pure function of its input, so that the whole interface is tested natively. How a tree becomes
//! elements is the renderer's business (`js/ui/render.ts`); what a choice means is `consent`'s.

mod banner;
mod declaration;
#[cfg(test)]
mod golden;
mod input;
mod preferences;
mod report;
mod tree;
mod vendors;

pub use banner::banner;
pub use declaration::declaration;
pub use input::Input;
pub use preferences::{Command, Preferences};
pub use report::report;
pub use tree::{Tree, add_digest};
