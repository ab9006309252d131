//! After a withdrawal: what was stopped, what was erased, what only the browser can erase.

use super::input::Input;
use super::tree::Tree;

/// Draws the report. Records `v`: `id`, and in field 2 its name; then lines in plain words, fields 3
/// and on. That it is spoken is the place's doing: a status that stood there empty before.
pub fn report(input: &Input) -> Vec<u8> {
    let mut tree = Tree::default();
    tree.begin("section;class=banner report;part=report;data-layout=bottom");
    tree.begin("div;class=text");
    tree.element("h2", input.text("report.title"));
    tree.begin("ul");
    for vendor in input.records(b'v') {
        tree.begin("li");
        tree.element("strong", vendor.get(2));
        let mut at = 3;
        while !vendor.get(at).is_empty() {
            tree.text(b" ");
            tree.text(vendor.get(at));
            at += 1;
        }
        tree.end();
    }
    tree.end();
    tree.end();
    tree.begin("div;class=actions");
    tree.button("close", "btn", input.text("report.close"));
    tree.end();
    tree.end();
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
