//! The table of the early phase: what the first script of a page looks up until the gate is there.
//!
//! `portcullis build` writes it into that script, so that nothing is decided there. The table allows
//! what the gate allows before any choice: the site's own hosts, vendors that are always active, and
//! what no vendor claims, unless the site holds that. Everything else waits for the gate.

use super::config::{Config, Regime, Unclassified};
use super::event::{Effect, Event};
use super::policy::Standing;
use super::session::Session;
use crate::matching::Claim;

/// A claim of a vendor on addresses, as [`Claim`] reads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "tools", derive(serde::Serialize))]
pub struct EarlyClaim<'t>(
    /// The host, which stands for its subdomains too. One that ends in a dot stands for country domains.
    pub &'t str,
    /// The path's beginning, `*` for any run of characters; empty for any path.
    pub &'t str,
    /// `key=prefix`, which the query must hold; empty for any query.
    pub &'t str,
    /// 1 if a vendor claims it that is always active, or a container that carries such a category; else 0.
    pub u8,
);

/// What the early phase knows of a config.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "tools", derive(serde::Serialize))]
pub struct EarlyTable<'t> {
    /// The first claim that fits an address decides about it.
    pub claims: Vec<EarlyClaim<'t>>,
    /// The site's own hosts, which stand for their subdomains too.
    pub own: Vec<&'t str>,
    /// 1 if what no vendor claims is held, else 0.
    pub holds: u8,
    /// The vendors that are always active, by number. Where no gate comes they are started without it.
    pub active: Vec<usize>,
    /// Google Consent Mode, a bit for each key as in `signals::google_consent_mode`: first the default; then,
    /// where the regime grants before a choice, the update that follows it without and with Global Privacy
    /// Control. Empty where no vendor obeys it.
    pub google: Vec<u8>,
}

impl<'t> EarlyTable<'t> {
    /// The table of a compiled config.
    pub fn new(compiled: &'t str) -> Self {
        let mut config = Config::new();
        config.read(compiled);
        let holds = u8::from(config.unclassified == Unclassified::Hold);
        // A laxer regime may grant before a choice, but that is for the gate to say, which knows the browser's signal.
        config.regime = Regime::OptIn;
        let standing = Standing {
            is_visible: true,
            ..Standing::new()
        };
        let runs = |at| standing.vendor(&config, at).is_granted();
        let mut claims: Vec<(u32, EarlyClaim)> = config
            .claims
            .all()
            .map(|claim| {
                let active = u8::from(runs(claim.vendor));
                (claim.specificity(), early(claim, active))
            })
            .collect();
        // Of several claims that fit the most specific decide, and one granted vendor among those is enough (I-1).
        claims.sort_by(|(a, x), (b, y)| (b, y.3, x.0, x.1, x.2).cmp(&(a, x.3, y.0, y.1, y.2)));
        let active = (0..config.vendors.len()).filter(|&at| runs(at)).collect();
        let claims: Vec<_> = claims.into_iter().map(|(_, claim)| claim).collect();
        Self {
            claims: needed(&claims),
            own: config.own_hosts.iter().collect(),
            holds,
            active,
            google: google(compiled),
        }
    }
}

fn early<'t>(claim: &Claim<'t>, active: u8) -> EarlyClaim<'t> {
    EarlyClaim(claim.host(), claim.path(), claim.query(), active)
}

/// The claims without those that a wider one covers: where no vendor of a host is always active, each address
/// that the narrower claim fits is held by the wider one all the same.
fn needed<'t>(claims: &[EarlyClaim<'t>]) -> Vec<EarlyClaim<'t>> {
    let mut kept: Vec<EarlyClaim> = Vec::new();
    for (at, claim) in claims.iter().enumerate() {
        // A claim on country domains may meet any other.
        let may_meet = |other: &str| {
            claim.0.ends_with('.')
                || other.ends_with('.')
                || is_below(claim.0, other)
                || is_below(other, claim.0)
        };
        let is_contested = |other: &EarlyClaim| other.3 == 1 && may_meet(other.0);
        let is_plain = !claims.iter().any(is_contested);
        let is_covered = claims[at + 1..].iter().any(|wider| {
            let covers_host = is_below(claim.0, wider.0) && wider.1.is_empty();
            let covers_path = claim.0 == wider.0 && claim.1.starts_with(wider.1);
            wider.2.is_empty() && (covers_host || covers_path)
        });
        if !(kept.contains(claim) || is_plain && is_covered) {
            kept.push(*claim);
        }
    }
    kept
}

/// Whether a host is another one, or below it.
fn is_below(host: &str, other: &str) -> bool {
    host.strip_suffix(other)
        .is_some_and(|before| before.is_empty() || before.ends_with('.'))
}

/// What Google's tags are told before there is a choice, which is what the gate tells them.
fn google(compiled: &str) -> Vec<u8> {
    let mut told = Vec::new();
    for gpc in [false, true] {
        let mut session = Session::new();
        session.configure(compiled);
        session.handle(Event::Started {
            record: None,
            gpc,
            now: 0,
            prerendering: false,
        });
        for effect in session.effects().iter() {
            if let Effect::ConsentMode {
                is_default,
                granted,
            } = *effect
                && !(is_default && gpc)
            {
                told.push(granted);
            }
        }
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;

    const SITE: &str = "p\t1\t1\topt-in\thold\t\tacme.example cdn.example\t\t0\n\
         c\tnecessary\ta\nc\tperformance\t\nc\ttargeting\ts\n";

    fn claims(vendors: &str) -> Vec<String> {
        let compiled = format!("{SITE}{vendors}");
        EarlyTable::new(&compiled)
            .claims
            .iter()
            .map(|EarlyClaim(host, path, query, active)| format!("{active} {host}{path}?{query}"))
            .collect()
    }

    #[test]
    fn the_most_specific_claim_comes_first_and_an_active_one_before_its_equals() {
        let found = claims(
            "v\tads\ttargeting\t\t\t\t\tpay.example/shared pay.example\t\n\
             v\tpay\tnecessary\t\t\t\t\tpay.example/shared pay.example/checkout\t\n",
        );
        assert_eq!(
            found,
            [
                "1 pay.example/checkout?",
                "1 pay.example/shared?",
                "0 pay.example/shared?",
                "0 pay.example?"
            ]
        );
    }

    #[test]
    fn what_a_wider_claim_holds_anyway_is_left_out() {
        let found = claims(
            "v\tads\ttargeting\t\t\t\t\tads.example t.ads.example/x ads.example/y?k=v b.example/a b.example/a/b \
             c.example/x?a=1 c.example/x?b=2\t\n",
        );
        assert_eq!(
            found,
            [
                "0 c.example/x?a=1",
                "0 c.example/x?b=2",
                "0 b.example/a?",
                "0 ads.example?"
            ]
        );
    }

    #[test]
    fn own_hosts_and_what_happens_to_the_unclaimed_are_the_configs() {
        let table = EarlyTable::new(SITE);
        assert_eq!(table.own, ["acme.example", "cdn.example"]);
        assert_eq!(table.holds, 1);
        assert_eq!(EarlyTable::new("p\t1").holds, 0);
        let vendors = format!("{SITE}v\tads\ttargeting\nv\tpay\tnecessary\n");
        assert_eq!(EarlyTable::new(&vendors).active, [1]);
    }

    #[test]
    fn google_is_told_what_the_gate_would_tell() {
        let told = |regime: &str, vendors: &str| {
            let compiled = format!("{}{vendors}", SITE.replace("opt-in", regime));
            EarlyTable::new(&compiled).google
        };
        let google =
            "v\tga\tperformance\tg\t\t\t\ta.example\t\nv\tads\ttargeting\tg\t\t\t\tb.example\t";
        assert!(told("opt-in", "").is_empty());
        // The default refuses everything but security_storage, bit 6.
        assert_eq!(told("opt-in", google), [0b100_0000]);
        assert_eq!(told("auto", google), [0b100_0000]);
        // In opt-out the update grants analytics_storage (bit 3) and, without the browser's signal, ad_* (bits 0 to 2).
        assert_eq!(
            told("opt-out", google),
            [0b100_0000, 0b100_1111, 0b100_1000]
        );
    }
}
