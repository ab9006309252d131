//! The banner: one sentence, and the answers, refusing as easy as accepting.

use super::input::Input;
use super::tree::Tree;

/// Draws the banner. Facts: `regime`, `gpc`, `why`, `notice`, `layout`; the texts are filled already.
///
/// Where something is new (`why`), the question and both answers are about that alone.
pub fn banner(input: &Input) -> Vec<u8> {
    let regime = input.fact("regime");
    let [title, body, reject, accept, settings] = match regime {
        b"opt-in" if input.fact("why") == b"new" => [
            "banner.new.title",
            "banner.new.body",
            "banner.new.reject",
            "banner.new.accept",
            "banner.settings",
        ],
        b"opt-in" => [
            "banner.title",
            "banner.body",
            "banner.reject",
            "banner.accept",
            "banner.settings",
        ],
        b"opt-out" => [
            "banner.title",
            "banner.optOut.body",
            "banner.doNotSell",
            "banner.ok",
            "banner.choices",
        ],
        _ => [
            "banner.notice.title",
            "banner.notice.body",
            "",
            "banner.ok",
            "banner.settings",
        ],
    };
    let mut tree = Tree::default();
    // No `title` as the dialog's heading has: both stand in one shadow root.
    tree.begin("section;class=banner;part=banner;role=region;aria-labelledby=banner-title");
    tree.attribute("@data-layout=", input.fact("layout"));
    tree.begin("div;class=text");
    tree.element("h2;id=banner-title", input.text(title));
    tree.begin("p");
    tree.text(input.text(body));
    tree.text(b" ");
    if input.heeds_gpc() {
        tree.text(input.text("banner.gpc"));
        tree.text(b" ");
    }
    tree.link(input.fact("notice"), input.text("banner.notice"));
    tree.end();
    tree.end();
    tree.begin("div;class=actions");
    if !reject.is_empty() {
        tree.button("reject", "btn", input.text(reject));
    }
    tree.button("accept", "btn", input.text(accept));
    tree.button("settings", "btn plain", input.text(settings));
    tree.end();
    tree.end();
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
