//! A choice as the browser keeps it, and which of several to believe.
//!
//! ```text
//! 1.<id>.<counter>.<at>.<revision>.<regime>.<gpc>.<source>.<language>.<shown>.<categories>.<vendors>.<objections>.<checksum>
//! ```
//!
//! Fields are separated by dots, ids in a list by `~`, a refused id has `!` before it. `id`, `shown`
//! and `checksum` are hexadecimal, the other numbers decimal. The checksum is FNV-1a over everything
//! before it, dot included. Ids, not positions: a config may change between two visits.
//! `docs/record.md` has test vectors.
//!
//! A record is kept as its text and looked through: it is read a few times a page.

use super::choices::Answers;
use crate::fields::{Fields, field, fields, fnv1a, number, owned, push_hex};

/// Counters above this are damage (DESIGN, "The record").
pub const COUNTER_MAX: u64 = 1 << 31;

/// A longer text is not ours: browsers keep no cookie over 4096 bytes with its name.
const LENGTH_MAX: usize = 4096;

/// Fields of a record.
const FIELDS: usize = 14;
const COUNTER: usize = 2;
const REVISION: usize = 4;
const CATEGORIES: usize = 10;
const VENDORS: usize = 11;
const OBJECTIONS: usize = 12;

/// Where a choice came from, as the letter that stands for it in texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Source(u8);

impl Source {
    /// Accept All on the banner.
    pub const BANNER_ACCEPT: Self = Self(b'a');
    /// Reject All on the banner.
    pub const BANNER_REJECT: Self = Self(b'r');
    /// The preference centre.
    pub const PREFERENCES: Self = Self(b'p');
    /// The browser's Global Privacy Control.
    pub const GPC: Self = Self(b'g');
    /// The page's own code, or a click that no person made.
    pub const API: Self = Self(b'i');
    /// Another consent tool's record.
    pub const IMPORTED: Self = Self(b'm');

    /// The source that a letter stands for; the page's own code for what is none.
    pub fn from_letter(letter: u8) -> Self {
        Self(if letter.is_ascii_lowercase() {
            letter
        } else {
            b'i'
        })
    }

    /// Its letter.
    pub fn letter(self) -> u8 {
        self.0
    }
}

/// A stored choice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record(String);

impl Record {
    /// Reads what [`choose`](super::choose) wrote. The input is hostile: everything else is `None` (damaged,
    /// foreign, oversized or of a version that we do not know), and the visitor has not been asked (I-3).
    pub fn read(text: &str) -> Option<Self> {
        if text.len() > LENGTH_MAX {
            return None;
        }
        let mut count = 0;
        for part in fields(text, b'.') {
            let is_sound = match count {
                0 => part == "1",
                COUNTER..=REVISION => number(part, u64::MAX) < u64::MAX,
                _ => true,
            };
            if !is_sound {
                return None;
            }
            count += 1;
        }
        let record = Self(owned(text));
        // Without its checksum, and with it again.
        let body = text.get(..text.len().checked_sub(CHECKSUM_LENGTH)?)?;
        let is_whole =
            count == FIELDS && record.counter() <= COUNTER_MAX && checked(owned(body)) == record.0;
        is_whole.then_some(record)
    }

    /// What to believe of the texts stored under our name; `None` if none can be read. Of several, the
    /// one that grants the least: a sibling subdomain can plant one beside ours.
    pub fn read_all(stored: Fields) -> Option<Self> {
        let mut found: Option<Self> = None;
        for text in stored {
            if let Some(record) = Self::read(text)
                && found.as_ref().is_none_or(|other| record.outweighs(other))
            {
                found = Some(record);
            }
        }
        found
    }

    /// The text that is stored.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text that is stored, given away.
    pub fn into_text(self) -> String {
        self.0
    }

    /// Its id.
    pub fn id(&self) -> &str {
        self.field(1)
    }

    /// How many choices this browser had made by then.
    pub fn counter(&self) -> u64 {
        self.number(COUNTER)
    }

    /// When it was made, in seconds since 1970.
    pub fn at(&self) -> u64 {
        self.number(3)
    }

    /// The config revision that was shown.
    pub fn revision(&self) -> u32 {
        self.number(REVISION) as u32
    }

    /// Whether nothing was granted by the legal model under which it was made.
    pub fn is_opt_in(&self) -> bool {
        self.field(5) == "i"
    }

    /// Whether Global Privacy Control was on.
    pub fn gpc(&self) -> bool {
        self.field(6) == "1"
    }

    /// How it was made.
    pub fn source(&self) -> Source {
        Source::from_letter(self.field(7).as_bytes().first().copied().unwrap_or(0))
    }

    /// Every category asked about, and the answer.
    pub fn categories(&self) -> Answers<'_> {
        Answers(self.field(CATEGORIES))
    }

    /// Vendors answered differently from their category.
    pub fn vendors(&self) -> Answers<'_> {
        Answers(self.field(VENDORS))
    }

    /// Vendors whose legitimate interest the visitor objects to.
    pub fn objections(&self) -> Answers<'_> {
        Answers(self.field(OBJECTIONS))
    }

    /// Whether it, and not the other one, is the record of two to believe: the one that grants less, and
    /// of two that grant as much the smaller text, so that every tab takes the same one.
    pub(super) fn outweighs(&self, other: &Self) -> bool {
        let (grants, others) = (self.grants(), other.grants());
        grants < others || grants == others && self.0 < other.0
    }

    /// How much it grants: each thing counts for it, each objection against it.
    fn grants(&self) -> isize {
        let granted = self.categories().granted() + self.vendors().granted();
        granted as isize - self.objections().granted() as isize
    }

    /// Ends a text that wants nothing but its checksum.
    pub(super) fn finish(text: String) -> Self {
        Self(checked(text))
    }

    fn field(&self, at: usize) -> &str {
        field(&self.0, b'.', at)
    }

    fn number(&self, at: usize) -> u64 {
        number(self.field(at), 0)
    }
}

/// The digits and the dot before them.
const CHECKSUM_LENGTH: usize = 9;

/// A text with its checksum.
fn checked(mut text: String) -> String {
    text.push('.');
    let checksum = fnv1a(text.bytes());
    push_hex(&mut text, u64::from(checksum), 8);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "1.0123456789abcdef.7.1764000000.4.i.0.p.de-AT.deadbeef.";

    fn written(answers: &str) -> Record {
        Record::finish(HEAD.to_owned() + answers + ".")
    }

    fn sample() -> Record {
        written("performance~!targeting.meta-pixel")
    }

    #[test]
    fn the_documented_text_is_read_and_written() {
        let text = "1.0123456789abcdef.7.1764000000.4.i.0.p.de-AT.deadbeef.performance~!targeting.meta-pixel..daa15843";
        assert_eq!(sample().as_str(), text);
        let read = Record::read(text).expect("a record");
        assert_eq!(read, sample());
        assert_eq!(read.id(), "0123456789abcdef");
        assert_eq!(
            (read.counter(), read.at(), read.revision()),
            (7, 1_764_000_000, 4)
        );
        assert!(read.is_opt_in());
        assert!(!read.gpc());
        assert_eq!(read.source(), Source::PREFERENCES);
        assert_eq!(read.categories().get("performance"), Some(true));
        assert_eq!(read.categories().get("targeting"), Some(false));
        assert_eq!(read.vendors().get("meta-pixel"), Some(true));
        assert_eq!(read.vendors().get("x-ads"), None);
    }

    #[test]
    fn every_truncation_and_every_changed_byte_is_unreadable() {
        let text = sample().0;
        for length in 0..text.len() {
            assert_eq!(Record::read(&text[..length]), None, "cut at {length}");
        }
        for at in 0..text.len() {
            for other in (0x20..0x7f).filter(|&other| other != text.as_bytes()[at]) {
                let mut bytes = text.clone().into_bytes();
                bytes[at] = other;
                let changed = String::from_utf8(bytes).expect("ASCII");
                assert_eq!(Record::read(&changed), None, "{changed}");
            }
        }
    }

    /// A text with a right checksum.
    fn forged(body: &str) -> String {
        checked(body.into())
    }

    #[test]
    fn what_we_would_not_have_written_is_unreadable_whatever_its_checksum() {
        let good = "1.0123456789abcdef.7.1764000000.4.i.0.p.de.deadbeef.a~!b.c.";
        assert!(Record::read(&forged(good)).is_some());
        for (from, to) in [
            ("1.0", "2.0"),
            ("1.0", "01.0"),
            (".7.", ".2147483649."),
            (".7.", ".18446744073709551616."),
            (".7.", "."),
            (".4.", ".-4."),
            (".4.", ".x."),
            (".c.", ".c.."),
            (".c.", ".c"),
        ] {
            let bad = good.replacen(from, to, 1);
            assert_eq!(Record::read(&forged(&bad)), None, "{bad}");
        }
    }

    #[test]
    fn oversized_and_foreign_texts_are_unreadable() {
        let many: String = (0..2000).map(|n| format!("~a{n}")).collect();
        for text in [
            written(&format!("a.{}", &many[1..])).0,
            "%7B%22categories%22%3A%5B%22necessary%22%5D%7D".into(),
            "yes".into(),
            "é.ü".into(),
            String::new(),
            ".............".into(),
        ] {
            assert_eq!(Record::read(&text), None, "{text:.60}");
        }
    }

    #[test]
    fn a_text_as_long_as_a_cookie_may_be_is_read() {
        let room = LENGTH_MAX - written("").0.len();
        let (fits, too_long) = (
            written(&("a".repeat(room - 1) + ".")),
            written(&("a".repeat(room) + ".")),
        );
        assert_eq!(fits.0.len(), LENGTH_MAX);
        assert_eq!(Record::read(fits.as_str()).as_ref(), Some(&fits));
        assert_eq!(Record::read(too_long.as_str()), None);
        // Counters go up to their limit, too.
        let last = forged(&HEAD.replacen(".7.", ".2147483648.", 1));
        assert_eq!(Record::read(&last), None, "answers are missing");
        let last = forged(&(HEAD.replacen(".7.", ".2147483648.", 1) + "a.."));
        assert_eq!(
            Record::read(&last).map(|record| record.counter()),
            Some(COUNTER_MAX)
        );
    }

    #[test]
    fn a_source_is_its_letter_and_a_record_its_text() {
        assert_eq!(sample().source().letter(), b'p');
        for letter in *b"argim" {
            assert_eq!(Source::from_letter(letter).letter(), letter);
        }
        for other in *b"A1.~" {
            assert_eq!(Source::from_letter(other), Source::API);
        }
        assert_eq!(sample().into_text(), sample().0);
    }

    #[test]
    fn the_text_holds_only_what_a_cookie_value_may_hold() {
        let allowed =
            |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b'"' | b',' | b';' | b'\\');
        assert!(sample().0.bytes().all(allowed));
    }

    #[test]
    fn of_two_records_the_one_that_grants_less_is_believed() {
        let less = written("a~!b~!c.");
        let later = |answers: &str| Record::finish(HEAD.replacen(".7.", ".9.", 1) + answers + ".");
        let more = later("a~!b~!c.x~!y");
        let as_much = later("!a~b~!c.");
        for (texts, believed) in [
            ([&less, &more], &less),
            ([&more, &less], &less),
            ([&less, &as_much], &less),
            ([&as_much, &less], &less),
        ] {
            let stored = format!("{}\tdamage\t{}", texts[0].as_str(), texts[1].as_str());
            let found = Record::read_all(fields(&stored, b'\t'));
            assert_eq!(found.as_ref(), Some(believed), "{stored}");
        }
        assert!(!less.outweighs(&less));
        // A record without answers about vendors grants what its categories do.
        let (one, two) = (later("a~!b."), written("a~b."));
        assert!(one.outweighs(&two) && !two.outweighs(&one));
        let objecting = Record::finish(HEAD.to_owned() + "a~!b~!c..x");
        assert!(objecting.outweighs(&less) && !less.outweighs(&objecting));
    }
}
