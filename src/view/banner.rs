//! The banner: one sentence, and the answers, refusing as easy as accepting.

use super::input::Input;
use super::tree::Tree;
use crate::fields::cut_bytes;

/// A button, as a shape.
macro_rules! button {
    ($action:literal, $class:literal, $text:literal) => {
        concat!(
            "<button;@type=button;@part=button;@class=",
            $class,
            ";@data-action=",
            $action,
            ";\"$",
            $text,
            ";>;"
        )
    };
}

const TITLE: &str = r#""$banner.title;>;<p"#;

/// Draws the banner. Facts: `regime`, `link` (what the way to say no is called, see [`crate::regimes`]), `gpc`,
/// `why`, `notice`, `layout`, `close`, `reject`; texts have theirs filled in.
///
/// Where something is new (`why`), the question and both answers are about that alone. A site may do without
/// its own way to say no (`reject` is `0`) only where nobody has to be asked first.
pub fn banner(input: &Input) -> Vec<u8> {
    let is_opt_in = input.is("regime", "opt-in");
    let is_notice = input.is("regime", "notice");
    let (title, body, answers) = if is_opt_in && input.is("why", "new") {
        (
            r#""$banner.new.title;>;<p"#,
            "banner.new.body",
            concat!(
                button!("reject", "btn", "banner.new.reject"),
                button!("accept", "btn", "banner.new.accept"),
            ),
        )
    } else if is_opt_in {
        (
            TITLE,
            "banner.body",
            concat!(
                button!("reject", "btn", "banner.reject"),
                button!("accept", "btn", "banner.accept"),
            ),
        )
    } else {
        let ok = button!("accept", "btn", "banner.ok");
        let (title, body) = if is_notice {
            (r#""$banner.notice.title;>;<p"#, "banner.notice.body")
        } else {
            (TITLE, "banner.optOut.body")
        };
        (
            title,
            body,
            if input.is("reject", "0") || is_notice && input.is("link", "") {
                ok
            } else if input.is("link", "opt-out") {
                concat!(
                    button!("reject", "btn", "banner.optOut"),
                    button!("accept", "btn", "banner.ok")
                )
            } else {
                concat!(
                    button!("reject", "btn", "banner.doNotSell"),
                    button!("accept", "btn", "banner.ok")
                )
            },
        )
    };
    let mut tree = Tree::new(input);
    // No `title` as the dialog's heading has: both stand in one shadow root.
    tree.draw("<section;@class=banner;@part=banner;@role=region;@aria-labelledby=banner-title");
    tree.draw("@data-layout=$layout;<div;@class=text;<h2;@id=banner-title");
    tree.draw(title);
    sentence(&mut tree, input, body);
    if input.heeds_gpc() {
        tree.draw(r#""$banner.gpc;" "#);
    }
    tree.link("notice", r#""$banner.notice"#);
    tree.draw(">;>;<div;@class=actions");
    tree.draw(answers);
    tree.draw(if is_opt_in || is_notice {
        button!("settings", "btn plain", "banner.settings")
    } else {
        button!("settings", "btn plain", "banner.choices")
    });
    tree.draw(">");
    // Where a visitor is asked first, to close is to refuse. Elsewhere it would be no answer, and OK closes.
    if is_opt_in && input.is("close", "1") {
        tree.draw("<button;@type=button;@class=icon close;@part=close;@data-action=reject");
        tree.draw("@aria-label=$banner.close;>");
    }
    tree.draw(">");
    tree.finish()
}

/// Encloses the number of partners in a text.
const MARK: u8 = 0x1d;

/// What the visitor is asked. Who the partners are is one step away: their number leads to their list.
fn sentence<'i>(tree: &mut Tree<'i>, input: &'i Input, body: &str) {
    let (before, rest) = cut_bytes(input.text(body.as_bytes()), MARK);
    let (partners, after) = cut_bytes(rest, MARK);
    tree.token("\"", before);
    if !partners.is_empty() {
        tree.draw("<button;@type=button;@part=link;@class=link;@data-action=vendors");
        tree.token("\"", partners);
        tree.draw(">");
        tree.token("\"", after);
    }
    tree.draw(r#"" "#);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(facts: &str) -> String {
        let records: String = facts
            .split(' ')
            .map(|fact| format!("t\u{1f}{}\u{1e}", fact.replacen('=', "\u{1f}", 1)))
            .collect();
        String::from_utf8(banner(&Input::new(records.into()))).expect("a text")
    }

    fn actions(tree: &str) -> Vec<&str> {
        tree.split('\u{1e}')
            .filter_map(|token| token.strip_prefix("@data-action="))
            .collect()
    }

    #[test]
    fn refusing_is_there_wherever_accepting_is_asked_for() {
        assert_eq!(
            actions(&drawn("regime=opt-in")),
            ["reject", "accept", "settings"]
        );
        assert_eq!(
            actions(&drawn("regime=opt-out")),
            ["reject", "accept", "settings"]
        );
        assert_eq!(
            actions(&drawn("regime=opt-out reject=0")),
            ["accept", "settings"]
        );
        assert_eq!(
            actions(&drawn("regime=opt-in reject=0")),
            ["reject", "accept", "settings"]
        );
        assert_eq!(
            actions(&drawn("regime=notice link=")),
            ["accept", "settings"]
        );
        assert_eq!(
            actions(&drawn("regime=notice link=opt-out")),
            ["reject", "accept", "settings"]
        );
    }

    #[test]
    fn closing_is_refusing_where_visitors_are_asked_first() {
        let closing = actions(&drawn("regime=opt-in close=1")).len();
        assert_eq!(closing, 4);
        assert_eq!(
            actions(&drawn("regime=opt-in close=1")).last(),
            Some(&"reject")
        );
        assert_eq!(actions(&drawn("regime=opt-out close=1")).len(), 3);
    }

    #[test]
    fn accept_and_reject_are_the_same_button() {
        let tree = drawn("regime=opt-in");
        let class_of = |action: &str| {
            let end = tree
                .find(&format!("@data-action={action}"))
                .expect("an action");
            let start = tree[..end].rfind("@class=").expect("a class");
            tree[start..end].split('\u{1e}').next().map(String::from)
        };
        assert_eq!(class_of("accept"), class_of("reject"));
    }

    #[test]
    fn the_browsers_signal_is_said_only_where_it_counts() {
        assert!(drawn("regime=opt-out gpc=1").contains("banner.gpc"));
        assert!(drawn("regime=notice gpc=1 link=").contains("banner.gpc"));
        assert!(!drawn("regime=opt-in gpc=1").contains("banner.gpc"));
        assert!(!drawn("regime=opt-out gpc=0").contains("banner.gpc"));
    }
}
