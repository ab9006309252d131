//! `regimes/` as the one text that the crate carries: without what only people read, and without what
//! would come out the same as where nothing is known.

use std::collections::BTreeMap;
use std::path::Path;
use std::{env, fs};

fn main() {
    let rows = |file: &str| {
        println!("cargo::rerun-if-changed={file}");
        let text = fs::read_to_string(file).expect(file);
        let rows = text.lines().filter(|line| !line.starts_with('#'));
        rows.map(|line| line.split('\t').map(String::from).collect())
            .collect::<Vec<Vec<String>>>()
    };
    let zones: BTreeMap<_, _> = rows("regimes/time-zones.tsv")
        .into_iter()
        .map(|row| (row[0].clone(), row[1].clone()))
        .collect();
    let mut table = String::new();
    for row in rows("regimes/jurisdictions.tsv") {
        let [regions, model, _reject, days, link, _source] = &row[..] else {
            panic!("regimes/jurisdictions.tsv: {row:?} has not six fields");
        };
        if [model.as_str(), days, link] == ["opt-in", "180", "-"] {
            continue;
        }
        // A country's zones stand behind its code, so that what is found is a region, too.
        let zones: Vec<_> = regions
            .split(' ')
            .filter_map(|region| Some(format!("{region}:{}", zones.get(region)?)))
            .collect();
        let link = if link == "-" { "" } else { link };
        table += &format!("{regions}\t{model}\t{days}\t{link}\t{}\n", zones.join(" "));
    }
    let out = env::var("OUT_DIR").expect("cargo sets it");
    fs::write(Path::new(&out).join("regimes.tsv"), table.trim_end()).expect("the table");
}
