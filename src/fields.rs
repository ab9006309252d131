//! Cutting text at a byte, and reading and writing whole numbers.
//!
//! The standard library's pattern machinery and formatting weigh kilobytes in a wasm module; every
//! page view loads the gate, so these few lines stand in for them.

/// The parts of a text between separators. `n` separators give `n + 1` parts.
#[derive(Clone)]
pub struct Fields<'t> {
    rest: Option<&'t str>,
    separator: u8,
}

/// Cuts `text` at every `separator`, which must be ASCII.
pub fn fields(text: &str, separator: u8) -> Fields<'_> {
    Fields {
        rest: Some(text),
        separator,
    }
}

/// Cuts like [`fields`] and leaves out empty parts: an empty list has no members.
pub fn members(text: &str, separator: u8) -> impl Iterator<Item = &str> {
    fields(text, separator).filter(|part| !part.is_empty())
}

/// Cuts a text into as many parts as there is room for; the last takes what is left. Parts that are not
/// there are empty.
pub fn split<'t>(text: &'t str, separator: u8, parts: &mut [&'t str]) {
    let mut rest = text;
    for at in 0..parts.len() {
        let last = at + 1 == parts.len();
        let (part, after) = if last {
            (rest, "")
        } else {
            cut(rest, separator)
        };
        parts[at] = part;
        rest = after;
    }
}

/// The part at a place, counted from 0; empty where there are fewer.
#[inline(never)]
pub fn field(text: &str, separator: u8, at: usize) -> &str {
    fields(text, separator).nth(at).unwrap_or("")
}

/// Both sides of the first separator; all and nothing where there is none.
pub fn cut(text: &str, separator: u8) -> (&str, &str) {
    let (part, after) = text.split_at(find(text, separator).unwrap_or(text.len()));
    (part, after.get(1..).unwrap_or(""))
}

/// The same over bytes, for texts that are only ever cut at ASCII: that a cut falls between characters need not
/// be checked.
#[inline(never)]
pub fn cut_bytes(text: &[u8], separator: u8) -> (&[u8], &[u8]) {
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        if byte == separator {
            return (&text[..at], &text[at + 1..]);
        }
        at += 1;
    }
    (text, &[])
}

impl<'t> Iterator for Fields<'t> {
    type Item = &'t str;

    fn next(&mut self) -> Option<&'t str> {
        let rest = self.rest?;
        let (part, after) = cut(rest, self.separator);
        self.rest = (part.len() < rest.len()).then_some(after);
        Some(part)
    }
}

/// The first place of an ASCII byte.
pub fn find(text: &str, byte: u8) -> Option<usize> {
    text.as_bytes().iter().position(|&b| b == byte)
}

/// A text of one's own. Copies through the one way of growing that every module has anyway.
pub fn owned(text: &str) -> String {
    let mut own = String::new();
    own.push_str(text);
    own
}

/// Reads decimal digits, nineteen at most: so many always fit. What is anything else counts as `otherwise`.
pub fn number(text: &str, otherwise: u64) -> u64 {
    let mut value = 0u64;
    for byte in text.bytes() {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return otherwise;
        }
        value = value.wrapping_mul(10).wrapping_add(u64::from(digit));
    }
    if matches!(text.len(), 1..=19) {
        value
    } else {
        otherwise
    }
}

/// Appends a number in decimal digits.
pub fn push_number(out: &mut String, value: u64) {
    if value >= 10 {
        push_number(out, value / 10);
    }
    out.push((b'0' + (value % 10) as u8) as char);
}

/// Appends the lowest `digits` hexadecimal digits of a number.
pub fn push_hex(out: &mut String, value: u64, digits: u32) {
    for place in (0..digits).rev() {
        let digit = (value >> (place * 4) & 15) as u8;
        out.push(
            (if digit < 10 {
                b'0' + digit
            } else {
                b'a' + digit - 10
            }) as char,
        );
    }
}

/// FNV-1a, 32 bits (draft-eastlake-fnv). Every change of a single byte changes the result, since
/// each step is a bijection of the state; it is a guard against damage, not against forgery.
pub fn fnv1a(bytes: impl Iterator<Item = u8>) -> u32 {
    bytes.fold(0x811c_9dc5, fnv1a_step)
}

/// What [`fnv1a`] becomes by one byte more.
pub fn fnv1a_step(hash: u32, byte: u8) -> u32 {
    (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_count_separators_and_members_skip_empty_parts() {
        assert_eq!(fields("", b'.').collect::<Vec<_>>(), [""]);
        assert_eq!(
            fields("a..b.", b'.').collect::<Vec<_>>(),
            ["a", "", "b", ""]
        );
        assert_eq!(members(" a  b ", b' ').collect::<Vec<_>>(), ["a", "b"]);
        let mut parts = ["?"; 3];
        split("a.b.c.d", b'.', &mut parts);
        assert_eq!(parts, ["a", "b", "c.d"]);
        split("a", b'.', &mut parts);
        assert_eq!(parts, ["a", "", ""]);
        assert_eq!((field("a.b", b'.', 1), field("a.b", b'.', 2)), ("b", ""));
    }

    #[test]
    fn numbers_are_digits_only_and_bounded() {
        assert_eq!(number("9999999999999999999", 0), 9_999_999_999_999_999_999);
        for bad in ["", "+1", "-1", "1 ", "1e3", "10000000000000000000", "٣"] {
            assert_eq!(number(bad, 7), 7, "{bad:?}");
        }
        for value in [0, 9, 10, 1_764_000_000, u64::MAX / 10] {
            let mut text = String::new();
            push_number(&mut text, value);
            assert_eq!(number(&text, 1), value);
        }
    }

    #[test]
    fn hexadecimal_digits_are_the_lowest_ones() {
        let mut text = String::new();
        push_hex(&mut text, 0xabc_0123_4567, 8);
        assert_eq!(text, "01234567");
    }

    #[test]
    fn fnv1a_has_its_published_values() {
        assert_eq!(fnv1a(b"".iter().copied()), 0x811c_9dc5);
        assert_eq!(fnv1a(b"foobar".iter().copied()), 0xbf9c_f968);
    }
}
