//! Breaks each rule in turn, and sees the native tests go red: a test that cannot fail is worth nothing.
//!
//! `cargo run -p xtask -- mutate`, with a clean work tree; every file is put back.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::root;

/// A rule, and an edit that breaks it: file, what stands there, what is put in its place.
struct Mutation {
    rule: &'static str,
    file: &'static str,
    from: &'static str,
    to: &'static str,
}

const fn mutation(
    rule: &'static str,
    file: &'static str,
    from: &'static str,
    to: &'static str,
) -> Mutation {
    Mutation {
        rule,
        file,
        from,
        to,
    }
}

const MUTATIONS: [Mutation; 19] = [
    mutation(
        "I-1: a refused vendor passes",
        "src/consent/verdict.rs",
        "self as u8 <= Self::AlwaysActive as u8",
        "self as u8 <= Self::NotGranted as u8",
    ),
    mutation(
        "I-1: a vendor's own refusal is not heard",
        "src/consent/policy.rs",
        "Some(false) => Grant::Refused,\n            Some(true) => self.unless_gpc(config, sale, Grant::Granted),",
        "Some(_) => self.unless_gpc(config, sale, Grant::Granted),",
    ),
    mutation(
        "I-1: what was not asked about is granted",
        "src/consent/policy.rs",
        "Regime::OptIn => Grant::NotAsked,",
        "Regime::OptIn => Grant::Granted,",
    ),
    mutation(
        "I-2: a vendor starts twice",
        "src/consent/session.rs",
        "!self.is(at, STARTED)\n",
        "(!self.is(at, STARTED) || self.tags.len() > 3)\n",
    ),
    mutation(
        "I-2: a tag is released twice",
        "src/consent/release.rs",
        "self.tags[at].stage = Stage::Running;",
        "self.tags[at].stage = Stage::Held;",
    ),
    mutation(
        "I-2: an ordered tag overtakes another",
        "src/consent/release.rs",
        "ordered |= bit;",
        "ordered |= 0;",
    ),
    mutation(
        "I-3: a wrong checksum is believed",
        "src/consent/record.rs",
        "&& checked(owned(body)) == record.0;",
        "&& !checked(owned(body)).is_empty();",
    ),
    mutation(
        "I-4: a choice is written after it is carried out",
        "src/consent/session.rs",
        "self.persist();\n                self.settle(Some(source));",
        "self.settle(Some(source));\n                self.persist();",
    ),
    mutation(
        "I-5: a vendor that ran is not switched off",
        "src/consent/session.rs",
        "self.effects.push(Effect::SwitchOff(at));",
        "",
    ),
    mutation(
        "I-5: a name is written by whoever declares it",
        "src/consent/verdict.rs",
        "self.any_of(Kind::Call, &declaring);",
        "self.any_of(Kind::Call, declaring.get(1..).unwrap_or(&[]));",
    ),
    mutation(
        "I-5: what cannot be resumed goes on",
        "src/consent/session.rs",
        "if reason.permits() && self.is(at, DORMANT) {",
        "if reason.permits() && self.is(at, DORMANT) && !self.has_run(at) {",
    ),
    mutation(
        "I-6: Global Privacy Control is not heard",
        "src/consent/policy.rs",
        "config.regime == Regime::OptOut && self.gpc && sale && !overruled()",
        "config.regime == Regime::OptOut && self.gpc && sale && overruled()",
    ),
    mutation(
        "I-7: consent covers what was not shown",
        "src/consent/policy.rs",
        "is_none_or(|record| vendor.since <= record.revision())",
        "is_none_or(|record| vendor.since <= record.revision() + 9)",
    ),
    mutation(
        "I-7: who refused is asked again",
        "src/consent/session.rs",
        "&& self.standing.vendor(&self.config, at) == Grant::NotAsked",
        "&& !self.is_granted(at)",
    ),
    mutation(
        "I-8: the regime grants before the page has begun",
        "src/consent/policy.rs",
        "if !self.is_visible {",
        "if !self.is_visible && self.record.is_some() {",
    ),
    mutation(
        "I-9: a lower counter wins",
        "src/consent/session.rs",
        "if found.counter() < own.counter() || found == *own {",
        "if found.counter() > own.counter() || found == *own {",
    ),
    mutation(
        "I-9: two tabs that chose at once each keep their own",
        "src/consent/session.rs",
        "if found.counter() == own.counter() && own.outweighs(&found) {",
        "if found.counter() == own.counter() && found.outweighs(own) {",
    ),
    mutation(
        "I-9: a tab is not told that its choice is the one that holds",
        "src/consent/session.rs",
        "return self.persist();",
        "return;",
    ),
    mutation(
        "I-10: starting twice asks and adopts anew",
        "src/consent/session.rs",
        "if self.started {\n                    // I-10",
        "if self.started && self.tags.len() > 1 << 20 {\n                    // I-10",
    ),
];

/// Puts a file back, whatever happens.
struct Restore {
    path: PathBuf,
    text: String,
}

impl Drop for Restore {
    fn drop(&mut self) {
        if let Err(error) = fs::write(&self.path, &self.text) {
            eprintln!(
                "mutate: {} could not be put back: {error}",
                self.path.display()
            );
        }
    }
}

/// Runs all mutations.
pub fn run(_: &[String]) -> Result<()> {
    if !passes()? {
        bail!("the tests fail before anything is broken");
    }
    let mut survived = Vec::new();
    for Mutation {
        rule,
        file,
        from,
        to,
    } in &MUTATIONS
    {
        let path = root().join(file);
        let text = fs::read_to_string(&path)?;
        if text.matches(from).count() != 1 {
            bail!("{file} has not exactly one place that reads: {from}");
        }
        let broken = text.replacen(from, to, 1);
        let restore = Restore { path, text };
        fs::write(&restore.path, broken)?;
        let red = !passes().context(*rule)?;
        drop(restore);
        println!("{}  {rule}", if red { "red  " } else { "GREEN" });
        if !red {
            survived.push(*rule);
        }
    }
    if !survived.is_empty() {
        bail!("no test noticed: {}", survived.join("; "));
    }
    println!("{} passed, 0 failed", MUTATIONS.len());
    Ok(())
}

/// Whether CI's native tests pass.
fn passes() -> Result<bool> {
    let status = Command::new("cargo")
        .args(["test", "--quiet", "--package", "portcullis"])
        .current_dir(root())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()?;
    Ok(status.success())
}
