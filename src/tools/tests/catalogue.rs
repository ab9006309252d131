//! The files of `vendors/`: their form, and whose an address is.

use serde_json::Value;

use super::super::Catalogue;
use crate::matching::{Address, Claim, ClaimIndex};

#[test]
fn every_file_is_a_descriptor_whose_data_agrees_with_itself() {
    for found in Catalogue::new().iter() {
        let id = found.id;
        assert_eq!(found.page["id"], id);
        for (name, parameter) in &found.parameters {
            let pattern = regex_lite::Regex::new(&parameter.pattern).expect(id);
            assert!(pattern.is_match(&parameter.example), "{id}.{name}");
            assert!(
                parameter.pattern.starts_with('^') && parameter.pattern.ends_with('$'),
                "{id}.{name}"
            );
            let default = parameter.default.as_deref();
            assert!(
                default.is_none_or(|value| pattern.is_match(value)),
                "{id}.{name}"
            );
            assert!(parameter.required == default.is_none(), "{id}.{name}");
        }
        for key in ["name", "company", "country", "category", "links", "cookies"] {
            assert!(found.page.contains_key(key), "{id}: no {key}");
        }
        assert_eq!(found.facts.date.len(), 10, "{id}");
        assert!(!found.facts.sources.is_empty(), "{id}");
    }
}

#[test]
fn googles_three_share_one_loader_and_obey_consent_mode() {
    let catalogue = Catalogue::new();
    for id in ["google-ads", "google-analytics", "google-floodlight"] {
        let page = &catalogue.get(id).expect(id).page;
        assert_eq!(page["script"]["shared"], "gtag", "{id}");
        assert_eq!(page["consentMode"], true, "{id}");
        assert_eq!(page["start"][0]["arguments"][1]["$"], "date", "{id}");
    }
    assert_eq!(
        catalogue.get("google-tag-manager").expect("it").page["consentMode"],
        true
    );
}

/// The vendors whose claims decide about an address, of those that a site uses.
fn claimants(site: &[&str], address: &str) -> Vec<String> {
    let catalogue = Catalogue::new();
    let mut index = ClaimIndex::default();
    for (at, id) in site.iter().enumerate() {
        for host in catalogue.get(id).expect(id).page["hosts"]
            .as_array()
            .expect(id)
        {
            let host = host.as_str().expect(id);
            index.add(Claim::read(host, at).expect(host));
        }
    }
    let slash = address.find('/').expect("a path");
    let found = index.claimants(Address {
        host: &address[..slash],
        path_and_query: &address[slash..],
    });
    let mut ids: Vec<_> = found.into_iter().map(|at| site[at].to_owned()).collect();
    ids.sort();
    ids.dedup();
    ids
}

#[test]
fn whose_an_address_is() {
    let catalogue = Catalogue::new();
    let all: Vec<&str> = catalogue.iter().map(|found| found.id).collect();
    for (address, expected) in [
        (
            "www.googletagmanager.com/gtm.js?id=GTM-ABC123",
            "google-tag-manager",
        ),
        (
            "www.googletagmanager.com/ns.html?id=GTM-ABC123",
            "google-tag-manager",
        ),
        (
            "www.googletagmanager.com/gtag/js?id=G-ABC1234567",
            "google-analytics",
        ),
        (
            "www.googletagmanager.com/gtag/js?l=dataLayer&id=AW-123456789",
            "google-ads",
        ),
        (
            "www.googletagmanager.com/gtag/js?id=DC-1234567",
            "google-floodlight",
        ),
        (
            "www.googletagmanager.com/gtag/js?id=GT-ABC123",
            "google-ads google-analytics google-floodlight",
        ),
        (
            "www.googletagmanager.com/gtag/destination?id=G-ABC1234567&l=dataLayer",
            "google-analytics",
        ),
        (
            "www.googletagmanager.com/gtag/destination?id=AW-123456789",
            "google-ads",
        ),
        (
            "www.googletagmanager.com/td?id=G-ABC1234567",
            "google-analytics",
        ),
        ("www.google-analytics.com/g/collect?v=2", "google-analytics"),
        (
            "region1.google-analytics.com/g/collect?v=2",
            "google-analytics",
        ),
        (
            "region1.analytics.google.com/g/collect?v=2",
            "google-analytics",
        ),
        ("www.google.com/g/collect?v=2", "google-analytics"),
        ("stats.g.doubleclick.net/g/collect?v=2", "google-analytics"),
        ("www.google.de/ads/ga-audiences?v=1", "google-analytics"),
        ("www.google.co.uk/ads/ga-audiences?v=1", "google-analytics"),
        ("td.doubleclick.net/td/ga/rul?tid=G-1", "google-analytics"),
        ("td.doubleclick.net/td/rul/123", "google-ads"),
        (
            "googleads.g.doubleclick.net/pagead/viewthroughconversion/123/",
            "google-ads",
        ),
        ("bid.g.doubleclick.net/xbbe/pixel", "google-ads"),
        (
            "www.googleadservices.com/pagead/conversion/123/",
            "google-ads",
        ),
        ("www.google.com/pagead/1p-user-list/123/", "google-ads"),
        ("www.google.fr/pagead/1p-conversion/123/", "google-ads"),
        (
            "www.google.com/ccm/collect?en=page_view",
            "google-ads google-floodlight",
        ),
        (
            "pagead2.googlesyndication.com/ccm/collect",
            "google-ads google-floodlight",
        ),
        (
            "pagead2.googlesyndication.com/pagead/js/adsbygoogle.js",
            "google-ads",
        ),
        ("adservice.google.com/pagead/regclk", "google-ads"),
        ("adservice.google.com/ddm/fls/z/src=1", "google-floodlight"),
        (
            "1234567.fls.doubleclick.net/activityi;src=1234567",
            "google-floodlight",
        ),
        (
            "ad.doubleclick.net/activity;src=1234567",
            "google-floodlight",
        ),
        (
            "ad.doubleclick.net/ddm/activity/src=1234567",
            "google-floodlight",
        ),
        (
            "ade.googlesyndication.com/ddm/activity/src=1",
            "google-floodlight",
        ),
        ("cm.g.doubleclick.net/pixel", "google-floodlight"),
        ("s0.2mdn.net/ads/x.js", "google-floodlight"),
        (
            "securepubads.g.doubleclick.net/x",
            "google-ads google-floodlight",
        ),
        ("www.google.com/recaptcha/api.js", ""),
        ("www.google.com/maps/embed", ""),
        ("maps.googleapis.com/maps/api/js", ""),
        (
            "snap.licdn.com/li.lms-analytics/insight.min.js",
            "linkedin-insight",
        ),
        ("px.ads.linkedin.com/collect?pid=1", "linkedin-insight"),
        ("px4.ads.linkedin.com/wa/", "linkedin-insight"),
        (
            "cdn.linkedin.oribi.io/partner/1/domain/x/token",
            "linkedin-insight",
        ),
        ("www.linkedin.com/px/li_sync", "linkedin-insight"),
        ("www.linkedin.com/embed/feed/update/1", ""),
        ("platform.linkedin.com/in.js", ""),
        ("munchkin.marketo.net/munchkin.js", "marketo-munchkin"),
        ("munchkin.marketo.net/164/munchkin.js", "marketo-munchkin"),
        (
            "123-abc-456.mktoresp.com/webevents/visitWebPage",
            "marketo-munchkin",
        ),
        ("app-sj01.marketo.com/js/forms2/js/forms2.min.js", ""),
        ("connect.facebook.net/en_US/fbevents.js", "meta-pixel"),
        ("connect.facebook.net/signals/config/123?v=2", "meta-pixel"),
        ("www.facebook.com/tr/?id=123&ev=PageView", "meta-pixel"),
        ("www.facebook.com/tr?id=123&ev=PageView", "meta-pixel"),
        ("connect.facebook.net/en_US/sdk.js?hash=1", "facebook-login"),
        ("connect.facebook.net/de_DE/sdk/xfbml.js", "facebook-login"),
        ("www.facebook.com/plugins/like.php", "facebook-login"),
        (
            "www.facebook.com/v21.0/plugins/login_button.php",
            "facebook-login",
        ),
        ("www.facebook.com/x/oauth/status", "facebook-login"),
        ("graph.facebook.com/v21.0/me", "facebook-login"),
        ("www.facebook.com/acme", ""),
        ("static.ads-twitter.com/uwt.js", "x-ads"),
        ("t.co/1/i/adsct?p_id=1", "x-ads"),
        ("t.co/abc", ""),
        ("analytics.twitter.com/1/i/adsct?p_id=1", "x-ads"),
        ("platform.twitter.com/oct.js", "x-ads"),
        ("platform.twitter.com/widgets.js", ""),
    ] {
        assert_eq!(claimants(&all, address).join(" "), expected, "{address}");
    }
}

#[test]
fn analytics_alone_holds_what_its_tag_sends_to_advertising_hosts() {
    for address in [
        "www.google.com/ccm/collect",
        "pagead2.googlesyndication.com/ccm/collect",
        "cm.g.doubleclick.net/pixel",
        "td.doubleclick.net/td/ga/rul",
    ] {
        assert_eq!(
            claimants(&["google-analytics"], address),
            ["google-analytics"],
            "{address}"
        );
    }
    let both = ["google-analytics", "google-ads"];
    assert_eq!(
        claimants(&both, "cm.g.doubleclick.net/pixel"),
        ["google-ads"]
    );
    assert_eq!(
        claimants(&both, "www.google.com/ccm/collect"),
        ["google-ads"]
    );
}

#[test]
fn no_vendor_declares_the_cookies_of_another_by_a_wide_pattern() {
    let catalogue = Catalogue::new();
    let first = |page: &Value| -> Vec<String> {
        let cookies = page["cookies"].as_array().expect("cookies").iter();
        let first = cookies.filter(|cookie| cookie["party"] == "first");
        first
            .filter_map(|cookie| cookie["name"].as_str().map(String::from))
            .collect()
    };
    for name in [
        "_gcl_au",
        "_gac_1",
        "_fbp",
        "_mkto_trk",
        "_twpid",
        "li_giant",
        "_ga_1",
        "_gat_1",
    ] {
        let owners = catalogue.iter().filter(|found| {
            let names = first(&Value::Object(found.page.clone()));
            names
                .iter()
                .any(|declared| crate::matching::name_matches(declared, name))
        });
        let owners: Vec<_> = owners.map(|found| found.id).collect();
        // The conversion linker's cookie is written for Ads and for Floodlight alike.
        let expected = if name == "_gcl_au" { 2 } else { 1 };
        assert_eq!(owners.len(), expected, "{name}: {owners:?}");
    }
}
