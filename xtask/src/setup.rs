//! What a fresh machine lacks: installed if it can be, else named precisely.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::{node, root, run, works};

/// The npm packages that building and testing take; nothing is done while they are there.
pub fn packages() -> Result<()> {
    // The one package whose script is needed: it puts the binary in place.
    let esbuild = || run(&mut node(&["node_modules/esbuild/install.js"]));
    locked(".", esbuild)
}

/// The libraries that pages have beside ours.
pub fn recipes() -> Result<()> {
    locked("tests/compat", || Ok(()))
}

/// The packages that the measurements compare with.
pub fn peers() -> Result<()> {
    locked("bench", || Ok(()))
}

/// The packages of one folder's lock, and what is to be done once they are there.
fn locked(folder: &str, then: impl Fn() -> Result<()>) -> Result<()> {
    let folder = root().join(folder);
    let lock = folder.join("package-lock.json");
    let stamp = folder.join("node_modules/.portcullis-lock");
    let wanted = fs::read(&lock).with_context(|| lock.display().to_string())?;
    if fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    if !works(Command::new("node").arg("--version")) {
        bail!("node is not installed: version 20 or newer, see https://nodejs.org");
    }
    eprintln!("setup: npm packages");
    run(Command::new("npm")
        .args([
            "ci",
            "--ignore-scripts",
            "--no-fund",
            "--no-audit",
            "--loglevel=error",
        ])
        .current_dir(&folder))?;
    then()?;
    fs::write(stamp, wanted)?;
    Ok(())
}

/// The version of cargo-mutants whose output `mutate.rs` reads.
const MUTANTS_VERSION: &str = "27.1.0";

/// Where cargo-mutants is: with what is built here, so that nothing of the machine changes.
pub fn mutants_program() -> PathBuf {
    root().join("target/tools/bin/cargo-mutants")
}

/// The program that breaks the code.
pub fn mutants() -> Result<()> {
    let version = Command::new(mutants_program())
        .args(["mutants", "--version"])
        .output();
    if version.is_ok_and(|output| {
        String::from_utf8_lossy(&output.stdout).trim_end()
            == format!("cargo-mutants {MUTANTS_VERSION}")
    }) {
        return Ok(());
    }
    eprintln!("setup: cargo install cargo-mutants");
    let install = |locked: &[&str]| {
        run(Command::new("cargo")
            // It mostly waits for the compiler: an unoptimised build of it is done sooner, and is as fast.
            .args([
                "install",
                "cargo-mutants",
                "--quiet",
                "--debug",
                "--version",
            ])
            .arg(MUTANTS_VERSION)
            .args(locked)
            .arg("--root")
            .arg(root().join("target/tools")))
    };
    // Its own lock is what its authors tested; where a package of that is withdrawn, others serve.
    install(&["--locked"]).or_else(|_| install(&[]))
}

/// The browsers that the tests drive.
pub fn browsers() -> Result<()> {
    programs(
        &[
            ("/usr/bin/chromium", "chromium"),
            ("/usr/bin/firefox-esr", "firefox-esr"),
            ("/usr/bin/WebKitWebDriver", "webkit2gtk-driver"),
            // WebKit has no mode without a screen.
            ("/usr/bin/Xvfb", "xvfb"),
        ],
        // Fonts for the right-to-left pages, and for screenshots that look alike everywhere.
        &["fonts-noto-core"],
    )
}

/// A screen reader, and the desktop that it needs.
pub fn screen_reader() -> Result<()> {
    programs(
        &[
            ("/usr/bin/firefox-esr", "firefox-esr"),
            ("/usr/bin/Xvfb", "xvfb"),
            ("/usr/bin/orca", "orca"),
            ("/usr/bin/openbox", "openbox"),
            ("/usr/bin/xdotool", "xdotool"),
            ("/usr/bin/speech-dispatcher", "speech-dispatcher"),
            ("/usr/bin/dbus-run-session", "dbus-daemon"),
            ("/usr/bin/gsettings", "libglib2.0-bin"),
        ],
        &["at-spi2-core", "gsettings-desktop-schemas"],
    )
}

/// Installs what is missing of programs, each with its package, and what goes with them.
fn programs(needed: &[(&str, &'static str)], with: &[&'static str]) -> Result<()> {
    let mut wanted: Vec<_> = needed
        .iter()
        .filter(|(path, _)| !Path::new(path).exists())
        .map(|&(_, package)| package)
        .collect();
    if wanted.is_empty() {
        return Ok(());
    }
    wanted.extend(with);
    if !is_debian_root() {
        bail!(
            "programs are missing; as root: apt-get install {}",
            wanted.join(" ")
        );
    }
    apt(&wanted)
}

/// Whether packages can be installed by apt.
pub fn is_debian_root() -> bool {
    let id = Command::new("id").arg("-u").output();
    Path::new("/etc/debian_version").exists() && id.is_ok_and(|output| output.stdout == b"0\n")
}

/// Installs Debian packages.
pub fn apt(packages: &[&str]) -> Result<()> {
    eprintln!("setup: apt-get install {}", packages.join(" "));
    let apt = || {
        let mut command = Command::new("apt-get");
        command.env("DEBIAN_FRONTEND", "noninteractive").arg("-qq");
        command.stdout(std::process::Stdio::null());
        command
    };
    run(apt().arg("update"))?;
    run(apt()
        .args(["install", "-y", "--no-install-recommends"])
        .args(packages))
}
