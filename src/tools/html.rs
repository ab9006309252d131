//! A tree of the view as HTML, for pages that are written before anybody visits them.

/// Elements that have no end.
const VOID: [&str; 2] = ["input", "br"];

/// Writes a tree (`src/view/tree.rs`) as HTML. Every text and value is escaped.
pub fn html(tree: &str) -> String {
    let mut out = String::new();
    let mut open: Vec<&str> = Vec::new();
    // An element's attributes follow its name: its tag is not closed before something else comes.
    let mut is_tag = false;
    for token in tree.split('\u{1e}') {
        let Some((kind, text)) = token.split_at_checked(1) else {
            continue;
        };
        if is_tag && !matches!(kind, "@" | ".") {
            out.push('>');
            is_tag = false;
        }
        match kind {
            "<" => {
                out.push('<');
                out.push_str(text);
                open.push(text);
                is_tag = true;
            }
            "@" => {
                let (name, value) = text.split_once('=').unwrap_or((text, ""));
                out.push_str(&format!(" {name}=\"{}\"", escaped(value)));
            }
            "." => out.push_str(&format!(" {text}")),
            "\"" => out.push_str(&escaped(text)),
            ">" => {
                let name = open.pop().unwrap_or_default();
                if !VOID.contains(&name) {
                    out.push_str(&format!("</{name}>"));
                }
                // A line for each of these keeps the file readable.
                if ["section", "tr", "thead", "table", "p", "h2"].contains(&name) {
                    out.push('\n');
                }
            }
            _ => {}
        }
    }
    out
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_is_written_with_everything_escaped() {
        let tree = "<p\u{1e}@title=a\"<b>\u{1e}\"1 < 2 & 3\u{1e}<input\u{1e}@type=checkbox\u{1e}.checked\u{1e}>\u{1e}>\u{1e}";
        assert_eq!(
            html(tree),
            "<p title=\"a&quot;&lt;b&gt;\">1 &lt; 2 &amp; 3<input type=\"checkbox\" checked></p>\n"
        );
        assert_eq!(html(""), "");
    }
}
