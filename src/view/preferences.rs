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
    /// Choose: a line for each answer, `c1id`, `c0id`, `v1id`, `v0id`, each begun by a line feed.
    Choose(String),
}

/// A category's draft.
#[derive(Clone, Copy, Debug)]
struct Category {
    /// For a category that has no vendor with a switch.
    on: bool,
    is_open: bool,
}

/// The open preference centre. Drafts stand in the order of the input's records.
#[derive(Clone, Debug)]
pub struct Preferences {
    input: Input,
    categories: Vec<Category>,
    /// What each vendor's switch says.
    vendors: Vec<bool>,
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
                on: row.get(3) == "1",
                is_open: false,
            });
        }
        let mut vendors = Vec::new();
        for row in input.records("v") {
            vendors.push(was_on(row));
        }
        Self {
            input,
            categories,
            vendors,
        }
    }

    /// What it was opened with.
    pub fn input(&self) -> &Input {
        &self.input
    }

    /// Takes an action of the visitor on `id`.
    pub fn act(&mut self, action: &str, id: &str) -> Command {
        match action {
            "open" => {
                for (row, category) in self.input.records("c").zip(&mut self.categories) {
                    category.is_open ^= row.get(1) == id;
                }
                Command::None
            }
            "category" => {
                for (row, category) in self.input.records("c").zip(&mut self.categories) {
                    if row.get(1) == id {
                        let on = mark(&self.input, &self.vendors, row, *category) != Mark::On;
                        category.on = on;
                        for (row, vendor) in self.input.records("v").zip(&mut self.vendors) {
                            if row.get(2) == id {
                                *vendor = on;
                            }
                        }
                    }
                }
                Command::None
            }
            "vendor" => {
                for (row, vendor) in self.input.records("v").zip(&mut self.vendors) {
                    *vendor ^= row.get(1) == id;
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
    fn choices(&self) -> String {
        let mut lines = String::new();
        let mut line = |kind: &str, on: bool, id: &str| {
            lines.push_str(kind);
            lines.push_str(if on { "1" } else { "0" });
            lines.push_str(id);
        };
        for (row, category) in self.input.records("c").zip(&self.categories) {
            if !row.get(2).is_empty() {
                continue;
            }
            let mark = mark(&self.input, &self.vendors, row, *category);
            line("\nc", mark != Mark::Off, row.get(1));
            for (vendor, &on) in self.input.records("v").zip(&self.vendors) {
                if is_switch_of(vendor, row) && (mark == Mark::Mixed || on != was_on(vendor)) {
                    line("\nv", on, vendor.get(1));
                }
            }
        }
        lines
    }

    /// Draws it.
    pub fn tree(&self) -> String {
        let input = &self.input;
        let mut tree = Tree::default();
        let shape = "dialog;class=centre;part=preferences;aria-labelledby=title";
        tree.element(shape, |tree| {
            tree.element("div;class=head", |tree| {
                tree.text_element("h2;id=title;tabindex=-1", input.text("preferences.title"));
                let shape = "button;type=button;class=icon close;part=close;data-action=close";
                tree.element(shape, |tree| {
                    tree.attribute("aria-label", input.text("preferences.close"));
                });
            });
            tree.element("div;class=body", |tree| self.body(tree));
            tree.element("div;class=foot", |tree| {
                tree.button("confirm", "btn", input.text("preferences.confirm"));
            });
        });
        tree.finish()
    }

    fn body(&self, tree: &mut Tree) {
        let input = &self.input;
        tree.element("p;class=intro", |tree| {
            tree.text(&input.filled("preferences.intro"));
            tree.text(" ");
            tree.link(input.fact("notice"), input.text("preferences.more"));
        });
        if input.fact("gpc") == "1" {
            tree.text_element("p;class=intro", input.text("banner.gpc"));
        }
        tree.element("div;class=row-actions", |tree| {
            tree.button("reject", "btn quiet", input.text("banner.reject"));
            tree.button("accept", "btn quiet", input.text("preferences.allow"));
        });
        tree.text_element("h3", input.text("preferences.manage"));
        tree.element("div;class=cats", |tree| {
            for (row, category) in input.records("c").zip(&self.categories) {
                self.category(tree, row, *category);
            }
        });
        tree.element("p;class=fine", |tree| {
            if !input.fact("record").is_empty() {
                tree.text(&input.filled("preferences.reference"));
                tree.text(" ");
            }
            tree.link(input.fact("rights"), input.text("preferences.rights"));
        });
    }

    fn category(&self, tree: &mut Tree, row: Row, draft: Category) {
        let (id, always, is_open) = (row.get(1), row.get(2), draft.is_open);
        let class = if is_open {
            "div;class=cat open"
        } else {
            "div;class=cat"
        };
        tree.element(class, |tree| {
            tree.element("div;class=cat-head", |tree| {
                tree.element("h4", |tree| {
                    let shape = "button;type=button;class=name;data-action=open";
                    tree.element(shape, |tree| {
                        tree.attribute("data-id", id);
                        tree.attribute("aria-expanded", if is_open { "true" } else { "false" });
                        tree.name("aria-controls", "p-", id);
                        tree.element("span", |tree| {
                            tree.element("span", |tree| {
                                tree.name("id", "c-", id);
                                tree.text(row.get(4));
                            });
                            tree.text(" ");
                            tree.text_element("span;class=count", row.get(6));
                        });
                    });
                });
                if always.is_empty() {
                    let mark = mark(&self.input, &self.vendors, row, draft);
                    tree.element("input;type=checkbox;class=switch", |tree| {
                        tree.attribute("data-category", id);
                        tree.name("aria-labelledby", "c-", id);
                        tree.property("checked", mark == Mark::On);
                        tree.property("indeterminate", mark == Mark::Mixed);
                    });
                } else {
                    let text = self.input.text("preferences.always");
                    tree.text_element("span;class=always", text);
                }
            });
            tree.element("div;class=panel", |tree| {
                tree.name("id", "p-", id);
                tree.property("hidden", !is_open);
                tree.text_element("p", row.get(5));
                if !matches!(always, "" | "1") {
                    tree.text_element("p", always);
                }
                for (vendor, &on) in self.input.records("v").zip(&self.vendors) {
                    if vendor.get(2) == id {
                        self.vendor(tree, vendor, always.is_empty(), on);
                    }
                }
            });
        });
    }

    fn vendor(&self, tree: &mut Tree, row: Row, has_choice: bool, on: bool) {
        let (id, input, carries) = (row.get(1), &self.input, row.get(8));
        tree.element("div;class=vendor", |tree| {
            tree.element("div;class=vendor-head", |tree| {
                tree.element("div", |tree| {
                    tree.element("strong", |tree| {
                        tree.name("id", "v-", id);
                        tree.text(row.get(4));
                    });
                    tree.text_element("small", row.get(5));
                });
                if has_choice && carries.is_empty() {
                    let shape = "input;type=checkbox;role=switch;class=switch";
                    tree.element(shape, |tree| {
                        tree.attribute("data-vendor", id);
                        tree.name("aria-labelledby", "v-", id);
                        tree.property("checked", on);
                    });
                }
            });
            if !carries.is_empty() {
                tree.text_element("p", carries);
            }
            let is_its = |cookie: &Row| cookie.get(1) == id;
            if input.records("k").any(|cookie| is_its(&cookie)) {
                tree.element("ul", |tree| {
                    tree.attribute("aria-label", input.text("preferences.cookies"));
                    for cookie in input.records("k").filter(is_its) {
                        tree.element("li", |tree| {
                            tree.text_element("code", cookie.get(2));
                            tree.text(" ");
                            tree.text(cookie.get(3));
                        });
                    }
                });
            }
            tree.element("p;class=links", |tree| {
                tree.link(row.get(6), input.text("vendor.privacy"));
                tree.text(" ");
                tree.link(row.get(7), input.text("vendor.optOut"));
            });
        });
    }
}

/// Whether a vendor was granted when the centre opened.
fn was_on(vendor: Row) -> bool {
    vendor.get(3) == "1"
}

/// Whether a vendor has a switch that counts for a category. A container has none: it starts with the
/// categories that it carries.
fn is_switch_of(vendor: Row, category: Row) -> bool {
    vendor.get(2) == category.get(1) && vendor.get(8).is_empty()
}

fn mark(input: &Input, vendors: &[bool], category: Row, draft: Category) -> Mark {
    let (mut any_on, mut any_off) = (false, false);
    for (vendor, &on) in input.records("v").zip(vendors) {
        if is_switch_of(vendor, category) {
            any_on |= on;
            any_off |= !on;
        }
    }
    match (any_on, any_off) {
        (true, true) => Mark::Mixed,
        (false, false) if draft.on => Mark::On,
        (true, false) => Mark::On,
        _ => Mark::Off,
    }
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

    fn mark_of(preferences: &Preferences, id: &str) -> Mark {
        let mut of = preferences.input.records("c").zip(&preferences.categories);
        let (row, draft) = of.find(|(row, _)| row.get(1) == id).expect("a category");
        mark(&preferences.input, &preferences.vendors, row, *draft)
    }

    fn confirmed(preferences: &mut Preferences) -> Vec<String> {
        match preferences.act("confirm", "") {
            Command::Choose(lines) => lines.lines().skip(1).map(String::from).collect(),
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
        assert_eq!(mark_of(&preferences, "targeting"), Mark::On);
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
        assert_eq!(mark_of(&preferences, "targeting"), Mark::On);
        preferences.act("vendor", "x");
        preferences.act("vendor", "meta");
        assert_eq!(mark_of(&preferences, "targeting"), Mark::Off);
    }

    #[test]
    fn a_category_without_switches_has_its_own() {
        let mut preferences = open();
        assert_eq!(
            mark_of(&preferences, "functional"),
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
