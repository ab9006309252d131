//! Configs checked, resolved and described: what needs a JSON reader and is never loaded by visitors.
//!
//! A site's file names vendors by `use`; [`resolve`] replaces each by its descriptor from the
//! catalogue, which is what a page takes. Both report every problem at once. What a config may hold is
//! written down once, in `shapes`: the checks and the published schema both come from there.

mod catalogue;
mod check;
mod forms;
mod generate;
mod html;
mod resolve;
mod schema;
mod shape;
mod shapes;
mod theme;
mod vendor;

#[cfg(test)]
mod tests;

pub use catalogue::{Catalogue, Descriptor, Parameter};
pub use check::{Issue, Severity};
pub use generate::{vendors_json, vendors_module};
pub use html::html;
pub use resolve::{Resolved, resolve, validate, validate_resolved};
pub use schema::schema;
