//! The reader of compiled configs, and every verdict over what it read. A site's own build writes them, but
//! a cache, a proxy or an editor may have been at them: nothing that is left of one lets an optional vendor
//! run unasked where the regime asks first.
//!
//! Input: a compiled config; after a NUL what is stored under our name.

use portcullis::consent::{
    Effect, Event, Kind, Reason, Record, Regime, Request, Session, Vendor, Verdict,
};
use portcullis::fields::fields;

const NOW: u64 = 1_764_000_000;

/// Reading takes time with the square of the vendors, which are the site's own.
const LENGTH_MAX: usize = 2048;

/// So many tags are held: the next one is looked for among all of them.
const TAGS_MAX: usize = 24;

/// A page on which the visitor is asked, one that nobody sees yet, and one with Global Privacy Control.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Page {
    Plain,
    Prerendered,
    WithSignal,
}

pub fn run(data: &[u8]) {
    let data = &data[..data.len().min(LENGTH_MAX)];
    let text = String::from_utf8_lossy(data);
    let (config, stored) = text.split_once('\0').unwrap_or((&text, ""));
    for page in [Page::Plain, Page::Prerendered, Page::WithSignal] {
        judge(config, stored, page);
    }
}

fn judge(config: &str, stored: &str, page: Page) {
    let mut session = Session::new();
    session.configure(config);
    assert_eq!(session.config().regime, regime(config), "{config:?}");
    let vendors = session.config().vendors.len();
    let record = Record::read_all(fields(stored, b'\n'));
    let is_asked = record.is_some();
    session.handle(Event::Started {
        record,
        gpc: page == Page::WithSignal,
        now: NOW,
        prerendering: page == Page::Prerendered,
    });
    let mut started = vec![false; vendors];
    for _ in 0..=2 * vendors {
        for effect in std::mem::take(session.effects()) {
            let Effect::Start(at) = effect else { continue };
            assert!(session.vendor(at).permits(), "{at} was started: {config:?}");
            assert!(!started[at], "{at} was started twice: {config:?}");
            started[at] = true;
        }
        session.handle(Event::Turn);
    }
    for (at, was_started) in started.into_iter().enumerate() {
        let reason = session.vendor(at);
        let vendor = session.config().vendors[at];
        let must_wait = must_wait(&session, &vendor, is_asked, page);
        assert!(
            !(must_wait && reason.permits()),
            "{} on {page:?}: {reason:?} {config:?}",
            vendor.id
        );
        assert!(!(must_wait && was_started));
    }
    requests(&mut session, config);
    names(&session, config);
}

/// The regime that the last line about it names; without one the visitor is asked first.
fn regime(config: &str) -> Regime {
    let lines = config.split('\n').map(|line| line.split('\t'));
    let mut named = lines.filter_map(|mut parts| (parts.next() == Some("p")).then(|| parts.nth(2)));
    match named.next_back().flatten() {
        Some("opt-out") => Regime::OptOut,
        Some("notice") => Regime::Notice,
        _ => Regime::OptIn,
    }
}

/// Whether nothing that anybody said lets a vendor run.
fn must_wait(session: &Session, vendor: &Vendor, is_asked: bool, page: Page) -> bool {
    let config = session.config();
    let is_always_active = |at: usize| config.categories[at].is_always_active();
    let Some(category) = vendor.category else {
        return true;
    };
    let is_necessary = match vendor.is_container() {
        false => is_always_active(category),
        true => {
            let carried = vendor.carries.iter().filter_map(|id| config.category(id));
            carried.into_iter().any(is_always_active)
        }
    };
    let asks_first = config.regime == Regime::OptIn && !is_asked;
    let is_sale =
        vendor.flags.has(b's') || config.categories[category].is_sale() && !vendor.flags.has(b'S');
    let is_opted_out =
        config.regime != Regime::OptIn && page == Page::WithSignal && !is_asked && is_sale;
    !is_necessary && (page == Page::Prerendered || asks_first || is_opted_out)
}

/// What passes is somebody's who may run, or nobody's.
fn requests(session: &mut Session, config: &str) {
    let mut asked: Vec<String> = Vec::new();
    for line in config.split('\n') {
        let parts: Vec<&str> = line.split('\t').collect();
        for claim in parts.get(7).unwrap_or(&"").split(' ') {
            let address = claim.replace('*', "de");
            let slash = address.find(['/', '?']).unwrap_or(address.len());
            let (host, path) = address.split_at(slash);
            asked.push(format!("o\t{host}\t{path}"));
            asked.push(format!("mn\twww.{host}.\t{path}/x"));
        }
        // What the line says, taken for what a page's markup says.
        asked.push(line.into());
    }
    for text in &asked {
        let request = Request::read(text);
        for kind in [Kind::Element, Kind::Call] {
            let found = session.pass(kind, &request);
            let passes = found.verdict == Verdict::Allow;
            if let Some(at) = found.vendor {
                assert_eq!(passes, session.vendor(at).permits(), "{text:?} {config:?}");
            } else {
                let is_nobodys = !matches!(found.reason, Reason::NotGranted | Reason::NotAskedYet);
                assert!(!passes || is_nobodys, "{text:?} {config:?}");
            }
        }
    }
    asked.truncate(TAGS_MAX);
    for (id, text) in asked.iter().enumerate() {
        session.hold(id as u32, text);
    }
    let mut released = vec![false; asked.len()];
    for _ in 0..=asked.len() {
        session.handle(Event::Turn);
        for effect in std::mem::take(session.effects()) {
            let Effect::Release { id, .. } = effect else {
                continue;
            };
            let at = id as usize;
            assert!(
                !released[at],
                "{} was released twice: {config:?}",
                asked[at]
            );
            released[at] = true;
            let found = session.request(Kind::Element, &Request::read(&asked[at]));
            assert_eq!(found.verdict, Verdict::Allow, "{} {config:?}", asked[at]);
            session.handle(Event::TagSettled(id));
        }
    }
}

/// A name that a vendor declares is written by its grant, or by that of another one who declares it.
fn names(session: &Session, config: &str) {
    let declared = &session.config().names;
    let vendors = 0..session.config().vendors.len();
    for name in vendors.flat_map(|at| declared.declared_by(at)) {
        let found = session.name(name);
        let Some(at) = found.vendor else {
            assert_eq!(found.reason, Reason::RecordCookie, "{name:?} {config:?}");
            continue;
        };
        let passes = found.verdict == Verdict::Allow;
        assert_eq!(passes, session.vendor(at).permits(), "{name:?} {config:?}");
    }
}
