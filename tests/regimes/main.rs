//! The table of jurisdictions, as visitors meet it: what they are shown and what runs, by place, browser
//! signal and visit. The expectations are written down here a second time, from the laws' summaries, and
//! not read from `regimes/`.

use portcullis::consent::{Effect, Event, Grant, Pending, Record, Regime, Session, choose};
use portcullis::regimes::Jurisdiction;
use portcullis::view::{Input, banner};

const DAY: u64 = 86_400;
const NOW: u64 = 1_764_000_000;

/// Asked first, told and may opt out, told.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Model {
    In,
    Out,
    Note,
}
use Model::{In, Note, Out};

/// Places; model; whether a way to say no stands in the banner; days until the next question.
const TABLE: [(&str, Model, bool, u64); 14] = [
    (
        "AT BE BG HR CY CZ DK EE FI DE GR HU IE LV LT LU MT NL PL PT RO SK SI SE",
        In,
        true,
        180,
    ),
    ("FR GP MQ GF RE YT MF IT SM VA ES", In, true, 180),
    ("IS LI NO GB GI IM JE GG CH", In, true, 180),
    ("BR CA-QC CA", In, true, 180),
    ("CA-ON CA-BC CA-AB", Out, true, 365),
    ("US-CA US", Out, true, 365),
    (
        "US-CO US-CT US-DE US-MD US-MN US-MT US-NE US-NH US-NJ US-OR US-TX",
        Out,
        true,
        365,
    ),
    ("US-VA US-UT US-FL US-WY", Out, true, 365),
    ("JP", Note, true, 365),
    ("KR", In, true, 365),
    ("TR TH ZA IN", In, true, 365),
    ("AU NZ SG MX AR", Note, false, 365),
    ("XX ZZ", In, true, 180),
    ("AQ", In, true, 180),
];

const CONFIG: &str = "p\t1\t1\tauto\tallow\t\tacme.example\tpage\t0\n\
    c\tnecessary\ta\nc\tperformance\t\nc\ttargeting\ts\n\
    v\tcount\tperformance\t\t\t\t\tcount.example\t\n\
    v\tads\ttargeting\t\t\t\t\tads.example\t";

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Visit {
    First,
    Returning { accepted: bool },
    Expired { accepted: bool },
}

fn jurisdiction<'r>(region: &'r str, zone: &str) -> Jurisdiction<'r> {
    portcullis::regimes::jurisdiction(region.as_bytes(), zone.as_bytes())
}

/// A visit's session once the region is known, and what there was to ask.
fn visit(region: &str, gpc: bool, which: Visit) -> (Session<'static>, Option<Pending>, Regime) {
    let found = jurisdiction(region, "");
    let regime = Regime::read(found.model());
    let days: u64 = found.days().parse().expect("days");
    let record = |accepted: bool, at: u64| {
        let letter = regime as u8 as char;
        let answer = u8::from(accepted);
        let lines = format!("c\tperformance\t{answer}\t\nc\ttargeting\t{answer}\t");
        let head = format!("0123456789abcdef\t1\t{at}\t1\t{letter}\t0\ta\ten\t00000000");
        choose(&format!("{head}\n\n{lines}"))
    };
    let stored = match which {
        Visit::First => None,
        Visit::Returning { accepted } => Some(record(accepted, NOW - (days - 1) * DAY)),
        Visit::Expired { accepted } => Some(record(accepted, NOW - (days + 1) * DAY)),
    };
    let mut session = Session::new();
    assert!(session.configure(CONFIG));
    session.handle(Event::Started {
        record: stored
            .as_ref()
            .and_then(|stored| Record::read(stored.as_str())),
        gpc,
        now: NOW,
        prerendering: false,
    });
    // Until the region is known the strictest holds: nothing runs that somebody has to be asked about.
    if !matches!(which, Visit::Returning { accepted: true }) {
        for at in 0..2 {
            assert!(!session.standing().vendor(session.config(), at).is_granted());
        }
    }
    session.effects().clear();
    session.handle(Event::RegionKnown {
        regime,
        valid_days: days as u32,
        now: NOW,
    });
    let mut asked = None;
    for effect in session.effects().drain(..) {
        match effect {
            Effect::Ask(why) => asked = Some(why),
            Effect::Asked => asked = None,
            _ => {}
        }
    }
    (session, asked, regime)
}

/// What is granted of what only counts, and of what sells.
fn granted(session: &Session) -> (Grant, Grant) {
    let of = |at| session.standing().vendor(session.config(), at);
    (of(0), of(1))
}

fn drawn(region: &str, gpc: bool) -> String {
    let found = jurisdiction(region, "");
    let facts = [
        ("regime", found.model()),
        ("link", found.link()),
        ("gpc", if gpc { "1" } else { "0" }),
    ];
    let text: String = facts
        .iter()
        .map(|(name, fact)| format!("t\u{1f}{name}\u{1f}{fact}\u{1e}"))
        .collect();
    String::from_utf8(banner(&Input::new(text.into()))).expect("a text")
}

fn each(mut test: impl FnMut(&str, Model, bool, u64)) {
    for (places, model, can_refuse, days) in TABLE {
        for place in places.split(' ') {
            test(place, model, can_refuse, days);
        }
    }
}

#[test]
fn every_place_has_its_model_and_its_interval() {
    each(|place, model, _, days| {
        let found = jurisdiction(place, "");
        let word = match model {
            In => "opt-in",
            Out => "opt-out",
            Note => "notice",
        };
        assert_eq!(
            (found.model(), found.days()),
            (word, days.to_string().as_str()),
            "{place}"
        );
    });
}

#[test]
fn a_first_visit() {
    each(|place, model, _, _| {
        for gpc in [false, true] {
            let (session, asked, _) = visit(place, gpc, Visit::First);
            assert_eq!(asked, Some(Pending::First), "{place}");
            let expected = match (model, gpc) {
                (In, _) => (Grant::NotAsked, Grant::NotAsked),
                (_, false) => (Grant::Granted, Grant::Granted),
                // The signal is an opt-out of sale and sharing, and of nothing else.
                (_, true) => (Grant::Granted, Grant::Gpc),
            };
            assert_eq!(granted(&session), expected, "{place} {gpc}");
        }
    });
}

#[test]
fn a_returning_visitor_who_refused() {
    each(|place, _, _, _| {
        for gpc in [false, true] {
            let (session, asked, _) = visit(place, gpc, Visit::Returning { accepted: false });
            assert_eq!(asked, None, "{place}: refused is answered");
            assert_eq!(
                granted(&session),
                (Grant::Refused, Grant::Refused),
                "{place}"
            );
        }
    });
}

#[test]
fn a_returning_visitor_who_accepted() {
    each(|place, model, _, _| {
        for gpc in [false, true] {
            let (session, asked, _) = visit(place, gpc, Visit::Returning { accepted: true });
            assert_eq!(asked, None, "{place}");
            // Where one opts out, a yes from before the signal does not overrule it.
            let sale = if gpc && model != In {
                Grant::Gpc
            } else {
                Grant::Granted
            };
            assert_eq!(granted(&session), (Grant::Granted, sale), "{place} {gpc}");
        }
    });
}

#[test]
fn after_the_interval() {
    each(|place, model, _, _| {
        for gpc in [false, true] {
            let (refused, asked, _) = visit(place, gpc, Visit::Expired { accepted: false });
            // An opt-out never lapses; where one is asked first, the question comes again.
            let expected = (model == In).then_some(Pending::Expired);
            assert_eq!(asked, expected, "{place}");
            assert_eq!(
                granted(&refused),
                (Grant::Refused, Grant::Refused),
                "{place}"
            );
            let (accepted, asked, _) = visit(place, gpc, Visit::Expired { accepted: true });
            assert_eq!(asked, expected, "{place}");
            let expected = match (model, gpc) {
                (In, _) => (Grant::NotAsked, Grant::NotAsked),
                (_, false) => (Grant::Granted, Grant::Granted),
                (_, true) => (Grant::Granted, Grant::Gpc),
            };
            assert_eq!(granted(&accepted), expected, "{place} {gpc}");
        }
    });
}

#[test]
fn the_banner_of_each_place() {
    each(|place, model, can_refuse, _| {
        for gpc in [false, true] {
            let tree = drawn(place, gpc);
            assert_eq!(
                tree.contains("@data-action=reject"),
                can_refuse,
                "{place}: a way to say no on the first layer"
            );
            assert!(tree.contains("@data-action=settings"), "{place}");
            assert_eq!(
                tree.contains("banner.gpc"),
                gpc && model != In,
                "{place}: that the signal is honoured is said"
            );
            let name = match place {
                "US" | "US-CA" => "banner.doNotSell",
                _ if model == In => "banner.reject",
                _ if can_refuse => "banner.optOut",
                _ => "banner.ok",
            };
            assert!(tree.contains(name), "{place}: {name}");
            if model == Out {
                assert!(tree.contains("banner.choices"), "{place}");
            }
        }
    });
}

/// Every territory of the EEA, of the United Kingdom and its dependencies, and of Switzerland; spellings
/// that browsers report and those of the database.
const ASKED_FIRST: &str = "Europe/Vienna Europe/Brussels Europe/Sofia Europe/Zagreb Asia/Nicosia Asia/Famagusta \
    Europe/Nicosia Europe/Prague Europe/Copenhagen Europe/Tallinn Europe/Helsinki Europe/Mariehamn Europe/Paris \
    America/Guadeloupe America/Martinique America/Cayenne Indian/Reunion Indian/Mayotte America/Marigot \
    Europe/Berlin Europe/Busingen Europe/Athens Europe/Budapest Europe/Dublin Eire Europe/Rome Europe/Riga \
    Europe/Vilnius Europe/Luxembourg Europe/Malta Europe/Amsterdam Europe/Warsaw Poland Europe/Lisbon Portugal WET \
    Atlantic/Madeira Atlantic/Azores Europe/Bucharest Europe/Bratislava Europe/Ljubljana Europe/Madrid \
    Africa/Ceuta Atlantic/Canary Europe/Stockholm Atlantic/Reykjavik Iceland Europe/Vaduz Europe/Oslo \
    Arctic/Longyearbyen Atlantic/Jan_Mayen Europe/London GB GB-Eire Europe/Belfast Europe/Gibraltar \
    Europe/Isle_of_Man Europe/Jersey Europe/Guernsey Europe/Zurich Europe/Monaco Europe/San_Marino \
    Europe/Vatican Europe/Andorra CET MET EET Atlantic/Faroe Atlantic/Faeroe America/Nuuk America/Godthab";

#[test]
fn a_time_zone_where_visitors_are_asked_first_is_taken_so() {
    let zones = ASKED_FIRST.split_whitespace();
    assert!(zones.clone().count() > 70);
    for zone in zones.chain(["", "UTC", "Etc/GMT", "Europe/Atlantis", "Mars/Olympus"]) {
        assert_eq!(jurisdiction("", zone).model(), "opt-in", "{zone}");
    }
    for (zone, model) in [
        ("America/New_York", "opt-out"),
        ("America/Los_Angeles", "opt-out"),
        ("Pacific/Honolulu", "opt-out"),
        ("Asia/Tokyo", "notice"),
        ("Australia/Sydney", "notice"),
        ("America/Toronto", "opt-in"),
        ("America/Sao_Paulo", "opt-in"),
        ("Asia/Seoul", "opt-in"),
    ] {
        assert_eq!(jurisdiction("", zone).model(), model, "{zone}");
    }
}

#[test]
fn a_region_loosens_nothing_that_the_site_has_settled() {
    let mut session = Session::new();
    session.configure("p\t1\t1\topt-in\tallow\nc\tads\ts\nv\tads\tads\t\t\t\t\tads.example\t");
    for started in [false, true] {
        if started {
            session.handle(Event::Started {
                record: None,
                gpc: false,
                now: NOW,
                prerendering: false,
            });
        }
        session.handle(Event::RegionKnown {
            regime: Regime::Notice,
            valid_days: 400,
            now: NOW,
        });
        assert_eq!(session.config().regime, Regime::OptIn);
        assert!(!session.standing().vendor(session.config(), 0).is_granted());
    }
}

#[test]
fn an_objection_stops_what_rests_on_legitimate_interest() {
    let config = |regime: &str, flags: &str| {
        format!(
            "p\t1\t1\t{regime}\tallow\t\tacme.example\tpage\t0\nc\tads\t\nv\tx\tads\t{flags}\t\t\t\tx.example\t"
        )
        .leak() as &'static str
    };
    // Answer about the category, objection; granted where it rests on both, on legitimate interest alone.
    for (regime, answer, objects, both, alone) in [
        ("opt-in", "1", "0", true, true),
        ("opt-in", "1", "1", true, false),
        ("opt-in", "0", "0", false, false),
        ("opt-out", "1", "1", true, false),
        ("opt-out", "0", "0", false, false),
    ] {
        for (flags, expected) in [("l", both), ("lL", alone), ("", answer == "1")] {
            let mut session = Session::new();
            assert!(session.configure(config(regime, flags)));
            let letter = &regime[..1].replace("o", if regime == "opt-in" { "i" } else { "o" });
            let head = format!("0123456789abcdef\t1\t{NOW}\t1\t{letter}\t0\tp\ten\t00000000");
            let lines = format!("c\tads\t{answer}\t\nv\tx\t\t{answer}\t{objects}");
            session.handle(Event::Chosen {
                record: choose(&format!("{head}\n\n{lines}")),
                now: NOW,
            });
            let grant = session.standing().category(session.config(), 0);
            session.handle(Event::Started {
                record: None,
                gpc: false,
                now: NOW,
                prerendering: false,
            });
            assert_eq!(
                session.standing().vendor(session.config(), 0).is_granted(),
                expected,
                "{regime} {answer} {objects} {flags} {grant:?}"
            );
        }
    }
}

#[test]
fn an_objection_alone_stops_what_runs_unasked() {
    let mut session = Session::new();
    session.configure("p\t1\t1\topt-out\tallow\nc\tads\t\nv\tx\tads\tl\t\t\t\tx.example\t");
    session.handle(Event::Started {
        record: None,
        gpc: false,
        now: NOW,
        prerendering: false,
    });
    let of = |session: &Session| session.standing().vendor(session.config(), 0);
    assert_eq!(of(&session), Grant::Granted);
    let head = format!("0123456789abcdef\t1\t{NOW}\t1\to\t0\tp\ten\t00000000");
    // The category is not answered: a record of the page's own making, about this alone.
    session.handle(Event::Chosen {
        record: choose(&format!("{head}\n\nv\tx\t\t\t1")),
        now: NOW,
    });
    assert_eq!(of(&session), Grant::Refused);
}
