//! I-7: consent covers what was shown, and nobody is asked again for having refused.

use portcullis::consent::{Effect, Event, Pending, Regime};
use proptest::prelude::*;

use crate::site::{
    DAY, Decision, Head, ID, NOW, answered, cases, configured, decided, follows, granted,
};

/// Three categories that were asked about, and one that may have come since.
const CATEGORIES: [&str; 4] = ["performance", "functional", "targeting", "social"];
const NEW_CATEGORY: usize = 3;

#[derive(Clone, Debug)]
struct Return {
    regime: Regime,
    answers: [bool; 3],
    /// The revision that was shown, and how long ago.
    revision: u32,
    days: u64,
    /// The site's vendors by now: category, revision that brought it.
    vendors: Vec<(usize, u32)>,
}

fn visit() -> impl Strategy<Value = Return> {
    let regime = prop_oneof![2 => Just(Regime::OptIn), 1 => Just(Regime::OptOut)];
    let answers = prop_oneof![1 => Just([false; 3]), 2 => any::<[bool; 3]>()];
    let vendors = proptest::collection::vec((0..CATEGORIES.len(), 0..8u32), 1..8);
    (regime, answers, 1..6u32, 0..180u64, vendors).prop_map(
        |(regime, answers, revision, days, vendors)| Return {
            regime,
            answers,
            revision,
            days,
            vendors,
        },
    )
}

/// The config in words, and the page on which the visitor comes back.
fn text(visit: &Return) -> String {
    let regime = match visit.regime {
        Regime::OptIn => "opt-in",
        _ => "opt-out",
    };
    let mut text = format!("p\t1\t8\t{regime}");
    for (at, id) in CATEGORIES.iter().enumerate() {
        if at < NEW_CATEGORY || visit.vendors.iter().any(|(category, _)| *category == at) {
            text += &format!("\nc\t{id}\t");
        }
    }
    for (at, (category, since)) in visit.vendors.iter().enumerate() {
        text += &format!(
            "\nv\tv{at}\t{}\t\t{since}\t\t\tv{at}.example\t",
            CATEGORIES[*category]
        );
    }
    text
}

fn come_back(visit: &Return) -> Result<(), TestCaseError> {
    let text = text(visit);
    let mut session = configured(&text);
    let head = Head {
        id: ID,
        counter: 1,
        at: NOW - visit.days * DAY,
        revision: visit.revision,
        regime: visit.regime as u8,
        gpc: false,
    };
    let answers: Vec<_> = CATEGORIES.into_iter().zip(visit.answers).collect();
    let effects = follows(
        &mut session,
        Event::Started {
            record: Some(answered(head, &answers)),
            gpc: false,
            now: NOW,
            prerendering: false,
        },
    );
    let asks_first = visit.regime == Regime::OptIn;
    let mut asked_about = Vec::new();
    for (at, (category, since)) in visit.vendors.iter().enumerate() {
        let answer = visit.answers.get(*category);
        let was_shown = *since <= visit.revision;
        let may = match (answer, asks_first) {
            (Some(answer), true) => *answer && was_shown,
            (Some(answer), false) => *answer,
            (None, asks_first) => !asks_first,
        };
        prop_assert_eq!(granted(&session, at), may, "I-7: v{}", at);
        prop_assert_eq!(effects.contains(&Effect::Start(at)), may, "I-7: v{}", at);
        // Of what was refused nothing new is asked; of what was granted, what was not shown; of what
        // was never asked about, everything.
        let is_open = answer.is_none_or(|answer| *answer && !was_shown);
        if asks_first && is_open {
            asked_about.push(at);
        }
    }
    let news = |effects: &[Effect]| -> Vec<usize> {
        let news = effects.iter().filter_map(|effect| match effect {
            Effect::New(at) => Some(*at),
            _ => None,
        });
        news.collect()
    };
    prop_assert_eq!(news(&effects), &asked_about[..], "I-7: what is asked about");
    let expected = match asked_about.is_empty() {
        true => Effect::Asked,
        false => Effect::Ask(Pending::New),
    };
    let asks: Vec<_> = effects
        .iter()
        .filter(|effect| matches!(effect, Effect::Ask(_) | Effect::Asked))
        .collect();
    prop_assert_eq!(asks, [&expected], "I-7: why it is asked");

    // The answers about what is new end it, whatever they are, and change nothing else.
    let before: Vec<bool> = (0..visit.vendors.len())
        .map(|at| granted(&session, at))
        .collect();
    let Some((&last, rest)) = asked_about.split_last() else {
        return Ok(());
    };
    let mut effects = Vec::new();
    for at in rest.iter().chain([&last]) {
        let record = decided(&session, Decision::Vendor(*at, at % 2 == 0), ID, NOW, &[]);
        effects = follows(&mut session, Event::Chosen { record, now: NOW });
    }
    prop_assert!(
        effects.contains(&Effect::Asked),
        "I-7: asked again: {effects:?}"
    );
    for (at, was) in before.into_iter().enumerate() {
        let answered = asked_about.contains(&at);
        let expected = if answered { at % 2 == 0 } else { was };
        prop_assert_eq!(
            granted(&session, at),
            expected,
            "I-7: v{} after the answer",
            at
        );
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(5000), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_visitor_who_comes_back_is_asked_about_what_is_new_alone(visit in visit()) {
        come_back(&visit)?;
    }

    #[test]
    fn who_refused_everything_is_left_alone_until_the_interval_is_over(
        vendors in proptest::collection::vec((0..NEW_CATEGORY, 0..8u32), 1..8),
        days in 0..400u64,
    ) {
        let visit = Return {
            regime: Regime::OptIn,
            answers: [false; 3],
            revision: 1,
            days,
            vendors,
        };
        let text = text(&visit);
        let mut session = configured(&text);
        let head = Head { id: ID, counter: 1, at: NOW - days * DAY, revision: 1, regime: b'i', gpc: false };
        let answers: Vec<_> = CATEGORIES.into_iter().zip(visit.answers).collect();
        let effects = follows(&mut session, Event::Started {
            record: Some(answered(head, &answers)),
            gpc: false,
            now: NOW,
            prerendering: false,
        });
        let expected = if days < 180 { Effect::Asked } else { Effect::Ask(Pending::Expired) };
        prop_assert!(effects.contains(&expected), "I-7: after {days} days: {effects:?}");
        for at in 0..visit.vendors.len() {
            prop_assert!(!granted(&session, at));
        }
    }
}
