//! I-9: several tabs over one cookie jar. News of a choice says only that there is something to read; it
//! comes late, out of order, twice, or not before the tab is looked at. Clocks are apart.
//!
//! `PORTCULLIS_EVENTS=1000000 cargo test --profile fuzz --test invariants tabs` runs more than every test run does.

use std::sync::atomic::{AtomicUsize, Ordering};

use portcullis::consent::{Effect, Event, Record, Session};
use proptest::prelude::*;
use proptest::test_runner::{Config as Runner, TestRunner};

use crate::site::{
    CATEGORIES, CONFIG, DAY, Decision, Head, ID, NOW, VENDORS, answered, cases, configured,
    decided, follows, granted, written,
};

/// Events that every test run makes at least.
const EVENTS: u32 = 50_000;
const STEPS: usize = 100;
const TABS: usize = 4;

/// Clocks differ by less than the day that a record may be dated ahead.
const APART_S: i64 = 11 * 3600;

#[derive(Clone, Debug)]
enum Step {
    Choose(usize, Decision),
    /// Two tabs, of which neither has heard of the other's choice.
    AtOnce([(usize, Decision); 2]),
    /// Some news arrives; it may arrive again.
    Hear(usize, bool),
    /// The tab is shown, or comes back from the back/forward cache.
    Read(usize),
    /// An older record turns up.
    Older(usize, usize),
    /// The cookie cannot be read.
    Nothing(usize),
    /// The tab is closed, and another one opened.
    Open(usize),
    Clock(usize, i64),
}

fn decision() -> impl Strategy<Value = Decision> {
    prop_oneof![
        any::<bool>().prop_map(Decision::All),
        (1..CATEGORIES.len(), any::<bool>()).prop_map(|(at, on)| Decision::Category(at, on)),
        (1..VENDORS.len(), any::<bool>()).prop_map(|(at, on)| Decision::Vendor(at, on)),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let choice = || (0..TABS, decision());
    prop_oneof![
        4 => choice().prop_map(|(tab, decision)| Step::Choose(tab, decision)),
        2 => (choice(), choice()).prop_map(|(one, other)| Step::AtOnce([one, other])),
        10 => (any::<usize>(), prop::bool::weighted(0.3)).prop_map(|(pick, again)| Step::Hear(pick, again)),
        2 => (0..TABS).prop_map(Step::Read),
        3 => (0..TABS, any::<usize>()).prop_map(|(tab, pick)| Step::Older(tab, pick)),
        1 => (0..TABS).prop_map(Step::Nothing),
        1 => (0..TABS).prop_map(Step::Open),
        1 => (0..TABS, -APART_S..APART_S).prop_map(|(tab, apart)| Step::Clock(tab, apart)),
    ]
}

struct Tab<'t> {
    session: Session<'t>,
    apart: i64,
    /// The best of all records that it has heard of.
    best: Option<Record>,
}

struct World<'t> {
    text: &'t str,
    tabs: Vec<Tab<'t>>,
    jar: Option<Record>,
    /// Everything that was ever written.
    past: Vec<Record>,
    /// Tabs to which news is under way.
    news: Vec<usize>,
    events: &'t AtomicUsize,
}

type Outcome = Result<(), TestCaseError>;

/// Whether a record is to be believed rather than another: the higher counter; of equal ones what grants
/// less, and the smaller text.
fn is_better(one: &Record, other: &Record) -> bool {
    let rank = |record: &Record| {
        let parts: Vec<&str> = record.as_str().split('.').collect();
        let ids = parts[10].split('~').chain(parts[11].split('~'));
        let grants = ids.filter(|id| !id.is_empty() && !id.starts_with('!'));
        let counter: u64 = parts[2].parse().expect("a counter");
        (std::cmp::Reverse(counter), grants.count())
    };
    (rank(one), one.as_str()) < (rank(other), other.as_str())
}

fn grants(session: &Session) -> Vec<bool> {
    (0..VENDORS.len()).map(|at| granted(session, at)).collect()
}

impl<'t> World<'t> {
    fn new(text: &'t str, events: &'t AtomicUsize) -> Self {
        let mut world = Self {
            text,
            tabs: Vec::new(),
            jar: None,
            past: Vec::new(),
            news: Vec::new(),
            events,
        };
        for _ in 0..TABS {
            let tab = world.opened(0);
            world.tabs.push(tab);
        }
        world
    }

    fn opened(&self, apart: i64) -> Tab<'t> {
        let mut session = configured(self.text);
        self.events.fetch_add(1, Ordering::Relaxed);
        session.handle(Event::Started {
            record: self.jar.clone(),
            gpc: false,
            now: NOW.saturating_add_signed(apart),
            prerendering: false,
        });
        session.effects().clear();
        Tab {
            session,
            apart,
            best: self.jar.clone(),
        }
    }

    fn take(&mut self, step: &Step) -> Outcome {
        match *step {
            Step::Choose(tab, decision) => {
                let record = self.decide(tab, decision);
                self.choose(tab, record)
            }
            Step::AtOnce(choices) => {
                let records = choices.map(|(tab, decision)| self.decide(tab, decision));
                let [(one, _), (other, _)] = choices;
                let [first, second] = records;
                self.choose(one, first)?;
                // One tab decides one after the other.
                let second = match one == other {
                    true => self.decide(other, choices[1].1),
                    false => second,
                };
                self.choose(other, second)
            }
            Step::Hear(pick, again) => {
                let Some(place) = pick.checked_rem(self.news.len()) else {
                    return self.read(pick % TABS);
                };
                let tab = match again {
                    true => self.news[place],
                    false => self.news.swap_remove(place),
                };
                self.read(tab)
            }
            Step::Read(tab) => self.read(tab),
            Step::Older(tab, pick) => {
                let own = self.tabs[tab].best.as_ref().map_or(0, Record::counter);
                let older: Vec<_> = self.past.iter().filter(|of| of.counter() < own).collect();
                let Some(place) = pick.checked_rem(older.len()) else {
                    return self.hear(tab, None);
                };
                let record = older[place].clone();
                let before = grants(&self.tabs[tab].session);
                self.hear(tab, Some(record))?;
                prop_assert_eq!(
                    before,
                    grants(&self.tabs[tab].session),
                    "I-9: by an older record"
                );
                Ok(())
            }
            Step::Nothing(tab) => self.hear(tab, None),
            Step::Open(tab) => {
                self.tabs[tab] = self.opened(self.tabs[tab].apart);
                self.check(tab)
            }
            Step::Clock(tab, apart) => {
                self.tabs[tab].apart = apart;
                Ok(())
            }
        }
    }

    /// The record of a choice that is made now: what is stored is looked at.
    fn decide(&self, tab: usize, decision: Decision) -> Record {
        let id = format!("{tab:016x}");
        let tab = &self.tabs[tab];
        let seen: Vec<Record> = self.jar.iter().cloned().collect();
        decided(
            &tab.session,
            decision,
            &id,
            NOW.saturating_add_signed(tab.apart),
            &seen,
        )
    }

    fn choose(&mut self, tab: usize, record: Record) -> Outcome {
        let now = NOW.saturating_add_signed(self.tabs[tab].apart);
        self.tabs[tab].best = Some(record.clone());
        self.event(tab, Event::Chosen { record, now })
    }

    fn read(&mut self, tab: usize) -> Outcome {
        self.hear(tab, self.jar.clone())
    }

    fn hear(&mut self, tab: usize, record: Option<Record>) -> Outcome {
        let of = &mut self.tabs[tab];
        let now = NOW.saturating_add_signed(of.apart);
        if let Some(record) = &record
            && of.best.as_ref().is_none_or(|best| is_better(record, best))
        {
            of.best = Some(record.clone());
        }
        self.event(tab, Event::RecordChanged { record, now })
    }

    fn event(&mut self, tab: usize, event: Event) -> Outcome {
        self.events.fetch_add(1, Ordering::Relaxed);
        let effects = follows(&mut self.tabs[tab].session, event);
        if effects.iter().any(|of| matches!(of, Effect::Persist(_))) {
            self.jar = self.tabs[tab].session.standing().record.clone();
            self.past.extend(self.jar.clone());
            self.news.extend((0..TABS).filter(|of| *of != tab));
        }
        self.check(tab)
    }

    fn check(&self, tab: usize) -> Outcome {
        let Tab { session, best, .. } = &self.tabs[tab];
        prop_assert_eq!(&session.standing().record, best, "I-9: what a tab believes");
        Ok(())
    }

    /// All news arrives; nobody has anything to say after a few rounds.
    fn settle(&mut self) -> Outcome {
        let mut rounds = 0;
        while let Some(tab) = self.news.pop() {
            self.read(tab)?;
            rounds += 1;
            prop_assert!(rounds < 100 * STEPS, "I-9: tabs write for ever");
        }
        let highest = self.past.iter().map(Record::counter).max();
        prop_assert_eq!(
            self.jar.as_ref().map(Record::counter),
            highest,
            "I-9: the higher counter"
        );
        for tab in 0..TABS {
            self.read(tab)?;
            prop_assert!(self.news.is_empty(), "I-9: there is nothing more to say");
            let session = &self.tabs[tab].session;
            prop_assert_eq!(&session.standing().record, &self.jar, "I-9: tabs agree");
            prop_assert_eq!(
                grants(session),
                grants(&self.tabs[0].session),
                "I-9: tabs agree"
            );
        }
        Ok(())
    }
}

#[test]
fn tabs_agree_once_all_news_has_come() {
    let wanted = match std::env::var("PORTCULLIS_EVENTS") {
        Ok(text) => text.parse().expect("PORTCULLIS_EVENTS is a number"),
        Err(_) => cases(EVENTS),
    };
    let events = AtomicUsize::new(0);
    let texts = ["opt-in", "opt-out"].map(|regime| format!("p\t1\t6\t{regime}\n{CONFIG}"));
    // Nearly every step is an event, and as many follow once all news arrives.
    let cases = wanted.div_ceil(STEPS as u32 * 3 / 2);
    let mut runner = TestRunner::new(Runner {
        cases,
        failure_persistence: None,
        ..Runner::default()
    });
    let steps = (any::<bool>(), proptest::collection::vec(step(), STEPS));
    let outcome = runner.run(&steps, |(at, steps)| {
        let mut world = World::new(&texts[usize::from(at)], &events);
        for step in &steps {
            world.take(step)?;
        }
        world.settle()
    });
    let events = events.into_inner();
    println!("{cases} sequences over {TABS} tabs, {events} events");
    if let Err(error) = outcome {
        panic!("{error}");
    }
    assert!(
        events >= wanted as usize,
        "{events} events are not {wanted}"
    );
}

#[test]
fn two_tabs_that_choose_at_once_agree() {
    let text = format!("p\t1\t1\topt-in\n{CONFIG}");
    for (one, other) in [("111", "000"), ("000", "111"), ("010", "100")] {
        let mut tabs = [configured(&text), configured(&text)];
        let mut stored = None;
        for (tab, answers) in tabs.iter_mut().zip([one, other]) {
            let answers = answers.chars().map(|answer| answer == '1');
            let answers: Vec<_> = CATEGORIES.into_iter().skip(1).zip(answers).collect();
            tab.handle(Event::Chosen {
                record: answered(head(1), &answers),
                now: NOW,
            });
            stored = written(tab);
        }
        // Whoever writes tells the other one: it takes few rounds until nobody writes any more.
        for round in 0..4 {
            let tab = &mut tabs[round % 2];
            tab.handle(Event::RecordChanged {
                record: stored.clone(),
                now: NOW,
            });
            stored = written(tab).or(stored);
        }
        for tab in &mut tabs {
            tab.handle(Event::RecordChanged {
                record: stored.clone(),
                now: NOW,
            });
            assert_eq!(tab.standing().record, stored, "I-9: {one} and {other}");
            assert_eq!(written(tab), None, "I-9: {one} and {other}");
        }
        assert!(!granted(&tabs[0], 2), "the one that grants less holds");
    }
}

fn head(counter: u64) -> Head<'static> {
    Head {
        id: ID,
        counter,
        at: NOW,
        revision: 6,
        regime: b'i',
        gpc: false,
    }
}

/// A sibling subdomain plants a record that grants nothing and counts less. A page that believes it may be
/// asked to refuse what another tab still grants: that tab hears of it.
#[test]
fn a_refusal_beside_a_planted_record_reaches_the_tab_that_knows_the_own_one() {
    let text = format!("p\t1\t6\topt-in\n{CONFIG}");
    let own = answered(head(7), &[("performance", true)]);
    let planted = answered(head(1), &[("performance", false)]);
    let [mut tab, mut page] = [&own, &planted].map(|record| {
        let mut session = configured(&text);
        session.handle(Event::Started {
            record: Some(record.clone()),
            gpc: false,
            now: NOW,
            prerendering: false,
        });
        session
    });
    assert!(granted(&tab, 1) && !granted(&page, 1));
    let record = decided(&page, Decision::All(false), ID, NOW, &[own, planted]);
    for session in [&mut page, &mut tab] {
        session.handle(Event::RecordChanged {
            record: Some(record.clone()),
            now: NOW,
        });
        assert!(
            !granted(session, 1),
            "I-9: what was refused last is not granted"
        );
    }
}

/// A clock that is days off makes a record seem dated ahead, or lapsed: such a tab grants less, never more.
#[test]
fn a_clock_that_is_wrong_grants_nothing_more() {
    let text = format!("p\t1\t6\topt-in\n{CONFIG}");
    let answers = [
        ("performance", true),
        ("functional", false),
        ("targeting", true),
    ];
    for days in [-4000, -400, -2, -1, 0, 1, 179, 181, 4000i64] {
        let mut session = configured(&text);
        let now = NOW.saturating_add_signed(days * DAY as i64);
        session.handle(Event::Started {
            record: Some(answered(head(1), &answers)),
            gpc: false,
            now,
            prerendering: false,
        });
        let may = (-1..180).contains(&days);
        let expected = [true, may, may, may, false, false, may];
        assert_eq!(grants(&session), expected, "I-9: {days} days off");
    }
}
