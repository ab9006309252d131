//! Whether a cookie name or storage key fits a declared one (`_ga_*`).

use super::pattern::glob;

/// Whether `name` is `declared`, where `*` in the declaration stands for any run of characters.
/// Cookie names are compared with their case (RFC 6265bis, 5.7).
pub fn name_matches(declared: &str, name: &str) -> bool {
    glob(declared.as_bytes(), name.as_bytes(), false)
}

#[cfg(test)]
mod tests {
    use super::name_matches;

    #[test]
    fn the_whole_name_must_fit() {
        assert!(name_matches("_ga", "_ga"));
        assert!(!name_matches("_ga", "_gat"));
        assert!(!name_matches("_ga", "x_ga"));
        assert!(name_matches("_ga_*", "_ga_AB12"));
        assert!(!name_matches("_ga_*", "_ga"));
        assert!(name_matches("*", ""));
        assert!(!name_matches("_GA", "_ga"));
        assert!(name_matches("a*c*", "abcc"));
    }
}
