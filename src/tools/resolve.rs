//! From a site's file to what its pages take.

use serde_json::{Map, Value};

use super::catalogue::{Catalogue, Descriptor};
use super::check::{Checker, Issue, join, nearest};
use crate::matching::Claim;

const ROOT: [&str; 10] = [
    "$schema",
    "site",
    "revision",
    "regime",
    "validDays",
    "unclassified",
    "markup",
    "categories",
    "vendors",
    "interface",
];
const SITE: [&str; 5] = [
    "name",
    "hosts",
    "privacyPolicy",
    "cookieNotice",
    "exerciseRights",
];
const CATEGORY: [&str; 3] = ["alwaysActive", "sale", "texts"];
const INTERFACE: [&str; 6] = ["banner", "language", "wayBack", "scheme", "theme", "texts"];
/// What a site may say about any vendor of the catalogue, beside its parameters.
const OVERRIDES: [&str; 14] = [
    "use", "name", "category", "hosts", "script", "cookies", "storage", "carries", "needs",
    "starts", "since", "sale", "links", "resume",
];
/// What a vendor that is written out may hold: the keys of `Vendor` in `js/types.ts`.
const VENDOR: [&str; 22] = [
    "id",
    "name",
    "company",
    "country",
    "category",
    "hosts",
    "values",
    "parameters",
    "stub",
    "start",
    "script",
    "loaded",
    "off",
    "resume",
    "consentMode",
    "cookies",
    "storage",
    "carries",
    "needs",
    "starts",
    "since",
    "sale",
];
const BUILT_IN: [&str; 5] = [
    "necessary",
    "performance",
    "functional",
    "targeting",
    "social",
];

/// A config as pages take it, and its problems.
#[derive(Debug)]
pub struct Resolved {
    /// The config; vendors with errors keep their hosts, so that they stay held, and start nothing.
    pub config: Value,
    /// Every problem.
    pub issues: Vec<Issue>,
}

/// The problems of a site's file.
pub fn validate(json: &str) -> Vec<Issue> {
    resolve(json).issues
}

/// The problems of a config with its vendors written out, as a page was given it.
pub fn validate_resolved(json: &str) -> Vec<Issue> {
    let mut checker = Checker::default();
    if let Some(mut config) = parse(json, &mut checker) {
        checker.config(&mut config, None);
    }
    checker.issues
}

/// Resolves a site's file.
pub fn resolve(json: &str) -> Resolved {
    let mut checker = Checker::default();
    let catalogue = Catalogue::new();
    let config = parse(json, &mut checker).map_or_else(Value::default, |mut config| {
        config.shift_remove("$schema");
        checker.config(&mut config, Some(&catalogue));
        config.into()
    });
    Resolved {
        config,
        issues: checker.issues,
    }
}

fn parse(json: &str, checker: &mut Checker) -> Option<Map<String, Value>> {
    match serde_json::from_str(json.trim_start_matches('\u{feff}')) {
        Ok(Value::Object(config)) => Some(config),
        Ok(_) => {
            checker.error("", "the config must be a JSON object", None);
            None
        }
        Err(error) => {
            checker.error(
                format!("line {}, column {}", error.line(), error.column()),
                error.to_string(),
                None,
            );
            None
        }
    }
}

impl Checker {
    fn config(&mut self, config: &mut Map<String, Value>, catalogue: Option<&Catalogue>) {
        self.keys("", config, &ROOT);
        if let Some(site) = self.object("", config, "site") {
            self.keys("site", site, &SITE);
            for key in SITE.iter().filter(|&&key| key != "hosts") {
                self.text("site", site, key);
            }
            self.texts("site", site, "hosts");
        }
        self.one_of("", config, "regime", &["opt-in", "opt-out", "notice"]);
        self.one_of("", config, "unclassified", &["allow", "hold"]);
        self.one_of("", config, "markup", &["page", "nonce", "off"]);
        self.count("", config, "revision");
        self.count("", config, "validDays");
        if let Some(interface) = self.object("", config, "interface") {
            self.keys("interface", interface, &INTERFACE);
            self.one_of(
                "interface",
                interface,
                "banner",
                &["bottom", "top", "corner", "dialog"],
            );
            self.one_of("interface", interface, "scheme", &["auto", "light", "dark"]);
            self.text("interface", interface, "language");
        }
        let opt_in = config.get("regime").is_none_or(|regime| regime == "opt-in");
        let mut categories: Vec<String> = BUILT_IN.map(String::from).to_vec();
        if let Some(own) = self.object("", config, "categories") {
            for (id, category) in own {
                self.category(id, category, opt_in);
                categories.push(id.clone());
            }
        }
        let held = config
            .get("unclassified")
            .is_some_and(|value| value == "hold");
        let ids: Vec<String> = vendor_ids(config);
        match config.get_mut("vendors") {
            Some(Value::Array(vendors)) => {
                for (at, vendor) in vendors.iter_mut().enumerate() {
                    let path = format!("vendors[{at}]");
                    self.vendor(&path, vendor, catalogue, &categories, &ids);
                    if opt_in && !held && vendor.get("carries").is_some() {
                        self.warning(
                            "unclassified",
                            format!("{path} is a container, and what it brings from hosts that no vendor claims is let through: \"hold\" holds it"),
                        );
                    }
                }
                // What cannot be told apart from nothing is left out.
                vendors.retain(|vendor| vendor.get("hosts").is_some());
                let mut seen = Vec::new();
                for (at, vendor) in vendors.iter().enumerate() {
                    let Some(id) = vendor.get("id").and_then(Value::as_str) else {
                        continue;
                    };
                    if seen.contains(&id) {
                        self.error(
                            format!("vendors[{at}]"),
                            format!("a second vendor has the id \"{id}\""),
                            None,
                        );
                    }
                    seen.push(id);
                }
            }
            Some(_) => self.error("vendors", "must be a list", None),
            None => {}
        }
    }

    fn category(&mut self, id: &str, category: &Value, opt_in: bool) {
        let path = format!("categories.{id}");
        let Value::Object(category) = category else {
            return self.error(path, "must be an object", None);
        };
        self.keys(&path, category, &CATEGORY);
        let reason = category.get("alwaysActive");
        if reason.is_some_and(|reason| reason.as_str().is_none_or(|text| text.trim().is_empty())) {
            self.error(
                join(&path, "alwaysActive"),
                "needs the reason in words, which visitors can read",
                None,
            );
        } else if reason.is_some() && opt_in && ["targeting", "social"].contains(&id) {
            self.warning(
                join(&path, "alwaysActive"),
                "an opt-in regime does not permit this category without consent",
            );
        }
        if !BUILT_IN.contains(&id) && !category.contains_key("texts") {
            self.warning(
                join(&path, "texts"),
                "a category of the site's own needs a name and a description in each language",
            );
        }
    }

    fn vendor(
        &mut self,
        path: &str,
        vendor: &mut Value,
        catalogue: Option<&Catalogue>,
        categories: &[String],
        ids: &[String],
    ) {
        let Value::Object(given) = vendor else {
            return self.error(path, "must be an object", None);
        };
        if given.contains_key("use") {
            let Some(catalogue) = catalogue else {
                let name = given["use"].as_str().unwrap_or_default();
                let ids: Vec<_> = Catalogue::new().iter().map(|found| found.id).collect();
                return self.error(
                    join(path, "use"),
                    "is resolved by `npx portcullis build`; in code, import the vendor from \"portcullis/vendors\"",
                    nearest(name, ids.into_iter()),
                );
            };
            let Some(found) = self.used(path, given, catalogue) else {
                return;
            };
            *given = self.merge(path, given, found);
        } else {
            let known: Vec<_> = VENDOR.iter().copied().chain(["links"]).collect();
            self.keys(path, given, &known);
            for key in ["id", "name"] {
                if self.text(path, given, key).is_none() && !given.contains_key(key) {
                    self.error(join(path, key), "is missing", None);
                }
            }
            self.values(path, given);
        }
        self.vendor_fields(path, given, categories, ids);
        if self.failed(path) {
            // It cannot start; what it would load stays held.
            let kept = ["id", "name", "category", "hosts", "cookies", "storage"];
            given.retain(|key, _| kept.contains(&key.as_str()));
        }
    }

    fn used<'c>(
        &mut self,
        path: &str,
        given: &Map<String, Value>,
        catalogue: &'c Catalogue,
    ) -> Option<&'c Descriptor> {
        let name = self.text(path, given, "use")?;
        let found = catalogue.get(name);
        if found.is_none() {
            let nearest = nearest(name, catalogue.iter().map(|descriptor| descriptor.id));
            self.error(
                join(path, "use"),
                format!("the catalogue has no vendor \"{name}\""),
                nearest,
            );
        }
        found
    }

    /// The descriptor with the site's values and overrides.
    fn merge(
        &mut self,
        path: &str,
        given: &Map<String, Value>,
        found: &Descriptor,
    ) -> Map<String, Value> {
        let known: Vec<_> = found
            .parameters
            .iter()
            .map(|(name, _)| name.as_str())
            .chain(OVERRIDES)
            .collect();
        self.keys(path, given, &known);
        let mut merged = found.page.clone();
        let mut values = Map::new();
        for (name, parameter) in &found.parameters {
            match self.text(path, given, name) {
                Some(value) if matches(&parameter.pattern, value) => {
                    values.insert(name.clone(), value.into());
                }
                Some(value) => self.error(
                    join(path, name),
                    format!(
                        "\"{value}\" has not the form of this id ({})",
                        parameter.description
                    ),
                    Some(parameter.example.clone()),
                ),
                None if given.contains_key(name) || !parameter.required => {}
                None => self.error(
                    join(path, name),
                    format!("is missing: {}", parameter.description),
                    Some(parameter.example.clone()),
                ),
            }
        }
        merged.insert("values".into(), values.into());
        for key in OVERRIDES.iter().filter(|&&key| key != "use") {
            if let Some(value) = given.get(*key) {
                merged.insert((*key).into(), value.clone());
            }
        }
        merged
    }

    /// The values of a vendor that is written out, against its own patterns.
    fn values(&mut self, path: &str, given: &Map<String, Value>) {
        let empty = Map::new();
        let values = given
            .get("values")
            .and_then(Value::as_object)
            .unwrap_or(&empty);
        let patterns = given
            .get("parameters")
            .and_then(Value::as_object)
            .unwrap_or(&empty);
        for (name, pattern) in patterns {
            let path = format!("{path}.values.{name}");
            match (values.get(name).and_then(Value::as_str), pattern.as_str()) {
                (Some(value), Some(pattern)) if !matches(pattern, value) => {
                    self.error(
                        path,
                        format!("\"{value}\" has not the form of this id ({pattern})"),
                        None,
                    );
                }
                (None, _) => self.error(path, "is missing", None),
                _ => {}
            }
        }
    }

    fn vendor_fields(
        &mut self,
        path: &str,
        given: &Map<String, Value>,
        categories: &[String],
        ids: &[String],
    ) {
        let known = || categories.iter().map(String::as_str);
        match self.text(path, given, "category") {
            Some(category) if !categories.iter().any(|id| id == category) => self.error(
                join(path, "category"),
                format!("there is no category \"{category}\""),
                nearest(category, known()),
            ),
            None if !given.contains_key("category") => {
                self.error(join(path, "category"), "is missing", None)
            }
            _ => {}
        }
        if !given.contains_key("hosts") {
            self.error(
                join(path, "hosts"),
                "is missing: nothing of this vendor could be held",
                None,
            );
        }
        for (at, host) in self.texts(path, given, "hosts").into_iter().enumerate() {
            if host.contains("://")
                || host.contains(char::is_whitespace)
                || Claim::read(host, 0).is_none()
            {
                let nearest = host.split_once("://").map(|(_, rest)| rest.to_lowercase());
                self.error(
                    format!("{path}.hosts[{at}]"),
                    format!("\"{host}\" is no host, host/path or host/path?key=value"),
                    nearest,
                );
            }
        }
        let script = given.get("script");
        let address =
            script.and_then(|script| script.as_str().or_else(|| script.get("src")?.as_str()));
        match (script, address) {
            (Some(_), None) => self.error(
                join(path, "script"),
                "must be an address, or an object with \"src\"",
                None,
            ),
            (_, Some(address)) if !is_loader(address) => {
                self.error(
                    join(path, "script"),
                    "must be an https: address or a path of the site's own",
                    None,
                );
            }
            _ => {}
        }
        let carries = self.texts(path, given, "carries");
        for category in &carries {
            if !categories.iter().any(|id| id == category) {
                self.error(
                    join(path, "carries"),
                    format!("there is no category \"{category}\""),
                    nearest(category, known()),
                );
            }
        }
        if given.get("id").is_some_and(|id| id == "google-tag-manager") && carries.is_empty() {
            self.error(
                join(path, "carries"),
                "is missing: which categories' tags the container brings",
                Some("[\"performance\", \"targeting\"]".into()),
            );
        }
        for needed in self.texts(path, given, "needs") {
            if !ids.iter().any(|id| id == needed) {
                let nearest = nearest(needed, ids.iter().map(String::as_str));
                self.error(
                    join(path, "needs"),
                    format!("the config has no vendor \"{needed}\""),
                    nearest,
                );
            }
        }
        self.one_of(path, given, "starts", &["grant", "demand"]);
        self.count(path, given, "since");
    }
}

fn vendor_ids(config: &Map<String, Value>) -> Vec<String> {
    let vendors = config.get("vendors").and_then(Value::as_array);
    let id = |vendor: &Value| {
        Some(
            vendor
                .get("id")
                .or_else(|| vendor.get("use"))?
                .as_str()?
                .to_owned(),
        )
    };
    vendors.into_iter().flatten().filter_map(id).collect()
}

fn matches(pattern: &str, value: &str) -> bool {
    regex_lite::Regex::new(pattern).is_ok_and(|pattern| pattern.is_match(value))
}

/// https, a path of the site, or a development server on this machine.
fn is_loader(address: &str) -> bool {
    let local = |rest: &str| {
        let host = rest.split(['/', ':']).next().unwrap_or_default();
        host == "localhost" || host.ends_with(".localhost")
    };
    address.starts_with("https://")
        || address.starts_with('/') && !address.starts_with("//")
        || address.strip_prefix("http://").is_some_and(local)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tools::Severity;

    fn problems(json: &str) -> Vec<(String, Option<String>)> {
        let errors = validate(json)
            .into_iter()
            .filter(|issue| issue.severity == Severity::Error);
        errors.map(|issue| (issue.path, issue.nearest)).collect()
    }

    #[test]
    fn each_problem_has_its_path_and_the_nearest_right_answer() {
        for (json, path, nearest) in [
            (r#"{"vendros": []}"#, "vendros", Some("vendors")),
            (r#"{"regime": "optin"}"#, "regime", Some("opt-in")),
            (
                r#"{"vendors": [{"use": "google-analitics"}]}"#,
                "vendors[0].use",
                Some("google-analytics"),
            ),
            (
                r#"{"vendors": [{"use": "google-analytics"}]}"#,
                "vendors[0].measurementId",
                Some("G-ABC1234567"),
            ),
            (
                r#"{"vendors": [{"use": "google-analytics", "measurementId": "UA-1-1"}]}"#,
                "vendors[0].measurementId",
                Some("G-ABC1234567"),
            ),
            (
                r#"{"vendors": [{"use": "x-ads", "pixelId": "o1abc", "pixlId": "x"}]}"#,
                "vendors[0].pixlId",
                Some("pixelId"),
            ),
            (
                r#"{"vendors": [{"use": "x-ads", "pixelId": "o1abc", "category": "targetting"}]}"#,
                "vendors[0].category",
                Some("targeting"),
            ),
            (
                r#"{"vendors": [{"use": "google-tag-manager", "containerId": "GTM-ABC123"}]}"#,
                "vendors[0].carries",
                Some("[\"performance\", \"targeting\"]"),
            ),
            (
                r#"{"vendors": [{"id": "a", "name": "A", "category": "functional", "hosts": ["https://a.example/x"]}]}"#,
                "vendors[0].hosts[0]",
                Some("a.example/x"),
            ),
            (
                r#"{"vendors": [{"id": "a", "name": "A", "category": "functional", "hosts": ["a.example"], "script": "http://a.example/x.js"}]}"#,
                "vendors[0].script",
                None,
            ),
            (
                r#"{"categories": {"performance": {"alwaysActive": true}}}"#,
                "categories.performance.alwaysActive",
                None,
            ),
            ("{\n  \"vendors\": [,]\n}", "line 2, column 15", None),
        ] {
            assert_eq!(
                problems(json),
                [(path.into(), nearest.map(String::from))],
                "{json}"
            );
        }
    }

    #[test]
    fn all_problems_come_at_once_and_the_other_vendors_work() {
        let resolved = resolve(
            r#"{"vendros": 1, "vendors": [
                {"use": "google-analitics"},
                {"use": "meta-pixel", "pixelId": "x"},
                {"use": "x-ads", "pixelId": "o1abc", "since": 3}]}"#,
        );
        assert_eq!(resolved.issues.len(), 3, "{:?}", resolved.issues);
        let vendors = &resolved.config["vendors"];
        assert_eq!(vendors[0]["id"], "meta-pixel");
        assert_eq!(
            vendors[0]["script"],
            Value::Null,
            "an invalid vendor starts nothing"
        );
        assert!(vendors[0]["hosts"].is_array(), "but stays held");
        assert_eq!(vendors[1]["values"]["pixelId"], "o1abc");
        assert_eq!(vendors[1]["since"], 3);
        assert_eq!(vendors[1]["facts"], Value::Null);
    }

    #[test]
    fn what_resolve_gives_is_valid_for_a_page() {
        let json = r#"{"regime": "opt-in", "vendors": [{"use": "x-ads", "pixelId": "o1abc"}]}"#;
        let resolved = resolve(json);
        assert_eq!(resolved.issues, []);
        assert_eq!(validate_resolved(&resolved.config.to_string()), []);
    }

    #[test]
    fn a_vendor_by_use_at_run_time_is_told_where_to_come_from() {
        let issues =
            validate_resolved(r#"{"vendors": [{"use": "linkedin-insigt", "partnerId": "1"}]}"#);
        assert_eq!(issues.len(), 1);
        assert_eq!(issues[0].nearest.as_deref(), Some("linkedin-insight"));
    }
}
