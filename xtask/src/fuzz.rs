//! The fuzz targets (`fuzz/src/lib.rs`): with every test their kept inputs and two seconds of new ones, hours by
//! command.
//!
//! `--guided` runs them under libFuzzer, which sees what code an input reaches, and keeps those that reach
//! code which none of `fuzz/corpus` does. It needs a C++ compiler; the rest needs nothing.

use std::fs;
use std::process::Command;
use std::sync::Mutex;
use std::thread;

use anyhow::{Context, Result, bail};

use crate::{root, run as perform};

/// How long each target runs by command, in seconds, unless another time is asked for.
const SECONDS: u64 = 20;

/// How long each target makes new inputs with every test, once it has run its kept ones.
pub const SECONDS_IN_TESTS: u64 = 2;

/// Each coverage-guided input is one of so many bytes at most.
const LENGTH_MAX: u32 = 4096;

/// What libFuzzer needs the compiler to write into the code: counters, and what is compared with what.
const COVERAGE: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=1 --cfg fuzzing";

/// `fuzz [--seconds N] [--seed N] [--target NAME] [--guided]`.
pub fn run(arguments: &[String]) -> Result<()> {
    let (mut seconds, mut seed, mut only, mut guided) = (SECONDS, 1, None, false);
    let mut rest = arguments.iter();
    while let Some(flag) = rest.next() {
        match (flag.as_str(), flag == "--guided") {
            (_, true) => guided = true,
            ("--seconds", _) => seconds = rest.next().context("--seconds N")?.parse()?,
            ("--seed", _) => seed = rest.next().context("--seed N")?.parse()?,
            ("--target", _) => only = Some(rest.next().context("--target NAME")?.as_str()),
            _ => bail!("usage: fuzz [--seconds N] [--seed N] [--target NAME] [--guided]"),
        }
    }
    let targets: Vec<String> = targets()?
        .into_iter()
        .filter(|name| only.is_none_or(|only| only == name))
        .collect();
    let (passed, failed) = if guided {
        look(&targets, seconds)?
    } else {
        drive(&targets, seconds, seed)?
    };
    println!("{passed} passed, {failed} failed");
    if failed > 0 || passed == 0 {
        bail!("not everything passed");
    }
    Ok(())
}

/// Every target for so long; how many passed, and how many failed.
pub fn all(seconds: u64) -> Result<(u64, u64)> {
    drive(&targets()?, seconds, 1)
}

/// The targets: each has a folder of kept inputs.
fn targets() -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(root().join("fuzz/corpus"))? {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}

/// From the kept inputs, with any toolchain.
fn drive(targets: &[String], seconds: u64, seed: u64) -> Result<(u64, u64)> {
    cargo(&["--bin", "portcullis-fuzz"], None)?;
    let program = root().join("target/fuzz/portcullis-fuzz");
    Ok(side_by_side(targets, |name| {
        let mut command = Command::new(&program);
        command.args([name, &seconds.to_string(), &seed.to_string()]);
        Ok(command)
    }))
}

/// Under libFuzzer. What reaches code that no kept input does is kept.
fn look(targets: &[String], seconds: u64) -> Result<(u64, u64)> {
    // Named, so that build scripts stay as they are.
    let triple = host_triple()?;
    cargo(
        &[
            "--bin",
            "guided",
            "--features",
            "libfuzzer",
            "--target",
            &triple,
        ],
        Some(COVERAGE),
    )?;
    let out = root().join("target/fuzz");
    let program = root().join("target").join(triple).join("fuzz/guided");
    let found = |name: &str| out.join("found").join(name);
    let kept = |name: &str| root().join("fuzz/corpus").join(name);
    let failures = root().join("fuzz/failures/");
    fs::create_dir_all(&failures)?;
    for name in targets {
        fs::create_dir_all(found(name))?;
    }
    let guided = |name: &str, log: &str| -> Result<Command> {
        let mut command = Command::new(&program);
        command
            .env("PORTCULLIS_FUZZ", name)
            .current_dir(root())
            .stderr(fs::File::create(out.join(format!("{name}.{log}.log")))?);
        Ok(command)
    };
    let count = side_by_side(targets, |name| {
        let mut command = guided(name, "look")?;
        command.args([
            format!("-max_total_time={seconds}"),
            format!("-max_len={LENGTH_MAX}"),
            format!("-artifact_prefix={}{name}-", failures.display()),
            "-timeout=10".into(),
            "-print_final_stats=1".into(),
        ]);
        command.arg(found(name)).arg(kept(name));
        Ok(command)
    });
    for name in targets {
        let mut merge = guided(name, "merge")?;
        // By edges of the code alone: how often each is taken would keep hundreds.
        merge.args(["-merge=1", "-use_counters=0"]);
        perform(merge.arg(kept(name)).arg(found(name)))?;
        let log = fs::read_to_string(out.join(format!("{name}.look.log")))?;
        let inputs = log
            .lines()
            .find_map(|line| line.strip_prefix("stat::number_of_executed_units:"))
            .unwrap_or(" ?");
        let files = fs::read_dir(kept(name))?.count();
        println!(
            "fuzz {name}:{} inputs, {files} kept; target/fuzz/{name}.look.log",
            inputs
        );
    }
    Ok(count)
}

/// Runs one command a target, as many at once as there are cores.
fn side_by_side(
    targets: &[String],
    command: impl Fn(&str) -> Result<Command> + Sync,
) -> (u64, u64) {
    let cores = thread::available_parallelism().map_or(2, usize::from);
    let left = Mutex::new(targets.iter());
    let count = Mutex::new((0, 0));
    thread::scope(|scope| {
        for _ in 0..cores {
            scope.spawn(|| {
                while let Some(name) = left.lock().ok().and_then(|mut left| left.next()) {
                    let done = command(name).and_then(|mut command| perform(&mut command));
                    if let Err(error) = &done {
                        eprintln!("fuzz {name}: {error:#}");
                    }
                    if let Ok(mut count) = count.lock() {
                        count.0 += u64::from(done.is_ok());
                        count.1 += u64::from(done.is_err());
                    }
                }
            });
        }
    });
    count.into_inner().unwrap_or((0, 1))
}

fn cargo(arguments: &[&str], flags: Option<&str>) -> Result<()> {
    let mut cargo = Command::new("cargo");
    cargo
        .args([
            "build",
            "--quiet",
            "--package",
            "portcullis-fuzz",
            "--profile",
            "fuzz",
        ])
        .args(arguments)
        .current_dir(root());
    if let Some(flags) = flags {
        cargo.env("RUSTFLAGS", flags);
    }
    perform(&mut cargo)
}

fn host_triple() -> Result<String> {
    let output = Command::new("rustc")
        .args(["--print", "host-tuple"])
        .output()?;
    Ok(String::from_utf8(output.stdout)?.trim().into())
}
