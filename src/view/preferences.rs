//! The preference centre: a draft of choices, changed by switches and confirmed as a whole. Two views of
//! it: the categories, and the list of vendors (`vendors`).

use super::input::{Input, Row};
use super::tree::Tree;
use super::vendors::List;
use crate::consent::{Mark, mark};

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
    /// Choose: a line for each answer, `c1id`, `c0id`, `v1id`, `v0id`, and for objections `o1id`, `o0id`; each
    /// begun by a line feed.
    Choose(Vec<u8>),
}

/// The open preference centre. Drafts stand in the order of the input's records.
#[derive(Clone, Debug)]
pub struct Preferences {
    pub(super) input: Input,
    pub(super) categories: Vec<Category>,
    pub(super) vendors: Vec<Vendor>,
    pub(super) list: List,
}

/// A category's draft.
#[derive(Clone, Debug)]
pub(super) struct Category {
    /// Where its record begins.
    pub at: usize,
    /// What its switch says where it has no vendor with a switch.
    pub own: bool,
    pub is_open: bool,
    /// The vendor list is limited to it; and shall be, once that is applied.
    pub is_wanted: bool,
    pub is_picked: bool,
}

/// A vendor's draft.
#[derive(Clone, Copy, Debug)]
pub(super) struct Vendor {
    /// Where its record begins.
    pub at: usize,
    /// Its category's place.
    pub category: usize,
    /// What its switches say now, and said at first.
    pub consent: bool,
    pub interest: bool,
    pub was: (bool, bool),
    /// Whether there is something to consent to, and something to object to.
    pub has_consent: bool,
    pub has_interest: bool,
    /// Where its details stand, if they are open.
    pub details: Option<usize>,
}

impl Preferences {
    /// Opens with the present choices; nothing is switched on beforehand.
    pub fn new(input: Input) -> Self {
        let mut categories = Vec::new();
        let mut vendors = Vec::new();
        for (at, row) in input.rows() {
            if row.is(0, b"c") {
                categories.push(Category {
                    at,
                    own: row.is(3, b"1"),
                    is_open: false,
                    is_wanted: false,
                    is_picked: false,
                });
            } else if row.is(0, b"v") {
                let mut category = 0;
                while category + 1 < categories.len()
                    && !input.row(categories[category].at).is(1, row.get(2))
                {
                    category += 1;
                }
                let (consent, interest) = (row.is(3, b"1"), row.is(7, b"1"));
                vendors.push(Vendor {
                    at,
                    category,
                    consent,
                    interest,
                    was: (consent, interest),
                    has_consent: row.get(6).first() == Some(&b'c'),
                    has_interest: row.get(6).last() == Some(&b'l'),
                    details: None,
                });
            }
        }
        Self {
            input,
            categories,
            vendors,
            list: List::default(),
        }
    }

    /// What it was opened with.
    pub fn input(&self) -> &Input {
        &self.input
    }

    /// Takes an action of the visitor on `id`. `more`: what the action brings along.
    pub fn act(&mut self, action: &[u8], id: &[u8], more: &[u8]) -> Command {
        match action {
            b"open" => {
                if let Some(at) = self.category_at(id) {
                    self.categories[at].is_open ^= true;
                }
            }
            b"vendor" => self.each(|vendor, row| vendor.consent ^= row.is(1, id)),
            b"interest" => self.each(|vendor, row| vendor.interest ^= row.is(1, id)),
            b"category" => self.toggle_category(id),
            b"accept" => return Command::Accept,
            b"reject" => return Command::Reject,
            b"confirm" => return Command::Choose(self.choices()),
            b"close" => return Command::Close,
            _ => self.act_on_list(action, id, more),
        }
        Command::None
    }

    #[inline(never)]
    fn each(&mut self, mut act: impl FnMut(&mut Vendor, Row)) {
        for vendor in &mut self.vendors {
            act(vendor, self.input.row(vendor.at));
        }
    }

    pub(super) fn category_at(&self, id: &[u8]) -> Option<usize> {
        let row = |category: &Category| self.input.row(category.at);
        self.categories
            .iter()
            .position(|category| row(category).is(1, id))
    }

    /// A category takes its vendors along.
    fn toggle_category(&mut self, id: &[u8]) {
        if let Some(at) = self.category_at(id) {
            let on = self.mark(at) != Mark::On;
            self.categories[at].own = on;
            for vendor in &mut self.vendors {
                if vendor.category == at {
                    vendor.consent = on;
                }
            }
        }
    }

    /// How a category's switch stands.
    pub(super) fn mark(&self, at: usize) -> Mark {
        let (mut any_on, mut any_off) = (false, false);
        for vendor in &self.vendors {
            if vendor.category == at && vendor.has_consent {
                any_on |= vendor.consent;
                any_off |= !vendor.consent;
            }
        }
        mark(self.categories[at].own, any_on, any_off)
    }

    pub(super) fn is_always_active(&self, at: usize) -> bool {
        !self.input.row(self.categories[at].at).is(2, b"")
    }

    /// The draft as lines for `choose`. A category's vendors are named one by one where they differ
    /// from each other, or from what they were.
    fn choices(&self) -> Vec<u8> {
        let mut lines = Vec::new();
        for (at, category) in self.categories.iter().enumerate() {
            if self.is_always_active(at) {
                continue;
            }
            let mark = self.mark(at);
            line(
                &mut lines,
                b'c',
                mark != Mark::Off,
                self.input.row(category.at),
            );
            for vendor in &self.vendors {
                let row = self.input.row(vendor.at);
                let is_own = vendor.category == at && vendor.has_consent;
                if is_own && (mark == Mark::Mixed || vendor.consent != vendor.was.0) {
                    line(&mut lines, b'v', vendor.consent, row);
                }
                if vendor.category == at && vendor.has_interest {
                    line(&mut lines, b'o', !vendor.interest, row);
                }
            }
        }
        lines
    }

    /// Draws it.
    pub fn tree(&self) -> Vec<u8> {
        let mut tree = Tree::new(&self.input);
        tree.draw("<dialog;@class=centre;@part=preferences;@aria-labelledby=title;@tabindex=-1");
        if self.list.is_open {
            self.draw_list(&mut tree);
        } else {
            self.draw_categories(&mut tree);
        }
        tree.draw("<div;@class=foot;<button;@type=button;@part=button;@class=btn");
        tree.draw(r#"@data-action=confirm;"$preferences.confirm;>;>;>"#);
        tree.finish()
    }

    fn draw_categories<'i>(&'i self, tree: &mut Tree<'i>) {
        let input = &self.input;
        tree.draw(r#"<div;@class=head;<h2;@id=title;@tabindex=-1;"$preferences.title;>"#);
        tree.draw(CLOSE);
        tree.draw(r#"<div;@class=body;@tabindex=-1;<p;@class=intro;<strong;"$site;>;" ;"$preferences.intro;" "#);
        tree.link("notice", r#""$preferences.more"#);
        tree.draw(">");
        if input.heeds_gpc() {
            tree.draw(r#"<p;@class=intro;"$banner.gpc;>"#);
        }
        tree.draw("<div;@class=row-actions;<button;@type=button;@part=button;@class=btn quiet");
        tree.draw(r#"@data-action=reject;"$banner.reject;>"#);
        tree.draw("<button;@type=button;@part=button;@class=btn quiet");
        tree.draw(r#"@data-action=accept;"$preferences.allow;>;>"#);
        tree.draw(r#"<div;@class=manage;<h3;@id=manage;"$preferences.manage;>"#);
        tree.draw("<button;@type=button;@class=more;@data-action=vendors;@data-id=");
        tree.draw(
            r#""$preferences.vendors;>;>;<div;@class=cats;@role=group;@aria-labelledby=manage"#,
        );
        for (at, category) in self.categories.iter().enumerate() {
            self.category(tree, input.row(category.at), at);
        }
        tree.draw(">;<p;@class=fine");
        if !input.is("record", "") {
            tree.draw(r#""$preferences.reference;" "#);
        }
        tree.link("rights", r#""$preferences.rights"#);
        tree.draw(">;>");
    }

    fn category<'i>(&'i self, tree: &mut Tree<'i>, row: Row<'i>, at: usize) {
        let is_always_active = self.is_always_active(at);
        let is_open = self.categories[at].is_open;
        tree.row = row;
        tree.draw(if is_open {
            "<div;@class=cat open"
        } else {
            "<div;@class=cat"
        });
        tree.draw("<div;@class=cat-head;<h4;<button;@type=button;@class=name;@data-action=open");
        tree.draw("@data-id=$1");
        tree.draw(expanded(is_open));
        if is_always_active {
            tree.draw("@aria-describedby=a-$1");
        }
        tree.draw(r#"@aria-controls=p-$1;<span;<span;@id=c-$1;"$4;>;" "#);
        tree.draw(r#"<span;@class=count;"$6;>;>;>;>"#);
        if is_always_active {
            tree.draw(r#"<span;@class=always;@id=a-$1;"$preferences.always;>"#);
        } else {
            tree.draw(
                "<input;@type=checkbox;@class=switch;@data-category=$1;@aria-labelledby=c-$1",
            );
            tree.draw(switched(self.mark(at)));
        }
        tree.draw(">;<div;@class=panel;@id=p-$1");
        if !is_open {
            tree.draw(".hidden");
        }
        tree.draw(r#"<p;"$5;>"#);
        if is_always_active && !row.is(2, b"1") {
            tree.draw(r#"<p;"$2;>"#);
        }
        if !row.is(6, b"") {
            tree.draw("<button;@type=button;@class=more;@data-action=vendors;@data-id=$1");
            tree.draw(r#"@aria-describedby=c-$1;"$preferences.details;>"#);
        }
        tree.draw(">;>");
    }
}

/// The button that closes without saving, and the head's end.
pub(super) const CLOSE: &str = "<button;@type=button;@class=icon close;@part=close;@data-action=close;\
    @aria-label=$preferences.close;>;>";

/// The end of a checkbox that stands so.
pub(super) fn switched(mark: Mark) -> &'static str {
    match mark {
        Mark::On => ".checked;>",
        Mark::Mixed => ".indeterminate;>",
        Mark::Off => ">",
    }
}

pub(super) fn expanded(is_open: bool) -> &'static str {
    if is_open {
        "@aria-expanded=true"
    } else {
        "@aria-expanded=false"
    }
}

#[inline(never)]
fn line(lines: &mut Vec<u8>, kind: u8, on: bool, of: Row) {
    lines.extend_from_slice(&[b'\n', kind, b'0' + u8::from(on)]);
    lines.extend_from_slice(of.get(1));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open() -> Preferences {
        let records = [
            "c necessary 1 1 Necessary  ",
            "c performance  0 Performance  ",
            "c targeting  m Targeting  3",
            "c functional  0 Functional  ",
            "v ga performance 0 GA  c 0  ga",
            "v meta targeting 1 Meta  cl 1  meta",
            "v x targeting 0 X  c 0  x",
            "v only targeting 0 Only  l 0  only",
            "v gtm functional 1 GTM   0 carries gtm",
        ];
        let text = records
            .map(|record| record.replace(' ', "\u{1f}") + "\u{1e}")
            .concat();
        Preferences::new(Input::new(text.into()))
    }

    fn act(preferences: &mut Preferences, action: &str, id: &str) -> Command {
        preferences.act(action.as_bytes(), id.as_bytes(), b"")
    }

    fn mark_of(preferences: &Preferences, id: &str) -> Mark {
        preferences.mark(preferences.category_at(id.as_bytes()).expect("a category"))
    }

    fn confirmed(preferences: &mut Preferences) -> Vec<String> {
        match act(preferences, "confirm", "") {
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
                "o0meta",
                "v0x",
                "o1only",
                "c0functional"
            ]
        );
    }

    #[test]
    fn a_category_takes_its_vendors_along_and_back() {
        let mut preferences = open();
        assert_eq!(
            act(&mut preferences, "category", "targeting"),
            Command::None
        );
        assert_eq!(mark_of(&preferences, "targeting"), Mark::On);
        assert_eq!(
            confirmed(&mut preferences),
            [
                "c0performance",
                "c1targeting",
                "o0meta",
                "v1x",
                "o1only",
                "c0functional"
            ]
        );
        act(&mut preferences, "category", "targeting");
        assert_eq!(
            confirmed(&mut preferences),
            [
                "c0performance",
                "c0targeting",
                "v0meta",
                "o0meta",
                "o1only",
                "c0functional"
            ]
        );
    }

    #[test]
    fn a_vendor_makes_its_category_mixed_on_or_off() {
        let mut preferences = open();
        act(&mut preferences, "vendor", "x");
        assert_eq!(mark_of(&preferences, "targeting"), Mark::On);
        act(&mut preferences, "vendor", "x");
        act(&mut preferences, "vendor", "meta");
        assert_eq!(mark_of(&preferences, "targeting"), Mark::Off);
    }

    #[test]
    fn an_objection_is_a_choice_of_its_own() {
        let mut preferences = open();
        act(&mut preferences, "interest", "meta");
        act(&mut preferences, "interest", "only");
        let lines = confirmed(&mut preferences);
        assert!(lines.contains(&"o1meta".into()) && lines.contains(&"o0only".into()));
        assert_eq!(mark_of(&preferences, "targeting"), Mark::Mixed);
    }

    #[test]
    fn a_category_without_switches_has_its_own() {
        let mut preferences = open();
        assert_eq!(
            mark_of(&preferences, "functional"),
            Mark::Off,
            "a container is no switch"
        );
        act(&mut preferences, "category", "functional");
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
        assert_eq!(act(&mut preferences, "close", ""), Command::Close);
        assert_eq!(act(&mut preferences, "accept", ""), Command::Accept);
        assert_eq!(act(&mut preferences, "reject", ""), Command::Reject);
        assert_eq!(act(&mut preferences, "anything else", ""), Command::None);
    }
}
