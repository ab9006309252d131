//! The gate's shell: texts and numbers in, texts and numbers out, around one [`Session`].
//!
//! It decides nothing. It reads what JavaScript hands over into the crate's types and writes effects
//! as lines that JavaScript performs one by one, so that a released script that calls our API never
//! re-enters a running session. Few exports, strings and numbers only: the boundary is what weighs.

mod write;

use std::cell::{Cell, RefCell};

use portcullis::consent::{
    Config, Decision, Event, Finding, Kind, Provenance, Record, Session, Source, Tag,
};
use portcullis::fields::{fields, number, push_number};
use portcullis::matching::Address;
use portcullis_allocator as _;
use wasm_bindgen::prelude::wasm_bindgen;

thread_local! {
    /// A session is never dropped: a page has one, and keeps it. (What would drop it weighs.)
    static SESSION: Cell<Option<&'static RefCell<Session<'static>>>> = const { Cell::new(None) };
}

fn with<R: Default>(act: impl FnOnce(&mut Session<'static>) -> R) -> R {
    match SESSION.get() {
        Some(session) => act(&mut session.borrow_mut()),
        None => R::default(),
    }
}

/// The config lives as long as the page does.
fn forever(text: &str) -> &'static str {
    Box::leak(Box::from(text))
}

/// Everything that changes the session: a letter, then fields separated by tabs. Gives lines (see
/// `write`).
///
/// ```text
/// K  config …                                  configure; gives the lines that could not be read
/// +  vendor line                               register; a first line `!` if it could not be read
/// B  gpc  now  prerendering  stored …          begin
/// R  now  stored …                             the record may have been written elsewhere
/// C  source  language  shown  now  random  answers …
/// A                                            activated
/// N                                            next turn
/// D  vendor  /  V  vendor  /  T  tag           demanded / settled / settled
/// =                                            state
/// ```
///
/// Answers are `c1id`, `c0id`, `v1id`, `v0id`; `+` and `-` stand for everything. An id that the
/// config does not have gives `?` and the id, and nothing has changed.
#[wasm_bindgen]
pub fn send(text: &str) -> String {
    let letter = text.as_bytes().first();
    let rest = text.get(2..).unwrap_or("");
    let mut parts = fields(rest, b'\t');
    let mut next = || parts.next().unwrap_or("");
    let mut out = String::new();
    match letter {
        Some(b'K') => {
            let config = Config::read(forever(rest));
            for &line in &config.unreadable {
                push_number(&mut out, u64::from(line));
                out.push(' ');
            }
            SESSION.set(Some(Box::leak(Box::new(RefCell::new(Session::new(
                config,
            ))))));
            return out;
        }
        Some(b'=') => return with(|session| write::state(session)),
        Some(b'+') => {
            with(|session| {
                let (readable, effects) = session.register(forever(rest));
                out.push_str(if readable { "" } else { "!\n" });
                write::effects(&mut out, &effects);
            });
            return out;
        }
        _ => {}
    }
    let event = match letter {
        Some(b'B') => Event::Started {
            gpc: next() == "1",
            now: number(next()).unwrap_or(0),
            prerendering: next() == "1",
            record: Record::read(parts),
        },
        Some(b'R') => Event::RecordChanged {
            now: number(next()).unwrap_or(0),
            record: Record::read(parts),
        },
        Some(b'C') => {
            let source = next().bytes().next().and_then(Source::from_letter);
            let provenance = Provenance {
                source: source.unwrap_or(Source::Api),
                language: next().into(),
                shown: number(next()).unwrap_or(0) as u32,
            };
            let now = number(next()).unwrap_or(0);
            let random = number(next()).unwrap_or(0);
            match with(|session| Some(decision(session.config(), parts))).unwrap_or(Err("")) {
                Ok(decision) => Event::Chosen {
                    decision,
                    provenance,
                    now,
                    random,
                },
                Err(unknown) => {
                    out.push('?');
                    out.push_str(unknown);
                    return out;
                }
            }
        }
        Some(b'A') => Event::Activated,
        Some(b'D') => Event::Demanded(number(next()).unwrap_or(u64::MAX) as usize),
        Some(b'V') => Event::VendorSettled(number(next()).unwrap_or(u64::MAX) as usize),
        Some(b'T') => Event::TagSettled(number(next()).unwrap_or(0) as u32),
        _ => Event::Turn,
    };
    with(|session| write::effects(&mut out, &session.handle(event)));
    out
}

fn decision<'t>(
    config: &Config,
    answers: impl Iterator<Item = &'t str>,
) -> Result<Decision, &'t str> {
    let mut decision = Decision::default();
    for answer in answers {
        let granted = answer.as_bytes().get(1) == Some(&b'1');
        let id = answer.get(2..).unwrap_or("");
        let (place, list) = match answer.as_bytes().first() {
            Some(b'c') => (config.category(id), &mut decision.categories),
            Some(b'v') => (config.vendor(id), &mut decision.vendors),
            sign => {
                decision = Decision::all(config, sign == Some(&b'+'));
                continue;
            }
        };
        list.push((place.ok_or(id)?, granted));
    }
    Ok(decision)
}

/// A question: a letter, then fields separated by tabs. Gives a packed finding: verdict in bits 0
/// and 1, reason in bits 2 to 7, vendor + 1 above.
///
/// ```text
/// e|c|?  host  path                                  a request of an element, of a call; only asked
/// h  id  flags  host  path  category  vendor         take in an element; what markup says comes last
/// n|r  name                                          writing a cookie (or local:, session: key); our record's
/// ```
///
/// Flags: 1 ordered, 2 from the HTML, 4 with our nonce, 8 inline. Unmarked, an element's address decides.
#[wasm_bindgen]
pub fn ask(question: &str) -> u32 {
    let letter = question.as_bytes().first().copied().unwrap_or(0);
    let mut parts = fields(question.get(2..).unwrap_or(""), b'\t');
    let mut next = || parts.next().unwrap_or("");
    let finding = with(|session| {
        Some(match letter {
            b'n' | b'r' => session.name(next(), letter == b'r'),
            b'h' => {
                let id = number(next()).unwrap_or(0) as u32;
                let flags = number(next()).unwrap_or(2);
                let (host, path_and_query, category, vendor) = (next(), next(), next(), next());
                let address = Address {
                    host,
                    path_and_query,
                };
                let mut target = session.of_tag(address, category, vendor);
                if flags & 2 != 0 {
                    target = session.of_markup(target, flags & 4 != 0);
                }
                let finding = session.target(&target);
                session.handle(Event::TagSeen(Tag {
                    id,
                    target,
                    ordered: flags & 1 != 0,
                    inline: flags & 8 != 0,
                }));
                finding
            }
            _ => {
                let kind = if letter == b'c' {
                    Kind::Call
                } else {
                    Kind::Element
                };
                let (host, path_and_query) = (next(), next());
                let finding = session.request(
                    kind,
                    Address {
                        host,
                        path_and_query,
                    },
                );
                if letter != b'?' {
                    session.passed(finding);
                }
                finding
            }
        })
    });
    // Without a session everything is held.
    finding.map_or(1, Finding::packed)
}
