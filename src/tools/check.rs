//! Checks that say where, what, and what is meant instead.

use serde::Serialize;
use serde_json::{Map, Value};

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
    /// Where: `vendors[2].measurementId`.
    pub path: String,
    /// What is wrong, in a sentence without its full stop.
    pub problem: String,
    /// The nearest right spelling, or an example of the right form.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nearest: Option<String>,
    /// How bad it is.
    pub severity: Severity,
}

/// Collects problems as it goes through a config.
#[derive(Debug, Default)]
pub(super) struct Checker {
    pub issues: Vec<Issue>,
}

impl Checker {
    pub fn error(
        &mut self,
        path: impl Into<String>,
        problem: impl Into<String>,
        nearest: Option<String>,
    ) {
        self.push(path.into(), problem.into(), nearest, Severity::Error);
    }

    pub fn warning(&mut self, path: impl Into<String>, problem: impl Into<String>) {
        self.push(path.into(), problem.into(), None, Severity::Warning);
    }

    fn push(&mut self, path: String, problem: String, nearest: Option<String>, severity: Severity) {
        self.issues.push(Issue {
            path,
            problem,
            nearest,
            severity,
        });
    }

    /// Whether there was an error at or below a path.
    pub fn failed(&self, path: &str) -> bool {
        self.issues
            .iter()
            .any(|issue| issue.severity == Severity::Error && issue.path.starts_with(path))
    }

    /// Every key is known.
    pub fn keys(&mut self, path: &str, object: &Map<String, Value>, known: &[&str]) {
        for key in object.keys() {
            if !known.contains(&key.as_str()) {
                let nearest = nearest(key, known.iter().copied());
                self.error(join(path, key), format!("unknown key \"{key}\""), nearest);
            }
        }
    }

    /// A text, if it is there; another type is an error.
    pub fn text<'v>(
        &mut self,
        path: &str,
        object: &'v Map<String, Value>,
        key: &str,
    ) -> Option<&'v str> {
        match object.get(key)? {
            Value::String(text) => Some(text),
            other => {
                self.error(
                    join(path, key),
                    format!("must be a text, not {}", kind(other)),
                    None,
                );
                None
            }
        }
    }

    /// A text out of a closed list, if it is there.
    pub fn one_of(&mut self, path: &str, object: &Map<String, Value>, key: &str, known: &[&str]) {
        if let Some(text) = self.text(path, object, key)
            && !known.contains(&text)
        {
            let problem = format!("\"{text}\" is none of {}", list(known));
            self.error(
                join(path, key),
                problem,
                nearest(text, known.iter().copied()),
            );
        }
    }

    /// A whole number that is not negative, if it is there.
    pub fn count(&mut self, path: &str, object: &Map<String, Value>, key: &str) {
        if let Some(value) = object.get(key)
            && value.as_u64().is_none()
        {
            self.error(join(path, key), "must be a whole number", None);
        }
    }

    /// An object, if it is there.
    pub fn object<'v>(
        &mut self,
        path: &str,
        object: &'v Map<String, Value>,
        key: &str,
    ) -> Option<&'v Map<String, Value>> {
        match object.get(key)? {
            Value::Object(found) => Some(found),
            other => {
                self.error(
                    join(path, key),
                    format!("must be an object, not {}", kind(other)),
                    None,
                );
                None
            }
        }
    }

    /// A list of texts; other members are errors.
    pub fn texts<'v>(
        &mut self,
        path: &str,
        object: &'v Map<String, Value>,
        key: &str,
    ) -> Vec<&'v str> {
        let Some(value) = object.get(key) else {
            return Vec::new();
        };
        let Value::Array(members) = value else {
            self.error(
                join(path, key),
                format!("must be a list, not {}", kind(value)),
                None,
            );
            return Vec::new();
        };
        let mut texts = Vec::new();
        for (at, member) in members.iter().enumerate() {
            match member {
                Value::String(text) => texts.push(text.as_str()),
                other => {
                    let path = format!("{}[{at}]", join(path, key));
                    self.error(path, format!("must be a text, not {}", kind(other)), None);
                }
            }
        }
        texts
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
pub(super) fn nearest<'k>(word: &str, known: impl Iterator<Item = &'k str>) -> Option<String> {
    let lower = word.to_lowercase();
    known
        .map(|candidate| {
            (
                strsim::damerau_levenshtein(&lower, &candidate.to_lowercase()),
                candidate,
            )
        })
        .filter(|(distance, candidate)| distance * 3 <= candidate.len().max(3))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate.into())
}

fn list(words: &[&str]) -> String {
    let quoted: Vec<_> = words.iter().map(|word| format!("\"{word}\"")).collect();
    quoted.join(", ")
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}
