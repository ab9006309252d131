//! A tree of elements as one text, which the renderer reads.
//!
//! Tokens are ended by the record separator (U+001E); the first character tells what a token is:
//!
//! ```text
//! <tag          an element begins
//! @name=value   it has an attribute
//! .name         it has a property that is true: checked, indeterminate, hidden
//! "text         it contains text
//! #number       it contains the words for so many vendors
//! =             what it contains is drawn for itself, and stays
//! >             it ends
//! ```
//!
//! Shapes, in which the parts of the interface are written down, are tokens separated by `;`. A token may
//! end with a reference: `$title` is the text or fact of that name, `$4` a field of the current row.
//!
//! Only this file writes tokens. Text from elsewhere cannot end one: control characters are left out.
//! Whenever a place is drawn anew its elements have the same attributes: only properties come and go.

use super::input::{Input, Row};
use crate::fields::{cut_bytes, fnv1a, push_number};

const END: u8 = 0x1e;

/// A tree being written.
#[derive(Debug)]
pub struct Tree<'i> {
    input: &'i Input,
    /// What `$1` and the like refer to.
    pub row: Row<'i>,
    text: Vec<u8>,
}

impl<'i> Tree<'i> {
    /// An empty tree.
    pub fn new(input: &'i Input) -> Self {
        Self {
            input,
            row: Row::default(),
            text: Vec::new(),
        }
    }

    /// Writes a shape. One call for a whole run of tokens: as calls of their own they would weigh twice.
    #[inline(never)]
    pub fn draw(&mut self, shape: &'i str) {
        let mut rest = shape.as_bytes();
        while !rest.is_empty() {
            let token;
            (token, rest) = cut_bytes(rest, b';');
            let (start, reference) = cut_bytes(token, b'$');
            let value = self.value(reference);
            self.push(start);
            self.push(value);
            self.text.push(END);
        }
    }

    /// A link around `inside`, where the address is one: http, https, or within the site. Nothing else
    /// gets into an `href` (a config may come from anywhere). `address` is a reference.
    #[inline(never)]
    pub fn link(&mut self, address: &'i str, inside: &'i str) {
        let address = self.value(address.as_bytes());
        if is_web_address(address) {
            self.draw("<a;@part=link");
            self.token("@href=", address);
            self.draw(inside);
            self.draw(">");
        }
    }

    /// A token that ends with a number.
    #[inline(never)]
    pub fn number(&mut self, start: &str, number: usize) {
        let mut digits = String::new();
        push_number(&mut digits, number as u64);
        self.token(start, digits.as_bytes());
    }

    /// A token of which the value is not written down.
    #[inline(never)]
    pub fn token(&mut self, start: &str, value: &[u8]) {
        self.push(start.as_bytes());
        self.push(value);
        self.text.push(END);
    }

    /// The text.
    pub fn finish(self) -> Vec<u8> {
        self.text
    }

    fn value(&self, reference: &'i [u8]) -> &'i [u8] {
        match reference.first() {
            Some(digit @ b'0'..=b'9') => self.row.get(u32::from(digit - b'0')),
            Some(_) => self.input.text(reference),
            None => reference,
        }
    }

    /// Text from wherever, without its control characters.
    #[inline(never)]
    fn push(&mut self, text: &[u8]) {
        for &byte in text {
            if byte >= b' ' {
                self.text.push(byte);
            }
        }
    }
}

/// Adds to a tree what a record keeps of it: eight hexadecimal digits over the tree and the look. They
/// are no token.
pub fn add_digest(tree: &mut Vec<u8>, look: &[u8]) {
    let digest = fnv1a(tree.iter().chain(look).copied());
    for place in (0..8).rev() {
        tree.push(b"0123456789abcdef"[(digest >> (place * 4) & 15) as usize]);
    }
}

fn is_web_address(address: &[u8]) -> bool {
    matches!(address.first(), Some(b'/' | b'#' | b'?' | b'.'))
        || has_scheme(address, "https://")
        || has_scheme(address, "http://")
}

#[inline(never)]
fn has_scheme(address: &[u8], scheme: &str) -> bool {
    for (at, byte) in scheme.bytes().enumerate() {
        if address.get(at).map(u8::to_ascii_lowercase) != Some(byte) {
            return false;
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_cannot_end_a_token() {
        let input = Input::new("t\u{1f}title\u{1f}b\u{2}<script\u{1d}é\u{0}\u{1e}".into());
        let mut tree = Tree::new(&input);
        tree.draw(r#"<p;@class=a;@title=$title;"$title"#);
        tree.token("@href=", b"a\x1e@onclick=x");
        tree.draw(">");
        assert_eq!(
            String::from_utf8_lossy(&tree.finish()),
            "<p\u{1e}@class=a\u{1e}@title=b<scripté\u{1e}\"b<scripté\u{1e}@href=a@onclick=x\u{1e}>\u{1e}"
        );
    }

    #[test]
    fn references_are_to_texts_and_to_the_row() {
        let input = Input::new("v\u{1f}ads\u{1f}\u{1e}t\u{1f}title\u{1f}Ads\u{1e}".into());
        let mut tree = Tree::new(&input);
        tree.row = input.row(0);
        tree.draw("@id=v-$1;@x=$2;@y=$7;@z=$title");
        assert_eq!(
            String::from_utf8_lossy(&tree.finish()),
            "@id=v-ads\u{1e}@x=\u{1e}@y=\u{1e}@z=Ads\u{1e}"
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
            let input = Input::new(format!("t\u{1f}to\u{1f}{address}\u{1e}").into());
            let mut tree = Tree::new(&input);
            tree.link("to", "\"x");
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
