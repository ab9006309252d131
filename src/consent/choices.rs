//! What a visitor answers.

use crate::fields::members;

/// Answers about ids, as the one text that is stored: ids separated by `~`, a refused one with `!`
/// before it. Few, and read by looking through them: a map would weigh more than it saves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Answers<'a>(pub &'a str);

impl Answers<'_> {
    /// The answer for an id, if there is one.
    pub fn get(self, id: &str) -> Option<bool> {
        members(self.0, b'~').find_map(|member| {
            let refused = member.strip_prefix("!");
            (refused.unwrap_or(member) == id).then_some(refused.is_none())
        })
    }

    /// How many ids are granted.
    pub fn granted(self) -> usize {
        members(self.0, b'~')
            .filter(|member| !member.starts_with("!"))
            .count()
    }
}

/// Adds an answer to a list at the end of a text. The list is begun by a dot, or by nothing.
pub fn push(out: &mut String, id: &str, granted: bool) {
    if !matches!(out.as_bytes().last(), None | Some(b'.')) {
        out.push('~');
    }
    if !granted {
        out.push('!');
    }
    out.push_str(id);
}

/// Whether a text may be an id or a language tag: ASCII letters, digits, `-` and `_`.
pub(super) fn is_word(text: &str) -> bool {
    text.bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_read_as_they_are_pushed() {
        let mut text = String::new();
        for (id, granted) in [("a", true), ("b-1", false), ("c_2", true)] {
            push(&mut text, id, granted);
        }
        assert_eq!(text, "a~!b-1~c_2");
        let answers = Answers(&text);
        assert_eq!(answers.get("a"), Some(true));
        assert_eq!(answers.get("b-1"), Some(false));
        assert_eq!(answers.get("b"), None);
        assert_eq!(answers.granted(), 2);
        // Whatever a text holds, nothing in it throws.
        for odd in ["~", "!", "!!a", "~a~", "ä~!ö"] {
            assert!(Answers(odd).granted() <= 1, "{odd}");
            assert_eq!(Answers(odd).get("b"), None, "{odd}");
        }
    }
}
