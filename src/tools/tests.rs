//! Tests of the room as a whole.

mod catalogue;
mod doubts;
mod problems;
mod resolving;

use super::{Issue, Severity};

/// Paths and nearest answers of the issues of one severity.
fn found(issues: Vec<Issue>, severity: Severity) -> Vec<(String, Option<String>)> {
    let mine = issues
        .into_iter()
        .filter(|issue| issue.severity == severity);
    mine.map(|issue| (issue.path, issue.nearest)).collect()
}

/// One vendor of the site's own, with further keys.
fn own(more: &str) -> String {
    format!(
        r#"{{"vendors": [{{"id": "a", "name": "A", "category": "functional", "hosts": ["a.example"]{more}}}]}}"#
    )
}
