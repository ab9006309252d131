//! I-5: once a grant is taken back nothing of the vendor passes, under whatever name it is asked for, until it
//! is granted again.

use portcullis::consent::{Effect, Event, Kind, Reason, Regime, Request, Session, Verdict};
use proptest::prelude::*;

use crate::site::{
    CATEGORIES, CONFIG, DAY, Decision, ID, LOGIN, NOW, VENDORS, cases, configured, decided,
    follows, granted,
};

const NAMES: [&[&str]; 7] = [
    &["kept"],
    &["_a", "_shared"],
    &["_b", "_shared"],
    &[],
    &["_l"],
    &["_n"],
    &["_c"],
];
/// Of those whose claims and names others share.
const ANALYTICS: usize = 1;
const ADS: usize = 2;

#[derive(Clone, Debug)]
struct Visit {
    regime: Regime,
    gpc: bool,
    granted: Vec<Decision>,
    /// What ran before: vendors that were started, tags and requests that passed.
    settled: [bool; 7],
    withdrawn: Decision,
    /// The withdrawal is made in another tab.
    elsewhere: bool,
}

fn decision(on: impl Strategy<Value = bool> + Clone) -> impl Strategy<Value = Decision> {
    prop_oneof![
        on.clone().prop_map(Decision::All),
        (1..CATEGORIES.len(), on.clone()).prop_map(|(at, on)| Decision::Category(at, on)),
        (1..VENDORS.len(), on).prop_map(|(at, on)| Decision::Vendor(at, on)),
    ]
}

fn visit() -> impl Strategy<Value = Visit> {
    let regime = prop_oneof![
        Just(Regime::OptIn),
        Just(Regime::OptOut),
        Just(Regime::Notice)
    ];
    let given = proptest::collection::vec(decision(prop::bool::weighted(0.8)), 1..5);
    (
        regime,
        any::<bool>(),
        given,
        any::<[bool; 7]>(),
        decision(Just(false)),
        any::<bool>(),
    )
        .prop_map(
            |(regime, gpc, granted, settled, withdrawn, elsewhere)| Visit {
                regime,
                gpc,
                granted,
                settled,
                withdrawn,
                elsewhere,
            },
        )
}

type Outcome = Result<(), TestCaseError>;

/// Every way in which something of a vendor may be asked for: its hosts, and whatever markup says beside.
fn asked(vendor: usize) -> Vec<String> {
    let own = format!("{}.example", VENDORS[vendor].0);
    let mut asked = Vec::new();
    for (host, path) in [
        (own.clone(), "/"),
        (format!("{own}."), "/x?y=z"),
        (format!("a.b.{own}"), ""),
        ("shared.example".into(), "/js"),
    ] {
        if host.starts_with("shared") && ![ANALYTICS, ADS].contains(&vendor) {
            continue;
        }
        for flags in ["o", "mni"] {
            asked.push(format!("{flags}\t{host}\t{path}"));
            asked.extend(CATEGORIES.map(|id| format!("{flags}\t{host}\t{path}\t{id}")));
            asked.extend(VENDORS.map(|(id, _)| format!("{flags}\t{host}\t{path}\t\t{id}")));
        }
    }
    // Text in the page, and an address that nobody claims, marked with the vendor.
    let (id, category) = (VENDORS[vendor].0, CATEGORIES[VENDORS[vendor].1]);
    asked.push(format!("oi\t\t\t\t{id}"));
    asked.push(format!("\tstray.example\t/\t{category}\t{id}"));
    asked
}

/// Whether another vendor's grant is enough for what this one is asked for.
fn shares(session: &Session, vendor: usize, name: bool, text: &str) -> bool {
    let other = match vendor {
        ANALYTICS => ADS,
        ADS => ANALYTICS,
        _ => return false,
    };
    (name || text.contains("shared.example")) && session.vendor(other).permits()
}

/// Nothing of a vendor passes.
fn is_shut(session: &mut Session, vendor: usize) -> Outcome {
    let id = VENDORS[vendor].0;
    for text in asked(vendor) {
        let request = Request::read(&text);
        for kind in [Kind::Element, Kind::Call] {
            let (found, passed) = (
                session.request(kind, &request),
                session.pass(kind, &request),
            );
            prop_assert_eq!(found, passed, "a question and a request are answered alike");
            let may = shares(session, vendor, false, &text);
            let passes = found.verdict == Verdict::Allow;
            prop_assert!(may || !passes, "I-5: {id} passed as {text:?}: {found:?}");
        }
    }
    for name in NAMES[vendor] {
        let found = session.name(name);
        let may = *name == "_shared" && shares(session, vendor, true, name);
        prop_assert_eq!(
            found.verdict == Verdict::Allow,
            may,
            "I-5: {} wrote {}",
            id,
            name
        );
    }
    Ok(())
}

/// Gives the page turns, until nothing more is on its way: what was started, and what was released.
fn turns(session: &mut Session, settled: &[bool; 7]) -> (Vec<usize>, Vec<u32>) {
    let (mut started, mut released) = (Vec::new(), Vec::new());
    loop {
        let effects = follows(session, Event::Turn);
        if effects.is_empty() {
            return (started, released);
        }
        for effect in effects {
            match effect {
                Effect::Start(at) => {
                    started.push(at);
                    if settled[at] {
                        session.handle(Event::VendorSettled(at));
                        session.effects().clear();
                    }
                }
                Effect::Release { id, .. } => released.push(id),
                _ => {}
            }
        }
    }
}

fn run(visit: &Visit) -> Outcome {
    let regime = match visit.regime {
        Regime::OptIn => "opt-in",
        Regime::OptOut => "opt-out",
        Regime::Notice => "notice",
    };
    let text = format!("p\t1\t6\t{regime}\thold\t180\tacme.example\tpage\t0\n{CONFIG}");
    let mut session = configured(&text);
    session.handle(Event::Started {
        record: None,
        gpc: visit.gpc,
        now: NOW,
        prerendering: false,
    });
    let choose = |session: &mut Session, decision, elsewhere| {
        let record = decided(session, decision, ID, NOW, &[]);
        follows(
            session,
            if elsewhere {
                Event::RecordChanged {
                    record: Some(record),
                    now: NOW,
                }
            } else {
                Event::Chosen { record, now: NOW }
            },
        )
    };
    for decision in &visit.granted {
        choose(&mut session, *decision, false);
    }
    session.handle(Event::Demanded(LOGIN));
    for (at, (id, _)) in VENDORS.iter().enumerate() {
        session.hold(at as u32, &format!("o\t{id}.example\t/tag"));
        if visit.settled[at] {
            session.pass(
                Kind::Call,
                &Request::read(&format!("\t{id}.example\t/call")),
            );
        }
    }
    turns(&mut session, &visit.settled);
    // And some that nobody could release in time.
    for (at, (id, _)) in VENDORS.iter().enumerate() {
        session.hold(100 + at as u32, &format!("o\t{id}.example\t/late"));
    }

    let all = 0..VENDORS.len();
    let before: Vec<bool> = all.clone().map(|at| granted(&session, at)).collect();
    let ran: Vec<bool> = all.clone().map(|at| session.has_run(at)).collect();
    let effects = choose(&mut session, visit.withdrawn, visit.elsewhere);

    // What was taken back is not granted.
    for (at, (id, category)) in VENDORS.iter().enumerate() {
        let is_meant = match visit.withdrawn {
            Decision::All(_) => true,
            // A container runs for what it carries.
            Decision::Category(of, _) => of == *category && *id != "container",
            Decision::Vendor(of, _) => of == at,
        };
        prop_assert!(
            !(is_meant && at > 0 && granted(&session, at)),
            "I-5: {id} is granted still"
        );
        prop_assert!(at > 0 || granted(&session, at), "what is necessary stays");
    }
    // It is switched off where it ran, then withdrawn; all that before anything opens.
    let opens = |effect: &Effect| {
        matches!(
            effect,
            Effect::Granted(_) | Effect::Resume(_) | Effect::Start(_) | Effect::Release { .. }
        )
    };
    let first_open = effects.iter().position(opens).unwrap_or(effects.len());
    for at in all.clone() {
        let is_withdrawn = before[at] && !granted(&session, at);
        let place = |wanted: Effect| effects.iter().position(|effect| *effect == wanted);
        let (off, withdrawn) = (place(Effect::SwitchOff(at)), place(Effect::Withdrawn(at)));
        prop_assert_eq!(
            withdrawn.is_some(),
            is_withdrawn,
            "I-5: {} in {:?}",
            at,
            &effects
        );
        prop_assert_eq!(
            off.is_some(),
            is_withdrawn && ran[at],
            "I-5: {} in {:?}",
            at,
            &effects
        );
        prop_assert!(off <= withdrawn && withdrawn.is_none_or(|place| place < first_open));
    }
    // Nothing of it passes, starts or is released, however long the page stays.
    let (started, released) = turns(&mut session, &[true; 7]);
    let shut: Vec<usize> = all.clone().filter(|at| !granted(&session, *at)).collect();
    for &at in &shut {
        is_shut(&mut session, at)?;
        prop_assert!(!started.contains(&at), "I-5: {at} was started");
        let own = |id: &u32| *id as usize % 100 == at;
        prop_assert!(!released.iter().any(own), "I-5: a tag of {at} was released");
    }
    let now = NOW + 400 * DAY;
    session.handle(Event::RecordChanged { record: None, now });
    for &at in &shut {
        is_shut(&mut session, at)?;
    }

    // Granted again, what ran before goes on only if it can be told to.
    let was_off: Vec<bool> = all.map(|at| session.has_run(at)).collect();
    let effects = choose(&mut session, Decision::All(true), false);
    for at in shut {
        if !granted(&session, at) {
            continue;
        }
        let resumes = session.config().vendors[at].is_resumable();
        let waits = was_off[at] && !resumes;
        prop_assert_eq!(session.vendor(at) == Reason::NextPage, waits, "I-5: {}", at);
        prop_assert_eq!(
            effects.contains(&Effect::Resume(at)),
            was_off[at] && resumes,
            "I-5: {} in {:?}",
            at,
            &effects
        );
        if waits {
            is_shut(&mut session, at)?;
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(500), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_of_a_vendor_passes_after_a_withdrawal(visit in visit()) {
        run(&visit)?;
    }
}

/// The property holds only what it sees: with everything granted, everything is let through.
#[test]
fn what_is_granted_passes() {
    let text = format!("p\t1\t6\topt-in\thold\t180\tacme.example\tpage\t0\n{CONFIG}");
    let mut session = configured(&text);
    session.handle(Event::Started {
        record: None,
        gpc: false,
        now: NOW,
        prerendering: false,
    });
    let record = decided(&session, Decision::All(true), ID, NOW, &[]);
    session.handle(Event::Chosen { record, now: NOW });
    for (at, names) in NAMES.iter().enumerate() {
        for text in asked(at) {
            let found = session.request(Kind::Element, &Request::read(&text));
            assert_eq!(found.verdict, Verdict::Allow, "{text:?}: {found:?}");
        }
        for name in *names {
            assert_eq!(session.name(name).verdict, Verdict::Allow, "{name}");
        }
    }
}
