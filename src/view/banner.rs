//! The banner: one sentence, and the answers, refusing as easy as accepting.

use super::input::Input;
use super::tree::Tree;

/// Draws the banner. Facts: `regime`, `gpc`, `why`, `notice`, `layout`, and what the texts name.
///
/// Where something is new (`why`), the question and both answers are about `names` alone.
pub fn banner(input: &Input) -> String {
    let mut tree = Tree::default();
    let regime = input.fact("regime");
    let is_new = regime == "opt-in" && input.fact("why") == "new";
    let (title, body) = match regime {
        "opt-in" if is_new => ("banner.new.title", "banner.new.body"),
        "opt-in" => ("banner.title", "banner.body"),
        "opt-out" => ("banner.title", "banner.optOut.body"),
        _ => ("banner.notice.title", "banner.notice.body"),
    };
    // No `title` as the dialog's heading has: both stand in one shadow root.
    let shape = "section;class=banner;part=banner;role=region;aria-labelledby=banner-title";
    tree.element(shape, |tree| {
        tree.attribute("data-layout", input.fact("layout"));
        tree.element("div;class=text", |tree| {
            tree.text_element("h2;id=banner-title", input.text(title));
            tree.element("p", |tree| {
                tree.text(&input.filled(body));
                tree.text(" ");
                if regime == "opt-out" && input.fact("gpc") == "1" {
                    tree.text(input.text("banner.gpc"));
                    tree.text(" ");
                }
                tree.link(input.fact("notice"), input.text("banner.notice"));
            });
        });
        tree.element("div;class=actions", |tree| {
            let (reject, accept, settings) = match regime {
                "opt-in" if is_new => ("banner.new.reject", "banner.new.accept", "banner.settings"),
                "opt-in" => ("banner.reject", "banner.accept", "banner.settings"),
                "opt-out" => ("banner.doNotSell", "banner.ok", "banner.choices"),
                _ => ("", "banner.ok", "banner.settings"),
            };
            if !reject.is_empty() {
                tree.button("reject", "btn", input.text(reject));
            }
            tree.button("accept", "btn", input.text(accept));
            tree.button("settings", "btn plain", input.text(settings));
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
