//! What the interface knows, as one text: records ended by U+001E, fields by U+001F, the first field
//! telling the kind.
//!
//! ```text
//! t  name  text                                 a text of the page's language, its placeholders filled;
//!                                               or a fact: site, notice, regime, gpc, layout …
//! c  id  always  mark  name  description  count a category; mark is 1, 0 or m
//! v  id  category  on  name  who  bases  interest  carries  folded
//!                                               a vendor; bases: c consent, l legitimate interest; interest:
//!                                               not objected to; folded: the name as it is searched
//! ```

use crate::fields::cut_bytes;

/// The text, to be looked through: an interface is drawn a few times in a visit. It stays bytes, since it
/// is only ever cut at ASCII: that a cut falls between characters need not be checked.
#[derive(Clone, Debug, Default)]
pub struct Input(Vec<u8>);

impl Input {
    /// Takes the text.
    pub fn new(text: Vec<u8>) -> Self {
        Self(text)
    }

    /// Every record, and where it begins.
    pub fn rows(&self) -> Rows<'_> {
        Rows {
            all: &self.0,
            at: 0,
        }
    }

    /// The record that begins there.
    pub fn row(&self, at: usize) -> Row<'_> {
        Row(cut_bytes(&self.0[at..], 0x1e).0)
    }

    /// A text or a fact; its name, if it is not there, so that it is noticed.
    #[inline(never)]
    pub fn text<'i>(&'i self, name: &'i [u8]) -> &'i [u8] {
        for (_, row) in self.rows() {
            if row.is(0, b"t") && row.is(1, name) {
                return row.get(2);
            }
        }
        name
    }

    /// Whether a fact is so.
    #[inline(never)]
    pub fn is(&self, name: &str, value: &str) -> bool {
        self.text(name.as_bytes()) == value.as_bytes()
    }

    /// Whether the browser's signal is to be spoken of: it counts where nobody is asked first.
    pub fn heeds_gpc(&self) -> bool {
        self.is("gpc", "1") && !self.is("regime", "opt-in")
    }
}

/// The records, in their order.
pub struct Rows<'i> {
    all: &'i [u8],
    at: usize,
}

impl<'i> Iterator for Rows<'i> {
    type Item = (usize, Row<'i>);

    #[inline(never)]
    fn next(&mut self) -> Option<(usize, Row<'i>)> {
        let at = self.at;
        if at >= self.all.len() {
            return None;
        }
        let record = cut_bytes(&self.all[at..], 0x1e).0;
        self.at += record.len() + 1;
        Some((at, Row(record)))
    }
}

/// One record.
#[derive(Clone, Copy, Debug, Default)]
pub struct Row<'i>(&'i [u8]);

impl<'i> Row<'i> {
    /// A field; the kind is field 0. Empty if the record is shorter.
    #[inline(never)]
    pub fn get(self, at: u32) -> &'i [u8] {
        let mut rest = self.0;
        for _ in 0..at {
            rest = cut_bytes(rest, 0x1f).1;
        }
        cut_bytes(rest, 0x1f).0
    }

    /// Whether a field is so.
    #[inline(never)]
    pub fn is(self, at: u32, value: &[u8]) -> bool {
        self.get(at) == value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_its_name() {
        let input = Input::new("t\u{1f}body\u{1f}Acmé\u{1e}t\u{1f}none\u{1f}\u{1e}".into());
        assert_eq!(input.text(b"body"), "Acmé".as_bytes());
        assert_eq!(input.text(b"none"), b"");
        assert_eq!(input.text(b"else"), b"else");
        assert!(input.is("none", "") && !input.is("else", ""));
    }

    #[test]
    fn records_and_fields_keep_their_order_and_end_where_they_end() {
        let input = Input::new("c\u{1f}a\u{1f}\u{1f}1\u{1e}v\u{1f}b\u{1e}c\u{1f}c\u{1e}".into());
        let (places, rows): (Vec<_>, Vec<_>) = input.rows().unzip();
        assert_eq!(places, [0, 7, 11]);
        assert_eq!([rows[0].get(1), rows[2].get(1)], [b"a", b"c"]);
        assert_eq!([rows[0].get(2), rows[0].get(4), rows[1].get(2)], [b""; 3]);
        assert_eq!(rows[0].get(3), b"1");
        assert!(input.row(7).is(1, b"b"));
    }
}
