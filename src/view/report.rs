//! After a withdrawal: what was stopped, what was erased, what only the browser can erase.

use super::input::Input;
use super::tree::Tree;

/// Draws the report. Records `v`: `id`, and in field 2 its name; then lines in plain words, fields 3
/// and on. That it is spoken is the place's doing: a status that stood there empty before.
pub fn report(input: &Input) -> Vec<u8> {
    let mut tree = Tree::new(input);
    tree.draw("<section;@class=banner report;@part=report;@data-layout=bottom;<div;@class=text");
    tree.draw(r#"<h2;"$report.title;>;<ul"#);
    for (_, vendor) in input.rows() {
        if !vendor.is(0, b"v") {
            continue;
        }
        tree.row = vendor;
        tree.draw(r#"<li;<strong;"$2;>"#);
        let mut at = 3;
        while !vendor.is(at, b"") {
            tree.draw(r#"" "#);
            tree.token("\"", vendor.get(at));
            at += 1;
        }
        tree.draw(">");
    }
    tree.draw(">;>;<div;@class=actions;<button;@type=button;@part=button;@class=btn");
    tree.draw(r#"@data-action=close;"$report.close;>;>;>"#);
    tree.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_vendor_has_its_lines() {
        let text = "v\u{1f}meta\u{1f}Meta\u{1f}Stopped.\u{1f}Erased: _fbp\u{1e}";
        let tree = String::from_utf8(report(&Input::new(text.into()))).expect("a text");
        assert!(tree.contains("\"Meta\u{1e}"));
        assert!(tree.contains("\"Stopped.\u{1e}") && tree.contains("\"Erased: _fbp\u{1e}"));
    }
}
