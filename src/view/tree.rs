//! A tree of elements as one text, which the renderer reads.
//!
//! Tokens are ended by the record separator (U+001E); the first character tells what a token is:
//!
//! ```text
//! <tag          an element begins
//! @name=value   it has an attribute
//! .name         it has a property that is true: checked, indeterminate, open
//! "text         it contains text
//! >             it ends
//! ```
//!
//! Only this file writes tokens. Text from elsewhere cannot end one: control characters are left out.

use crate::fields::fnv1a;

const END: char = '\u{1e}';

/// A tree being written.
#[derive(Debug, Default)]
pub struct Tree(String);

impl Tree {
    /// An element with attributes, and what `inside` writes into it.
    pub fn element(
        &mut self,
        tag: &str,
        attributes: &[(&str, &str)],
        inside: impl FnOnce(&mut Self),
    ) {
        self.token('<', tag);
        for (name, value) in attributes {
            self.attribute(name, value);
        }
        inside(self);
        self.token('>', "");
    }

    /// An element that contains only text.
    pub fn text_element(&mut self, tag: &str, attributes: &[(&str, &str)], text: &str) {
        self.element(tag, attributes, |tree| tree.text(text));
    }

    /// An attribute of the element that was begun last, before it contains anything.
    pub fn attribute(&mut self, name: &str, value: &str) {
        self.0.push('@');
        self.0.push_str(name);
        self.0.push('=');
        self.clean(value);
        self.0.push(END);
    }

    /// A property of it that is true.
    pub fn property(&mut self, name: &str, is_on: bool) {
        if is_on {
            self.token('.', name);
        }
    }

    /// Text.
    pub fn text(&mut self, text: &str) {
        self.0.push('"');
        self.clean(text);
        self.0.push(END);
    }

    /// A link, where the address is one: http, https, or within the site. Nothing else gets into an
    /// `href` (a config may come from anywhere).
    pub fn link(&mut self, address: &str, text: &str) {
        if is_web_address(address) {
            self.text_element("a", &[("href", address), ("part", "link")], text);
        }
    }

    /// The text.
    pub fn finish(self) -> String {
        self.0
    }

    fn token(&mut self, kind: char, text: &str) {
        self.0.push(kind);
        self.0.push_str(text);
        self.0.push(END);
    }

    fn clean(&mut self, text: &str) {
        for letter in text.chars() {
            if letter >= ' ' {
                self.0.push(letter);
            }
        }
    }
}

/// What was shown, as a record keeps it: 32 bits over the tree and the look.
pub fn digest(tree: &str, look: &str) -> u32 {
    fnv1a(tree.bytes().chain(look.bytes()))
}

fn is_web_address(address: &str) -> bool {
    let scheme = |scheme: &str| {
        address
            .get(..scheme.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    };
    match address.as_bytes().first() {
        Some(b'/' | b'#' | b'?' | b'.') => true,
        _ => scheme("https://") || scheme("http://"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_cannot_end_a_token() {
        let mut tree = Tree::default();
        tree.text_element(
            "p",
            &[("title", "a\u{1e}@onclick=x")],
            "b\u{1e}<script\u{1e}",
        );
        assert_eq!(
            tree.finish(),
            "<p\u{1e}@title=a@onclick=x\u{1e}\"b<script\u{1e}>\u{1e}"
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
            tree.link(address, "x");
            assert_eq!(!tree.finish().is_empty(), is_link, "{address}");
        }
    }
}
