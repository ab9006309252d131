//! The interface's shell: one text in, one text out (`text`). Built three times: the banner, what opens from it,
//! and the declaration. Exports take and give numbers only, so nothing has to be generated for them.

#![cfg(any(feature = "banner", feature = "preferences", feature = "declaration"))]

mod text;

use portcullis::view::Input;
#[cfg(any(feature = "banner", feature = "preferences"))]
use portcullis::view::add_digest;
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

/// What is in force where the visitor is: a region or nothing, a U+001F, a time zone. Gives region, model, days
/// and link, with tabs between them.
#[cfg(feature = "banner")]
#[unsafe(no_mangle)]
extern "C" fn region() -> usize {
    let place = text::take();
    let (region, zone) = portcullis::fields::cut_bytes(&place, 0x1f);
    let found = portcullis::regimes::jurisdiction(region, zone);
    let mut out = Vec::new();
    out.extend_from_slice(found.region);
    out.push(b'\t');
    out.extend_from_slice(found.terms);
    text::give(out)
}

/// Draws the declaration.
#[cfg(feature = "declaration")]
#[unsafe(no_mangle)]
extern "C" fn declaration() -> usize {
    text::give(portcullis::view::declaration(&Input::new(text::take())))
}

/// The fact `look` is the part of what is shown that no tree tells.
#[cfg(any(feature = "banner", feature = "preferences"))]
fn give_drawn(mut tree: Vec<u8>, input: &Input) -> usize {
    add_digest(&mut tree, input.text(b"look"));
    text::give(tree)
}

#[cfg(feature = "preferences")]
mod preferences {
    use std::cell::RefCell;

    use super::{Input, give_drawn, text};
    use portcullis::fields::cut_bytes;
    use portcullis::view::{self, Command, Preferences};

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

    /// An action of the visitor, after a U+001F the id that it is on, and after another what it brings along.
    /// Gives the tree to draw anew; or `close`, `accept`, `reject`; or lines to choose, each begun by a line feed.
    #[unsafe(no_mangle)]
    extern "C" fn act() -> usize {
        let asked = text::take();
        let (action, rest) = cut_bytes(&asked, 0x1f);
        let (id, more) = cut_bytes(rest, 0x1f);
        OPEN.with_borrow_mut(|open| {
            let Some(open) = open else {
                return text::give("close".into());
            };
            text::give(match open.act(action, id, more) {
                Command::None => open.tree(),
                Command::Close => "close".into(),
                Command::Accept => "accept".into(),
                Command::Reject => "reject".into(),
                Command::Choose(lines) => lines,
            })
        })
    }

    /// Draws a block of the vendor list's rows.
    #[unsafe(no_mangle)]
    extern "C" fn block(at: usize) -> usize {
        OPEN.with_borrow(|open| {
            text::give(open.as_ref().map_or_else(Vec::new, |open| open.block(at)))
        })
    }

    /// Draws what a withdrawal did.
    #[unsafe(no_mangle)]
    extern "C" fn report() -> usize {
        text::give(view::report(&Input::new(text::take())))
    }
}
