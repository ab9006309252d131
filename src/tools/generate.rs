//! What the package gets from the catalogue: descriptors for pages, and a function for each vendor.

use std::fmt::Write;

use serde_json::Value;

use super::catalogue::{Catalogue, Descriptor};

/// What the functions share: they tell parameters from overrides, and judge nothing.
const MAKE: &str = "\
const make = (vendor, given) => {
  const values = { ...vendor.values }, rest = {};
  for (const key of Object.keys(given))
    (Object.hasOwn(vendor.parameters, key) ? values : rest)[key] = given[key];
  return { ...vendor, ...rest, values };
};
";

const TYPES: &str = "\
import type { Vendor } from \"../types.js\";

/** What a site may say otherwise about a vendor. */
export type Overrides = Partial<Omit<Vendor, \"values\" | \"parameters\">>;
";

/// Each vendor's descriptor as a page takes it, by id.
pub fn vendors_json() -> Vec<(String, String)> {
    let page = |found: &Descriptor| (found.id.into(), format!("{}\n", page_of(found)));
    Catalogue::new().iter().map(page).collect()
}

/// `vendors/index.js` and its declarations: one named export a vendor. A descriptor stands inside its
/// function and nothing runs on import, so that a bundle carries no other vendor's data.
pub fn vendors_module() -> (String, String) {
    let (mut module, mut types) = (MAKE.to_owned(), TYPES.to_owned());
    for found in Catalogue::new().iter() {
        let name = found.export();
        let page = page_of(found);
        // Writing to a String does not fail.
        let _ = writeln!(
            module,
            "export const {name} = (given) => make({page}, given);"
        );
        let _ = write!(types, "\n{}", declaration(&name, found));
    }
    (module, types)
}

fn declaration(name: &str, found: &Descriptor) -> String {
    let title = found.page.get("name").and_then(Value::as_str);
    let mut text = format!("/** {}. */\n", title.unwrap_or_default());
    let _ = writeln!(text, "export declare const {name}: (given: Overrides & {{");
    for (parameter, about) in &found.parameters {
        let optional = if about.required { "" } else { "?" };
        let default = about.default.as_ref();
        let default = default.map_or(String::new(), |value| format!("; default `{value}`"));
        let _ = writeln!(
            text,
            "  /** {}, for example `{}`{default}. */\n  readonly {parameter}{optional}: string;",
            about.description, about.example
        );
    }
    if found.facts.container {
        text.push_str("  /** The categories of the tags that it brings. */\n");
        text.push_str("  readonly carries: readonly string[];\n");
    }
    text.push_str("}) => Vendor;\n");
    text
}

fn page_of(found: &Descriptor) -> Value {
    Value::Object(found.page.clone())
}
