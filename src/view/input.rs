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

/// The text, to be looked through: an interface is drawn a few times in a visit. It stays bytes, since it
/// is only ever cut at ASCII: that a cut falls between characters need not be checked.
#[derive(Clone, Debug, Default)]
pub struct Input(Vec<u8>);

impl Input {
    /// Takes the text.
    pub fn new(text: Vec<u8>) -> Self {
        Self(text)
    }

    /// Every record of a kind.
    pub fn records(&self, kind: u8) -> Records<'_> {
        Records {
            rest: &self.0,
            kind,
        }
    }

    /// A text in the page's language; its key, if the language lacks it, so that it is noticed.
    pub fn text<'i>(&'i self, key: &'i str) -> &'i [u8] {
        self.find(b't', key).unwrap_or(key.as_bytes())
    }

    /// A fact; empty if it is not known.
    pub fn fact(&self, name: &str) -> &[u8] {
        self.find(b'f', name).unwrap_or_default()
    }

    /// Whether the browser's signal is to be spoken of: it counts where one opts out.
    pub fn heeds_gpc(&self) -> bool {
        self.fact("gpc") == b"1" && self.fact("regime") == b"opt-out"
    }

    #[inline(never)]
    fn find(&self, kind: u8, key: &str) -> Option<&[u8]> {
        for row in self.records(kind) {
            if row.get(1) == key.as_bytes() {
                return Some(row.get(2));
            }
        }
        None
    }
}

/// The records of a kind, in their order.
pub struct Records<'i> {
    rest: &'i [u8],
    kind: u8,
}

impl<'i> Iterator for Records<'i> {
    type Item = Row<'i>;

    #[inline(never)]
    fn next(&mut self) -> Option<Row<'i>> {
        while !self.rest.is_empty() {
            let record;
            (record, self.rest) = cut(self.rest, 0x1e);
            if record.first() == Some(&self.kind) {
                return Some(Row(record));
            }
        }
        None
    }
}

/// One record.
#[derive(Clone, Copy, Debug)]
pub struct Row<'i>(&'i [u8]);

impl<'i> Row<'i> {
    /// A field; the kind is field 0. Empty if the record is shorter.
    #[inline(never)]
    pub fn get(self, at: u32) -> &'i [u8] {
        let mut rest = self.0;
        for _ in 0..at {
            rest = cut(rest, 0x1f).1;
        }
        cut(rest, 0x1f).0
    }
}

/// What stands before the first `separator`, and what after it: nothing, if there is none.
#[inline(never)]
pub fn cut(text: &[u8], separator: u8) -> (&[u8], &[u8]) {
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        if byte == separator {
            return (&text[..at], &text[at + 1..]);
        }
        at += 1;
    }
    (text, &[])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_its_key_or_empty() {
        let input = Input::new("t\u{1f}body\u{1f}Acmé\u{1e}f\u{1f}site\u{1f}Acme\u{1e}".into());
        assert_eq!(input.text("body"), "Acmé".as_bytes());
        assert_eq!(input.text("site"), b"site");
        assert_eq!(input.fact("site"), b"Acme");
        assert_eq!(input.fact("body"), b"");
    }

    #[test]
    fn records_and_fields_keep_their_order_and_end_where_they_end() {
        let input = Input::new("c\u{1f}a\u{1f}\u{1f}1\u{1e}v\u{1f}b\u{1e}c\u{1f}c\u{1e}".into());
        let rows: Vec<_> = input.records(b'c').collect();
        assert_eq!([rows[0].get(1), rows[1].get(1)], [b"a", b"c"]);
        assert_eq!([rows[0].get(2), rows[0].get(4), rows[1].get(2)], [b""; 3]);
        assert_eq!(rows[0].get(3), b"1");
    }
}
