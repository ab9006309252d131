//! After a withdrawal: what was stopped, what was erased, what only the browser can erase.

use super::input::Input;
use super::tree::Tree;

/// Draws the report. Records `v`: `id`, and in field 2 its name; then lines in plain words, fields 3
/// and on. That it is spoken is the place's doing: a status that stood there empty before.
pub fn report(input: &Input) -> String {
    let mut tree = Tree::default();
    tree.element(
        "section;class=banner report;part=report;data-layout=bottom",
        |tree| {
            tree.element("div;class=text", |tree| {
                tree.text_element("h2", input.text("report.title"));
                tree.element("ul", |tree| {
                    for vendor in input.records("v") {
                        tree.element("li", |tree| {
                            tree.text_element("strong", vendor.get(2));
                            for line in (3..)
                                .map(|at| vendor.get(at))
                                .take_while(|line| !line.is_empty())
                            {
                                tree.text(" ");
                                tree.text(line);
                            }
                        });
                    }
                });
            });
            tree.element("div;class=actions", |tree| {
                tree.button("close", "btn", input.text("report.close"));
            });
        },
    );
    tree.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_vendor_has_its_lines() {
        let text = "v\u{1f}meta\u{1f}Meta\u{1f}Stopped.\u{1f}Erased: _fbp\u{1e}";
        let tree = report(&Input::new(text.into()));
        assert!(tree.contains("\"Meta\u{1e}"));
        assert!(tree.contains("\"Stopped.\u{1e}") && tree.contains("\"Erased: _fbp\u{1e}"));
    }
}
