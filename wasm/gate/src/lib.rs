//! The gate's shell: texts and numbers in, texts and numbers out, around one [`Session`].
//!
//! It decides nothing. It reads what JavaScript hands over into the crate's types and writes effects
//! as lines that JavaScript performs one by one, so that a released script that calls our API never
//! re-enters a running session. Few exports, strings and numbers only: the boundary is what weighs.

#[cfg(target_arch = "wasm32")]
mod allocator;
mod write;

use std::cell::RefCell;

use portcullis::consent::{
    Config, Decision, Effect, Event, Finding, Kind, Provenance, Session, Source, Tag, Verdict,
};
use portcullis::matching::Address;
use wasm_bindgen::prelude::wasm_bindgen;

#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: allocator::FreeLists = allocator::FreeLists::new();

thread_local! {
    static SESSION: RefCell<Option<Session<'static>>> = const { RefCell::new(None) };
}

fn with<R: Default>(act: impl FnOnce(&mut Session<'static>) -> R) -> R {
    SESSION.with_borrow_mut(|session| session.as_mut().map(act).unwrap_or_default())
}

/// The config lives as long as the page does.
fn forever(text: String) -> &'static str {
    Box::leak(text.into_boxed_str())
}

/// Takes the compiled config. Gives the numbers of lines that could not be read, with spaces.
#[wasm_bindgen]
pub fn configure(text: String) -> String {
    let config = Config::read(forever(text));
    let unreadable = write::numbers(config.unreadable.iter().map(|&line| line as usize));
    SESSION.set(Some(Session::new(config)));
    unreadable
}

/// Adds a vendor's line. Gives its effects; the first line is `!` if it could not be read.
#[wasm_bindgen]
pub fn register(line: String) -> String {
    with(|session| {
        let (readable, effects) = session.register(forever(line));
        let mut out = String::from(if readable { "" } else { "!\n" });
        write::effects(&mut out, &effects);
        out
    })
}

/// The page begins. `stored`: every value found under our cookie's name, one a line.
#[wasm_bindgen]
pub fn begin(stored: &str, gpc: bool, now: f64, prerendering: bool) -> String {
    handle(Event::Started {
        stored: lines(stored),
        gpc,
        now: now as u64,
        prerendering,
    })
}

/// The record may have been written elsewhere.
#[wasm_bindgen]
pub fn reread(stored: &str, now: f64) -> String {
    handle(Event::RecordChanged {
        stored: lines(stored),
        now: now as u64,
    })
}

/// A decision. `answers` has a line for each: `c` or `v`, then `1` or `0`, then the id; `+` and `-`
/// alone stand for everything. Gives `?` and the id if the config does not have it: nothing has
/// changed then.
#[wasm_bindgen]
pub fn choose(
    answers: &str,
    source: u8,
    language: String,
    shown: u32,
    now: f64,
    random: f64,
) -> String {
    with(|session| {
        let mut decision = Decision::default();
        for line in answers.lines() {
            let config = session.config();
            let granted = line.as_bytes().get(1) == Some(&b'1');
            let id = line.get(2..).unwrap_or("");
            let (place, list) = match line.as_bytes().first() {
                Some(b'+') => {
                    decision = Decision::all(config, true);
                    continue;
                }
                Some(b'-') => {
                    decision = Decision::all(config, false);
                    continue;
                }
                Some(b'c') => (config.category(id), &mut decision.categories),
                _ => (config.vendor(id), &mut decision.vendors),
            };
            match place {
                Some(at) => list.push((at, granted)),
                None => return String::from("?") + id,
            }
        }
        let provenance = Provenance {
            source: Source::from_letter(source).unwrap_or(Source::Api),
            language,
            shown,
        };
        let mut out = String::new();
        let effects = session.handle(Event::Chosen {
            decision,
            provenance,
            now: now as u64,
            random: random as u64,
        });
        write::effects(&mut out, &effects);
        out
    })
}

/// A small event: `A` activated, `N` next turn, `D` vendor demanded, `V` vendor settled, `T` tag
/// settled.
#[wasm_bindgen]
pub fn tell(event: u8, number: u32) -> String {
    handle(match event {
        b'A' => Event::Activated,
        b'D' => Event::Demanded(number as usize),
        b'V' => Event::VendorSettled(number as usize),
        b'T' => Event::TagSettled(number),
        _ => Event::Turn,
    })
}

/// The verdict on a request, packed. `kind`: 0 an element, 1 a call, 2 only asked.
#[wasm_bindgen]
pub fn verdict(kind: u8, host: &str, path_and_query: &str) -> u32 {
    with(|session| {
        let kind_of = if kind == 1 { Kind::Call } else { Kind::Element };
        let finding = session.request(
            kind_of,
            Address {
                host,
                path_and_query,
            },
        );
        if kind != 2 {
            session.passed(finding);
        }
        Packed(finding)
    })
    .0
    .packed()
}

/// Takes in an element that the traps keep under number `id`, and gives the packed verdict on it.
/// `flags`: 1 it is ordered, 2 its markup decides over it (it came from the HTML), 4 it carries our
/// nonce. Category and vendor are what it is marked with; unmarked, its address decides.
#[wasm_bindgen]
pub fn hold(
    id: u32,
    flags: u8,
    category: &str,
    vendor: &str,
    host: &str,
    path_and_query: &str,
) -> u32 {
    with(|session| {
        let address = Address {
            host,
            path_and_query,
        };
        let mut target = if category.is_empty() && vendor.is_empty() {
            session.claimants(address)
        } else {
            session.marked(category, vendor)
        };
        if flags & 2 != 0 {
            target = session.of_markup(target, flags & 4 != 0);
        }
        let finding = session.target(&target);
        session.handle(Event::TagSeen(Tag {
            id,
            target,
            ordered: flags & 1 != 0,
        }));
        Packed(finding)
    })
    .0
    .packed()
}

/// The verdict on writing a cookie (or `local:` or `session:` key), packed.
#[wasm_bindgen]
pub fn name(name: &str, is_record: bool) -> u32 {
    with(|session| Packed(session.name(name, is_record)))
        .0
        .packed()
}

/// What the page can read: see `write::state`.
#[wasm_bindgen]
pub fn state() -> String {
    with(|session| write::state(session))
}

/// A finding; before there is a session, a held one.
struct Packed(Finding);

impl Default for Packed {
    fn default() -> Self {
        Self(Finding {
            verdict: Verdict::Hold,
            reason: portcullis::consent::Reason::NotAskedYet,
            vendor: None,
        })
    }
}

fn handle(event: Event) -> String {
    with(|session| {
        let mut out = String::new();
        let effects: Vec<Effect> = session.handle(event);
        write::effects(&mut out, &effects);
        out
    })
}

fn lines(text: &str) -> Vec<String> {
    text.lines().map(String::from).collect()
}
