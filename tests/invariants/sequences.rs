//! I-1 to I-4, I-6, I-7 and I-10: every effect of a page is held against the model.

use std::sync::atomic::{AtomicUsize, Ordering};

use portcullis::consent::Regime;
use proptest::test_runner::{Config as Runner, TestRunner};

use crate::model::setting;
use crate::page::{Page, Step, step};
use crate::site::{CONFIG, cases};

/// Sequences that are generated.
const SEQUENCES: u32 = 10_000;

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
    let sequences = cases(SEQUENCES);
    let mut runner = TestRunner::new(Runner {
        cases: sequences,
        failure_persistence: None,
        ..Runner::default()
    });
    let strategy = (setting(), proptest::collection::vec(step(), 1..=29));
    let outcome = runner.run(&strategy, |(setting, steps)| {
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
    println!("{sequences} sequences of 2 to 30 events, {total} events:");
    for (name, count) in &counts {
        let share = count.load(Ordering::Relaxed) as f64 * 100.0 / total as f64;
        println!("  {share:5.1} % {name}");
    }
    if let Err(error) = outcome {
        panic!("{error}");
    }
}
