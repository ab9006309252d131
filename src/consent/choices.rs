//! What a visitor answers.

use super::config::Config;
use crate::fields::members;

/// Answers about ids, kept as the one text that is stored: ids separated by `~`, a refused one with
/// `!` before it. Few, and read by looking through them: a map would weigh more than it saves.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answers(String);

impl Answers {
    /// Takes stored text; `None` if it is not one that [`Answers::push`] could have written.
    pub fn read(text: &str) -> Option<Self> {
        let mut answers = Self::default();
        for (id, granted) in each(text) {
            if !is_word(id) || answers.get(id).is_some() {
                return None;
            }
            answers.push(id, granted);
        }
        (answers.0 == text).then_some(answers)
    }

    /// The stored text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The answer for an id, if there is one.
    pub fn get(&self, id: &str) -> Option<bool> {
        self.iter()
            .find_map(|(of, granted)| (of == id).then_some(granted))
    }

    /// Adds an answer. The caller sees to it that there is none for this id yet.
    pub fn push(&mut self, id: &str, granted: bool) {
        if !self.0.is_empty() {
            self.0.push('~');
        }
        if !granted {
            self.0.push('!');
        }
        self.0.push_str(id);
    }

    /// Every id with its answer.
    pub fn iter(&self) -> impl Iterator<Item = (&str, bool)> {
        each(&self.0)
    }

    /// The same ids with other answers.
    pub fn map(&self, mut answer: impl FnMut(&str, bool) -> bool) -> Self {
        let mut mapped = Self::default();
        for (id, granted) in self.iter() {
            mapped.push(id, answer(id, granted));
        }
        mapped
    }
}

fn each(text: &str) -> impl Iterator<Item = (&str, bool)> {
    members(text, b'~').map(|member| match member.strip_prefix('!') {
        Some(id) => (id, false),
        None => (member, true),
    })
}

/// Whether a text may be an id or a language tag: ASCII letters, digits, `-` and `_`.
pub(super) fn is_word(text: &str) -> bool {
    text.bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

/// An answer about one category or vendor, by its place in the config.
pub type Answer = (usize, bool);

/// What the visitor decides. What is left out keeps its present choice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decision {
    /// Answers by category.
    pub categories: Vec<Answer>,
    /// Answers by vendor; they outweigh those by category.
    pub vendors: Vec<Answer>,
    /// Answers about single vendors given before are forgotten, as Accept All and Reject All do.
    pub afresh: bool,
}

impl Decision {
    /// Every category the same way, and no exception.
    pub fn all(config: &Config, granted: bool) -> Self {
        Self {
            categories: (0..config.categories.len())
                .map(|category| (category, granted))
                .collect(),
            vendors: Vec::new(),
            afresh: true,
        }
    }
}

/// The last answer for a place, if there is one.
pub(super) fn answer_at(answers: &[Answer], at: usize) -> Option<bool> {
    answers
        .iter()
        .rev()
        .find_map(|&(of, answer)| (of == at).then_some(answer))
}
