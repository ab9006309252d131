//! Record to cookie value and back. The input is hostile: whatever is not exactly what [`encode`]
//! writes is [`Unreadable`], and the caller asks the visitor.
//!
//! ```text
//! 1.<id>.<counter>.<at>.<revision>.<regime>.<gpc>.<source>.<language>.<shown>.<categories>.<vendors>.<objections>.<checksum>
//! ```
//!
//! Fields are separated by dots, ids in a list by `~`, a refused id has `!` before it. `id` and
//! `shown` and `checksum` are hexadecimal, the other numbers decimal. The checksum is FNV-1a over
//! everything before it. `docs/record.md` has test vectors.

use super::{COUNTER_MAX, Provenance, Record, Source};
use crate::consent::choices::{Answers, is_word};
use crate::consent::config::Regime;
use crate::fields::{fields, fnv1a, number, push_hex, push_number};

/// The version that [`encode`] writes.
const FORMAT: &str = "1";

/// A longer text is not ours: browsers keep no cookie over 4096 bytes with its name.
const LENGTH_MAX: usize = 4096;

/// The text is not a record: damaged, foreign, oversized or of a version we do not know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unreadable;

/// Writes a record in the characters that a cookie value may hold (RFC 6265, 4.1.1).
pub fn encode(record: &Record) -> String {
    let mut out = String::with_capacity(256);
    out.push_str(FORMAT);
    out.push('.');
    push_hex(&mut out, record.id, 16);
    for value in [record.counter, record.at, u64::from(record.revision)] {
        out.push('.');
        push_number(&mut out, value);
    }
    out.push('.');
    out.push(match record.regime {
        Regime::OptIn => 'i',
        Regime::OptOut => 'o',
        Regime::Notice => 'n',
    });
    out.push_str(if record.gpc { ".1." } else { ".0." });
    out.push(record.provenance.source.letter() as char);
    out.push('.');
    out.push_str(&record.provenance.language);
    out.push('.');
    push_hex(&mut out, u64::from(record.provenance.shown), 8);
    for answers in [&record.categories, &record.vendors] {
        out.push('.');
        out.push_str(answers.as_str());
    }
    // Objections to legitimate interest: the field is there, nothing writes it yet.
    out.push_str("..");
    let checksum = fnv1a(out.bytes());
    push_hex(&mut out, u64::from(checksum), 8);
    out
}

/// Reads what [`encode`] wrote.
///
/// # Errors
/// [`Unreadable`] for everything else: the visitor has then not been asked.
pub fn decode(text: &str) -> Result<Record, Unreadable> {
    let record = parse(text).ok_or(Unreadable)?;
    // One record has one text. This compares the checksum too, and leaves no second spelling.
    if encode(&record) == text {
        Ok(record)
    } else {
        Err(Unreadable)
    }
}

fn parse(text: &str) -> Option<Record> {
    if text.len() > LENGTH_MAX {
        return None;
    }
    let mut parts = fields(text, b'.');
    if parts.next()? != FORMAT {
        return None;
    }
    Some(Record {
        id: hexadecimal(parts.next()?)?,
        counter: number(parts.next()?).filter(|&counter| counter <= COUNTER_MAX)?,
        at: number(parts.next()?)?,
        revision: u32::try_from(number(parts.next()?)?).ok()?,
        regime: match parts.next()? {
            "i" => Regime::OptIn,
            "o" => Regime::OptOut,
            "n" => Regime::Notice,
            _ => return None,
        },
        gpc: parts.next()? == "1",
        provenance: Provenance {
            source: Source::from_letter(*parts.next()?.as_bytes().first()?)?,
            language: parts.next().filter(|tag| is_word(tag))?.into(),
            shown: hexadecimal(parts.next()?)? as u32,
        },
        categories: Answers::read(parts.next()?)?,
        vendors: Answers::read(parts.next()?)?,
    })
}

fn hexadecimal(text: &str) -> Option<u64> {
    let mut value = 0u64;
    for byte in text.bytes() {
        let digit = match byte {
            b'0'..=b'9' => byte - b'0',
            b'a'..=b'f' => byte - b'a' + 10,
            _ => return None,
        };
        value = value.wrapping_shl(4) | u64::from(digit);
    }
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Record {
        Record {
            id: 0x0123_4567_89ab_cdef,
            counter: 7,
            at: 1_764_000_000,
            revision: 4,
            regime: Regime::OptIn,
            gpc: false,
            provenance: Provenance {
                source: Source::Preferences,
                language: "de-AT".into(),
                shown: 0xdead_beef,
            },
            categories: Answers::read("performance~!targeting").expect("answers"),
            vendors: Answers::read("meta-pixel").expect("answers"),
        }
    }

    #[test]
    fn the_documented_text_is_read_and_written() {
        let text = "1.0123456789abcdef.7.1764000000.4.i.0.p.de-AT.deadbeef.performance~!targeting.meta-pixel..daa15843";
        let got = encode(&sample());
        assert_eq!(
            got.rsplit_once('.').map(|x| x.0),
            text.rsplit_once('.').map(|x| x.0)
        );
        assert_eq!(got, text);
        assert_eq!(decode(text), Ok(sample()));
    }

    #[test]
    fn every_truncation_and_every_changed_byte_is_unreadable() {
        let text = encode(&sample());
        for length in 0..text.len() {
            assert_eq!(decode(&text[..length]), Err(Unreadable), "cut at {length}");
        }
        for at in 0..text.len() {
            for other in (0x20..0x7f).filter(|&other| other != text.as_bytes()[at]) {
                let mut bytes = text.clone().into_bytes();
                bytes[at] = other;
                let changed = String::from_utf8(bytes).expect("ASCII");
                assert_eq!(decode(&changed), Err(Unreadable), "{changed}");
            }
        }
    }

    #[test]
    fn oversized_foreign_and_newer_texts_are_unreadable() {
        let mut oversized = sample();
        for n in 0..2000 {
            oversized.vendors.push(&n.to_string(), true);
        }
        let mut counted_up = sample();
        counted_up.counter = COUNTER_MAX + 1;
        let mut twice = sample();
        twice.categories.push("performance", true);
        for text in [
            encode(&oversized),
            encode(&counted_up),
            encode(&twice),
            encode(&sample()).replacen('1', "2", 1),
            "%7B%22categories%22%3A%5B%22necessary%22%5D%7D".into(),
            "yes".into(),
            "é.ü".into(),
        ] {
            assert_eq!(decode(&text), Err(Unreadable), "{text}");
        }
    }

    #[test]
    fn the_text_holds_only_what_a_cookie_value_may_hold() {
        assert!(
            encode(&sample())
                .bytes()
                .all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'"' | b',' | b';' | b'\\'))
        );
    }
}
