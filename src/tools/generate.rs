//! What the package gets from the catalogue: descriptors for pages, a function for each vendor, and the
//! schema that editors complete a site's config from.

use std::fmt::Write;

use serde_json::{Value, json};

use super::catalogue::{Catalogue, Descriptor};

/// Each vendor's descriptor as a page takes it, by id.
pub fn vendors_json() -> Vec<(String, String)> {
    let page = |found: &Descriptor| {
        (
            found.id.into(),
            format!("{}\n", Value::Object(found.page.clone())),
        )
    };
    Catalogue::new().iter().map(page).collect()
}

/// `vendors/index.js` and its declarations: one named export a vendor, so that a bundle carries no
/// other vendor's data.
pub fn vendors_module() -> (String, String) {
    let mut module = String::from(
        "const make = (vendor, given) => {\n  const values = {}, rest = {};\n  for (const key of Object.keys(given))\n    (key in vendor.parameters ? values : rest)[key] = given[key];\n  return { ...vendor, ...rest, values };\n};\n",
    );
    let mut types = String::from(
        "import type { Vendor } from \"../types.js\";\n\n/** What a site may say otherwise about a vendor. */\nexport type Overrides = Partial<Omit<Vendor, \"id\" | \"values\" | \"parameters\">>;\n",
    );
    for found in Catalogue::new().iter() {
        let name = camel_case(found.id);
        let page = Value::Object(found.page.clone());
        let _ = writeln!(
            module,
            "export const {name} = (given) => make({page}, given);"
        );
        let _ = writeln!(
            types,
            "\n/** {} */",
            found.page["name"].as_str().unwrap_or_default()
        );
        let _ = writeln!(types, "export declare const {name}: (given: Overrides & {{");
        for (parameter, about) in &found.parameters {
            let optional = if about.required { "" } else { "?" };
            let _ = writeln!(
                types,
                "  /** {}, for example `{}`. */",
                about.description, about.example
            );
            let _ = writeln!(types, "  readonly {parameter}{optional}: string;");
        }
        let _ = writeln!(types, "}}) => Vendor;");
    }
    (module, types)
}

/// JSON Schema (2020-12) of a site's config.
pub fn schema() -> String {
    let text = || json!({ "type": "string" });
    let mut vendors: Vec<Value> = Vec::new();
    for found in Catalogue::new().iter() {
        let mut properties = json!({
            "use": { "const": found.id, "description": found.page["name"] },
            "category": text(),
            "hosts": { "type": "array", "items": text() },
            "since": { "type": "integer", "minimum": 0, "description": "Config revision that added it" },
            "carries": { "type": "array", "items": text() },
            "needs": { "type": "array", "items": text() },
            "starts": { "enum": ["grant", "demand"] },
            "sale": { "type": "boolean" },
        });
        let mut required = vec!["use"];
        for (name, about) in &found.parameters {
            properties[name] = json!({
                "type": "string", "pattern": about.pattern, "description": about.description, "examples": [about.example],
            });
            if about.required {
                required.push(name);
            }
        }
        vendors.push(json!({ "properties": properties, "required": required }));
    }
    vendors.push(json!({
        "properties": { "id": text(), "name": text(), "category": text(), "hosts": { "type": "array", "items": text() } },
        "required": ["id", "name", "category", "hosts"],
    }));
    let schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Portcullis config",
        "type": "object",
        "properties": {
            "$schema": text(),
            "site": { "type": "object", "properties": {
                "name": text(), "hosts": { "type": "array", "items": text() },
                "privacyPolicy": text(), "cookieNotice": text(), "exerciseRights": text(),
            }, "additionalProperties": false },
            "revision": { "type": "integer", "minimum": 1, "description": "Counts up when what visitors are asked changes" },
            "regime": { "enum": ["opt-in", "opt-out", "notice"] },
            "validDays": { "type": "integer", "minimum": 1 },
            "unclassified": { "enum": ["allow", "hold"], "description": "What happens to a third party that no vendor claims" },
            "markup": { "enum": ["page", "nonce", "off"] },
            "categories": { "type": "object", "additionalProperties": { "type": "object", "properties": {
                "alwaysActive": { "type": "string", "description": "The reason, which visitors can read" },
                "sale": { "type": "boolean" }, "texts": { "type": "object" },
            }, "additionalProperties": false } },
            "vendors": { "type": "array", "items": { "type": "object", "anyOf": vendors } },
            "interface": { "type": "object", "properties": {
                "banner": { "enum": ["bottom", "top", "corner", "dialog"] }, "language": text(),
                "wayBack": { "type": "boolean" }, "scheme": { "enum": ["auto", "light", "dark"] },
                "theme": { "type": "object", "additionalProperties": text() }, "texts": { "type": "object" },
            }, "additionalProperties": false },
        },
        "additionalProperties": false,
    });
    format!("{schema:#}\n")
}

fn camel_case(id: &str) -> String {
    let mut parts = id.split('-');
    let mut name: String = parts.next().unwrap_or_default().into();
    for part in parts {
        let mut letters = part.chars();
        name.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        name.push_str(letters.as_str());
    }
    name
}
