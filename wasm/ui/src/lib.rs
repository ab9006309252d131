//! The interface's shell: one text in, one text out (`text`). Built twice: the banner, and what opens from
//! it. Exports take and give numbers only, so nothing has to be generated for them.

#![cfg(any(feature = "banner", feature = "preferences"))]

mod text;

use portcullis::view::{Input, add_digest};
use portcullis_allocator as _;

/// Draws the banner: the tree, then eight hexadecimal digits over what is shown.
#[cfg(feature = "banner")]
#[unsafe(no_mangle)]
extern "C" fn banner() -> usize {
    let input = Input::new(text::take());
    give_drawn(portcullis::view::banner(&input), &input)
}

/// Writes the record of a choice.
#[cfg(feature = "banner")]
#[unsafe(no_mangle)]
extern "C" fn choose() -> usize {
    let ballot = text::take();
    // SAFETY: `TextEncoder` wrote these bytes, and writes UTF-8 only.
    let ballot = unsafe { std::str::from_utf8_unchecked(&ballot) };
    text::give(portcullis::consent::choose(ballot).into_text().into_bytes())
}

/// The fact `look` is the part of what is shown that no tree tells.
fn give_drawn(mut tree: Vec<u8>, input: &Input) -> usize {
    add_digest(&mut tree, input.text(b"look"));
    text::give(tree)
}

#[cfg(feature = "preferences")]
mod preferences {
    use std::cell::RefCell;

    use super::{Input, give_drawn, text};
    use portcullis::view::{self, Command, Preferences, cut};

    thread_local! {
        static OPEN: RefCell<Option<Preferences>> = const { RefCell::new(None) };
    }

    /// Opens the preference centre with an input: the tree, then the digest.
    #[unsafe(no_mangle)]
    extern "C" fn open() -> usize {
        let preferences = Preferences::new(Input::new(text::take()));
        let length = give_drawn(preferences.tree(), preferences.input());
        OPEN.set(Some(preferences));
        length
    }

    /// An action of the visitor, and after a U+001F the id that it is on. Gives the tree to draw anew; or
    /// `close`, `accept`, `reject`; or lines to choose, each begun by a line feed.
    #[unsafe(no_mangle)]
    extern "C" fn act() -> usize {
        let asked = text::take();
        let (action, id) = cut(&asked, 0x1f);
        OPEN.with_borrow_mut(|open| {
            let Some(open) = open else {
                return text::give("close".into());
            };
            text::give(match open.act(action, id) {
                Command::None => open.tree(),
                Command::Close => "close".into(),
                Command::Accept => "accept".into(),
                Command::Reject => "reject".into(),
                Command::Choose(lines) => lines,
            })
        })
    }

    /// Draws what a withdrawal did.
    #[unsafe(no_mangle)]
    extern "C" fn report() -> usize {
        text::give(view::report(&Input::new(text::take())))
    }
}
