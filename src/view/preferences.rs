//! The preference centre: a draft of choices, changed by switches and confirmed as a whole.

use super::input::{Input, Records, Row};
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
    Choose(Vec<u8>),
}

/// The open preference centre. Drafts stand in the order of the input's records.
#[derive(Clone, Debug)]
pub struct Preferences {
    input: Input,
    /// What a category's switch says that has no vendor with a switch.
    categories: Vec<bool>,
    is_open: Vec<bool>,
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
        let categories = marks(&input, b'c');
        Self {
            is_open: vec![false; categories.len()],
            categories,
            vendors: marks(&input, b'v'),
            input,
        }
    }

    /// What it was opened with.
    pub fn input(&self) -> &Input {
        &self.input
    }

    /// Takes an action of the visitor on `id`.
    pub fn act(&mut self, action: &[u8], id: &[u8]) -> Command {
        match action {
            b"open" => toggle(self.input.records(b'c'), &mut self.is_open, id),
            b"vendor" => toggle(self.input.records(b'v'), &mut self.vendors, id),
            b"category" => self.toggle_category(id),
            b"accept" => return Command::Accept,
            b"reject" => return Command::Reject,
            b"confirm" => return Command::Choose(self.choices()),
            _ => return Command::Close,
        }
        Command::None
    }

    /// A category takes its vendors along.
    fn toggle_category(&mut self, id: &[u8]) {
        for (row, own) in self.input.records(b'c').zip(&mut self.categories) {
            if row.get(1) == id {
                let on = mark(&self.input, &self.vendors, row, *own) != Mark::On;
                *own = on;
                for (row, vendor) in self.input.records(b'v').zip(&mut self.vendors) {
                    if row.get(2) == id {
                        *vendor = on;
                    }
                }
            }
        }
    }

    /// The draft as lines for `choose`. A category's vendors are named one by one where they differ
    /// from each other, or from what they were.
    fn choices(&self) -> Vec<u8> {
        let mut lines = Vec::new();
        for (row, &own) in self.input.records(b'c').zip(&self.categories) {
            if !row.get(2).is_empty() {
                continue;
            }
            let mark = mark(&self.input, &self.vendors, row, own);
            line(&mut lines, b'c', mark != Mark::Off, row);
            for (vendor, &on) in self.input.records(b'v').zip(&self.vendors) {
                if is_switch_of(vendor, row) && (mark == Mark::Mixed || on != was_on(vendor)) {
                    line(&mut lines, b'v', on, vendor);
                }
            }
        }
        lines
    }

    /// Draws it.
    pub fn tree(&self) -> Vec<u8> {
        let input = &self.input;
        let mut tree = Tree::default();
        tree.begin("dialog;class=centre;part=preferences;aria-labelledby=title");
        tree.begin("div;class=head");
        tree.element("h2;id=title;tabindex=-1", input.text("preferences.title"));
        tree.begin("button;type=button;class=icon close;part=close;data-action=close");
        tree.attribute("@aria-label=", input.text("preferences.close"));
        tree.end();
        tree.end();
        tree.begin("div;class=body");
        self.body(&mut tree);
        tree.end();
        tree.begin("div;class=foot");
        tree.button("confirm", "btn", input.text("preferences.confirm"));
        tree.end();
        tree.end();
        tree.finish()
    }

    fn body(&self, tree: &mut Tree) {
        let input = &self.input;
        tree.begin("p;class=intro");
        tree.text(input.text("preferences.intro"));
        tree.text(b" ");
        tree.link(input.fact("notice"), input.text("preferences.more"));
        tree.end();
        if input.heeds_gpc() {
            tree.element("p;class=intro", input.text("banner.gpc"));
        }
        tree.begin("div;class=row-actions");
        tree.button("reject", "btn quiet", input.text("banner.reject"));
        tree.button("accept", "btn quiet", input.text("preferences.allow"));
        tree.end();
        tree.element("h3", input.text("preferences.manage"));
        tree.begin("div;class=cats");
        for (at, row) in input.records(b'c').enumerate() {
            self.category(tree, row, self.categories[at], self.is_open[at]);
        }
        tree.end();
        tree.begin("p;class=fine");
        if !input.fact("record").is_empty() {
            tree.text(input.text("preferences.reference"));
            tree.text(b" ");
        }
        tree.link(input.fact("rights"), input.text("preferences.rights"));
        tree.end();
    }

    fn category(&self, tree: &mut Tree, row: Row, own: bool, is_open: bool) {
        let (id, always) = (row.get(1), row.get(2));
        let (class, expanded) = if is_open {
            ("div;class=cat open", "true")
        } else {
            ("div;class=cat", "false")
        };
        tree.begin(class);
        tree.begin("div;class=cat-head");
        tree.begin("h4");
        tree.begin("button;type=button;class=name;data-action=open");
        tree.attribute("@data-id=", id);
        tree.attribute("@aria-expanded=", expanded.as_bytes());
        tree.attribute("@aria-controls=p-", id);
        tree.begin("span");
        tree.begin("span");
        tree.attribute("@id=c-", id);
        tree.text(row.get(4));
        tree.end();
        tree.text(b" ");
        tree.element("span;class=count", row.get(6));
        tree.end();
        tree.end();
        tree.end();
        if always.is_empty() {
            let mark = mark(&self.input, &self.vendors, row, own);
            tree.begin("input;type=checkbox;class=switch");
            tree.attribute("@data-category=", id);
            tree.attribute("@aria-labelledby=c-", id);
            tree.property("checked", mark == Mark::On);
            tree.property("indeterminate", mark == Mark::Mixed);
            tree.end();
        } else {
            tree.element("span;class=always", self.input.text("preferences.always"));
        }
        tree.end();
        tree.begin("div;class=panel");
        tree.attribute("@id=p-", id);
        tree.property("hidden", !is_open);
        tree.element("p", row.get(5));
        if !matches!(always, b"" | b"1") {
            tree.element("p", always);
        }
        for (vendor, &on) in self.input.records(b'v').zip(&self.vendors) {
            if vendor.get(2) == id {
                self.vendor(tree, vendor, always.is_empty(), on);
            }
        }
        tree.end();
        tree.end();
    }

    fn vendor(&self, tree: &mut Tree, row: Row, has_choice: bool, on: bool) {
        let (id, input, carries) = (row.get(1), &self.input, row.get(8));
        tree.begin("div;class=vendor");
        tree.begin("div;class=vendor-head");
        tree.begin("div");
        tree.begin("strong");
        tree.attribute("@id=v-", id);
        tree.text(row.get(4));
        tree.end();
        tree.element("small", row.get(5));
        tree.end();
        if has_choice && carries.is_empty() {
            tree.begin("input;type=checkbox;role=switch;class=switch");
            tree.attribute("@data-vendor=", id);
            tree.attribute("@aria-labelledby=v-", id);
            tree.property("checked", on);
            tree.end();
        }
        tree.end();
        if !carries.is_empty() {
            tree.element("p", carries);
        }
        let mut is_first = true;
        for cookie in input.records(b'k') {
            if cookie.get(1) == id {
                if is_first {
                    tree.begin("ul");
                    tree.attribute("@aria-label=", input.text("preferences.cookies"));
                    is_first = false;
                }
                tree.begin("li");
                tree.element("code", cookie.get(2));
                tree.text(b" ");
                tree.text(cookie.get(3));
                tree.end();
            }
        }
        if !is_first {
            tree.end();
        }
        tree.begin("p;class=links");
        tree.link(row.get(6), input.text("vendor.privacy"));
        tree.text(b" ");
        tree.link(row.get(7), input.text("vendor.optOut"));
        tree.end();
        tree.end();
    }
}

/// How the switches of a kind stood when the centre opened.
#[inline(never)]
fn marks(input: &Input, kind: u8) -> Vec<bool> {
    let mut marks = Vec::new();
    for row in input.records(kind) {
        marks.push(was_on(row));
    }
    marks
}

/// Whether a category or vendor was granted when the centre opened.
fn was_on(row: Row) -> bool {
    row.get(3) == b"1"
}

#[inline(never)]
fn toggle(rows: Records, marks: &mut [bool], id: &[u8]) {
    for (row, mark) in rows.zip(marks) {
        *mark ^= row.get(1) == id;
    }
}

#[inline(never)]
fn line(lines: &mut Vec<u8>, kind: u8, on: bool, of: Row) {
    lines.extend_from_slice(&[b'\n', kind, b'0' + u8::from(on)]);
    lines.extend_from_slice(of.get(1));
}

/// Whether a vendor has a switch that counts for a category. A container has none: it starts with the
/// categories that it carries.
fn is_switch_of(vendor: Row, category: Row) -> bool {
    vendor.get(2) == category.get(1) && vendor.get(8).is_empty()
}

/// `own` is what the category says for itself.
#[inline(never)]
fn mark(input: &Input, vendors: &[bool], category: Row, own: bool) -> Mark {
    let (mut any_on, mut any_off) = (false, false);
    for (vendor, &on) in input.records(b'v').zip(vendors) {
        if is_switch_of(vendor, category) {
            any_on |= on;
            any_off |= !on;
        }
    }
    match (any_on, any_off) {
        (true, true) => Mark::Mixed,
        (false, false) if own => Mark::On,
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
        Preferences::new(Input::new(text.into()))
    }

    fn mark_of(preferences: &Preferences, id: &str) -> Mark {
        let mut of = preferences.input.records(b'c').zip(&preferences.categories);
        let (row, &own) = of
            .find(|(row, _)| row.get(1) == id.as_bytes())
            .expect("a category");
        mark(&preferences.input, &preferences.vendors, row, own)
    }

    fn confirmed(preferences: &mut Preferences) -> Vec<String> {
        match preferences.act(b"confirm", b"") {
            Command::Choose(lines) => {
                let text = String::from_utf8(lines).expect("a text");
                text.lines().skip(1).map(String::from).collect()
            }
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
        assert_eq!(preferences.act(b"category", b"targeting"), Command::None);
        assert_eq!(mark_of(&preferences, "targeting"), Mark::On);
        assert_eq!(
            confirmed(&mut preferences),
            ["c0performance", "c1targeting", "v1x", "c0functional"]
        );
        preferences.act(b"category", b"targeting");
        assert_eq!(
            confirmed(&mut preferences),
            ["c0performance", "c0targeting", "v0meta", "c0functional"]
        );
    }

    #[test]
    fn a_vendor_makes_its_category_mixed_on_or_off() {
        let mut preferences = open();
        preferences.act(b"vendor", b"x");
        assert_eq!(mark_of(&preferences, "targeting"), Mark::On);
        preferences.act(b"vendor", b"x");
        preferences.act(b"vendor", b"meta");
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
        preferences.act(b"category", b"functional");
        assert!(confirmed(&mut preferences).contains(&"c1functional".into()));
    }

    #[test]
    fn what_is_always_active_has_no_switch() {
        let tree = String::from_utf8(open().tree()).expect("a text");
        assert!(tree.contains("@data-category=performance"));
        assert!(!tree.contains("@data-category=necessary"));
        assert!(tree.contains("preferences.always"));
    }

    #[test]
    fn closing_and_the_two_answers_are_commands() {
        let mut preferences = open();
        assert_eq!(preferences.act(b"close", b""), Command::Close);
        assert_eq!(preferences.act(b"accept", b""), Command::Accept);
        assert_eq!(preferences.act(b"reject", b""), Command::Reject);
        assert_eq!(preferences.act(b"anything else", b""), Command::Close);
    }
}
