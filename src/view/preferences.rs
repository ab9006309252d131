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
            if row.is(1, id) {
                let on = mark(&self.input, &self.vendors, row, *own) != Mark::On;
                *own = on;
                for (row, vendor) in self.input.records(b'v').zip(&mut self.vendors) {
                    if row.is(2, id) {
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
            if !row.is(2, b"") {
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
        let mut tree = Tree::new(input);
        tree.draw("<dialog;@class=centre;@part=preferences;@aria-labelledby=title");
        tree.draw(r#"<div;@class=head;<h2;@id=title;@tabindex=-1;"$preferences.title;>"#);
        tree.draw("<button;@type=button;@class=icon close;@part=close;@data-action=close");
        tree.draw("@aria-label=$preferences.close;>;>");
        tree.draw(r#"<div;@class=body;<p;@class=intro;"$preferences.intro;" "#);
        tree.link("notice", r#""$preferences.more"#);
        tree.draw(">");
        if input.heeds_gpc() {
            tree.draw(r#"<p;@class=intro;"$banner.gpc;>"#);
        }
        tree.draw("<div;@class=row-actions;<button;@type=button;@part=button;@class=btn quiet");
        tree.draw(r#"@data-action=reject;"$banner.reject;>"#);
        tree.draw("<button;@type=button;@part=button;@class=btn quiet");
        tree.draw(r#"@data-action=accept;"$preferences.allow;>;>"#);
        tree.draw(r#"<h3;"$preferences.manage;>;<div;@class=cats"#);
        for (at, row) in input.records(b'c').enumerate() {
            self.category(&mut tree, row, at);
        }
        tree.draw(">;<p;@class=fine");
        if !input.is("record", "") {
            tree.draw(r#""$preferences.reference;" "#);
        }
        tree.link("rights", r#""$preferences.rights"#);
        tree.draw(">;>;<div;@class=foot;<button;@type=button;@part=button;@class=btn");
        tree.draw(r#"@data-action=confirm;"$preferences.confirm;>;>;>"#);
        tree.finish()
    }

    fn category<'i>(&'i self, tree: &mut Tree<'i>, row: Row<'i>, at: usize) {
        let is_always_active = !row.is(2, b"");
        let is_open = self.is_open[at];
        tree.row = row;
        tree.draw(if is_open {
            "<div;@class=cat open"
        } else {
            "<div;@class=cat"
        });
        tree.draw("<div;@class=cat-head;<h4;<button;@type=button;@class=name;@data-action=open");
        tree.draw("@data-id=$1");
        tree.draw(if is_open {
            "@aria-expanded=true"
        } else {
            "@aria-expanded=false"
        });
        tree.draw(r#"@aria-controls=p-$1;<span;<span;@id=c-$1;"$4;>;" "#);
        tree.draw(r#"<span;@class=count;"$6;>;>;>;>"#);
        if is_always_active {
            tree.draw(r#"<span;@class=always;"$preferences.always;>"#);
        } else {
            tree.draw(
                "<input;@type=checkbox;@class=switch;@data-category=$1;@aria-labelledby=c-$1",
            );
            tree.draw(
                match mark(&self.input, &self.vendors, row, self.categories[at]) {
                    Mark::On => ".checked;>",
                    Mark::Mixed => ".indeterminate;>",
                    Mark::Off => ">",
                },
            );
        }
        tree.draw(">;<div;@class=panel;@id=p-$1");
        if !is_open {
            tree.draw(".hidden");
        }
        tree.draw(r#"<p;"$5;>"#);
        if is_always_active && !row.is(2, b"1") {
            tree.draw(r#"<p;"$2;>"#);
        }
        for (vendor, &on) in self.input.records(b'v').zip(&self.vendors) {
            if vendor.is(2, row.get(1)) {
                self.vendor(tree, vendor, !is_always_active, on);
            }
        }
        tree.draw(">;>");
    }

    fn vendor<'i>(&'i self, tree: &mut Tree<'i>, row: Row<'i>, has_choice: bool, on: bool) {
        let is_container = !row.is(8, b"");
        tree.row = row;
        tree.draw("<div;@class=vendor;<div;@class=vendor-head;<div");
        tree.draw(r#"<strong;@id=v-$1;"$4;>;<small;"$5;>;>"#);
        if has_choice && !is_container {
            tree.draw("<input;@type=checkbox;@role=switch;@class=switch;@data-vendor=$1");
            tree.draw(if on {
                "@aria-labelledby=v-$1;.checked;>"
            } else {
                "@aria-labelledby=v-$1;>"
            });
        }
        tree.draw(">");
        if is_container {
            tree.draw(r#"<p;"$8;>"#);
        }
        let mut end = "";
        for cookie in self.input.records(b'k') {
            if cookie.is(1, row.get(1)) {
                if end.is_empty() {
                    tree.draw("<ul;@aria-label=$preferences.cookies");
                    end = ">";
                }
                tree.row = cookie;
                tree.draw(r#"<li;<code;"$2;>;" ;"$3;>"#);
            }
        }
        tree.draw(end);
        tree.row = row;
        tree.draw("<p;@class=links");
        tree.link("6", r#""$vendor.privacy"#);
        tree.draw(r#"" "#);
        tree.link("7", r#""$vendor.optOut"#);
        tree.draw(">;>");
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
    row.is(3, b"1")
}

#[inline(never)]
fn toggle(rows: Records, marks: &mut [bool], id: &[u8]) {
    for (row, mark) in rows.zip(marks) {
        *mark ^= row.is(1, id);
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
    vendor.is(2, category.get(1)) && vendor.is(8, b"")
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
            .find(|(row, _)| row.is(1, id.as_bytes()))
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
