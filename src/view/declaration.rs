//! The declaration: every cookie by category and vendor, as the config has them, with the present choices.

use super::input::{Input, Row};
use super::tree::Tree;

/// Draws the declaration. Records `c` as for the preference centre; `v`: `id`, `category`, `on`, `name`, `who`, `privacy`,
/// each followed by its cookies, records `k`: `name`, `purpose`, `party`, `lifetime`, in words. Facts:
/// `choices` is `1` where the visitor's own are known and can be changed here; `browsers`, `industry`: addresses.
pub fn declaration(input: &Input) -> Vec<u8> {
    let mut tree = Tree::new(input);
    let has_choices = input.is("choices", "1");
    tree.draw("<div;@class=declaration;@part=declaration");
    for (_, category) in input.rows() {
        if category.is(0, b"c") {
            tree.row = category;
            tree.draw(r#"<section;@aria-labelledby=n-$1;<h2;@id=n-$1;"$4;>;<p;"$5;>"#);
            if !category.is(2, b"") {
                tree.draw(r#"<p;<strong;"$preferences.always;>"#);
                if !category.is(2, b"1") {
                    tree.draw(r#"" ;"$2"#);
                }
                tree.draw(">");
            }
            table(&mut tree, input, category, has_choices);
            tree.draw(">");
        }
    }
    tree.draw("<p;@class=links");
    if has_choices {
        tree.draw(
            r#"<button;@type=button;@part=button;@class=btn;@data-action=settings;"$settings;>"#,
        );
    }
    tree.link("browsers", r#""$declaration.browsers"#);
    tree.draw(r#"" "#);
    tree.link("industry", r#""$declaration.industry"#);
    tree.draw(">;>");
    tree.finish()
}

fn table<'i>(tree: &mut Tree<'i>, input: &'i Input, category: Row<'i>, has_choices: bool) {
    tree.draw("<table;@aria-labelledby=n-$1;<thead;<tr");
    tree.draw(r#"<th;@scope=col;"$vendors.vendor;>;<th;@scope=col;"$declaration.cookie;>"#);
    tree.draw(r#"<th;@scope=col;"$declaration.purpose;>;<th;@scope=col;"$declaration.party;>"#);
    tree.draw(r#"<th;@scope=col;"$declaration.lifetime;>;>;>;<tbody"#);
    let mut vendor = Row::default();
    // A vendor is named beside its first cookie, and beside nothing if it has none.
    let mut is_named = true;
    for (_, row) in input.rows() {
        let is_cookie = row.is(0, b"k");
        if !is_cookie && !is_named {
            name(tree, vendor, has_choices);
            tree.draw(r#"<td;"–;>;>"#);
            is_named = true;
        }
        if row.is(0, b"v") {
            vendor = row;
            is_named = !row.is(2, category.get(1));
        } else if is_cookie && vendor.is(2, category.get(1)) {
            if is_named {
                tree.draw("<tr;<td;>");
            } else {
                name(tree, vendor, has_choices);
            }
            is_named = true;
            tree.row = row;
            tree.draw(r#"<td;<code;"$1;>;>;<td;"$2;>;<td;"$3;>;<td;"$4;>;>"#);
        }
    }
    if !is_named {
        name(tree, vendor, has_choices);
        tree.draw(r#"<td;"–;>;>"#);
    }
    tree.draw(">;>");
}

fn name<'i>(tree: &mut Tree<'i>, vendor: Row<'i>, has_choices: bool) {
    tree.row = vendor;
    tree.draw(r#"<tr;<th;@scope=row;"$4;<small;"$5"#);
    if has_choices {
        tree.draw(if vendor.is(3, b"1") {
            r#"" · ;"$declaration.allowed"#
        } else {
            r#"" · ;"$declaration.refused"#
        });
    }
    tree.draw(r#"" "#);
    tree.link("6", r#""$vendor.privacy"#);
    tree.draw(">;>");
}

#[cfg(test)]
mod tests {
    use super::*;

    const RECORDS: &str = "t|choices|1\nt|browsers|https://browsers.example\nt|industry|\n\
        c|necessary|1|1|Necessary|Needed.\nc|ads||0|Ads|Advertise.\n\
        v|own|necessary|1|Acme||\nk|_own|remembers your choice|this site|180 days\n\
        v|x|ads|0|X|X Ltd|/privacy\nk|_x|counts|this site|1 year\nk|_y|counts|this site|1 day\n\
        v|bare|ads|1|Bare||";

    fn drawn(records: &str) -> String {
        let text = records.replace('|', "\u{1f}").replace('\n', "\u{1e}") + "\u{1e}";
        String::from_utf8(declaration(&Input::new(text.into()))).expect("a text")
    }

    #[test]
    fn every_cookie_stands_under_its_category_once() {
        let tree = drawn(RECORDS);
        let (first, second) = tree.split_once("n-ads").expect("two categories");
        assert!(first.contains("\"_own\u{1e}") && !first.contains("\"_x\u{1e}"));
        for part in ["\"_x\u{1e}", "\"_y\u{1e}", "\"Bare\u{1e}", "@href=/privacy"] {
            assert_eq!(second.matches(part).count(), 1, "{part}");
        }
        assert_eq!(
            tree.matches("@scope=row").count(),
            3,
            "a vendor is named once"
        );
        assert_eq!(
            tree.matches("<tr\u{1e}").count(),
            tree.matches("<thead").count() + 4
        );
    }

    #[test]
    fn choices_are_said_where_they_are_known() {
        assert!(drawn(RECORDS).contains("declaration.refused"));
        let other = drawn(&RECORDS.replace("choices|1", "choices|0"));
        assert!(!other.contains("declaration.refused") && !other.contains("data-action"));
    }
}
