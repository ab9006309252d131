//! Whatever reads texts of others, under texts that nobody wrote.
//!
//! A target is a function that takes bytes and panics where a promise is broken. Each holds the code against
//! a plain second answer to the same question, written here from the words of the documentation and sharing
//! nothing with the code. `fuzz` runs them from the kept inputs in `corpus/`, with any toolchain;
//! `guided` runs them under libFuzzer, which looks for inputs that reach new code.

mod choose;
mod config;
mod matcher;
mod names;
mod oracle;
mod record;

/// A function that panics where a promise is broken.
pub type Target = fn(&[u8]);

/// Every target, under the name of its folder in `corpus/`.
pub const TARGETS: [(&str, Target); 5] = [
    ("choose", choose::run),
    ("config", config::run),
    ("matcher", matcher::run),
    ("names", names::run),
    ("record", record::run),
];

/// The target of a name.
pub fn target(name: &str) -> Option<Target> {
    let found = TARGETS.iter().find(|(known, _)| *known == name);
    found.map(|(_, target)| *target)
}
