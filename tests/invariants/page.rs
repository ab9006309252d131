//! A page that performs effects as the real one does, beside the model, and complains.

use portcullis::consent::{Effect, Event, Kind, Reason, Record, Regime, Request, Session, Verdict};
use proptest::prelude::*;

use crate::model::{Choice, Model, Setting};
use crate::site::{
    CATEGORIES, DAY, Decision, Head, ID, LOGIN, NEEDY, NOW, VENDORS, answered, configured, decided,
};

/// What can happen, in a form that can be generated.
#[derive(Clone, Debug)]
pub enum Step {
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
    TagGone(usize),
    Requested(usize),
    Turn,
    Activated,
}

impl Step {
    pub fn name(&self) -> &'static str {
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
            Self::TagGone(_) => "tag gone",
            Self::Requested(_) => "requested",
            Self::Turn => "turn",
            Self::Activated => "activated",
        }
    }
}

pub fn step() -> impl Strategy<Value = Step> {
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
        1 => (0..8usize).prop_map(Step::TagGone),
        3 => (0..7usize).prop_map(Step::Requested),
        10 => Just(Step::Turn),
        1 => Just(Step::Activated),
    ]
}

/// A page that performs effects, and complains.
pub struct Page<'t> {
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

pub struct PageTag {
    vendor: usize,
    ordered: bool,
    released: bool,
    settled: bool,
    /// Taken out of the page while it was held.
    gone: bool,
    /// Withdrawn after it ran, and not to be resumed on this page.
    id: u32,
}

pub type Outcome = Result<(), TestCaseError>;

impl<'t> Page<'t> {
    pub fn new(setting: Setting, text: &'t str) -> Self {
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
            let lapsed = days >= 180 && setting.regime == Regime::OptIn;
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
        let head = Head {
            id: ID,
            counter,
            at,
            revision,
            regime: self.model.setting.regime as u8,
            gpc: false,
        };
        let answers: Vec<_> = CATEGORIES.into_iter().skip(1).zip(answers).collect();
        answered(head, &answers)
    }

    /// The page decides.
    fn chosen(&self, decision: Decision) -> Event {
        Event::Chosen {
            record: decided(&self.session, decision, ID, NOW, &[]),
            now: NOW,
        }
    }

    fn read(&self, stored: Option<&str>) -> Option<Record> {
        stored.and_then(Record::read)
    }

    pub fn take(&mut self, step: &Step) -> Outcome {
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
                self.chosen(Decision::All(on))
            }
            Step::Category(at, on) => {
                self.model.decide(&[(*at, *on)], &[], false);
                self.chosen(Decision::Category(*at, *on))
            }
            Step::Vendor(at, on) => {
                self.model.decide(&[], &[(*at, *on)], false);
                self.chosen(Decision::Vendor(*at, *on))
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
                    gone: false,
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
            Step::TagGone(at) => {
                if let Some(tag) = self.tags.get_mut(*at) {
                    tag.gone |= !tag.released;
                    self.session.forget(tag.id);
                }
                Event::Turn
            }
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
        prop_assert!(!self.tags[at].gone, "tag {id} was gone from the page");
        prop_assert_eq!(ordered, self.tags[at].ordered);
        if ordered {
            let category = VENDORS[vendor].1;
            for earlier in &self.tags[..at] {
                let waits = earlier.ordered && VENDORS[earlier.vendor].1 == category;
                let is_dormant = self.session.vendor(earlier.vendor) == Reason::NextPage;
                let pending = self.model.vendor(earlier.vendor)
                    && !is_dormant
                    && !earlier.settled
                    && !earlier.gone;
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
    pub fn drain(&mut self) -> Outcome {
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
            let held = self.model.started
                && self.model.visible
                && !tag.ordered
                && !tag.released
                && !tag.gone;
            prop_assert!(
                !(held && self.model.vendor(tag.vendor) && !dormant),
                "I-2: tag {} is allowed and still held",
                tag.id
            );
        }
        Ok(())
    }

    /// I-10: starting again changes nothing and starts nothing twice.
    pub fn again(&mut self) -> Outcome {
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
