//! How a category agrees with its vendors: the one rule that whatever shows or takes choices follows.

/// How a category stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// All of it is on.
    On,
    /// None of it is.
    Off,
    /// Some of its vendors are.
    Mixed,
}

/// A category is what its vendors are: all off shows it off, all on shows it on, some is mixed. One without
/// vendors that can be switched is what it says for itself (`own`).
#[inline(never)]
pub fn mark(own: bool, any_on: bool, any_off: bool) -> Mark {
    match (any_on, any_off) {
        (true, true) => Mark::Mixed,
        (true, false) => Mark::On,
        (false, true) => Mark::Off,
        (false, false) if own => Mark::On,
        (false, false) => Mark::Off,
    }
}
