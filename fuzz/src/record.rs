//! The record decoder: what is stored under our name, as `document.cookie` shows it to a page on which
//! anybody may have written. I-3: what cannot be read is not consent.
//!
//! Input: the values stored under our name, one a line.

use portcullis::consent::{Answers, Record};
use portcullis::fields::fields;

use crate::oracle;

/// So many places of a record are damaged in turn.
const PLACES: usize = 24;

pub fn run(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    for line in text.split('\n') {
        decode(line);
        // Few texts that nobody wrote have a right checksum: each gets the one that it lacks.
        decode(&oracle::mended(line));
    }
    several(&text);
    let mended: Vec<String> = text.split('\n').map(oracle::mended).collect();
    several(&mended.join("\n"));
}

fn decode(text: &str) {
    let read = Record::read(text);
    assert_eq!(read.is_some(), oracle::is_record(text), "{text:?}");
    let Some(record) = read else { return };
    assert_eq!(record.as_str(), text);
    let parts: Vec<&str> = text.split('.').collect();
    assert_eq!(record.id(), parts[1]);
    assert_eq!(parts[2].parse(), Ok(record.counter()));
    assert_eq!(parts[3].parse(), Ok(record.at()));
    assert_eq!(record.is_opt_in(), parts[5] == "i");
    assert_eq!(record.gpc(), parts[6] == "1");
    answered(record.categories(), parts[10]);
    answered(record.vendors(), parts[11]);
    answered(record.objections(), parts[12]);
    damaged(text);
}

fn answered(read: Answers, list: &str) {
    for (id, granted) in oracle::answers(list) {
        assert_eq!(read.get(id), Some(granted), "{id:?} of {list:?}");
    }
    assert_eq!(read.get("never-answered-about"), None);
}

/// Cut short, or with one byte changed, a record is none any more.
fn damaged(text: &str) {
    let step = (text.len() / PLACES).max(1);
    for at in (0..text.len()).step_by(step) {
        if let Some(short) = text.get(..at) {
            assert_eq!(Record::read(short), None, "cut at {at}: {text:?}");
        }
        for bit in [0x01, 0x02, 0x10, 0x80] {
            let mut bytes = text.as_bytes().to_vec();
            bytes[at] ^= bit;
            if let Ok(changed) = String::from_utf8(bytes) {
                assert_eq!(
                    Record::read(&changed),
                    None,
                    "{at}: {text:?} to {changed:?}"
                );
            }
        }
    }
}

/// Of several the one that grants less is believed, in whatever order they come.
fn several(stored: &str) {
    let grants = |text: &str| {
        let parts: Vec<&str> = text.split('.').collect();
        let said = |at: usize| {
            let members = parts[at].split('~');
            let yes = members.filter(|id| !id.is_empty() && !id.starts_with('!'));
            yes.count() as i64
        };
        // What is objected to counts against it.
        said(10) + said(11) - said(12)
    };
    let lines = stored.split('\n').filter(|line| oracle::is_record(line));
    let believed = lines.min_by_key(|line| (grants(line), *line));
    let read = Record::read_all(fields(stored, b'\n'));
    assert_eq!(read.as_ref().map(Record::as_str), believed, "{stored:?}");
    let backwards: Vec<&str> = stored.rsplit('\n').collect();
    assert_eq!(read, Record::read_all(fields(&backwards.join("\n"), b'\n')));
}
