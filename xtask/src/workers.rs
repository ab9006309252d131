//! Test files that node runs, shared out among as many processes as there are to be browsers at once.
//!
//! Each process runs its files one after the other with one farm and one browser of each kind (`tests/run.mjs`).
//! The files are shared out by how long they took the last time, the longest first; on a fresh checkout, by
//! `tests/times.json`, which is a copy of what an earlier run has left in `target/tests/times.json`.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{self, Command, Stdio};
use std::sync::{Mutex, OnceLock};
use std::thread;

use anyhow::{Context, Result, anyhow, bail};
use serde_json::{Value, json};

use crate::suite::Outcome;
use crate::{node, root};

/// Two browsers at once are what two cores carry.
const WORKERS: usize = 2;

/// What a file takes of which nothing is known, in milliseconds.
const UNKNOWN_MS: u64 = 20_000;

/// A set of test files, and how they are run.
pub struct Run {
    /// What stands before the name of each of its tests.
    pub title: &'static str,
    pub folders: &'static [&'static str],
    /// Those alone, by their names; all of them if none is named.
    pub files: &'static [&'static str],
    pub environment: &'static [(&'static str, &'static str)],
}

impl Run {
    /// Every test of these folders.
    pub const fn of(folders: &'static [&'static str]) -> Self {
        Self {
            title: "",
            folders,
            files: &[],
            environment: &[],
        }
    }

    /// The files, from the root.
    fn paths(&self) -> Result<Vec<String>> {
        let mut paths = Vec::new();
        for folder in self.folders {
            for entry in fs::read_dir(root().join(folder)).with_context(|| folder.to_string())? {
                let name = entry?.file_name().to_string_lossy().into_owned();
                let is_wanted = self.files.is_empty() || self.files.contains(&name.as_str());
                if name.ends_with(".test.mjs") && is_wanted {
                    paths.push(format!("{folder}/{name}"));
                }
            }
        }
        if paths.len() < self.files.len() {
            bail!("not all of these are there: {}", self.files.join(", "));
        }
        paths.sort();
        Ok(paths)
    }

    /// A node process with what this run sets; engines that were asked for are the user's to name.
    fn node(&self, arguments: &[&str]) -> Command {
        let mut command = node(arguments);
        if let Some(engines) = ENGINES.get() {
            command.env("PORTCULLIS_ENGINES", engines);
        }
        command.envs(self.environment.iter().copied());
        command
    }
}

static ENGINES: OnceLock<String> = OnceLock::new();

/// Which engines run everything, from here on.
pub fn engines(names: &str) -> Result<()> {
    ENGINES
        .set(names.into())
        .map_err(|_| anyhow!("--engines is given twice"))
}

/// Runs the files; what became of each test.
pub fn run(run: &Run) -> Result<Vec<Outcome>> {
    let folder = root().join("target/tests");
    fs::create_dir_all(&folder)?;
    let mut times = Times::read(&folder);
    let files = run.paths()?;
    let shares = shares(&files, |file| times.of(run, file));
    let results: Vec<PathBuf> = (0..shares.len())
        // Another run may be under way.
        .map(|at| folder.join(format!("results-{}-{at}.jsonl", process::id())))
        .collect();
    let shown = Mutex::new(());
    let succeeded: Vec<bool> = thread::scope(|scope| {
        let started: Vec<_> = shares
            .iter()
            .zip(&results)
            .map(|(files, results)| scope.spawn(|| work(run, files, results, &shown)))
            .collect();
        started
            .into_iter()
            .map(|one| {
                let done = one.join().unwrap_or_else(|_| bail!("a thread has ended"));
                done.inspect_err(|error| eprintln!("{error:#}"))
                    .unwrap_or(false)
            })
            .collect()
    });
    let mut outcomes = Vec::new();
    for (results, succeeded) in results.iter().zip(succeeded) {
        let mut failed = false;
        let written = fs::read_to_string(results).unwrap_or_default();
        let _ = fs::remove_file(results);
        for line in written.lines() {
            let entry: Value = serde_json::from_str(line).context("what a worker wrote")?;
            let file = entry["file"].as_str().context("a result without a file")?;
            let ms = entry["ms"].as_u64().unwrap_or(0);
            if let Some(name) = entry["name"].as_str() {
                let passed = entry["ok"] == true;
                failed |= !passed;
                outcomes.push(Outcome {
                    name: format!("{}{file} › {name}", run.title),
                    seconds: ms as f64 / 1000.0,
                    passed,
                });
            } else {
                times.keep(run, file, ms);
            }
        }
        // A process that dies is a failure, whatever it wrote.
        if !succeeded && !failed {
            outcomes.push(Outcome {
                name: format!("{}a worker", run.title),
                seconds: 0.0,
                passed: false,
            });
        }
    }
    times.write(&folder)?;
    Ok(outcomes)
}

/// Shares files out: the longest first, each to whoever has the least to do.
fn shares(files: &[String], takes: impl Fn(&str) -> u64) -> Vec<Vec<&str>> {
    let mut sorted: Vec<(u64, &str)> = files.iter().map(|file| (takes(file), &**file)).collect();
    sorted.sort_by_key(|&(ms, _)| Reverse(ms));
    let mut shares = vec![(0, Vec::new()); WORKERS.min(files.len())];
    for (ms, file) in sorted {
        if let Some(share) = shares.iter_mut().min_by_key(|share| share.0) {
            share.0 += ms;
            share.1.push(file);
        }
    }
    shares.into_iter().map(|(_, files)| files).collect()
}

/// Runs one process to its end, and shows what it says.
fn work(run: &Run, files: &[&str], results: &Path, shown: &Mutex<()>) -> Result<bool> {
    let mut node = run.node(&["--test-reporter=./tests/reporter.mjs", "tests/run.mjs"]);
    let mut child = node
        .args(files)
        .env("PORTCULLIS_RESULTS", results)
        .stdout(Stdio::piped())
        .spawn()?;
    let output = child.stdout.take().context("no output")?;
    for line in BufReader::new(output).lines() {
        let line = line?;
        let _whole = shown.lock();
        println!("{}{line}", run.title);
    }
    Ok(child.wait()?.success())
}

/// Prints the names of the tests, without running any.
pub fn list(runs: &[&Run]) -> Result<()> {
    for run in runs {
        let paths = run.paths()?;
        let mut node = run.node(&["--import=./tests/list.mjs", "tests/run.mjs"]);
        let output = node.args(&paths).stderr(Stdio::inherit()).output()?;
        if !output.status.success() {
            bail!("the tests could not be listed");
        }
        for name in String::from_utf8(output.stdout)?.lines() {
            println!("{}{name}", run.title);
        }
    }
    Ok(())
}

/// How long each file took, in milliseconds.
struct Times {
    known: BTreeMap<String, u64>,
}

impl Times {
    /// What an earlier run on this machine has left, and beneath it what the repository says.
    fn read(folder: &Path) -> Self {
        let mut known = BTreeMap::new();
        for file in [root().join("tests/times.json"), folder.join("times.json")] {
            let text = fs::read(file).unwrap_or_default();
            let times: BTreeMap<String, u64> = serde_json::from_slice(&text).unwrap_or_default();
            known.extend(times);
        }
        Self { known }
    }

    fn of(&self, run: &Run, file: &str) -> u64 {
        let name = format!("{}{file}", run.title);
        self.known.get(&name).copied().unwrap_or(UNKNOWN_MS)
    }

    /// Engines that were asked for take another time.
    fn keep(&mut self, run: &Run, file: &str, ms: u64) {
        if ENGINES.get().is_none() && run.files.is_empty() | !run.title.is_empty() {
            self.known.insert(format!("{}{file}", run.title), ms);
        }
    }

    fn write(&self, folder: &Path) -> Result<()> {
        fs::write(
            folder.join("times.json"),
            format!("{:#}\n", json!(self.known)),
        )?;
        Ok(())
    }
}
