//! Problems, collected rather than thrown: where, what, and what is meant instead.

use serde::Serialize;
use serde_json::Value;

/// Whether a config with this problem may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// It may not.
    Error,
    /// It may, but probably not as meant.
    Warning,
}

/// One problem of a config.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Issue {
    /// Where: `vendors[2].measurementId`; `line 2, column 15` for what is no JSON.
    pub path: String,
    /// What is wrong, in a sentence without its full stop.
    pub problem: String,
    /// The nearest right spelling, or an example of the right form.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nearest: Option<String>,
    /// How bad it is.
    pub severity: Severity,
}

/// What is wrong with one value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    pub problem: String,
    pub nearest: Option<String>,
}

impl Fault {
    pub fn new(problem: impl Into<String>) -> Self {
        let problem = problem.into();
        Self {
            problem,
            nearest: None,
        }
    }

    pub fn near(problem: impl Into<String>, nearest: Option<String>) -> Self {
        let problem = problem.into();
        Self { problem, nearest }
    }
}

/// Collects problems on the way through a config.
#[derive(Debug, Default)]
pub(super) struct Checker {
    pub issues: Vec<Issue>,
}

impl Checker {
    pub fn error(&mut self, path: impl Into<String>, fault: Fault) {
        self.push(path.into(), fault, Severity::Error);
    }

    pub fn warning(&mut self, path: impl Into<String>, fault: Fault) {
        self.push(path.into(), fault, Severity::Warning);
    }

    fn push(&mut self, path: String, Fault { problem, nearest }: Fault, severity: Severity) {
        self.issues.push(Issue {
            path,
            problem,
            nearest,
            severity,
        });
    }

    /// How many errors there are so far: more of them later means that what came between has some.
    pub fn errors(&self) -> usize {
        let is_error = |issue: &&Issue| issue.severity == Severity::Error;
        self.issues.iter().filter(is_error).count()
    }
}

/// `vendors[0]` and `hosts` as `vendors[0].hosts`.
pub(super) fn join(path: &str, key: &str) -> String {
    if path.is_empty() {
        key.into()
    } else {
        format!("{path}.{key}")
    }
}

/// The known word that is meant, if one is near enough: a third of its letters may be wrong.
pub(super) fn nearest<'k>(word: &str, known: impl IntoIterator<Item = &'k str>) -> Option<String> {
    let lower = word.to_lowercase();
    known
        .into_iter()
        .map(|candidate| {
            let distance = strsim::damerau_levenshtein(&lower, &candidate.to_lowercase());
            (distance, candidate)
        })
        .filter(|(distance, candidate)| distance * 3 <= candidate.len().max(3))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate.into())
}

/// `"a", "b" or "c"`.
pub(super) fn list(words: &[&str]) -> String {
    let quoted: Vec<_> = words.iter().map(|word| format!("\"{word}\"")).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
        None => String::new(),
    }
}

/// What a value is, as people call it.
pub(super) fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}
