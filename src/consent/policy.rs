//! What is granted: the one function of record, regime, browser signal and config that every
//! verdict, start and vendor signal rests on.

use super::choices::Answers;
use super::config::{Config, Vendor};
use super::record::Record;

/// Whether something is granted, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grant {
    /// The visitor allowed it, or the regime does until the visitor says otherwise.
    Granted,
    /// Declared always active by the site.
    AlwaysActive,
    /// The visitor refused it.
    Refused,
    /// The visitor has not been asked about it.
    NotAsked,
    /// Global Privacy Control opts out of it.
    Gpc,
}

impl Grant {
    /// Whether it may run.
    pub fn is_granted(self) -> bool {
        matches!(self, Self::Granted | Self::AlwaysActive)
    }
}

/// What is known of the visitor on this page.
#[derive(Clone, Debug, Default)]
pub struct Standing {
    /// The browser sends Global Privacy Control.
    pub gpc: bool,
    /// The page has begun, and is not only being prerendered. As long as nobody sees it, nothing optional may
    /// run.
    pub is_visible: bool,
    /// The choice that is stored, if it can be read.
    pub record: Option<Record>,
    /// It does not hold any more: it is too old, or was made under a laxer regime. A refusal outlives its
    /// record, a grant does not.
    pub is_expired: bool,
}

impl Standing {
    /// Nothing is known.
    pub const fn new() -> Self {
        Self {
            gpc: false,
            is_visible: false,
            record: None,
            is_expired: false,
        }
    }

    /// What the visitor answered about an id, as far as it still holds.
    fn answer(&self, answers: impl FnOnce(&Record) -> Answers, id: &str) -> Option<bool> {
        let answer = answers(self.record.as_ref()?).get(id);
        answer.filter(|granted| !(*granted && self.is_expired))
    }

    /// Whether a category as a whole is granted.
    pub fn category(&self, config: &Config, at: usize) -> Grant {
        let category = &config.categories[at];
        if category.is_always_active() {
            return Grant::AlwaysActive;
        }
        match self.answer(Record::categories, category.id) {
            Some(false) => Grant::Refused,
            Some(true) => self.unless_gpc(config, category.is_sale(), Grant::Granted),
            None => self.unasked(config, category.is_sale()),
        }
    }

    /// Whether a vendor is granted.
    pub fn vendor(&self, config: &Config, at: usize) -> Grant {
        let vendor = &config.vendors[at];
        if vendor.category.is_none() {
            return Grant::Refused;
        }
        let own_answer = self.answer(Record::vendors, vendor.id);
        let category = self.base(config, vendor);
        if category == Grant::AlwaysActive {
            return category;
        }
        let sale = self.is_sale(config, vendor);
        match own_answer {
            Some(false) => Grant::Refused,
            answer if self.is_objected(config, vendor, answer) => Grant::Refused,
            Some(true) => self.unless_gpc(config, sale, Grant::Granted),
            None => match category {
                // I-7: consent covers what was shown. Where nothing had to be shown, it does not lapse.
                Grant::Granted if config.regime.asks_first() && !self.covers(vendor) => {
                    Grant::NotAsked
                }
                Grant::Granted => self.unless_gpc(config, sale, category),
                // The category is opted out of for its sale or sharing, which this vendor does not do.
                Grant::Gpc if !sale && !vendor.is_container() => Grant::Granted,
                other => other,
            },
        }
    }

    /// Whether the choice was made when the vendor was already among those shown.
    pub fn covers(&self, vendor: &Vendor) -> bool {
        self.record
            .as_ref()
            .is_none_or(|record| vendor.since <= record.revision())
    }

    /// Whether an objection to legitimate interest stops a vendor. Where it rests on consent as well, a yes that
    /// was given to it or to its category stands; what only ran because nobody had said no does not.
    fn is_objected(&self, config: &Config, vendor: &Vendor, answer: Option<bool>) -> bool {
        let objected = || {
            let record = self.record.as_ref();
            record.is_some_and(|record| record.objections().get(vendor.id).is_some())
        };
        let category = vendor.category.map(|at| config.categories[at].id);
        let allowed =
            || answer.or_else(|| self.answer(Record::categories, category?)) == Some(true);
        vendor.flags.has(b'l') && objected() && (vendor.flags.has(b'L') || !allowed())
    }

    fn base(&self, config: &Config, vendor: &Vendor) -> Grant {
        if !vendor.is_container() {
            return vendor
                .category
                .map_or(Grant::Refused, |category| self.category(config, category));
        }
        // A container has no purpose of its own: it runs for whatever it carries.
        let mut found = Grant::Refused;
        for category in vendor.carries.iter().filter_map(|id| config.category(id)) {
            let grant = self.category(config, category);
            if grant.is_granted() {
                return Grant::Granted;
            }
            found = grant;
        }
        found
    }

    fn unasked(&self, config: &Config, sale: bool) -> Grant {
        if config.regime.asks_first() {
            return Grant::NotAsked;
        }
        self.unless_gpc(config, sale, Grant::Granted)
    }

    /// I-6: where nobody is asked first the signal is an opt-out at once. Only a choice that was made while it
    /// was on overrules it.
    fn unless_gpc(&self, config: &Config, sale: bool, grant: Grant) -> Grant {
        if !self.is_visible {
            return Grant::NotAsked;
        }
        let overruled = || self.record.as_ref().is_some_and(Record::gpc);
        if !config.regime.asks_first() && self.gpc && sale && !overruled() {
            return Grant::Gpc;
        }
        grant
    }

    fn is_sale(&self, config: &Config, vendor: &Vendor) -> bool {
        let category = vendor.category.map(|at| &config.categories[at]);
        vendor.flags.has(b's')
            || !vendor.flags.has(b'S') && category.is_none_or(|category| category.is_sale())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vendor_of_no_category_is_never_granted_whatever_the_answer() {
        let mut config = Config::new();
        config.read("p\t1\t1\topt-out\nc\tads\t\nv\tstray\t\nv\tknown\tads");
        let text = "1.0123456789abcdef.1.1764000000.1.o.0.p.en.00000000.ads.stray~known.";
        let standing = Standing {
            is_visible: true,
            record: Some(Record::finish(text.into())),
            ..Standing::default()
        };
        assert_eq!(standing.vendor(&config, 0), Grant::Refused);
        assert_eq!(standing.vendor(&config, 1), Grant::Granted);
    }
}
