//! The gate, before any choice, on the addresses of `early.json`. `tests/unit/early.test.mjs` reads the same file and asks
//! the early phase's lookup.
#![cfg(feature = "tools")]

use portcullis::consent::{Event, Kind, Request, Session, Verdict};
use serde_json::Value;

fn texts(of: &Value) -> Vec<&str> {
    of.as_array()
        .expect("a list")
        .iter()
        .map(|text| text.as_str().expect("a text"))
        .collect()
}

#[test]
fn the_gate_allows_and_holds_what_the_early_phase_does() {
    let vectors: Value = serde_json::from_str(include_str!("early.json")).expect("JSON");
    for vector in vectors.as_array().expect("a list") {
        let config = texts(&vector["config"]).join("\n");
        let mut session = Session::new();
        session.configure(&config);
        session.handle(Event::Started {
            record: None,
            gpc: false,
            now: 0,
            prerendering: false,
        });
        for (key, expected) in [("pass", Verdict::Allow), ("hold", Verdict::Hold)] {
            let addresses = texts(&vector[key]);
            assert!(!addresses.is_empty());
            for address in addresses {
                let rest = address.strip_prefix("https://").expect("an https address");
                let (host, path) = rest.split_once('/').expect("a path");
                let question = format!("\t{host}\t/{path}");
                let found = session.request(Kind::Element, &Request::read(&question));
                assert_eq!(found.verdict, expected, "{}: {address}", vector["name"]);
            }
        }
    }
}
