//! What the interface knows, as one text: records ended by U+001E, fields by U+001F, the first field
//! telling the kind.
//!
//! ```text
//! t  key  text                                  a text of the page's language
//! f  name  value                                a fact: site, notice, regime, gpc, count …
//! c  id  always  mark  name  description  count a category; mark is 1, 0 or m
//! v  id  category  on  name  who  privacy  opt-out  carries
//! k  vendor  name  details                      a cookie, described in the page's language
//! ```

use crate::fields::{fields, members};

/// The text, to be looked through: an interface is drawn a few times in a visit.
#[derive(Clone, Debug, Default)]
pub struct Input(String);

impl Input {
    /// Takes the text.
    pub fn new(text: String) -> Self {
        Self(text)
    }

    /// The fields of every record of a kind, without the kind.
    pub fn records<'i>(&'i self, kind: &'i str) -> impl Iterator<Item = Row<'i>> {
        members(&self.0, 0x1e).filter_map(move |record| {
            let mut parts = fields(record, 0x1f);
            (parts.next() == Some(kind)).then_some(Row(record))
        })
    }

    /// A text in the page's language; its key, if the language lacks it, so that it is noticed.
    pub fn text<'i>(&'i self, key: &'i str) -> &'i str {
        self.find("t", key).unwrap_or(key)
    }

    /// A fact; empty if it is not known.
    pub fn fact<'i>(&'i self, name: &'i str) -> &'i str {
        self.find("f", name).unwrap_or("")
    }

    /// A text with its `{placeholders}` filled from facts of the same names.
    pub fn filled(&self, key: &str) -> String {
        let mut out = String::new();
        for (n, part) in fields(self.text(key), b'{').enumerate() {
            let mut halves = fields(part, b'}');
            let (first, second) = (halves.next().unwrap_or(""), halves.next());
            match second {
                Some(rest) if n > 0 => {
                    out.push_str(self.fact(first));
                    out.push_str(rest);
                }
                _ => out.push_str(part),
            }
        }
        out
    }

    fn find<'i>(&'i self, kind: &'i str, key: &'i str) -> Option<&'i str> {
        self.records(kind)
            .find(|row| row.get(1) == key)
            .map(|row| row.get(2))
    }
}

/// One record.
#[derive(Clone, Copy, Debug)]
pub struct Row<'i>(&'i str);

impl<'i> Row<'i> {
    /// A field; the kind is field 0. Empty if the record is shorter.
    pub fn get(self, at: usize) -> &'i str {
        fields(self.0, 0x1f).nth(at).unwrap_or("")
    }
}

#[cfg(test)]
mod tests {
    use super::Input;

    #[test]
    fn placeholders_are_filled_from_facts() {
        let input = Input::new(
            "t\u{1f}body\u{1f}{site} and {count} more. {gone}{\u{1e}f\u{1f}site\u{1f}Acme\u{1e}f\u{1f}count\u{1f}3 partners\u{1e}".into(),
        );
        assert_eq!(input.filled("body"), "Acme and 3 partners more. ");
        assert_eq!(input.text("missing"), "missing");
        assert_eq!(input.fact("missing"), "");
    }
}
