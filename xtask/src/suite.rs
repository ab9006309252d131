//! Every check, by one command. It ends with one plain line over all runners: `N passed, N failed`.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, bail};

use crate::{bundle, check, fuzz, root, setup, size, wasm};

/// The parts, in order; `--only NAME` runs one.
const PARTS: [&str; 5] = ["check", "native", "fuzz", "browser", "size"];

/// What one runner counted.
#[derive(Clone, Copy, Default)]
struct Count {
    passed: u64,
    failed: u64,
}

/// Runs the parts.
pub fn run(arguments: &[String]) -> Result<()> {
    let only = match arguments {
        [flag, name] if flag == "--only" => {
            if !PARTS.contains(&name.as_str()) {
                bail!("there is no part \"{name}\": {}", PARTS.join(", "));
            }
            Some(name.as_str())
        }
        [] => None,
        _ => bail!("usage: test [--only {}]", PARTS.join("|")),
    };
    setup::packages()?;
    setup::browsers()?;
    wasm::glue_all()?;
    bundle::package()?;
    let mut total = Count::default();
    for part in PARTS
        .into_iter()
        .filter(|part| only.is_none_or(|only| only == *part))
    {
        let started = Instant::now();
        eprintln!("test: {part}");
        let count = match part {
            "check" => one(check::run_all()),
            "native" => native()?,
            "fuzz" => fuzzed()?,
            "browser" => browser()?,
            _ => one(size::run(&[])),
        };
        eprintln!(
            "test: {part}: {} passed, {} failed, {} s",
            count.passed,
            count.failed,
            started.elapsed().as_secs()
        );
        total.passed += count.passed;
        total.failed += count.failed;
    }
    println!("{} passed, {} failed", total.passed, total.failed);
    if total.failed > 0 || total.passed == 0 {
        bail!("not everything passed");
    }
    Ok(())
}

/// A check that passes or fails as a whole.
fn one(result: Result<()>) -> Count {
    match result {
        Ok(()) => Count {
            passed: 1,
            failed: 0,
        },
        Err(error) => {
            eprintln!("{error:#}");
            Count {
                passed: 0,
                failed: 1,
            }
        }
    }
}

/// The crate's own tests, with every room of it.
fn native() -> Result<Count> {
    let mut cargo = Command::new("cargo");
    cargo.args([
        "test",
        "--package",
        "portcullis",
        "--features",
        "tools",
        "--no-fail-fast",
        "--",
        // The invariants print the share of each event.
        "--show-output",
    ]);
    counted(&mut cargo, |line| {
        let rest = line.strip_prefix("test result: ")?;
        Some(Count {
            passed: before(rest, " passed")?,
            failed: before(rest, " failed")?,
        })
    })
}

/// Every fuzz target for a while; each counts as one.
fn fuzzed() -> Result<Count> {
    let (passed, failed) = fuzz::all(fuzz::SECONDS)?;
    Ok(Count { passed, failed })
}

/// Everything that runs in node and in browsers.
fn browser() -> Result<Count> {
    let mut files = Vec::new();
    for folder in [
        "tests/farm",
        "tests/tools",
        "tests/ui",
        "tests/browser",
        "tests/package",
        "tests/compat",
    ] {
        for entry in fs::read_dir(root().join(folder)).into_iter().flatten() {
            let path = entry?.path();
            if path.to_string_lossy().ends_with(".test.mjs") {
                files.push(path);
            }
        }
    }
    files.sort();
    let mut count = node_tests(&files, &[])?;
    // The same again where WebAssembly is refused: what serves is the JavaScript build of the same crate.
    files.retain(|file| WITHOUT_WASM.iter().any(|name| file.ends_with(name)));
    let refused = [
        ("PORTCULLIS_WASM", "refused"),
        ("PORTCULLIS_BROWSERS", "chromium"),
    ];
    let again = node_tests(&files, &refused)?;
    count.passed += again.passed;
    count.failed += again.failed;
    Ok(count)
}

/// The tests that say what the gate does, and so are run with either build of it.
const WITHOUT_WASM: [&str; 7] = [
    "accept.test.mjs",
    "before-choice.test.mjs",
    "choose.test.mjs",
    "container.test.mjs",
    "leak-matrix.test.mjs",
    "records.test.mjs",
    "withdraw.test.mjs",
];

fn node_tests(files: &[PathBuf], environment: &[(&str, &str)]) -> Result<Count> {
    let mut node = Command::new("node");
    // Two browsers at once are what two cores carry.
    node.args(["--test", "--test-reporter=tap", "--test-concurrency=2"])
        .args(files)
        .envs(environment.iter().copied());
    let mut count = Count::default();
    let seen = counted(&mut node, |line| {
        let number = |start: &str| line.strip_prefix(start)?.trim().parse().ok();
        Some(Count {
            passed: number("# pass ").unwrap_or(0),
            failed: number("# fail ").unwrap_or(0) + number("# cancelled ").unwrap_or(0),
        })
    })?;
    count.passed += seen.passed;
    count.failed += seen.failed;
    Ok(count)
}

/// Runs a test runner, shows what it says, and adds up what it counts.
fn counted(command: &mut Command, read: impl Fn(&str) -> Option<Count>) -> Result<Count> {
    let mut child = command
        .current_dir(root())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("{command:?}"))?;
    let mut count = Count::default();
    let output = child.stdout.take().context("no output")?;
    for line in BufReader::new(output).lines() {
        let line = line?;
        if worth_showing(&line) {
            println!("{line}");
        }
        if let Some(found) = read(&line) {
            count.passed += found.passed;
            count.failed += found.failed;
        }
    }
    let status = child.wait()?;
    // A runner that dies before it counts is a failure, whatever it printed.
    if !status.success() && count.failed == 0 {
        count.failed = 1;
    }
    Ok(count)
}

/// TAP says much about tests that pass; their names are enough.
fn worth_showing(line: &str) -> bool {
    let text = line.trim_start();
    !(text.starts_with("duration_ms")
        || text.starts_with("---")
        || text == "..."
        || text.starts_with("# Subtest"))
}

/// The number right before a word: `3 passed`.
fn before(text: &str, word: &str) -> Option<u64> {
    text[..text.find(word)?]
        .rsplit(|letter: char| !letter.is_ascii_digit())
        .next()?
        .parse()
        .ok()
}
