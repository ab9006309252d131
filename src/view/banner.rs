//! The banner: one sentence, and the answers, refusing as easy as accepting.

use super::input::Input;
use super::tree::Tree;

/// Draws the banner. Facts: `regime`, `gpc`, `why`, `notice`, `layout`, and what the texts name.
pub fn banner(input: &Input) -> String {
    let mut tree = Tree::default();
    let regime = input.fact("regime");
    let attributes = [
        ("class", "banner"),
        ("part", "banner"),
        ("role", "region"),
        ("aria-labelledby", "title"),
        ("data-layout", input.fact("layout")),
    ];
    tree.element("section", &attributes, |tree| {
        tree.element("div", &[("class", "text")], |tree| {
            let is_new = input.fact("why") == "new";
            let key = if is_new {
                "banner.new.title"
            } else {
                "banner.title"
            };
            tree.text_element("h2", &[("id", "title")], input.text(key));
            tree.element("p", &[], |tree| {
                let body = match (regime, is_new) {
                    ("opt-in", true) => "banner.new.body",
                    ("opt-in", false) => "banner.body",
                    ("opt-out", _) => "banner.optOut.body",
                    _ => "banner.notice.body",
                };
                tree.text(&input.filled(body));
                tree.text(" ");
                if regime == "opt-out" && input.fact("gpc") == "1" {
                    tree.text(input.text("banner.gpc"));
                    tree.text(" ");
                }
                tree.link(input.fact("notice"), input.text("banner.notice"));
            });
        });
        tree.element("div", &[("class", "actions")], |tree| {
            let mut button = |action: &str, class: &str, key: &str| {
                let attributes = [
                    ("type", "button"),
                    ("class", class),
                    ("part", "button"),
                    ("data-action", action),
                ];
                tree.text_element("button", &attributes, input.text(key));
            };
            match regime {
                "opt-in" => {
                    button("reject", "btn", "banner.reject");
                    button("accept", "btn", "banner.accept");
                    button("settings", "btn plain", "banner.settings");
                }
                "opt-out" => {
                    button("reject", "btn", "banner.doNotSell");
                    button("accept", "btn", "banner.ok");
                    button("settings", "btn plain", "banner.choices");
                }
                _ => {
                    button("accept", "btn", "banner.ok");
                    button("settings", "btn plain", "banner.settings");
                }
            }
        });
    });
    tree.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(facts: &str) -> String {
        let records: String = facts
            .split(' ')
            .map(|fact| format!("f\u{1f}{}\u{1e}", fact.replacen('=', "\u{1f}", 1)))
            .collect();
        banner(&Input::new(records))
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
        assert_eq!(actions(&drawn("regime=notice")), ["accept", "settings"]);
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
        assert!(!drawn("regime=opt-in gpc=1").contains("banner.gpc"));
        assert!(!drawn("regime=opt-out gpc=0").contains("banner.gpc"));
    }
}
