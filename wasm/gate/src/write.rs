//! Effects and state as lines of text, fields separated by tabs.
//!
//! ```text
//! P  value  seconds            write the record
//! G  d|u  key=1 key=0 …        Google Consent Mode, default or update
//! s  vendor  1|0               its stub passes calls on, or swallows them
//! O  vendor                    its off-switch
//! E                            erase what belongs to vendors that are not granted
//! M  vendor                    resume
//! S  vendor                    start
//! R  tag  patience             release; the patience in milliseconds is 0 where nobody waits for it
//! Q / q                        ask / nothing to ask
//! N  source  granted  withdrawn    tell the page; vendors' numbers with spaces
//! C                            more is waiting for the next turn
//! ```

use portcullis::consent::{Effect, PATIENCE_MS, Pending, Regime, Session};
use portcullis::fields::{push_hex, push_number};

pub fn numbers(values: impl Iterator<Item = usize>) -> String {
    let mut out = String::new();
    for value in values {
        if !out.is_empty() {
            out.push(' ');
        }
        push_number(&mut out, value as u64);
    }
    out
}

pub fn effects(out: &mut String, effects: &[Effect]) {
    for effect in effects {
        match effect {
            Effect::Persist(value, seconds) => {
                out.push_str("P\t");
                out.push_str(value);
                field(out, *seconds);
            }
            Effect::ConsentMode { default, states } => {
                out.push_str(if *default { "G\td\t" } else { "G\tu\t" });
                for (key, granted) in states {
                    out.push_str(key);
                    out.push_str(if *granted { "=1 " } else { "=0 " });
                }
            }
            Effect::Signal(vendor, granted) => {
                out.push('s');
                field(out, *vendor as u64);
                field(out, u64::from(*granted));
            }
            Effect::SwitchOff(vendor) => letter(out, 'O', *vendor),
            Effect::Erase => out.push('E'),
            Effect::Resume(vendor) => letter(out, 'M', *vendor),
            Effect::Start(vendor) => letter(out, 'S', *vendor),
            Effect::Release { id, ordered } => {
                letter(out, 'R', *id as usize);
                field(out, if *ordered { u64::from(PATIENCE_MS) } else { 0 });
            }
            Effect::Ask => out.push('Q'),
            Effect::Asked => out.push('q'),
            Effect::Notify {
                granted,
                withdrawn,
                source,
            } => {
                out.push_str("N\t");
                out.push(source.letter() as char);
                for list in [granted, withdrawn] {
                    out.push('\t');
                    out.push_str(&numbers(list.iter().copied()));
                }
            }
            Effect::Continue => out.push('C'),
        }
        out.push('\n');
    }
}

/// Line 1: regime letter, GPC, why pending (`f e n` or empty), vendors it is about. Line 2: the
/// record's id, time, source letter; empty without one. Line 3: a character for each category, `1`,
/// `0` or `m`. Line 4: a character for each vendor: the reason's number plus 65 (`A` …); lower case
/// if something of it has run.
pub fn state(session: &Session) -> String {
    let config = session.config();
    let mut out = String::new();
    out.push(match config.regime {
        Regime::OptIn => 'i',
        Regime::OptOut => 'o',
        Regime::Notice => 'n',
    });
    out.push_str(if session.standing().gpc {
        "\t1\t"
    } else {
        "\t0\t"
    });
    match session.pending() {
        None => out.push('\t'),
        Some(Pending::First) => out.push_str("f\t"),
        Some(Pending::Expired) => out.push_str("e\t"),
        Some(Pending::New(vendors)) => {
            out.push_str("n\t");
            out.push_str(&numbers(vendors.iter().copied()));
        }
    }
    out.push('\n');
    if let Some(record) = &session.standing().record {
        push_hex(&mut out, record.id, 16);
        field(&mut out, record.at);
        out.push('\t');
        out.push(record.provenance.source.letter() as char);
    }
    out.push('\n');
    for at in 0..config.categories.len() {
        out.push(session.category_mark(at) as char);
    }
    out.push('\n');
    for at in 0..config.vendors.len() {
        let letter = b'A' + session.vendor(at) as u8;
        let run = if session.has_run(at) { 32 } else { 0 };
        out.push((letter + run) as char);
    }
    out
}

fn letter(out: &mut String, letter: char, value: usize) {
    out.push(letter);
    field(out, value as u64);
}

fn field(out: &mut String, value: u64) {
    out.push('\t');
    push_number(out, value);
}
