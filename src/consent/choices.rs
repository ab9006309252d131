//! What a visitor answers, and the record that follows from it.

use super::config::Config;

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
