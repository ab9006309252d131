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

use crate::fields::{fields, fnv1a};

const END: char = '\u{1e}';

/// A tree being written.
#[derive(Debug, Default)]
pub struct Tree(String);

impl Tree {
    /// An element, and what `inside` writes into it. `shape` is its tag and the attributes that are
    /// always the same: `button;type=button;class=btn`.
    pub fn element(&mut self, shape: &str, inside: impl FnOnce(&mut Self)) {
        self.begin(shape);
        inside(self);
        self.token('>', "");
    }

    /// An element that contains only text.
    pub fn text_element(&mut self, shape: &str, text: &str) {
        self.element(shape, |tree| tree.text(text));
    }

    /// A further attribute of the element that was begun last, before it contains anything.
    pub fn attribute(&mut self, name: &str, value: &str) {
        self.0.push('@');
        self.0.push_str(name);
        self.0.push('=');
        self.clean(value);
    }

    /// An attribute that names an element: `id`, or what refers to one. `kind` keeps apart what may
    /// have the same name, as a category and a vendor may.
    pub fn name(&mut self, attribute: &str, kind: &str, of: &str) {
        self.0.push('@');
        self.0.push_str(attribute);
        self.0.push('=');
        self.0.push_str(kind);
        self.clean(of);
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
    }

    /// A button that acts.
    pub fn button(&mut self, action: &str, class: &str, text: &str) {
        self.element("button;type=button;part=button", |tree| {
            tree.attribute("class", class);
            tree.attribute("data-action", action);
            tree.text(text);
        });
    }

    /// A link, where the address is one: http, https, or within the site. Nothing else gets into an
    /// `href` (a config may come from anywhere).
    pub fn link(&mut self, address: &str, text: &str) {
        if is_web_address(address) {
            self.element("a;part=link", |tree| {
                tree.attribute("href", address);
                tree.text(text);
            });
        }
    }

    /// The text.
    pub fn finish(self) -> String {
        self.0
    }

    fn begin(&mut self, shape: &str) {
        let mut kind = '<';
        for part in fields(shape, b';') {
            self.token(kind, part);
            kind = '@';
        }
    }

    fn token(&mut self, kind: char, text: &str) {
        self.0.push(kind);
        self.0.push_str(text);
        self.0.push(END);
    }

    /// Ends a token with text from elsewhere, without its control characters.
    fn clean(&mut self, text: &str) {
        let mut rest = text;
        while let Some(at) = rest.bytes().position(|byte| byte < b' ') {
            self.0.push_str(rest.get(..at).unwrap_or(""));
            rest = rest.get(at + 1..).unwrap_or("");
        }
        self.0.push_str(rest);
        self.0.push(END);
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
        tree.element("p;class=a", |tree| {
            tree.attribute("title", "a\u{1e}@onclick=x");
            tree.name("id", "v-", "\u{1e}b");
            tree.text("b\u{1e}<script\u{1e}é\u{0}");
        });
        assert_eq!(
            tree.finish(),
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
            tree.link(address, "x");
            assert_eq!(!tree.finish().is_empty(), is_link, "{address}");
        }
    }
}
