//! The preference centre: a draft of choices, changed by switches and confirmed as a whole.

use super::input::{Input, Row};
use super::tree::Tree;

/// What the page is to do after an action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Draw anew.
    None,
    /// Close, and leave everything as it was.
    Close,
    /// Grant everything.
    Accept,
    /// Refuse everything.
    Reject,
    /// Choose: lines for `choose`, `c1id`, `c0id`, `v1id`, `v0id`.
    Choose(Vec<String>),
}

/// A vendor's draft.
#[derive(Clone, Debug)]
struct Vendor {
    id: String,
    category: String,
    on: bool,
    was_on: bool,
    /// It starts with the categories that it carries, and has no switch of its own.
    is_container: bool,
}

/// A category's draft.
#[derive(Clone, Debug)]
struct Category {
    id: String,
    /// For a category that has no vendor with a switch.
    on: bool,
    is_open: bool,
}

/// The open preference centre.
#[derive(Clone, Debug)]
pub struct Preferences {
    input: Input,
    categories: Vec<Category>,
    vendors: Vec<Vendor>,
}

/// How a category's switch stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mark {
    On,
    Off,
    Mixed,
}

impl Preferences {
    /// Opens with the present choices; nothing is switched on beforehand.
    pub fn new(input: Input) -> Self {
        let mut categories = Vec::new();
        for row in input.records("c") {
            categories.push(Category {
                id: row.get(1).into(),
                on: row.get(3) == "1",
                is_open: false,
            });
        }
        let mut vendors = Vec::new();
        for row in input.records("v") {
            let on = row.get(3) == "1";
            vendors.push(Vendor {
                id: row.get(1).into(),
                category: row.get(2).into(),
                on,
                was_on: on,
                is_container: !row.get(8).is_empty(),
            });
        }
        Self {
            input,
            categories,
            vendors,
        }
    }

    /// Takes an action of the visitor on `id`.
    pub fn act(&mut self, action: &str, id: &str) -> Command {
        match action {
            "open" => {
                for category in &mut self.categories {
                    category.is_open ^= category.id == id;
                }
                Command::None
            }
            "category" => {
                let on = self.mark(id) != Mark::On;
                for category in self.categories.iter_mut().filter(|of| of.id == id) {
                    category.on = on;
                }
                for vendor in self.vendors.iter_mut().filter(|of| of.category == id) {
                    vendor.on = on;
                }
                Command::None
            }
            "vendor" => {
                for vendor in self.vendors.iter_mut().filter(|of| of.id == id) {
                    vendor.on = !vendor.on;
                }
                Command::None
            }
            "accept" => Command::Accept,
            "reject" => Command::Reject,
            "confirm" => Command::Choose(self.choices()),
            _ => Command::Close,
        }
    }

    /// The draft as lines for `choose`. A category's vendors are named one by one where they differ
    /// from each other, or from what they were.
    fn choices(&self) -> Vec<String> {
        let mut lines = Vec::new();
        let mut line = |kind: char, on: bool, id: &str| {
            let mut text = String::from(kind);
            text.push(if on { '1' } else { '0' });
            text.push_str(id);
            lines.push(text);
        };
        for row in self.input.records("c").filter(|row| row.get(2).is_empty()) {
            let mark = self.mark(row.get(1));
            line('c', mark != Mark::Off, row.get(1));
            for vendor in self.switches(row.get(1)) {
                if mark == Mark::Mixed || vendor.on != vendor.was_on {
                    line('v', vendor.on, &vendor.id);
                }
            }
        }
        lines
    }

    fn switches<'p>(&'p self, category: &'p str) -> impl Iterator<Item = &'p Vendor> {
        self.vendors
            .iter()
            .filter(move |vendor| vendor.category == category && !vendor.is_container)
    }

    fn mark(&self, id: &str) -> Mark {
        let (mut on, mut off) = (false, false);
        for vendor in self.switches(id) {
            if vendor.on {
                on = true;
            } else {
                off = true;
            }
        }
        if !on && !off {
            on = self
                .categories
                .iter()
                .any(|category| category.id == id && category.on);
        }
        match (on, off) {
            (true, true) => Mark::Mixed,
            (true, false) => Mark::On,
            _ => Mark::Off,
        }
    }

    /// Draws it.
    pub fn tree(&self) -> String {
        let input = &self.input;
        let mut tree = Tree::default();
        let attributes = [
            ("class", "centre"),
            ("part", "preferences"),
            ("aria-labelledby", "title"),
        ];
        tree.element("dialog", &attributes, |tree| {
            tree.element("div", &[("class", "head")], |tree| {
                let title = [("id", "title"), ("tabindex", "-1")];
                tree.text_element("h2", &title, input.text("preferences.title"));
                let close = [
                    ("type", "button"),
                    ("class", "icon close"),
                    ("data-action", "close"),
                    ("aria-label", input.text("preferences.close")),
                ];
                tree.element("button", &close, |_| {});
            });
            tree.element("div", &[("class", "body")], |tree| self.body(tree));
            tree.element("div", &[("class", "foot")], |tree| {
                button(tree, "confirm", "btn", input.text("preferences.confirm"));
            });
        });
        tree.finish()
    }

    fn body(&self, tree: &mut Tree) {
        let input = &self.input;
        tree.element("p", &[("class", "intro")], |tree| {
            tree.text(&input.filled("preferences.intro"));
            tree.text(" ");
            tree.link(input.fact("notice"), input.text("preferences.more"));
        });
        if input.fact("gpc") == "1" {
            tree.text_element("p", &[("class", "intro")], input.text("banner.gpc"));
        }
        tree.element("div", &[("class", "row-actions")], |tree| {
            button(tree, "reject", "btn quiet", input.text("banner.reject"));
            button(tree, "accept", "btn quiet", input.text("preferences.allow"));
        });
        tree.text_element("h3", &[], input.text("preferences.manage"));
        tree.element("div", &[("class", "cats")], |tree| {
            for row in input.records("c") {
                self.category(tree, row);
            }
        });
        tree.element("p", &[("class", "fine")], |tree| {
            if !input.fact("record").is_empty() {
                tree.text(&input.filled("preferences.reference"));
                tree.text(" ");
            }
            tree.link(input.fact("rights"), input.text("preferences.rights"));
        });
    }

    fn category(&self, tree: &mut Tree, row: Row) {
        let (id, always, name) = (row.get(1), row.get(2), row.get(4));
        let is_open = self
            .categories
            .iter()
            .any(|category| category.id == id && category.is_open);
        let (label, panel) = (joined("n-", id), joined("p-", id));
        tree.element(
            "div",
            &[("class", if is_open { "cat open" } else { "cat" })],
            |tree| {
                tree.element("div", &[("class", "cat-head")], |tree| {
                    tree.element("h4", &[], |tree| {
                        let disclosure = [
                            ("type", "button"),
                            ("class", "name"),
                            ("data-action", "open"),
                            ("data-id", id),
                            ("aria-expanded", if is_open { "true" } else { "false" }),
                            ("aria-controls", panel.as_str()),
                        ];
                        tree.element("button", &disclosure, |tree| {
                            tree.element("span", &[], |tree| {
                                tree.text_element("span", &[("id", &label)], name);
                                tree.text(" ");
                                tree.text_element("span", &[("class", "count")], row.get(6));
                            });
                        });
                    });
                    if always.is_empty() {
                        let switch = [
                            ("type", "checkbox"),
                            ("class", "switch"),
                            ("data-category", id),
                            ("aria-labelledby", label.as_str()),
                        ];
                        let mark = self.mark(id);
                        tree.element("input", &switch, |tree| {
                            tree.property("checked", mark == Mark::On);
                            tree.property("indeterminate", mark == Mark::Mixed);
                        });
                    } else {
                        let text = self.input.text("preferences.always");
                        tree.text_element("span", &[("class", "always")], text);
                    }
                });
                tree.element("div", &[("class", "panel"), ("id", &panel)], |tree| {
                    tree.property("hidden", !is_open);
                    tree.text_element("p", &[], row.get(5));
                    if !matches!(always, "" | "1") {
                        tree.text_element("p", &[], always);
                    }
                    for vendor in self.input.records("v").filter(|vendor| vendor.get(2) == id) {
                        self.vendor(tree, vendor, always.is_empty());
                    }
                });
            },
        );
    }

    fn vendor(&self, tree: &mut Tree, row: Row, has_choice: bool) {
        let (id, input) = (row.get(1), &self.input);
        let label = joined("n-", id);
        tree.element("div", &[("class", "vendor")], |tree| {
            tree.element("div", &[("class", "vendor-head")], |tree| {
                tree.element("div", &[], |tree| {
                    tree.text_element("strong", &[("id", &label)], row.get(4));
                    tree.text_element("small", &[], row.get(5));
                });
                if has_choice && row.get(8).is_empty() {
                    let switch = [
                        ("type", "checkbox"),
                        ("role", "switch"),
                        ("class", "switch"),
                        ("data-vendor", id),
                        ("aria-labelledby", label.as_str()),
                    ];
                    let on = self
                        .vendors
                        .iter()
                        .any(|vendor| vendor.id == id && vendor.on);
                    tree.element("input", &switch, |tree| tree.property("checked", on));
                }
            });
            if !row.get(8).is_empty() {
                tree.text_element("p", &[], row.get(8));
            }
            let mut cookies = input
                .records("k")
                .filter(|cookie| cookie.get(1) == id)
                .peekable();
            if cookies.peek().is_some() {
                tree.element(
                    "ul",
                    &[("aria-label", input.text("preferences.cookies"))],
                    |tree| {
                        for cookie in cookies {
                            tree.element("li", &[], |tree| {
                                tree.text_element("code", &[], cookie.get(2));
                                tree.text(" ");
                                tree.text(cookie.get(3));
                            });
                        }
                    },
                );
            }
            tree.element("p", &[("class", "links")], |tree| {
                tree.link(row.get(6), input.text("vendor.privacy"));
                tree.text(" ");
                tree.link(row.get(7), input.text("vendor.optOut"));
            });
        });
    }
}

fn button(tree: &mut Tree, action: &str, class: &str, text: &str) {
    let attributes = [
        ("type", "button"),
        ("class", class),
        ("part", "button"),
        ("data-action", action),
    ];
    tree.text_element("button", &attributes, text);
}

fn joined(start: &str, end: &str) -> String {
    let mut text = String::from(start);
    text.push_str(end);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open() -> Preferences {
        let records = [
            "c necessary 1 1 Necessary  ",
            "c performance  0 Performance  ",
            "c targeting  m Targeting  ",
            "c functional  0 Functional  ",
            "v ga performance 0 GA    ",
            "v meta targeting 1 Meta    ",
            "v x targeting 0 X    ",
            "v gtm functional 1 GTM    carries",
        ];
        let text = records
            .map(|record| record.replace(' ', "\u{1f}") + "\u{1e}")
            .concat();
        Preferences::new(Input::new(text))
    }

    fn confirmed(preferences: &mut Preferences) -> Vec<String> {
        match preferences.act("confirm", "") {
            Command::Choose(lines) => lines,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn confirming_at_once_changes_nothing() {
        assert_eq!(
            confirmed(&mut open()),
            [
                "c0performance",
                "c1targeting",
                "v1meta",
                "v0x",
                "c0functional"
            ]
        );
    }

    #[test]
    fn a_category_takes_its_vendors_along_and_back() {
        let mut preferences = open();
        assert_eq!(preferences.act("category", "targeting"), Command::None);
        assert_eq!(preferences.mark("targeting"), Mark::On);
        assert_eq!(
            confirmed(&mut preferences),
            ["c0performance", "c1targeting", "v1x", "c0functional"]
        );
        preferences.act("category", "targeting");
        assert_eq!(
            confirmed(&mut preferences),
            ["c0performance", "c0targeting", "v0meta", "c0functional"]
        );
    }

    #[test]
    fn a_vendor_makes_its_category_mixed_on_or_off() {
        let mut preferences = open();
        preferences.act("vendor", "x");
        assert_eq!(preferences.mark("targeting"), Mark::On);
        preferences.act("vendor", "x");
        preferences.act("vendor", "meta");
        assert_eq!(preferences.mark("targeting"), Mark::Off);
    }

    #[test]
    fn a_category_without_switches_has_its_own() {
        let mut preferences = open();
        assert_eq!(
            preferences.mark("functional"),
            Mark::Off,
            "a container is no switch"
        );
        preferences.act("category", "functional");
        assert!(confirmed(&mut preferences).contains(&"c1functional".into()));
    }

    #[test]
    fn what_is_always_active_has_no_switch() {
        let tree = open().tree();
        assert!(tree.contains("@data-category=performance"));
        assert!(!tree.contains("@data-category=necessary"));
        assert!(tree.contains("preferences.always"));
    }

    #[test]
    fn closing_and_the_two_answers_are_commands() {
        let mut preferences = open();
        assert_eq!(preferences.act("close", ""), Command::Close);
        assert_eq!(preferences.act("accept", ""), Command::Accept);
        assert_eq!(preferences.act("reject", ""), Command::Reject);
        assert_eq!(preferences.act("anything else", ""), Command::Close);
    }
}
