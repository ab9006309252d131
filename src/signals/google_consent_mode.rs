//! Google Consent Mode v2: the seven keys, and what drives each.
//!
//! Keys and values: developers.google.com, "Set up consent mode on websites". That one category
//! drives a key is ours; all seven are always named, since Google treats a key that was never named
//! differently by region.

/// A key, and the category that drives it; an empty category is always granted.
const KEYS: [(&str, &str); 7] = [
    ("ad_storage", "targeting"),
    ("ad_user_data", "targeting"),
    ("ad_personalization", "targeting"),
    ("analytics_storage", "performance"),
    ("functionality_storage", "functional"),
    ("personalization_storage", "functional"),
    ("security_storage", ""),
];

/// The seven keys in Google's order, each with whether it is granted. `granted` answers for a
/// category, and `false` for one that the site does not have.
pub fn states(granted: impl Fn(&str) -> bool) -> impl Iterator<Item = (&'static str, bool)> {
    KEYS.into_iter()
        .map(move |(key, category)| (key, category.is_empty() || granted(category)))
}

#[cfg(test)]
mod tests {
    use super::states;

    #[test]
    fn a_category_drives_its_keys_and_no_others() {
        let on = |granted: &'static str| {
            states(move |category| category == granted)
                .filter_map(|(key, on)| on.then_some(key))
                .collect::<Vec<_>>()
        };
        assert_eq!(on("none"), ["security_storage"]);
        assert_eq!(on("performance"), ["analytics_storage", "security_storage"]);
        assert_eq!(
            on("targeting"),
            [
                "ad_storage",
                "ad_user_data",
                "ad_personalization",
                "security_storage"
            ]
        );
        assert_eq!(states(|_| true).filter(|(_, on)| *on).count(), 7);
    }
}
