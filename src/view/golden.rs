//! Whole trees, kept as files: what changes in the interface shows in the diff.
//!
//! `UPDATE_GOLDEN=1 cargo test` writes them anew.

use std::fs;
use std::path::Path;

use super::{Command, Input, Preferences, banner, report};

/// Records from lines, with `|` between the fields, and every English text, filled from the facts as
/// the page does it.
fn input(lines: &[&str]) -> Input {
    let mut text = String::new();
    for line in lines {
        text.push_str(&line.replace('|', "\u{1f}"));
        text.push('\u{1e}');
    }
    let locale = concat!(env!("CARGO_MANIFEST_DIR"), "/locales/en.json");
    let mut english = fs::read_to_string(locale).expect("the English texts");
    for fact in lines.iter().filter_map(|line| line.strip_prefix("t|")) {
        let (name, value) = fact.split_once('|').expect("a fact");
        english = english.replace(&format!("{{{name}}}"), value);
    }
    // One text a line, and none with an escape in it.
    for pair in english.lines().filter_map(|line| line.split_once("\": \"")) {
        let key = pair.0.trim_start().trim_start_matches('"');
        let value = pair.1.trim_end_matches(',').trim_end_matches('"');
        text.push_str(&format!("t\u{1f}{key}\u{1f}{value}\u{1e}"));
    }
    Input::new(text.into())
}

/// A tree as lines, indented; fails where an element is not closed.
fn lines(tree: &str) -> String {
    let mut depth = 0_usize;
    let mut out = String::new();
    for token in tree.split_terminator('\u{1e}') {
        if token == ">" {
            depth = depth.checked_sub(1).expect("an element to end");
            continue;
        }
        out.push_str(&"  ".repeat(depth));
        out.push_str(token);
        out.push('\n');
        depth += usize::from(token.starts_with('<'));
    }
    assert_eq!(depth, 0, "every element ends");
    out
}

fn text(tree: Vec<u8>) -> String {
    String::from_utf8(tree).expect("a text")
}

fn matches(name: &str, tree: Vec<u8>) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("src/view/golden")
        .join(name);
    let drawn = lines(&text(tree));
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&path, &drawn).expect("a file to write");
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(drawn, kept, "{name}; UPDATE_GOLDEN=1 writes it anew");
}

const FACTS: [&str; 6] = [
    "t|site|Acme",
    "t|partners|\u{1d}3 partners\u{1d}",
    "t|notice|/privacy#cookies",
    "t|layout|bottom",
    "t|record|0123456789abcdef",
    "t|date|24 November 2026",
];

#[test]
fn banners() {
    for (name, facts) in [
        ("banner-opt-in.txt", ["t|regime|opt-in", "t|why|first", ""]),
        (
            "banner-new.txt",
            ["t|regime|opt-in", "t|why|new", "t|names|Stats and Ads"],
        ),
        (
            "banner-opt-out.txt",
            ["t|regime|opt-out", "t|why|first", "t|gpc|1"],
        ),
        ("banner-notice.txt", ["t|regime|notice", "t|why|first", ""]),
    ] {
        let known = [FACTS.as_slice(), facts.as_slice()].concat();
        matches(name, banner(&input(&known)));
    }
}

fn centre() -> Preferences {
    let rows = [
        "c|necessary|1|1|Strictly Necessary Cookies|Needed.|",
        "c|analytics|Exempt.|1|Analytics Cookies|Measure.|· 1 vendor",
        "c|performance||0|Performance Cookies|Count.|· 2 vendors",
        "c|targeting||m|Targeting Cookies|Advertise.|· 2 vendors",
        "v|portcullis|necessary|1|Acme||c|0||acme",
        "v|own|analytics|1|Own|Own Ltd, Ireland|c|0||own",
        "v|stats|performance|0|Stats|Stats Ltd, Ireland|cl|1||stats",
        // As a category is called: ids of elements must differ.
        "v|performance|performance|0|Second||c|0||second",
        "v|ads|targeting|1|Ads|Ads SA, France|c|0||ads",
        "v|more|targeting|0|More||l|0||more",
        "v|box|performance|0|Box|||0|Brings other tags.|box",
        "t|allConsent|Consent, all that are shown",
        "t|allInterest|Leg. Interest, all that are shown",
        "t|rights|https://acme.example/rights",
    ];
    Preferences::new(input(&[FACTS.as_slice(), rows.as_slice()].concat()))
}

#[test]
fn preference_centre() {
    let mut centre = centre();
    matches("preferences.txt", centre.tree());
    assert_eq!(centre.act(b"open", b"performance", b""), Command::None);
    assert_eq!(centre.act(b"vendor", b"stats", b""), Command::None);
    assert_eq!(centre.act(b"category", b"targeting", b""), Command::None);
    matches("preferences-open.txt", centre.tree());
}

#[test]
fn vendor_list() {
    let mut centre = centre();
    centre.act(b"vendors", b"", b"");
    centre.act(b"filter", b"", b"");
    centre.act(
        b"details",
        b"stats",
        DETAILS
            .replace('|', "\u{1f}")
            .replace('\n', "\u{1e}")
            .as_bytes(),
    );
    matches("vendors.txt", centre.tree());
    matches("vendors-block.txt", blocks(&centre));
}

/// The rows of all blocks of the list.
fn blocks(centre: &Preferences) -> Vec<u8> {
    (0..3).flat_map(|at| centre.block(at)).collect()
}

const DETAILS: &str = "d|https://stats.example/privacy|javascript:alert(1)|Data is kept: 13 months.\n\
    k|_st|tells visitors apart · this site · 2 years\n";

#[test]
fn report_of_a_withdrawal() {
    let rows = [
        "v|ads|Ads|Stopped.|Erased: _ads.",
        "v|more|More|Was not running on this page.",
    ];
    matches("report.txt", report(&input(&rows)));
}

/// Banner, centre and report stand in one shadow root: an id that is there twice names the wrong thing.
#[test]
fn ids_are_there_once_and_references_lead_to_them() {
    let facts = [FACTS.as_slice(), &["t|regime|opt-in"]].concat();
    let mut list = centre();
    list.act(b"vendors", b"", b"");
    let listed = [list.tree(), blocks(&list)].concat();
    for centre in [centre().tree(), listed] {
        ids_lead(
            &[banner(&input(&facts)), centre, report(&input(&[]))]
                .map(text)
                .concat(),
        );
    }
}

fn ids_lead(all: &str) {
    let of = |start: &'static str| {
        all.split('\u{1e}')
            .filter_map(move |token| token.strip_prefix(start))
    };
    let ids: Vec<_> = of("@id=").collect();
    let mut once = ids.clone();
    once.sort_unstable();
    once.dedup();
    assert_eq!(once.len(), ids.len(), "{ids:?}");
    for name in of("@aria-labelledby=").chain(of("@aria-controls=")) {
        for name in name.split(' ') {
            assert!(ids.contains(&name), "{name}");
        }
    }
}
