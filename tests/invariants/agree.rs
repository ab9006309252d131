//! Category and vendor choices always agree: whatever is switched in the preference centre, in whatever order,
//! what is shown before it is confirmed is what holds afterwards, and what is shown when it is opened again.

use portcullis::consent::{Event, Session, choose};
use portcullis::view::{Command, Input, Preferences};
use proptest::prelude::*;

use crate::site::{NOW, cases};

const CATEGORIES: [&str; 4] = ["necessary", "performance", "targeting", "empty"];
/// Category, and the letters of its bases.
const VENDORS: [(&str, &str); 7] = [
    ("performance", "c"),
    ("performance", "cl"),
    ("targeting", "c"),
    ("targeting", "c"),
    ("targeting", "l"),
    ("necessary", "c"),
    ("performance", "c"),
];

fn config() -> String {
    let mut text = String::from("p\t1\t1\topt-in\thold\t180\tacme.example\tpage\t0");
    for id in CATEGORIES {
        let flags = if id == "necessary" { "a" } else { "" };
        text += &format!("\nc\t{id}\t{flags}");
    }
    for (at, (category, bases)) in VENDORS.iter().enumerate() {
        let flags = ["", "l", "lL"][usize::from(bases.contains('l')) + usize::from(*bases == "l")];
        text += &format!("\nv\tv{at}\t{category}\t{flags}\t\t\t\tv{at}.example\t");
    }
    text
}

/// What the interface is given: as `js/ui/facts.ts` writes it.
fn input(session: &Session) -> Input {
    let mut text = String::new();
    for (at, id) in CATEGORIES.iter().enumerate() {
        let always = if at == 0 { "1" } else { "" };
        let mark = session.category_mark(at) as char;
        text += &format!("c|{id}|{always}|{mark}|{id}||1\n");
    }
    let record = session.standing().record.as_ref();
    for (at, (category, bases)) in VENDORS.iter().enumerate() {
        let on = u8::from(session.vendor(at).permits());
        let id = format!("v{at}");
        let objected = record.is_none_or(|record| record.objections().get(&id).is_some());
        let interest = u8::from(bases.contains('l') && !objected);
        text += &format!("v|{id}|{category}|{on}|{id}||{bases}|{interest}||{id}\n");
    }
    Input::new(text.replace('|', "\u{1f}").replace('\n', "\u{1e}").into())
}

/// How each category's switch is drawn: `1`, `0` or `m`; none for what is always active.
fn drawn(preferences: &Preferences) -> Vec<(String, char)> {
    let tree = String::from_utf8(preferences.tree()).expect("a text");
    let mut marks = Vec::new();
    for part in tree.split("@data-category=").skip(1) {
        let (id, rest) = part.split_once('\u{1e}').expect("an id");
        let own = rest.split('>').next().unwrap_or_default();
        let mark = match own {
            own if own.contains(".checked") => '1',
            own if own.contains(".indeterminate") => 'm',
            _ => '0',
        };
        marks.push((id.to_owned(), mark));
    }
    marks
}

/// What confirming writes, as `js/ui/choose.ts` hands it over.
fn confirmed(session: &Session, lines: &str) -> portcullis::consent::Record {
    let said = |letter: char, id: &str| {
        lines
            .lines()
            .find(|line| line.starts_with(letter) && line.get(2..) == Some(id))
            .map_or("", |line| &line[1..2])
    };
    let record = session.standing().record.as_ref();
    let before = record.map_or(String::new(), |record| {
        format!("{}\t{}", record.vendors().0, record.objections().0)
    });
    let mut ballot = format!("0123456789abcdef\t1\t{NOW}\t1\ti\t0\tp\ten\t00000000\n{before}");
    for (at, id) in CATEGORIES.iter().enumerate() {
        let grant = session.standing().category(session.config(), at);
        let stands = if at == 0 {
            "a".into()
        } else {
            u8::from(grant.is_granted()).to_string()
        };
        ballot += &format!("\nc\t{id}\t{}\t{stands}", said('c', id));
    }
    for (at, (category, _)) in VENDORS.iter().enumerate() {
        let id = format!("v{at}");
        let (own, of, objects) = (said('v', &id), said('c', category), said('o', &id));
        ballot += &format!("\nv\t{id}\t{own}\t{of}\t{objects}");
    }
    choose(&ballot)
}

fn action() -> impl Strategy<Value = (&'static str, String)> {
    prop_oneof![
        (0..CATEGORIES.len()).prop_map(|at| ("category", CATEGORIES[at].to_owned())),
        (0..VENDORS.len()).prop_map(|at| ("vendor", format!("v{at}"))),
        (0..VENDORS.len()).prop_map(|at| ("interest", format!("v{at}"))),
        (0..CATEGORIES.len()).prop_map(|at| ("vendors", CATEGORIES[at].to_owned())),
        prop_oneof![Just("consent"), Just("interest")].prop_map(|id| ("all", id.to_owned())),
        (0..4usize).prop_map(|at| ("search", ["", "v", "v1", "nobody"][at].to_owned())),
        Just(("back", String::new())),
    ]
}

/// A switch is only there where it can be pressed.
fn is_there(action: &str, id: &str) -> bool {
    let vendor = |id: &str| VENDORS[id[1..].parse::<usize>().expect("a number")];
    match action {
        "category" => id != "necessary",
        "vendor" => vendor(id).1.contains('c') && vendor(id).0 != "necessary",
        "interest" => vendor(id).1.contains('l'),
        _ => true,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(4000), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_shown_is_what_holds(visits in proptest::collection::vec(proptest::collection::vec(action(), 0..12), 1..4)) {
        let text = config();
        let mut session = Session::new();
        prop_assert!(session.configure(&text));
        session.handle(Event::Started { record: None, gpc: false, now: NOW, prerendering: false });
        for actions in visits {
            let mut preferences = Preferences::new(input(&session));
            for (action, id) in actions {
                if is_there(action, &id) {
                    preferences.act(action.as_bytes(), id.as_bytes(), b"");
                }
            }
            preferences.act(b"back", b"", b"");
            let shown = drawn(&preferences);
            let Command::Choose(lines) = preferences.act(b"confirm", b"", b"") else {
                panic!("confirming chooses");
            };
            let lines = String::from_utf8(lines).expect("a text");
            let record = confirmed(&session, &lines);
            session.handle(Event::Chosen { record, now: NOW });
            session.effects().clear();
            for (id, mark) in &shown {
                let at = session.config().category(id).expect("a category");
                // A vendor of legitimate interest alone has no switch for consent: it follows its category.
                let switched: Vec<bool> = VENDORS
                    .iter()
                    .enumerate()
                    .filter(|(_, (of, bases))| of == id && bases.contains('c'))
                    .map(|(at, _)| session.vendor(at).permits())
                    .collect();
                let holds = match (switched.contains(&true), switched.contains(&false)) {
                    (true, true) => 'm',
                    (true, false) => '1',
                    (false, true) => '0',
                    (false, false) => {
                        let grant = session.standing().category(session.config(), at);
                        if grant.is_granted() { '1' } else { '0' }
                    }
                };
                prop_assert_eq!(holds, *mark, "{}: {:?}", id, lines);
            }
            prop_assert_eq!(drawn(&Preferences::new(input(&session))), shown);
        }
    }
}
