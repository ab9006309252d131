//! A site to test with, and decisions about it as the page makes them.

use portcullis::consent::{Effect, Event, Grant, Record, Session, choose};

pub const NOW: u64 = 1_764_000_000;
pub const DAY: u64 = 86_400;
pub const ID: &str = "0000000000000007";

/// How many cases a property runs: as many as it wants, or of every so many one, where whoever runs the tests
/// again and again says so (`PORTCULLIS_SPARSE=20`).
pub fn cases(wanted: u32) -> u32 {
    match std::env::var("PORTCULLIS_SPARSE") {
        Ok(text) => wanted.div_ceil(text.parse().expect("PORTCULLIS_SPARSE is a number")),
        Err(_) => wanted,
    }
}

/// Four categories, two of them sale or sharing; seven vendors of every kind. Two share an address.
pub const CONFIG: &str = "c\tnecessary\ta\nc\tperformance\t\nc\tfunctional\t\nc\ttargeting\ts\n\
v\tkept\tnecessary\t\t0\t\t\tkept.example\tkept\n\
v\tanalytics\tperformance\tgr\t0\t\t\tanalytics.example shared.example/js\t_a _shared\n\
v\tads\ttargeting\tg\t0\t\t\tads.example shared.example/js\t_b _shared\n\
v\tcontainer\tfunctional\tgr\t0\tperformance targeting\t\tcontainer.example\t\n\
v\tlogin\tfunctional\td\t0\t\t\tlogin.example\t_l\n\
v\tneedy\tfunctional\t\t0\t\tlogin\tneedy.example\t_n\n\
v\tnewer\ttargeting\tr\t5\t\t\tnewer.example\t_c";
pub const CATEGORIES: [&str; 4] = ["necessary", "performance", "functional", "targeting"];
pub const VENDORS: [(&str, usize); 7] = [
    ("kept", 0),
    ("analytics", 1),
    ("ads", 3),
    ("container", 2),
    ("login", 2),
    ("needy", 2),
    ("newer", 3),
];
pub const CONTAINER: usize = 3;
pub const LOGIN: usize = 4;
pub const NEEDY: usize = 5;
pub const NEWER: usize = 6;
pub const NEWER_SINCE: u32 = 5;

/// What a visitor decides at once.
#[derive(Clone, Copy, Debug)]
pub enum Decision {
    All(bool),
    Category(usize, bool),
    Vendor(usize, bool),
}

/// What is said of a record before its answers.
#[derive(Clone, Copy, Debug)]
pub struct Head<'a> {
    pub id: &'a str,
    pub counter: u64,
    pub at: u64,
    pub revision: u32,
    pub regime: u8,
    pub gpc: bool,
}

impl Head<'_> {
    pub fn text(self) -> String {
        let Self {
            id,
            counter,
            at,
            revision,
            regime,
            gpc,
        } = self;
        let (regime, gpc) = (regime as char, u8::from(gpc));
        format!("{id}\t{counter}\t{at}\t{revision}\t{regime}\t{gpc}\tp\ten\t00000001")
    }
}

/// The record of a decision, as `js/ui/choose.ts` has it made: about everything, or about one thing.
/// `seen`: all that is stored. The choice counts one higher than any of it.
pub fn decided(
    session: &Session,
    decision: Decision,
    id: &str,
    now: u64,
    seen: &[Record],
) -> Record {
    let (config, standing) = (session.config(), session.standing());
    let before = standing.record.as_ref();
    let counters = before.into_iter().chain(seen).map(Record::counter);
    let head = Head {
        id: before.map_or(id, Record::id),
        counter: counters.max().unwrap_or(0) + 1,
        at: now,
        revision: config.revision,
        regime: config.regime as u8,
        gpc: standing.gpc,
    };
    let kept = match decision {
        Decision::All(_) => "",
        _ => before.map_or("", |record| record.vendors().0),
    };
    let of_category = |at: usize| match decision {
        Decision::All(on) => u8::from(on).to_string(),
        Decision::Category(of, on) if of == at => u8::from(on).to_string(),
        _ => String::new(),
    };
    let mut ballot = format!("{}\n{kept}", head.text());
    for (at, category) in config.categories.iter().enumerate() {
        let stands = match standing.category(config, at) {
            Grant::AlwaysActive => 'a',
            Grant::Granted => '1',
            _ => '0',
        };
        ballot += &format!("\nc\t{}\t{}\t{stands}", category.id, of_category(at));
    }
    for (at, vendor) in config.vendors.iter().enumerate() {
        let decided = match decision {
            Decision::Vendor(of, on) if of == at => u8::from(on).to_string(),
            _ => String::new(),
        };
        let category = vendor.category.map_or(String::new(), of_category);
        ballot += &format!("\nv\t{}\t{decided}\t{category}", vendor.id);
    }
    choose(&ballot)
}

/// A record that answers for whole categories.
pub fn answered(head: Head, answers: &[(&str, bool)]) -> Record {
    let mut ballot = head.text() + "\n";
    for (category, on) in answers {
        ballot += &format!("\nc\t{category}\t{}\t0", u8::from(*on));
    }
    choose(&ballot)
}

pub fn configured(text: &str) -> Session<'_> {
    let mut session = Session::new();
    assert!(session.configure(text), "{text}");
    session
}

/// What follows from an event.
pub fn follows(session: &mut Session, event: Event) -> Vec<Effect> {
    session.handle(event);
    std::mem::take(session.effects())
}

/// What a session wants written, if anything.
pub fn written(session: &mut Session) -> Option<Record> {
    let effects = std::mem::take(session.effects());
    let writes = effects.iter().any(|of| matches!(of, Effect::Persist(_)));
    session.standing().record.clone().filter(|_| writes)
}

pub fn granted(session: &Session, at: usize) -> bool {
    session.standing().vendor(session.config(), at).is_granted()
}
