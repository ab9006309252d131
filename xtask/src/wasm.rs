//! The shells as modules: compiled, bound by wasm-bindgen, shrunk by wasm-opt, and written where the
//! TypeScript imports them from (`#glue/<name>/…`).

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use wasm_bindgen_cli_support::Bindgen;

use crate::toolchain;
use crate::{node, root, run};

/// A module: its name in `target/glue`, the shell it comes from, and the shell's features.
const MODULES: [(&str, &str, &str); 5] = [
    ("gate", "portcullis-gate", ""),
    ("ui-banner", "portcullis-ui", "banner"),
    ("ui-preferences", "portcullis-ui", "preferences"),
    ("ui-declaration", "portcullis-ui", "declaration"),
    ("tools", "portcullis-tools", ""),
];

/// Flags that gave the smallest modules, after brotli. Below address 1024 is the far end of the stack.
const OPTIMISE: [&str; 16] = [
    "--flatten",
    "--rereloop",
    "-O4",
    "-Oz",
    "--converge",
    "--low-memory-unused",
    "--always-inline-max-function-size=8",
    "--strip-debug",
    "--strip-producers",
    "--strip-target-features",
    "--enable-bulk-memory",
    "--enable-sign-ext",
    "--enable-nontrapping-float-to-int",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];

/// Builds all modules.
pub fn glue_all() -> Result<()> {
    let toolchain = toolchain::find()?;
    eprintln!("build: {}", toolchain.name);
    for (name, package, features) in MODULES {
        let module = toolchain.compile(package, features);
        module
            .and_then(|module| glue(&module, name, package))
            .with_context(|| format!("module {name}"))?;
    }
    let route = if toolchain.small { "small" } else { "prebuilt" };
    fs::write(root().join("target/glue/route"), route)?;
    Ok(())
}

fn glue(module: &Path, name: &str, package: &str) -> Result<()> {
    let folder = root().join("target/glue").join(name);
    let built = fs::read(module)?;
    // What the linker puts where a caller and a called function do not agree: it would trap when run.
    let mark = b"signature_mismatch:";
    if built.windows(mark.len()).any(|bytes| bytes == mark) {
        bail!(
            "{}: a function is called as it is not declared",
            module.display()
        );
    }
    let stamp = folder.join("built.wasm");
    if fs::read(&stamp).is_ok_and(|before| before == built) {
        return Ok(());
    }
    fs::create_dir_all(&folder)?;
    let stem = package.replace('-', "_");
    Bindgen::new()
        .input_path(module)
        .web(true)?
        .typescript(true)
        .omit_default_module_path(true)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate(&folder)?;
    let bound = folder.join(format!("{stem}_bg.wasm"));
    let small = folder.join("module.wasm");
    run(node(&["node_modules/binaryen/bin/wasm-opt"])
        .args(OPTIMISE)
        .arg(&bound)
        .arg("-o")
        .arg(&small))?;
    if name != "tools" {
        translate(&bound, &folder)?;
    }
    let placeholder = placeholder(name);
    fs::write(
        folder.join("module.js"),
        format!("export const module = {placeholder:?};\n"),
    )?;
    fs::write(folder.join("module.d.ts"), "export const module: string;\n")?;
    fs::write(stamp, built)?;
    Ok(())
}

/// What stands for a module's text until the very end of the build: bundlers would rewrite it.
fn placeholder(name: &str) -> String {
    format!("__WASM_{name}__")
}

/// The same module as JavaScript, for browsers and policies that refuse WebAssembly. The translator knows
/// the first version of WebAssembly only: what came later is written out first.
fn translate(bound: &Path, folder: &Path) -> Result<()> {
    let plain = folder.join("plain.wasm");
    run(node(&["node_modules/binaryen/bin/wasm-opt"])
        .args(OPTIMISE.iter().filter(|flag| flag.starts_with("--enable")))
        .args([
            "--signext-lowering",
            "--llvm-memory-copy-fill-lowering",
            "--llvm-nontrapping-fptoint-lowering",
            "-Oz",
            "--strip-debug",
            "--strip-target-features",
        ])
        .arg(bound)
        .arg("-o")
        .arg(&plain))?;
    run(node(&["node_modules/binaryen/bin/wasm2js"])
        .arg("-O")
        .arg(&plain)
        .arg("-o")
        .arg(folder.join("translated.js")))?;
    fs::write(folder.join("translated.d.ts"), "export {};\n")?;
    Ok(())
}

/// Puts the modules' texts into a bundled file; without `wanted`, nothing in their place.
pub fn embed(file: &Path, wanted: bool) -> Result<()> {
    let mut text = fs::read_to_string(file)?;
    for (name, ..) in MODULES {
        let quoted = format!("\"{}\"", placeholder(name));
        if text.contains(&quoted) {
            let path = root().join("target/glue").join(name).join("module.wasm");
            let module = if wanted { fs::read(path)? } else { Vec::new() };
            text = text.replace(&quoted, &literal(&module));
        }
    }
    fs::write(file, text)?;
    Ok(())
}

/// Every byte is written as the character with this much of it turned over (`js/wasm.ts` turns it back):
/// the frequent bytes of a module become characters that need no escape and one byte.
const MASK: u8 = 62;

/// A module as a string literal, a character a byte: 2 % larger than the module after brotli, where
/// base64 is 30 %.
fn literal(module: &[u8]) -> String {
    let mut text = String::with_capacity(module.len() * 2);
    let mut bytes = module.iter().map(|byte| byte ^ MASK).peekable();
    text.push('\'');
    while let Some(byte) = bytes.next() {
        match byte {
            // A digit after \0 would make it an octal escape.
            0 if bytes.peek().is_some_and(u8::is_ascii_digit) => text.push_str("\\x00"),
            0 => text.push_str("\\0"),
            b'\'' => text.push_str("\\'"),
            b'\\' => text.push_str("\\\\"),
            b'\n' => text.push_str("\\n"),
            b'\r' => text.push_str("\\r"),
            _ => text.push(byte as char),
        }
    }
    text.push('\'');
    text
}
