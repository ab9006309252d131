//! The JSON Schema of a site's file, for completion and hints in editors: made from the same shapes
//! that the checks use.

use serde_json::{Map, Value, json};

use super::catalogue::{Catalogue, Descriptor};
use super::forms::Form;
use super::shape::{Field, Shape};
use super::shapes::{CONFIG, OWN, RENAMED, VENDOR};

/// JSON Schema (2020-12) of a site's config.
pub fn schema() -> String {
    let catalogue = Catalogue::new();
    let ids: Vec<_> = catalogue.iter().map(|descriptor| descriptor.id).collect();
    let mut properties = Map::new();
    properties.insert("$schema".into(), json!({ "type": "string" }));
    properties.extend(properties_of(CONFIG));
    properties.insert(
        "vendors".into(),
        json!({
            "description": "The third parties that the site uses",
            "type": "array",
            "items": { "$ref": "#/$defs/vendor" },
        }),
    );
    let mut rules: Vec<Value> = catalogue.iter().map(rule).collect();
    rules.push(json!({
        "if": { "not": { "required": ["use"] } },
        "then": { "$ref": "#/$defs/own" },
    }));
    let mut shared = Map::new();
    for field in RENAMED.iter().chain(VENDOR) {
        shared.insert(field.key.into(), described(field));
    }
    let mut own = object(OWN);
    if let Some(Value::Object(properties)) = own.get_mut("properties") {
        properties.extend(VENDOR.iter().map(reference));
    }
    let schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Portcullis config",
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
        "$defs": {
            "vendor": {
                "type": "object",
                "properties": { "use": {
                    "description": "A vendor of the catalogue; left out for one that is written out here",
                    "enum": ids,
                } },
                "allOf": rules,
            },
            "own": own,
            "keys": { "properties": shared },
        },
    });
    format!("{schema:#}\n")
}

/// What an entry of the config that uses this vendor looks like.
fn rule(found: &Descriptor) -> Value {
    let mut properties = Map::new();
    let title = found.page.get("name").cloned().unwrap_or_default();
    properties.insert(
        "use".into(),
        json!({ "const": found.id, "description": title }),
    );
    let mut required = vec!["use"];
    for (name, about) in &found.parameters {
        let mut parameter = json!({
            "description": about.description,
            "type": "string",
            "pattern": about.pattern,
            "examples": [about.example],
        });
        if let Some(default) = &about.default {
            parameter["default"] = default.as_str().into();
        }
        if about.required {
            required.push(name);
        }
        properties.insert(name.clone(), parameter);
    }
    if found.facts.container {
        required.push("carries");
    }
    properties.extend(RENAMED.iter().chain(VENDOR).map(reference));
    json!({
        "if": { "properties": { "use": { "const": found.id } }, "required": ["use"] },
        "then": { "properties": properties, "required": required, "additionalProperties": false },
    })
}

/// A key that is described once for all vendors.
fn reference(field: &Field) -> (String, Value) {
    let path = format!("#/$defs/keys/properties/{}", field.key);
    (field.key.into(), json!({ "$ref": path }))
}

fn properties_of(fields: &[Field]) -> Map<String, Value> {
    fields
        .iter()
        .map(|field| (field.key.into(), described(field)))
        .collect()
}

fn described(field: &Field) -> Value {
    let mut schema = json!({ "description": sentence(field.about) });
    if let (Some(into), Value::Object(shape)) = (schema.as_object_mut(), of(&field.shape)) {
        into.extend(shape);
    }
    schema
}

fn object(fields: &[Field]) -> Value {
    let required: Vec<_> = fields
        .iter()
        .filter(|field| field.required)
        .map(|field| field.key)
        .collect();
    json!({
        "type": "object",
        "properties": properties_of(fields),
        "required": required,
        "additionalProperties": false,
    })
}

fn text(form: &Form) -> Value {
    match form.pattern {
        Some(pattern) => json!({ "type": "string", "pattern": pattern }),
        None => json!({ "type": "string" }),
    }
}

fn of(shape: &Shape) -> Value {
    match shape {
        Shape::Any => json!({}),
        Shape::Flag => json!({ "type": "boolean" }),
        Shape::Count(least) => json!({ "type": "integer", "minimum": least }),
        Shape::Text(form) => text(form),
        Shape::OneOf(known) => json!({ "enum": known }),
        Shape::List(member) => json!({ "type": "array", "items": of(member) }),
        Shape::Map(keys, member) => {
            let mut schema = json!({ "type": "object", "additionalProperties": of(member) });
            if let Some(pattern) = keys.pattern {
                schema["propertyNames"] = json!({ "pattern": pattern });
            }
            schema
        }
        Shape::Object(fields) => object(fields),
        Shape::Step(steps) => {
            let variants = steps.iter().map(|(name, fields)| {
                let mut variant = object(fields);
                variant["properties"]["do"] = json!({ "const": name });
                if let Some(required) = variant["required"].as_array_mut() {
                    required.insert(0, "do".into());
                }
                variant
            });
            json!({ "oneOf": variants.collect::<Vec<_>>() })
        }
        Shape::TextOr(form, other) => json!({ "anyOf": [text(form), of(other)] }),
        Shape::NullOr(other) => json!({ "anyOf": [{ "type": "null" }, of(other)] }),
    }
}

fn sentence(about: &str) -> String {
    let mut letters = about.chars();
    let first = letters
        .next()
        .map(|letter| letter.to_uppercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}
