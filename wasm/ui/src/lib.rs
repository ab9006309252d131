//! The interface's shell: one text in, one text out. Built twice: the banner, and what opens from it.

#![cfg(any(feature = "banner", feature = "preferences"))]

use portcullis::view::{Input, digest};
use portcullis_allocator as _;
use wasm_bindgen::prelude::wasm_bindgen;

/// Draws the banner: eight hexadecimal digits over what is shown, then the tree.
#[cfg(feature = "banner")]
#[wasm_bindgen]
pub fn banner(input: &str, look: &str) -> String {
    with_digest(portcullis::view::banner(&Input::new(input.into())), look)
}

fn with_digest(tree: String, look: &str) -> String {
    let mut out = String::new();
    portcullis::fields::push_hex(&mut out, u64::from(digest(&tree, look)), 8);
    out.push_str(&tree);
    out
}

#[cfg(feature = "preferences")]
mod preferences {
    use std::cell::RefCell;

    use super::{Input, wasm_bindgen, with_digest};
    use portcullis::view::{Command, Preferences};

    thread_local! {
        static OPEN: RefCell<Option<Preferences>> = const { RefCell::new(None) };
    }

    /// Opens the preference centre: digest, then the tree.
    #[wasm_bindgen]
    pub fn open(input: &str, look: &str) -> String {
        let preferences = Preferences::new(Input::new(input.into()));
        let drawn = with_digest(preferences.tree(), look);
        OPEN.set(Some(preferences));
        drawn
    }

    /// An action on `id`. `=` and the tree to draw, or a word: `close`, `accept`, `reject`, `choose`
    /// with lines after it.
    #[wasm_bindgen]
    pub fn act(action: &str, id: &str) -> String {
        OPEN.with_borrow_mut(|open| {
            let Some(open) = open else {
                return "close".into();
            };
            match open.act(action, id) {
                Command::None => {
                    let mut out = String::from("=");
                    out.push_str(&open.tree());
                    out
                }
                Command::Close => "close".into(),
                Command::Accept => "accept".into(),
                Command::Reject => "reject".into(),
                Command::Choose(lines) => {
                    let mut out = String::from("choose");
                    for line in lines {
                        out.push('\n');
                        out.push_str(&line);
                    }
                    out
                }
            }
        })
    }

    /// Draws what a withdrawal did.
    #[wasm_bindgen]
    pub fn report(input: &str) -> String {
        portcullis::view::report(&Input::new(input.into()))
    }
}
