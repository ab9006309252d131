//! The catalogue: the files of `vendors/`, read once.
//!
//! Among the hosts of Google's entries a claim that ends in `/` is the vendor's own, and one without
//! is weaker: it holds the address where a site has none of the vendors that it belongs to.

use serde::Deserialize;
use serde_json::{Map, Value};

/// Names the files of the catalogue, which are compiled in.
macro_rules! files {
    ($($id:literal),* $(,)?) => {
        [$(($id, include_str!(concat!("../../vendors/", $id, ".json")))),*]
    };
}

/// Files of the catalogue, by id.
const FILES: [(&str, &str); 9] = files![
    "facebook-login",
    "google-ads",
    "google-analytics",
    "google-floodlight",
    "google-tag-manager",
    "linkedin-insight",
    "marketo-munchkin",
    "meta-pixel",
    "x-ads",
];

/// What a site writes down to use a vendor: its account's id, for example.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameter {
    /// Regular expression that the value must match.
    pub pattern: String,
    /// Whether it may not be left out.
    pub required: bool,
    /// What it is, and where a marketer finds it.
    pub description: String,
    /// A value of the right form.
    pub example: String,
    /// The value where the site gives none.
    pub default: Option<String>,
}

/// What the project knows about a vendor and no page needs.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Facts {
    /// When they were read, as an ISO 8601 date.
    pub date: String,
    /// Where they were read.
    pub sources: Vec<String>,
    /// It brings other vendors, so that a site must say which categories it carries.
    #[serde(default)]
    pub container: bool,
    /// Its numbers in the lists of the IAB and of Google.
    #[serde(default)]
    pub iab: Iab,
    /// What could not be confirmed, and how it was decided.
    pub uncertain: Vec<String>,
}

/// A vendor's numbers in public lists.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Iab {
    /// Global Vendor List of the Transparency and Consent Framework.
    pub gvl: Option<u16>,
    /// Google's list of ad technology providers.
    pub atp: Option<u16>,
}

/// One vendor of the catalogue.
#[derive(Clone, Debug)]
pub struct Descriptor {
    /// Its id, which is also its file's name.
    pub id: &'static str,
    /// In the file's order.
    pub parameters: Vec<(String, Parameter)>,
    /// What the page needs: the file without `facts`, its parameters reduced to their patterns, and
    /// their defaults as `values`.
    pub page: Map<String, Value>,
    /// What stays here.
    pub facts: Facts,
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
        let facts = serde_json::from_value(page.shift_remove("facts").unwrap_or_default())?;
        let mut parameters = Vec::new();
        if let Some(Value::Object(given)) = page.shift_remove("parameters") {
            for (name, value) in given {
                parameters.push((name, serde_json::from_value::<Parameter>(value)?));
            }
        }
        let patterns = parameters
            .iter()
            .map(|(name, parameter)| (name.clone(), Value::from(parameter.pattern.as_str())));
        page.insert("parameters".into(), patterns.collect());
        let defaults: Map<String, Value> = parameters
            .iter()
            .filter_map(|(name, parameter)| Some((name.clone(), parameter.default.clone()?.into())))
            .collect();
        if !defaults.is_empty() {
            page.insert("values".into(), defaults.into());
        }
        Ok(Self {
            id,
            parameters,
            page,
            facts,
        })
    }

    /// The name of its function in `portcullis/vendors`: `googleAnalytics`.
    pub fn export(&self) -> String {
        let mut parts = self.id.split('-');
        let mut name: String = parts.next().unwrap_or_default().into();
        for part in parts {
            let mut letters = part.chars();
            name.extend(letters.next().map(|first| first.to_ascii_uppercase()));
            name.push_str(letters.as_str());
        }
        name
    }
}
