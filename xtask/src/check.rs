//! Formatting, lints, types, and what the repository must not say.

use std::process::Command;

use anyhow::{Result, bail};

use crate::{root, run};

/// All of them; the first that fails ends it.
pub fn run_all() -> Result<()> {
    let cargo = |arguments: &[&str]| run(Command::new("cargo").args(arguments).current_dir(root()));
    cargo(&["fmt", "--all", "--check"])?;
    cargo(&[
        "clippy",
        "--quiet",
        "--workspace",
        "--all-targets",
        "--features",
        "portcullis/tools",
        "--",
        "-D",
        "warnings",
    ])?;
    // The pure rooms compile with no dependency at all.
    cargo(&[
        "check",
        "--quiet",
        "--package",
        "portcullis",
        "--no-default-features",
    ])?;
    let bin = root().join("node_modules/.bin");
    run(Command::new(bin.join("biome"))
        .args(["check", "--error-on-warnings"])
        .current_dir(root()))?;
    run(Command::new(bin.join("tsc")).current_dir(root()))?;
    data_is_no_code()
}

/// Sinks that would turn data into code, anywhere in what visitors load.
fn data_is_no_code() -> Result<()> {
    let sinks = r"\beval\(|new Function\(|\.innerHTML *=|\.outerHTML *=|document\.write\(|insertAdjacentHTML\(|\.style\.cssText";
    let found = Command::new("git")
        .args(["grep", "-nE", sinks, "--", "js", "wasm", "src"])
        .current_dir(root())
        .output()?;
    if !found.stdout.is_empty() {
        bail!(
            "data must not become code:\n{}",
            String::from_utf8_lossy(&found.stdout)
        );
    }
    Ok(())
}
