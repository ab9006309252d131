//! Whether a page's script may write a cookie or storage key, whose name is anything at all.
//!
//! Input: the name; then what each vendor declares, one a line, names with spaces between them.

use portcullis::consent::{Event, Reason, Record, Session, Verdict};
use portcullis::matching::name_matches;

use crate::oracle;

/// What stops one of the vendors alone.
const GRANTS_THE_SECOND: &str = "1.0000000000000001.1.1764000000.1.i.0.p.en.00000000.a~!b...";

pub fn run(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let (name, declared) = text.split_once('\n').unwrap_or((&text, ""));
    let declared: Vec<Vec<&str>> = declared
        .split('\n')
        .map(|line| {
            let words = line.split(['\t', ' ']);
            words.filter(|word| !word.is_empty()).collect()
        })
        .collect();
    // Two vendors by turns: one that is granted, one that is refused.
    let mut config = String::from("p\t1\t1\topt-in\nc\ta\t\nc\tb\t");
    for (at, names) in declared.iter().enumerate() {
        let category = ["a", "b"][at % 2];
        config += &format!("\nv\tv{at}\t{category}\t\t0\t\t\t\t{}", names.join(" "));
    }
    let fits = |names: &Vec<&str>| {
        names.iter().any(|declared| {
            let fits = oracle::glob(declared, name);
            assert_eq!(name_matches(declared, name), fits, "{declared:?} {name:?}");
            fits
        })
    };
    let declaring: Vec<usize> = (0..declared.len())
        .filter(|at| fits(&declared[*at]))
        .collect();
    let is_ours = ["portcullis", "__Host-portcullis"].contains(&name);

    let mut session = Session::new();
    assert!(session.configure(&config), "{config:?}");
    for record in [None, Record::read(&oracle::mended(GRANTS_THE_SECOND))] {
        let is_asked = record.is_some();
        session.handle(Event::Started {
            record,
            gpc: false,
            now: 1_764_000_000,
            prerendering: false,
        });
        let found = session.name(name);
        let may = declaring.is_empty() || is_asked && declaring.iter().any(|at| at % 2 == 0);
        let expected = if may && !is_ours {
            Verdict::Allow
        } else {
            Verdict::Refuse
        };
        assert_eq!(found.verdict, expected, "{name:?} {declared:?} {is_asked}");
        assert_eq!(found.reason == Reason::RecordCookie, is_ours, "{name:?}");
        let vendor_is_named = found.vendor.is_some_and(|at| declaring.contains(&at));
        assert_eq!(
            vendor_is_named,
            !declaring.is_empty() && !is_ours,
            "{name:?}"
        );
    }
}
