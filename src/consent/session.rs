//! Events in, effects out: the only place that orders effects.
//!
//! What closes comes before what opens, and a choice is written before anything of it happens
//! (I-4). After a visitor's click at most one thing starts per [`Event::Turn`], so that the page
//! stays responsive and a withdrawal that arrives between two turns finds the rest not started.

use super::config::Config;
use super::event::{Effect, Event, Pending};
use super::mark::{Mark, mark};
use super::policy::{Grant, Standing};
use super::record::{Record, Source};
use super::release::Tag;
use super::verdict::{Finding, Kind, Reason, Request, Verdict, reason};
use crate::signals::google_consent_mode;

const DAY_S: u64 = 86_400;

/// Browsers keep no cookie longer (RFC 6265bis, 5.5), in days. An opt-out is renewed for as long.
const COOKIE_DAYS_MAX: u32 = 400;

/// How far a record may be dated after `now` and still be believed, in seconds. Ours: a day covers
/// a device set to the wrong time zone.
const CLOCK_SKEW_S: u64 = DAY_S;

// Where one vendor stands in this document: a bit each.
/// Its calls were made and its loader was sent for.
const STARTED: u8 = 1;
/// Its loader has run or failed.
const LOADED: u8 = 2;
/// The page has asked for it.
const DEMANDED: u8 = 4;
/// A tag or request of it has passed the traps: something of it may be running.
const SEEN: u8 = 8;
/// Its off-switch was called, and it was not resumed since.
const OFF: u8 = 16;
/// It was granted after the last event.
const GRANTED: u8 = 32;
/// Withdrawn and granted again, and it cannot be resumed before the next page.
const DORMANT: u8 = 64;

/// One visitor on one page.
#[derive(Debug)]
pub struct Session<'t> {
    pub(super) config: Config<'t>,
    pub(super) standing: Standing,
    /// Tags that are held or waited for, in the order of their numbers.
    pub(super) tags: Vec<Tag>,
    /// By vendor, bits as above.
    progress: Vec<u8>,
    started: bool,
    default_sent: bool,
    effects: Vec<Effect>,
}

impl Default for Session<'_> {
    fn default() -> Self {
        Self::new()
    }
}

impl<'t> Session<'t> {
    /// A session that knows nothing yet: everything is held.
    pub const fn new() -> Self {
        Self {
            config: Config::new(),
            standing: Standing::new(),
            tags: Vec::new(),
            progress: Vec::new(),
            started: false,
            default_sent: false,
            effects: Vec::new(),
        }
    }

    /// Takes in what the site declares; `false` if something could not be read.
    pub fn configure(&mut self, text: &'t str) -> bool {
        let readable = self.config.read(text);
        self.make_room();
        readable
    }

    /// What the site declares.
    pub fn config(&self) -> &Config<'t> {
        &self.config
    }

    /// What is known of the visitor.
    pub fn standing(&self) -> &Standing {
        &self.standing
    }

    /// Whether a vendor is granted, and can run in this document.
    pub fn vendor(&self, at: usize) -> Reason {
        let reason = reason(self.standing.vendor(&self.config, at));
        if reason.permits() && self.is(at, DORMANT) {
            return Reason::NextPage;
        }
        reason
    }

    /// How a category is shown: `1` granted, `0` not, `m` mixed: some of its vendors are.
    pub fn category_mark(&self, at: usize) -> u8 {
        let (mut on, mut off) = (false, false);
        for (v, vendor) in self.config.vendors.iter().enumerate() {
            if vendor.category == Some(at) && !vendor.is_container() {
                if self.is_granted(v) {
                    on = true;
                } else {
                    off = true;
                }
            }
        }
        let own = || self.standing.category(&self.config, at).is_granted();
        match mark(!(on || off) && own(), on, off) {
            Mark::On => b'1',
            Mark::Off => b'0',
            Mark::Mixed => b'm',
        }
    }

    /// Whether anything of a vendor has run, or may have, in this document.
    pub fn has_run(&self, at: usize) -> bool {
        self.is(at, STARTED | SEEN)
    }

    /// The verdict on a request that is made now. If it passes, something of its vendors may be running.
    pub fn pass(&mut self, kind: Kind, request: &Request) -> Finding {
        let finding = self.request(kind, request);
        if finding.verdict == Verdict::Allow && finding.vendor.is_some() {
            for vendor in self.claimants(request) {
                self.seen(vendor);
            }
        }
        finding
    }

    /// Adds vendors at run time; `false` if something could not be read.
    pub fn register(&mut self, lines: &'t str) -> bool {
        let readable = self.configure(lines);
        if self.started {
            if !self.default_sent {
                self.consent_mode();
            }
            self.settle(None);
        }
        readable
    }

    /// Takes an event. What follows from it is in [`Session::effects`].
    pub fn handle(&mut self, event: Event) {
        match event {
            Event::Started {
                record,
                gpc,
                now,
                prerendering,
            } => {
                if self.started {
                    // I-10: starting twice is reading the record again.
                    self.reread(record, now);
                } else {
                    self.started = true;
                    self.standing.gpc = gpc;
                    self.standing.is_visible = !prerendering;
                    self.begin(record, now);
                }
            }
            Event::RecordChanged { record, now } => self.reread(record, now),
            Event::Activated => {
                self.standing.is_visible = true;
                self.consent_mode();
                self.settle(None);
            }
            Event::RegionKnown {
                regime,
                valid_days,
                now,
            } if self.config.is_auto => {
                self.config.regime = regime;
                self.config.valid_days = valid_days;
                if self.started {
                    let record = self.standing.record.take();
                    self.take_in(record, now);
                }
            }
            Event::RegionKnown { .. } => {}
            Event::Chosen { record, now } => {
                let source = record.source();
                self.adopt(record, now);
                self.persist();
                self.settle(Some(source));
            }
            Event::Demanded(at) => self.advance(at, DEMANDED),
            Event::VendorSettled(at) => self.advance(at, LOADED),
            Event::TagSettled(id) => {
                if self.settle_tag(id) {
                    self.turn();
                }
            }
            Event::TagWanted(id) => {
                if self.standing.is_visible && self.take_tag(id) {
                    let ordered = false;
                    self.effects.push(Effect::Release { id, ordered });
                }
            }
            Event::Turn => self.turn(),
        }
    }

    /// What is to be performed, in order: whoever performs it clears it.
    pub fn effects(&mut self) -> &mut Vec<Effect> {
        &mut self.effects
    }

    fn make_room(&mut self) {
        self.progress.resize(self.config.vendors.len(), 0);
    }

    fn is(&self, at: usize, bits: u8) -> bool {
        self.progress.get(at).is_some_and(|of| of & bits != 0)
    }

    fn set(&mut self, at: usize, bits: u8) {
        if let Some(of) = self.progress.get_mut(at) {
            *of |= bits;
        }
    }

    fn clear(&mut self, at: usize, bits: u8) {
        if let Some(of) = self.progress.get_mut(at) {
            *of &= !bits;
        }
    }

    fn is_granted(&self, at: usize) -> bool {
        self.standing.vendor(&self.config, at).is_granted()
    }

    /// Something of a vendor passes the traps: if it is granted, it may be running from now on.
    pub(super) fn seen(&mut self, at: usize) {
        if self.is_granted(at) {
            self.set(at, SEEN);
        }
    }

    fn advance(&mut self, at: usize, bit: u8) {
        self.set(at, bit);
        self.turn();
    }

    fn begin(&mut self, record: Option<Record>, now: u64) {
        self.take_in(record, now);
        // A returning visitor waits for nothing: all that is allowed is on its way at once.
        while self.effects.last() == Some(&Effect::Continue) {
            self.effects.pop();
            self.turn();
        }
    }

    /// Begins with what is stored, or begins anew with it under another legal model.
    fn take_in(&mut self, record: Option<Record>, now: u64) {
        if let Some(record) = record {
            self.adopt(record, now);
            if !self.config.regime.asks_first() {
                // An opt-out never lapses: each visit renews it.
                self.persist();
            }
        }
        self.consent_mode();
        self.settle(None);
    }

    /// Takes a stored record for what it is still worth.
    fn adopt(&mut self, record: Record, now: u64) {
        let valid_s = u64::from(self.config.valid_days) * DAY_S;
        let is_lax = !self.config.regime.asks_first();
        let current = record.at() + valid_s > now || is_lax;
        let dated = record.at() <= now + CLOCK_SKEW_S;
        // What a laxer regime took for granted is no consent; what it was told to leave off is.
        let strict = is_lax || record.is_opt_in();
        self.standing.is_expired = !(current && dated && strict);
        self.standing.record = Some(record);
    }

    fn reread(&mut self, record: Option<Record>, now: u64) {
        let Some(found) = record else { return };
        if let Some(own) = &self.standing.record {
            // I-9: the higher counter wins.
            if found.counter() < own.counter() || found == *own {
                return;
            }
            // Two tabs chose at the same moment: the other one takes ours, once it is written again.
            if found.counter() == own.counter() && own.outweighs(&found) {
                return self.persist();
            }
        }
        let source = found.source();
        self.adopt(found, now);
        self.settle(Some(source));
    }

    fn persist(&mut self) {
        let days = if self.config.regime.asks_first() {
            self.config.valid_days.min(COOKIE_DAYS_MAX)
        } else {
            COOKIE_DAYS_MAX
        };
        self.effects.push(Effect::Persist(days * DAY_S as u32));
    }

    /// Works out what is granted now, and what follows from the difference: closing, then opening.
    fn settle(&mut self, source: Option<Source>) {
        let vendors = self.config.vendors.len();
        // Google is told of every choice, before anything of it happens.
        if source.is_some() {
            self.consent_mode();
        }
        for at in 0..vendors {
            if self.is(at, GRANTED) && !self.is_granted(at) {
                self.clear(at, GRANTED);
                if self.has_run(at) {
                    self.set(at, OFF);
                    self.effects.push(Effect::SwitchOff(at));
                }
                // After the off-switch: that is a call to the vendor, too.
                self.effects.push(Effect::Withdrawn(at));
            }
        }
        for at in 0..vendors {
            let grant = self.standing.vendor(&self.config, at);
            if grant.is_granted() && !self.is(at, GRANTED) {
                self.set(at, GRANTED);
                self.clear(at, DORMANT);
                self.effects.push(Effect::Granted(at));
                if self.is(at, OFF) {
                    if self.config.vendors[at].is_resumable() {
                        self.clear(at, OFF);
                        self.effects.push(Effect::Resume(at));
                    } else {
                        self.set(at, DORMANT);
                    }
                }
            } else if grant == Grant::Refused {
                self.effects.push(Effect::Refused(at));
            }
        }
        self.ask();
        if let Some(source) = source {
            self.effects.push(Effect::Notify(source));
        }
        self.effects.push(Effect::Continue);
    }

    fn ask(&mut self) {
        if !self.standing.is_visible {
            return;
        }
        let effect = if self.standing.record.is_none() {
            Effect::Ask(Pending::First)
        } else if self.standing.is_expired {
            Effect::Ask(Pending::Expired)
        } else {
            let mut effect = Effect::Asked;
            for at in 0..self.config.vendors.len() {
                if self.is_new(at) {
                    self.effects.push(Effect::New(at));
                    effect = Effect::Ask(Pending::New);
                }
            }
            effect
        };
        self.effects.push(effect);
    }

    /// I-7: a vendor the choice does not cover, in a category that was granted or never asked about.
    /// (A container is asked about through what it carries.)
    fn is_new(&self, at: usize) -> bool {
        self.config.regime.asks_first()
            && !self.config.vendors[at].is_container()
            && self.standing.vendor(&self.config, at) == Grant::NotAsked
    }

    fn consent_mode(&mut self) {
        let (config, standing) = (&self.config, &self.standing);
        if !config
            .vendors
            .iter()
            .any(|vendor| vendor.has_consent_mode())
        {
            return;
        }
        if !self.default_sent {
            // Basic mode: the default is always "denied", and comes before anything of Google's.
            self.effects.push(Effect::ConsentMode {
                is_default: true,
                granted: google_consent_mode::ALWAYS,
            });
        }
        if self.default_sent || standing.record.is_some() || !config.regime.asks_first() {
            self.effects.push(Effect::ConsentMode {
                is_default: false,
                granted: google_consent_mode::granted(|category| {
                    google_key(config, standing, category)
                }),
            });
        }
        self.default_sent = true;
    }

    /// The next thing to start: vendors in the site's order, then held tags.
    fn turn(&mut self) {
        if !(self.standing.is_visible && self.started) {
            return;
        }
        let next = (0..self.config.vendors.len()).find(|&at| self.may_start(at));
        let effect = if let Some(at) = next {
            self.set(at, STARTED);
            Effect::Start(at)
        } else if let Some((id, ordered)) = self.next_tag() {
            Effect::Release { id, ordered }
        } else {
            return;
        };
        self.effects.push(effect);
        self.effects.push(Effect::Continue);
    }

    fn may_start(&self, at: usize) -> bool {
        let vendor = &self.config.vendors[at];
        let is_loaded = |id: &str| {
            let needed = self.config.vendor(id);
            needed.is_some_and(|needed| self.is(needed, LOADED))
        };
        !self.is(at, STARTED)
            && (self.is(at, DEMANDED) || !vendor.is_on_demand())
            && self.vendor(at).permits()
            && vendor.needs.iter().all(is_loaded)
    }
}

/// Google's key follows the Google vendors of its category, where the site has any; else, as for a
/// site that runs them from its container, the category.
fn google_key(config: &Config, standing: &Standing, category: &str) -> bool {
    let Some(category) = config.category(category) else {
        return false;
    };
    let mut has_vendors = false;
    for (at, vendor) in config.vendors.iter().enumerate() {
        if vendor.has_consent_mode() && !vendor.is_container() && vendor.category == Some(category)
        {
            if standing.vendor(config, at).is_granted() {
                return true;
            }
            has_vendors = true;
        }
    }
    !has_vendors && standing.category(config, category).is_granted()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::consent::Regime;

    const NOW: u64 = 1_764_000_000;
    const SITE: &str = "c\tnecessary\ta\nc\tperformance\t\nc\tfunctional\t\nc\ttargeting\ts\n\
        v\tkept\tnecessary\t\t0\n\
        v\tstats\tperformance\tg\t0\n\
        v\tplayer\tfunctional\t\t0\n\
        v\tads\ttargeting\tg\t0\n\
        v\tpixel\ttargeting\t\t0\n\
        v\tmanager\tfunctional\tg\t0\tperformance targeting";
    const KEPT: usize = 0;
    const STATS: usize = 1;
    const PLAYER: usize = 2;

    // Google's keys that the categories drive.
    const PERFORMANCE: u8 = 0b000_1000;
    const FUNCTIONAL: u8 = 0b011_0000;
    const TARGETING: u8 = 0b000_0111;

    /// A record with these answers, so many days old, under a regime (`i`, `o`, `n`).
    fn record(answers: &str, days: u64, regime: char) -> Record {
        let at = NOW - days * DAY_S;
        Record::finish(format!(
            "1.0123456789abcdef.1.{at}.1.{regime}.0.p.en.00000000.{answers}."
        ))
    }

    fn site(regime: &str) -> String {
        format!("p\t1\t1\t{regime}\thold\t180\tacme.example\tpage\t0\n{SITE}")
    }

    fn configured(text: &str) -> Session<'_> {
        let mut session = Session::new();
        assert!(session.configure(text), "{text}");
        session
    }

    fn follows(session: &mut Session, event: Event) -> Vec<Effect> {
        session.handle(event);
        std::mem::take(session.effects())
    }

    fn start(record: Option<Record>) -> Event {
        Event::Started {
            record,
            gpc: false,
            now: NOW,
            prerendering: false,
        }
    }

    /// What follows where a page starts.
    fn started(regime: &str, record: Option<Record>) -> Vec<Effect> {
        let text = site(regime);
        follows(&mut configured(&text), start(record))
    }

    fn chosen(answers: &str) -> Event {
        Event::Chosen {
            record: record(answers, 0, 'i'),
            now: NOW,
        }
    }

    /// What Google is told: whether it is the default, and the keys beside those that are always granted.
    fn told(effects: &[Effect]) -> Vec<(bool, u8)> {
        let modes = effects.iter().filter_map(|effect| match effect {
            Effect::ConsentMode {
                is_default,
                granted,
            } => Some((*is_default, granted ^ google_consent_mode::ALWAYS)),
            _ => None,
        });
        modes.collect()
    }

    #[test]
    fn google_is_told_the_default_once_and_then_what_is_granted() {
        let all = PERFORMANCE | FUNCTIONAL | TARGETING;
        assert_eq!(told(&started("opt-in", None)), [(true, 0)]);
        assert_eq!(told(&started("opt-out", None)), [(true, 0), (false, all)]);
        let back = record("performance~!functional~!targeting.", 1, 'i');
        assert_eq!(
            told(&started("opt-in", Some(back))),
            [(true, 0), (false, PERFORMANCE)]
        );
        let text = site("opt-in");
        let mut session = configured(&text);
        follows(&mut session, start(None));
        let effects = follows(&mut session, chosen("!performance~!functional~targeting."));
        assert_eq!(told(&effects), [(false, TARGETING)]);
        assert_eq!(told(&follows(&mut session, Event::Turn)), []);
    }

    #[test]
    fn google_is_told_nothing_where_nothing_of_it_is() {
        let text = site("opt-out").replace("\tg\t", "\t\t");
        let mut session = configured(&text);
        assert_eq!(told(&follows(&mut session, start(None))), []);
    }

    #[test]
    fn a_key_follows_the_google_vendors_of_its_category_or_else_the_category() {
        for (answers, keys) in [
            // The vendor's own answer, either way.
            ("performance~!functional~!targeting.!stats", 0),
            ("!performance~!functional~!targeting.stats", PERFORMANCE),
            // What is no vendor of Google's, and what only carries others, says nothing.
            ("!performance~!functional~!targeting.pixel", 0),
            ("!performance~!functional~!targeting.manager", 0),
            (
                "performance~functional~!targeting.!player",
                PERFORMANCE | FUNCTIONAL,
            ),
        ] {
            let effects = started("opt-in", Some(record(answers, 1, 'i')));
            assert_eq!(told(&effects), [(true, 0), (false, keys)], "{answers}");
        }
        // A category that the site does not have is not granted.
        let text = "p\t1\t1\topt-out\nc\tperformance\t\nv\tstats\tperformance\tg";
        let effects = follows(&mut configured(text), start(None));
        assert_eq!(told(&effects), [(true, 0), (false, PERFORMANCE)]);
    }

    #[test]
    fn a_vendor_that_is_registered_stands_as_if_it_had_been_declared() {
        let text = site("opt-in").replace("\tg\t", "\t\t");
        let mut session = configured(&text);
        let line = |id: &'static str| -> &'static str {
            match id {
                "early" => "v\tearly\tperformance\t",
                "google" => "v\tgoogle\tperformance\tg",
                _ => "v\tlate\tperformance\tg",
            }
        };
        assert!(session.register(line("early")));
        assert_eq!(*session.effects(), [], "the page has not begun");
        follows(&mut session, start(Some(record("performance.", 1, 'i'))));
        assert!(session.register(line("google")));
        let effects = std::mem::take(session.effects());
        assert_eq!(told(&effects), [(true, 0), (false, PERFORMANCE)]);
        assert!(effects.contains(&Effect::Granted(7)), "{effects:?}");
        assert!(session.register(line("late")));
        let effects = std::mem::take(session.effects());
        assert_eq!(told(&effects), [], "the default is sent once");
        assert!(effects.contains(&Effect::Granted(8)), "{effects:?}");
        assert!(!session.register("v\tlate\tperformance\t"));
        assert!(!session.configure("v\tstray\tnowhere\t"));
    }

    #[test]
    fn the_region_counts_only_where_the_site_leaves_it_to_it() {
        let known = || Event::RegionKnown {
            regime: Regime::OptOut,
            valid_days: 90,
            now: NOW,
        };
        for (regime, may) in [("auto", true), ("opt-in", false)] {
            let text = site(regime);
            let mut session = configured(&text);
            follows(&mut session, start(None));
            assert!(!session.vendor(STATS).permits(), "the strictest, at first");
            follows(&mut session, known());
            assert_eq!(session.vendor(STATS).permits(), may, "{regime}");
            assert_eq!(session.config().valid_days, if may { 90 } else { 180 });
        }
        // Known before the page begins, it does not begin it.
        let text = site("auto");
        let mut session = configured(&text);
        assert_eq!(follows(&mut session, known()), []);
        assert!(!session.vendor(STATS).permits());
    }

    #[test]
    fn a_choice_is_kept_for_as_long_as_it_holds_and_no_longer_than_browsers_keep_it() {
        let kept = |regime: &str, days: &str| {
            let text = site(regime).replace("\t180\t", days);
            let mut session = configured(&text);
            follows(&mut session, start(None));
            follows(&mut session, chosen("performance."))[0]
        };
        assert_eq!(kept("opt-in", "\t180\t"), Effect::Persist(180 * 86_400));
        assert_eq!(kept("opt-in", "\t500\t"), Effect::Persist(400 * 86_400));
        assert_eq!(kept("opt-out", "\t180\t"), Effect::Persist(400 * 86_400));
        // Only an opt-out is renewed by each visit.
        let renewed = |regime, letter| {
            let effects = started(regime, Some(record("performance.", 1, letter)));
            effects.iter().any(|of| matches!(of, Effect::Persist(_)))
        };
        assert!(renewed("opt-out", 'o') && renewed("notice", 'n'));
        assert!(!renewed("opt-in", 'i'));
    }

    #[test]
    fn a_choice_lapses_to_the_second_under_the_strictest_model_alone() {
        let asked = |regime: &str, now: u64, letter: char| {
            let text = site(regime);
            let mut session = configured(&text);
            let effects = follows(
                &mut session,
                Event::Started {
                    record: Some(record("performance~!functional~!targeting.", 0, letter)),
                    gpc: false,
                    now,
                    prerendering: false,
                },
            );
            let is_ask = |of: &&Effect| matches!(of, Effect::Ask(_) | Effect::Asked);
            (
                *effects.iter().find(is_ask).expect("asked, or not"),
                session.vendor(STATS).permits(),
                session.vendor(PLAYER).permits(),
            )
        };
        let (holds, lapsed) = (Effect::Asked, Effect::Ask(Pending::Expired));
        let over = NOW + 180 * DAY_S;
        assert_eq!(asked("opt-in", over - 1, 'i'), (holds, true, false));
        assert_eq!(asked("opt-in", over, 'i'), (lapsed, false, false));
        assert_eq!(asked("opt-out", over, 'o'), (holds, true, false));
        assert_eq!(asked("opt-out", NOW, 'i'), (holds, true, false));
        // Dated ahead by a day at most.
        assert_eq!(asked("opt-in", NOW - DAY_S, 'i'), (holds, true, false));
        assert_eq!(
            asked("opt-in", NOW - DAY_S - 1, 'i'),
            (lapsed, false, false)
        );
        // What a laxer model took for granted is no consent.
        for letter in ['o', 'n'] {
            assert_eq!(asked("opt-in", NOW, letter), (lapsed, false, false));
        }
    }

    #[test]
    fn a_wanted_tag_is_released_if_it_is_held_and_somebody_sees_the_page() {
        let text = site("opt-in");
        let mut session = configured(&text);
        let wanted = || Event::TagWanted(3);
        follows(
            &mut session,
            Event::Started {
                record: None,
                gpc: false,
                now: NOW,
                prerendering: true,
            },
        );
        session.hold(3, "\t\t\t\tpixel");
        assert_eq!(follows(&mut session, wanted()), []);
        follows(&mut session, Event::Activated);
        let released = Effect::Release {
            id: 3,
            ordered: false,
        };
        assert_eq!(follows(&mut session, wanted()), [released]);
        assert_eq!(
            follows(&mut session, wanted()),
            [],
            "it is not held any more"
        );
    }

    #[test]
    fn nothing_starts_on_a_page_that_has_not_begun_or_that_nobody_sees() {
        let text = site("opt-in");
        let mut session = configured(&text);
        let prerendered = Event::Started {
            record: None,
            gpc: false,
            now: NOW,
            prerendering: true,
        };
        let effects = follows(&mut session, prerendered);
        assert!(!effects.contains(&Effect::Start(KEPT)), "{effects:?}");
        assert_eq!(follows(&mut session, Event::Turn), []);
        follows(&mut session, Event::Activated);
        let first = [Effect::Start(KEPT), Effect::Continue];
        assert_eq!(follows(&mut session, Event::Turn), first);
        let mut session = configured(&text);
        follows(&mut session, Event::Activated);
        assert_eq!(follows(&mut session, Event::Turn), []);
    }

    #[test]
    fn a_vendor_hears_of_a_grant_once_and_of_each_refusal() {
        let text = site("opt-in");
        let mut session = configured(&text);
        follows(&mut session, start(None));
        let of = |effects: &[Effect], at: usize| -> Vec<Effect> {
            let about = [
                Effect::Granted(at),
                Effect::Refused(at),
                Effect::Withdrawn(at),
            ];
            let mut found = effects.to_vec();
            found.retain(|effect| about.contains(effect));
            found
        };
        let yes = follows(&mut session, chosen("performance~!functional."));
        assert_eq!(of(&yes, STATS), [Effect::Granted(STATS)]);
        assert_eq!(of(&yes, PLAYER), [Effect::Refused(PLAYER)]);
        let again = follows(&mut session, chosen("performance~!functional."));
        assert_eq!(of(&again, STATS), []);
        assert_eq!(of(&again, PLAYER), [Effect::Refused(PLAYER)]);
        assert_eq!(of(&again, KEPT), [], "what runs always is told nothing");
    }

    #[test]
    fn who_ran_and_is_granted_again_goes_on_only_if_it_can_be_told_to() {
        let text = site("opt-in").replace("\tfunctional\t\t0", "\tfunctional\tr\t0");
        let mut session = configured(&text);
        follows(
            &mut session,
            start(Some(record("performance~functional.", 0, 'i'))),
        );
        assert!(session.has_run(STATS) && session.has_run(PLAYER));
        follows(&mut session, chosen("!performance~!functional."));
        let effects = follows(&mut session, chosen("performance~functional."));
        assert!(effects.contains(&Effect::Resume(PLAYER)), "{effects:?}");
        assert!(!effects.contains(&Effect::Resume(STATS)), "{effects:?}");
        assert_eq!(session.vendor(PLAYER), Reason::Granted);
        assert_eq!(session.vendor(STATS), Reason::NextPage);
    }

    #[test]
    fn a_vendor_starts_once_it_is_asked_for_and_what_it_needs_has_loaded() {
        let text = "p\t1\t1\topt-out\nc\tads\t\nv\tlogin\tads\td\nv\tneedy\tads\t\t0\t\tlogin";
        let mut session = configured(text);
        let effects = follows(&mut session, start(None));
        let starts = |effect: &Effect| matches!(effect, Effect::Start(_));
        assert!(!effects.iter().any(starts), "{effects:?}");
        let first = [Effect::Start(0), Effect::Continue];
        assert_eq!(follows(&mut session, Event::Demanded(0)), first);
        assert_eq!(follows(&mut session, Event::Turn), []);
        let second = [Effect::Start(1), Effect::Continue];
        assert_eq!(follows(&mut session, Event::VendorSettled(0)), second);
        assert_eq!(follows(&mut session, Event::Demanded(0)), []);
    }

    #[test]
    fn of_two_records_the_later_one_holds_and_of_two_at_once_the_one_that_grants_less() {
        let counted = |counter: u64, answers: &str| {
            let head = format!("1.0123456789abcdef.{counter}.{NOW}.1.i.0.p.en.00000000");
            Record::finish(format!("{head}.{answers}."))
        };
        let own = counted(3, "performance~!functional.");
        let (more, less) = ("performance~functional.", "!performance~!functional.");
        let writes = Effect::Persist(180 * 86_400);
        for (found, holds, first) in [
            (counted(2, less), false, None),
            (own.clone(), false, None),
            (counted(3, more), false, Some(writes)),
            (counted(3, less), true, Some(Effect::Withdrawn(STATS))),
            (counted(4, more), true, Some(Effect::Granted(PLAYER))),
            (counted(4, less), true, Some(Effect::Withdrawn(STATS))),
        ] {
            let text = site("opt-in").replace("\tg\t", "\td\t");
            let mut session = configured(&text);
            follows(&mut session, start(Some(own.clone())));
            let changed = Event::RecordChanged {
                record: Some(found.clone()),
                now: NOW,
            };
            let effects = follows(&mut session, changed);
            assert_eq!(effects.first().copied(), first, "{found:?}");
            assert!(!holds || !effects.contains(&writes), "{found:?}");
            let expected = if holds { found } else { own.clone() };
            assert_eq!(session.standing().record, Some(expected));
        }
    }

    #[test]
    fn a_category_is_shown_as_its_vendors_are_and_what_only_carries_others_says_nothing() {
        let text = site("opt-in") + "\nc\tempty\t\nc\tbare\t";
        let mut session = configured(&text);
        let answers = "performance~!functional~targeting~empty~!bare.!pixel";
        follows(&mut session, start(Some(record(answers, 0, 'i'))));
        assert_eq!(
            [0, 1, 2, 3, 4, 5].map(|at| session.category_mark(at)),
            *b"110m10"
        );
    }

    #[test]
    fn a_container_is_asked_about_through_what_it_carries() {
        let effects = started("opt-in", Some(record("!functional.", 1, 'i')));
        let mut news = effects.clone();
        news.retain(|effect| matches!(effect, Effect::New(_)));
        let places = [STATS, 3, 4].map(Effect::New);
        assert_eq!(news, places, "{effects:?}");
        // Where nobody is asked first, nobody is asked about what is new.
        let effects = started("opt-out", Some(record("!functional.", 1, 'o')));
        assert!(effects.contains(&Effect::Asked), "{effects:?}");
    }
}
