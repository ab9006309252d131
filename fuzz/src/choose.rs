//! The writer of records. Its ballot is made by our own interface, from ids that a site's config brings.
//!
//! Input: the ballot.

use std::collections::BTreeSet;

use portcullis::consent::{Record, choose};

use crate::oracle;

pub fn run(data: &[u8]) {
    let ballot = String::from_utf8_lossy(data);
    let record = choose(&ballot);
    let text = record.as_str();
    let mut lines = ballot.split('\n');
    let head: Vec<&str> = lines.next().unwrap_or("").split('\t').collect();
    let before = lines.next().unwrap_or("");
    let (kept, objections) = before.split_once('\t').unwrap_or((before, ""));
    let (kept, objections) = (oracle::answers(kept), oracle::answers(objections));
    let lines: Vec<Vec<&str>> = lines.map(|line| line.splitn(6, '\t').collect()).collect();

    // A choice that can be said in a record is one.
    let is_sayable = head.len() == 9
        && (1..=3).all(|at| {
            let digits = head[at].bytes().all(|byte| byte.is_ascii_digit());
            digits && matches!(head[at].len(), 1..=19)
        })
        && head[1]
            .parse::<u64>()
            .is_ok_and(|counter| counter <= 1 << 31)
        && text.len() <= 4096;
    let read = Record::read(text);
    assert_eq!(read.is_some(), is_sayable, "{ballot:?} gave {text:?}");
    let Some(record) = read else { return };
    assert_eq!(record.as_str(), text);

    // Nothing is granted that the ballot does not grant.
    let granting = |kind: &str| -> BTreeSet<&str> {
        let of_kind = lines.iter().filter(|line| line[0] == kind);
        let ids = of_kind.filter(|line| {
            let at = |at: usize| line.get(at).copied().unwrap_or("");
            let stays = match kind {
                "c" => at(3) == "1",
                _ => at(3) != "0" && kept.get(at(1)) == Some(&true),
            };
            at(3) != "a" && (at(2) == "1" || at(2) != "0" && stays)
        });
        ids.filter_map(|line| line.get(1).copied()).collect()
    };
    let parts: Vec<&str> = text.split('.').collect();
    // Nothing is objected to that was not.
    for (id, _) in oracle::answers(parts[12]) {
        let said = lines.iter().any(|line| {
            let at = |at: usize| line.get(at).copied().unwrap_or("");
            let stands = at(4) == "1" || at(4).is_empty() && objections.contains_key(id);
            at(0).starts_with('v') && at(1) == id && stands
        });
        assert!(said, "{id:?} of {ballot:?} in {text:?}");
    }
    for (kind, list) in [("c", parts[10]), ("v", parts[11])] {
        let allowed = granting(kind);
        for (id, granted) in oracle::answers(list) {
            assert!(
                !granted || allowed.contains(id),
                "{id:?} of {ballot:?} in {text:?}"
            );
        }
    }
}
