//! The gate's shell: texts and numbers in, texts and numbers out, around one [`Session`].
//!
//! It decides nothing. It reads what JavaScript hands over into the crate's types and writes effects
//! as lines that JavaScript performs one by one, so that a released script that calls our API never
//! re-enters a running session. Few exports, numbers only: the boundary is what weighs. A text is put
//! where [`room`] says; one that comes back is where [`answer`] says.

mod write;

use std::cell::RefCell;
use std::mem::ManuallyDrop;

use portcullis::consent::{Event, Finding, Kind, Record, Regime, Request, Session};
use portcullis::fields::{cut, fields, number, owned, split};
use portcullis_allocator as _;

/// What stays between two calls.
struct Desk {
    session: Session<'static>,
    /// The text that JavaScript puts in.
    given: Vec<u8>,
    /// The text that it takes out.
    said: String,
}

thread_local! {
    /// Not dropped with the thread: a module has one. (What would register that weighs.)
    static DESK: ManuallyDrop<RefCell<Desk>> = const {
        ManuallyDrop::new(RefCell::new(Desk {
            session: Session::new(),
            given: Vec::new(),
            said: String::new(),
        }))
    };
}

fn with<R>(act: impl FnOnce(&mut Desk) -> R) -> R {
    DESK.with(|desk| act(&mut desk.borrow_mut()))
}

/// Where to put a text of so many bytes.
#[unsafe(no_mangle)]
extern "C" fn room(length: usize) -> *const u8 {
    with(|desk| {
        desk.given.resize(length, 0);
        desk.given.as_ptr()
    })
}

/// Where the text that came back is.
#[unsafe(no_mangle)]
extern "C" fn answer() -> *const u8 {
    with(|desk| desk.said.as_ptr())
}

/// Letter and fields of the text that was put in.
fn taken(given: &[u8]) -> (u8, &str) {
    let letter = given.first().copied().unwrap_or(0);
    let fields = match given {
        [_, b'\t', fields @ ..] => fields,
        _ => &[],
    };
    // SAFETY: `TextEncoder` wrote these bytes, and writes UTF-8 only: also what follows a tab.
    (letter, unsafe { std::str::from_utf8_unchecked(fields) })
}

/// Everything that changes the session: a letter, a tab, then fields separated by tabs. The answer is
/// lines (see `write`); gives its length in bytes.
///
/// ```text
/// K  config …                                  configure; a line `!` if something could not be read
/// +  vendor line                               register; a line `!` if something could not be read
/// B  gpc  prerendering  now  stored            begin; stored texts stand on lines of their own
/// R  now  stored                               the record may have been written elsewhere
/// C  now  record                               chosen
/// A                                            activated
/// J  regime  days  now                         the region is known
/// N                                            next turn
/// D  vendor  /  V  vendor  /  T  tag           demanded / settled / settled
/// L  tag                                       wanted, this once
/// =                                            state
/// ```
#[unsafe(no_mangle)]
extern "C" fn send() -> usize {
    with(
        |Desk {
             session,
             given,
             said,
         }| {
            said.clear();
            let (letter, rest) = taken(given);
            take(session, letter, rest, said);
            write::effects(session, said);
            said.len()
        },
    )
}

fn take(session: &mut Session<'static>, letter: u8, rest: &str, said: &mut String) {
    let mut parts = [""; 4];
    split(rest, b'\t', &mut parts);
    let [first, second, third, fourth] = parts;
    let at = number(first, u64::MAX) as usize;
    let event = match letter {
        b'=' => return write::state(session, said),
        b'K' | b'+' => {
            // The config lives as long as the page does.
            let text = owned(rest).leak();
            let readable = if letter == b'K' {
                session.configure(text)
            } else {
                session.register(text)
            };
            if !readable {
                said.push_str("!\n");
            }
            return;
        }
        b'B' => Event::Started {
            gpc: first == "1",
            prerendering: second == "1",
            now: number(third, 0),
            record: Record::read_all(fields(fourth, b'\n')),
        },
        b'R' => Event::RecordChanged {
            now: number(first, 0),
            record: Record::read_all(fields(second, b'\n')),
        },
        b'C' => match Record::read(second) {
            Some(record) => Event::Chosen {
                record,
                now: number(first, 0),
            },
            None => return,
        },
        b'A' => Event::Activated,
        b'J' => Event::RegionKnown {
            regime: Regime::read(first),
            valid_days: number(second, 0) as u32,
            now: number(third, 0),
        },
        b'D' => Event::Demanded(at),
        b'V' => Event::VendorSettled(at),
        b'T' => Event::TagSettled(at as u32),
        b'L' => Event::TagWanted(at as u32),
        _ => Event::Turn,
    };
    session.handle(event);
}

/// A question: a letter, a tab, then fields separated by tabs. Gives a packed finding: verdict in bits 0
/// and 1, reason in bits 2 to 7, vendor + 1 above.
///
/// ```text
/// e|c|?  request …       of an element, of a call: it is made now; only asked (see `Request`)
/// h  id  request …       take in an element
/// g  id                  a held element is gone from the page
/// n  name                writing a cookie, or local:key, session:key
/// ```
#[unsafe(no_mangle)]
extern "C" fn ask() -> u32 {
    with(|Desk { session, given, .. }| {
        let (letter, rest) = taken(given);
        judge(session, letter, rest).packed()
    })
}

fn judge(session: &mut Session, letter: u8, rest: &str) -> Finding {
    let request = Request::read(rest);
    if letter == b'g' {
        session.forget(number(rest, 0) as u32); // Nobody reads what is answered.
    }
    match letter {
        b'n' => session.name(rest),
        b'h' => {
            let (id, request) = cut(rest, b'\t');
            session.hold(number(id, 0) as u32, request);
            session.request(Kind::Element, &Request::read(request))
        }
        b'?' | b'g' => session.request(Kind::Element, &request),
        b'c' => session.pass(Kind::Call, &request),
        _ => session.pass(Kind::Element, &request),
    }
}
