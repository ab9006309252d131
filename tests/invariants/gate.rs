//! I-8: without a gate that is running nothing optional happens. What can be said of it here is what a
//! session does before it has begun; that the page holds where WebAssembly cannot run is
//! `tests/browser`'s.

use portcullis::consent::{Event, Kind, Request, Session, Verdict};
use proptest::prelude::*;

use crate::site::{CONFIG, NOW, VENDORS, cases, configured, follows};

fn nothing_passes(session: &mut Session) -> Result<(), TestCaseError> {
    for at in 0..session.config().vendors.len() {
        let vendor = session.config().vendors[at];
        if vendor.id == "kept" {
            continue;
        }
        prop_assert!(!session.vendor(at).permits(), "I-8: {}", vendor.id);
        for kind in [Kind::Element, Kind::Call] {
            let text = format!("o\t\t\t\t{}", vendor.id);
            let found = session.pass(kind, &Request::read(&text));
            prop_assert_ne!(found.verdict, Verdict::Allow, "I-8: {} passed", vendor.id);
        }
        for name in session.config().names.declared_by(at) {
            prop_assert_ne!(
                session.name(name).verdict,
                Verdict::Allow,
                "I-8: {} wrote",
                vendor.id
            );
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(1000), failure_persistence: None, ..ProptestConfig::default() })]

    /// A session that has not begun holds everything, whatever regime it is told, and starts nothing.
    #[test]
    fn nothing_passes_before_the_session_has_begun(
        regime in prop_oneof![Just("opt-in"), Just("opt-out"), Just("notice"), Just("?")],
        turns in 1..20usize,
    ) {
        let text = format!("p\t1\t6\t{regime}\thold\t180\tacme.example\tpage\t0\n{CONFIG}");
        let mut session = configured(&text);
        for (at, (id, _)) in VENDORS.iter().enumerate() {
            session.hold(at as u32, &format!("o\t{id}.example\t/"));
        }
        nothing_passes(&mut session)?;
        for turn in 0..turns {
            let event = match turn % 4 {
                0 => Event::Turn,
                1 => Event::Demanded(turn % VENDORS.len()),
                2 => Event::VendorSettled(turn % VENDORS.len()),
                _ => Event::TagSettled(turn as u32),
            };
            prop_assert_eq!(follows(&mut session, event), [], "I-8: before the page has begun");
        }
        nothing_passes(&mut session)?;
    }

    /// A config that was cut off anywhere lets through nothing that the whole one would not.
    #[test]
    fn nothing_passes_by_a_config_that_was_cut_off(cut in any::<prop::sample::Index>()) {
        let text = format!("p\t1\t6\topt-in\thold\t180\tacme.example\tpage\t0\n{CONFIG}");
        let mut session = Session::new();
        session.configure(&text[..cut.index(text.len())]);
        session.handle(Event::Started { record: None, gpc: false, now: NOW, prerendering: false });
        nothing_passes(&mut session)?;
    }
}
