//! The tools' shell: JSON texts in, JSON texts out, for the command line and for pages whose config has
//! problems.

use portcullis::tools;
use wasm_bindgen::prelude::wasm_bindgen;

/// The problems of a site's file: a JSON list.
#[wasm_bindgen]
pub fn validate(json: &str) -> String {
    text(&tools::validate(json))
}

/// The problems of a config with its vendors written out: a JSON list.
#[wasm_bindgen(js_name = validateResolved)]
pub fn validate_resolved(json: &str) -> String {
    text(&tools::validate_resolved(json))
}

/// `{ "config": …, "issues": […] }`.
#[wasm_bindgen]
pub fn resolve(json: &str) -> String {
    let resolved = tools::resolve(json);
    serde_json::json!({ "config": resolved.config, "issues": resolved.issues }).to_string()
}

/// A declaration as HTML; `input` as for `portcullis::view::declaration`.
#[wasm_bindgen(js_name = declarationHtml)]
pub fn declaration_html(input: &str) -> String {
    let tree = portcullis::view::declaration(&portcullis::view::Input::new(input.into()));
    tools::html(&String::from_utf8_lossy(&tree))
}

/// The table of the early phase, of a compiled config: a JSON object (`portcullis::consent::EarlyTable`).
#[wasm_bindgen(js_name = earlyTable)]
pub fn early_table(compiled: &str) -> String {
    let table = portcullis::consent::EarlyTable::new(compiled);
    serde_json::to_string(&table).unwrap_or_default()
}

/// JSON Schema of a site's file.
#[wasm_bindgen]
pub fn schema() -> String {
    tools::schema()
}

fn text(issues: &[tools::Issue]) -> String {
    serde_json::to_string(issues).unwrap_or_else(|_| "[]".into())
}
