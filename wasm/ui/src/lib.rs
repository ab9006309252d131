//! The interface's shell: one text in, one text out. Built twice: the banner, and what opens from it.

#![cfg(any(feature = "banner", feature = "preferences"))]

use portcullis::view::{Input, digest};
use portcullis_allocator as _;
use wasm_bindgen::prelude::wasm_bindgen;

/// Draws the banner: eight hexadecimal digits over what is shown, then the tree.
#[cfg(feature = "banner")]
#[wasm_bindgen]
pub fn banner(input: &str) -> String {
    let input = Input::new(input.into());
    with_digest(&portcullis::view::banner(&input), &input)
}

/// The fact `look` is the part of what is shown that no tree tells.
fn with_digest(tree: &str, input: &Input) -> String {
    let mut out = String::new();
    let shown = digest(tree, input.fact("look"));
    portcullis::fields::push_hex(&mut out, u64::from(shown), 8);
    out.push_str(tree);
    out
}

#[cfg(feature = "preferences")]
mod preferences {
    use std::cell::RefCell;

    use super::{Input, wasm_bindgen, with_digest};
    use portcullis::view::{Command, Preferences, report};

    thread_local! {
        static OPEN: RefCell<Option<Preferences>> = const { RefCell::new(None) };
    }

    /// `start` opens the preference centre with an input: digest, then the tree. `report` draws what a
    /// withdrawal did. Every other action is the visitor's on an id: `=` and the tree to draw, or a word:
    /// `close`, `accept`, `reject`, `choose` with lines after it.
    #[wasm_bindgen]
    pub fn act(action: &str, text: &str) -> String {
        OPEN.with_borrow_mut(|open| {
            match action {
                "start" => {
                    let input = Input::new(text.into());
                    let preferences = open.insert(Preferences::new(input));
                    return with_digest(&preferences.tree(), preferences.input());
                }
                "report" => return report(&Input::new(text.into())),
                _ => {}
            }
            let Some(open) = open else {
                return "close".into();
            };
            let (mut word, rest) = match open.act(action, text) {
                Command::None => (String::from("="), open.tree()),
                Command::Close => ("close".into(), String::new()),
                Command::Accept => ("accept".into(), String::new()),
                Command::Reject => ("reject".into(), String::new()),
                Command::Choose(lines) => ("choose".into(), lines),
            };
            word.push_str(&rest);
            word
        })
    }
}
