//! I-1 to I-4, I-6, I-7 and I-10 (`ARCHITECTURE.md`) over generated sequences of events.
//!
//! A page that performs effects as the real one does runs beside a model that knows nothing of the
//! session's code: only what was said to it last, and the rules in words. Every effect is held against
//! the model.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};

use portcullis::consent::{
    Effect, Event, Grant, Kind, Reason, Record, Regime, Request, Session, Verdict, choose,
};
use proptest::prelude::*;
use proptest::test_runner::{Config as Runner, TestRunner};

/// Sequences that are generated.
const SEQUENCES: u32 = 10_000;
const NOW: u64 = 1_764_000_000;
const DAY: u64 = 86_400;

/// Four categories, two of them sale or sharing; seven vendors of every kind. Two share an address.
const CONFIG: &str = "c\tnecessary\ta\nc\tperformance\t\nc\tfunctional\t\nc\ttargeting\ts\n\
v\tkept\tnecessary\t\t0\t\t\tkept.example\tkept\n\
v\tanalytics\tperformance\tgr\t0\t\t\tanalytics.example shared.example/js\t_a _shared\n\
v\tads\ttargeting\tg\t0\t\t\tads.example shared.example/js\t_b _shared\n\
v\tcontainer\tfunctional\tgr\t0\tperformance targeting\t\tcontainer.example\t\n\
v\tlogin\tfunctional\td\t0\t\t\tlogin.example\t_l\n\
v\tneedy\tfunctional\t\t0\t\tlogin\tneedy.example\t_n\n\
v\tnewer\ttargeting\tr\t5\t\t\tnewer.example\t_c";
const CATEGORIES: [&str; 4] = ["necessary", "performance", "functional", "targeting"];
const VENDORS: [(&str, usize); 7] = [
    ("kept", 0),
    ("analytics", 1),
    ("ads", 3),
    ("container", 2),
    ("login", 2),
    ("needy", 2),
    ("newer", 3),
];
const CONTAINER: usize = 3;
const LOGIN: usize = 4;
const NEEDY: usize = 5;
const NEWER: usize = 6;
const NEWER_SINCE: u32 = 5;

/// What a visitor decides at once.
enum Decision {
    All(bool),
    Category(usize, bool),
    Vendor(usize, bool),
}

/// What can happen, in a form that can be generated.
#[derive(Clone, Debug)]
enum Step {
    Started,
    AcceptAll,
    RejectAll,
    Category(usize, bool),
    Vendor(usize, bool),
    /// Another tab decided: everything, or nothing.
    OtherTab(bool),
    /// What is stored was damaged, foreign, or is from the future.
    Damaged(u8),
    Demanded,
    VendorSettled(usize),
    TagSeen {
        vendor: usize,
        ordered: bool,
    },
    TagSettled(usize),
    Requested(usize),
    Turn,
    Activated,
}

impl Step {
    fn name(&self) -> &'static str {
        match self {
            Self::Started => "started",
            Self::AcceptAll => "accept all",
            Self::RejectAll => "reject all",
            Self::Category(..) => "category",
            Self::Vendor(..) => "vendor",
            Self::OtherTab(_) => "other tab",
            Self::Damaged(_) => "damaged",
            Self::Demanded => "demanded",
            Self::VendorSettled(_) => "vendor settled",
            Self::TagSeen { .. } => "tag seen",
            Self::TagSettled(_) => "tag settled",
            Self::Requested(_) => "requested",
            Self::Turn => "turn",
            Self::Activated => "activated",
        }
    }
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        1 => Just(Step::Started),
        3 => Just(Step::AcceptAll),
        3 => Just(Step::RejectAll),
        4 => (1..4usize, any::<bool>()).prop_map(|(at, on)| Step::Category(at, on)),
        4 => (1..7usize, any::<bool>()).prop_map(|(at, on)| Step::Vendor(at, on)),
        2 => any::<bool>().prop_map(Step::OtherTab),
        2 => any::<u8>().prop_map(Step::Damaged),
        1 => Just(Step::Demanded),
        3 => (0..7usize).prop_map(Step::VendorSettled),
        6 => (0..7usize, any::<bool>()).prop_map(|(vendor, ordered)| Step::TagSeen { vendor, ordered }),
        4 => (0..8usize).prop_map(Step::TagSettled),
        3 => (0..7usize).prop_map(Step::Requested),
        10 => Just(Step::Turn),
        1 => Just(Step::Activated),
    ]
}

/// A page's circumstances.
#[derive(Clone, Debug)]
struct Setting {
    regime: Regime,
    gpc: bool,
    revision: u32,
    prerendering: bool,
    /// What an earlier visit stored: answers for the three categories, under which revision, so many
    /// days ago.
    stored: Option<([bool; 3], u32, u64)>,
}

fn setting() -> impl Strategy<Value = Setting> {
    let regime =
        prop_oneof![3 => Just(Regime::OptIn), 2 => Just(Regime::OptOut), 1 => Just(Regime::Notice)];
    let stored = proptest::option::of((any::<[bool; 3]>(), 1..6u32, 0..400u64));
    (
        regime,
        any::<bool>(),
        1..6u32,
        prop::bool::weighted(0.1),
        stored,
    )
        .prop_map(|(regime, gpc, revision, prerendering, stored)| Setting {
            regime,
            gpc,
            revision,
            prerendering,
            stored,
        })
}

/// What was said last, and the rules in words.
struct Model {
    setting: Setting,
    started: bool,
    visible: bool,
    /// Answers by category and by vendor, once there is a choice that holds.
    choice: Option<Choice>,
}

#[derive(Clone, Default)]
struct Choice {
    categories: BTreeMap<usize, bool>,
    vendors: BTreeMap<usize, bool>,
    revision: u32,
    /// It was made while the browser's signal was on.
    with_gpc: bool,
}

impl Model {
    fn category(&self, at: usize) -> bool {
        if at == 0 {
            return true;
        }
        if !self.visible {
            return false;
        }
        let sale = at == 3;
        let overruled = self.choice.as_ref().is_some_and(|choice| choice.with_gpc);
        if self.setting.regime == Regime::OptOut && self.setting.gpc && sale && !overruled {
            return false;
        }
        match self
            .choice
            .as_ref()
            .and_then(|choice| choice.categories.get(&at))
        {
            Some(answer) => *answer,
            None => self.setting.regime != Regime::OptIn,
        }
    }

    fn vendor(&self, at: usize) -> bool {
        let category = VENDORS[at].1;
        if category == 0 {
            return true;
        }
        if !self.visible {
            return false;
        }
        let by_category = if at == CONTAINER {
            self.category(1) || self.category(3)
        } else {
            self.category(category)
        };
        let overruled = self.choice.as_ref().is_some_and(|choice| choice.with_gpc);
        let opted_out = self.setting.regime == Regime::OptOut
            && self.setting.gpc
            && category == 3
            && !overruled;
        let Some(choice) = &self.choice else {
            return by_category;
        };
        match choice.vendors.get(&at) {
            Some(answer) => *answer && !opted_out,
            // I-7: in an opt-in regime consent covers what was shown.
            None if at == NEWER
                && self.setting.regime == Regime::OptIn
                && choice.revision < NEWER_SINCE =>
            {
                false
            }
            None => by_category,
        }
    }

    fn decide(&mut self, categories: &[(usize, bool)], vendors: &[(usize, bool)], afresh: bool) {
        let mut choice = Choice {
            revision: self.setting.revision,
            with_gpc: self.setting.gpc,
            ..Choice::default()
        };
        for at in 1..CATEGORIES.len() {
            let said = categories.iter().find(|(of, _)| *of == at);
            choice
                .categories
                .insert(at, said.map_or_else(|| self.category(at), |(_, on)| *on));
        }
        if let (Some(before), false) = (&self.choice, afresh) {
            for (&at, &on) in &before.vendors {
                let switched_off = categories.contains(&(VENDORS[at].1, false));
                if !(on && switched_off) {
                    choice.vendors.insert(at, on);
                }
            }
        }
        choice.vendors.extend(vendors.iter().copied());
        self.choice = Some(choice);
    }
}

/// A page that performs effects, and complains.
struct Page<'t> {
    session: Session<'t>,
    model: Model,
    /// The cookie.
    stored: Option<String>,
    counter: u64,
    vendors_started: Vec<usize>,
    loaded: Vec<usize>,
    demanded: bool,
    tags: Vec<PageTag>,
}

struct PageTag {
    vendor: usize,
    ordered: bool,
    released: bool,
    settled: bool,
    /// Withdrawn after it ran, and not to be resumed on this page.
    id: u32,
}

type Outcome = Result<(), TestCaseError>;

impl<'t> Page<'t> {
    fn new(setting: Setting, text: &'t str) -> Self {
        let mut page = Self {
            session: configured(text),
            model: Model {
                visible: !setting.prerendering,
                setting: setting.clone(),
                started: false,
                choice: None,
            },
            stored: None,
            counter: 0,
            vendors_started: Vec::new(),
            loaded: Vec::new(),
            demanded: false,
            tags: Vec::new(),
        };
        if let Some((answers, revision, days)) = setting.stored {
            let record = page.record(answers, revision, NOW - days * DAY, 1);
            page.stored = Some(record.as_str().into());
            page.counter = 1;
            let lapsed = days >= 180 && setting.regime != Regime::OptOut;
            let mut choice = Choice {
                revision,
                ..Choice::default()
            };
            for (at, on) in answers.into_iter().enumerate() {
                // A refusal outlives its record, a grant does not.
                if !(lapsed && on) {
                    choice.categories.insert(at + 1, on);
                }
            }
            page.model.choice = Some(choice);
        }
        page
    }

    /// A record that another page view or tab wrote, with this counter.
    fn record(&self, answers: [bool; 3], revision: u32, at: u64, counter: u64) -> Record {
        let head = self.head(counter, revision, at);
        let mut lines = String::new();
        for (category, on) in CATEGORIES.iter().skip(1).zip(answers) {
            lines.push_str(&format!("\nc\t{category}\t{}\t0", u8::from(on)));
        }
        choose(&format!("{head}\n{lines}"))
    }

    /// What a record says before its answers.
    fn head(&self, counter: u64, revision: u32, at: u64) -> String {
        let regime = self.model.setting.regime as u8 as char;
        format!("{ID}\t{counter}\t{at}\t{revision}\t{regime}\t0\tp\ten\t00000001")
    }

    /// The record of a decision, as the page makes it: about everything, or about one thing.
    fn chosen(&self, decision: &Decision) -> Event {
        let (config, standing) = (self.session.config(), self.session.standing());
        let before = standing.record.as_ref();
        let counter = before.map_or(0, Record::counter) + 1;
        let gpc = u8::from(self.model.setting.gpc);
        let head = self.head(counter, self.model.setting.revision, NOW);
        let head = head.replace("\t0\tp", &format!("\t{gpc}\tp"));
        let kept = match decision {
            Decision::All(_) => "",
            _ => before.map_or("", |record| record.vendors().0),
        };
        let of_category = |at: usize| match decision {
            Decision::All(on) => u8::from(*on).to_string(),
            Decision::Category(of, on) if *of == at => u8::from(*on).to_string(),
            _ => String::new(),
        };
        let mut ballot = format!("{head}\n{kept}");
        for (at, id) in CATEGORIES.iter().enumerate() {
            let stands = match standing.category(config, at) {
                Grant::AlwaysActive => 'a',
                Grant::Granted => '1',
                _ => '0',
            };
            ballot.push_str(&format!("\nc\t{id}\t{}\t{stands}", of_category(at)));
        }
        for (at, (id, category)) in VENDORS.iter().enumerate() {
            let decided = match decision {
                Decision::Vendor(of, on) if *of == at => u8::from(*on).to_string(),
                _ => String::new(),
            };
            let category = of_category(*category);
            ballot.push_str(&format!("\nv\t{id}\t{decided}\t{category}"));
        }
        Event::Chosen {
            record: choose(&ballot),
            now: NOW,
        }
    }

    fn read(&self, stored: Option<&str>) -> Option<Record> {
        stored.and_then(Record::read)
    }

    fn take(&mut self, step: &Step) -> Outcome {
        let before: Vec<bool> = (0..VENDORS.len()).map(|at| self.granted(at)).collect();
        let event = match step {
            Step::Started => {
                self.model.started = true;
                Event::Started {
                    record: self.read(self.stored.as_deref()),
                    gpc: self.model.setting.gpc,
                    now: NOW,
                    prerendering: self.model.setting.prerendering,
                }
            }
            _ if !self.model.started => return Ok(()),
            Step::AcceptAll | Step::RejectAll => {
                let on = matches!(step, Step::AcceptAll);
                let all: Vec<_> = (0..CATEGORIES.len()).map(|at| (at, on)).collect();
                self.model.decide(&all, &[], true);
                self.chosen(&Decision::All(on))
            }
            Step::Category(at, on) => {
                self.model.decide(&[(*at, *on)], &[], false);
                self.chosen(&Decision::Category(*at, *on))
            }
            Step::Vendor(at, on) => {
                self.model.decide(&[], &[(*at, *on)], false);
                self.chosen(&Decision::Vendor(*at, *on))
            }
            Step::OtherTab(on) => {
                self.counter += 1;
                let revision = self.model.setting.revision;
                let record = self.record([*on; 3], revision, NOW, self.counter);
                self.stored = Some(record.as_str().into());
                self.model.choice = Some(Choice {
                    categories: (1..4).map(|at| (at, *on)).collect(),
                    revision,
                    ..Choice::default()
                });
                Event::RecordChanged {
                    record: self.read(self.stored.as_deref()),
                    now: NOW,
                }
            }
            Step::Damaged(how) => {
                let good = self.stored.clone().unwrap_or_else(|| "1.0.0".into());
                let at = usize::from(*how) % good.len().max(1);
                let texts = [
                    good[..at].to_owned(),
                    good.replacen('1', "2", 1),
                    format!("{good}x"),
                    "%7B%22analytics%22%3Atrue%7D".into(),
                    "x".repeat(10_000),
                ];
                let text = &texts[usize::from(*how) % texts.len()];
                prop_assert!(self.read(Some(text)).is_none(), "I-3: {text} was read");
                Event::RecordChanged {
                    record: self.read(Some(text)),
                    now: NOW,
                }
            }
            Step::Demanded => {
                self.demanded = true;
                Event::Demanded(LOGIN)
            }
            Step::VendorSettled(at) if self.vendors_started.contains(at) => {
                self.loaded.push(*at);
                Event::VendorSettled(*at)
            }
            Step::VendorSettled(_) => Event::Turn,
            Step::TagSeen { vendor, ordered } => {
                let id = self.tags.len() as u32 + 1;
                self.tags.push(PageTag {
                    vendor: *vendor,
                    ordered: *ordered,
                    released: false,
                    settled: false,
                    id,
                });
                let flags = if *ordered { "o" } else { "" };
                let request = format!("{flags}\t{}.example\t/", VENDORS[*vendor].0);
                self.session.hold(id, &request);
                return self.agree();
            }
            Step::TagSettled(at) => match self.tags.get_mut(*at) {
                Some(tag) => {
                    tag.settled = tag.released;
                    Event::TagSettled(tag.id)
                }
                None => Event::Turn,
            },
            Step::Requested(at) => {
                self.request(*at)?;
                return self.shared();
            }
            Step::Turn => Event::Turn,
            Step::Activated => {
                self.model.visible = true;
                Event::Activated
            }
        };
        let is_choice = matches!(event, Event::Chosen { .. });
        self.session.handle(event);
        let effects = std::mem::take(self.session.effects());
        if is_choice {
            prop_assert!(
                matches!(effects.first(), Some(Effect::Persist(..))),
                "I-4: a choice is written before anything of it happens: {effects:?}"
            );
        }
        self.perform(effects)?;
        if matches!(step, Step::Damaged(_)) {
            for (at, was) in before.into_iter().enumerate() {
                prop_assert!(
                    was || !self.granted(at),
                    "I-3: damage granted {}",
                    VENDORS[at].0
                );
            }
        }
        self.agree()
    }

    /// What the session grants is what the model grants.
    fn agree(&self) -> Outcome {
        for (at, (id, _)) in VENDORS.iter().enumerate() {
            let session = self
                .session
                .standing()
                .vendor(self.session.config(), at)
                .is_granted();
            prop_assert_eq!(session, self.model.vendor(at), "I-1: {}", id);
        }
        Ok(())
    }

    fn granted(&self, at: usize) -> bool {
        self.session
            .standing()
            .vendor(self.session.config(), at)
            .is_granted()
    }

    fn perform(&mut self, effects: Vec<Effect>) -> Outcome {
        for effect in effects {
            match effect {
                Effect::Persist(_) => {
                    let record = self.session.standing().record.clone();
                    let text = record.as_ref().map_or("", Record::as_str).to_owned();
                    let read = Record::read(&text);
                    prop_assert_eq!(&read, &record, "what is written can be read: {}", text);
                    self.counter = self.counter.max(read.map_or(0, |record| record.counter()));
                    self.stored = Some(text);
                }
                Effect::Start(at) => self.start(at)?,
                Effect::Release { id, ordered } => self.release(id, ordered)?,
                Effect::Ask(_) => {
                    prop_assert!(self.model.visible, "nothing is asked while prerendering")
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn start(&mut self, at: usize) -> Outcome {
        let id = VENDORS[at].0;
        prop_assert!(
            self.model.vendor(at),
            "I-1: {id} was started without a grant"
        );
        prop_assert!(
            !self.vendors_started.contains(&at),
            "I-2: {id} was started twice"
        );
        prop_assert!(at != LOGIN || self.demanded, "{id} starts on demand");
        prop_assert!(
            at != NEEDY || self.loaded.contains(&LOGIN),
            "{id} needs another"
        );
        prop_assert!(
            self.stored.is_some() || self.model.choice.is_none(),
            "I-4: nothing is written"
        );
        self.vendors_started.push(at);
        Ok(())
    }

    fn release(&mut self, id: u32, ordered: bool) -> Outcome {
        let at = self.tags.iter().position(|tag| tag.id == id);
        let Some(at) = at else {
            return Err(TestCaseError::fail(format!(
                "I-2: an unknown tag {id} was released"
            )));
        };
        let vendor = self.tags[at].vendor;
        prop_assert!(
            self.model.vendor(vendor),
            "I-1: a tag of {} was released",
            VENDORS[vendor].0
        );
        prop_assert!(!self.tags[at].released, "I-2: tag {id} was released twice");
        prop_assert_eq!(ordered, self.tags[at].ordered);
        if ordered {
            let category = VENDORS[vendor].1;
            for earlier in &self.tags[..at] {
                let waits = earlier.ordered && VENDORS[earlier.vendor].1 == category;
                let is_dormant = self.session.vendor(earlier.vendor) == Reason::NextPage;
                let pending = self.model.vendor(earlier.vendor) && !is_dormant && !earlier.settled;
                prop_assert!(
                    !(waits && pending),
                    "I-2: tag {id} overtook tag {}",
                    earlier.id
                );
            }
        }
        self.tags[at].released = true;
        Ok(())
    }

    /// A request passes the traps only with its vendor's grant.
    fn request(&mut self, at: usize) -> Outcome {
        let request = format!("\t{}.example\t/", VENDORS[at].0);
        for kind in [Kind::Element, Kind::Call] {
            let finding = self.session.pass(kind, &Request::read(&request));
            let passes = finding.verdict == Verdict::Allow;
            prop_assert!(
                !passes || self.model.vendor(at),
                "I-1: a request of {} passed",
                VENDORS[at].0
            );
        }
        Ok(())
    }

    /// Of vendors that share an address one granted is enough, and one is needed.
    fn shared(&self) -> Outcome {
        let request = Request::read("\tshared.example\t/js");
        let passes = self.session.request(Kind::Element, &request).verdict == Verdict::Allow;
        let ready = |at| self.session.vendor(at) != Reason::NextPage && self.model.vendor(at);
        prop_assert_eq!(passes, ready(1) || ready(2), "I-1: the shared address");
        Ok(())
    }

    /// When nothing hangs and the page gives turns, all that is allowed is on its way: a tag that is
    /// not ordered waits for nobody.
    fn drain(&mut self) -> Outcome {
        for _ in 0..100 {
            self.session.handle(Event::Turn);
            let effects = std::mem::take(self.session.effects());
            if effects.is_empty() {
                break;
            }
            self.perform(effects)?;
        }
        for tag in &self.tags {
            let dormant = self.session.vendor(tag.vendor) == Reason::NextPage;
            let held = self.model.started && self.model.visible && !tag.ordered && !tag.released;
            prop_assert!(
                !(held && self.model.vendor(tag.vendor) && !dormant),
                "I-2: tag {} is allowed and still held",
                tag.id
            );
        }
        Ok(())
    }

    /// I-10: starting again changes nothing and starts nothing twice.
    fn again(&mut self) -> Outcome {
        let before: Vec<bool> = (0..VENDORS.len()).map(|at| self.granted(at)).collect();
        let started = self.vendors_started.len();
        for _ in 0..2 {
            self.take(&Step::Started)?;
        }
        let after: Vec<bool> = (0..VENDORS.len()).map(|at| self.granted(at)).collect();
        prop_assert_eq!(
            before,
            after,
            "I-10: starting again changed what is granted"
        );
        prop_assert_eq!(
            started,
            self.vendors_started.len(),
            "I-10: starting again started something"
        );
        Ok(())
    }
}

const ID: &str = "0000000000000007";

fn configured(text: &str) -> Session<'_> {
    let mut session = Session::new();
    assert!(session.configure(text));
    session
}

/// What a session wants written, if anything.
fn written(session: &mut Session) -> Option<Record> {
    let effects = std::mem::take(session.effects());
    let writes = effects.iter().any(|of| matches!(of, Effect::Persist(_)));
    session.standing().record.clone().filter(|_| writes)
}

#[test]
fn two_tabs_that_choose_at_once_agree() {
    let text = format!("p\t1\t1\topt-in\n{CONFIG}");
    for (one, other) in [("111", "000"), ("000", "111"), ("010", "100")] {
        let mut tabs = [configured(&text), configured(&text)];
        let mut stored = None;
        for (tab, answers) in tabs.iter_mut().zip([one, other]) {
            let mut ballot = format!("{ID}\t1\t{NOW}\t1\ti\t0\tp\ten\t00000001\n");
            for (id, answer) in CATEGORIES.iter().skip(1).zip(answers.chars()) {
                ballot.push_str(&format!("\nc\t{id}\t{answer}\t0"));
            }
            tab.handle(Event::Chosen {
                record: choose(&ballot),
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
        let grants_ads = tabs[0].standing().vendor(tabs[0].config(), 2).is_granted();
        assert!(!grants_ads, "the one that grants less holds");
    }
}

#[test]
fn the_invariants_hold_over_generated_sequences() {
    let counts: Vec<(&'static str, AtomicUsize)> = [
        "started",
        "accept all",
        "reject all",
        "category",
        "vendor",
        "other tab",
        "damaged",
        "demanded",
        "vendor settled",
        "tag seen",
        "tag settled",
        "requested",
        "turn",
        "activated",
    ]
    .into_iter()
    .map(|name| (name, AtomicUsize::new(0)))
    .collect();
    let mut runner = TestRunner::new(Runner {
        cases: SEQUENCES,
        failure_persistence: None,
        ..Runner::default()
    });
    let sequences = (setting(), proptest::collection::vec(step(), 1..=29));
    let outcome = runner.run(&sequences, |(setting, steps)| {
        let regime = match setting.regime {
            Regime::OptIn => "opt-in",
            Regime::OptOut => "opt-out",
            Regime::Notice => "notice",
        };
        let text = format!(
            "p\t1\t{}\t{regime}\thold\t180\tacme.example\tpage\t0\n{CONFIG}",
            setting.revision
        );
        let mut page = Page::new(setting, &text);
        // A page starts first; the rest comes in any order, starting again included.
        for step in [Step::Started].iter().chain(&steps) {
            if let Some((_, count)) = counts.iter().find(|(name, _)| *name == step.name()) {
                count.fetch_add(1, Ordering::Relaxed);
            }
            page.take(step)?;
        }
        page.drain()?;
        page.again()
    });
    let total: usize = counts
        .iter()
        .map(|(_, count)| count.load(Ordering::Relaxed))
        .sum();
    println!("{SEQUENCES} sequences of 2 to 30 events, {total} events:");
    for (name, count) in &counts {
        let share = count.load(Ordering::Relaxed) as f64 * 100.0 / total as f64;
        println!("  {share:5.1} % {name}");
    }
    if let Err(error) = outcome {
        panic!("{error}");
    }
}
