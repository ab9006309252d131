//! Warnings, which come without an error, and configs without any problem.

use super::super::{Severity, validate};
use super::{found, own};

#[test]
fn warnings_do_not_come_with_errors() {
    let gtm =
        r#"{"use": "google-tag-manager", "containerId": "GTM-ABC123", "carries": ["targeting"]}"#;
    let x =
        |more: &str| format!(r#"{{"vendors": [{{"use": "x-ads", "pixelId": "o1abc", {more}}}]}}"#);
    for (json, path, nearest) in [
        (
            format!(r#"{{"vendors": [{gtm}]}}"#),
            "unclassified",
            Some("hold"),
        ),
        (
            r#"{"categories": {"targeting": {"alwaysActive": "because"}}}"#.into(),
            "categories.targeting.alwaysActive",
            None,
        ),
        (
            r#"{"categories": {"targeting": {"alwaysActive": " "}}}"#.into(),
            "categories.targeting.alwaysActive",
            None,
        ),
        (
            r#"{"categories": {"analytics": {"alwaysActive": "counts only", "texts": {"en": {"name": "A", "description": "B"}}}}}"#.into(),
            "categories.analytics.alwaysActive",
            None,
        ),
        (
            r#"{"regime": "opt-out", "region": "DE"}"#.into(),
            "regime",
            Some("opt-in"),
        ),
        (
            r#"{"regime": "auto", "validDays": 400}"#.into(),
            "validDays",
            Some("180"),
        ),
        (
            r#"{"interface": {"reject": false}}"#.into(),
            "interface.reject",
            None,
        ),
        (
            r#"{"categories": {"stats": {}}}"#.into(),
            "categories.stats.texts",
            None,
        ),
        (
            x(r#""script": "https://a.example/{pixlId}.js""#),
            "vendors[0].script",
            Some("{pixelId}"),
        ),
        (x(r#""hosts": ["a.example"]"#), "vendors[0].hosts", None),
        (
            own("").replace("functional", "necessary"),
            "vendors[0].reason",
            None,
        ),
        (
            x(r#""category": "necessary", "reason": "Logs in.""#),
            "vendors[0].category",
            Some("targeting"),
        ),
        (
            own(r#", "start": [{"do": "set", "name": "a", "value": ["{key}"]}]"#),
            "vendors[0].start",
            None,
        ),
    ] {
        let issues = validate(&json);
        assert_eq!(found(issues.clone(), Severity::Error), [], "{json}");
        let expected = [(path.to_owned(), nearest.map(String::from))];
        assert_eq!(found(issues, Severity::Warning), expected, "{json}");
    }
}

#[test]
fn what_is_right_has_no_problems() {
    let gtm =
        r#"{"use": "google-tag-manager", "containerId": "GTM-ABC123", "carries": ["targeting"]}"#;
    for json in [
        "{}".into(),
        "\u{feff}{}".into(),
        format!(r#"{{"unclassified": "hold", "vendors": [{gtm}]}}"#),
        format!(r#"{{"regime": "opt-out", "vendors": [{gtm}]}}"#),
        r#"{"regime": "auto", "interface": {"reject": false, "close": true}}"#.into(),
        r#"{"regime": "opt-out", "region": "US-CA", "validDays": 365}"#.into(),
        own(r#", "bases": ["legitimate-interest"], "retention": "P13M""#),
        own(r#", "reason": "Keeps what is in the basket.""#).replace("functional", "necessary"),
        own("").replace("functional", "necessary").replace("{\"vendors\"", r#"{"regime": "opt-out", "vendors""#),
        r#"{"vendors": [{"use": "x-ads", "pixelId": "o1abc"}, {"use": "x-ads", "id": "x-two", "pixelId": "o2abc"}]}"#.into(),
        own(r#", "script": "/x.js""#),
        own(r#", "script": "http://a.example.localhost:8080/x.js""#),
        own(r#", "script": {"src": "https://a.example/{key}.js", "crossOrigin": "anonymous"}, "values": {"key": "1"}"#),
        own(r#", "off": [{"do": "cookie", "name": "c", "value": null}], "resume": []"#),
        r#"{"revision": 4, "site": {"hosts": ["cdn.a.example"], "exerciseRights": "mailto:a@a.example"},
            "categories": {"stats": {"texts": {"en": {"name": "Stats", "description": "Counts."}}}},
            "interface": {"language": "auto", "theme": {"accent": "maroon"}, "texts": {"en": {"banner.title": "Hi"}}}}"#.into(),
    ] {
        assert_eq!(validate(&json), [], "{json}");
    }
}
