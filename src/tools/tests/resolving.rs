//! What comes out of a site's file, with and without problems in it.

use serde_json::{Value, json};

use super::super::{Catalogue, resolve, schema, validate_resolved, vendors_json, vendors_module};

#[test]
fn a_use_becomes_the_descriptor_with_values_and_overrides() {
    let resolved = resolve(
        r#"{"$schema": "./schema.json", "revision": 3, "vendors": [
            {"use": "x-ads", "pixelId": "o1abc", "since": 3, "category": "social", "starts": "demand", "sale": true}]}"#,
    );
    assert_eq!(resolved.issues, []);
    assert!(resolved.config.get("$schema").is_none());
    let vendor = &resolved.config["vendors"][0];
    assert_eq!(vendor["id"], "x-ads");
    assert_eq!(vendor["values"], json!({ "pixelId": "o1abc" }));
    assert_eq!(
        vendor["parameters"],
        json!({ "pixelId": "^[a-z0-9]{4,10}$" })
    );
    assert_eq!(vendor["since"], 3);
    assert_eq!(vendor["category"], "social");
    assert_eq!(vendor["starts"], "demand");
    assert_eq!(vendor["sale"], true);
    for key in ["use", "facts", "pixelId"] {
        assert!(vendor.get(key).is_none(), "{key}");
    }
}

#[test]
fn defaults_of_parameters_stand_unless_a_site_says_otherwise() {
    let resolved = resolve(
        r#"{"vendors": [{"use": "facebook-login", "appId": "1234567890", "locale": "de_DE"}]}"#,
    );
    assert_eq!(resolved.issues, []);
    let expected = json!({ "version": "v21.0", "locale": "de_DE", "appId": "1234567890" });
    assert_eq!(resolved.config["vendors"][0]["values"], expected);
}

#[test]
fn a_bad_vendor_stays_held_and_the_others_work() {
    let resolved = resolve(
        r#"{"vendors": [
            {"use": "google-analitics"},
            {"use": "meta-pixel", "pixelId": "x", "since": 1},
            {"use": "google-tag-manager", "containerId": "GTM-ABC123"},
            {"id": "a", "name": "A", "category": "nowhere", "hosts": ["a.example", "https://b.example"], "script": "https://c.example/x.js?y"},
            {"use": "x-ads", "pixelId": "o1abc"}]}"#,
    );
    let vendors = resolved.config["vendors"].as_array().expect("a list");
    let ids: Vec<_> = vendors.iter().map(|vendor| &vendor["id"]).collect();
    assert_eq!(ids, ["meta-pixel", "google-tag-manager", "a", "x-ads"]);
    for bad in &vendors[..3] {
        for key in ["script", "start", "stub", "loaded", "values", "parameters"] {
            assert!(bad.get(key).is_none(), "{bad}: {key}");
        }
    }
    assert_eq!(vendors[0]["since"], 1, "what narrows a grant is kept");
    assert_eq!(vendors[2]["hosts"], json!(["a.example", "c.example/x.js"]));
    assert_eq!(vendors[2]["category"], "nowhere", "never granted");
    assert!(vendors[3]["script"].is_string());
}

#[test]
fn ids_are_unique_whatever_the_file_says() {
    let resolved = resolve(
        r#"{"vendors": [{"use": "x-ads", "pixelId": "o1abc"}, {"use": "x-ads", "pixelId": "o2abc"},
            {"name": "B", "category": "social", "hosts": ["b.example"]}, {"name": "C", "category": "social", "hosts": ["c.example"]}]}"#,
    );
    let vendors = resolved.config["vendors"].as_array().expect("a list");
    let ids: Vec<_> = vendors.iter().map(|vendor| &vendor["id"]).collect();
    assert_eq!(ids, ["x-ads", "x-ads-2", "vendor", "vendor-2"]);
}

#[test]
fn what_cannot_be_read_opens_nothing() {
    let resolved = resolve(
        r#"{"unclassified": "hld", "markup": 1, "regime": "opt-uot", "revision": "2",
            "categories": {"targeting": {"alwaysActive": true}, "social": {"alwaysActive": ""}}}"#,
    );
    let expected = json!({
        "unclassified": "hold", "markup": "off", "categories": { "targeting": {}, "social": {} },
    });
    let mut config = resolved.config;
    config.sort_all_objects();
    let mut expected: Value = expected;
    expected.sort_all_objects();
    assert_eq!(config, expected);
    assert_eq!(resolve("{").config, Value::Null);
}

/// A config that uses every vendor with its example values.
fn everything() -> String {
    let catalogue = Catalogue::new();
    let vendors = catalogue.iter().map(|found| {
        let mut entry = json!({ "use": found.id });
        for (name, about) in &found.parameters {
            entry[name] = about.example.clone().into();
        }
        if found.facts.container {
            entry["carries"] = json!(["performance", "targeting"]);
        }
        entry
    });
    json!({ "unclassified": "hold", "vendors": vendors.collect::<Vec<_>>() }).to_string()
}

#[test]
fn what_resolve_gives_is_valid_for_a_page_and_resolves_to_itself() {
    let resolved = resolve(&everything());
    assert_eq!(resolved.issues, []);
    let text = resolved.config.to_string();
    assert_eq!(validate_resolved(&text), []);
    let again = resolve(&text);
    assert_eq!(again.issues, []);
    assert_eq!(again.config, resolved.config);
}

#[test]
fn the_schema_knows_every_vendor_and_is_json() {
    let schema: Value = serde_json::from_str(&schema()).expect("JSON");
    let vendor = &schema["$defs"]["vendor"];
    let ids = vendor["properties"]["use"]["enum"].as_array().expect("ids");
    assert_eq!(ids.len(), Catalogue::new().iter().count());
    let google = vendor["allOf"].as_array().expect("rules").iter();
    let google = google
        .map(|rule| &rule["then"])
        .find(|then| then["properties"]["use"]["const"] == "google-analytics");
    let google = google.expect("a rule");
    assert_eq!(
        google["properties"]["measurementId"]["pattern"],
        "^G-[A-Z0-9]{4,12}$"
    );
    assert_eq!(google["required"], json!(["use", "measurementId"]));
    // Every reference leads somewhere.
    let text = schema.to_string();
    for reference in text.split(r##""$ref":"#"##).skip(1) {
        let path = reference.split('"').next().unwrap_or_default();
        assert!(schema.pointer(path).is_some(), "{path}");
    }
}

#[test]
fn the_package_gets_a_file_and_a_function_for_each_vendor() {
    let (module, types) = vendors_module();
    for (id, json) in vendors_json() {
        let page: Value = serde_json::from_str(&json).expect("JSON");
        assert_eq!(page["id"], id.as_str());
        assert!(page.get("facts").is_none());
    }
    for name in [
        "googleAnalytics",
        "googleTagManager",
        "xAds",
        "facebookLogin",
    ] {
        assert!(
            module.contains(&format!("export const {name} = (given) => make({{")),
            "{name}"
        );
        assert!(
            types.contains(&format!(
                "export declare const {name}: (given: Overrides & {{"
            )),
            "{name}"
        );
    }
    assert!(types.contains("readonly carries: readonly string[];"));
    assert!(types.contains("readonly locale?: string;"));
}

/// Paths of all values below a value, as JSON pointers.
fn pointers(value: &Value, at: &str, found: &mut Vec<String>) {
    let members: Vec<(String, &Value)> = match value {
        Value::Object(object) => object
            .iter()
            .map(|(key, member)| (key.clone(), member))
            .collect(),
        Value::Array(list) => list
            .iter()
            .enumerate()
            .map(|(n, member)| (n.to_string(), member))
            .collect(),
        _ => Vec::new(),
    };
    for (key, member) in members {
        let path = format!("{at}/{}", key.replace('~', "~0").replace('/', "~1"));
        found.push(path.clone());
        pointers(member, &path, found);
    }
}

#[test]
fn whatever_is_broken_a_page_gets_what_it_can_use() {
    let full = resolve(
        r#"{"revision": 2, "regime": "opt-in", "unclassified": "hold", "markup": "nonce", "validDays": 90,
            "site": {"name": "A", "hosts": ["a.example"], "privacyPolicy": "/p"},
            "categories": {"necessary": {"alwaysActive": "why", "sale": false}},
            "interface": {"banner": "top", "texts": {"en": {"a": "b"}}},
            "vendors": [
                {"use": "google-tag-manager", "containerId": "GTM-ABC123", "carries": ["targeting"]},
                {"use": "meta-pixel", "pixelId": "1234567890", "needs": ["google-tag-manager"], "since": 2}]}"#,
    );
    assert_eq!(full.issues, []);
    let mut paths = Vec::new();
    pointers(&full.config, "", &mut paths);
    let wrong = [
        Value::Null,
        true.into(),
        (-1).into(),
        1.5.into(),
        "".into(),
        "a b".into(),
        "__proto__".into(),
        json!([]),
        json!({}),
        json!([1]),
        json!({ "a": 1 }),
    ];
    for path in &paths {
        for value in &wrong {
            let mut config = full.config.clone();
            *config.pointer_mut(path).expect(path) = value.clone();
            let config = resolve(&config.to_string()).config;
            let case = format!("{path} = {value}");
            assert!(
                config["categories"]["necessary"]["alwaysActive"].as_str() != Some(""),
                "{case}"
            );
            let mut ids = Vec::new();
            for vendor in config["vendors"].as_array().into_iter().flatten() {
                ids.push(vendor["id"].as_str().expect(&case));
                assert!(
                    vendor["name"].is_string() && vendor["category"].is_string(),
                    "{case}"
                );
                let hosts = vendor["hosts"].as_array().expect(&case);
                assert!(
                    !hosts.is_empty() && hosts.iter().all(Value::is_string),
                    "{case}"
                );
            }
            ids.sort_unstable();
            let count = ids.len();
            ids.dedup();
            assert_eq!(ids.len(), count, "{case}");
        }
    }
}
