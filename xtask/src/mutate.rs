//! Breaks the rules one expression at a time, and sees the native tests go red: a test that cannot fail is
//! worth nothing.
//!
//! `cargo-mutants` makes the edits, in a copy of the repository, and `.cargo/mutants.toml` says where. What
//! decides are the crate's unit tests and `tests/invariants`, with fewer cases and always the same ones.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::{root, setup};

/// How many mutants every test run draws. Ours: so many are done in three minutes on two cores.
const SAMPLE: usize = 8;

/// What the draw of every test run begins with. Always the same: a red run is the change's fault.
const SEED: u64 = 1;

/// Of so many generated cases the invariants run one: what breaks a rule is seen in few.
const SPARSE: &str = "20";

/// `mutate [--sample [N [--seed N]]]`: all mutants, or some; `--sample` alone is what every test run draws.
pub fn run(arguments: &[String]) -> Result<()> {
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (passed, failed) = match words[..] {
        [] => test(None)?,
        ["--sample"] => sample()?,
        ["--sample", count] => test(Some((count.parse()?, SEED)))?,
        ["--sample", count, "--seed", seed] => test(Some((count.parse()?, seed.parse()?)))?,
        _ => bail!("usage: mutate [--sample [N [--seed N]]]"),
    };
    println!("{passed} passed, {failed} failed");
    if failed > 0 || passed == 0 {
        bail!("not every mutant was noticed");
    }
    Ok(())
}

/// The mutants that every test run draws; how many were noticed, and how many were not.
pub fn sample() -> Result<(u64, u64)> {
    test(Some((SAMPLE, SEED)))
}

/// Tests all mutants, or so many by a seed; how many were noticed, and how many were not.
fn test(sample: Option<(usize, u64)>) -> Result<(u64, u64)> {
    setup::mutants()?;
    let mut all = cargo_mutants();
    all.args(["--list", "--line-col=true"]);
    let output = all.stderr(Stdio::inherit()).output()?;
    if !output.status.success() {
        bail!("the mutants cannot be listed: {}", output.status);
    }
    let names = String::from_utf8(output.stdout)?;
    let names: Vec<&str> = names.lines().collect();
    let out = root().join("target/mutants");
    let mut mutants = cargo_mutants();
    mutants
        .args(["--jobs=1", "--colors=never", "--output"])
        .arg(&out)
        .env("CARGO_TARGET_DIR", build())
        .env("PORTCULLIS_SPARSE", SPARSE)
        .env("PROPTEST_RNG_SEED", "1")
        // What fails need not be made small.
        .env("PROPTEST_MAX_SHRINK_ITERS", "0");
    let mut wanted = names.len();
    if let Some((sample, seed)) = sample {
        eprintln!("mutate: {sample} of {wanted} mutants, drawn by --seed {seed}");
        let drawn = drawn(names, sample, seed);
        wanted = drawn.len();
        for name in drawn {
            mutants.arg(format!("--re=^{}$", literal(name)));
        }
    }
    let status = mutants.status().context("cargo-mutants")?;
    // 2: some were missed. 3: some took too long. Else nothing is known of the tests.
    if !matches!(status.code(), Some(0 | 2 | 3)) {
        bail!("the mutants could not be tested: {status}");
    }
    let listed = |name: &str| {
        let path = out.join("mutants.out").join(name);
        fs::read_to_string(&path).with_context(|| path.display().to_string())
    };
    // A test that never ends is a test that does not pass.
    let caught = listed("caught.txt")? + &listed("timeout.txt")?;
    let missed = listed("missed.txt")?;
    // Not every edit is a program: such a one says nothing of the tests.
    let unviable = listed("unviable.txt")?;
    for survivor in missed.lines() {
        println!("survived  {survivor}");
    }
    let [caught, missed, unviable] = [caught, missed, unviable].map(|list| list.lines().count());
    if caught + missed + unviable != wanted {
        bail!(
            "of {wanted} mutants only {} were tested",
            caught + missed + unviable
        );
    }
    Ok((caught as u64, missed as u64))
}

fn cargo_mutants() -> Command {
    let mut command = Command::new(setup::mutants_program());
    command
        .args(["mutants", "--package=portcullis"])
        .current_dir(root());
    command
}

/// Where mutants are built: what others wrote is built once, and the crate as often as it is broken.
fn build() -> PathBuf {
    root().join("target/mutants/build")
}

/// Some of the names, by the seed: the same ones for the same list.
fn drawn(mut names: Vec<&str>, sample: usize, seed: u64) -> BTreeSet<&str> {
    let mut state = seed;
    let mut drawn = BTreeSet::new();
    while drawn.len() < sample && !names.is_empty() {
        let at = (splitmix64(&mut state) % names.len() as u64) as usize;
        drawn.insert(names.swap_remove(at));
    }
    drawn
}

/// Steele, Lea and Flood, "Fast splittable pseudorandom number generators" (2014).
fn splitmix64(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut value = *state;
    value = (value ^ value >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    value = (value ^ value >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ value >> 31
}

/// A regular expression that fits a text alone.
fn literal(text: &str) -> String {
    let mut pattern = String::new();
    for letter in text.chars() {
        // With other letters a backslash has meanings of its own: `\<` begins a word.
        if r"\.+*?()|[]{}^$#&-~".contains(letter) {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
    pattern
}
