//! What a visitor downloads, after brotli at level 11, against `budgets.toml`. KB = 1,000 bytes; the
//! site's config is not counted.

use std::fs;

use anyhow::{Context, Result, bail};
use serde_json::json;

use crate::{bundle, root, setup, wasm};

/// Files that visitors load, as they are shipped.
const MODULES: [&str; 12] = [
    "head.js",
    "gate.js",
    "gate-without-wasm.js",
    "portcullis.js",
    "prepared.js",
    "classic/js.js",
    "classic/way-back.js",
    "classic/ui.js",
    "classic/locales/en.js",
    "classic/preferences.js",
    "classic/locales/en.more.js",
    "classic/withdraw.js",
];

/// What each moment of a visit needs, on a site as `build` writes it. A returning visitor has a choice, and the floating
/// way back to it; before there is a choice the banner stands where it will be. The banner that `build` has drawn is seen
/// before the gate has come: what that takes is counted without the words that `build` puts in.
const TOTALS: [(&str, &[&str]); 6] = [
    ("head", &["head.js"]),
    ("returning", &["head.js", "gate.js"]),
    ("one-file", &["portcullis.js"]),
    ("prepared", &["head.js", "prepared.js"]),
    (
        "banner",
        &[
            "head.js",
            "gate.js",
            "prepared.js",
            "classic/ui.js",
            "classic/locales/en.js",
        ],
    ),
    (
        "preferences",
        &[
            "head.js",
            "gate.js",
            "prepared.js",
            "classic/ui.js",
            "classic/locales/en.js",
            "classic/preferences.js",
            "classic/locales/en.more.js",
            "classic/withdraw.js",
        ],
    ),
];

/// Prints sizes; fails over a budget.
pub fn run(arguments: &[String]) -> Result<()> {
    if !root().join("pkg/portcullis.js").exists() {
        setup::packages()?;
        wasm::glue_all()?;
        bundle::package()?;
    }
    let mut sizes = serde_json::Map::new();
    for file in MODULES {
        sizes.insert(file.into(), json!(compressed(file)?));
    }
    let total =
        |files: &[&str]| -> u64 { files.iter().filter_map(|file| sizes[*file].as_u64()).sum() };
    let route = fs::read_to_string(root().join("target/glue/route")).unwrap_or_default();
    if arguments == ["--json"] {
        let mut out = json!({ "modules": sizes });
        for (name, files) in TOTALS {
            out[name] = json!(total(files));
        }
        println!("{out}");
        return Ok(());
    }
    for (file, size) in &sizes {
        println!("{size:>7}  {file}");
    }
    let budgets: toml::Table = fs::read_to_string(root().join("budgets.toml"))?.parse()?;
    let mut over = Vec::new();
    for (name, files) in TOTALS {
        let budget = budgets
            .get(name)
            .with_context(|| format!("budgets.toml has no [{name}]"))?;
        let limit = budget
            .get("bytes")
            .and_then(toml::Value::as_integer)
            .context("bytes")?;
        let size = total(files);
        println!("{size:>7}  {name}, of {limit}");
        if size > limit.unsigned_abs() {
            over.push(name);
        }
    }
    if !over.is_empty() && route == "prebuilt" {
        println!("warning: over budget, but with a standard library that was not built for size");
    } else if !over.is_empty() {
        bail!("over budget: {}", over.join(", "));
    }
    Ok(())
}

fn compressed(file: &str) -> Result<usize> {
    let text = fs::read(root().join("pkg").join(file)).with_context(|| file.to_string())?;
    let mut out = Vec::new();
    let parameters = brotli::enc::BrotliEncoderParams {
        quality: 11,
        lgwin: 22,
        size_hint: text.len(),
        ..Default::default()
    };
    brotli::BrotliCompress(&mut text.as_slice(), &mut out, &parameters)?;
    Ok(out.len())
}
