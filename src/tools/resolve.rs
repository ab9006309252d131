//! From a site's file to what its pages take.

use serde_json::{Map, Value};

use crate::regimes::jurisdiction;

use super::catalogue::{Catalogue, Descriptor};
use super::check::{Checker, Fault, Issue, join, kind, nearest};
use super::forms::{WORD, loader_claim};
use super::shape::{Field, missing};
use super::shapes::{CATEGORIES, CONFIG, OWN, RENAMED, VENDOR};
use super::vendor::Site;

/// What is left of a vendor with errors: what it is held by, and what narrows its grant.
const HELD: [&str; 9] = [
    "id", "name", "category", "hosts", "cookies", "storage", "carries", "since", "sale",
];

/// A config as pages take it, and its problems.
#[derive(Debug)]
pub struct Resolved {
    /// The config without what is wrong in it; null if it could not be read at all. Vendors with
    /// errors keep their hosts, so that they stay held, and start nothing.
    pub config: Value,
    /// Every problem.
    pub issues: Vec<Issue>,
}

/// Where a config came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Door {
    /// A site's file: vendors are named by `use`, or written out.
    File,
    /// A page: vendors are written out.
    Page,
}

/// The problems of a site's file.
pub fn validate(json: &str) -> Vec<Issue> {
    resolve(json).issues
}

/// The problems of a config with its vendors written out, as a page was given it.
pub fn validate_resolved(json: &str) -> Vec<Issue> {
    through(Door::Page, json).issues
}

/// Resolves a site's file: every `use` becomes the catalogue's descriptor with the site's values and
/// overrides.
pub fn resolve(json: &str) -> Resolved {
    through(Door::File, json)
}

fn through(door: Door, json: &str) -> Resolved {
    let mut checker = Checker::default();
    let config = match parse(json) {
        Ok(mut config) => {
            checker.config(&mut config, door);
            config.into()
        }
        Err((path, fault)) => {
            checker.error(path, fault);
            Value::Null
        }
    };
    Resolved {
        config,
        issues: checker.issues,
    }
}

fn parse(json: &str) -> Result<Map<String, Value>, (String, Fault)> {
    match serde_json::from_str(json.trim_start_matches('\u{feff}')) {
        Ok(Value::Object(config)) => Ok(config),
        Ok(other) => {
            let problem = format!("the config must be an object, not {}", kind(&other));
            Err((String::new(), Fault::new(problem)))
        }
        Err(error) => {
            let place = format!("line {}, column {}", error.line(), error.column());
            let problem = error.to_string();
            let problem = problem.split(" at line ").next().unwrap_or_default();
            Err((place, Fault::new(format!("this is no JSON: {problem}"))))
        }
    }
}

impl Checker {
    fn config(&mut self, config: &mut Map<String, Value>, door: Door) {
        config.shift_remove("$schema");
        let strict = [("unclassified", "hold"), ("markup", "off")]
            .map(|(key, strictest)| (key, strictest, config.contains_key(key)));
        self.fields("", config, CONFIG, &["vendors"]);
        for (key, strictest, was_given) in strict {
            // Their defaults permit more: what cannot be read must not open anything.
            if was_given && !config.contains_key(key) {
                config.insert(key.into(), strictest.into());
            }
        }
        // What is worked out for each visitor is the strictest for some.
        let opt_in = config
            .get("regime")
            .is_none_or(|regime| regime == "opt-in" || regime == "auto");
        self.law(config, opt_in);
        self.theme(config);
        let mut categories: Vec<String> = CATEGORIES.map(String::from).to_vec();
        if let Some(Value::Object(given)) = config.get_mut("categories") {
            for (id, category) in given {
                self.category(id, category, opt_in);
                categories.push(id.clone());
            }
        }
        let vendors = match config.get_mut("vendors").map(Value::take) {
            Some(Value::Array(vendors)) => vendors,
            Some(other) => {
                let problem = format!("must be a list, not {}", kind(&other));
                self.error("vendors", Fault::new(problem));
                config.shift_remove("vendors");
                return;
            }
            None => return,
        };
        let site = Site {
            door,
            opt_in,
            categories,
            revision: config.get("revision").and_then(Value::as_u64).unwrap_or(1),
            ids: vendors
                .iter()
                .filter_map(name_of)
                .map(String::from)
                .collect(),
        };
        let vendors = self.vendors(vendors, &site);
        let permits = config
            .get("unclassified")
            .is_none_or(|value| value == "allow");
        let container = vendors
            .iter()
            .find(|vendor| vendor.get("carries").is_some());
        if let Some(container) = container.filter(|_| opt_in && permits && door == Door::File) {
            let name = container["name"].as_str().unwrap_or_default();
            self.warning(
                "unclassified",
                Fault::near(
                    format!("{name} is a container, and what it brings from hosts that no vendor claims is let through"),
                    Some("hold".into()),
                ),
            );
        }
        config.insert("vendors".into(), vendors.into());
    }

    /// What the site asks for against what the law of the place permits.
    fn law(&mut self, config: &Map<String, Value>, opt_in: bool) {
        let text = |key: &str| config.get(key).and_then(Value::as_str).unwrap_or_default();
        let (regime, region) = (text("regime"), text("region"));
        let found = jurisdiction(region.as_bytes(), b"");
        if !region.is_empty() && !opt_in && found.model() == "opt-in" {
            let problem = format!("visitors in {region} have to be asked first");
            self.warning("regime", Fault::near(problem, Some("opt-in".into())));
        }
        let days: u64 = found.days().parse().unwrap_or_default();
        let asked = config.get("validDays").and_then(Value::as_u64);
        if asked.is_some_and(|asked| asked > days) && (!region.is_empty() || opt_in) {
            let place = if region.is_empty() {
                "some regions".into()
            } else {
                region.to_owned()
            };
            let problem = format!("a choice holds for {days} days at most in {place}");
            self.warning("validDays", Fault::near(problem, Some(days.to_string())));
        }
        let interface = config.get("interface");
        let reject = interface.and_then(|interface| interface.get("reject"));
        if opt_in && regime != "auto" && reject == Some(&Value::Bool(false)) {
            self.warning(
                "interface.reject",
                Fault::new("has no effect: where visitors are asked first, refusing stands beside accepting"),
            );
        }
    }

    fn category(&mut self, id: &str, category: &mut Value, opt_in: bool) {
        let path = format!("categories.{id}");
        let Value::Object(category) = category else {
            return;
        };
        let reason = category.get("alwaysActive").and_then(Value::as_str);
        if let Some(reason) = reason {
            let path = join(&path, "alwaysActive");
            if reason.trim().is_empty() {
                self.warning(
                    path,
                    Fault::new(
                        "has no effect without a reason, in words that visitors can read, why it runs without being asked",
                    ),
                );
                category.shift_remove("alwaysActive");
            } else if opt_in && ["targeting", "social"].contains(&id) {
                self.warning(
                    path,
                    Fault::new("an opt-in regime permits this category only with consent"),
                );
            } else if opt_in && id != "necessary" {
                self.warning(
                    path,
                    Fault::new("few opt-in regimes permit this without consent, and under conditions: the reason has to name them"),
                );
            }
        }
        if !CATEGORIES.contains(&id) && !category.contains_key("texts") {
            self.warning(
                join(&path, "texts"),
                missing("visitors see the category's id where it has no name and description"),
            );
        }
    }

    fn vendors(&mut self, given: Vec<Value>, site: &Site) -> Vec<Value> {
        let catalogue = Catalogue::new();
        let mut ids: Vec<String> = Vec::new();
        let mut needs: Vec<(String, String, Vec<String>)> = Vec::new();
        let mut resolved = Vec::new();
        for (at, vendor) in given.into_iter().enumerate() {
            let path = format!("vendors[{at}]");
            let Value::Object(vendor) = vendor else {
                let problem = format!("must be an object, not {}", kind(&vendor));
                self.error(path, Fault::new(problem));
                continue;
            };
            let before = self.errors();
            let id_key = ["id", "use"]
                .into_iter()
                .find(|key| vendor.contains_key(*key));
            let (mut vendor, found) = self.written_out(&path, vendor, site.door, &catalogue);
            self.rules(&path, &vendor, found, site);
            let id = vendor.get("id").and_then(Value::as_str).unwrap_or_default();
            let mut own_id = if id.is_empty() { "vendor" } else { id }.to_owned();
            if ids.contains(&own_id) {
                let free = (2..).map(|number| format!("{own_id}-{number}"));
                let free = free
                    .into_iter()
                    .find(|id| !ids.contains(id))
                    .unwrap_or_default();
                if !id.is_empty() {
                    let fault = Fault::near(
                        format!(
                            "a second vendor has the id \"{own_id}\": give it one of its own by \"id\""
                        ),
                        Some(free.clone()),
                    );
                    self.error(join(&path, id_key.unwrap_or("id")), fault);
                }
                own_id = free;
            }
            if self.errors() > before {
                let Some(held) = held(vendor, &own_id) else {
                    continue;
                };
                vendor = held;
            }
            let of = |key: &str| vendor.get(key).and_then(Value::as_array);
            let needed = of("needs").into_iter().flatten().filter_map(Value::as_str);
            needs.push((path, own_id.clone(), needed.map(String::from).collect()));
            ids.push(own_id);
            resolved.push(vendor.into());
        }
        self.no_circles(&needs);
        resolved
    }

    /// A vendor with its descriptor's data, and the descriptor if it has one.
    fn written_out<'c>(
        &mut self,
        path: &str,
        mut given: Map<String, Value>,
        door: Door,
        catalogue: &'c Catalogue,
    ) -> (Map<String, Value>, Option<&'c Descriptor>) {
        let Some(name) = given.shift_remove("use") else {
            self.both(path, &mut given, OWN, &[]);
            self.values(path, &given);
            let id = given.get("id").and_then(Value::as_str);
            let found = id.and_then(|id| catalogue.get(id));
            return (given, found);
        };
        let path_of_use = join(path, "use");
        let found = name.as_str().and_then(|name| catalogue.get(name));
        let meant = name
            .as_str()
            .and_then(|name| nearest(name, catalogue.iter().map(|descriptor| descriptor.id)));
        match (door, found, &name) {
            (Door::Page, ..) => {
                let function = meant.as_deref().and_then(|id| catalogue.get(id));
                let import =
                    function.map_or("it".into(), |found| format!("{{ {} }}", found.export()));
                let problem = format!(
                    "is resolved by `npx portcullis build`: in code, import {import} from \"portcullis/vendors\" instead"
                );
                self.error(path_of_use, Fault::near(problem, meant));
            }
            (_, Some(found), _) => {
                let merged = self.merged(path, given, found);
                return (merged, Some(found));
            }
            (.., Value::String(name)) => {
                let known: Vec<_> = catalogue.iter().map(|descriptor| descriptor.id).collect();
                let problem = match meant {
                    Some(_) => format!("the catalogue has no vendor \"{name}\""),
                    None => format!(
                        "the catalogue has no vendor \"{name}\": write it out, or use one of {}",
                        known.join(", ")
                    ),
                };
                self.error(path_of_use, Fault::near(problem, meant));
            }
            (.., other) => {
                let problem = format!("must be a vendor's id, not {}", kind(other));
                self.error(path_of_use, Fault::new(problem));
            }
        }
        // Nobody knows what else it may hold; what it is held by is kept.
        given.retain(|key, _| HELD.contains(&key.as_str()));
        self.both(path, &mut given, RENAMED, &[]);
        if let Some(name) = name.as_str().filter(|name| (WORD.check)(name).is_ok()) {
            for key in ["id", "name"] {
                if !given.contains_key(key) {
                    given.insert(key.into(), name.into());
                }
            }
        }
        (given, None)
    }

    fn both(&mut self, path: &str, given: &mut Map<String, Value>, first: &[Field], also: &[&str]) {
        let keys = |fields: &[Field]| -> Vec<&'static str> {
            fields.iter().map(|field| field.key).collect()
        };
        // Unknown keys are looked for once, with the keys of both in mind.
        let first_also = [&keys(VENDOR), also].concat();
        self.fields(path, given, first, &first_also);
        let second_also = [&keys(first), also].concat();
        self.fields(path, given, VENDOR, &second_also);
    }

    /// The descriptor with the site's values and overrides.
    fn merged(
        &mut self,
        path: &str,
        mut given: Map<String, Value>,
        found: &Descriptor,
    ) -> Map<String, Value> {
        let names: Vec<_> = found
            .parameters
            .iter()
            .map(|(name, _)| name.as_str())
            .collect();
        self.both(path, &mut given, RENAMED, &names);
        let mut merged = found.page.clone();
        let mut values = match merged.shift_remove("values") {
            Some(Value::Object(defaults)) => defaults,
            _ => Map::new(),
        };
        for (name, parameter) in &found.parameters {
            match given.shift_remove(name) {
                Some(value) => {
                    if let Some(value) = self.parameter(&join(path, name), value, parameter) {
                        values.insert(name.clone(), value.into());
                    }
                }
                None if parameter.required => {
                    let Fault { problem, .. } = missing(&parameter.description);
                    let fault = Fault::near(problem, Some(parameter.example.clone()));
                    self.error(join(path, name), fault);
                }
                None => {}
            }
        }
        merged.insert("values".into(), values.into());
        merged.extend(given);
        merged
    }
}

/// What a vendor is called before it is resolved.
fn name_of(vendor: &Value) -> Option<&str> {
    vendor.get("id").or_else(|| vendor.get("use"))?.as_str()
}

/// A vendor with errors cannot start; what it would load stays held. Nothing is left of one that
/// nothing is known by.
fn held(mut vendor: Map<String, Value>, id: &str) -> Option<Map<String, Value>> {
    let script = vendor.shift_remove("script");
    let address = script
        .as_ref()
        .and_then(|script| script.as_str().or_else(|| script.get("src")?.as_str()));
    let claim = address.and_then(loader_claim);
    vendor.retain(|key, _| HELD.contains(&key.as_str()));
    let mut hosts = match vendor.shift_remove("hosts") {
        Some(Value::Array(hosts)) => hosts,
        _ => Vec::new(),
    };
    hosts.extend(claim.map(Value::from));
    if hosts.is_empty() {
        return None;
    }
    for (key, value) in [("name", id), ("category", "")] {
        if !vendor.contains_key(key) {
            vendor.insert(key.into(), value.into());
        }
    }
    vendor.insert("id".into(), id.into());
    vendor.insert("hosts".into(), hosts.into());
    Some(vendor)
}
