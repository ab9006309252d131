//! A site's colours: whether people can read what is drawn in them.

use serde_json::{Map, Value};

use super::check::{Checker, Fault, nearest};

/// The custom properties, without `--portcullis-`, with what they are where a site says nothing, by light and
/// by dark: as in `js/ui/style`. What is no colour has none.
const PROPERTIES: [(&str, &str, &str); 11] = [
    ("surface", "#ffffff", "#171a21"),
    ("surface-2", "#f6f7f9", "#20242e"),
    ("ink", "#16181d", "#f1f3f7"),
    ("ink-2", "#4a5160", "#b3bac7"),
    ("line", "#dde1e8", "#323845"),
    ("line-strong", "#7a8394", "#8892a5"),
    ("accent", "#1f4fd8", "#8aa8ff"),
    ("accent-ink", "#ffffff", "#0d1430"),
    ("radius", "", ""),
    ("radius-s", "", ""),
    ("font", "", ""),
];

/// What is drawn on what, and the least contrast that it may have (WCAG 2.2, 1.4.3 and 1.4.11).
const PAIRS: [(&str, &str, f64); 6] = [
    ("ink", "surface", 4.5),
    ("ink-2", "surface", 4.5),
    ("ink-2", "surface-2", 4.5),
    ("accent-ink", "accent", 4.5),
    ("accent", "surface", 4.5),
    ("line-strong", "surface", 3.0),
];

impl Checker {
    /// Warns of properties that nothing is drawn with, and of colours that cannot be told apart.
    pub fn theme(&mut self, config: &Map<String, Value>) {
        let interface = config.get("interface");
        let theme = interface.and_then(|interface| interface.get("theme"));
        let Some(Value::Object(theme)) = theme else {
            return;
        };
        let known: Vec<String> = PROPERTIES
            .iter()
            .flat_map(|(name, light, _)| {
                let dark = (!light.is_empty()).then(|| format!("dark-{name}"));
                [Some((*name).to_owned()), dark].into_iter().flatten()
            })
            .collect();
        for name in theme.keys().filter(|name| !known.contains(name)) {
            let meant = nearest(name, known.iter().map(String::as_str));
            let problem = format!("nothing is drawn with \"{name}\"");
            self.warning(
                format!("interface.theme.{name}"),
                Fault::near(problem, meant),
            );
        }
        for dark in [false, true] {
            let value = |name: &str| {
                let prefix = if dark { "dark-" } else { "" };
                let own = theme
                    .get(&format!("{prefix}{name}"))
                    .and_then(Value::as_str);
                let (_, light, night) = PROPERTIES.iter().find(|(known, ..)| *known == name)?;
                luminance(own.unwrap_or(if dark { night } else { light }))
            };
            for (front, back, least) in PAIRS {
                let (Some(first), Some(second)) = (value(front), value(back)) else {
                    continue;
                };
                let ratio = (first.max(second) + 0.05) / (first.min(second) + 0.05);
                if ratio < least {
                    let prefix = if dark { "dark-" } else { "" };
                    self.warning(
                        format!("interface.theme.{prefix}{front}"),
                        Fault::new(format!(
                            "has a contrast of {ratio:.1} with {prefix}{back}: less than {least} cannot be told apart by everyone"
                        )),
                    );
                }
            }
        }
    }
}

/// Relative luminance of a colour (WCAG 2.2, "relative luminance"); `None` for what only a page can work out:
/// `var()`, system colours, and what is seen through.
fn luminance(colour: &str) -> Option<f64> {
    let colour = csscolorparser::parse(colour)
        .ok()
        .filter(|colour| colour.a >= 1.0)?;
    let [red, green, blue, _] = colour.to_linear_rgba().map(f64::from);
    Some(0.2126 * red + 0.7152 * green + 0.0722 * blue)
}

#[cfg(test)]
mod tests {
    use super::super::{Severity, validate};

    fn warned(theme: &str) -> Vec<String> {
        validate(&format!(r#"{{"interface": {{"theme": {{{theme}}}}}}}"#))
            .into_iter()
            .inspect(|issue| assert_eq!(issue.severity, Severity::Warning))
            .map(|issue| issue.path)
            .collect()
    }

    #[test]
    fn what_can_be_read_passes() {
        for theme in [
            "",
            r##""accent": "#17453b", "accent-ink": "#fff""##,
            r##""accent": "rebeccapurple""##,
            r##""accent": "oklch(40% 0.1 250)", "ink-2": "rgb(70 70 70)""##,
            r##""ink": "var(--brand)", "ink-2": "rgb(0 0 0 / 0.1)""##,
            r##""radius": "0", "font": "serif""##,
        ] {
            assert_eq!(warned(theme), Vec::<String>::new(), "{theme}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        assert_eq!(
            warned(r##""ink-2": "#aaa""##),
            ["interface.theme.ink-2", "interface.theme.ink-2"]
        );
        assert_eq!(
            warned(r##""dark-accent": "#222222""##),
            [
                "interface.theme.dark-accent-ink",
                "interface.theme.dark-accent"
            ]
        );
        for pale in [
            "silver",
            "rgb(190, 190, 190)",
            "hsl(0 0% 75%)",
            "oklch(80% 0 0)",
        ] {
            let theme = format!(r#""line-strong": "{pale}""#);
            assert_eq!(warned(&theme), ["interface.theme.line-strong"], "{pale}");
        }
        assert_eq!(warned(r##""acent": "#000""##), ["interface.theme.acent"]);
    }
}
