//! Which held tag goes next.
//!
//! I-2: a tag is released at most once. Within a category ordered tags go one after another, in
//! document order; one that hangs is waited for no longer than its patience. An `async` tag waits for
//! nobody but the inline scripts before it, which a parser would have run first, too (a vendor's stub
//! stands before its loader). Categories do not wait for each other.

use super::session::Session;
use super::verdict::{Kind, Request, Verdict};
use crate::fields::owned;

/// How long the next ordered tag waits for one that has not settled, in milliseconds. Ours: longer
/// than a slow script usually takes, shorter than a visitor gives up.
pub const PATIENCE_MS: u32 = 3000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    Held,
    Running,
}

/// A tag that the traps hold, or one that runs and that others wait for.
#[derive(Debug)]
pub(super) struct Tag {
    /// The number under which the traps keep it; later tags have greater ones.
    pub id: u32,
    /// What it is, as [`Request::read`] takes it: whose grant it needs is worked out each time.
    pub request: String,
    pub stage: Stage,
}

impl Session<'_> {
    /// Takes a tag in; one that is known already is left as it is. `request` is text for [`Request::read`].
    pub fn hold(&mut self, id: u32, request: &str) {
        if self.tags.last().is_none_or(|last| last.id < id) {
            self.tags.push(Tag {
                id,
                request: owned(request),
                stage: Stage::Held,
            });
        }
    }

    /// A held tag is gone from the page: there is nothing to release any more.
    pub fn forget(&mut self, id: u32) {
        self.take_tag(id);
    }

    /// Takes a held tag out; whether it was there.
    pub(super) fn take_tag(&mut self, id: u32) -> bool {
        self.remove(id, Stage::Held)
    }

    /// A tag has run, failed, or outlasted its patience; whether somebody may have waited for it.
    pub(super) fn settle_tag(&mut self, id: u32) -> bool {
        self.remove(id, Stage::Running)
    }

    fn remove(&mut self, id: u32, stage: Stage) -> bool {
        let before = self.tags.len();
        self.tags.retain(|tag| tag.id != id || tag.stage != stage);
        self.tags.len() < before
    }

    /// Takes the next tag to release: the first held one that is allowed and that has nobody to wait for.
    /// Its number, and whether it is ordered.
    pub(super) fn next_tag(&mut self) -> Option<(u32, bool)> {
        // A bit a category: an ordered tag, an inline tag before this one is not done yet.
        let (mut ordered, mut inline) = (0u64, 0u64);
        for at in 0..self.tags.len() {
            let tag = &self.tags[at];
            let request = Request::read(&tag.request);
            let finding = self.request(Kind::Element, &request);
            let lane = match finding.vendor {
                Some(vendor) => self.config.vendors[vendor].category,
                None => self.config.category(request.category),
            };
            let bit = 1 << (lane.unwrap_or(0) & 63);
            let (is_ordered, is_inline) = (request.flags.has(b'o'), request.flags.has(b'i'));
            if tag.stage == Stage::Held {
                if finding.verdict != Verdict::Allow {
                    continue;
                }
                if (if is_ordered { ordered } else { inline }) & bit == 0 {
                    let id = tag.id;
                    for vendor in self.claimants(&request) {
                        self.seen(vendor);
                    }
                    if is_ordered || is_inline {
                        self.tags[at].stage = Stage::Running;
                    } else {
                        self.tags.remove(at); // Nobody waits for it.
                    }
                    return Some((id, is_ordered));
                }
            }
            if is_ordered {
                ordered |= bit;
            }
            if is_inline {
                inline |= bit;
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::consent::{Effect, Event, Record};

    const NOW: u64 = 1_764_000_000;

    /// A page whose visitor allowed categories, each of one vendor: `c0` has `v0`.
    fn session<'t>(text: &'t mut String, categories: usize) -> Session<'t> {
        let ids = || 0..categories;
        *text = String::from("p\t1\t1\topt-in\thold\t180\tacme.example\tpage\t0");
        *text += &ids().map(|at| format!("\nc\tc{at}\t")).collect::<String>();
        *text += &ids()
            .map(|at| format!("\nv\tv{at}\tc{at}\td\t0"))
            .collect::<String>();
        let answers: Vec<String> = ids().map(|at| format!("c{at}")).collect();
        let answers = answers.join("~");
        let record = format!("1.0123456789abcdef.1.{NOW}.1.i.0.p.en.00000000.{answers}..");
        let mut session = Session::new();
        assert!(session.configure(text));
        session.handle(Event::Started {
            record: Some(Record::finish(record)),
            gpc: false,
            now: NOW,
            prerendering: false,
        });
        session.effects().clear();
        session
    }

    /// Everything that turns release: numbers, an ordered one with `o`.
    fn released(session: &mut Session, event: Event) -> String {
        let mut found = Vec::new();
        session.handle(event);
        for _ in 0..100 {
            let effects = std::mem::take(session.effects());
            if effects.is_empty() {
                return found.join(" ");
            }
            for effect in effects {
                if let Effect::Release { id, ordered } = effect {
                    found.push(format!("{id}{}", if ordered { "o" } else { "" }));
                }
            }
            session.handle(Event::Turn);
        }
        panic!("turns without end");
    }

    fn hold(session: &mut Session, id: u32, flags: &str, category: usize) {
        session.hold(id, &format!("{flags}\t\t\t\tv{category}"));
    }

    #[test]
    fn ordered_tags_of_a_category_go_one_after_another_and_others_do_not_wait() {
        let mut text = String::new();
        let mut session = session(&mut text, 3);
        for (id, flags, category) in [
            (1, "o", 0),
            (2, "o", 0),
            (3, "o", 1),
            (4, "", 0),
            (5, "o", 2),
            (6, "o", 1),
        ] {
            hold(&mut session, id, flags, category);
        }
        assert_eq!(released(&mut session, Event::Turn), "1o 3o 4 5o");
        // Whoever does not run settles nothing.
        assert_eq!(released(&mut session, Event::TagSettled(2)), "");
        assert_eq!(released(&mut session, Event::TagSettled(4)), "");
        assert_eq!(released(&mut session, Event::TagSettled(3)), "6o");
        assert_eq!(released(&mut session, Event::TagSettled(1)), "2o");
    }

    #[test]
    fn an_async_tag_waits_for_the_inline_scripts_before_it_alone() {
        let mut text = String::new();
        let mut session = session(&mut text, 2);
        for (id, flags, category) in [
            (1, "oi", 0),
            (2, "", 0),
            (3, "", 1),
            (4, "o", 0),
            (5, "i", 1),
            (6, "", 1),
            (7, "o", 1),
        ] {
            hold(&mut session, id, flags, category);
        }
        assert_eq!(released(&mut session, Event::Turn), "1o 3 5 7o");
        assert_eq!(released(&mut session, Event::TagSettled(5)), "6");
        assert_eq!(released(&mut session, Event::TagSettled(1)), "2 4o");
    }

    #[test]
    fn a_tag_is_held_once_and_forgotten_only_while_it_is_held() {
        let mut text = String::new();
        let mut session = session(&mut text, 1);
        for id in [1, 2, 3, 3, 2] {
            hold(&mut session, id, "o", 0);
        }
        session.forget(2);
        assert_eq!(released(&mut session, Event::Turn), "1o");
        session.forget(1);
        assert_eq!(released(&mut session, Event::Turn), "", "1 runs still");
        assert_eq!(released(&mut session, Event::TagSettled(1)), "3o");
        assert_eq!(released(&mut session, Event::TagSettled(3)), "");
    }

    #[test]
    fn what_is_not_granted_is_not_waited_for() {
        let mut text = String::new();
        let mut session = session(&mut text, 2);
        session.hold(1, "oi\t\t\tnone");
        hold(&mut session, 2, "o", 0);
        hold(&mut session, 3, "", 0);
        assert_eq!(released(&mut session, Event::Turn), "2o 3");
        assert!(session.has_run(0) && !session.has_run(1));
    }

    #[test]
    fn a_site_may_have_more_categories_than_a_number_has_bits() {
        let mut text = String::new();
        let mut session = session(&mut text, 66);
        for (id, category) in [(1, 0), (2, 63), (3, 64), (4, 1)] {
            hold(&mut session, id, "o", category);
        }
        // The first and the sixty-fifth share a bit, and so wait for each other.
        assert_eq!(released(&mut session, Event::Turn), "1o 2o 4o");
        assert_eq!(released(&mut session, Event::TagSettled(1)), "3o");
    }
}
