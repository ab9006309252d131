//! The gate's shell: texts and numbers in, texts and numbers out, around one [`Session`].
//!
//! It decides nothing. It reads what JavaScript hands over into the crate's types and writes effects
//! as lines that JavaScript performs one by one, so that a released script that calls our API never
//! re-enters a running session. Few exports, numbers only: the boundary is what weighs. A text is put
//! where [`room`] says; one that comes back is where [`answer`] says.

mod write;

use std::cell::RefCell;

use portcullis::consent::{
    Config, Decision, Event, Finding, Kind, Provenance, Record, Request, Session, Source,
};
use portcullis::fields::{cut, fields, number};
use portcullis_allocator as _;
use wasm_bindgen::prelude::wasm_bindgen;

thread_local! {
    /// A page has one, and keeps it.
    static SESSION: RefCell<Option<Session<'static>>> = const { RefCell::new(None) };
    /// The text that JavaScript puts in.
    static GIVEN: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
    /// The text that it takes out.
    static SAID: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Where to put a text of so many bytes.
#[wasm_bindgen]
pub fn room(length: usize) -> *const u8 {
    GIVEN.with_borrow_mut(|given| {
        given.resize(length, 0);
        given.as_ptr()
    })
}

/// Where the text that came back is.
#[wasm_bindgen]
pub fn answer() -> *const u8 {
    SAID.with_borrow(|said| said.as_ptr())
}

/// Calls `take` with the session, and letter and fields of the text that was put in.
fn with<R>(take: impl FnOnce(&mut Option<Session<'static>>, u8, &str) -> R) -> R {
    SESSION.with_borrow_mut(|session| {
        GIVEN.with_borrow(|given| {
            // SAFETY: `TextEncoder` wrote these bytes, and writes UTF-8 only.
            let text = unsafe { std::str::from_utf8_unchecked(given) };
            let letter = text.as_bytes().first().copied().unwrap_or(0);
            take(session, letter, text.get(2..).unwrap_or(""))
        })
    })
}

/// Everything that changes the session: a letter, a tab, then fields separated by tabs. The answer is
/// lines (see `write`); gives its length in bytes.
///
/// ```text
/// K  config …                                  configure; a line `!` if something could not be read
/// +  vendor line                               register; a line `!` if something could not be read
/// B  gpc  now  prerendering  stored …          begin
/// R  now  stored …                             the record may have been written elsewhere
/// C  source  language  shown  now  random  decision …
/// A                                            activated
/// N                                            next turn
/// D  vendor  /  V  vendor  /  T  tag           demanded / settled / settled
/// =                                            state
/// ```
///
/// Of a decision with an id that the config does not have comes `?` and the id, and nothing has changed.
#[wasm_bindgen]
pub fn send() -> usize {
    SAID.with_borrow_mut(|said| {
        said.clear();
        with(|session, letter, rest| match session {
            _ if letter == b'K' => {
                let config = Config::read(forever(rest));
                if config.is_damaged {
                    said.push('!');
                }
                *session = Some(Session::new(config));
            }
            Some(session) => take(session, letter, rest, said),
            None => {}
        });
        said.len()
    })
}

/// The config lives as long as the page does.
fn forever(text: &str) -> &'static str {
    Box::leak(Box::from(text))
}

fn take(session: &mut Session<'static>, letter: u8, rest: &str, said: &mut String) {
    let mut parts = fields(rest, b'\t');
    let mut next = || parts.next().unwrap_or("");
    let at = || number(rest).unwrap_or(u64::MAX) as usize;
    let event = match letter {
        b'=' => return write::state(session, said),
        b'+' => {
            let (readable, effects) = session.register(forever(rest));
            if !readable {
                said.push_str("!\n");
            }
            return write::effects(session, &effects, said);
        }
        b'B' => Event::Started {
            gpc: next() == "1",
            now: number(next()).unwrap_or(0),
            prerendering: next() == "1",
            record: Record::read_all(parts),
        },
        b'R' => Event::RecordChanged {
            now: number(next()).unwrap_or(0),
            record: Record::read_all(parts),
        },
        b'C' => {
            let provenance = Provenance {
                source: Source(next().as_bytes().first().copied().unwrap_or(0)),
                language: next(),
                shown: next(),
            };
            let now = number(next()).unwrap_or(0);
            let random = next();
            let decision = Decision(parts.rest());
            if let Some(unknown) = decision.unknown(session.config()) {
                said.push('?');
                said.push_str(unknown);
                return;
            }
            Event::Chosen {
                decision,
                provenance,
                now,
                random,
            }
        }
        b'A' => Event::Activated,
        b'D' => Event::Demanded(at()),
        b'V' => Event::VendorSettled(at()),
        b'T' => Event::TagSettled(at() as u32),
        _ => Event::Turn,
    };
    let effects = session.handle(event);
    write::effects(session, &effects, said);
}

/// A question: a letter, a tab, then fields separated by tabs. Gives a packed finding: verdict in bits 0
/// and 1, reason in bits 2 to 7, vendor + 1 above.
///
/// ```text
/// e|c|?  request …       of an element, of a call: it is made now; only asked (see `Request`)
/// h  id  request …       take in an element
/// n  name                writing a cookie, or local:key, session:key
/// ```
#[wasm_bindgen]
pub fn ask() -> u32 {
    with(|session, letter, rest| match session {
        Some(session) => judge(session, letter, rest).packed(),
        // Without a session everything is held.
        None => 1,
    })
}

fn judge(session: &mut Session, letter: u8, rest: &str) -> Finding {
    match letter {
        b'n' => session.name(rest),
        b'h' => {
            let (id, request) = cut(rest, b'\t');
            session.hold(number(id).unwrap_or(0) as u32, request);
            session.request(Kind::Element, Request::read(request))
        }
        b'?' => session.request(Kind::Element, Request::read(rest)),
        b'c' => session.pass(Kind::Call, Request::read(rest)),
        _ => session.pass(Kind::Element, Request::read(rest)),
    }
}
