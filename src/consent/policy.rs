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

    const SITE: &str = "c\tnecessary\ta\nc\tstats\t\nc\tads\ts\n\
        v\tkept\tnecessary\nv\tplain\tstats\nv\tseller\tstats\ts\n\
        v\tpixel\tads\nv\tmeter\tads\tS\n\
        v\tboth\tstats\tl\nv\tinterest\tstats\tlL\n\
        v\tmanager\tads\tS\t0\tads";

    /// How the vendors of a site stand, under a regime: those that are not simply granted.
    fn others(regime: &str, standing: &Standing) -> Vec<(&'static str, Grant)> {
        let text = format!("p\t1\t1\t{regime}\n{SITE}");
        let mut config = Config::new();
        assert!(config.read(&text));
        let ids = SITE.split('\n').filter_map(|line| line.strip_prefix("v\t"));
        let ids = ids.map(|line| line.split('\t').next().unwrap_or(""));
        let found = ids.enumerate();
        let found = found.map(|(at, id)| (id, standing.vendor(&config, at)));
        found.filter(|(_, grant)| !grant.is_granted()).collect()
    }

    /// A page that is seen, with what a record says of revision and signal, and its answers.
    fn seen(gpc: bool, record: Option<(u32, u8, &str)>) -> Standing {
        let record = record.map(|(revision, signal, answers)| {
            let head = format!("1.0123456789abcdef.1.1764000000.{revision}.o.{signal}.p.en.0");
            Record::finish(format!("{head}.{answers}"))
        });
        Standing {
            gpc,
            is_visible: true,
            record,
            is_expired: false,
        }
    }

    #[test]
    fn the_signal_opts_out_of_sale_or_sharing_and_of_nothing_else() {
        let sold = [
            ("seller", Grant::Gpc),
            ("pixel", Grant::Gpc),
            ("manager", Grant::Gpc),
        ];
        for regime in ["opt-out", "notice"] {
            assert_eq!(others(regime, &seen(true, None)), sold, "{regime}");
            assert_eq!(others(regime, &seen(false, None)), [], "{regime}");
            // A choice that was made while it was off does not overrule it, one that was made under it does.
            let earlier = |signal| seen(true, Some((1, signal, "stats~ads.pixel.")));
            assert_eq!(others(regime, &earlier(0)), sold, "{regime}");
            assert_eq!(others(regime, &earlier(1)), [], "{regime}");
        }
        // Where everybody is asked first, the answer is what counts.
        let asked = seen(true, Some((1, 0, "stats~ads..")));
        assert_eq!(others("opt-in", &asked), []);
        // A refusal stays one under the signal.
        let refused = seen(true, Some((1, 1, "stats~!ads.!seller.")));
        let no = |id| (id, Grant::Refused);
        let expected = ["seller", "pixel", "meter", "manager"].map(no);
        assert_eq!(others("opt-out", &refused), expected);
    }

    #[test]
    fn an_objection_stops_what_rests_on_interest_unless_consent_was_given_as_well() {
        let no = |id| (id, Grant::Refused);
        let objections = "both~interest~plain";
        let said = |answers: &str| seen(false, Some((1, 0, &format!("{answers}.{objections}"))));
        // It only ran because nobody had said no.
        let expected = [no("both"), no("interest")];
        assert_eq!(others("opt-out", &said("ads.")), expected);
        // A yes to the category, or to the vendor, stands.
        for answers in ["stats~ads.", "ads.both", "stats~ads.both"] {
            assert_eq!(
                others("opt-out", &said(answers)),
                [no("interest")],
                "{answers}"
            );
        }
        let expected = ["plain", "seller", "both", "interest"].map(no);
        assert_eq!(others("opt-out", &said("!stats~ads.")), expected);
        // Without an objection nothing is stopped.
        assert_eq!(others("opt-out", &seen(false, Some((1, 0, "ads..")))), []);
    }

    #[test]
    fn a_choice_covers_the_vendors_of_its_revision_and_of_those_before() {
        let text =
            "p\t1\t4\topt-in\nc\tads\t\nv\told\tads\t\t2\nv\tsame\tads\t\t3\nv\tnew\tads\t\t4";
        let mut config = Config::new();
        assert!(config.read(text));
        let standing = seen(false, Some((3, 0, "ads..")));
        let covered = config.vendors.iter().map(|vendor| standing.covers(vendor));
        assert_eq!(covered.collect::<Vec<_>>(), [true, true, false]);
        let grants = [Grant::Granted, Grant::Granted, Grant::NotAsked];
        assert_eq!([0, 1, 2].map(|at| standing.vendor(&config, at)), grants);
        // No choice leaves nothing out.
        assert!(seen(false, None).covers(&config.vendors[2]));
    }

    #[test]
    fn as_long_as_nobody_sees_the_page_only_what_is_always_active_is_granted() {
        let mut hidden = seen(false, Some((1, 0, "stats~ads.pixel.")));
        hidden.is_visible = false;
        for regime in ["opt-in", "opt-out", "notice"] {
            let found = others(regime, &hidden);
            assert_eq!(found.len(), 7, "{found:?}");
            assert!(found.iter().all(|(_, grant)| *grant == Grant::NotAsked));
        }
    }
}
