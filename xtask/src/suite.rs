//! Every check, by one command. It ends with one plain line over all runners: `N passed, N failed`.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, bail};

use crate::workers::{self, Run};
use crate::{bundle, check, fuzz, mutate, root, setup, size, wasm};

const USAGE: &str = "\
usage: test [--only PART[,PART]] [--quick] [--engines all|NAME[,NAME]] [--list]

  --only      check: formatting, lints, types
              native: the crate's own tests; neither the package nor a browser is needed
              fuzz: every kept input again, and a few seconds of new ones
              mutants: rules broken one expression at a time, a drawn few: the native tests notice
              unit: pure TypeScript, in node
              core: the package as built, in node and in browsers
              recipes: the package beside frameworks and libraries (with core, this was `browser`)
              size: bytes against budgets.toml
  --quick     what an edit wants at once: native, unit, and what happens before and after a choice, in Chromium
  --engines   all: every test in every engine; chromium, firefox, webkit: every test in these.
              Without it Chromium runs everything, the others what tests/engines.mjs does not name.
  --list      the names of the tests that run in node and in browsers, and nothing is run";

/// The parts, in order.
const PARTS: [Part; 8] = [
    Part::new("check", &[Need::Package], || {
        Ok(one("check", check::run_all()))
    }),
    Part::new("native", &[], native),
    Part::new("fuzz", &[], fuzzed),
    Part::new("mutants", &[], mutants),
    Part::new("unit", &[Need::Package], || workers::run(&UNIT)),
    Part::new("core", &[Need::Package, Need::Browsers], core),
    Part::new(
        "recipes",
        &[Need::Package, Need::Browsers, Need::Recipes],
        || workers::run(&RECIPES),
    ),
    Part::new("size", &[Need::Package], || Ok(one("size", size::run(&[])))),
];

/// What `--quick` runs.
const QUICK: [Part; 3] = [
    Part::new("native", &[], native),
    Part::new("unit", &[Need::Package], || workers::run(&UNIT)),
    Part::new("core", &[Need::Package, Need::Browsers], || {
        workers::run(&SAMPLE)
    }),
];

const UNIT: Run = Run::of(&["tests/unit"]);
const CORE: Run = Run::of(&["tests/farm", "tests/tools", "tests/ui", "tests/browser"]);
const RECIPES: Run = Run::of(&["tests/package", "tests/compat"]);

/// The promise itself: nothing before a choice, nothing after a refusal, everything after a grant.
const SAMPLE: Run = Run {
    files: &["before-choice.test.mjs", "choose.test.mjs"],
    environment: &[("PORTCULLIS_ENGINES", "chromium")],
    ..CORE
};

/// The same again where WebAssembly is refused: what serves is the JavaScript build of the same crate. The tests
/// that say what the gate does are run with either build of it.
const WITHOUT_WASM: Run = Run {
    title: "without WebAssembly: ",
    files: &[
        "accept.test.mjs",
        "before-choice.test.mjs",
        "choose.test.mjs",
        "container.test.mjs",
        "records.test.mjs",
        "withdraw.test.mjs",
    ],
    environment: &[
        ("PORTCULLIS_WAY", "javascript"),
        ("PORTCULLIS_ENGINES", "chromium"),
    ],
    ..CORE
};

/// What has to be there before a part can run.
#[derive(Clone, Copy, PartialEq)]
enum Need {
    /// `pkg/`, and what it is made with.
    Package,
    /// The browsers that tests drive.
    Browsers,
    /// The libraries that pages have beside ours.
    Recipes,
}

struct Part {
    name: &'static str,
    needs: &'static [Need],
    run: fn() -> Result<Vec<Outcome>>,
}

impl Part {
    const fn new(
        name: &'static str,
        needs: &'static [Need],
        run: fn() -> Result<Vec<Outcome>>,
    ) -> Self {
        Self { name, needs, run }
    }
}

/// What became of one test.
pub struct Outcome {
    pub name: String,
    pub seconds: f64,
    pub passed: bool,
}

/// Runs the parts.
pub fn run(arguments: &[String]) -> Result<()> {
    let (mut only, mut parts, mut lists) = (None, &PARTS[..], false);
    let mut rest = arguments.iter();
    while let Some(flag) = rest.next() {
        match flag.as_str() {
            "--only" => only = Some(rest.next().context(USAGE)?.split(',').collect::<Vec<_>>()),
            "--quick" => parts = &QUICK,
            "--engines" => workers::engines(rest.next().context(USAGE)?)?,
            "--list" => lists = true,
            _ => bail!("{USAGE}"),
        }
    }
    for name in only.iter().flatten() {
        if !parts.iter().any(|part| part.name == *name) {
            bail!("there is no part \"{name}\"\n{USAGE}");
        }
    }
    let parts: Vec<&Part> = parts
        .iter()
        .filter(|part| only.as_ref().is_none_or(|only| only.contains(&part.name)))
        .collect();
    if lists {
        setup::packages()?;
        setup::recipes()?;
        return workers::list(&[&UNIT, &CORE, &WITHOUT_WASM, &RECIPES]);
    }
    let needs = |need| parts.iter().any(|part| part.needs.contains(&need));
    if needs(Need::Package) {
        setup::packages()?;
        package()?;
    }
    if needs(Need::Browsers) {
        setup::browsers()?;
    }
    if needs(Need::Recipes) {
        setup::recipes()?;
    }
    let mut all = Vec::new();
    for part in parts {
        let started = Instant::now();
        eprintln!("test: {}", part.name);
        let outcomes = (part.run)()?;
        let (passed, failed) = count(&outcomes);
        let seconds = started.elapsed().as_secs();
        eprintln!(
            "test: {}: {passed} passed, {failed} failed, {seconds} s",
            part.name
        );
        all.extend(outcomes);
    }
    let (passed, failed) = count(&all);
    tell_slowest(&mut all);
    println!("{passed} passed, {failed} failed");
    if failed > 0 || passed == 0 {
        bail!("not everything passed");
    }
    Ok(())
}

fn count(outcomes: &[Outcome]) -> (usize, usize) {
    let passed = outcomes.iter().filter(|outcome| outcome.passed).count();
    (passed, outcomes.len() - passed)
}

/// The twenty slowest tests over all runners; and once more what failed, which may be far above.
fn tell_slowest(all: &mut [Outcome]) {
    all.sort_by(|one, other| other.seconds.total_cmp(&one.seconds));
    println!("slowest:");
    for Outcome { name, seconds, .. } in all.iter().take(20) {
        println!("  {seconds:6.1} s  {name}");
    }
    for Outcome { name, .. } in all.iter().filter(|outcome| !outcome.passed) {
        println!("failed: {name}");
    }
}

/// Builds the package, unless it is as the last build here has left it, and so is everything that it is made of.
fn package() -> Result<()> {
    let stamp = root().join("target/tests/package-stamp");
    let known = |sources: &str| Ok::<_, anyhow::Error>(format!("{sources} {}", built()?));
    let sources = sources()?;
    if fs::read_to_string(&stamp).is_ok_and(|last| known(&sources).is_ok_and(|now| last == now)) {
        return Ok(());
    }
    wasm::glue_all()?;
    bundle::package()?;
    fs::create_dir_all(root().join("target/tests"))?;
    fs::write(stamp, known(&sources)?)?;
    Ok(())
}

/// A digest of the package as it is.
fn built() -> Result<String> {
    let mut digest = DefaultHasher::new();
    let mut folders = vec![root().join("pkg")];
    while let Some(folder) = folders.pop() {
        let mut paths = fs::read_dir(&folder)?
            .map(|entry| entry.map(|entry| entry.path()))
            .collect::<Result<Vec<_>, _>>()?;
        paths.sort();
        for path in paths {
            if path.is_dir() {
                folders.push(path);
            } else {
                (&path, fs::read(&path)?).hash(&mut digest);
            }
        }
    }
    Ok(format!("{:016x}", digest.finish()))
}

/// What no file of the package is made of.
const APART: [&str; 6] = ["tests/", "docs/", "bench/", "fuzz/", "www/", ".ci/"];

/// A digest of every file of the repository that the package may be made of.
fn sources() -> Result<String> {
    let listed = Command::new("git")
        .args([
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
        ])
        .current_dir(root())
        .output()
        .context("git ls-files")?;
    if !listed.status.success() {
        // Not a repository: it cannot be told what has changed.
        return Ok(format!("{:?}", Instant::now()));
    }
    let mut digest = DefaultHasher::new();
    for name in String::from_utf8_lossy(&listed.stdout).split('\0') {
        if !name.is_empty() && !APART.iter().any(|folder| name.starts_with(folder)) {
            (name, fs::read(root().join(name)).ok()).hash(&mut digest);
        }
    }
    Ok(format!("{:016x}", digest.finish()))
}

/// A check that passes or fails as a whole.
fn one(name: &str, result: Result<()>) -> Vec<Outcome> {
    if let Err(error) = &result {
        eprintln!("{error:#}");
    }
    vec![outcome(name, 0.0, result.is_ok())]
}

fn outcome(name: impl Into<String>, seconds: f64, passed: bool) -> Outcome {
    Outcome {
        name: name.into(),
        seconds,
        passed,
    }
}

/// A drawn few of the edits that `mutate` makes: each is one that the native tests notice, or not.
fn mutants() -> Result<Vec<Outcome>> {
    let (noticed, missed) = mutate::sample()?;
    let some =
        |count: u64, passed| (0..count).map(move |at| outcome(format!("mutant {at}"), 0.0, passed));
    Ok(some(noticed, true).chain(some(missed, false)).collect())
}

/// The crate's own tests, with every room of it. It has none in its documentation.
fn native() -> Result<Vec<Outcome>> {
    let mut cargo = Command::new("cargo");
    cargo.args([
        "test",
        "--package",
        "portcullis",
        "--features",
        "tools",
        "--no-fail-fast",
        "--lib",
        "--tests",
        "--",
        // The invariants print the share of each event.
        "--show-output",
        // How long each test takes: the one thing that is asked of the harness before it is stable. The compiler
        // is not asked, so that nothing is built anew.
        "-Zunstable-options",
        "--report-time",
    ]);
    cargo.env(
        format!("CARGO_TARGET_{}_RUNNER", host()?),
        "env RUSTC_BOOTSTRAP=1",
    );
    let mut outcomes = Vec::new();
    let mut counted = 0;
    let succeeded = heard(&mut cargo, |line| {
        if let Some(found) = libtest(line) {
            outcomes.push(found);
        } else if let Some(rest) = line.strip_prefix("test result: ") {
            counted += before(rest, " passed").unwrap_or(0) + before(rest, " failed").unwrap_or(0);
        }
    })?;
    // A runner that dies before it counts is a failure, whatever it printed; so is a line that was not understood.
    if counted != outcomes.len() || (!succeeded && outcomes.iter().all(|found| found.passed)) {
        outcomes.push(outcome("native: the runner itself", 0.0, false));
    }
    Ok(outcomes)
}

/// The machine's own triple, as cargo's variables write it.
fn host() -> Result<String> {
    let output = Command::new("rustc")
        .args(["--print", "host-tuple"])
        .output()?;
    Ok(String::from_utf8(output.stdout)?
        .trim()
        .to_uppercase()
        .replace(['-', '.'], "_"))
}

/// `test NAME ... ok <1.234s>`
fn libtest(line: &str) -> Option<Outcome> {
    let (name, rest) = line.strip_prefix("test ")?.split_once(" ... ")?;
    let (said, time) = rest.split_once(" <")?;
    let seconds = time.strip_suffix("s>")?.parse().ok()?;
    Some(outcome(format!("native › {name}"), seconds, said == "ok"))
}

/// Every fuzz target: each kept input again, and new ones for a moment.
fn fuzzed() -> Result<Vec<Outcome>> {
    let (passed, failed) = fuzz::all(fuzz::SECONDS_IN_TESTS)?;
    let all = (0..passed + failed).map(|at| outcome("a fuzz target", 0.0, at < passed));
    Ok(all.collect())
}

/// Everything that runs in node and in browsers, but for the libraries of others.
fn core() -> Result<Vec<Outcome>> {
    let mut outcomes = workers::run(&CORE)?;
    outcomes.extend(workers::run(&WITHOUT_WASM)?);
    Ok(outcomes)
}

/// Runs a command, shows what it says line by line, and tells of each line; whether it succeeded.
fn heard(command: &mut Command, mut tell: impl FnMut(&str)) -> Result<bool> {
    let mut child = command
        .current_dir(root())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("{command:?}"))?;
    let output = child.stdout.take().context("no output")?;
    for line in BufReader::new(output).lines() {
        let line = line?;
        println!("{line}");
        tell(&line);
    }
    Ok(child.wait()?.success())
}

/// The number right before a word: `3 passed`.
fn before(text: &str, word: &str) -> Option<usize> {
    text[..text.find(word)?]
        .rsplit(|letter: char| !letter.is_ascii_digit())
        .next()?
        .parse()
        .ok()
}
