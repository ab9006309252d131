//! What must be true of a vendor beyond the shape of its data: ids, values and categories that exist.

use serde_json::{Map, Value};

use super::catalogue::{Descriptor, Parameter};
use super::check::{Checker, Fault, join, kind, nearest};
use super::resolve::Door;
use super::shape::missing;

/// What a vendor's rules need to know of its config.
pub(super) struct Site {
    pub door: Door,
    pub opt_in: bool,
    pub revision: u64,
    /// Built in, and the site's own.
    pub categories: Vec<String>,
    /// Ids of all vendors.
    pub ids: Vec<String>,
}

impl Checker {
    /// The value of a parameter, if it has the right form.
    pub fn parameter(&mut self, path: &str, value: Value, about: &Parameter) -> Option<String> {
        let fits = |text: &String| matches(&about.pattern, text);
        let text = match value {
            Value::String(text) => text,
            other => {
                let meant = Some(other.to_string()).filter(fits);
                let problem = format!(
                    "must be a text, not {}: {}",
                    kind(&other),
                    about.description
                );
                let meant = meant.map(|text| format!("\"{text}\""));
                let nearest = meant.or_else(|| Some(about.example.clone()));
                self.error(path, Fault::near(problem, nearest));
                return None;
            }
        };
        if fits(&text) {
            return Some(text);
        }
        let trimmed = text.trim();
        let meant = [
            trimmed.to_owned(),
            trimmed.to_uppercase(),
            trimmed.to_lowercase(),
        ];
        let nearest = meant.into_iter().find(fits).or(Some(about.example.clone()));
        let problem = format!(
            "\"{text}\" has not the form of this value: {}",
            about.description
        );
        self.error(path, Fault::near(problem, nearest));
        None
    }

    /// The values of a vendor that is written out, against its own patterns.
    pub fn values(&mut self, path: &str, vendor: &Map<String, Value>) {
        let empty = Map::new();
        let of = |key: &str| vendor.get(key).and_then(Value::as_object).unwrap_or(&empty);
        for (name, pattern) in of("parameters") {
            let path = format!("{path}.values.{name}");
            let pattern = pattern.as_str().unwrap_or_default();
            match of("values").get(name).and_then(Value::as_str) {
                Some(value) if !matches(pattern, value) => {
                    let problem = format!("\"{value}\" has not the form {pattern}");
                    self.error(path, Fault::new(problem));
                }
                Some(_) => {}
                None => self.error(path, missing("the parameter's value")),
            }
        }
    }

    /// Everything that a vendor names must exist.
    pub fn rules(
        &mut self,
        path: &str,
        vendor: &Map<String, Value>,
        found: Option<&Descriptor>,
        site: &Site,
    ) {
        let before = self.errors();
        let categories = || site.categories.iter().map(String::as_str);
        let no_category = |id: &str| {
            Fault::near(
                format!("there is no category \"{id}\""),
                nearest(id, categories()),
            )
        };
        let category = vendor.get("category").and_then(Value::as_str);
        if let Some(id) = category.filter(|id| !categories().any(|known| known == *id)) {
            self.error(join(path, "category"), no_category(id));
        }
        for (at, id) in texts(vendor, "carries").enumerate() {
            if !categories().any(|known| known == id) {
                self.error(format!("{path}.carries[{at}]"), no_category(id));
            }
        }
        let is_container = found.is_some_and(|found| found.facts.container);
        if is_container && texts(vendor, "carries").next().is_none() {
            let Fault { problem, .. } =
                missing("the categories of the tags that the container brings");
            let example = Some("[\"performance\", \"targeting\"]".into());
            self.error(join(path, "carries"), Fault::near(problem, example));
        }
        let own = vendor.get("id").and_then(Value::as_str).unwrap_or_default();
        for (at, id) in texts(vendor, "needs").enumerate() {
            if !site.ids.iter().any(|known| known == id) {
                let others = site.ids.iter().map(String::as_str);
                let meant = nearest(id, others.filter(|other| *other != own));
                let fault = Fault::near(format!("the config has no vendor \"{id}\""), meant);
                self.error(format!("{path}.needs[{at}]"), fault);
            }
        }
        let hosts = vendor.get("hosts").and_then(Value::as_array);
        if hosts.is_some_and(Vec::is_empty) {
            let problem = "is empty: nothing of this vendor could be held";
            self.error(join(path, "hosts"), Fault::new(problem));
        }
        let since = vendor.get("since").and_then(Value::as_u64).unwrap_or(0);
        if since > site.revision {
            let fault = Fault::near(
                format!(
                    "{since} is later than the config's revision {}: no choice would ever cover it",
                    site.revision
                ),
                Some(site.revision.to_string()),
            );
            self.error(join(path, "since"), fault);
        }
        if self.errors() == before {
            self.doubts(path, vendor, found, site);
        }
    }

    /// What works, but probably not as meant.
    fn doubts(
        &mut self,
        path: &str,
        vendor: &Map<String, Value>,
        found: Option<&Descriptor>,
        site: &Site,
    ) {
        let values = vendor.get("values").and_then(Value::as_object);
        let mut unknown = Vec::new();
        for (key, part) in vendor {
            if !["values", "parameters"].contains(&key.as_str()) {
                placeholders(part, &mut |name| {
                    let known = values.is_some_and(|values| values.contains_key(name))
                        || vendor
                            .get("parameters")
                            .is_some_and(|parameters| parameters.get(name).is_some());
                    if !known {
                        unknown.push((key.clone(), name.to_owned()));
                    }
                });
            }
        }
        unknown.dedup();
        for (key, name) in unknown {
            let known = values.into_iter().flat_map(Map::keys).map(String::as_str);
            let meant = nearest(&name, known).map(|name| format!("{{{name}}}"));
            let problem = format!("{{{name}}} stands for no parameter of this vendor");
            self.warning(join(path, &key), Fault::near(problem, meant));
        }
        let is_unasked = site.opt_in && vendor.get("category").is_some_and(|id| id == "necessary");
        if is_unasked && !vendor.contains_key("reason") {
            self.warning(
                join(path, "reason"),
                missing("why it is strictly necessary, in words that visitors can read"),
            );
        }
        let Some(found) = found.filter(|_| site.door == Door::File) else {
            return;
        };
        let hosts: Vec<_> = texts(vendor, "hosts").collect();
        let dropped = texts(&found.page, "hosts").find(|host| !hosts.contains(host));
        if let Some(dropped) = dropped {
            let problem = format!(
                "replaces the catalogue's hosts: {dropped}, for one, is no longer held as this vendor's"
            );
            self.warning(join(path, "hosts"), Fault::new(problem));
        }
        if is_unasked {
            let usual = found.page.get("category").and_then(Value::as_str);
            let problem = "runs without being asked in this category: an opt-in regime permits that only for what the visitor has asked for";
            self.warning(
                join(path, "category"),
                Fault::near(problem, usual.map(String::from)),
            );
        }
    }

    /// No vendor waits for itself. `needs`: each vendor's path, id and the ids that it needs.
    pub fn no_circles(&mut self, needs: &[(String, String, Vec<String>)]) {
        for (path, id, first) in needs {
            let mut seen: Vec<&str> = Vec::new();
            let mut next: Vec<&str> = first.iter().map(String::as_str).collect();
            while let Some(needed) = next.pop() {
                if seen.contains(&needed) {
                    continue;
                }
                seen.push(needed);
                let of = needs.iter().find(|(_, id, _)| id == needed);
                next.extend(of.into_iter().flat_map(|(.., ids)| ids).map(String::as_str));
            }
            if seen.contains(&id.as_str()) {
                let problem = format!("\"{id}\" waits for itself and would never start");
                self.error(join(path, "needs"), Fault::new(problem));
            }
        }
    }
}

fn texts<'v>(object: &'v Map<String, Value>, key: &str) -> impl Iterator<Item = &'v str> {
    let members = object.get(key).and_then(Value::as_array);
    members.into_iter().flatten().filter_map(Value::as_str)
}

fn matches(pattern: &str, value: &str) -> bool {
    regex_lite::Regex::new(pattern).is_ok_and(|pattern| pattern.is_match(value))
}

/// Every `{name}` in the texts of a value.
fn placeholders(value: &Value, found: &mut impl FnMut(&str)) {
    match value {
        Value::String(text) => {
            for part in text.split('{').skip(1) {
                let name = part.split_once('}').map_or("", |(name, _)| name);
                if !name.is_empty()
                    && name
                        .bytes()
                        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
                {
                    found(name);
                }
            }
        }
        Value::Array(members) => members
            .iter()
            .for_each(|member| placeholders(member, found)),
        Value::Object(object) => object
            .values()
            .for_each(|member| placeholders(member, found)),
        _ => {}
    }
}
