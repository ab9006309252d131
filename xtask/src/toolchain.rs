//! Which compiler makes the wasm modules: the first route that works, said aloud.
//!
//! Building the standard library from source, for size, more than halves a module. Every route but
//! the last does so.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::{root, run, setup, works};

/// A way to compile for wasm32.
pub struct Toolchain {
    /// What is said about it.
    pub name: &'static str,
    /// The standard library is built from source, for size: sizes count against the budgets.
    pub small: bool,
    environment: Vec<(&'static str, String)>,
}

const TARGET: &str = "wasm32-unknown-unknown";
const SMALL_FLAGS: &str =
    "-Zunstable-options -Cpanic=immediate-abort -Ctarget-feature=-reference-types";

/// Finds a route, installing what it lacks.
pub fn find() -> Result<Toolchain> {
    let sysroot = sysroot()?;
    let source = sysroot.join("lib/rustlib/src/rust/library/std/Cargo.toml");
    // rustup, with the standard library's source. Stable accepts the flags under RUSTC_BOOTSTRAP.
    let rustup = |arguments: &[&str]| {
        works(
            Command::new("timeout")
                .arg("120")
                .arg("rustup")
                .args(arguments),
        )
    };
    if source.exists() || rustup(&["component", "add", "rust-src"]) && source.exists() {
        return Ok(Toolchain {
            name: "rustup toolchain with rust-src, standard library built for size",
            small: true,
            environment: vec![
                ("RUSTC_BOOTSTRAP", "1".into()),
                ("RUSTFLAGS", SMALL_FLAGS.into()),
            ],
        });
    }
    if debian_ready() || setup::is_debian_root() && install_debian().is_ok() && debian_ready() {
        let host = host()?;
        let linker = sysroot.join(format!("lib/rustlib/{host}/bin/rust-lld"));
        return Ok(Toolchain {
            name: "Debian's rustc-web, standard library built for size",
            small: true,
            environment: vec![
                ("RUSTC", DEBIAN_RUSTC.into()),
                ("RUSTC_BOOTSTRAP", "1".into()),
                ("RUSTFLAGS", SMALL_FLAGS.into()),
                (
                    "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER",
                    linker.display().to_string(),
                ),
            ],
        });
    }
    let library = sysroot.join("lib/rustlib").join(TARGET).join("lib");
    if library.exists() || rustup(&["target", "add", TARGET]) && library.exists() {
        return Ok(Toolchain {
            name: "rustup toolchain with its prebuilt standard library: modules are larger than the budgets assume",
            small: false,
            environment: Vec::new(),
        });
    }
    bail!(
        "no way to compile for {TARGET}. Any of these gives one:\n\
         \x20 rustup component add rust-src\n\
         \x20 rustup target add {TARGET}\n\
         \x20 apt-get install rustc-web rust-web-src libstd-rust-web-dev (Debian)"
    )
}

impl Toolchain {
    /// Compiles a shell and gives the module's path.
    pub fn compile(&self, package: &str, features: &str) -> Result<PathBuf> {
        let folder = root().join("target/wasm");
        let mut cargo = Command::new("cargo");
        cargo
            .current_dir(root())
            .args(["rustc", "--quiet", "--release", "-p", package])
            .args(["--target", TARGET])
            .arg("--target-dir")
            .arg(&folder)
            .env_remove("CARGO_ENCODED_RUSTFLAGS")
            .envs(self.environment.iter().map(|(key, value)| (key, value)));
        if !features.is_empty() {
            cargo.args(["--features", features]);
        }
        if self.small {
            cargo.args([
                "-Zbuild-std=std,panic_abort",
                "-Zbuild-std-features=optimize_for_size",
            ]);
        }
        // The tools read nested configs and keep the megabyte that is usual. The others need a few
        // kilobytes: less memory for the visitor, and shorter addresses in every instruction.
        if package != "portcullis-tools" {
            cargo.args(["--", "-Clink-arg=-zstack-size=65536"]);
        }
        run(&mut cargo)?;
        let file = format!("{}.wasm", package.replace('-', "_"));
        Ok(folder.join(TARGET).join("release").join(file))
    }
}

const DEBIAN_RUSTC: &str = "/usr/bin/rustc";

fn debian_ready() -> bool {
    let prints = |what| {
        let output = Command::new(DEBIAN_RUSTC).args(["--print", what]).output();
        output.map_or_else(
            |_| String::new(),
            |output| String::from_utf8_lossy(&output.stdout).into_owned(),
        )
    };
    let source =
        PathBuf::from(prints("sysroot").trim()).join("lib/rustlib/src/rust/library/std/Cargo.toml");
    source.exists() && prints("target-list").contains(TARGET)
}

fn install_debian() -> Result<()> {
    setup::apt(&["rustc-web", "rust-web-src", "libstd-rust-web-dev"])
}

fn sysroot() -> Result<PathBuf> {
    let output = Command::new("rustc").args(["--print", "sysroot"]).output();
    let output = output.context("rustc is not installed: see https://rustup.rs")?;
    Ok(PathBuf::from(String::from_utf8(output.stdout)?.trim()))
}

fn host() -> Result<String> {
    let output = Command::new("rustc").arg("-vV").output()?;
    let text = String::from_utf8(output.stdout)?;
    let host = text.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.context("rustc -vV names no host")?.into())
}
