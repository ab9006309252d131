//! The catalogue: the files of `vendors/`, read once.

use serde::Deserialize;
use serde_json::{Map, Value};

/// Files of the catalogue, by id.
const FILES: [(&str, &str); 9] = [
    (
        "facebook-login",
        include_str!("../../vendors/facebook-login.json"),
    ),
    ("google-ads", include_str!("../../vendors/google-ads.json")),
    (
        "google-analytics",
        include_str!("../../vendors/google-analytics.json"),
    ),
    (
        "google-floodlight",
        include_str!("../../vendors/google-floodlight.json"),
    ),
    (
        "google-tag-manager",
        include_str!("../../vendors/google-tag-manager.json"),
    ),
    (
        "linkedin-insight",
        include_str!("../../vendors/linkedin-insight.json"),
    ),
    (
        "marketo-munchkin",
        include_str!("../../vendors/marketo-munchkin.json"),
    ),
    ("meta-pixel", include_str!("../../vendors/meta-pixel.json")),
    ("x-ads", include_str!("../../vendors/x-ads.json")),
];

/// What a site writes down to use a vendor: its account's id, for example.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameter {
    /// Regular expression that the value must match.
    pub pattern: String,
    /// Whether it may be left out.
    pub required: bool,
    /// What it is, and where a marketer finds it.
    pub description: String,
    /// A value of the right form.
    pub example: String,
}

/// One vendor of the catalogue.
#[derive(Clone, Debug)]
pub struct Descriptor {
    /// Its id, which is also its file's name.
    pub id: &'static str,
    /// In the file's order.
    pub parameters: Vec<(String, Parameter)>,
    /// What the page needs: the file without `facts`, its parameters reduced to their patterns.
    pub page: Map<String, Value>,
}

/// All vendors.
#[derive(Clone, Debug)]
pub struct Catalogue(Vec<Descriptor>);

impl Catalogue {
    /// Reads the files that are compiled in; a test sees to it that they can be read.
    ///
    /// # Panics
    /// If a file of the catalogue is not a descriptor.
    pub fn new() -> Self {
        let read = |(id, text): (&'static str, &str)| {
            Descriptor::read(id, text).unwrap_or_else(|error| panic!("vendors/{id}.json: {error}"))
        };
        Self(FILES.into_iter().map(read).collect())
    }

    /// A vendor by its id.
    pub fn get(&self, id: &str) -> Option<&Descriptor> {
        self.0.iter().find(|descriptor| descriptor.id == id)
    }

    /// All vendors, by id.
    pub fn iter(&self) -> impl Iterator<Item = &Descriptor> {
        self.0.iter()
    }
}

impl Default for Catalogue {
    fn default() -> Self {
        Self::new()
    }
}

impl Descriptor {
    fn read(id: &'static str, text: &str) -> Result<Self, serde_json::Error> {
        let mut page: Map<String, Value> = serde_json::from_str(text)?;
        page.remove("facts");
        let mut parameters = Vec::new();
        if let Some(Value::Object(given)) = page.remove("parameters") {
            for (name, value) in given {
                parameters.push((name, serde_json::from_value::<Parameter>(value)?));
            }
        }
        let patterns: Map<String, Value> = parameters
            .iter()
            .map(|(name, parameter)| (name.clone(), parameter.pattern.clone().into()))
            .collect();
        page.insert("parameters".into(), patterns.into());
        Ok(Self {
            id,
            parameters,
            page,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matching::Claim;

    #[test]
    fn every_file_is_a_descriptor_with_readable_hosts_and_matching_examples() {
        for descriptor in Catalogue::new().iter() {
            let id = descriptor.id;
            assert_eq!(descriptor.page["id"], id);
            for (name, parameter) in &descriptor.parameters {
                let pattern = regex_lite::Regex::new(&parameter.pattern).expect(id);
                assert!(pattern.is_match(&parameter.example), "{id}.{name}");
            }
            for host in descriptor.page["hosts"].as_array().expect(id) {
                let host = host.as_str().expect(id);
                assert!(Claim::read(host, 0).is_some(), "{id}: {host}");
            }
            let text = Value::Object(descriptor.page.clone()).to_string();
            for placeholder in regex_lite::Regex::new(r"\{([a-z]\w*)\}")
                .expect("valid")
                .captures_iter(&text)
            {
                let name = &placeholder[1];
                assert!(
                    descriptor.parameters.iter().any(|(of, _)| of == name),
                    "{id}: {name}"
                );
            }
            for key in ["name", "company", "country", "category", "links", "cookies"] {
                assert!(descriptor.page.contains_key(key), "{id}: no {key}");
            }
        }
    }
}
