//! `pkg/`: the package as it is published, from TypeScript, modules, locales and the catalogue.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use portcullis::tools;
use serde_json::{Value, json};

use crate::{root, run, wasm};

/// An entry file, the file it becomes, and its format.
const FILES: [(&str, &str, &str); 18] = [
    ("js/index.ts", "index.js", "esm"),
    ("js/server.ts", "server.js", "esm"),
    ("js/js.ts", "js.js", "esm"),
    ("js/doors/one-file.ts", "portcullis.js", "iife"),
    ("js/doors/head.ts", "head.js", "iife"),
    ("js/doors/gate.ts", "gate.js", "iife"),
    ("js/doors/gate.ts", "gate-without-wasm.js", "iife"),
    ("js/ui/prepared.ts", "prepared.js", "iife"),
    ("js/ui/banner.ts", "ui.js", "esm"),
    ("js/ui/preferences.ts", "preferences.js", "esm"),
    ("js/ui/way-back.ts", "way-back.js", "esm"),
    ("js/ui/declaration.ts", "declaration.js", "esm"),
    ("js/ui/embeds.ts", "embeds.js", "esm"),
    ("js/ui/elements.ts", "elements.js", "esm"),
    ("js/withdraw.ts", "withdraw.js", "esm"),
    ("js/cli/tools.ts", "tools.js", "esm"),
    ("js/cli/build.ts", "build.js", "esm"),
    ("js/cli/cli.ts", "cli.js", "esm"),
];

/// Those of them that script tags fetch when they are needed: each a second time, as a classic script in `classic/`
/// (see `js/parts.ts`).
const PARTS_OF_SCRIPTS: [&str; 9] = [
    "js.js",
    "ui.js",
    "preferences.js",
    "way-back.js",
    "declaration.js",
    "embeds.js",
    "elements.js",
    "withdraw.js",
    "tools.js",
];

/// Files that carry no WebAssembly, though what they are made of does.
const WITHOUT_WASM: [&str; 3] = ["js.js", "classic/js.js", "gate-without-wasm.js"];

/// A byte-order mark makes a browser read the file as UTF-8 whatever the page or header says: the
/// module's text would not survive another reading.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// Writes everything into `pkg/`.
pub fn package() -> Result<()> {
    let pkg = root().join("pkg");
    locales(&pkg)?;
    styles()?;
    fs::create_dir_all(pkg.join("classic"))?;
    for (entry, file, format) in FILES {
        bundle(entry, file, format).with_context(|| entry.to_string())?;
        if PARTS_OF_SCRIPTS.contains(&file) {
            let classic = format!("classic/{file}");
            bundle(entry, &classic, "cjs").with_context(|| classic.clone())?;
        }
    }
    catalogue(&pkg)?;
    declarations(&pkg)?;
    fs::write(pkg.join("package.json"), format!("{:#}\n", manifest()))?;
    for file in ["README.md", "LICENSE-MIT", "LICENSE-APACHE"] {
        fs::copy(root().join(file), pkg.join(file)).with_context(|| file.to_string())?;
    }
    Ok(())
}

fn bundle(entry: &str, name: &str, format: &str) -> Result<()> {
    let file = &root().join("pkg").join(name);
    let mut esbuild = Command::new(root().join("node_modules/.bin/esbuild"));
    esbuild
        .current_dir(root())
        .arg(entry)
        .arg(format!("--format={format}"))
        .arg(format!("--outfile={}", file.display()))
        .args([
            "--bundle",
            "--minify",
            "--target=es2022",
            "--charset=utf8",
            "--external:#pkg/*",
            "--external:node:*",
            "--loader:.css=text",
            "--legal-comments=none",
            "--log-level=warning",
            "--alias:#glue=./target/glue",
        ]);
    let for_node = entry.ends_with("/build.ts") || entry.ends_with("/cli.ts");
    if for_node {
        esbuild.arg("--platform=node");
    }
    run(&mut esbuild)?;
    if format == "cjs" {
        let part = fs::read_to_string(file)?;
        fs::write(file, classic(&part))?;
    }
    if !for_node {
        shrink(file, format)?;
    }
    wasm::embed(file, !WITHOUT_WASM.contains(&name))?;
    let mut text = fs::read_to_string(file)?;
    if format == "esm" {
        text = text.replace("#pkg/", "./");
    }
    let mark = byte_order_mark(&text, format);
    fs::write(file, format!("{mark}{text}"))?;
    Ok(())
}

/// What a file begins with: a module is read as UTF-8 anyway, a classic script as its page or header says.
fn byte_order_mark(text: &str, format: &str) -> &'static str {
    if format == "esm" || text.is_ascii() {
        ""
    } else {
        BYTE_ORDER_MARK
    }
}

/// A part as a classic script: it hands what makes it to whoever asked for it.
fn classic(part: &str) -> String {
    format!("self[Symbol.for(\"portcullis.part\")]?.((require,module)=>{{{part}}});\n")
}

/// What visitors download goes through a second minifier, which finds another twentieth.
fn shrink(file: &Path, format: &str) -> Result<()> {
    let mut terser = Command::new(root().join("node_modules/.bin/terser"));
    terser
        .arg(file)
        .args(["--ecma", "2020", "--toplevel", "--mangle"])
        .args(["--compress", "passes=3,ecma=2020"])
        .args(["--comments", "false"])
        .arg("--output")
        .arg(file);
    if format == "esm" {
        terser.arg("--module");
    }
    run(&mut terser)
}

/// The style sheets without what only people read. They are imported as text, which `bundle` leaves alone;
/// and nothing is written that a browser we run in would not know.
fn styles() -> Result<()> {
    run(Command::new(root().join("node_modules/.bin/esbuild"))
        .current_dir(root())
        .args(
            ["banner", "preferences", "way-back", "embeds", "elements"]
                .map(|name| format!("js/ui/style/{name}.css")),
        )
        .args([
            "--minify",
            "--target=chrome105,firefox112,safari16.4",
            "--outdir=target/glue/style",
            "--log-level=warning",
        ]))
}

/// The parts of a language, each a file of its own, by what their keys begin with: what the banner says, what a
/// placeholder says, and what is fetched with the preference centre.
const PARTS: [(&str, &str, &[&str]); 3] = [
    ("banner", "", &["banner.", "partners."]),
    ("embed", ".embed", &["embed."]),
    ("more", ".more", &[""]),
];

type Texts = serde_json::Map<String, Value>;

/// Each language as modules of its own, and the lists that the entries import. A module is a list of texts: the
/// keys stand once, beside the code that asks for them.
fn locales(pkg: &Path) -> Result<()> {
    let folder = pkg.join("locales");
    fs::create_dir_all(&folder)?;
    fs::create_dir_all(pkg.join("classic/locales"))?;
    let (mut loaders, mut languages) = (String::new(), Vec::new());
    let read = |path: &Path| -> Result<Texts> {
        serde_json::from_slice(&fs::read(path)?).with_context(|| path.display().to_string())
    };
    let keys = parted(&read(&root().join("locales/en.json"))?);
    let mut files: Vec<_> = fs::read_dir(root().join("locales"))?.collect::<Result<_, _>>()?;
    files.sort_by_key(fs::DirEntry::file_name);
    for file in files {
        let path = file.path();
        let tag = path
            .file_stem()
            .context("a locale without a name")?
            .to_string_lossy()
            .into_owned();
        let texts = read(&path)?;
        for ((_, suffix, _), keys) in PARTS.iter().zip(&keys) {
            let name = format!("{tag}{suffix}");
            let list: Vec<_> = keys.iter().map(|key| text_of(&texts, key)).collect();
            let list = Value::Array(list);
            let file = format!("locales/{name}.js");
            fs::write(pkg.join(&file), format!("export default {list};\n"))?;
            let script = classic(&format!("module.exports={{default:{list}}}"));
            let mark = byte_order_mark(&script, "cjs");
            fs::write(pkg.join("classic").join(&file), format!("{mark}{script}"))?;
            loaders.push_str(&format!(
                "{}: () => import(\"#pkg/locales/{name}.js\"),",
                json!(name)
            ));
        }
        languages.push(tag);
    }
    // A region variant is looked for before its language.
    languages.reverse();
    let glue = root().join("target/glue");
    let (mut lists, mut types) = (String::new(), String::new());
    for ((name, ..), keys) in PARTS.iter().zip(&keys) {
        lists.push_str(&format!("export const {name} = {};\n", json!(keys)));
        types.push_str(&format!("export const {name}: readonly string[];\n"));
    }
    // The floating button is on every page, and brings no more than the places of its two names.
    for name in ["settings", "choices"] {
        let key = format!("banner.{name}");
        let at = keys[0].iter().position(|of| *of == key).context(key)?;
        lists.push_str(&format!("export const {name} = {at};\n"));
        types.push_str(&format!("export const {name}: number;\n"));
    }
    fs::write(glue.join("keys.js"), lists)?;
    fs::write(glue.join("keys.d.ts"), types)?;
    fs::write(
        glue.join("locales.js"),
        format!("export const locales = {{{loaders}}};\n"),
    )?;
    fs::write(
        glue.join("locales.d.ts"),
        "type Part = () => Promise<{ default: readonly (string | { readonly [form: string]: string })[] }>;\n\
         export const locales: { readonly en: Part; readonly [tag: string]: Part };\n",
    )?;
    fs::write(
        glue.join("languages.js"),
        format!("export const languages = {};\n", json!(languages)),
    )?;
    fs::write(
        glue.join("languages.d.ts"),
        "export const languages: readonly string[];\n",
    )?;
    Ok(())
}

/// What ends the key of a plural form.
const FORMS: [&str; 6] = [".zero", ".one", ".two", ".few", ".many", ".other"];

/// The keys of each part in their order; those of plural forms as one.
fn parted(texts: &Texts) -> Vec<Vec<String>> {
    let mut parts = vec![Vec::new(); PARTS.len()];
    for key in texts.keys() {
        let base = FORMS.iter().find_map(|form| key.strip_suffix(form));
        let base = base.unwrap_or(key).to_owned();
        let part = PARTS
            .iter()
            .position(|(_, _, starts)| starts.iter().any(|start| key.starts_with(start)));
        let keys: &mut Vec<String> = &mut parts[part.unwrap_or(PARTS.len() - 1)];
        if !keys.contains(&base) {
            keys.push(base);
        }
    }
    parts
}

/// A text, or its plural forms by their names.
fn text_of(texts: &Texts, key: &str) -> Value {
    texts.get(key).cloned().unwrap_or_else(|| {
        let forms = FORMS.iter().filter_map(|form| {
            Some((
                form[1..].to_owned(),
                texts.get(&format!("{key}{form}"))?.clone(),
            ))
        });
        Value::Object(forms.collect())
    })
}

/// Vendors as JSON and as one function each, and the schema of a site's config.
fn catalogue(pkg: &Path) -> Result<()> {
    let folder = pkg.join("vendors");
    fs::create_dir_all(&folder)?;
    for (id, json) in tools::vendors_json() {
        fs::write(folder.join(format!("{id}.json")), json)?;
    }
    let (module, types) = tools::vendors_module();
    fs::write(folder.join("index.js"), module)?;
    fs::write(folder.join("index.d.ts"), types)?;
    fs::write(pkg.join("schema.json"), tools::schema())?;
    Ok(())
}

/// Type declarations, by the TypeScript compiler.
fn declarations(pkg: &Path) -> Result<()> {
    let out = root().join("target/types");
    run(Command::new(root().join("node_modules/.bin/tsc"))
        .current_dir(root())
        .args([
            "--noEmit",
            "false",
            "--declaration",
            "--emitDeclarationOnly",
        ])
        .args([
            "--allowImportingTsExtensions",
            "--rewriteRelativeImportExtensions",
        ])
        .args(["--outDir"])
        .arg(&out))?;
    // The public types are one file; `start` is all that the entry adds.
    let types = fs::read_to_string(out.join("types.d.ts"))?;
    fs::write(pkg.join("types.d.ts"), types)?;
    for (from, to) in [
        ("index.d.ts", "index.d.ts"),
        ("index.d.ts", "js.d.ts"),
        ("server.d.ts", "server.d.ts"),
    ] {
        let text = fs::read_to_string(out.join(from))?.replace("./types.ts", "./types.js");
        fs::write(pkg.join(to), text)?;
    }
    Ok(())
}

fn manifest() -> Value {
    json!({
        "name": "portcullis",
        "version": env!("CARGO_PKG_VERSION"),
        "description": "Cookie consent that truly gates: third-party tags run when the visitor has allowed them, and not before",
        "keywords": ["cookie", "consent", "gdpr", "ccpa", "cmp", "privacy", "banner", "webassembly"],
        "license": "MIT OR Apache-2.0",
        "type": "module",
        "sideEffects": false,
        "files": ["*.js", "*.d.ts", "schema.json", "classic", "locales", "vendors", "LICENSE-*"],
        "engines": { "node": ">=20" },
        "bin": { "portcullis": "cli.js" },
        "exports": {
            ".": {
                "types": "./index.d.ts",
                "browser": "./index.js",
                "node": "./server.js",
                "worker": "./server.js",
                "default": "./index.js",
            },
            "./js": { "types": "./js.d.ts", "default": "./js.js" },
            "./vendors": { "types": "./vendors/index.d.ts", "default": "./vendors/index.js" },
            "./vendors/*.json": "./vendors/*.json",
            "./schema.json": "./schema.json",
            "./portcullis.js": "./portcullis.js",
            "./package.json": "./package.json",
        },
    })
}
