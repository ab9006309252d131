//! Effects and state as lines of text, fields separated by tabs.
//!
//! ```text
//! P  seconds  record           write the record
//! G  default  keys             Google Consent Mode: 1 for the default, a bit for each key
//! O / w  vendor                its off-switch / it is withdrawn
//! g / r  vendor                it is granted / it is refused
//! M / S  vendor                resume / start
//! R  tag  patience             release; the patience in milliseconds is 0 where nobody waits for it
//! n  vendor                    the choice does not cover it
//! Q  why                       ask: 0 there is no choice, 1 it has expired, 2 there is something new
//! q                            nothing to ask
//! N  source                    tell the page; the source as its letter's number
//! C                            more is waiting for the next turn
//! ```

use portcullis::consent::{Effect, Grant, PATIENCE_MS, Session};
use portcullis::fields::push_number;

/// Appends what is to be performed.
pub fn effects(session: &mut Session, out: &mut String) {
    for at in 0..session.effects().len() {
        let effect = session.effects()[at];
        let (letter, number, second) = match effect {
            Effect::Persist(seconds) => ('P', seconds, None),
            Effect::ConsentMode {
                is_default,
                granted,
            } => ('G', u32::from(is_default), Some(u32::from(granted))),
            Effect::SwitchOff(at) => ('O', at as u32, None),
            Effect::Withdrawn(at) => ('w', at as u32, None),
            Effect::Granted(at) => ('g', at as u32, None),
            Effect::Refused(at) => ('r', at as u32, None),
            Effect::Resume(at) => ('M', at as u32, None),
            Effect::Start(at) => ('S', at as u32, None),
            Effect::Release { id, ordered } => {
                ('R', id, Some(if ordered { PATIENCE_MS } else { 0 }))
            }
            Effect::New(at) => ('n', at as u32, None),
            Effect::Ask(why) => ('Q', why as u32, None),
            Effect::Asked => ('q', 0, None),
            Effect::Notify(source) => ('N', u32::from(source.letter()), None),
            Effect::Continue => ('C', 0, None),
        };
        out.push(letter);
        field(out, number);
        if let Some(second) = second {
            field(out, second);
        }
        if letter == 'P'
            && let Some(record) = &session.standing().record
        {
            out.push('\t');
            out.push_str(record.as_str());
        }
        out.push('\n');
    }
    session.effects().clear();
}

fn field(out: &mut String, number: u32) {
    out.push('\t');
    push_number(out, number.into());
}

/// Line 1: the record that holds; empty without one. Line 2: how each category is shown, `1`, `0` or `m`
/// (some of its vendors are granted). Line 3: how it stands for itself, `1`, `0` or `a` (always active).
/// Line 4: a character for each vendor: the reason's number plus 65 (`A` …); lower case if
/// something of it has run.
pub fn state(session: &Session, out: &mut String) {
    if let Some(record) = &session.standing().record {
        out.push_str(record.as_str());
    }
    out.push('\n');
    for at in 0..session.config().categories.len() {
        out.push(session.category_mark(at) as char);
    }
    out.push('\n');
    for at in 0..session.config().categories.len() {
        out.push(match session.standing().category(session.config(), at) {
            Grant::AlwaysActive => 'a',
            Grant::Granted => '1',
            _ => '0',
        });
    }
    out.push('\n');
    for at in 0..session.config().vendors.len() {
        let letter = b'A' + session.vendor(at) as u8;
        let run = if session.has_run(at) { 32 } else { 0 };
        out.push((letter + run) as char);
    }
}
