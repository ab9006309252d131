//! Google Consent Mode v2: the seven keys, and what drives each.
//!
//! Keys and values: developers.google.com, "Set up consent mode on websites". That one category
//! drives a key is ours; all seven are always named, since Google treats a key that was never named
//! differently by region.

/// Categories, and the keys that each drives: bits in the order of `GOOGLE_KEYS` in `js/core.ts`.
const DRIVEN: [(&str, u8); 3] = [
    // ad_storage, ad_user_data, ad_personalization
    ("targeting", 0b000_0111),
    // analytics_storage
    ("performance", 0b000_1000),
    // functionality_storage, personalization_storage
    ("functional", 0b011_0000),
];

/// What is granted whatever the visitor says: security_storage. The default of every page.
pub const ALWAYS: u8 = 0b100_0000;

/// The keys that are granted, a bit each. `is_granted` answers for a category, and `false` for one that
/// the site does not have.
pub fn granted(is_granted: impl Fn(&str) -> bool) -> u8 {
    let mut keys = ALWAYS;
    for &(category, driven) in &DRIVEN {
        if is_granted(category) {
            keys |= driven;
        }
    }
    keys
}

#[cfg(test)]
mod tests {
    use super::granted;

    #[test]
    fn a_category_drives_its_keys_and_no_others() {
        let on = |id: &'static str| granted(|category| category == id);
        assert_eq!(on("none"), super::ALWAYS);
        assert_eq!(on("performance"), 0b100_1000);
        assert_eq!(on("functional"), 0b111_0000);
        assert_eq!(on("targeting"), 0b100_0111);
        assert_eq!(granted(|_| true), 0b111_1111);
    }
}
