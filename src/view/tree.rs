//! A tree of elements as one text, which the renderer reads.
//!
//! Tokens are ended by the record separator (U+001E); the first character tells what a token is:
//!
//! ```text
//! <tag          an element begins
//! @name=value   it has an attribute
//! .name         it has a property that is true: checked, indeterminate, hidden
//! "text         it contains text
//! >             it ends
//! ```
//!
//! Only this file writes tokens. Text from elsewhere cannot end one: control characters are left out.
//! Whenever a place is drawn anew its elements have the same attributes: only properties come and go.

use super::input::cut;
use crate::fields::fnv1a;

const END: u8 = 0x1e;

/// A tree being written. Each call is one call in the module, too: closures would be copied to
/// wherever they are called from.
#[derive(Debug, Default)]
pub struct Tree(Vec<u8>);

impl Tree {
    /// Begins an element. `shape` is its tag and the attributes that are always the same:
    /// `button;type=button;class=btn`.
    #[inline(never)]
    pub fn begin(&mut self, shape: &str) {
        let mut kind = "<";
        let mut rest = shape.as_bytes();
        while !rest.is_empty() {
            let part;
            (part, rest) = cut(rest, b';');
            self.token(kind, part);
            kind = "@";
        }
    }

    /// Ends the element that was begun last.
    #[inline(never)]
    pub fn end(&mut self) {
        self.token(">", b"");
    }

    /// An element that contains only text.
    #[inline(never)]
    pub fn element(&mut self, shape: &str, text: &[u8]) {
        self.begin(shape);
        self.text(text);
        self.end();
    }

    /// A further attribute of the element that was begun last, before it contains anything. `start` is
    /// `@name=`, and what its value starts with: in an id, what keeps apart a category and a vendor of
    /// the same name.
    pub fn attribute(&mut self, start: &str, value: &[u8]) {
        self.token(start, value);
    }

    /// A property of it that is true.
    pub fn property(&mut self, name: &str, is_on: bool) {
        if is_on {
            self.token(".", name.as_bytes());
        }
    }

    /// Text.
    #[inline(never)]
    pub fn text(&mut self, text: &[u8]) {
        self.token("\"", text);
    }

    /// A button that acts.
    #[inline(never)]
    pub fn button(&mut self, action: &str, class: &str, text: &[u8]) {
        self.begin("button;type=button;part=button");
        self.attribute("@class=", class.as_bytes());
        self.attribute("@data-action=", action.as_bytes());
        self.text(text);
        self.end();
    }

    /// A link, where the address is one: http, https, or within the site. Nothing else gets into an
    /// `href` (a config may come from anywhere).
    #[inline(never)]
    pub fn link(&mut self, address: &[u8], text: &[u8]) {
        if is_web_address(address) {
            self.begin("a;part=link");
            self.attribute("@href=", address);
            self.text(text);
            self.end();
        }
    }

    /// The text.
    pub fn finish(self) -> Vec<u8> {
        self.0
    }

    #[inline(never)]
    fn token(&mut self, start: &str, rest: &[u8]) {
        for part in [start.as_bytes(), rest] {
            for &byte in part {
                if byte >= b' ' {
                    self.0.push(byte);
                }
            }
        }
        self.0.push(END);
    }
}

/// Adds to a tree what a record keeps of it: eight hexadecimal digits over the tree and the look. They
/// are no token.
pub fn add_digest(tree: &mut Vec<u8>, look: &[u8]) {
    let length = tree.len();
    tree.extend_from_slice(look);
    let digest = fnv1a(tree.iter().copied());
    tree.truncate(length);
    for place in (0..8).rev() {
        tree.push(b"0123456789abcdef"[(digest >> (place * 4) & 15) as usize]);
    }
}

fn is_web_address(address: &[u8]) -> bool {
    if let Some(b'/' | b'#' | b'?' | b'.') = address.first() {
        return true;
    }
    let mut start = [0; 8];
    for (to, from) in start.iter_mut().zip(address) {
        *to = from.to_ascii_lowercase();
    }
    start == *b"https://" || start[..7] == *b"http://"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_cannot_end_a_token() {
        let mut tree = Tree::default();
        tree.begin("p;class=a");
        tree.attribute("@title=", b"a\x1e@onclick=x");
        tree.attribute("@id=v-", b"\x1eb");
        tree.text("b\u{1e}<script\u{1e}é\u{0}".as_bytes());
        tree.end();
        assert_eq!(
            String::from_utf8_lossy(&tree.finish()),
            "<p\u{1e}@class=a\u{1e}@title=a@onclick=x\u{1e}@id=v-b\u{1e}\"b<scripté\u{1e}>\u{1e}"
        );
    }

    #[test]
    fn only_web_addresses_become_links() {
        for (address, is_link) in [
            ("/privacy", true),
            ("#cookies", true),
            ("HTTPS://a.example", true),
            ("javascript:alert(1)", false),
            (" javascript:alert(1)", false),
            ("data:text/html,x", false),
            ("", false),
        ] {
            let mut tree = Tree::default();
            tree.link(address.as_bytes(), b"x");
            assert_eq!(!tree.finish().is_empty(), is_link, "{address}");
        }
    }

    #[test]
    fn the_digest_is_of_the_tree_and_the_look() {
        let of = |tree: &str, look: &[u8]| {
            let mut text = tree.into();
            add_digest(&mut text, look);
            String::from_utf8(text).expect("a text")
        };
        // The published value of FNV-1a for "foobar".
        assert_eq!(of("foo", b"bar"), "foobf9cf968");
        assert_ne!(of("foo", b"bar"), of("foo", b"baz"));
        assert_ne!(of("foo", b"bar")[3..], of("fox", b"bar")[3..]);
    }
}
