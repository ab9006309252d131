//! Each error has its path, and the nearest right answer where there is one.

use super::super::{Severity, validate, validate_resolved};
use super::{found, own};

#[test]
fn errors() {
    let vendor = |entry: &str| format!(r#"{{"vendors": [{entry}]}}"#);
    for (json, path, nearest) in [
        // What is no JSON, or no config.
        ("{\n  \"vendors\": [,]\n}".into(), "line 2, column 15", None),
        ("[]".into(), "", None),
        // Keys and values at the top.
        (r#"{"vendros": []}"#.into(), "vendros", Some("vendors")),
        (r#"{"vendors": {}}"#.into(), "vendors", None),
        (r#"{"regime": "optin"}"#.into(), "regime", Some("opt-in")),
        (r#"{"regime": 1}"#.into(), "regime", None),
        (r#"{"regime": "lenient"}"#.into(), "regime", None),
        (r#"{"revision": 0}"#.into(), "revision", None),
        (r#"{"revision": "4"}"#.into(), "revision", None),
        (r#"{"validDays": 1.5}"#.into(), "validDays", None),
        (
            r#"{"unclassified": "hol"}"#.into(),
            "unclassified",
            Some("hold"),
        ),
        (r#"{"site": {"nam": "A"}}"#.into(), "site.nam", Some("name")),
        (
            r#"{"site": {"hosts": ["https://CDN.a.example/x"]}}"#.into(),
            "site.hosts[0]",
            Some("cdn.a.example"),
        ),
        (
            r#"{"site": {"privacyPolicy": "javascript:alert(1)"}}"#.into(),
            "site.privacyPolicy",
            None,
        ),
        (
            r#"{"interface": {"banner": "botom"}}"#.into(),
            "interface.banner",
            Some("bottom"),
        ),
        (
            r#"{"interface": {"language": "pt_BR"}}"#.into(),
            "interface.language",
            Some("pt-BR"),
        ),
        (
            r#"{"interface": {"theme": {"accent": 1}}}"#.into(),
            "interface.theme.accent",
            None,
        ),
        // Categories.
        (
            r#"{"categories": {"performance": {"alwaysActive": true}}}"#.into(),
            "categories.performance.alwaysActive",
            None,
        ),
        (
            r#"{"categories": {"my stats": {"texts": {}}}}"#.into(),
            "categories.my stats",
            Some("my-stats"),
        ),
        (
            r#"{"categories": {"stats": {"texts": {"en": {"name": "Stats"}}}}}"#.into(),
            "categories.stats.texts.en.description",
            None,
        ),
        // Vendors of the catalogue.
        (vendor("1"), "vendors[0]", None),
        (vendor(r#"{"use": 1}"#), "vendors[0].use", None),
        (
            vendor(r#"{"use": "google-analitics"}"#),
            "vendors[0].use",
            Some("google-analytics"),
        ),
        (vendor(r#"{"use": "hotjar"}"#), "vendors[0].use", None),
        (
            vendor(r#"{"use": "google-analytics"}"#),
            "vendors[0].measurementId",
            Some("G-ABC1234567"),
        ),
        (
            vendor(r#"{"use": "google-analytics", "measurementId": "UA-1-1"}"#),
            "vendors[0].measurementId",
            Some("G-ABC1234567"),
        ),
        (
            vendor(r#"{"use": "google-analytics", "measurementId": " g-abc123"}"#),
            "vendors[0].measurementId",
            Some("G-ABC123"),
        ),
        (
            vendor(r#"{"use": "linkedin-insight", "partnerId": 1234567}"#),
            "vendors[0].partnerId",
            Some("\"1234567\""),
        ),
        (
            vendor(r#"{"use": "x-ads", "pixelId": "o1abc", "pixlId": "x"}"#),
            "vendors[0].pixlId",
            Some("pixelId"),
        ),
        (
            vendor(r#"{"use": "x-ads", "pixelId": "o1abc", "category": "targetting"}"#),
            "vendors[0].category",
            Some("targeting"),
        ),
        (
            vendor(r#"{"use": "x-ads", "pixelId": "o1abc", "starts": "later"}"#),
            "vendors[0].starts",
            None,
        ),
        (
            vendor(r#"{"use": "x-ads", "pixelId": "o1abc", "needs": ["x-adds"]}"#),
            "vendors[0].needs[0]",
            None,
        ),
        (
            vendor(r#"{"use": "x-ads", "pixelId": "o1abc", "needs": ["x-ads"]}"#),
            "vendors[0].needs",
            None,
        ),
        (
            vendor(r#"{"use": "x-ads", "pixelId": "o1abc", "since": 2}"#),
            "vendors[0].since",
            Some("1"),
        ),
        (
            vendor(r#"{"use": "google-tag-manager", "containerId": "GTM-ABC123"}"#),
            "vendors[0].carries",
            Some(r#"["performance", "targeting"]"#),
        ),
        (
            vendor(
                r#"{"use": "google-tag-manager", "containerId": "GTM-ABC123", "carries": ["Targetting"]}"#,
            ),
            "vendors[0].carries[0]",
            Some("targeting"),
        ),
        (
            vendor(r#"{"use": "x-ads", "pixelId": "o1abc"}, {"use": "x-ads", "pixelId": "o2abc"}"#),
            "vendors[1].use",
            Some("x-ads-2"),
        ),
        // Vendors that are written out.
        (own(r#", "hots": []"#), "vendors[0].hots", Some("hosts")),
        (
            own(r#", "script": "http://a.example/x.js""#),
            "vendors[0].script",
            Some("https://a.example/x.js"),
        ),
        (
            own(r#", "script": "//a.example/x.js""#),
            "vendors[0].script",
            Some("https://a.example/x.js"),
        ),
        (
            own(r#", "script": "/\\a.example/x.js""#),
            "vendors[0].script",
            None,
        ),
        (
            own(r#", "script": "javascript:alert(1)""#),
            "vendors[0].script",
            None,
        ),
        (
            own(r#", "script": {"scr": "/x.js", "src": "/x.js"}"#),
            "vendors[0].script.scr",
            Some("src"),
        ),
        (own(r#", "script": {}"#), "vendors[0].script.src", None),
        (
            own(r#", "start": [{"do": "cal", "name": "x"}]"#),
            "vendors[0].start[0].do",
            Some("call"),
        ),
        (
            own(r#", "start": [{"do": "call", "name": "x"}]"#),
            "vendors[0].start[0].arguments",
            None,
        ),
        (
            own(r#", "start": [{"name": "x"}]"#),
            "vendors[0].start[0].do",
            None,
        ),
        (
            own(
                r#", "cookies": [{"name": "c", "party": "first", "lifetime": "90 days", "purpose": "test"}]"#,
            ),
            "vendors[0].cookies[0].lifetime",
            Some("P90D"),
        ),
        (
            own(
                r#", "cookies": [{"name": "c", "party": "first", "lifetime": "P90D", "purpose": "sesion"}]"#,
            ),
            "vendors[0].cookies[0].purpose",
            Some("session"),
        ),
        (
            own(r#", "parameters": {"key": "^[0-9]+$"}"#),
            "vendors[0].values.key",
            None,
        ),
        (
            own(r#", "parameters": {"key": "^[0-9]+$"}, "values": {"key": "x"}"#),
            "vendors[0].values.key",
            None,
        ),
        (
            own(r#", "parameters": {"key": "("}, "values": {"key": "x"}"#),
            "vendors[0].parameters.key",
            None,
        ),
        (
            own(r#", "links": {"privacy": "javascript:x"}"#),
            "vendors[0].links.privacy",
            None,
        ),
        (
            vendor(
                r#"{"id": "a b", "name": "A", "category": "functional", "hosts": ["a.example"]}"#,
            ),
            "vendors[0].id",
            Some("a-b"),
        ),
        (
            vendor(r#"{"id": "a", "category": "functional", "hosts": ["a.example"]}"#),
            "vendors[0].name",
            None,
        ),
        (
            vendor(r#"{"id": "a", "name": "A", "hosts": ["a.example"]}"#),
            "vendors[0].category",
            None,
        ),
        (
            vendor(r#"{"id": "a", "name": "A", "category": "functional"}"#),
            "vendors[0].hosts",
            None,
        ),
        (
            vendor(r#"{"id": "a", "name": "A", "category": "functional", "hosts": []}"#),
            "vendors[0].hosts",
            None,
        ),
        (
            vendor(
                r#"{"id": "a", "name": "A", "category": "functional", "hosts": ["https://A.example:443/x", "b.example"]}"#,
            ),
            "vendors[0].hosts[0]",
            Some("a.example/x"),
        ),
        (
            vendor(
                r#"{"id": "a", "name": "A", "category": "functional", "hosts": ["*.a.example", "b.example"]}"#,
            ),
            "vendors[0].hosts[0]",
            Some("a.example"),
        ),
    ] {
        let expected = [(path.to_owned(), nearest.map(String::from))];
        assert_eq!(found(validate(&json), Severity::Error), expected, "{json}");
    }
}

#[test]
fn all_problems_come_at_once() {
    let issues = validate(
        r#"{"regim": "opt-in", "validDays": -1, "vendors": [
            {"use": "google-analitics"},
            {"use": "meta-pixel", "pixelId": "x", "hots": [], "category": "targetting"}]}"#,
    );
    let paths: Vec<_> = issues.iter().map(|issue| issue.path.as_str()).collect();
    assert_eq!(
        paths,
        [
            "validDays",
            "regim",
            "vendors[0].use",
            "vendors[1].hots",
            "vendors[1].pixelId",
            "vendors[1].category"
        ]
    );
}

#[test]
fn a_problem_reads_as_a_sentence() {
    for (json, problem) in [
        (
            r#"{"regime": "optin"}"#,
            r#""optin" is not "opt-in", "opt-out", "notice" or "auto""#,
        ),
        (
            r#"{"revision": []}"#,
            "must be a whole number, not a list: counts up when what visitors are asked changes",
        ),
        (
            r#"{"vendors": [{"use": "x-ads"}]}"#,
            "is missing: Pixel ID, from Ads Manager, Events Manager",
        ),
        ("{", "this is no JSON: EOF while parsing an object"),
    ] {
        assert_eq!(validate(json)[0].problem, problem);
    }
}

#[test]
fn a_vendor_by_use_at_run_time_is_told_where_to_come_from() {
    let issues =
        validate_resolved(r#"{"vendors": [{"use": "linkedin-insigt", "partnerId": "1"}]}"#);
    assert_eq!(issues.len(), 1, "{issues:?}");
    assert!(
        issues[0]
            .problem
            .contains("import { linkedinInsight } from \"portcullis/vendors\"")
    );
    assert_eq!(issues[0].nearest.as_deref(), Some("linkedin-insight"));
}

#[test]
fn a_written_out_vendor_is_held_to_its_own_patterns() {
    let json = r#"{"vendors": [{"id": "x-ads", "name": "X", "category": "targeting", "hosts": ["a.example"],
        "parameters": {"pixelId": "^[a-z0-9]+$"}, "values": {"pixelId": "O1"}}]}"#;
    let issues = validate_resolved(json);
    assert_eq!(issues[0].path, "vendors[0].values.pixelId");
}

#[test]
fn whatever_the_text_it_ends_with_a_list_of_problems() {
    let deep = "[".repeat(10_000);
    for json in [
        "",
        "null",
        "\0",
        "{\"vendors\": [[[]]]}",
        deep.as_str(),
        r#"{"vendors": [{"use": {}}, {}, null]}"#,
    ] {
        assert!(!validate(json).is_empty(), "{json:.40}");
        assert!(!validate_resolved(json).is_empty(), "{json:.40}");
    }
}
