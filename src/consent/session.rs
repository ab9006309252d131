//! Events in, effects out: the only place that orders effects.
//!
//! What closes comes before what opens, and a choice is written before anything of it happens
//! (I-4). After a visitor's click at most one thing starts per [`Event::Turn`], so that the page
//! stays responsive and a withdrawal that arrives between two turns finds the rest not started.

use super::choices::{Answers, Decision};
use super::config::{Config, Regime};
use super::policy::{Grant, Standing};
use super::record::{Provenance, Record, Source, codec};
use super::release::{Releases, Tag, Target};
use super::verdict::{Bench, Finding, Kind, Reason, Verdict, markup_bar};
use crate::matching::{Address, VendorIndex};

const DAY_S: u64 = 86_400;

/// Browsers keep no cookie longer (RFC 6265bis, 5.5), in days. An opt-out is renewed for as long.
const COOKIE_DAYS_MAX: u64 = 400;

/// How far a record may be dated after `now` and still be believed, in seconds. Ours: a day covers
/// a device set to the wrong time zone.
const CLOCK_SKEW_S: u64 = DAY_S;

/// What happens to a session.
#[derive(Clone, Debug)]
pub enum Event {
    /// The page begins: what is stored under our name, and what the browser says.
    Started {
        /// What is stored, if it can be read: see [`Record::read`].
        record: Option<Record>,
        /// Global Privacy Control.
        gpc: bool,
        /// Seconds since 1970.
        now: u64,
        /// Nobody sees the page yet.
        prerendering: bool,
    },
    /// Another tab wrote a record, or the page came back from the back/forward cache.
    RecordChanged {
        /// What is stored, if it can be read: see [`Record::read`].
        record: Option<Record>,
        /// Seconds since 1970.
        now: u64,
    },
    /// A prerendered page is shown.
    Activated,
    /// The visitor, or the page's code, decided.
    Chosen {
        /// What is decided.
        decision: Decision,
        /// Who decided, and what was shown.
        provenance: Provenance,
        /// Seconds since 1970.
        now: u64,
        /// Becomes the record's id, should there be none yet.
        random: u64,
    },
    /// The page asks for a vendor that starts on demand.
    Demanded(usize),
    /// A vendor's loader has run or failed.
    VendorSettled(usize),
    /// A tag was found, and is held.
    TagSeen(Tag),
    /// A released tag has run or failed, or its patience is over.
    TagSettled(u32),
    /// The page is ready for the next start.
    Turn,
}

/// What the shell shall do, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Write the record, for so many seconds.
    Persist(String, u64),
    /// `gtag("consent", "default" or "update", …)`: the granted states, key by key.
    ConsentMode {
        /// The first of the document is the default.
        default: bool,
        /// Each key, and whether it is granted.
        states: Vec<(&'static str, bool)>,
    },
    /// The vendor's stub shall pass calls on (`true`), or forget and swallow them.
    Signal(usize, bool),
    /// Run a vendor's off-switch.
    SwitchOff(usize),
    /// Erase the names of every vendor that is not granted.
    Erase,
    /// Tell a vendor to go on.
    Resume(usize),
    /// Start a vendor: its calls and its loader.
    Start(usize),
    /// Release a held tag; an ordered one settles within its patience.
    Release {
        /// The tag's number.
        id: u32,
        /// Others wait for it.
        ordered: bool,
    },
    /// The visitor is to be asked.
    Ask,
    /// There is nothing to ask (any more).
    Asked,
    /// Tell the page what changed.
    Notify {
        /// Vendors that are granted now and were not.
        granted: Vec<usize>,
        /// Vendors that were granted and are not.
        withdrawn: Vec<usize>,
        /// Where the change came from.
        source: Source,
    },
    /// More is waiting: send [`Event::Turn`] when the page is ready.
    Continue,
}

/// Why the visitor is to be asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pending {
    /// There is no choice.
    First,
    /// The choice is too old, or was made under a laxer regime.
    Expired,
    /// These vendors are not covered by the choice.
    New(Vec<usize>),
}

/// Where one vendor stands in this document.
#[derive(Clone, Copy, Debug, Default)]
struct Progress {
    started: bool,
    loaded: bool,
    demanded: bool,
    /// A request of it has passed the traps: something of it may be running.
    seen: bool,
    switched_off: bool,
}

/// One visitor on one page.
#[derive(Debug)]
pub struct Session<'t> {
    config: Config<'t>,
    standing: Standing,
    pending: Option<Pending>,
    progress: Vec<Progress>,
    /// Withdrawn and granted again, and it cannot be resumed before the next page.
    dormant: Vec<bool>,
    /// What was granted after the last event.
    granted: Vec<bool>,
    releases: Releases,
    /// The greatest counter seen, also of records that do not hold any more.
    counter: u64,
    started: bool,
    default_sent: bool,
}

impl<'t> Session<'t> {
    /// A session that has not started: everything is held.
    pub fn new(config: Config<'t>) -> Self {
        let vendors = config.vendors.len();
        Self {
            config,
            standing: Standing::default(),
            pending: None,
            progress: vec![Progress::default(); vendors],
            dormant: vec![false; vendors],
            granted: vec![false; vendors],
            releases: Releases::default(),
            counter: 0,
            started: false,
            default_sent: false,
        }
    }

    /// What the site declares.
    pub fn config(&self) -> &Config<'t> {
        &self.config
    }

    /// What is known of the visitor.
    pub fn standing(&self) -> &Standing {
        &self.standing
    }

    /// Why the visitor is to be asked; `None` if there is no reason.
    pub fn pending(&self) -> Option<&Pending> {
        self.pending.as_ref()
    }

    /// Whether a vendor is granted, and can run in this document.
    pub fn vendor(&self, at: usize) -> Reason {
        self.bench().vendor(at)
    }

    /// How a category is shown: `1` granted, `0` not, `m` mixed: some of its vendors are.
    pub fn category_mark(&self, at: usize) -> u8 {
        let of_category = |v: &usize| {
            let vendor = &self.config.vendors[*v];
            vendor.category == Some(at) && vendor.carries.is_empty()
        };
        let (mut on, mut off) = (false, false);
        for v in (0..self.config.vendors.len()).filter(of_category) {
            if self.standing.vendor(&self.config, v).is_granted() {
                on = true;
            } else {
                off = true;
            }
        }
        match (on, off) {
            (true, true) => b'm',
            (false, false) if self.standing.category(&self.config, at).is_granted() => b'1',
            (true, false) => b'1',
            _ => b'0',
        }
    }

    /// Whether anything of a vendor has run, or may have, in this document.
    pub fn has_run(&self, at: usize) -> bool {
        let progress = &self.progress[at];
        progress.started || progress.seen || self.releases.has_run(at as VendorIndex)
    }

    /// The verdict on a request.
    pub fn request(&self, kind: Kind, address: Address) -> Finding {
        self.bench().request(kind, address)
    }

    /// A request passed the traps on this finding: something of its vendor may be running now.
    pub fn passed(&mut self, finding: Finding) {
        if let (Verdict::Allow, Some(vendor)) = (finding.verdict, finding.vendor) {
            self.progress[usize::from(vendor)].seen = true;
        }
    }

    /// The verdict on a tag that is marked with, or was found to belong to, a target.
    pub fn target(&self, target: &Target) -> Finding {
        self.bench().target(target)
    }

    /// Whose grant a tag needs: of those who claim its address, as markup must not grant what a
    /// vendor was refused; unclaimed, of what it is marked with. A marked vendor outweighs a marked
    /// category; an unknown one is never granted.
    pub fn of_tag(&self, address: Address, category: &str, vendor: &str) -> Target {
        let claimants = self.config.claims.claimants(address);
        if !claimants.is_empty() {
            let marked = self.config.vendor(vendor).map(|at| at as VendorIndex);
            return Target::Claimants(match marked.filter(|at| claimants.contains(at)) {
                Some(at) => vec![at],
                None => claimants,
            });
        }
        if category.is_empty() && vendor.is_empty() {
            return Target::Claimants(claimants);
        }
        if !vendor.is_empty() {
            return match self.config.vendor(vendor) {
                Some(at) => Target::Claimants(vec![at as VendorIndex]),
                None => Target::Never(Reason::UnknownVendor),
            };
        }
        match self.config.category(category) {
            Some(at) => Target::Category(at),
            None => Target::Never(Reason::UnknownCategory),
        }
    }

    /// The target of a script of the markup, unless the site's rule bars it.
    pub fn of_markup(&self, target: Target, has_our_nonce: bool) -> Target {
        match markup_bar(&self.config, has_our_nonce) {
            Some(reason) => Target::Never(reason),
            None => target,
        }
    }

    /// Whether a page's script may write a cookie or storage key.
    pub fn name(&self, name: &str, is_record: bool) -> Finding {
        self.bench().name(name, is_record)
    }

    /// Adds a vendor at run time; `false` if its line could not be read.
    pub fn register(&mut self, line: &'t str) -> (bool, Vec<Effect>) {
        let before = self.config.vendors.len();
        let readable = self.config.read_line(line);
        if self.config.vendors.len() > before {
            self.progress.push(Progress::default());
            self.dormant.push(false);
            self.granted.push(false);
        }
        let mut effects = Vec::new();
        if !self.default_sent && self.started {
            self.consent_mode(&mut effects);
        }
        effects.append(&mut self.settle(None));
        (readable, effects)
    }

    /// Takes an event, and gives what follows from it.
    pub fn handle(&mut self, event: Event) -> Vec<Effect> {
        match event {
            Event::Started {
                record,
                gpc,
                now,
                prerendering,
            } => {
                if self.started {
                    // I-10: starting twice is reading the record again.
                    return self.reread(record, now);
                }
                self.started = true;
                self.standing.gpc = gpc;
                self.standing.prerendering = prerendering;
                self.begin(record, now)
            }
            Event::RecordChanged { record, now } => self.reread(record, now),
            Event::Activated => {
                self.standing.prerendering = false;
                let mut effects = Vec::new();
                self.consent_mode(&mut effects);
                effects.append(&mut self.settle(None));
                effects
            }
            Event::Chosen {
                decision,
                provenance,
                now,
                random,
            } => self.choose(&decision, provenance, now, random),
            Event::Demanded(at) => {
                if let Some(progress) = self.progress.get_mut(at) {
                    progress.demanded = true;
                }
                self.turn()
            }
            Event::VendorSettled(at) => {
                if let Some(progress) = self.progress.get_mut(at) {
                    progress.loaded = true;
                }
                self.turn()
            }
            Event::TagSeen(tag) => {
                self.releases.hold(tag);
                Vec::new()
            }
            Event::TagSettled(id) => {
                self.releases.settle(id);
                self.turn()
            }
            Event::Turn => self.turn(),
        }
    }

    fn bench(&self) -> Bench<'_, 't> {
        Bench {
            config: &self.config,
            standing: &self.standing,
            dormant: &self.dormant,
        }
    }

    fn begin(&mut self, record: Option<Record>, now: u64) -> Vec<Effect> {
        self.adopt(record, now);
        let mut effects = Vec::new();
        if self.config.regime == Regime::OptOut {
            // An opt-out never lapses: each visit renews it.
            self.standing
                .record
                .iter()
                .for_each(|record| effects.push(self.persist(record)));
        }
        self.consent_mode(&mut effects);
        effects.append(&mut self.settle(None));
        // A returning visitor waits for nothing: all that is allowed is on its way at once.
        while effects.last() == Some(&Effect::Continue) {
            effects.pop();
            effects.append(&mut self.turn());
        }
        effects
    }

    /// Takes a stored record for what it is still worth.
    fn adopt(&mut self, record: Option<Record>, now: u64) {
        let Some(mut record) = record else { return };
        self.counter = self.counter.max(record.counter);
        let valid_s = u64::from(self.config.valid_days) * DAY_S;
        let opt_out = self.config.regime == Regime::OptOut;
        let current = record.at.saturating_add(valid_s) > now || opt_out;
        let dated = record.at <= now.saturating_add(CLOCK_SKEW_S);
        // What a laxer regime took for granted is no consent; what it was told to leave off is.
        let strict = self.config.regime != Regime::OptIn || record.regime == Regime::OptIn;
        self.pending = None;
        if !(current && dated && strict) {
            self.pending = Some(Pending::Expired);
            record.categories = refused(&record.categories);
            record.vendors = refused(&record.vendors);
        }
        self.standing.record = Some(record);
    }

    fn reread(&mut self, record: Option<Record>, now: u64) -> Vec<Effect> {
        let Some(found) = record else {
            return Vec::new();
        };
        let mut effects = Vec::new();
        match &self.standing.record {
            // I-9: the higher counter wins.
            Some(own) if found.counter < own.counter => return effects,
            Some(own) if found == *own => return effects,
            // Two tabs chose at the same moment: what both grant holds, and is told to both.
            Some(own) if found.counter == own.counter => {
                let mut least = own.clone().least(found);
                least.counter += 1;
                effects.push(self.persist(&least));
                self.adopt(Some(least), now);
            }
            _ => self.adopt(Some(found), now),
        }
        let source = self.standing.record.as_ref().map(|r| r.provenance.source);
        effects.append(&mut self.settle(source));
        effects
    }

    fn choose(
        &mut self,
        decision: &Decision,
        provenance: Provenance,
        now: u64,
        random: u64,
    ) -> Vec<Effect> {
        let (categories, vendors) = self.standing.after(&self.config, decision);
        let source = provenance.source;
        self.counter += 1;
        let record = Record {
            id: self.standing.record.as_ref().map_or(random, |old| old.id),
            counter: self.counter,
            at: now,
            revision: self.config.revision,
            regime: self.config.regime,
            gpc: self.standing.gpc,
            provenance,
            categories,
            vendors,
        };
        let mut effects = vec![self.persist(&record)];
        self.standing.record = Some(record);
        self.pending = None;
        effects.append(&mut self.settle(Some(source)));
        effects
    }

    fn persist(&self, record: &Record) -> Effect {
        let days = match self.config.regime {
            Regime::OptOut => COOKIE_DAYS_MAX,
            _ => u64::from(self.config.valid_days).min(COOKIE_DAYS_MAX),
        };
        Effect::Persist(codec::encode(record), days * DAY_S)
    }

    /// Works out what is granted now, and what follows from the difference: closing, then opening.
    fn settle(&mut self, source: Option<Source>) -> Vec<Effect> {
        let mut effects = Vec::new();
        let (mut granted, mut withdrawn) = (Vec::new(), Vec::new());
        for at in 0..self.config.vendors.len() {
            let now = self.standing.vendor(&self.config, at).is_granted();
            if now != self.granted[at] {
                self.granted[at] = now;
                if now { &mut granted } else { &mut withdrawn }.push(at);
            }
        }
        if source.is_some() && !(granted.is_empty() && withdrawn.is_empty()) {
            self.consent_mode(&mut effects);
        }
        for &at in &withdrawn {
            if self.has_run(at) {
                self.progress[at].switched_off = true;
                effects.push(Effect::SwitchOff(at));
            }
            // After the off-switch: that is a call to the vendor, too.
            effects.push(Effect::Signal(at, false));
        }
        if !withdrawn.is_empty() {
            effects.push(Effect::Erase);
        }
        for at in 0..self.config.vendors.len() {
            if granted.contains(&at) {
                effects.push(Effect::Signal(at, true));
                self.dormant[at] =
                    self.progress[at].switched_off && !self.config.vendors[at].resumable;
                if self.progress[at].switched_off && !self.dormant[at] {
                    self.progress[at].switched_off = false;
                    effects.push(Effect::Resume(at));
                }
            } else if self.standing.vendor(&self.config, at) == Grant::Refused
                && !withdrawn.contains(&at)
            {
                effects.push(Effect::Signal(at, false));
            }
        }
        self.ask(&mut effects);
        if let Some(source) = source {
            effects.push(Effect::Notify {
                granted,
                withdrawn,
                source,
            });
        }
        effects.push(Effect::Continue);
        effects
    }

    fn ask(&mut self, effects: &mut Vec<Effect>) {
        if self.standing.prerendering {
            return;
        }
        if self.standing.record.is_none() {
            self.pending = Some(Pending::First);
        } else if self.pending != Some(Pending::Expired) {
            let new: Vec<_> = (0..self.config.vendors.len())
                .filter(|&at| self.is_new(at))
                .collect();
            self.pending = (!new.is_empty()).then_some(Pending::New(new));
        }
        effects.push(if self.pending.is_some() {
            Effect::Ask
        } else {
            Effect::Asked
        });
    }

    /// I-7: a vendor the choice does not cover, in a category that was granted or never asked about.
    fn is_new(&self, at: usize) -> bool {
        let vendor = &self.config.vendors[at];
        let (Some(record), Some(category)) = (&self.standing.record, vendor.category) else {
            return false;
        };
        let category = &self.config.categories[category];
        // A container is asked about through what it carries.
        if self.config.regime != Regime::OptIn
            || category.always_active
            || !vendor.carries.is_empty()
        {
            return false;
        }
        match record.categories.get(category.id) {
            Some(granted) => {
                granted && !self.standing.covers(vendor) && record.vendors.get(vendor.id).is_none()
            }
            None => true,
        }
    }

    fn consent_mode(&mut self, effects: &mut Vec<Effect>) {
        let (config, standing) = (&self.config, &self.standing);
        if !config.vendors.iter().any(|vendor| vendor.consent_mode) {
            return;
        }
        let mut send = |default: bool, granted: &dyn Fn(&str) -> bool| {
            effects.push(Effect::ConsentMode {
                default,
                states: crate::signals::google_consent_mode::states(granted).collect(),
            });
        };
        if !self.default_sent {
            // Basic mode: the default is always "denied", and comes before anything of Google's.
            send(true, &|_| false);
        }
        if self.default_sent || standing.record.is_some() || config.regime != Regime::OptIn {
            send(false, &|id| google_key(config, standing, id));
        }
        self.default_sent = true;
    }

    /// The next thing to start: vendors in the site's order, then held tags.
    fn turn(&mut self) -> Vec<Effect> {
        if self.standing.prerendering || !self.started {
            return Vec::new();
        }
        let next = (0..self.config.vendors.len()).find(|&at| self.may_start(at));
        if let Some(at) = next {
            self.progress[at].started = true;
            return vec![Effect::Start(at), Effect::Continue];
        }
        let bench = Bench {
            config: &self.config,
            standing: &self.standing,
            dormant: &self.dormant,
        };
        let allowed = |target: &Target| bench.target(target).verdict == Verdict::Allow;
        let lane = |target: &Target| match target {
            Target::Category(at) => *at,
            Target::Claimants(of) => of
                .first()
                .and_then(|&at| self.config.vendors[usize::from(at)].category)
                .unwrap_or(0),
            Target::Never(_) => 0,
        };
        match self.releases.next(allowed, lane) {
            Some(tag) => vec![
                Effect::Release {
                    id: tag.id,
                    ordered: tag.ordered,
                },
                Effect::Continue,
            ],
            None => Vec::new(),
        }
    }

    fn may_start(&self, at: usize) -> bool {
        let (vendor, progress) = (&self.config.vendors[at], &self.progress[at]);
        let needed = |id: &str| {
            let at = self.config.vendor(id);
            at.is_some_and(|needed| self.progress[needed].loaded)
        };
        !progress.started
            && (progress.demanded || !vendor.on_demand)
            && matches!(self.vendor(at), Reason::Granted | Reason::AlwaysActive)
            && vendor.needs.iter().all(needed)
    }
}

/// Google's key follows the Google vendors of its category, where the site has any; else, as for a
/// site that runs them from its container, the category.
fn google_key(config: &Config, standing: &Standing, category: &str) -> bool {
    let Some(category) = config.category(category) else {
        return false;
    };
    let of_category = |at: &usize| {
        let vendor = &config.vendors[*at];
        vendor.consent_mode && vendor.carries.is_empty() && vendor.category == Some(category)
    };
    let mut vendors = (0..config.vendors.len()).filter(of_category).peekable();
    if vendors.peek().is_none() {
        return standing.category(config, category).is_granted();
    }
    vendors.any(|at| standing.vendor(config, at).is_granted())
}

/// What is left of answers that are not believed any more: a refusal outlives its record.
fn refused(answers: &Answers) -> Answers {
    let mut refused = Answers::default();
    for (id, granted) in answers.iter() {
        if !granted {
            refused.push(id, false);
        }
    }
    refused
}
