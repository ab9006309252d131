//! The build and every script of the project: `cargo run -p xtask -- <command>`.
//!
//! `npm run …` calls these; each sets up what it needs first.

mod bundle;
mod check;
mod fuzz;
mod mutate;
mod setup;
mod size;
mod suite;
mod toolchain;
mod wasm;
mod workers;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail};

const USAGE: &str = "\
cargo run -p xtask -- <command>

  build         pkg/, the npm package
  start         build, then serve the demonstration site with its tag farm
  test          every check; --only PART for one part, --quick for an edit's own, --engines all,
                --list for names (see xtask/src/suite.rs)
  size          bytes after brotli against budgets.toml; --json
  check         formatting, lints and types
  screenshots   pictures of the interface in dist/screenshots
  screen-reader what Orca says with Firefox, in tests/screen-reader/transcript.txt (not part of `test`)
  fuzz          readers of others' texts, under texts that nobody wrote; --seconds N, --seed N,
                --target NAME, --guided for libFuzzer
  verdicts      nanoseconds of one verdict, by the number of vendors
  bench         Portcullis beside its peers; writes bench/RESULTS.md; --rounds N, --only TOOL,TOOL
  mutate        break the rules one expression at a time and see the tests go red;
                --sample N, --seed N for some of them";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (command, rest) = match arguments.split_first() {
        Some((command, rest)) => (command.as_str(), rest),
        None => ("", [].as_slice()),
    };
    let done: Result<()> = match command {
        "build" => build().map(drop),
        "start" => start(rest),
        "test" => suite::run(rest),
        "size" => size::run(rest),
        "check" => setup::packages()
            .and_then(|()| wasm::glue_all())
            .and_then(|()| check::run_all()),
        "screenshots" => screenshots(),
        "screen-reader" => screen_reader(),
        "fuzz" => fuzz::run(rest),
        "verdicts" => run(Command::new("cargo").args(["bench", "--quiet", "--bench", "verdicts"])),
        "bench" => bench(rest),
        "mutate" => mutate::run(rest),
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::FAILURE;
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask {command}: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Builds the package from whatever the machine has.
fn build() -> Result<()> {
    setup::packages()?;
    wasm::glue_all()?;
    bundle::package()
}

fn start(arguments: &[String]) -> Result<()> {
    build()?;
    let mut demo = node(&["tests/farm/demo.mjs"]);
    run(demo.args(arguments))
}

fn screenshots() -> Result<()> {
    build()?;
    setup::browsers()?;
    run(&mut node(&["tests/ui/screenshots.mjs"]))
}

fn screen_reader() -> Result<()> {
    build()?;
    setup::screen_reader()?;
    run(&mut node(&["tests/screen-reader/journey.mjs"]))
}

fn bench(arguments: &[String]) -> Result<()> {
    build()?;
    setup::browsers()?;
    setup::peers()?;
    run(node(&["bench/run.mjs"]).args(arguments))
}

/// The repository's root.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .map_or_else(PathBuf::new, Path::to_path_buf)
}

/// A node process at the root.
pub fn node(arguments: &[&str]) -> Command {
    let mut command = Command::new("node");
    command.args(arguments).current_dir(root());
    command
}

/// Runs a command to its end; its failure is ours.
pub fn run(command: &mut Command) -> Result<()> {
    let status = command
        .status()
        .with_context(|| format!("cannot run {}", command.get_program().display()))?;
    if !status.success() {
        bail!("{} {}", shown(command), status);
    }
    Ok(())
}

/// Whether a command exists and succeeds, silently.
pub fn works(command: &mut Command) -> bool {
    command.output().is_ok_and(|output| output.status.success())
}

fn shown(command: &Command) -> String {
    let mut text = command.get_program().display().to_string();
    for argument in command.get_args() {
        text.push(' ');
        text.push_str(&argument.to_string_lossy());
    }
    text.truncate(200);
    text
}
