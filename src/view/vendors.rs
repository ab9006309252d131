//! The list of vendors: searched, filtered, and drawn a block of rows at a time, so that fifteen hundred of
//! them open as fast as five.

use super::input::{Input, Row};
use super::preferences::{CLOSE, Preferences, Vendor, expanded, switched};
use super::tree::Tree;
use crate::consent::{Mark, mark};

/// Rows of a block: as many as a slow phone draws between two frames. `HEIGHT` in `js/ui/blocks.ts` is theirs.
pub const BLOCK: usize = 3;

/// The state of the list.
#[derive(Clone, Debug, Default)]
pub(super) struct List {
    pub is_open: bool,
    /// The category that it is about; of all, if none.
    scope: Option<usize>,
    /// What the visitor looks for, in lower case and without accents.
    query: Vec<u8>,
    /// The panel that filters is open.
    is_filtering: bool,
    /// Places of the vendors that are shown.
    shown: Vec<usize>,
    /// Details that were opened: records `k` (cookies) and facts, as they came.
    details: Vec<Input>,
}

impl Preferences {
    /// Actions of the list: `vendors` opens it, `back` leaves it.
    pub(super) fn act_on_list(&mut self, action: &[u8], id: &[u8], more: &[u8]) {
        let list = &mut self.list;
        match action {
            b"vendors" => {
                let scope = self.category_at(id);
                self.list = List {
                    is_open: true,
                    scope,
                    ..List::default()
                };
                for vendor in &mut self.vendors {
                    vendor.details = None;
                }
                self.filter(|category| category.is_wanted = false);
            }
            b"back" => list.is_open = false,
            b"search" => {
                list.query = id.to_vec();
                self.find();
            }
            b"filter" => {
                list.is_filtering ^= true;
                self.filter(|category| category.is_picked = category.is_wanted);
            }
            b"pick" => {
                if let Some(at) = self.category_at(id) {
                    self.categories[at].is_picked ^= true;
                }
            }
            b"clear" => self.filter(|category| category.is_picked = false),
            b"apply" => {
                list.is_filtering = false;
                self.filter(|category| category.is_wanted = category.is_picked);
            }
            b"cancel" => list.is_filtering = false,
            b"details" => {
                let next = list.details.len();
                let mut is_new = false;
                for vendor in &mut self.vendors {
                    if self.input.row(vendor.at).is(1, id) {
                        is_new = vendor.details.is_none();
                        vendor.details = is_new.then_some(next);
                    }
                }
                if is_new {
                    self.list.details.push(Input::new(more.to_vec()));
                }
            }
            // All that are shown, in one column.
            b"all" => {
                let is_consent = id == b"consent";
                let on = self.column(is_consent) != Mark::On;
                for at in 0..self.list.shown.len() {
                    let vendor = &mut self.vendors[self.list.shown[at]];
                    if is_consent {
                        vendor.consent = on;
                    } else {
                        vendor.interest = on;
                    }
                }
            }
            _ => {}
        }
    }

    fn filter(&mut self, change: impl Fn(&mut super::preferences::Category)) {
        self.categories.iter_mut().for_each(change);
        self.find();
    }

    /// Works out what is shown.
    fn find(&mut self) {
        let any = self.categories.iter().any(|category| category.is_wanted);
        let (list, input) = (&mut self.list, &self.input);
        list.shown.clear();
        for (at, vendor) in self.vendors.iter().enumerate() {
            let is_in = list.scope.is_none_or(|scope| scope == vendor.category)
                && (!any || self.categories[vendor.category].is_wanted);
            if is_in && contains(input.row(vendor.at).get(9), &list.query) {
                list.shown.push(at);
            }
        }
    }

    /// How a column's switch for all that are shown stands.
    fn column(&self, is_consent: bool) -> Mark {
        let (mut any_on, mut any_off) = (false, false);
        for &at in &self.list.shown {
            let vendor = &self.vendors[at];
            let (has, on) = if is_consent {
                (self.is_switched(vendor), vendor.consent)
            } else {
                (vendor.has_interest, vendor.interest)
            };
            any_on |= has && on;
            any_off |= has && !on;
        }
        mark(false, any_on, any_off)
    }

    /// Whether a vendor's consent is the visitor's to give.
    fn is_switched(&self, vendor: &Vendor) -> bool {
        vendor.has_consent && !self.is_always_active(vendor.category)
    }

    pub(super) fn draw_list<'i>(&'i self, tree: &mut Tree<'i>) {
        let list = &self.list;
        tree.draw("<div;@class=head;<button;@type=button;@class=icon back;@data-action=back");
        tree.draw("@aria-label=$vendors.back;>;<h2;@id=title;@tabindex=-1");
        match list.scope {
            Some(at) => {
                tree.row = self.input.row(self.categories[at].at);
                tree.draw(r#""$4"#);
            }
            None => tree.draw(r#""$preferences.vendors"#),
        }
        tree.draw(">");
        tree.draw(CLOSE);
        tree.draw("<div;@class=body list;@tabindex=-1;<div;@class=search;@role=search");
        tree.draw("<span;@class=find;<input;@type=search;@data-search=;@autocomplete=off");
        tree.draw(
            "@enterkeyhint=search;@aria-label=$vendors.search;@placeholder=$vendors.search;>;>",
        );
        if list.scope.is_none() {
            tree.draw("<button;@type=button;@class=btn quiet;@data-action=filter");
            tree.draw(expanded(list.is_filtering));
            tree.draw(r#"@aria-controls=filter;"$vendors.filter;>"#);
        }
        tree.draw(">;<div;@class=filter;@id=filter;@role=group;@aria-label=$vendors.filter");
        if !list.is_filtering {
            tree.draw(".hidden");
        }
        for category in &self.categories {
            tree.row = self.input.row(category.at);
            tree.draw("<label;<input;@type=checkbox;@data-pick=$1");
            tree.draw(if category.is_picked {
                ".checked;>"
            } else {
                ">"
            });
            tree.draw(r#"" ;"$4;>"#);
        }
        tree.draw("<div;@class=row-actions");
        tree.draw(r#"<button;@type=button;@class=btn quiet;@data-action=clear;"$vendors.clear;>"#);
        tree.draw(
            r#"<button;@type=button;@class=btn quiet;@data-action=cancel;"$vendors.cancel;>"#,
        );
        tree.draw(r#"<button;@type=button;@class=btn;@data-action=apply;"$vendors.apply;>;>;>"#);
        tree.draw("<p;@class=found;@role=status");
        if list.shown.is_empty() {
            tree.draw(r#""$vendors.none;>"#);
        } else {
            tree.number("#", list.shown.len());
            tree.draw(">");
        }
        tree.draw("<div;@class=vend heads");
        if list.shown.is_empty() {
            tree.draw(".hidden");
        }
        tree.draw(r#"<span;"$vendors.vendor;>;<span;<span;@id=h-c;"$vendors.consent;>"#);
        self.draw_all(tree, true);
        tree.draw(r#">;<span;<span;@id=h-l;"$vendors.interest;>"#);
        self.draw_all(tree, false);
        tree.draw(">;>;<div;@class=rows;@role=list;@aria-labelledby=title");
        tree.number("@data-blocks=", list.shown.len().div_ceil(BLOCK));
        // What is in it is drawn for itself, block by block.
        tree.draw("=");
        tree.draw(">;>");
    }

    fn draw_all(&self, tree: &mut Tree<'_>, is_consent: bool) {
        let has_any = self.list.shown.iter().any(|&at| {
            let vendor = &self.vendors[at];
            if is_consent {
                self.is_switched(vendor)
            } else {
                vendor.has_interest
            }
        });
        if has_any {
            tree.draw("<input;@type=checkbox;@class=switch");
            tree.draw(if is_consent {
                "@data-all=consent;@aria-label=$allConsent"
            } else {
                "@data-all=interest;@aria-label=$allInterest"
            });
            tree.draw(switched(self.column(is_consent)));
        }
    }

    /// Draws the rows of a block.
    pub fn block(&self, block: usize) -> Vec<u8> {
        let mut tree = Tree::new(&self.input);
        let shown = &self.list.shown;
        let from = block * BLOCK;
        for (at, &place) in shown.iter().enumerate().skip(from).take(BLOCK) {
            tree.draw("<div;@role=listitem;@class=row");
            tree.number("@aria-posinset=", at + 1);
            tree.number("@aria-setsize=", shown.len());
            self.vendor(&mut tree, &self.vendors[place]);
        }
        tree.finish()
    }

    fn vendor<'i>(&'i self, tree: &mut Tree<'i>, vendor: &Vendor) {
        let row = self.input.row(vendor.at);
        tree.row = row;
        tree.draw("<div;@class=vend;<button;@type=button;@class=name;@data-action=details");
        tree.draw("@data-id=$1");
        tree.draw(expanded(vendor.details.is_some()));
        tree.draw(r#"@aria-controls=d-$1;<span;<strong;@id=v-$1;"$4;>;<small;"$5;>;>;>"#);
        if self.is_switched(vendor) {
            tree.draw("<input;@type=checkbox;@role=switch;@class=switch;@data-vendor=$1");
            tree.draw("@aria-labelledby=h-c v-$1");
            tree.draw(if vendor.consent { ".checked;>" } else { ">" });
        } else {
            tree.draw(DASH);
        }
        if vendor.has_interest {
            tree.draw("<input;@type=checkbox;@role=switch;@class=switch;@data-interest=$1");
            tree.draw("@aria-labelledby=h-l v-$1");
            tree.draw(if vendor.interest { ".checked;>" } else { ">" });
        } else {
            tree.draw(DASH);
        }
        tree.draw(">;<div;@class=panel;@id=d-$1");
        match vendor.details {
            None => tree.draw(".hidden"),
            Some(at) => {
                if !row.is(8, b"") {
                    tree.draw(r#"<p;"$8;>"#);
                }
                if vendor.has_interest {
                    tree.draw(r#"<p;"$vendor.interest;>"#);
                }
                details(tree, &self.list.details[at]);
            }
        }
        tree.draw(">;>");
    }
}

/// Where a basis does not apply.
const DASH: &str = r#"<span;@class=dash;@aria-hidden=true;"–;>"#;

/// Details: a record `d` with lines in plain words from field 3 on, and the addresses of policy and opt-out
/// before them; records `k` of cookies.
fn details<'i>(tree: &mut Tree<'i>, of: &'i Input) {
    let mut about = Row::default();
    let mut end = "";
    for (_, row) in of.rows() {
        tree.row = row;
        if row.is(0, b"d") {
            about = row;
            let mut at = 3;
            while !row.is(at, b"") {
                tree.draw("<p");
                tree.token("\"", row.get(at));
                tree.draw(">");
                at += 1;
            }
        } else {
            if end.is_empty() {
                tree.draw("<ul;@aria-label=$preferences.cookies");
                end = ">";
            }
            tree.draw(r#"<li;<code;"$1;>;" ;"$2;>"#);
        }
    }
    tree.draw(end);
    tree.row = about;
    tree.draw("<p;@class=links");
    tree.link("1", r#""$vendor.privacy"#);
    tree.draw(r#"" "#);
    tree.link("2", r#""$vendor.optOut"#);
    tree.draw(">");
}

/// Whether a text holds another.
fn contains(text: &[u8], wanted: &[u8]) -> bool {
    let mut rest = text;
    loop {
        let mut at = 0;
        while at < wanted.len() && rest.get(at) == Some(&wanted[at]) {
            at += 1;
        }
        if at == wanted.len() {
            return true;
        }
        match rest {
            [_, after @ ..] => rest = after,
            [] => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CATEGORIES: [&str; 3] = ["necessary", "performance", "targeting"];

    /// `count` vendors, of the categories in turn, with all kinds of bases.
    fn open(count: usize) -> Preferences {
        let mut text = String::new();
        for (at, id) in CATEGORIES.iter().enumerate() {
            let always = if at == 0 { "1" } else { "" };
            text += &format!("c {id} {always} 0 {id} about 1\n");
        }
        for at in 0..count {
            let (category, bases) = (CATEGORIES[at % 3], ["c", "cl", "l"][at / 3 % 3]);
            text += &format!("v v{at} {category} 0 V{at} who {bases} 0  v{at}\n");
        }
        let text = text.replace(' ', "\u{1f}").replace('\n', "\u{1e}");
        let mut preferences = Preferences::new(Input::new(text.into()));
        act(&mut preferences, "vendors", "");
        preferences
    }

    fn act(preferences: &mut Preferences, action: &str, id: &str) {
        preferences.act(action.as_bytes(), id.as_bytes(), b"");
    }

    fn found(preferences: &Preferences) -> usize {
        preferences.list.shown.len()
    }

    fn drawn(preferences: &Preferences) -> String {
        String::from_utf8(preferences.tree()).expect("a text")
    }

    #[test]
    fn a_search_and_a_filter_leave_what_matches() {
        let mut preferences = open(100);
        assert_eq!(found(&preferences), 100);
        act(&mut preferences, "search", "v1");
        assert_eq!(found(&preferences), 11);
        act(&mut preferences, "filter", "");
        act(&mut preferences, "pick", "targeting");
        assert_eq!(found(&preferences), 11, "not before it is applied");
        act(&mut preferences, "apply", "");
        assert_eq!(found(&preferences), 3);
        act(&mut preferences, "search", "");
        assert_eq!(found(&preferences), 33);
        act(&mut preferences, "filter", "");
        act(&mut preferences, "clear", "");
        act(&mut preferences, "cancel", "");
        assert_eq!(found(&preferences), 33, "cancelled");
        act(&mut preferences, "search", "nobody");
        assert_eq!(found(&preferences), 0);
        assert!(drawn(&preferences).contains("vendors.none"));
    }

    #[test]
    fn of_one_category_it_shows_that_alone() {
        let mut preferences = open(100);
        act(&mut preferences, "vendors", "performance");
        assert_eq!(found(&preferences), 33);
        assert!(!drawn(&preferences).contains("@data-action=filter"));
        act(&mut preferences, "back", "");
        assert!(drawn(&preferences).contains("@data-category=performance"));
    }

    #[test]
    fn the_switch_for_all_is_about_what_is_shown() {
        let mut preferences = open(60);
        act(&mut preferences, "search", "v1");
        act(&mut preferences, "all", "consent");
        assert_eq!(preferences.column(true), Mark::On);
        let given = preferences.vendors.iter().filter(|vendor| vendor.consent);
        assert_eq!(given.count(), 11);
        act(&mut preferences, "search", "");
        assert_eq!(preferences.column(true), Mark::Mixed);
        act(&mut preferences, "all", "consent");
        assert_eq!(preferences.column(true), Mark::On);
        act(&mut preferences, "all", "consent");
        assert_eq!(preferences.column(true), Mark::Off);
        act(&mut preferences, "all", "interest");
        assert_eq!(preferences.column(false), Mark::On);
        assert_eq!(preferences.column(true), Mark::Off);
    }

    #[test]
    fn blocks_hold_all_rows_once_with_their_places() {
        let preferences = open(100);
        let blocks = 100usize.div_ceil(BLOCK);
        assert!(drawn(&preferences).contains(&format!("@data-blocks={blocks}\u{1e}")));
        let rows: String = (0..blocks)
            .map(|block| String::from_utf8(preferences.block(block)).expect("a text"))
            .collect();
        for at in 0..100 {
            assert_eq!(rows.matches(&format!("@data-id=v{at}\u{1e}")).count(), 1);
            let place = format!("@aria-posinset={}\u{1e}@aria-setsize=100\u{1e}", at + 1);
            assert_eq!(rows.matches(&place).count(), 1);
        }
        // What is always active and what rests on legitimate interest alone has no switch for consent.
        for (id, has) in [("v0", false), ("v1", true), ("v7", true), ("v8", true)] {
            assert_eq!(
                rows.contains(&format!("@data-vendor={id}\u{1e}")),
                has && !["v7", "v8"].contains(&id),
                "{id}"
            );
        }
    }

    #[test]
    fn details_open_and_close() {
        let mut preferences = open(3);
        let more =
            "d\u{1f}/policy\u{1f}javascript:x\u{1f}Kept a year.\u{1e}k\u{1f}_a\u{1f}counts\u{1e}";
        preferences.act(b"details", b"v1", more.as_bytes());
        let rows = String::from_utf8(preferences.block(0)).expect("a text");
        for part in ["Kept a year.", "\"_a", "\"counts", "@href=/policy"] {
            assert!(rows.contains(part), "{part}");
        }
        assert!(!rows.contains("javascript"));
        preferences.act(b"details", b"v1", b"");
        let rows = String::from_utf8(preferences.block(0)).expect("a text");
        assert!(!rows.contains("Kept a year."));
    }
}
