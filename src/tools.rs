//! Configs checked, resolved and described: what needs a JSON reader and is never loaded by visitors.
//!
//! A site's file names vendors by `use`; [`resolve`] replaces each by its descriptor from the
//! catalogue, which is what a page takes. Both report every problem at once.

mod catalogue;
mod check;
mod generate;
mod resolve;

pub use catalogue::{Catalogue, Descriptor, Parameter};
pub use check::{Issue, Severity};
pub use generate::{schema, vendors_json, vendors_module};
pub use resolve::{Resolved, resolve, validate, validate_resolved};
